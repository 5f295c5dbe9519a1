"""Whole addresses in one cell."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listmerge.fields import address_lines, addresses

WHOLE = [  # text, street, city, region, postcode, country
    ("38 mckenzie hwy Anytown WA 00000", "38 mckenzie hwy", "Anytown", "WA", "00000", ""),
    ("123 N Main St Apt 4 New York NY 10001", "123 N Main St Apt 4", "New York", "NY", "10001", ""),
    ("12 Park Avenue East Orange NJ 07017", "12 Park Avenue", "East Orange", "NJ", "07017", ""),
    ("880 Wharf Street, Suite 210, Boston, MA 02116", "880 Wharf Street, Suite 210", "Boston", "MA", "02116", ""),
    ("880 Wharf Street, Boston, MA, 02116, US", "880 Wharf Street", "Boston", "MA", "02116", "US"),
    (
        "14 Tannery Row\nUnit 3\nLondon SE1 0ZQ\nUnited Kingdom",
        "14 Tannery Row, Unit 3",
        "London",
        "",
        "SE1 0ZQ",
        "United Kingdom",
    ),
    ("14 Tannery Row, London, Greater London, SE1 0ZQ", "14 Tannery Row", "London", "Greater London", "SE1 0ZQ", ""),
    ("Grüne Straße 9, 01067 Dresden, Deutschland", "Grüne Straße 9", "Dresden", "", "01067", "Deutschland"),
    ("Hauptstr. 5, D-80331 München", "Hauptstr. 5", "München", "", "80331", ""),
    ("27 rue de la Filature\n69002 Lyon", "27 rue de la Filature", "Lyon", "", "69002", ""),
    ("Calle Mayor, 12, 28013 Madrid", "Calle Mayor, 12", "Madrid", "", "28013", ""),
    ("Via Roma, 3, 00184 Roma (RM), Italia", "Via Roma, 3", "Roma", "RM", "00184", "Italia"),
    ("ul. Długa 4/7, 80-827 Gdańsk, Polska", "ul. Długa 4/7", "Gdańsk", "", "80-827", "Polska"),
    ("Kerkstraat 1, 1017 GA Amsterdam, NL", "Kerkstraat 1", "Amsterdam", "", "1017 GA", "NL"),
    ("1 George St, Sydney NSW 2000, Australia", "1 George St", "Sydney", "NSW", "2000", "Australia"),
    ("100 King St W, Toronto, ON M5X 1A9, Canada", "100 King St W", "Toronto", "ON", "M5X 1A9", "Canada"),
    ("Quay House, Cork, Co. Cork, T12 XY00, Ireland", "Quay House", "Cork", "Co. Cork", "T12 XY00", "Ireland"),
    ("PO Box 123, Springfield, IL 62701", "PO Box 123", "Springfield", "IL", "62701", ""),
    ("stoney crk cir Anytown WA 00000", "stoney crk cir", "Anytown", "WA", "00000", ""),
    ("Salt Lake City UT 84101", "", "Salt Lake City", "UT", "84101", ""),
    ("Boston, MA", "", "Boston", "MA", "", ""),
    ("somewhere", "somewhere", "", "", "", ""),
    ("", "", "", "", "", ""),
]


@pytest.mark.parametrize(("text", "street", "city", "region", "code", "country"), WHOLE)
def test_a_whole_address_is_taken_apart(
    text: str, street: str, city: str, region: str, code: str, country: str
) -> None:
    assert address_lines.split(text)[:5] == (street, city, region, code, country)


@given(st.text(alphabet="abcNY 0123456789,\n.-/", max_size=60))
def test_no_figure_of_a_whole_address_is_lost(text: str) -> None:
    parts = address_lines.split(text)
    assert sorted(filter(str.isalnum, "".join(parts[:5]))) == sorted(filter(str.isalnum, text))


def test_the_column_of_whole_addresses() -> None:
    texts = [case[0] for case in WHOLE]
    cleaned = addresses.parse_column(pa.array(texts))
    expected = [addresses.parse_one(text) for text in texts]
    assert cleaned.table.to_pylist() == [
        dict(zip(addresses.Address._fields[:-1], one[:-1], strict=True)) for one in expected
    ]
    assert [row["code"] for row in cleaned.issues.to_pylist()] == [issue[0] for one in expected for issue in one.issues]
