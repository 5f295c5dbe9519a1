"""A layout: how one known export of one system is written, as read from its TOML file.

A layout file has the fields of `Layout`; its table of columns is a block of lines `header | field | details`. Details
are `name=value` words for the further members of `model.Column` (group, part, label, meaning, channel, separator), and
`after=HEADER`, which tells columns of one name apart by the last block-opening header before them. In a header `{n}`
stands for a number, which the details may use, and `{any}` for any text. A header that stands several times is meant
in that order. Where a group is `work`, `home` … that is the label too. A translation (`like = "outlook-classic"`)
holds only `words`: lines `header | translated header | another`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from listmerge.errors import OptionError
from listmerge.layouts.headers import fold_header

FAMILIES: Final = ("table", "vcard", "ldif", "mail", "json", "iif", "text")
_DETAIL = re.compile(r"(\w+)=(?:'([^']*)'|(\S+))")
_DETAILS: Final = ("group", "part", "label", "meaning", "channel", "separator", "after")


@dataclass(frozen=True, slots=True)
class Rule:
    """What the column with this header means; `details` are members of model.Column, as text."""

    header: str
    field: str
    details: tuple[tuple[str, str], ...] = ()

    @property
    def is_pattern(self) -> bool:
        """Whether the header stands for several: with a number or with any text in it."""
        return "{n}" in self.header or "{any}" in self.header

    def detail(self, name: str) -> str:
        """The detail of that name, '' where there is none."""
        return next((value for key, value in self.details if key == name), "")


@dataclass(frozen=True)
class Layout:
    """One known export. `detect`: headers that must all be there, `detect_absent`: headers that must not.

    `alone`: its headers are common words, so other columns of a contact list speak against it. `detect_values`: the
    form (unix, email, date, mail-date) of the values under a header. `footers`: beginnings of rows below the data that
    are no records. `goes_on`: the header whose cell is empty in rows that go on with the record above. `wrapped`: two
    signs that the program leaves around values. `state_words`: first words of file names that tell the files of one
    list apart. `status_words`: words of consent columns that mean another word here. `marks`: what a program says of
    itself in a card, in PRODID or by a property of its own; any tells.
    """

    id: str
    system: str
    export: str
    certainty: str = "guess"
    family: str = "table"
    language: str = ""
    detect: tuple[str, ...] = ()
    detect_absent: tuple[str, ...] = ()
    detect_values: tuple[tuple[str, str], ...] = ()
    alone: bool = False
    columns: tuple[Rule, ...] = field(default=(), repr=False)
    kind: str = ""
    relationship: str = ""
    permission: str = ""
    reference_only: bool = False
    constants: tuple[tuple[str, str], ...] = ()
    date_order: str = ""
    region: str = ""
    null_words: tuple[str, ...] = ()
    state_words: tuple[str, ...] = ()
    status_words: tuple[tuple[str, str], ...] = ()
    footers: tuple[str, ...] = ()
    goes_on: str = ""
    wrapped: str = ""
    marks: tuple[str, ...] = ()
    note: str = ""

    @cached_property
    def rules(self) -> dict[str, tuple[Rule, ...]]:
        """Folded header -> the rules for it, in order; patterns are apart."""
        found: dict[str, tuple[Rule, ...]] = {}
        for rule in self.columns:
            if not rule.is_pattern:
                key = fold_header(rule.header)
                found[key] = (*found.get(key, ()), rule)
        return found

    @cached_property
    def patterns(self) -> tuple[tuple[re.Pattern[str], Rule], ...]:
        """The rules whose header holds a number."""
        return tuple((_pattern(rule.header), rule) for rule in self.columns if rule.is_pattern)

    @cached_property
    def detect_keys(self) -> frozenset[str]:
        """The folded headers that must all be there."""
        return frozenset(map(fold_header, self.detect))

    @cached_property
    def absent_keys(self) -> frozenset[str]:
        """The folded headers that must not be there."""
        return frozenset(map(fold_header, self.detect_absent))

    def knows(self, key: str) -> bool:
        """Whether a folded header is one of this layout's."""
        return key in self.rules or any(pattern.fullmatch(key) for pattern, _ in self.patterns)


def load_layouts(extra: tuple[Path, ...] = ()) -> tuple[Layout, ...]:
    """All known layouts, sorted by id, those of the files `extra` first.

    Raises OptionError(layout-broken) when a file of `extra` is no layout.
    """
    return _load(tuple((path, _stamp(path)) for path in extra))


def _stamp(path: Path) -> tuple[int, int]:
    """What tells that a file was edited."""
    try:
        stat = Path(path).stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=4)
def _load(extra: tuple[tuple[Path, tuple[int, int]], ...]) -> tuple[Layout, ...]:
    known = _read_folder()
    own = [_read_own(path, known) for path, _ in extra]
    names = {layout.id for layout in own}
    return (*own, *(layout for name, layout in sorted(known.items()) if name not in names))


def parse_layout(raw: Mapping[str, Any], known: Mapping[str, Layout]) -> Layout:
    """A layout from the content of its TOML file. Raises ValueError with one sentence when it is none."""
    if "like" in raw:
        return _translated(raw, known)
    if missing := [name for name in ("id", "system", "export") if not raw.get(name)]:
        raise ValueError(f"a setting is missing: {', '.join(missing)}")
    values = {name: _frozen(value) for name, value in raw.items() if name != "columns"}
    unknown = sorted(set(values) - {item.name for item in fields(Layout)})
    if unknown:
        raise ValueError(f"there is no such setting: {', '.join(unknown)}")
    return Layout(**values, columns=parse_columns(str(raw.get("columns", ""))))


def parse_columns(text: str) -> tuple[Rule, ...]:
    """The lines `header | field | details` as rules. Raises ValueError for a line that is none."""
    return tuple(_rule(line) for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _rule(line: str) -> Rule:
    header, bar, rest = line.partition("|")
    name, _, details = rest.partition("|")
    if not bar or not name.strip():
        raise ValueError(f"this line is not `header | field | details`: {line.strip()}")
    found = tuple((key, quoted or plain) for key, quoted, plain in _DETAIL.findall(details))
    wrong = [key for key, _ in found if key not in _DETAILS]
    if wrong or _DETAIL.sub("", details).strip():
        raise ValueError(f"these details are not `name=value` of {', '.join(_DETAILS)}: {details.strip()}")
    return Rule(header.strip(), name.strip(), found)


def _translated(raw: Mapping[str, Any], known: Mapping[str, Layout]) -> Layout:
    base = known.get(str(raw["like"]))
    if base is None:
        raise ValueError(f"there is no layout {raw['like']} to translate")
    words = _words(str(raw.get("words", "")))
    columns = tuple(
        replace(rule, header=word) for rule in base.columns for word in words.get(fold_header(rule.header), ())
    )
    given = {name: _frozen(value) for name, value in raw.items() if name not in ("like", "words")}
    detect = given.pop("detect", None) or _first_words(base.detect, words)
    return replace(base, columns=columns, detect=detect, detect_absent=given.pop("detect_absent", ()), **given)


def _first_words(headers: Iterable[str], words: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return tuple(words[fold_header(header)][0] for header in headers if fold_header(header) in words)


def _words(text: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in filter(str.strip, text.splitlines()):
        header, *words = (part.strip() for part in line.split("|"))
        found[fold_header(header)] = (*found.get(fold_header(header), ()), *words)
    return found


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple((str(key), str(item)) for key, item in value.items())
    return tuple(value) if isinstance(value, list) else value


def _pattern(header: str) -> re.Pattern[str]:
    """`{n}` is a number and the group of the match, `{any}` is anything."""
    escaped = re.escape(fold_header(header)).replace(re.escape("{any}"), ".+")
    return re.compile(escaped.replace(re.escape("{n}"), r"(\d+)", 1))


def _read_folder() -> dict[str, Layout]:
    folder = resources.files("listmerge.layouts") / "known"
    files = [item for item in folder.iterdir() if item.name.endswith(".toml")]
    raws = [tomllib.loads(item.read_text("utf-8")) for item in files]
    known: dict[str, Layout] = {}
    for raw in sorted(raws, key=lambda raw: "like" in raw):
        layout = parse_layout(raw, known)
        known[layout.id] = layout
    return known


def _read_own(path: Path, known: Mapping[str, Layout]) -> Layout:
    try:
        return parse_layout(tomllib.loads(Path(path).read_text("utf-8")), known)
    except (OSError, ValueError) as error:
        raise OptionError("layout-broken", f"{path} is no layout: {error}", where=str(path),
                          hint="`listmerge layouts check FILE` says what is wrong with it.") from error
