"""Categories: how each system writes several in one cell."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listmerge.fields.categories import BETWEEN, clean_column, split_one

OWN = {"* mycontacts", "mycontacts"}


@pytest.mark.parametrize(("text", "separator", "labels"), [
    ("Clients ::: Newsletter ::: * myContacts", ":::", ["Clients", "Newsletter"]),
    ("* myContacts", ":::", []),
    ('"Editors","VIP, gold"', ",", ["Editors", "VIP, gold"]),
    ('"Say ""hello""", Press', ",", ['Say "hello"', "Press"]),
    ("Key account;Press; Press", ";", ["Key account", "Press"]),
    (r"Clients; a\;b; myContacts", "; ", ["Clients", "a;b"]),
    ("['Golf', 'Tea, green']", "", ["Golf", "Tea, green"]),
    ('["Golf", "Tea"]', ",", ["Golf", "Tea"]),
    ("Clients; Press | North", "", ["Clients", "Press", "North"]),
    ("Sales, north", "", ["Sales, north"]),             # nobody said that a comma separates
    ("[north] customers", "", ["[north] customers"]),
    ("O'Dwyer's friends, 'quoted', it's", ",", ["O'Dwyer's friends", "quoted", "it's"]),
    ('6" pipes,"open quote', ",", ['6" pipes', '"open quote']),
    (" ; ;", ";", []),
    ("", ",", []),
])
def test_labels_of_a_cell(text: str, separator: str, labels: list[str]) -> None:
    assert split_one(text, separator, OWN) == labels


@given(st.lists(st.text(), max_size=5), st.sampled_from(["", ",", ";", ":::", "; "]))
def test_a_column_says_what_its_cells_say(texts: list[str], separator: str) -> None:
    column = clean_column(pa.array(texts, pa.string()), separator, OWN)
    assert [cell.split(BETWEEN) if cell else [] for cell in column.to_pylist()] == [
        split_one(text, separator, OWN) for text in texts]


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1), unique=True, max_size=5))
def test_quoted_labels_come_back(labels: list[str]) -> None:
    cell = ",".join('"' + label.replace('"', '""') + '"' for label in labels)
    assert split_one(cell, ",") == labels
