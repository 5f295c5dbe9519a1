"""The conflict report as one page: no script, nothing loaded from anywhere, opens from disk, prints well."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from listmerge.report import charts, faces, merging, quality, sending
from listmerge.report.accuracy import accuracy
from listmerge.report.changes import Changes, changes
from listmerge.report.material import Material

#: How much of each is shown; the workbook and the CSV files have the rest.
SHOWN: Final = {"weakest": 20, "biggest": 10, "names_differ": 20, "twins": 40, "conflicts": 40, "edits": 40}
_DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_USUAL: Final = frozenset({("quoting", "standard"), ("header line", "1"), ("pictures and keys left out", "0")})


def write_page(material: Material, path: Path, changed: Changes | None = None) -> None:
    """Writes report.html to `path`; `changed` is what is different from the last run. Raises OSError when it cannot be
    written."""
    path.write_text(page(material, changed), encoding="utf-8", newline="\n")


def page(material: Material, changed: Changes | None = None) -> str:
    """The page as text; the same material gives the same bytes."""
    environment = Environment(
        loader=PackageLoader("listmerge.report", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )
    environment.filters.update(_FILTERS)
    css = environment.loader.get_source(environment, "report.css")[0] if environment.loader else ""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return environment.get_template("report.html").render(
        **sections(material, changed), css=Markup(css),
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:",
    )


def sections(material: Material, changed: Changes | None = None) -> Mapping[str, Any]:
    """Everything that the page shows, as plain data, section by section."""
    found = merging.clusters(material)
    figures = sending.sending(material)
    shared, near = quality.overlap(material), merging.near_people(material)
    twins = merging.refused_twins(material)
    picked = {name: merging.groups(material, found, choose(found, SHOWN[name])) for name, choose in
              (("weakest", merging.weakest), ("biggest", merging.biggest), ("names_differ", merging.names_differ))}
    return {
        "run": material.run, "accuracy": accuracy(material.run), "sending": figures, "groups": picked,
        "fields": faces.FIELDS,
        "merged": int((found.sizes > 1).sum()), "differing": int(found.names_differ.sum()),
        "twins": merging.twins(material, near[: SHOWN["twins"]]), "twin_count": len(near),
        "twin_records": material.near_pairs.num_rows,
        "refused_twins": len(twins), "waiting": int(sending.may_email(material)[twins].sum()),
        "changes": changed or changes(material, SHOWN["edits"]),
        "conflicts": quality.conflicts(material, SHOWN["conflicts"]), "flaws": quality.flaws(material),
        "repairs": quality.repairs(material),
        "overlap": shared, "shares": charts.shares(shared), "balance": quality.balance(material),
        "funnel": charts.funnel(figures), "why": charts.reasons(figures),
        "sizes": charts.sizes(merging.size_counts(found)), "short": material.short_names,
    }


def _percent(value: float) -> str:
    """0.9312 -> '93 %'; nothing is ever 100 % sure."""
    return "over 99 %" if value >= 0.995 else f"{value:.0%}".replace("%", " %")


def _breakable(text: str) -> Markup:
    """A name of a file or source that may break after its joints."""
    return Markup(re.sub(r"([_/!.-]+)(?=[^\W_])", r"\1<wbr>", str(escape(text))))


def _facts(entry: Mapping[str, Any]) -> str:
    """How a file was read, in words: 'delimiter semicolon, encoding cp1252'."""
    facts = {name.replace("_", " "): str(value) for name, value in (entry.get("facts") or {}).items()}
    return ", ".join(f"{name} {_DELIMITERS.get(value, value) if name == 'delimiter' else value}"
                     for name, value in facts.items() if (name, value) not in _USUAL)


def _times(count: int, one: str, more: str = "") -> str:
    """1, 'row' -> '1 row'; 1200, 'address' -> '1,200 addresses'."""
    return f"{count:,} {one if count == 1 else more or one + ('es' if one.endswith('s') else 's')}"


_FILTERS: Final = {
    "number": "{:,}".format, "percent": _percent, "times": _times, "breakable": _breakable,
    "facts": _facts,
}
