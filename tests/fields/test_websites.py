"""Websites: shown as written, compared by host."""

from __future__ import annotations

import pyarrow as pa
import pytest

from listmerge.fields import websites

CASES = [
    ("https://birchwater.example", "birchwater.example", ""),
    ("http://www.nordlicht.example", "nordlicht.example", ""),
    ("www.harbourpine.example", "harbourpine.example", ""),
    ("HTTP://WWW.Nordlicht.Example/Shop?x=1", "nordlicht.example", ""),
    ("birchwater.example:8080/a", "birchwater.example", ""),
    ("https://shop.birchwater.example/", "shop.birchwater.example", ""),
    ("http://müller.example", "xn--mller-kva.example", ""),
    ("https://www.linkedin.com/in/someone/?trk=x", "linkedin.com/in/someone", ""),
    ("http://", "", ""),
    ("n/a", "", ""),
    ("", "", ""),
    ("no page yet", "", "website-invalid"),
    ("jo@birchwater.example", "", "website-invalid"),
]


@pytest.mark.parametrize(("text", "key", "code"), CASES)
def test_a_website_is_compared_by_host(text: str, key: str, code: str) -> None:
    found = websites.clean_one(text)
    assert found.key == key
    assert [issue[0] for issue in found.issues] == ([code] if code else [])


def test_the_column_says_what_the_scalar_says() -> None:
    texts = [case[0] for case in CASES]
    cleaned = websites.clean_column(pa.array(texts))
    assert cleaned.table["key"].to_pylist() == [websites.clean_one(text).key for text in texts]
    assert cleaned.table["website"].to_pylist() == [websites.clean_one(text).website for text in texts]


def test_the_domain_of_a_website() -> None:
    assert websites.domain_of("shop.birchwater.co.uk") == "birchwater.co.uk"
    assert websites.domain_of("linkedin.com/in/someone") == ""
