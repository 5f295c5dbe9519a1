"""Phone numbers: the cases, and the fast way held equal to phonenumbers."""

from __future__ import annotations

import random

import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listmerge.fields import phone_forms, phones

CASES = [  # text, region, phone, key, quality, code of the issue
    ("+44 20 7946 0812", "", "+442079460812", "+442079460812", "ok", ""),
    ("+44 (0)20 7946 0812", "", "+442079460812", "+442079460812", "ok", ""),
    ("020 7946 0812", "GB", "+442079460812", "+442079460812", "ok", ""),
    ("0044 20 7946 0812", "", "+442079460812", "+442079460812", "ok", ""),
    ("0044 20 7946 0812", "US", "+442079460812", "+442079460812", "ok", ""),
    ("011 44 20 7946 0812", "US", "+442079460812", "+442079460812", "ok", ""),
    ("tel:+44-20-7946-0812", "", "+442079460812", "+442079460812", "ok", ""),
    ("'+442079460812", "", "+442079460812", "+442079460812", "ok", ""),
    ('="+442079460812"', "", "+442079460812", "+442079460812", "ok", ""),
    ("＋４４ ２０ ７９４６ ０８１２", "", "+442079460812", "+442079460812", "ok", ""),
    ("(617) 555-0142", "US", "+16175550142", "+16175550142", "ok", ""),
    ("1-617-555-0142", "US", "+16175550142", "+16175550142", "ok", ""),
    ("617.555.0142", "us", "+16175550142", "+16175550142", "ok", ""),
    ("617-555-0199", "", "617-555-0199", "6175550199", "ok", ""),
    ("447700900141", "", "447700900141", "447700900141", "ok", ""),
    ("447700900141.0", "", "447700900141.0", "447700900141", "ok", ""),
    ("+44 7700 900141", "", "+447700900141", "+447700900141", "doubtful", "phone-doubtful"),
    ("+33 6 39 98 12 34", "", "+33639981234", "+33639981234", "doubtful", "phone-doubtful"),
    ("+353 20 917 5512", "", "+353209175512", "+353209175512", "doubtful", "phone-doubtful"),
    ("+39 02 12345678", "", "+390212345678", "+390212345678", "ok", ""),
    ("+39 (0)2 12345678", "", "+390212345678", "+390212345678", "ok", ""),
    ("+49 30 23125-014 Durchwahl 12", "", "+493023125014;ext=12", "+493023125014", "ok", ""),
    ("+1 617 555 0142 x12", "", "+16175550142;ext=12", "+16175550142", "ok", ""),
    ("+16175550142;ext=12", "", "+16175550142;ext=12", "+16175550142", "ok", ""),
    ("4343500", "", "4343500", "4343500", "doubtful", "phone-local"),
    ("4343500", "US", "4343500", "4343500", "doubtful", "phone-local"),
    ("4.477E+11", "", "4.477E+11", "", "damaged", "phone-rounded"),
    ("4,47701E+11", "GB", "4,47701E+11", "", "damaged", "phone-rounded"),
    ("-48699555014", "", "-48699555014", "+48699555014", "damaged", "phone-minus"),
    ("O2O 7946 O812", "GB", "O2O 7946 O812", "", "damaged", "phone-misread"),
    ("000-000-0000", "US", "+10000000000", "+10000000000", "placeholder", "phone-placeholder"),
    ("000-000-0000", "", "000-000-0000", "0000000000", "placeholder", "phone-placeholder"),
    ("1234567890", "", "1234567890", "1234567890", "placeholder", "phone-placeholder"),
    ("+1 111 111 1111", "", "+11111111111", "+11111111111", "placeholder", "phone-placeholder"),
    ("999 9999999", "", "999 9999999", "9999999999", "placeholder", "phone-placeholder"),
    ("n/a", "", "n/a", "", "placeholder", "phone-placeholder"),
    ("none", "", "none", "", "placeholder", "phone-placeholder"),
    ("12", "", "12", "", "invalid", "phone-invalid"),
    ("call me", "", "call me", "", "invalid", "phone-invalid"),
    ("jo@birchwater.example", "", "jo@birchwater.example", "", "invalid", "phone-invalid"),
    ("", "", "", "", "", ""),
]


@pytest.mark.parametrize(("text", "region", "shown", "key", "quality", "code"), CASES)
def test_a_number_is_judged(text: str, region: str, shown: str, key: str, quality: str, code: str) -> None:
    found = phones.clean_one(text, region)
    assert (found.phone, found.key, found.quality) == (shown, key, quality)
    assert [issue[0] for issue in found.issues] == ([code] if code else [])


def test_damage_is_not_repaired_but_a_better_number_suggested() -> None:
    assert phones.clean_one("-48699555014").issues[0][2] == "+48699555014"
    assert phones.clean_one("O2O 7946 O812", "GB").issues[0][2] == "+442079460812"


@pytest.mark.parametrize(
    ("text", "region", "kind"),
    [
        ("+44 20 7946 0812", "", "fixed"),
        ("+48 699 555 014", "", "mobile"),
        ("(617) 555-0142", "US", "fixed-or-mobile"),
        ("+1 800 356 9377", "", "toll-free"),
        ("617-555-0142", "", ""),
    ],
)
def test_the_kind_of_line(text: str, region: str, kind: str) -> None:
    assert phones.clean_one(text, region).kind == kind


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("+44 20 7946 0812; 020 7946 0813", ["+44 20 7946 0812", "020 7946 0813"]),
        ("030/23125014", ["030/23125014"]),
        ("030 23125014 / 030 23125015", ["030 23125014", "030 23125015"]),
        ("+16175550142;ext=12", ["+16175550142;ext=12"]),
        ("617-555-0142 or 617-555-0199", ["617-555-0142", "617-555-0199"]),
        ("", []),
    ],
)
def test_a_cell_is_split_where_both_sides_are_numbers(cell: str, numbers: list[str]) -> None:
    assert phones.split(cell) == numbers


def test_numbers_with_and_without_country_code_meet_in_their_tail() -> None:
    assert phones.tail_key("+442079460812") == phones.tail_key("02079460812") == phones.tail_key("442079460812")
    assert phones.tail_key("4343500") == "4343500"
    assert phones.tail_key("0012") == ""


@pytest.mark.parametrize("region", ["", "GB", "US"])
def test_the_column_says_what_the_scalar_says(region: str) -> None:
    texts = [case[0] for case in CASES] * 2
    cleaned = phones.clean_column(pa.array(texts), region)
    expected = [phones.clean_one(text, region) for text in texts]
    assert cleaned.table.to_pylist() == [
        dict(zip(phones.Phone._fields[:-1], one[:-1], strict=True)) for one in expected
    ]
    assert cleaned.issues["code"].to_pylist() == [issue[0] for one in expected for issue in one.issues]


def test_each_row_may_have_its_own_region() -> None:
    column, regions = pa.array(["020 7946 0812", "617-555-0142"]), pa.array(["GB", "US"])
    assert phones.clean_column(column, regions).table["key"].to_pylist() == ["+442079460812", "+16175550142"]


EXAMPLES = [
    (region, number)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    for kind in range(11)
    if (number := phonenumbers.example_number_for_type(region, kind))
]


@pytest.mark.parametrize("text", ["( 008) 212-3456", "(0 08) 212-3456", "(.008 212 34567"])
def test_zeros_apart_are_left_to_phonenumbers(text: str) -> None:
    assert phone_forms.digits(text) == ""
    assert phones.clean_column(pa.array([text]), "").table["key"].to_pylist() == [phones.clean_one(text, "").key]


@given(st.randoms(use_true_random=False), st.sampled_from(EXAMPLES), st.sampled_from(EXAMPLES), st.integers(0, 4))
@settings(deadline=None, max_examples=1500)
def test_the_fast_way_says_what_phonenumbers_says(
    dice: random.Random,
    example: tuple[str, phonenumbers.PhoneNumber],
    other: tuple[str, phonenumbers.PhoneNumber],
    form: int,
) -> None:
    region, number = example
    text = ("00" if form == 4 else "") + phonenumbers.format_number(number, (0, 1, 2, 2, 0)[form]).lstrip(
        "+" if form == 4 else ""
    )
    text = scramble(text, dice)
    home = dice.choice([region, region, "", "US", "GB", "IT", other[0]])
    quick = phone_forms.parse(digits, home) if (digits := phone_forms.digits(text)) else None
    if quick:
        assert phones._ask(text, home) == (*quick, bool(quick[1]))
        assert phonenumbers.is_valid_number(phonenumbers.parse(quick[0])) == bool(quick[1])


@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=40))
@settings(deadline=None, max_examples=200)
def test_a_column_of_all_countries_says_what_the_scalar_says(
    dice: random.Random, examples: list[tuple[str, phonenumbers.PhoneNumber]]
) -> None:
    texts, homes = [], []
    for region, number in examples:
        texts.append(scramble(phonenumbers.format_number(number, dice.randrange(3)), dice))
        homes.append(dice.choice([region, region, "", "US", "GB", "IT", "xx"]))
    cleaned = phones.clean_column(pa.array(texts), pa.array(homes))
    expected = [phones.clean_one(text, home) for text, home in zip(texts, homes, strict=True)]
    assert cleaned.table.to_pylist() == [
        dict(zip(phones.Phone._fields[:-1], one[:-1], strict=True)) for one in expected
    ]
    flaws = [(row, *issue) for row, one in enumerate(expected) for issue in one.issues]
    assert [tuple(issue[name] for name in ("position", "code", "message", "suggestion"))
            for issue in cleaned.issues.to_pylist()] == flaws


def scramble(text: str, dice: random.Random) -> str:
    """Up to two slips of the finger."""
    for _ in range(dice.randrange(3)):
        place = dice.randrange(len(text))
        new = dice.choice(["", *"0123456789 -/()"])
        text = text[:place] + new + text[place + dice.randrange(2) :]
    return text or "0"


@given(st.text(alphabet="0123456789 +-()/.xX;extO", max_size=30), st.sampled_from(["", "US", "GB", "DE", "IT"]))
@settings(deadline=None, max_examples=300)
def test_no_text_is_lost_or_stops_it(text: str, region: str) -> None:
    found = phones.clean_one(text, region)
    assert bool(found.phone) == bool(text.strip(" '")) or not found.phone.strip()
    assert found.quality or not found.phone
