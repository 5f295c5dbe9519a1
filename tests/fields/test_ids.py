"""Identifiers: usable or not, Salesforce's two lengths, keyed hashes."""

from __future__ import annotations

import pytest

from listmerge.fields import ids


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("C-481", "C-481"),
        (" 0481 ", "0481"),
        ("'0481", "0481"),
        ('="0481"', "0481"),
        ("7.2104483E+12", ""),
        ("1,20E+05", ""),
        ("1E5", "1E5"),
        ("7e139", "7e139"),
        ("", ""),
        ("n/a", ""),
        ("0", ""),
        ("O'Dwyer", "O'Dwyer"),
    ],
)
def test_an_id_is_taken_as_text_or_not_at_all(text: str, value: str) -> None:
    assert ids.clean_id(text) == value


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("003D000000QzvKd", "003D000000QzvKdIAJ"),
        ("a0B000000000000", "a0B000000000000EAA"),
        ("ABCDEABCDEABCDE", "ABCDEABCDEABCDE555"),
    ],
)
def test_fifteen_characters_become_eighteen(short: str, long: str) -> None:
    assert ids.salesforce_id(short) == long
    assert ids.salesforce_id(long) == long


def test_ids_that_differ_in_case_only_stay_different() -> None:
    assert ids.salesforce_id("003D000000QzvKd").casefold() != ids.salesforce_id("003D000000QzvKD").casefold()


def test_what_is_no_salesforce_id_is_only_cleaned() -> None:
    assert ids.salesforce_id("'481") == "481"


def test_an_identifier_is_compared_without_being_read() -> None:
    key = ids.identifier_key("DE 123-456", b"secret")
    assert key == ids.identifier_key("de123456", b"secret")
    assert key != ids.identifier_key("de123456", b"other")
    assert key != ids.identifier_key("de123457", b"secret")
    assert len(key) == 24
    assert "123456" not in key


@pytest.mark.parametrize("text", ["", "n/a", "000", "0-0", "1.2E+11"])
def test_nothing_has_no_key(text: str) -> None:
    assert ids.identifier_key(text, b"secret") == ""
