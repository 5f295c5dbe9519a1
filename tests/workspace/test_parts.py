"""Parts that are rows of other parts: read as if they were stored themselves, kept as long as one is in use."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from listmerge.errors import WorkspaceError
from listmerge.workspace.parts import Parts, Rows

PEOPLE = pa.table({"name": ["Ada", "Ben", "Cleo"], "town": ["York", "", "Leeds"], "note": ["", "", ""],
                   "at": pa.array([0, 1, 2], pa.int32())})
MORE = pa.table({"name": ["Dora"], "town": ["Hull"], "note": [""], "at": pa.array([0], pa.int32())})


def places(rows: list[int], **columns: pa.Array) -> pa.Table:
    return pa.table({"row": pa.array(rows, pa.int32()), **columns})


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(tmp_path)


def test_rows_of_several_parts(parts: Parts) -> None:
    names = parts.write("people", PEOPLE), parts.write("people", MORE)
    one = parts.write_rows("people", Rows(names, places([3, 0, 0], at=pa.array([7, 8, 9], pa.int32()))))
    assert parts.read(one).to_pydict() == {"name": ["Dora", "Ada", "Ada"], "town": ["Hull", "York", "York"],
                                           "note": ["", "", ""], "at": [7, 8, 9]}
    assert parts.read(one, ["at", "town"]).to_pydict() == {"at": [7, 8, 9], "town": ["Hull", "York", "York"]}
    assert parts.read(one).schema == PEOPLE.schema
    assert one == parts.write_rows("people", Rows(names, places([3, 0, 0], at=pa.array([7, 8, 9], pa.int32()))))


def test_no_rows_are_a_table_too(parts: Parts) -> None:
    one = parts.write_rows("people", Rows((parts.write("people", PEOPLE),), places([])))
    assert parts.read(one).equals(PEOPLE.slice(0, 0))


def test_what_changed_is_stored_below_what_was(parts: Parts) -> None:
    last, expected = parts.write("people", PEOPLE), PEOPLE
    for number in range(3):
        new = MORE.set_column(3, "at", pa.array([100 + number], pa.int32()))
        rows = [expected.num_rows, *range(1, expected.num_rows)]       # the first goes, a new one stands before all
        expected = pa.concat_tables([expected, new]).take(pa.array(rows))
        last = parts.write_changed("people", last, new, places(rows))
        assert parts.read(last).equals(expected)
        kept = parts.rows(last)
        assert kept and len(kept.parts) == number + 2


def test_what_a_part_is_made_of_is_swept_with_it_alone(parts: Parts) -> None:
    first = parts.write("people", PEOPLE)
    last = parts.write_changed("people", first, MORE, places([0, 3]))
    parts.write("people", MORE.slice(0, 0))
    parts.sweep({last})
    assert parts.read(last)["name"].to_pylist() == ["Ada", "Dora"] and parts.read(first).equals(PEOPLE)
    parts.sweep({first})
    assert parts.names() == {first}
    parts.sweep(set())
    assert not parts.names()


def test_a_part_whose_rows_are_gone_is_damaged(parts: Parts) -> None:
    first = parts.write("people", PEOPLE)
    last = parts.write_changed("people", first, MORE, places([0, 3]))
    (parts.folder / f"{first}.parquet").unlink()
    with pytest.raises(WorkspaceError, match="missing or damaged"):
        parts.read(last)
    with pytest.raises(WorkspaceError, match="missing or damaged"):
        parts.write_changed("people", last, MORE, places([0]))
