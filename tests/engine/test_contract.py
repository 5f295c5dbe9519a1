"""What every engine must do; a second engine joins the list ENGINES."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from listmerge.engine import Engine
from listmerge.engine.local import LocalEngine

ENGINES: list[Callable[[Path], Engine]] = [LocalEngine]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    made = request.param(tmp_path)
    yield made
    made.close()


PEOPLE = pa.table({"contact": pa.array([0, 1, 2, 3], pa.int32()), "name": ["Zoë", "adam", "Adam", ""]})


def test_a_table_is_what_was_put(engine: Engine) -> None:
    engine.put("people", PEOPLE)
    assert engine.get("people").equals(PEOPLE)
    assert engine.get("people", ["name"]).column_names == ["name"]


def test_a_table_is_made_once(engine: Engine) -> None:
    engine.put("people", PEOPLE)
    with pytest.raises(ValueError, match="twice"):
        engine.put("people", PEOPLE)


def test_an_unknown_table_is_an_error(engine: Engine) -> None:
    with pytest.raises(KeyError):
        engine.get("nobody")


def test_sql_sees_all_tables_and_makes_one(engine: Engine) -> None:
    engine.put("people", PEOPLE)
    engine.sql("named", "SELECT contact FROM people WHERE name <> '' ORDER BY contact")
    assert engine.get("named")["contact"].to_pylist() == [0, 1, 2]


def test_map_applies_a_function_to_batches(engine: Engine) -> None:
    engine.put("people", PEOPLE)
    engine.map({"lengths": (("size", "int32"),)}, ["people"],
               lambda part: [pa.table({"size": [len(name) for name in part["name"].to_pylist()]})])
    assert engine.get("lengths")["size"].to_pylist() == [3, 4, 4, 0]
    assert engine.get("lengths").schema.field("size").type == pa.int32()


def test_map_keeps_equal_values_together(engine: Engine) -> None:
    keys = np.repeat(np.arange(1_000, dtype=np.int32), 300)
    engine.put("many", pa.table({"key": keys[::-1].copy()}))
    engine.put("few", pa.table({"key": np.arange(0, 1_000, 2, dtype=np.int32)}))

    def count(many: pa.Table, few: pa.Table) -> list[pa.Table]:
        values, sizes = np.unique(np.asarray(many["key"]), return_counts=True)
        assert set(np.asarray(few["key"]).tolist()) == {value for value in values.tolist() if value % 2 == 0}
        return [pa.table({"key": values, "size": sizes})]

    engine.map({"sizes": (("key", "int32"), ("size", "int32"))}, ["many", "few"], count, together="key")
    assert engine.get("sizes")["size"].to_pylist() == [300] * 1_000


def test_map_of_nothing_makes_empty_tables(engine: Engine) -> None:
    engine.put("people", PEOPLE.slice(0, 0))
    engine.map({"same": (("contact", "int32"), ("name", "string"))}, ["people"], lambda part: [part])
    assert engine.get("same").num_rows == 0


def test_components_are_named_by_their_smallest(engine: Engine) -> None:
    engine.put("edges", pa.table({"left": pa.array([5, 1, 8], pa.int32()), "right": pa.array([7, 5, 9], pa.int32())}))
    engine.components("parts", "edges")
    found = engine.get("parts").sort_by("contact").to_pydict()
    assert found == {"contact": [1, 5, 7, 8, 9], "cluster": [1, 1, 1, 8, 8]}


def test_a_dropped_table_is_forgotten(engine: Engine) -> None:
    engine.put("people", PEOPLE)
    engine.drop("people")
    with pytest.raises(KeyError):
        engine.get("people")
