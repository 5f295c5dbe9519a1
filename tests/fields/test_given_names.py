"""Common given names, to tell columns of names apart."""

from __future__ import annotations

import pytest

from listmerge.fields.given_names import is_given_name


@pytest.mark.parametrize("name", ["Mary", "JÜRGEN", "Anne-Marie", "José Luis", "Zoë", "Władysław Jan".split()[1], "Bill"])
def test_given_names_of_many_countries(name: str) -> None:
    assert is_given_name(name)


@pytest.mark.parametrize("name", ["Smith", "Müller", "García", "Kowalski", "Acme", "Springfield", "", "12"])
def test_family_names_places_and_companies_are_none(name: str) -> None:
    assert not is_given_name(name)
