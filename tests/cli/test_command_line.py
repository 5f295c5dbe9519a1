"""The command as a person or cron meets it: exit statuses, streams, forms of errors, and how it dies."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from listmerge.cli import app
from listmerge.pipeline.publishing import one_file
from listmerge.workspace import disk

from ..lists import Table, person

COMMAND = [sys.executable, "-m", "listmerge"]
PEOPLE = [person(number) for number in range(30)]
HEAVY = ("pandas", "duckdb", "pyarrow")
#: What reads, cleans and writes lists: of no use where these are clean already and nobody looks on.
OF_LISTS = ("rich", "jinja2", "phonenumbers", "email_validator", "publicsuffixlist", "charset_normalizer",
            "listmerge.stages.clean.part", "listmerge.layouts.recognise", "listmerge.importers.delimited")


def listmerge(folder: Path, *arguments: str, exit_status: int = 0, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs the command in `folder` and checks how it ended."""
    done = subprocess.run([*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, timeout=120, **options)
    assert done.returncode == exit_status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def loaded_by(code: str, modules: tuple[str, ...] = HEAVY) -> set[str]:
    """Which of the modules are loaded after `code` ran."""
    heavy = f"import sys; print(*[name for name in {modules} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", f"{code}\n{heavy}"], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_import_listmerge_is_cheap() -> None:
    assert not loaded_by("import listmerge")


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"]])
def test_help_is_cheap(arguments: list[str]) -> None:
    code = f"import sys\nfrom listmerge.cli.app import _run\n_run({arguments!r})\nprint()"
    assert not loaded_by(code)


def test_dedupe_of_clean_lists_loads_nothing_that_cleans(table: Table) -> None:
    table.run(table.write("crm.csv", PEOPLE))
    arguments = ["dedupe", "--workspace", str(table.folder / "workspace")]
    assert loaded_by(f"from listmerge.cli.app import _run\n_run({arguments!r})\nprint()", OF_LISTS) == set()


def test_every_public_name_is_there() -> None:
    code = "import listmerge\nfor name in listmerge.__all__: getattr(listmerge, name)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_version(tmp_path: Path) -> None:
    assert listmerge(tmp_path, "--version").stdout.startswith("listmerge ")


def test_a_run_says_in_few_lines_what_it_did(table: Table) -> None:
    table.write("crm.csv", PEOPLE)
    done = listmerge(table.folder, "run", "crm.csv", "--out", "out")
    assert done.stdout == "" and all(words in done.stderr for words in ("30 kept", "30 people", "report.html"))


def test_quiet_says_nothing(table: Table) -> None:
    table.write("crm.csv", PEOPLE)
    done = listmerge(table.folder, "run", "crm.csv", "--out", "out", "--quiet")
    assert done.stdout + done.stderr == ""


def test_json_goes_to_stdout(table: Table) -> None:
    table.write("crm.csv", PEOPLE)
    done = listmerge(table.folder, "run", "crm.csv", "--out", "out", "--json")
    assert json.loads(done.stdout)["counts"]["masters"] == 30
    assert json.loads(listmerge(table.folder, "status", "--json").stdout)["sources"][0]["rows"] == 30
    assert [entry["verb"] for entry in json.loads(listmerge(table.folder, "history", "--json").stdout)] == ["run"]
    (shown,) = json.loads(listmerge(table.folder, "inspect", "crm.csv", "--json").stdout)
    assert (shown["rows"], shown["columns"][3]["field"]) == (30, "email")
    assert len(json.loads(listmerge(table.folder, "layouts", "--json").stdout)) > 50


def test_single_steps(table: Table) -> None:
    table.write("crm.csv", PEOPLE)
    listmerge(table.folder, "import", "crm.csv", "--source", "sales")
    listmerge(table.folder, "dedupe")
    for name in ("all.csv", "all.xlsx", "all.vcf", "all.parquet"):
        listmerge(table.folder, "export", name)
    done = listmerge(table.folder, "export", "some.csv", "--where", f"family_name={PEOPLE[0]['Last name']}")
    assert "1 written" in done.stderr and len((table.folder / "some.csv").read_text().splitlines()) == 2
    assert "0 written" in listmerge(table.folder, "export", "letter.csv", "--mailable").stderr
    listmerge(table.folder, "report", "--out", "report")
    assert {path.name for path in (table.folder / "report").iterdir()} == {"report.html", "report.xlsx"}
    assert "sales" in listmerge(table.folder, "status").stdout
    listmerge(table.folder, "undo")
    listmerge(table.folder, "export", "none.csv", exit_status=2)


@pytest.mark.parametrize("arguments", [
    ["run"], ["run", "crm.csv"], ["frobnicate"], ["run", "crm.csv", "--out", "out", "--map", "email"],
    ["run", "crm.csv", "--out", "out", "--fail-on", "doom"], ["decide", "equal", "a", "b"], ["dedupe", "--nonsense"],
    ["suppress", "nobody"],
])
def test_wrong_options_are_status_2(table: Table, arguments: list[str]) -> None:
    table.write("crm.csv", PEOPLE)
    done = listmerge(table.folder, *arguments, exit_status=2)
    assert done.stderr.startswith("error[") and not (table.folder / "out").exists()


def test_a_wrong_key_of_the_configuration_is_status_2(table: Table) -> None:
    (table.folder / "listmerge.toml").write_text("keep_run = 3\n")
    table.write("crm.csv", PEOPLE)
    done = listmerge(table.folder, "run", "crm.csv", "--out", "out", exit_status=2)
    assert "error[unknown-key]: keep_run" in done.stderr and "did you mean keep_runs?" in done.stderr


@pytest.mark.parametrize(("name", "content", "code"), [
    ("empty.csv", b"", "empty-file"), ("header.csv", b"First name,E-mail\n", "no-records"),
    ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "not-a-contact-list"),
    ("gone.csv", None, "missing-file"), ("*.nothing", None, "missing-file"),
])
def test_one_bad_file_is_status_3_and_the_rest_is_done(
    table: Table, name: str, content: bytes | None, code: str
) -> None:
    table.write("crm.csv", PEOPLE)
    if content is not None:
        (table.folder / name).write_bytes(content)
    done = listmerge(table.folder, "run", "crm.csv", name, "--out", "out", exit_status=3)
    assert f"error[{code}]" in done.stderr and done.stderr.count("error[") == 1 and "hint:" in done.stderr
    assert len(table.rows("master.csv")) == 30
    listmerge(table.folder, "run", name, "--out", "second", "--workspace", "other", exit_status=3)
    assert not (table.folder / "second").exists()


def test_a_list_that_shrank_is_status_4(table: Table) -> None:
    table.write("crm.csv", PEOPLE)
    listmerge(table.folder, "run", "crm.csv", "--out", "out")
    table.write("crm.csv", PEOPLE[:10])
    before = {path: path.read_bytes() for path in (table.folder / "out").iterdir()}
    done = listmerge(table.folder, "run", "crm.csv", "--out", "out", exit_status=4)
    assert "error[list-shrank]" in done.stderr and "--accept-shrink" in done.stderr
    assert before == {path: path.read_bytes() for path in (table.folder / "out").iterdir()}


def test_a_busy_workspace_is_status_5(table: Table) -> None:
    table.write("crm.csv", PEOPLE)
    listmerge(table.folder, "import", "crm.csv")
    (table.folder / "listmerge.toml").write_text("patience = 0.2\n")
    with FileLock(table.folder / "contacts.listmerge" / "lock"):
        done = listmerge(table.folder, "dedupe", exit_status=5)
        listmerge(table.folder, "suppress", "ada@lindqvist.example")
    assert all(word in done.stderr for word in ("error[busy-workspace]", "hint:"))


def test_a_damaged_workspace_is_status_5(table: Table) -> None:
    (table.folder / "contacts.listmerge").mkdir()
    (table.folder / "contacts.listmerge" / "catalogue.sqlite").write_bytes(b"this is something else" * 100)
    assert "damaged" in listmerge(table.folder, "status", exit_status=5).stderr


@pytest.mark.parametrize("arguments", [["--out", "crm.csv/out"], ["--out", "out", "--workspace", "crm.csv/workspace"]])
def test_a_place_that_cannot_be_written_is_status_6(table: Table, arguments: list[str]) -> None:
    table.write("crm.csv", PEOPLE)
    done = listmerge(table.folder, "run", "crm.csv", *arguments, exit_status=6)
    assert "error[not-writable]" in done.stderr and not (table.folder / "out").exists()


@pytest.mark.parametrize("most", [1_000, 6_000, 20_000, 60_000])
def test_a_full_disk_is_status_6_and_nothing_is_half_written(table: Table, most: int) -> None:
    """A limit on the size of a file is what a full disk looks like to the one who writes."""
    table.write("crm.csv", PEOPLE)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    done = listmerge(table.folder, "run", "crm.csv", "--out", "out", exit_status=6, preexec_fn=limit,
                     env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    assert "error[disk-full]" in done.stderr and "free some space" in done.stderr
    assert "permission" not in done.stderr
    assert not (table.folder / "out").exists()
    listmerge(table.folder, "run", "crm.csv", "--out", "out")
    assert len(table.rows("master.csv")) == 30


def test_findings_above_the_limit_are_status_1(table: Table) -> None:
    table.write("crm.csv", [*PEOPLE, {"First name": "Ida", "E-mail": "ida@gmial.com"}])
    listmerge(table.folder, "run", "crm.csv", "--out", "out", "--fail-on", "must-decide")
    listmerge(table.folder, "run", "crm.csv", "--out", "out", "--fail-on", "worth-a-look", exit_status=1)


def test_what_was_put_right_is_no_finding(table: Table) -> None:
    table.write("crm.csv", [{"First name": "Ida", "Last name": "Szabo", "E-mail": "ida@szabo.example"},
                            {"First name": "Ada", "Last name": "Ibarra", "E-mail": "'+ada@ibarra.example"}])
    done = listmerge(table.folder, "run", "crm.csv", "--out", "out", "--fail-on", "worth-a-look")
    assert "put right, nothing to do: 1 value\n" in done.stderr and "something wrong" not in done.stderr
    counts = json.loads((table.folder / "out/run.json").read_text())["counts"]
    assert (counts["issues"], counts["repaired"], counts["wrong"]) == (1, 1, 0)


NOON = {**os.environ, "SOURCE_DATE_EPOCH": "1780000000"}


def started(folder: Path, *files: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, "run", *files, "--out", "out"], cwd=folder, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, start_new_session=True, env=NOON)


def leftovers(folder: Path) -> list[Path]:
    workspace = folder / "contacts.listmerge"
    return [*workspace.rglob(".tmp-*"), *workspace.glob("*-journal"), *(folder / "out").glob(".*")]


KILLS = int(os.environ.get("LISTMERGE_KILLS", "3"))


@pytest.mark.parametrize("seed", range(KILLS))
def test_killed_at_a_random_moment_and_run_again(table: Table, seed: int) -> None:
    random_ = random.Random(seed)
    table.write("crm.csv", PEOPLE)
    table.write("shop.csv", [person(number, Phone="") for number in range(10, 40)])
    expected = table.folder / "expected"
    expected.mkdir()
    for name in ("crm.csv", "shop.csv"):
        (expected / name).write_bytes((table.folder / name).read_bytes())
    begin = time.monotonic()
    listmerge(expected, "run", "crm.csv", "shop.csv", "--out", "out", env=NOON)
    whole = time.monotonic() - begin
    process = started(table.folder, "crm.csv", "shop.csv")
    time.sleep(random_.uniform(0.3, 1.0) * whole)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    listmerge(table.folder, "run", "crm.csv", "shop.csv", "--out", "out", env=NOON)
    for name in ("master.csv", "crosswalk.csv", "permissions.csv", "issues.csv", "possible_duplicates.csv"):
        assert (table.folder / "out" / name).read_bytes() == (expected / "out" / name).read_bytes()
    assert not leftovers(table.folder)


@pytest.mark.parametrize(("number", "exit_status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_it_leaves_nothing(table: Table, number: signal.Signals, exit_status: int) -> None:
    table.write("crm.csv", PEOPLE)
    process = started(table.folder, "crm.csv")
    while not (table.folder / "contacts.listmerge" / "catalogue.sqlite").exists():
        time.sleep(0.01)
    process.send_signal(number)
    assert process.wait(60) in (exit_status, 0)
    assert (process.returncode == 0) == (table.folder / "out" / "run.json").exists()
    assert not leftovers(table.folder)


def test_a_name_cannot_move_the_cursor(table: Table) -> None:
    table.write("crm.csv", [person(0, **{"First name": "\x1b[31mAda[/foo]"}), *PEOPLE[1:]])
    done = listmerge(table.folder, "inspect", "crm.csv")
    assert "\x1b" not in done.stdout and "[/foo]" in done.stdout


def test_explain_shows_the_evidence(table: Table) -> None:
    table.write("crm.csv", PEOPLE)
    table.write("shop.csv", [person(number, Phone="") for number in range(10)])
    listmerge(table.folder, "run", "crm.csv", "shop.csv", "--out", "out")
    said = listmerge(table.folder, "explain", "crm.csv:4", "shop.csv:4").stdout
    assert "they are one master" in said and "given name" in said
    found = json.loads(listmerge(table.folder, "explain", "crm.csv:4", "shop.csv:5", "--json").stdout)
    assert not found["together"] and sum(part["weight"] for part in found["parts"]) == found["weight"]
    master = found["left"]["master_id"]
    assert master in listmerge(table.folder, "explain", master, "shop.csv:6").stdout
    assert master in listmerge(table.folder, "explain", person(3)["E-mail"], "shop.csv:6").stdout
    listmerge(table.folder, "explain", "crm.csv:4", "crm.csv:4", exit_status=2)
    done = listmerge(table.folder, "explain", "crm.csv:4", "crm.csv:99", exit_status=2)
    assert "error[unknown-contact]" in done.stderr


def test_no_public_name_is_hidden_by_a_subpackage() -> None:
    code = "import listmerge, pkgutil\nassert not set(listmerge._PUBLIC) & {one.name for one in pkgutil.iter_modules(listmerge.__path__)}"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_shared_options_may_stand_before_the_verb(table: Table) -> None:
    folder, name = table.folder, table.write("crm.csv", PEOPLE)
    listmerge(folder, "--workspace", "there", "-q", "import", name)
    said = listmerge(folder, "--json", "--workspace=there", "status").stdout
    assert json.loads(said) and said == listmerge(folder, "status", "--workspace", "there", "--json").stdout
    listmerge(folder, "--workspace", "nowhere", "status", "--workspace", "there")       # the last one holds
    assert "No such option" in listmerge(folder, "--unheard-of", "status", exit_status=2).stderr


def test_interrupted_before_it_is_loaded_it_says_nothing(table: Table) -> None:
    begun = subprocess.Popen([*COMMAND, "--help"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={
        **os.environ, "PYTHONSTARTUP": "", "PYTHONPROFILEIMPORTTIME": "1"})
    assert begun.stderr
    while b"listmerge.cli" not in begun.stderr.readline():
        assert begun.poll() is None
    begun.send_signal(signal.SIGINT)
    assert b"Traceback" not in begun.communicate(timeout=60)[1] and begun.returncode in (-signal.SIGINT, 130, 0)


def test_a_library_that_is_interrupted_may_say_so_in_an_error_of_its_own(capsys: pytest.CaptureFixture[str],
                                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> int:
        with pytest.raises(SystemExit):
            app._end(signal.SIGTERM, None)
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(app, "app", interrupted)
    monkeypatch.setattr(app, "_came", [])
    assert app._run(["status"]) == 143
    assert capsys.readouterr().err == "interrupted: nothing was changed.\n"


def test_a_signal_that_comes_when_all_is_done_does_not_say_that_nothing_was(
        capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> int:
        with disk.uninterrupted():
            pass
        return app._end(signal.SIGTERM, None)

    monkeypatch.setattr(app, "app", interrupted)
    monkeypatch.setattr(app, "_came", [])
    assert app._run(["dedupe"]) == 143
    assert capsys.readouterr().err == "interrupted: all was done by then.\n"


def test_what_killed_exports_left_beside_a_file_is_gone_a_day_later(tmp_path: Path) -> None:
    old, new, other = (tmp_path / name for name in (".12-a.csv", ".13-a.csv", ".14-b.csv"))
    for left in (old, new, other):
        left.write_text("unfinished")
    for left in (old, other):
        os.utime(left, (time.time() - 100_000,) * 2)
    with one_file(tmp_path / "a.csv") as path:
        path.write_text("finished")
    assert sorted(left.name for left in tmp_path.iterdir()) == [".13-a.csv", ".14-b.csv", "a.csv"]


def test_letters_that_the_terminal_cannot_write_end_nothing(table: Table) -> None:
    table.write("crm.csv", [person(0, **{"Last name": "Dvořák"}), *PEOPLE[1:]])
    narrow = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert "Dvo\\u0159\\xe1k" in listmerge(table.folder, "inspect", "crm.csv", env=narrow).stdout
    (shown,) = json.loads(listmerge(table.folder, "inspect", "crm.csv", "--json", env=narrow).stdout)
    assert "Dvořák" in shown["first_rows"][0]


def test_a_file_name_may_be_any_bytes(table: Table) -> None:
    path = os.fsencode(table.folder) + b"/lists/a\nb \xfc.csv"
    table.write("lists/crm.csv", PEOPLE)
    os.rename(table.folder / "lists/crm.csv", path)                 # noqa: PTH104 - bytes
    listmerge(table.folder, "run", "lists", "--out", "out")
    listmerge(table.folder, "run", "lists", "--out", "out")
    assert {row["source_file"] for row in table.rows("crosswalk.csv")} == {"lists/a\nb \\xfc.csv"}


def test_history_says_what_each_command_was_about(table: Table) -> None:
    table.write("crm.csv", PEOPLE)
    listmerge(table.folder, "run", "crm.csv", "--out", "out")
    listmerge(table.folder, "decide", "different", "Ada Lindqvist", "Ben Okafor")
    listmerge(table.folder, "undo")
    lines = listmerge(table.folder, "history").stdout.splitlines()
    about = ("no. 2, decide", "different: 1 pair", "crm (30), masters: 30, may_email: 0")
    assert len(lines) == 4 and all(line.endswith(words) for line, words in zip(lines[1:], about, strict=True))


def test_decisions_are_counted_alike_everywhere_and_the_last_word_counts(table: Table) -> None:
    table.write("crm.csv", PEOPLE)
    listmerge(table.folder, "run", "crm.csv", "--out", "out")
    for verdict in ("same", "different"):
        listmerge(table.folder, "decide", verdict, "Ada Lindqvist", "Ben Okafor")
    assert "1 decision written" in listmerge(table.folder, "decisions", "export", "said.txt").stderr
    assert json.loads(listmerge(table.folder, "status", "--json").stdout)["decisions"] == 1
    assert "0 new decisions" in listmerge(table.folder, "decisions", "import", "said.txt").stderr
    assert "took back decide" in listmerge(table.folder, "undo").stderr
    assert listmerge(table.folder, "decisions", "export", "said.txt").stderr and (
        (table.folder / "said.txt").read_text().startswith("same "))


def test_a_refused_number_without_its_country_is_taken_and_what_that_means_is_said(table: Table) -> None:
    said = listmerge(table.folder, "suppress", "020 7946 0018").stderr
    assert "do-not-contact (phone)" in said and "its country is not known" in said
    assert "country is not" not in listmerge(table.folder, "suppress", "+44 20 7946 0018", "a@b.example").stderr


@pytest.mark.parametrize("arguments", [["layouts", "check", "own.toml"], ["evaluate", "--truth", "truth.csv"]])
def test_a_file_that_is_not_there_is_an_input_that_is_missing(table: Table, arguments: list[str]) -> None:
    said = listmerge(table.folder, *arguments, exit_status=3).stderr
    assert f"where: {arguments[-1]}" in said and "check the path" in said and "Errno" not in said


def test_status_tells_what_is_known_of_a_source(table: Table) -> None:
    table.write("crm.csv", PEOPLE[:3])
    (table.folder / "listmerge.toml").write_text(
        '[sources.crm]\nowner = "Sales"\nrelationship = "hired"\nuse_until = 2030-01-01\ntrust = 3\n')
    listmerge(table.folder, "import", "crm.csv")
    assert "owner Sales, hired, trust 3, until 2030-01-01, for reference only" in listmerge(table.folder, "status").stdout


def test_a_run_names_sources_that_were_not_read_and_those_that_do_not_exist(table: Table) -> None:
    table.write("crm.csv", PEOPLE[:3])
    table.write("shop.csv", PEOPLE[3:6])
    (table.folder / "listmerge.toml").write_text("[sources.shopp]\ntrust = 3\n")
    said = listmerge(table.folder, "run", "crm.csv", "shop.csv", "--out", "out").stderr
    assert "as they were" not in said and "listmerge.toml speaks of sources that do not exist: shopp" in said
    (table.folder / "listmerge.toml").unlink()
    said = listmerge(table.folder, "run", "crm.csv", "--out", "out").stderr
    assert "as they were, since no file of theirs was read: shop\n" in said
    assert "as they were" not in listmerge(table.folder, "dedupe").stderr


def test_a_register_is_acknowledged(table: Table) -> None:
    (table.folder / "sources.csv").write_text("source,owner\ncrm,Sales\n")
    assert "the register tells of crm" in listmerge(table.folder, "import", "sources.csv").stderr


def test_a_field_may_have_several_columns(table: Table) -> None:
    rows = [{"Wer": "Ada Lindqvist", "Eins": "ada@one.example", "Zwei": "ada@two.example"}]
    table.write("odd.csv", rows, ["Wer", "Eins", "Zwei"])
    listmerge(table.folder, "run", "odd.csv", "--out", "out", "--map", "full_name=Wer", "--map", "email=Eins",
              "--map", "email=Zwei")
    assert sorted(table.rows("master.csv")[0]["emails"].split("; ")) == ["ada@one.example", "ada@two.example"]
    said = listmerge(table.folder, "run", "odd.csv", "--out", "out", "--map", "email", exit_status=2).stderr
    assert "FIELD=COLUMN" in said


@pytest.mark.parametrize("option", ["--source", "--workspace"])
def test_an_option_that_is_no_text_is_said(table: Table, option: str) -> None:
    table.write("crm.csv", PEOPLE[:3])
    odd = os.fsdecode(b"a\xfc")
    done = listmerge(table.folder, "run", "crm.csv", "--out", "out", option, odd, exit_status=2)
    assert "error[no-text]" in done.stderr and "where: a\\udcfc" in done.stderr


def test_a_clock_that_is_set_wrong_is_said(table: Table) -> None:
    done = listmerge(table.folder, "status", exit_status=2, env={**os.environ, "SOURCE_DATE_EPOCH": "9" * 15})
    assert "error[bad-option]" in done.stderr


def test_a_folder_with_the_name_of_a_result_stops_the_run_before_anything_is_published(table: Table) -> None:
    table.write("crm.csv", PEOPLE)
    (table.folder / "out" / "report.html").mkdir(parents=True)
    done = listmerge(table.folder, "run", "crm.csv", "--out", "out", exit_status=6)
    assert "nothing was changed" in done.stderr and not (table.folder / "out" / "master.csv").exists()
    assert json.loads(listmerge(table.folder, "status", "--json").stdout)["last_run"] is None
