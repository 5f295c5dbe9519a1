"""The workspace: one transaction a command, a lock, forms of errors, permissions, history and undo."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from listmerge.errors import OptionError, WorkspaceError
from listmerge.workspace import decisions, history, links, refusals, runs
from listmerge.workspace.catalogue import VERSION
from listmerge.workspace.folder import Workspace

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAIR = ("a" * 24 + ".0", "b" * 24 + ".0")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "w", patience=0.2, keep_runs=3)


def add_run(workspace: Workspace, value: str) -> None:
    with workspace.writing("dedupe", NOW) as change:
        parts = change.parts.write_all({"masters": pa.table({"name": [value]})})
        runs.note(change.catalogue, change.at, "", {}, parts)
        change.commit({})


def last_value(workspace: Workspace) -> str | None:
    with workspace.reading() as catalogue:
        run = runs.last(catalogue)
        return None if run is None else run.table(workspace.parts, "masters")["name"][0].as_py()


def decide(workspace: Workspace, verdict: str) -> None:
    with workspace.adding("decide", NOW) as change:
        decisions.add(change.catalogue, change.at, verdict, [PAIR])
        change.commit({})


def verdicts(workspace: Workspace) -> list[str]:
    with workspace.reading() as catalogue:
        return decisions.table(catalogue)["verdict"].to_pylist()


def suppress(workspace: Workspace, address: str) -> None:
    row = {"channel": "email", "address_key": address, "refusal": "do-not-contact", "date": "2026-11-22", "source": "",
           "by_hand": True, "reason": ""}
    with workspace.adding("suppress", NOW) as change:
        refusals.add_rows(change.catalogue, [row])
        change.commit({})


def test_nobody_else_may_read_it(workspace: Workspace) -> None:
    add_run(workspace, "one")
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (workspace.folder, *workspace.folder.rglob("*"))}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_nothing_exists_before_the_commit(workspace: Workspace) -> None:
    add_run(workspace, "one")
    with pytest.raises(KeyError), workspace.writing("dedupe", NOW) as change:
        parts = change.parts.write_all({"masters": pa.table({"name": ["two"]})})
        runs.note(change.catalogue, change.at, "", {}, parts)
        raise KeyError
    assert last_value(workspace) == "one"


def test_the_next_writer_sweeps_what_a_killed_one_left(workspace: Workspace) -> None:
    add_run(workspace, "one")
    workspace.parts.write("masters", pa.table({"name": ["orphan"]}))
    (workspace.folder / "data" / ".tmp-17-masters").write_bytes(b"half")
    add_run(workspace, "two")
    with workspace.reading() as catalogue:
        run = runs.last(catalogue)
    assert run is not None and run.tables["masters"] in workspace.parts.names()
    assert len(workspace.parts.names()) == 2 and not list((workspace.folder / "data").glob(".tmp-*"))


def test_one_writer_at_a_time(workspace: Workspace) -> None:
    second = Workspace(workspace.folder, patience=0.1)
    with workspace.writing("import", NOW), pytest.raises(WorkspaceError) as caught, second.writing("dedupe", NOW):
        pass
    assert caught.value.code == "busy-workspace" and caught.value.exit_status == 5


def test_decisions_and_refusals_need_no_lock_and_are_not_lost(workspace: Workspace) -> None:
    add_run(workspace, "one")
    with workspace.writing("dedupe", NOW) as change:
        decide(workspace, "same")
        suppress(workspace, "ada@a.example")
        parts = change.parts.write_all({"masters": pa.table({"name": ["two"]})})
        runs.note(change.catalogue, change.at, "", {}, parts)
        change.commit({})
    assert last_value(workspace) == "two" and verdicts(workspace) == ["same"]
    with workspace.reading() as catalogue:
        verbs = [entry["verb"] for entry in history.entries(catalogue)]
    assert sorted(verbs) == ["decide", "dedupe", "dedupe", "suppress"]
    taken = []
    for _ in range(3):
        with workspace.writing("undo", NOW) as change:
            taken.append(history.undo(change.catalogue)["verb"])
            change.commit({})
    assert taken == ["dedupe", "decide", "dedupe"]


def test_undo_goes_back_one_after_the_other_but_leaves_refusals(workspace: Workspace) -> None:
    add_run(workspace, "one")
    decide(workspace, "same")
    suppress(workspace, "ada@a.example")
    decide(workspace, "different")
    add_run(workspace, "two")

    def undo() -> str:
        with workspace.writing("undo", NOW) as change:
            taken = history.undo(change.catalogue)
            change.commit(taken)
            return str(taken["verb"])

    assert undo() == "dedupe" and last_value(workspace) == "one"
    assert undo() == "decide" and verdicts(workspace) == ["same"]
    assert undo() == "decide" and verdicts(workspace) == []
    assert undo() == "dedupe" and last_value(workspace) is None
    with pytest.raises(OptionError, match="nothing-to-undo"):
        undo()
    with workspace.reading() as catalogue:
        assert refusals.by_source(catalogue) == {"": {"do-not-contact": 1}}


def test_undo_stays_within_the_kept_runs(workspace: Workspace) -> None:
    for value in "abcde":
        add_run(workspace, value)
    undone = []
    for _ in range(2):
        with workspace.writing("undo", NOW) as change:
            history.undo(change.catalogue)
            change.commit({})
        undone.append(last_value(workspace))
    assert undone == ["d", "c"]
    with pytest.raises(OptionError, match="no longer kept"), workspace.writing("undo", NOW) as change:
        history.undo(change.catalogue)


def test_undo_stops_at_an_erasure(workspace: Workspace) -> None:
    add_run(workspace, "one")
    with workspace.writing("erase", NOW) as change:
        change.commit({})
    with pytest.raises(OptionError, match="nothing-to-undo"), workspace.writing("undo", NOW) as change:
        history.undo(change.catalogue)


def test_only_the_kept_runs_keep_their_tables(workspace: Workspace) -> None:
    for value in "abcde":
        add_run(workspace, value)
    assert len(workspace.parts.names()) == 3


def test_refusals_are_found_again_by_the_address_alone(workspace: Workspace) -> None:
    suppress(workspace, "ada@a.example")
    addresses = pa.table({
        "channel": ["email", "phone", "email"], "address_key": ["ada@a.example", "ada@a.example", "b@b.example"]})
    with workspace.reading() as catalogue:
        assert refusals.standing(catalogue, addresses).select(["channel", "address_key", "by_hand"]).to_pylist() == [
            {"channel": "email", "address_key": "ada@a.example", "by_hand": True}]


def test_the_catalogue_shows_no_address(workspace: Workspace) -> None:
    suppress(workspace, "ada@a.example")
    assert b"ada" not in (workspace.folder / "catalogue.sqlite").read_bytes()


def test_two_workspaces_hash_differently(tmp_path: Path) -> None:
    hashes = set()
    for name in "xy":
        workspace = Workspace(tmp_path / name)
        suppress(workspace, "ada@a.example")
        with workspace.reading() as catalogue:
            hashes.add(catalogue.value("SELECT address FROM refusals"))
    assert len(hashes) == 2


@pytest.mark.parametrize("damage", [b"no database, but long enough to look like one" * 40,
                                    b"SQLite format 3\0" + b"x" * 4080])
def test_a_damaged_catalogue_is_said_to_be_damaged(workspace: Workspace, damage: bytes) -> None:
    add_run(workspace, "one")
    (workspace.folder / "catalogue.sqlite").write_bytes(damage)
    with pytest.raises(WorkspaceError) as caught, workspace.reading():
        pass
    assert caught.value.code == "damaged-workspace"


def test_a_missing_part_is_damage(workspace: Workspace) -> None:
    add_run(workspace, "one")
    for path in (workspace.folder / "data").iterdir():
        path.unlink()
    with pytest.raises(WorkspaceError, match="missing or damaged"):
        last_value(workspace)


def test_a_newer_workspace_is_left_alone(workspace: Workspace) -> None:
    add_run(workspace, "one")
    disk = sqlite3.connect(workspace.folder / "catalogue.sqlite")
    disk.execute(f"PRAGMA user_version = {VERSION + 1}")
    disk.close()
    for use in (workspace.reading, lambda: workspace.writing("import", NOW)):
        with pytest.raises(WorkspaceError) as caught, use():
            pass
        assert caught.value.code == "workspace-too-new"


def test_reading_makes_nothing(workspace: Workspace) -> None:
    with pytest.raises(OptionError, match="no-workspace"), workspace.reading():
        pass
    assert not workspace.folder.exists()


def test_links_follow_changes_there_and_back(workspace: Workspace) -> None:
    with workspace.writing("import", NOW) as change:
        links.add(change.catalogue, [("a", "b")])
        links.add(change.catalogue, [("b", "c"), ("x", "y")])
        assert [links.Links(change.catalogue).follow(name) for name in "abcxz"] == ["c", "c", "c", "y", "z"]
        links.add(change.catalogue, [("c", "a")])
        assert [links.Links(change.catalogue).follow(name) for name in "abc"] == ["a", "a", "a"]
        links.add(change.catalogue, [("x", "x")])
        assert links.Links(change.catalogue).follow_key("x.1") == "x.1"
