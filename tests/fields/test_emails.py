"""E-mail addresses: the cases, and the fast ways held equal to email-validator and to the scalar."""

from __future__ import annotations

import pyarrow as pa
import pytest
from email_validator import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from listmerge.fields import email_domains, emails

CASES = [  # text, key, quality, code of the issue
    ("maggie.okonjo@birchwater.example", "maggie.okonjo@birchwater.example", "ok", ""),
    ("Liam.O'Dwyer@Saltmarsh.example", "liam.o'dwyer@saltmarsh.example", "ok", ""),
    ("a@sub.domain.test", "a@sub.domain.test", "ok", ""),
    (" <A.B@C.example> ", "a.b@c.example", "ok", ""),
    ("Max Muster <max@muster.example>", "max@muster.example", "ok", ""),
    ("mailto:x@y.example?subject=hi", "x@y.example", "ok", ""),
    ("SMTP:x@y.example", "x@y.example", "ok", ""),
    ("'x@y.example'", "x@y.example", "ok", ""),
    ("x@y.example;", "x@y.example", "ok", ""),
    ("[x@y.example](mailto:x@y.example)", "x@y.example", "ok", ""),
    ('<a href="mailto:x@y.example">mail</a>', "x@y.example", "ok", ""),
    ("jörg@müller.example", "jörg@xn--mller-kva.example", "ok", ""),
    ("info@birchwater.example", "info@birchwater.example", "role", ""),
    ("Sales-EU@birchwater.example", "sales-eu@birchwater.example", "role", ""),
    ("buchhaltung2@nordlicht.example", "buchhaltung2@nordlicht.example", "role", ""),
    ("contact.presse@x.example", "contact.presse@x.example", "role", ""),
    ("info.meier@x.example", "info.meier@x.example", "ok", ""),
    ("salesman@x.example", "salesman@x.example", "ok", ""),
    ("joe@mailinator.com", "joe@mailinator.com", "disposable", "email-disposable"),
    ("none@none.com", "none@none.com", "placeholder", "email-placeholder"),
    ("test@test.de", "test@test.de", "placeholder", "email-placeholder"),
    ("no-reply@birchwater.example", "no-reply@birchwater.example", "placeholder", "email-placeholder"),
    ("a@a.com", "a@a.com", "placeholder", "email-placeholder"),
    ("abc@birchwater.example", "abc@birchwater.example", "ok", ""),
    ("lee@lee.example", "lee@lee.example", "placeholder", "email-placeholder"),
    ("somebody@firm.invalid", "somebody@firm.invalid", "placeholder", "email-placeholder"),
    ("x1y2@marketplace.amazon.co.uk", "x1y2@marketplace.amazon.co.uk", "placeholder", "email-relay"),
    ("x1y2@marketplace.amazon.de", "x1y2@marketplace.amazon.de", "placeholder", "email-relay"),
    ("ann@amazon.de", "ann@amazon.de", "ok", ""),
    ("ann@marketplace.example", "ann@marketplace.example", "ok", ""),
    ("jo@gmial.com", "jo@gmial.com", "doubtful", "email-typo"),
    ("jo@gmail.con", "jo@gmail.con", "doubtful", "email-typo"),
    ("jo@hotmial.com", "jo@hotmial.com", "doubtful", "email-typo"),
    ("jo@email.com", "jo@email.com", "ok", ""),
    ("jo@ymail.com", "jo@ymail.com", "ok", ""),
    ("jo@yahoo.co.uk", "jo@yahoo.co.uk", "ok", ""),
    ("jo@server.local", "jo@server.local", "doubtful", "email-local-domain"),
    ("Gda?sk@baltyk.example", "gda?sk@baltyk.example", "doubtful", "lost-letter"),
    ("John Smith@x.example", "smith@x.example", "ok", "email-with-text"),
    ("jo@x.example (private)", "jo@x.example", "ok", ""),
    ("/o=Org/ou=Group/cn=Recipients/cn=jo", "", "invalid", "email-x500"),
    ("jo@birchwater", "", "invalid", "email-invalid"),
    ("jo.birchwater.example", "", "invalid", "email-invalid"),
    ("n/a", "", "placeholder", "email-placeholder"),
    ("kein", "", "placeholder", "email-placeholder"),
    ("-", "", "placeholder", "email-placeholder"),
    ("", "", "", ""),
    ("   ", "", "", ""),
]


@pytest.mark.parametrize(("text", "key", "quality", "code"), CASES)
def test_an_address_is_judged(text: str, key: str, quality: str, code: str) -> None:
    found = emails.clean_one(text)
    assert (found.key, found.quality) == (key, quality)
    assert [issue[0] for issue in found.issues] == ([code] if code else [])


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("jo@gmial.com", "jo@gmail.com"),
        ("jo (at) birchwater.example", "jo@birchwater.example"),
        ("jo@birchwater,example", "jo@birchwater.example"),
        ("jo@@birchwater.example", "jo@birchwater.example"),
        ("jo @birchwater.example", "jo@birchwater.example"),
        ("jo..x@birchwater.example", "jo.x@birchwater.example"),
    ],
)
def test_a_better_address_is_suggested_and_never_taken(text: str, suggestion: str) -> None:
    found = emails.clean_one(text)
    assert found.issues[0][2] == suggestion
    assert found.key != suggestion
    assert found.email == text


@pytest.mark.parametrize(
    ("cell", "addresses"),
    [
        ("a@b.example; c@d.example", ["a@b.example", "c@d.example"]),
        ("a@b.example,c@d.example", ["a@b.example", "c@d.example"]),
        ("a@b.example\nc@d.example", ["a@b.example", "c@d.example"]),
        ("a@b.example / c@d.example", ["a@b.example", "c@d.example"]),
        ("Last, First <a@b.example>; c@d.example;", ["a@b.example", "c@d.example"]),
        ("\"Smith, John\" <a@b.example>, 'Bob' <c@d.example>", ["a@b.example", "c@d.example"]),
        ("a@b.example; A", ["a@b.example", "A"]),
        ("a@b.example; a@b.example", ["a@b.example"]),
        ("", []),
        (" ; ", []),
    ],
)
def test_a_cell_is_split_where_both_sides_are_addresses(cell: str, addresses: list[str]) -> None:
    assert emails.split(cell) == addresses


def test_the_column_says_what_the_scalar_says() -> None:
    texts = [case[0] for case in CASES] * 2
    assert_column_equals_scalar(texts)


LOCAL = st.from_regex(r"[A-Za-z0-9_.+-]{1,12}|info|no-?reply|Sales\.[a-z]{2}|test[0-9]|[a-z]{1,3}", fullmatch=True)
DOMAIN = st.from_regex(
    r"[A-Za-z0-9.-]{1,12}\.[A-Za-z]{1,4}|gma?i?l\.com?|xn--[a-z0-9]{1,5}\.de|[a-z]{1,3}\.com", fullmatch=True
)


@given(st.lists(st.builds("{}@{}".format, LOCAL, DOMAIN), max_size=8))
@settings(deadline=None)
def test_the_column_says_what_the_scalar_says_of_any(texts: list[str]) -> None:
    assert_column_equals_scalar(texts)


def assert_column_equals_scalar(texts: list[str]) -> None:
    cleaned = emails.clean_column(pa.array(texts, pa.string()))
    expected = [emails.clean_one(text) for text in texts]
    assert cleaned.table.to_pylist() == [
        {"email": one.email, "key": one.key, "quality": one.quality} for one in expected
    ]
    issues = [(number, *issue) for number, one in enumerate(expected) for issue in one.issues]
    assert [
        (row["position"], row["code"], row["message"], row["suggestion"]) for row in cleaned.issues.to_pylist()
    ] == issues


@given(st.builds("{}@{}".format, LOCAL, DOMAIN))
@settings(deadline=None, max_examples=500)
def test_an_ordinary_address_is_one_to_the_authority_as_well(text: str) -> None:
    if emails._ORDINARY.fullmatch(text):
        found = validate_email(text, check_deliverability=False, globally_deliverable=False)
        assert found.ascii_email is not None
        assert found.ascii_email.lower() == text.lower()


def test_the_mailbox_behind_an_address() -> None:
    assert emails.mailbox_key("j.o.e+news@googlemail.com") == "joe@gmail.com"
    assert emails.mailbox_key("j.o.e+news@birchwater.example") == "j.o.e@birchwater.example"
    assert emails.mailbox_key("+@birchwater.example") == "+@birchwater.example"


def test_domains() -> None:
    assert email_domains.registrable_domain("mail.acme.co.uk") == "acme.co.uk"
    assert email_domains.registrable_domain("birchwater.example") == "birchwater.example"
    assert email_domains.registrable_domain("co.uk") == "co.uk"
    assert email_domains.is_free_domain("gmail.com")
    assert not email_domains.is_free_domain("birchwater.example")
