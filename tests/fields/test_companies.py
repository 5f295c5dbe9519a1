"""Companies: cases in tests/cases/companies.tsv; what looks like one and what does not."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listmerge.fields.companies import FORMS, clean_column, clean_one, looks_like_company

CASES = Path(__file__).parent.parent / "cases" / "companies.tsv"


def _cases() -> list[list[str]]:
    lines = CASES.read_text("utf-8").splitlines()
    return [(line.split("\t") + [""] * 4)[:4] for line in lines if not line.startswith("# ")]


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case[0])
def test_a_company(case: list[str]) -> None:
    text, key, legal_form, shown = case
    company = clean_one(text)
    assert (company.company, company.key, company.legal_form) == ("" if shown == "-" else text, key, legal_form)
    assert [code for code, _, _ in company.issues] == (["company-placeholder"] if shown == "-" else [])


def test_an_empty_cell_is_no_company_and_no_issue() -> None:
    assert clean_one("  ") == ("", "", "", ())


@pytest.mark.parametrize("text", ["Birchwater Analytics Ltd", "Müller GmbH", "Acme Inc.", "つばめ印刷株式会社",
                                  "Rossi S.r.l.", "Northwind Logistics", "Bałtyk Sp. z o.o.", "Smith Consulting"])
def test_looks_like_a_company(text: str) -> None:
    assert looks_like_company(text)


@pytest.mark.parametrize("text", ["Maria Bank", "Casey Church", "Jean Legal", "John Smith", "Yo-Yo Ma",
                                  "Adán Morales Company", "Ltd", "Maria Sa",
                                  "Kim Co", "Smith, John A", "", "森永 恵子"])
def test_looks_like_no_company(text: str) -> None:
    assert not looks_like_company(text)


def test_forms_are_folded() -> None:
    assert all(form == form.lower().strip() and form for form in FORMS)
    assert len(FORMS) > 200


@settings(deadline=None)
@given(st.lists(st.sampled_from(["Acme", "Ltd", "GmbH & Co. KG", "n/a", "", "PT", "und", "Söhne", "S.A."]),
                max_size=4).map(" ".join) | st.text(max_size=8))
def test_nothing_is_invented_and_cleaning_again_changes_nothing(text: str) -> None:
    company = clean_one(text)
    assert company.company == "" or clean_one(company.company) == company
    assert bool(company.key) <= bool(company.company)


@settings(deadline=None)
@given(st.lists(st.text(max_size=6) | st.sampled_from(["Acme Ltd", "ACME", "n/a"]), max_size=8))
def test_the_column_says_what_the_cells_say(texts: list[str]) -> None:
    column = clean_column(pa.array(texts, pa.string()))
    assert column.table.column("key").to_pylist() == [clean_one(text).key for text in texts]
