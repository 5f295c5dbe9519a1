"""What the screen says when something is wrong: one small form, the right exit status, everything else done."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import Desk

GOOD = "First name,Last name,E-mail,City\nAda,Lindqvist,ada@kestrel.example,Leeds\nBen,Okafor,ben@osprey.example,Bristol\n"
SAMPLES = Path(__file__).parents[1] / "samples"

#: file name, content, the code of the error
BAD = [
    ("empty.csv", b"", "empty-file"),
    ("header.csv", b"First name,Last name,E-mail\n", "no-records"),
    ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not-a-contact-list"),
    ("letter.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", "not-a-contact-list"),
]


def forms(said: str) -> int:
    return said.count("error[")


@pytest.mark.parametrize(("name", "content", "code"), BAD)
def test_a_bad_file_is_named_and_the_other_one_is_read(desk: Desk, name: str, content: bytes, code: str) -> None:
    (desk.folder / name).write_bytes(content)
    said = desk.run(name, desk.write("good.csv", GOOD), exit_status=3)
    assert f"error[{code}]" in said and forms(said) == 1 and name in said and "hint:" in said
    assert len(desk.masters()) == 2


def test_a_bad_file_alone_publishes_nothing(desk: Desk) -> None:
    (desk.folder / "empty.csv").write_bytes(b"")
    said = desk.run("empty.csv", exit_status=3)
    assert forms(said) == 1
    assert not desk.out.exists() or list(desk.out.iterdir()) == []


def test_a_missing_file(desk: Desk) -> None:
    said = desk.run("nowhere.csv", desk.write("good.csv", GOOD), exit_status=3)
    assert "error[missing-file]" in said and "nowhere.csv" in said
    assert len(desk.masters()) == 2


def test_a_password_protected_workbook(desk: Desk) -> None:
    shutil.copy(SAMPLES / "EXCEL__password_protected_stub.xlsx", desk.folder / "secret.xlsx")
    said = desk.run("secret.xlsx", desk.write("good.csv", GOOD), exit_status=3)
    assert "error[password-protected]" in said and "--password-file" in said
    assert len(desk.masters()) == 2


def test_the_wrong_encoding(desk: Desk) -> None:
    (desk.folder / "kunden.csv").write_bytes("Vorname;Nachname;E-Mail\nJörg;Müller;joerg@kestrel.example\n".encode("cp1252"))
    said = desk.run("kunden.csv", "--encoding", "utf-8", exit_status=3)
    assert "error[encoding" in said and "hint:" in said
    said = desk.run("kunden.csv", "--encoding", "no-such-code", exit_status=2)
    assert forms(said) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_folder(desk: Desk) -> None:
    (desk.folder / "locked").mkdir(mode=0)
    said = desk.run("locked", desk.write("good.csv", GOOD), exit_status=3)
    assert forms(said) == 1 and len(desk.masters()) == 2


def test_an_empty_folder(desk: Desk) -> None:
    (desk.folder / "nothing").mkdir()
    said = desk.run("nothing", exit_status=3)
    assert forms(said) == 1 and "nothing" in said


def test_a_full_disk(desk: Desk) -> None:
    """A limit on the size of files stands for a disk without room."""
    rows = "".join(f"Ada{n},Lindqvist{n},ada{n}@kestrel.example,Leeds\n" for n in range(3000))
    desk.write("good.csv", "First name,Last name,E-mail,City\n" + rows)
    code = ("import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
            "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)); "
            "sys.argv = ['listmerge', 'run', 'good.csv', '--out', 'out']; "
            "from listmerge.__main__ import main; sys.exit(main())")
    done = subprocess.run([sys.executable, "-c", code], cwd=desk.folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 6, done.stderr
    assert forms(done.stderr) == 1 and "error[disk-full]" in done.stderr and "free some space" in done.stderr
    assert not desk.out.exists() or list(desk.out.iterdir()) == []
    desk.run("good.csv")
    assert len(desk.masters()) == 3000


def test_a_place_that_is_not_writable(desk: Desk) -> None:
    desk.write("good.csv", GOOD)
    (desk.folder / "out").write_text("a file, not a folder")
    said = desk.run("good.csv", exit_status=6)
    assert forms(said) == 1


def test_a_busy_workspace(desk: Desk) -> None:
    desk.run(desk.write("good.csv", GOOD))
    hold = ("import sys, time; from filelock import FileLock; from pathlib import Path\n"
            "locks = [FileLock(p) for p in Path('contacts.listmerge').glob('*lock*')]\n"
            "[lock.acquire() for lock in locks]; print(len(locks), flush=True); time.sleep(60)")
    holder = subprocess.Popen([sys.executable, "-c", hold], cwd=desk.folder, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout and int(holder.stdout.readline()) > 0
        said = desk.run("good.csv", exit_status=5)
        assert "error[busy-workspace]" in said
    finally:
        holder.kill()
        holder.communicate()


def test_a_damaged_workspace(desk: Desk) -> None:
    desk.run(desk.write("good.csv", GOOD))
    (desk.folder / "contacts.listmerge" / "catalogue.sqlite").write_bytes(b"this is no database" * 100)
    said = desk.run("good.csv", exit_status=5)
    assert forms(said) == 1


def test_unknown_words_are_options_errors(desk: Desk) -> None:
    desk.write("good.csv", GOOD)
    assert forms(desk.run("good.csv", "--layout", "no-such-system", exit_status=2)) == 1
    assert forms(desk.run("good.csv", "--map", "emial=E-mail", exit_status=2)) == 1
    desk.write("listmerge.toml", "[sources.good]\ntrsut = 3\n")
    said = desk.run("good.csv", exit_status=2)
    assert "trust" in said


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_in_the_middle(desk: Desk, number: signal.Signals, status: int) -> None:
    desk.run(desk.write("good.csv", GOOD))
    before = {path.name: path.read_bytes() for path in desk.out.iterdir()}
    many = "".join(f"Ida{row},Strand{row % 97},ida{row}@kestrel.example,Leeds\n" for row in range(20_000))
    command = [sys.executable, "-m", "listmerge", "run", desk.write("many.csv", GOOD + many), "--out", "out"]
    process = subprocess.Popen(command, cwd=desk.folder, stderr=subprocess.PIPE, text=True)
    while not (desk.out / ".listmerge-unfinished").exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(number)
    said = process.communicate(timeout=60)[1]
    assert (said, process.returncode) == ("interrupted: nothing was changed.\n", status)
    assert {path.name: path.read_bytes() for path in desk.out.iterdir()} == before
    assert "many" not in desk.listmerge("status", "--json")
