"""Small invented lists, and a table in a temporary folder on which the pipeline is played in this process."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import listmerge
from listmerge.pipeline.place import Place

HEADERS = ("First name", "Last name", "Company", "E-mail", "Phone", "Street", "Postcode", "City", "Country")
MORNING = datetime(2026, 11, 22, 6, tzinfo=UTC)
_GIVEN = """
    Ada Ben Cleo Dora Emil Fay Gus Hal Ida Jan Kai Lena Milo Nora Otto Pia Quentin Rosa Sven Tilda Ugo Vera Wim Xenia
    Yara Zeno Astrid Bruno Celia Dario Edda Finn Greta Hugo Ines Joost Katya Levi Marta Nils Olga Pavel
"""
_FAMILY = """
    Lindqvist Okafor Vanderquist Achterberg Underhill Moorcroft Szabo Delacroix Fairweather Ibarra Jankowski Kessler
    Lombardi Nakamura Oyelaran Petrovic Quigley Rasmussen Sorensen Thackeray Umarov Villanueva Wetherby Xanthos Yeats
    Zimmermann Abernathy Bergstrom Castellano Dragomir Eriksen Featherstone Guimaraes Halloran Ivanova Jorgensen
    Kowalczyk Lefebvre Montague Nyberg Orlando Pemberton
"""


def person(number: int, **changed: str) -> dict[str, str]:
    """An invented person; `changed` columns are said otherwise."""
    given, family, street = _GIVEN.split()[number], _FAMILY.split()[number], _FAMILY.split()[-number]
    row = {
        "First name": given, "Last name": family, "Company": f"{family} Foods Ltd",
        "E-mail": f"{given}@{family}.example".lower(), "Phone": f"+44 7700 900{number:03d}",
        "Street": f"{number + 1} {street} Street", "Postcode": f"LS{number} 9ZZ", "City": "Leeds",
        "Country": "UK",
    }
    return row | changed


@dataclass
class Table:
    """A folder with lists and a workspace; each command is a day later than the last one."""

    folder: Path
    day: int = 0

    def write(self, name: str, rows: Iterable[dict[str, str]], headers: Sequence[str] = HEADERS) -> str:
        """Writes a CSV file and gives its path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, headers)
            writer.writeheader()
            writer.writerows(rows)
        return str(path)

    @property
    def place(self) -> Place:
        self.day += 1
        return Place.at(self.folder / "workspace", now=MORNING + timedelta(days=self.day), patience=0.2)

    def run(self, *files: str, out: str = "out", **options: Any) -> Any:
        """`listmerge run`."""
        return listmerge.run(files, self.folder / out, self.place, **options)

    def rows(self, name: str, out: str = "out") -> list[dict[str, str]]:
        """A CSV file of the results."""
        with (self.folder / out / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def ids(self, out: str = "out") -> dict[str, str]:
        """best e-mail -> master id."""
        return {row["email"]: row["master_id"] for row in self.rows("master.csv", out)}
