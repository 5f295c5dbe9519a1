"""Which masters go out, and that it is said who does not."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

from listmerge import model
from listmerge.errors import OptionError
from listmerge.exporters.selection import HELD_BACK, refused_twins, select

ROWS = [
    {"master_id": "M1", "may_email": "yes", "city": "Berlin", "sources": "crm; newsletter"},
    {"master_id": "M2", "may_email": "no", "why_not": "no permission", "city": "Berlin", "sources": "crm"},
    {"master_id": "M3", "may_email": "no", "why_not": "unsubscribed on 2026-03-04 (crm)", "city": "Bonn",
     "sources": "newsletter", "refusal": "unsubscribed"},
    {"master_id": "M4", "may_email": "yes", "city": "berlin", "sources": "crm-old"},
    {"master_id": "M5", "may_email": "no", "why_not": "no permission", "sources": "shop"},
]


@pytest.fixture
def people(masters: Callable[..., pa.Table]) -> pa.Table:
    return masters(ROWS)


def ids(table: pa.Table) -> list[str]:
    return table["master_id"].to_pylist()


def test_without_a_word_everyone_goes(people: pa.Table) -> None:
    chosen = select(people)
    assert ids(chosen.masters) == ["M1", "M2", "M3", "M4", "M5"]
    assert chosen.left_out == {}


@pytest.mark.parametrize(("where", "expected"), [
    ([("city", "Berlin")], ["M1", "M2", "M4"]),
    ([("sources", "crm")], ["M1", "M2"]),                        # not crm-old
    ([("sources", "crm"), ("city", "berlin")], ["M1", "M2"]),
    ([("city", "")], ["M5"]),
    ([("city", "B.*")], []),                                     # a value, not a pattern
])
def test_where(people: pa.Table, where: list[tuple[str, str]], expected: list[str]) -> None:
    assert ids(select(people, where).masters) == expected


def test_only_those_who_may_be_mailed_and_why_the_others_not(people: pa.Table) -> None:
    chosen = select(people, mailable=True, held_back={"M4", "M3"})
    assert ids(chosen.masters) == ["M1"]
    assert chosen.left_out == {"no permission": 2, "unsubscribed": 1, HELD_BACK: 1}
    assert str(chosen).splitlines()[0] == "1 written, 4 left out"


def test_left_out_and_written_are_everyone(people: pa.Table) -> None:
    chosen = select(people, [("city", "Berlin")], mailable=True)
    assert chosen.masters.num_rows + sum(chosen.left_out.values()) == people.num_rows


def test_possible_duplicates_of_those_who_refused(people: pa.Table) -> None:
    pairs = pa.Table.from_pylist(
        [{"left": left, "right": right, "probability": 0.3, "reason": ""} for left, right in ((0, 2), (1, 3))],
        schema=model.arrow_schema(model.NEAR_PAIRS))
    assert refused_twins(people, pa.array(["M1", "M2", "M3", "M4"]), pairs) == {"M1"}


def test_an_unknown_column_is_named_with_the_one_meant(people: pa.Table) -> None:
    with pytest.raises(OptionError, match="did you mean city"):
        select(people, [("citty", "Berlin")])
