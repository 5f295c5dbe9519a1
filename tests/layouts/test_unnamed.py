"""Files without headers: columns told by their values and by what stands beside them, and those that must not be."""

from __future__ import annotations

import csv
import io

import pytest

from listmerge.layouts.recognise import find_table
from listmerge.layouts.unnamed import is_unnamed

#: What is in the file -> (its rows, the field of each column, '' = must not be mapped).
FILES: dict[str, tuple[str, list[str]]] = {
    "a German club": (
        "Müller, Hans;Hauptstr. 5;01067 Dresden;0351/4567890;12.03.1961\n"
        "Schmidt, Eva;Am Markt 3;80331 München;089 1234567;1.5.1975\n"
        "Größe, Jürgen;Ringstraße 17a;50667 Köln;+49 221 998877;30.11.1950\n",
        ["full_name", "address", "address", "phone", ""]),
    "an American office": (
        "Mary,Wood,Acme Inc,100 Oak Street,Springfield,IL,60601,(312) 555-0101\n"
        "Peter,King,Globex LLC,12 Elm Ave,Riverton,IL,60602,(312) 555-0102\n"
        "Susan,Baker,Initech Ltd,7 Main St,Lakeside,IL,62001,(312) 555-0103\n",
        ["given_name", "family_name", "company", "street", "city", "region", "postal_code", "phone"]),
    "family names first": (
        "Rossi;Giulia;02 5550101\nBianchi;Marco;06 5550102\nEsposito;Chiara;081 5550103\nRicci;Luca;011 555104\n",
        ["family_name", "given_name", "phone"]),
    "postcode before the city": (
        "Jan Smit;Dorpsstraat 12;1234 AB;Utrecht\nAnouk Visser;Kerkweg 3;3511 CD;Zeist\nPiet Bos;Laan 44;2511 EF;Delft\n",
        ["full_name", "street", "postal_code", "city"]),
    "a Finnish club": (
        "Matti;Virtanen;Mannerheimintie 12;00100;Helsinki\nAnna;Korhonen;Aleksanterinkatu 3;33100;Tampere\n"
        "Maria;Nieminen;Kauppakatu 7;40100;Turku\n",
        ["given_name", "family_name", "street", "postal_code", "city"]),
    "town with state and code": (
        "Paul Jones,12 Oak St,\"Springfield, IL 62704\"\nAnn Hill,9 Elm Ave,\"Peoria, IL 61602\"\n"
        "Jim Ford,77 Main St,\"Dayton, OH 45402\"\n",
        ["full_name", "address", "address"]),
}
#: Columns that look like something and are something else.
OTHERS: dict[str, str] = {
    "prices and amounts": "48.137154,1.234.567,12.50\n48.233154,2.334.567,13.50\n49.137154,1.534.567,9.99\n",
    "numbers of customers": "60601,10115\n62001,10117\n61001,20095\n",
    "numbers of taxpayers and pages of the net": "078-05-1120,192.168.10.1\n078-05-1121,192.168.10.2\n078-05-1122,10.20.30.40\n",
    "years": "2019-2020,2018-2019\n2020-2021,2017-2018\n2021-2022,2016-2017\n",
    "colours and trees": "Red,Oak\nBlue,Elm\nGreen,Ash\n",
    "one owner of all rows": "7,Mary Wood\n8,Mary Wood\n9,Mary Wood\n10,Paul King\n",
    "models": "Golf 7,Model 3\nPolo 6,Model S\nUp 2,Model X\n",
    "serial numbers": "000123456\n000123457\n000123458\n",
}


def fields_of(text: str) -> list[str]:
    rows = list(csv.reader(io.StringIO(text), delimiter=max(";,", key=text.count)))
    start = find_table(rows)
    assert start.header is None
    found = {column.index: column.field for column in start.mapping.columns}
    return [found.get(index, "") for index in range(len(rows[0]))]


@pytest.mark.parametrize("name", FILES)
def test_columns_without_a_header_are_told(name: str) -> None:
    text, expected = FILES[name]
    assert fields_of(text) == expected


@pytest.mark.parametrize("name", OTHERS)
def test_what_only_looks_like_a_contact_is_left_alone(name: str) -> None:
    assert set(fields_of(OTHERS[name])) <= {"", "drop"}


def test_street_and_town_of_a_file_without_headers_make_one_address(tmp_path) -> None:    # type: ignore[no-untyped-def]
    import listmerge

    (tmp_path / "club.csv").write_text(FILES["a German club"][0], "utf-8")
    done = listmerge.run([tmp_path / "club.csv"], tmp_path / "out", tmp_path / "w")
    with (tmp_path / "out" / "master.csv").open(encoding="utf-8", newline="") as file:
        hans = next(row for row in csv.DictReader(file) if row["family_name"] == "Müller")
    assert done.outcome["counts"]["masters"] == 3
    assert (hans["given_name"], hans["street"], hans["postal_code"], hans["city"]) == (
        "Hans", "Hauptstr. 5", "01067", "Dresden")


@pytest.mark.parametrize(("header", "says_nothing"), [
    ("", True), ("Column 4", True), ("Spalte3", True), ("Unnamed: 2", True), ("F7", True), ("_c0", True),
    ("Name", False), ("Fax", False), ("Feldweg", False), ("Volume", False)])
def test_headers_that_say_nothing(header: str, says_nothing: bool) -> None:
    assert is_unnamed(header) == says_nothing


def test_numbered_headers_are_as_good_as_none() -> None:
    rows = [["Column1", "Column2", "Column3"], ["Mary Wood", "(312) 555-0101", "Red"],
            ["Peter King", "(312) 555-0102", "Blue"], ["Susan Baker", "(312) 555-0103", "Red"]]
    start = find_table(rows)
    assert (start.header, [column.field for column in start.mapping.columns]) == (0, ["full_name", "phone"])
