"""The books: what was read is counted once, and a value that vanishes stops the run."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.stages.small_lists import table

from listmerge.errors import Bug
from listmerge.model import CELLS, CONTACTS, FATES, IN_SLOTS, Column, Mapping, fates_columns
from listmerge.stages.balance import Balance, balance
from listmerge.stages.clean import CleanSettings, clean_part, gather
from listmerge.stages.merge.fates import Fated, side_by_side
from listmerge.stages.pages import Book, filled_in, opened

COLUMNS = (("full_name", 0, "name", 0), ("email", 0, "email", 0), ("email_2", 0, "email", 1),
           ("password", 0, "dropped", 0), ("id", 0, "record", 0), ("assistant", 1, "name", 0))


def book(
    rows: Sequence[Sequence[str]], rejected: Sequence[str] = (), filled: Sequence[int] | None = None, **more: Any
) -> Book:
    """One part with COLUMNS; `filled` is what cleaning counted, by default what stands there in rows that it took."""
    refused = list(rejected) or [""] * len(rows)
    records = pa.table({
        "record_id": [f"r{number}" for number in range(len(rows))],
        "source_row": pa.array(range(1, len(rows) + 1), pa.int32()),
        **{f"c{number}": pa.array([row[number] for row in rows], pa.string()) for number in range(len(COLUMNS))},
    })
    counted = filled or [sum(bool(row[number]) and not code for row, code in zip(rows, refused, strict=True))
                         for number in range(len(COLUMNS))]
    cells = table(CELLS, [
        {"source_file": "a.csv", "column": number, "header": name, "part": part, "unit": unit, "slot": slot,
         "filled": counted[number]} for number, (name, part, unit, slot) in enumerate(COLUMNS)])
    return Book("a.csv", records, filled_in(records), cells, pa.array(refused, pa.string()), **more)


def contacts(*keys: tuple[str, int]) -> pa.Table:
    return table(CONTACTS, [{"record_id": record, "part": part, "source_file": "a.csv", "source_row": int(record[1:]) + 1}
                            for record, part in keys])


def fates(people: int, *rows: tuple[int, str, int, str]) -> pa.Table:
    """The fates of so many contacts from (contact, unit, slot, fate)."""
    places = [(contact, unit, slot, FATES.index(fate) if fate in FATES else len(FATES))
              for contact, unit, slot, fate in rows]
    fated = [Fated(unit, *(np.array([row[number] for row in places if row[1] == unit], int) for number in (0, 2, 3)))
             for unit in dict.fromkeys(row[1] for row in rows)]
    return side_by_side(pa.table({"contact": range(people)}), fated, fates_columns(dict.fromkeys(IN_SLOTS, 2)))


def balance_of(
    books: Sequence[Book], people: pa.Table, fated: pa.Table, values: MappingOf[str, int] | None = None
) -> Balance:
    return balance(opened(books, people), fated, values)


ROWS = (("Ann Bo", "a@x.example", "b@x.example", "s3cret", "7", "Cy Dee"),
        ("Ann Bo", "a@x.example", "n/a", "", "8", ""))
PEOPLE = (("r0", 0), ("r0", 1), ("r1", 0))
FATED = ((0, "name", 0, "in-master"), (0, "email", 0, "in-master"), (0, "email", 1, "same-value"),
         (0, "email", 1, "in-master"), (1, "name", 0, "in-master"), (2, "name", 0, "conflict-loser"),
         (2, "email", 0, "same-value"))
COUNTED = [2, 2, 1, 1, 2, 1]        # 'n/a' says nothing


def counts(made: Balance) -> tuple[dict[str, int], dict[str, int]]:
    books = made.as_dict()
    return books["rows"], {fate: count for fate, count in books["cells"].items() if count}


def test_every_row_and_cell_is_counted_once() -> None:
    made = balance_of([book(ROWS, filled=COUNTED, structure_rows=2, structure_cells=6)], contacts(*PEOPLE),
                      fates(3, *FATED), {"email": 4})
    assert counts(made) == (
        {"read": 4, "kept": 2, "gone": 0, "rejected": 0, "structure": 2},
        {"read": 16, "in-master": 4, "same-value": 1, "conflict-loser": 1, "other-column": 3, "dropped-by-policy": 1,
         "structure": 6},
    )


def test_a_file_that_was_given_twice_has_its_rows_told_apart_by_their_records() -> None:
    first, again = book(ROWS, filled=COUNTED), book(ROWS[::-1], filled=COUNTED)
    again = replace(again, records=again.records.set_column(0, "record_id", pa.array(["r3", "r4"])))
    shuffled = contacts(*PEOPLE, ("r3", 0), ("r4", 0), ("r4", 1))
    rows = shuffled.column_names.index("source_row")
    shuffled = shuffled.set_column(rows, "source_row", pa.array([1, 1, 2, 1, 2, 2], pa.int32()))
    fated = (*FATED, *((contact, *rest) for contact, was in ((3, 2), (4, 0), (5, 1))
                       for at, *rest in FATED if at == was))
    rows_counted, cells_counted = counts(balance_of([first, again], shuffled, fates(6, *fated)))
    assert rows_counted["kept"] == 4 and cells_counted["in-master"] == 8 and cells_counted["conflict-loser"] == 2


def test_rejected_and_gone_rows_have_fates_of_their_own() -> None:
    gone = np.array([False, True])
    made = balance_of([book(ROWS, ["ragged-row", ""], gone=gone)], contacts(), fates(0))
    assert counts(made) == (
        {"read": 2, "kept": 0, "gone": 1, "rejected": 1, "structure": 0},
        {"read": 10, "rejected-row": 5, "gone": 4, "dropped-by-policy": 1},
    )


@pytest.mark.parametrize(("people", "fated", "values"), [
    pytest.param(PEOPLE[:2], FATED[:5], {}, id="a record without a contact"),
    pytest.param(PEOPLE, FATED[:6], {}, id="a value without a fate"),
    pytest.param(PEOPLE, FATED, {"email": 5}, id="fewer fates than values"),
    pytest.param(PEOPLE, (*FATED, FATED[-1]), {"email": 4}, id="a value with two fates"),
    pytest.param(PEOPLE, (*FATED, FATED[-2]), {}, id="the one value of a unit with two fates"),
    pytest.param(PEOPLE, (*FATED[:6], (2, "email", 0, "vanished")), {}, id="a fate that is none"),
    pytest.param(PEOPLE, (*FATED, (2, "shoe", 0, "in-master")), {}, id="a unit that nobody counts"),
])
def test_books_that_do_not_balance_stop_the_run(people: Any, fated: Any, values: dict[str, int]) -> None:
    with pytest.raises(Bug) as stopped:
        balance_of([book(ROWS, filled=COUNTED)], contacts(*people), fates(len(people), *fated), values)
    assert (stopped.value.code, stopped.value.exit_status) == ("unbalanced", 70)


@pytest.mark.parametrize("rows", [
    pytest.param([0, 1], id="none for the last contact"),
    pytest.param([0, 0, 2], id="two for the first contact"),
    pytest.param([0, 1, 2, 2], id="one too many"),
])
def test_each_contact_has_one_row_of_fates(rows: list[int]) -> None:
    with pytest.raises(Bug) as stopped:
        balance_of([book(ROWS, filled=COUNTED)], contacts(*PEOPLE), fates(3, *FATED).take(pa.array(rows)))
    assert stopped.value.code == "unbalanced"


def test_fates_may_stand_in_any_order_of_contacts() -> None:
    made, turned = (balance_of([book(ROWS, filled=COUNTED)], contacts(*PEOPLE), fates(3, *FATED).take(pa.array(order)))
                    for order in ([0, 1, 2], [2, 0, 1]))
    assert made.as_dict() == turned.as_dict()


@pytest.mark.parametrize("letters", [pytest.param("abcdefgh", id="ids of one length"),
                                     pytest.param("a" * 5, id="ids of a length that is no number's"),
                                     pytest.param("", id="ids of several lengths")])
def test_a_record_is_the_contact_that_has_its_id(letters: str) -> None:
    """Of two files with one name the rows clash: whoever holds the row, the id says which contact it is."""
    ids = [f"{letters}{number:0{8 if letters else 1}d}" for number in (9, 10, 11, 12)]
    books = [replace(one, records=one.records.set_column(0, "record_id", pa.array(mine)))
             for one, mine in ((book(ROWS), [ids[3], ids[0]]), (book(ROWS), [ids[2], ids[1]]))]
    people = contacts(*(("r0", 0), ("r1", 0), ("r0", 0), ("r0", 0)))
    people = people.set_column(people.column_names.index("record_id"), "record_id", pa.array(ids))
    people = people.set_column(people.column_names.index("source_row"), "source_row", pa.array([2, 2, 1, 1], pa.int32()))
    assert [page.contact[0].tolist() for page in opened(books, people).pages] == [[3, 0], [2, 1]]


def test_the_first_filled_group_of_a_job_is_the_contacts() -> None:
    cells = table(CELLS, [{"source_file": "a.csv", "column": number, "unit": "job", "slot": number, "filled": 1}
                          for number in range(2)])
    records = pa.table({"record_id": ["r0", "r1"], "source_row": [1, 2], "c0": ["Acme", ""], "c1": ["Bond", "Bond"]})
    made = balance_of([Book("a.csv", records, filled_in(records), cells, pa.array(["", ""]))],
                      contacts(("r0", 0), ("r1", 0)), fates(2, (0, "job", 0, "in-master"), (1, "job", 0, "conflict-loser")))
    assert counts(made)[1] == {"read": 3, "in-master": 1, "conflict-loser": 1, "other-column": 1}


def test_cleaned_lists_balance() -> None:
    """What cleaning counts is what balances: several values in a cell, words for nothing, a row that is nobody."""
    header = (("full_name", ""), ("email", ""), ("phone", "work"), ("phone", "home"), ("company", ""), ("notes", ""))
    mapping = Mapping("", "", tuple(Column(number, name, name, group) for number, (name, group) in enumerate(header)))
    rows = [("Ann Bo", "a@x.example; b@x.example", "+44 20 7946 0812", "", "Acme", "hi"), ("", "n/a", "", "", "", "x"),
            ("Cy Dee", "", "", "0000000", "", "")]
    records = pa.table({
        "record_id": ["r0", "r1", "r2"], "source": ["s"] * 3, "source_id": [""] * 3, "source_file": ["a.csv"] * 3,
        "source_row": pa.array([1, 2, 3], pa.int32()), "source_line": pa.array([2, 3, 4], pa.int32()),
        "rejected": [""] * 3, **{f"c{number}": [row[number] for row in rows] for number in range(len(header))},
    })
    cleaned = clean_part(records, mapping, CleanSettings())
    run = gather([cleaned]).tables
    given = [(contact, "email", slot, "in-master") for contact, slot in
             zip(run.emails["contact"].to_pylist(), run.emails["slot"].to_pylist(), strict=True)]
    given += [(contact, "phone", slot, "in-master") for contact, slot in
              zip(run.phones["contact"].to_pylist(), run.phones["slot"].to_pylist(), strict=True)]
    made = balance_of([Book("a.csv", records, filled_in(records), cleaned.cells, cleaned.rejected)], run.contacts,
                      fates(run.contacts.num_rows, *given),
                      {"email": run.emails.num_rows, "phone": run.phones.num_rows})
    assert made.rows == {"read": 3, "kept": 2, "gone": 0, "rejected": 1, "structure": 0}
    assert made.cells["read"] == sum(bool(cell) for row in rows for cell in row)
    assert made.cells["rejected-row"] == 2


def test_of_cells_the_books_know_only_whether_there_is_a_text() -> None:
    records = pa.table({"record_id": ["r0", "r1", "r2"], "code": ["x", "y", "z"],
                        "c0": pa.array(["a", "", None], pa.string())})
    assert filled_in(records).to_pydict() == {"c0": [True, False, False]}
