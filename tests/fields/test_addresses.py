"""Addresses: parts, keys, postcodes, countries, and whole addresses in one cell."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listmerge.fields import addresses, places, streets
from listmerge.model import ADDRESSES

STREETS = [  # text, key, number, unit
    ("14 Tannery Row, Unit 3", "tannery row", "14", "3"),
    ("Unit 3\n14 Tannery Row", "tannery row", "14", "3"),
    ("Flat 3, 14 Tannery Row", "tannery row", "14", "3"),
    ("880 Wharf Street, Suite 210", "wharf st", "880", "210"),
    ("880 Wharf St #210", "wharf st", "880", "210"),
    ("123 N Main St Apt 4", "n main st", "123", "4"),
    ("123 North Main Street", "n main st", "123", ""),
    ("1 1st Ave", "1st ave", "1", ""),
    ("1 First Avenue", "1st ave", "1", ""),
    ("221B Baker St.", "baker st", "221b", ""),
    ("12-14 High St", "high st", "12", ""),
    ("5 St Mary's Street", "st marys st", "5", ""),
    ("Grüne Straße 9", "grune st", "9", ""),
    ("Gruene Str. 9", "grune st", "9", ""),
    ("Grünestr. 9", "grune st", "9", ""),
    ("GRÜNE STRASSE 9", "grune st", "9", ""),
    ("Hauptstr.5", "haupt st", "5", ""),
    ("Hauptstraße 12 a", "haupt st", "12a", ""),
    ("Haupt-Str. 12a", "haupt st", "12a", ""),
    ("27 rue de la Filature, Bât. B", "rue filature", "27", "b"),
    ("27, r. de la Filature", "rue filature", "27", ""),
    ("12 bis rue de l'Église", "rue eglise", "12", ""),
    ("12 bis rue de l Eglise", "rue eglise", "12", ""),
    ("Calle Mayor, 12", "calle mayor", "12", ""),
    ("C/ Mayor 12", "calle mayor", "12", ""),
    ("Avda. de la Constitución 5", "ave constitucion", "5", ""),
    ("Via Roma, 3", "via roma", "3", ""),
    ("V. Roma n. 3", "via roma", "3", ""),
    ("P.zza Garibaldi, 5", "piazza garibaldi", "5", ""),
    ("Piazza Garibaldi 5", "piazza garibaldi", "5", ""),
    ("ul. Długa 4/7", "dluga", "4", "7"),
    ("Długa 4", "dluga", "4", ""),
    ("中之島 2-5-8", "zhongzhidao", "2-5-8", ""),
    ("Quay House", "quay house", "", ""),
    ("2 Macleay Street, Bega Flats", "macleay st bega flats", "2", ""),
    ("P.O. Box 123", "po box", "123", ""),
    ("Postfach 12 34", "po box", "1234", ""),
    ("9", "", "9", ""),
    ("", "", "", ""),
]


@pytest.mark.parametrize(("text", "key", "number", "unit"), STREETS)
def test_a_street_has_one_form(text: str, key: str, number: str, unit: str) -> None:
    assert streets.read(text) == streets.Street(key, number, unit)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("14 Tannery Row", "16 Tannery Row"),
        ("14 Tannery Row", "14 Tannery Lane"),
        ("1 N Main St", "1 S Main St"),
        ("Hauptstr. 5", "Hauptweg 5"),
        ("1 2nd Ave", "1 3rd Ave"),
        ("PO Box 12", "PO Box 13"),
        ("Via Roma 3", "Viale Roma 3"),
    ],
)
def test_different_streets_stay_different(one: str, other: str) -> None:
    assert streets.read(one)[:2] != streets.read(other)[:2]


@pytest.mark.parametrize(("region", "country", "placed"), [
    ("Deutschland", "Bayern", ("Bayern", "DE")), ("Germany", "", ("", "DE")), ("Bayern", "Deutschland", ("Bayern", "DE")),
    ("Georgia", "", ("Georgia", "")), ("Georgia", "Somewhere", ("Georgia", "Somewhere")), ("CA", "", ("CA", "")),
    ("DE", "Somewhere", ("DE", "Somewhere")), ("Luxembourg", "", ("Luxembourg", "")), ("France", "Belgium", ("France", "BE")),
])
def test_a_country_in_the_place_of_the_region(region: str, country: str, placed: tuple[str, str]) -> None:
    found = addresses.clean_one(region=region, country=country)
    assert (found.region, found.country) == placed
    column = addresses.clean_columns(*(pa.array([text]) for text in ("", "", region, "", country, ""))).table.to_pylist()
    assert (column[0]["region"], column[0]["country"]) == placed


@given(
    st.from_regex(
        r"[0-9]{1,3}[a-c]? [a-z]{2,6}( [a-z]{2,6}\.?){0,2}|[a-z]{2,6}( [a-z]{2,6}\.?){0,2},? [0-9]{1,3}[a-c]?",
        fullmatch=True,
    )
)
def test_plain_streets_are_read_as_all_others(line: str) -> None:
    assert streets.read(line) == streets._read_any(line)


POSTCODES = [  # country, text, shown, key, issue
    ("GB", "se10zq", "SE1 0ZQ", "se10zq", ""),
    ("GB", "SE1 0ZQ", "SE1 0ZQ", "se10zq", ""),
    ("DE", "01067", "01067", "01067", ""),
    ("DE", "1067", "01067", "01067", "postcode-zero-restored"),
    ("DE", "D-80331", "80331", "80331", ""),
    ("DE", "8033", "08033", "08033", "postcode-zero-restored"),
    ("DE", "123", "123", "123", "postcode-form"),
    ("DE", "803312", "803312", "803312", "postcode-form"),
    ("US", "2116", "02116", "02116", "postcode-zero-restored"),
    ("US", "501", "00501", "00501", "postcode-zero-restored"),
    ("US", "02116-1234", "02116-1234", "02116", ""),
    ("US", "021161234", "02116-1234", "02116", ""),
    ("US", "2116.0", "02116", "02116", "postcode-zero-restored"),
    ("AU", "0800", "0800", "0800", ""),
    ("AU", "800", "0800", "0800", "postcode-zero-restored"),
    ("NL", "3511zz", "3511 ZZ", "3511zz", ""),
    ("PL", "80827", "80-827", "80827", ""),
    ("JP", "5300001", "530-0001", "5300001", ""),
    ("IE", "t12xy00", "T12 XY00", "t12xy00", ""),
    ("CA", "k1a0b1", "K1A 0B1", "k1a0b1", ""),
    ("PT", "1000205", "1000-205", "1000205", ""),
    ("BR", "01310100", "01310-100", "01310100", ""),
    ("FR", "69002", "69002", "69002", ""),
    ("", "1067", "1067", "1067", ""),
    ("", "se1  0zq", "SE1 0ZQ", "se10zq", ""),
    ("", "'01067", "01067", "01067", ""),
    ("HK", "x", "X", "x", ""),
    ("DE", "", "", "", ""),
    ("DE", "1,07E+03", "1,07E+03", "", "postcode-rounded"),
]


@pytest.mark.parametrize(("country", "text", "shown", "key", "issue"), POSTCODES)
def test_a_postcode_has_the_form_of_its_country(country: str, text: str, shown: str, key: str, issue: str) -> None:
    found = places.clean_postcode(text, country)
    assert (found.text, found.key) == (shown, key)
    assert [flaw[0] for flaw in found.issues] == ([issue] if issue else [])


@given(st.sampled_from(sorted(places._forms())))
def test_the_example_of_every_country_is_in_form(country: str) -> None:
    example = places._forms()[country][1]
    found = places.clean_postcode(example, country)
    assert found.quality == "ok"
    assert found.issues == ()
    assert places.clean_postcode(found.text, country) == found


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (
            "Germany Deutschland Allemagne Alemania Germania Alemanha Duitsland Niemcy Tyskland Německo Германия BRD",
            "DE",
        ),
        ("USA U.S.A. US America Estados_Unidos États-Unis Stati_Uniti Vereinigte_Staaten", "US"),
        ("UK United_Kingdom Great_Britain England Scotland Vereinigtes_Königreich Royaume-Uni Reino_Unido", "GB"),
        ("日本 Japan Japon Japón", "JP"),
        ("Holland The_Netherlands Niederlande Pays-Bas Países_Bajos NL", "NL"),
        ("Česko Czech_Republic Tschechien Czechia", "CZ"),
        ("Polska Poland Polen Pologne", "PL"),
        ("Schweiz Suisse Svizzera", "CH"),
        ("Österreich Austria Autriche Oostenrijk", "AT"),
        ("España Spain Spanien Espagne Spagna", "ES"),
        ("Россия Russia", "RU"),
    ],
)
def test_countries_are_known_in_many_languages(names: str, code: str) -> None:
    assert {places.country_code(name.replace("_", " ")) for name in names.split()} == {code}


@pytest.mark.parametrize("name", ["Atlantis", "Massachusetts", "", "London", "x"])
def test_what_is_no_country_has_no_code(name: str) -> None:
    assert places.country_code(name) == ""


def test_regions_and_cities_have_one_form() -> None:
    assert (
        places.region_key("Massachusetts", "US") == places.region_key("MA", "US") == places.region_key("massachusetts")
    )
    assert places.region_key("大阪府", "JP") == places.region_key("Osaka", "JP")
    assert places.region_key("Greater London", "GB") == "greater london"
    assert places.city_key("St. Louis") == places.city_key("Saint Louis")
    assert places.city_key("München") == places.city_key("Muenchen") == places.city_key("Munich")


def test_a_clean_address_has_the_columns_of_the_model() -> None:
    found = addresses.clean_one("14 Tannery Row\nUnit 3", "London", "Greater London", "se10zq", "United Kingdom")
    assert found == addresses.Address(
        "14 Tannery Row, Unit 3",
        "London",
        "Greater London",
        "SE1 0ZQ",
        "GB",
        "tannery row",
        "14",
        "london",
        "greater london",
        "se10zq",
        "gb",
        "ok",
        (),
    )
    assert set(addresses.Address._fields) - {"issues"} == {name for name, _ in ADDRESSES} - {"contact", "slot", "label"}


def test_an_unknown_country_stays_as_written() -> None:
    found = addresses.clean_one(city="Poseidonia", country="Atlantis")
    assert (found.country, found.country_key) == ("Atlantis", "atlantis")
    assert [issue[0] for issue in found.issues] == ["country-unknown"]


def test_home_decides_how_a_postcode_is_read_and_is_not_written() -> None:
    found = addresses.clean_one(city="Dresden", postal_code="1067", home="DE")
    assert (found.postal_code, found.country) == ("01067", "")


def test_words_for_nothing_make_no_address() -> None:
    assert addresses.clean_one("n/a", "Unknown", "", "", "").quality == ""
    assert addresses.clean_one().quality == ""


def test_a_post_box_is_a_street() -> None:
    found = addresses.clean_one("", "Dresden", "", "01067", "DE", "1234")
    assert (found.street, found.street_key, found.number_key) == ("PO Box 1234", "po box", "1234")


PART = st.sampled_from(
    [
        "",
        "14 Tannery Row",
        "Hauptstr. 5",
        "London",
        "MA",
        "Massachusetts",
        "1067",
        "se10zq",
        "Germany",
        "USA",
        "Atlantis",
        "Gda?sk",
        "n/a",
        " x ",
        "7",
        "é",
    ]
)


@given(st.lists(st.tuples(PART, PART, PART, PART, PART, PART), max_size=6), st.sampled_from(["", "DE", "US"]))
@settings(deadline=None)
def test_the_columns_say_what_the_scalar_says(rows: list[tuple[str, ...]], home: str) -> None:
    columns = [pa.array([row[number] for row in rows], pa.string()) for number in range(6)]
    cleaned = addresses.clean_columns(*columns, home=home)
    expected = [addresses.clean_one(*row, home=home) for row in rows]
    assert cleaned.table.to_pylist() == [
        dict(zip(addresses.Address._fields[:-1], one[:-1], strict=True)) for one in expected
    ]
    assert sorted((row["position"], row["code"]) for row in cleaned.issues.to_pylist()) == sorted(
        (number, issue[0]) for number, one in enumerate(expected) for issue in one.issues
    )


STREET = st.from_regex(
    r"([0-9]{1,3}[a-cA-C]? )?[A-Za-zäßÉİ]{1,6}( [A-Za-zü]{2,5}[.,]?){0,2}(,? [0-9]{1,3}[a-b]?)?", fullmatch=True
)
FORMS = st.sampled_from(sorted(places._forms()))


@given(st.lists(st.tuples(STREET, FORMS, FORMS, st.integers(0, 9), st.sampled_from("0A- "), PART), max_size=12))
@settings(deadline=None, max_examples=200)
def test_usual_streets_and_postcodes_are_the_same_by_column(rows: list[tuple[str, str, str, int, str, str]]) -> None:
    texts, codes = [], []
    for _, country, other, place, sign, _ in rows:
        example = places._forms()[country][1]
        texts.append(example if place > 4 else example[:place] + sign + example[place + 1 :])
        codes.append(other if place == 9 else country)
    postcodes = places.clean_postcodes(pa.array(texts, pa.string()), pa.array(codes, pa.string()))
    expected = [places.clean_postcode(text, code) for text, code in zip(texts, codes, strict=True)]
    assert [tuple(row.values()) for row in postcodes.table.to_pylist()] == [tuple(one[:-1]) for one in expected]
    lines = [row[0] for row in rows]
    key, number = streets.read_plain(pa.array(lines, pa.string()))
    for line, plain_key, plain_number in zip(lines, key.to_pylist(), number.to_pylist(), strict=True):
        if plain_key:
            assert (plain_key, plain_number, "") == streets.read(line)


def test_the_cast_of_the_samples_has_clean_addresses(samples: Path) -> None:
    with (samples / "_people.csv").open(encoding="utf-8-sig", newline="") as file:
        people = list(csv.DictReader(file))
    for person in people:
        found = addresses.clean_one(person["street"], person["city"], person["state"], person["zip"], person["country"])
        assert found.country == person["cc"]
        assert found.postal_code == person["zip"]
        assert found.issues == ()
