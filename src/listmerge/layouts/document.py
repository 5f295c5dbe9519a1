"""What people see of the layouts: the list, the page of the documentation, what is wrong with one of their own."""

from __future__ import annotations

import difflib
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from listmerge.layouts.headers import fold_header
from listmerge.layouts.layout import FAMILIES, Layout, Rule, load_layouts, parse_layout
from listmerge.model import (
    CERTAINTIES,
    CHANNELS,
    DELIVERABILITIES,
    FIELDS,
    KINDS,
    MEANINGS,
    PERMISSIONS,
    REFUSALS,
    RELATIONSHIPS,
)


def all_layouts(extra: tuple[Path, ...] = ()) -> tuple[Layout, ...]:
    """All layouts as `listmerge layouts` lists them: by system, export, language."""
    return tuple(sorted(load_layouts(extra), key=lambda layout: (layout.system.casefold(), layout.export, layout.id)))


def check_layout(path: Path) -> list[str]:
    """What is wrong with a layout file, one sentence each; an empty list when nothing is."""
    try:
        raw = tomllib.loads(Path(path).read_text("utf-8"))
        layout = parse_layout(raw, {layout.id: layout for layout in load_layouts()})
    except (OSError, ValueError) as error:
        return [f"{error}"]
    return list(problems_of(layout))


def problems_of(layout: Layout) -> Iterator[str]:
    """What is wrong with a layout that could be read."""
    for name, allowed in _WORDS.items():
        value = getattr(layout, name)
        if value not in allowed:
            yield f"{name} is '{value}', not one of {', '.join(filter(None, allowed))}."
    for fact, value in layout.constants:
        if value not in _FACTS.get(fact, ()):
            yield f"constants: {fact} = '{value}' is no fact that a list can state."
    yield from _problems_of_headers(layout)
    for rule in layout.columns:
        yield from _problems_of_rule(rule)


#: Settings that take one of a few words.
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "certainty": CERTAINTIES, "family": FAMILIES, "kind": ("", *KINDS), "relationship": RELATIONSHIPS,
    "permission": ("", *PERMISSIONS), "date_order": ("", "dmy", "mdy", "ymd"),
}
_FACTS: Final = {"permission": PERMISSIONS, "refusal": REFUSALS, "deliverability": DELIVERABILITIES}


def _problems_of_headers(layout: Layout) -> Iterator[str]:
    if not layout.columns:
        yield "columns is empty."
    if layout.family == "table" and not layout.detect:
        yield "detect is empty, so no file can be recognised as this layout; it must be named with --layout."
    for header in layout.detect:
        if not layout.knows(fold_header(header)):
            yield f"detect names '{header}', which is no column of the layout."
    if layout.goes_on and not layout.knows(fold_header(layout.goes_on)):
        yield f"goes_on names '{layout.goes_on}', which is no column of the layout."
    if len(layout.wrapped) not in (0, 2):
        yield f"wrapped is '{layout.wrapped}', not an opening and a closing sign."


def _problems_of_rule(rule: Rule) -> Iterator[str]:
    if rule.field not in FIELDS:
        near = difflib.get_close_matches(rule.field, FIELDS, 1)
        meant = f", did you mean {near[0]}?" if near else "."
        yield f"column '{rule.header}': there is no field '{rule.field}'{meant}"
    meaning, channel, part = rule.detail("meaning"), rule.detail("channel"), rule.detail("part")
    if FIELDS.get(rule.field) == "phone" and meaning == "international":
        meaning = ""
    elif (rule.field == "consent") != bool(meaning):
        yield f"column '{rule.header}': a meaning goes with the field consent, and consent needs one."
    if meaning and meaning not in MEANINGS:
        yield f"column '{rule.header}': there is no meaning '{meaning}'."
    if channel and channel not in CHANNELS:
        yield f"column '{rule.header}': there is no channel '{channel}'."
    if part and not (part.isdecimal() or part == "{n}"):
        yield f"column '{rule.header}': part is '{part}', not a number."


def layouts_document() -> str:
    """The text of docs/layouts.md: every layout, how sure we are of it, how it is recognised, what it means."""
    lines = [*_INTRODUCTION, "| system | export | layout | certainty | recognised by | being on the list means |",
             "| --- | --- | --- | --- | --- | --- |"]
    lines += [_document_line(layout) for layout in all_layouts()]
    return "\n".join(lines) + "\n"


_INTRODUCTION: Final = (
    "# Layouts", "",
    "Generated from the files of `src/listmerge/layouts/known/`. A file is recognised by the headers named here, in",
    "any order and among any others, never by its name. `verified`: the headers were read in a real export or in the",
    "system's own documents; `partial`: some of them; `guess`: from hearsay, so look at the mapping with",
    "`listmerge inspect`.", "",
    "To add one, write such a file; nothing else changes. `listmerge layouts check FILE` says what is wrong with it.",
    "",
)


def _document_line(layout: Layout) -> str:
    detect = ", ".join(f"`{_cell(header)}`" for header in layout.detect or layout.marks) or "its file format"
    absent = "".join(f", no `{_cell(header)}`" for header in layout.detect_absent)
    facts = [f"{fact} {value}" for fact, value in layout.constants]
    facts += [f"relationship {layout.relationship}"] if layout.relationship else []
    facts += [f"permission {layout.permission}"] if layout.permission else []
    facts += ["matched only, never poured into others"] if layout.reference_only else []
    export = layout.export + (f" ({layout.language})" if layout.language else "")
    cells = (layout.system, export, f"`{layout.id}`", layout.certainty, detect + absent, "; ".join(facts))
    return "| " + " | ".join(_cell(cell) if index < 2 else cell for index, cell in enumerate(cells)) + " |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(layouts_document())
