"""What FILE… means: files, folders, globs; and which of them is a list register."""

from __future__ import annotations

import csv
import glob
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from listmerge import config
from listmerge.config import SourceFacts
from listmerge.errors import InputError, ListmergeError, OptionError
from listmerge.importers import ReadOptions, worker
from listmerge.importers.source import load

#: Files that systems leave in folders; nobody means them.
_NOBODY_MEANS: Final = {"thumbs.db", "desktop.ini", ".ds_store"}
#: What tells a folder of listmerge's own: a workspace, the results of a run.
_OURS: Final = ("catalogue.sqlite", "run.json")
_REGISTER: Final = {"owner", "relationship", "permission", "trust", "use_until", "reference_only"}
_REGISTER_STEM: Final = "sources"


@dataclass(frozen=True, slots=True)
class Given:
    """A file to read, and the name under which it is known: the path as given, with '/'; bytes of it that are no text
    are written out, since it goes into files and databases."""

    path: Path
    name: str


def expand(patterns: Iterable[str | Path]) -> tuple[list[Given], list[ListmergeError]]:
    """The files meant by paths, folders and globs, each once, sorted by name; and what was wrong."""
    found: dict[str, Given] = {}
    errors: list[ListmergeError] = []
    for pattern in patterns:
        try:
            for path in _meant(str(pattern)):
                found.setdefault(str(path.absolute()), Given(path, _name(path)))
        except InputError as error:
            errors.append(error)
        except OSError as error:
            errors.append(InputError("unreadable", f"{pattern} cannot be read: {error.strerror}.", where=str(pattern),
                                     hint="check that you may read it."))
    return sorted(found.values(), key=lambda given: given.name), errors


def _name(path: Path) -> str:
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def _meant(pattern: str) -> list[Path]:
    path = Path(pattern)
    if path.is_dir():
        return _in_folder(path)
    if path.exists() or not glob.has_magic(pattern):
        return [path]                   # a missing file is the reader's error, in its words
    matches = [Path(match) for match in glob.glob(pattern, recursive=True)]  # noqa: PTH207 - may be absolute
    files = [match for match in matches if match.is_file() and _is_meant(match)]
    if not files:
        raise InputError("missing-file", f"no file matches {pattern}.", where=pattern, hint="check the path.")
    return files


def _in_folder(folder: Path) -> list[Path]:
    files = [path for path in _walk(folder) if _is_meant(path.relative_to(folder))]
    if not files:
        raise InputError("empty-folder", f"there are no files in {folder.as_posix()}.", where=str(folder),
                         hint="check the path.")
    return files


def _walk(folder: Path) -> Iterator[Path]:
    """All files below `folder`; raises OSError for a folder that cannot be read (rglob would pass over it)."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            if not any((path / name).exists() for name in _OURS):
                yield from _walk(path)
        elif path.is_file():
            yield path


def _is_meant(path: Path) -> bool:
    return path.name.casefold() not in _NOBODY_MEANS and not path.name.startswith(("~$", "."))


def sha256(path: Path) -> str:
    """The SHA-256 of a file, '' for a pipe and for what cannot be read (the reader says why)."""
    if not path.is_file():
        return ""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def size(given: Given) -> int:
    """The bytes of a file; 0 for a pipe and for what is not there."""
    return given.path.stat().st_size if given.path.is_file() else 0


def register(given: Given) -> dict[str, SourceFacts] | None:
    """Source -> what is known of it, when the file is a list register (`sources.csv`, `sources.xlsx`); else None.

    Raises OptionError for a value that means nothing.
    """
    if given.path.stem.casefold() != _REGISTER_STEM or not given.path.is_file():
        return None
    rows = _rows(given)
    headers = {header.strip().casefold() for header in (rows[0] if rows else ())}
    if "source" not in headers or not headers & _REGISTER:
        return None
    keys = [header.strip().casefold() for header in rows[0]]
    _check_keys(keys, given.name)
    facts = {}
    for number, row in enumerate(rows[1:], 1):
        values = {key: value.strip() for key, value in zip(keys, row, strict=False)}
        if values.get("source"):
            facts[values["source"]] = config.facts(_filled(values), f"{given.name} row {number}")
    return facts


def _check_keys(keys: list[str], where: str) -> None:
    """Raises OptionError for a column that is nearly one of a register's; others are somebody's notes."""
    for key in keys:
        close = [] if key in _REGISTER else get_close_matches(key, _REGISTER, 1, 0.85)
        if close:
            raise OptionError("unknown-key", f"{key} means nothing.", where=where, hint=f"did you mean {close[0]}?")


def _filled(values: dict[str, str]) -> dict[str, Any]:
    raw: dict[str, Any] = {key: value for key, value in values.items() if key in _REGISTER and value}
    for key in ("relationship", "permission"):
        if key in raw:
            raw[key] = raw[key].casefold()
    if "reference_only" in raw:
        raw["reference_only"] = {"x": "yes"}.get(raw["reference_only"].casefold(), raw["reference_only"])
    if "use_until" in raw:
        raw["use_until"] = raw["use_until"][:10]
    return raw


def _rows(given: Given) -> list[list[str]]:
    if given.path.suffix.casefold() == ".xlsx":
        return _sheet_rows(given)
    text = given.path.read_text("utf-8-sig", errors="replace")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    return [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if row]


def _sheet_rows(given: Given) -> list[list[str]]:
    """The first sheet of a workbook, read within the limits of any workbook; nothing of one that cannot be read, of
    which the reader of lists says what is wrong."""
    try:
        sheets = worker.extract("excel", load(given.path, given.name), given.name, ReadOptions())
    except InputError:
        return []
    first = sheets[0].cells if sheets else None
    return [] if first is None else [[*row] for row in zip(*(first[name].to_pylist() for name in first.column_names),
                                                           strict=True)]
