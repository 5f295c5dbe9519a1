"""Dates: one form, the order decided by the column, nothing guessed."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listmerge.fields import dates

CASES = [  # text, date, code of the issue
    ("1979-03-07", "1979-03-07", ""),
    ("2024-02-01 10:54:27", "2024-02-01", ""),
    ("20241101", "2024-11-01", ""),
    ("1979-03-07T00:00:00+02:00", "1979-03-07", ""),
    ("2026-05-02T07:00:00.000Z", "2026-05-02", ""),
    ("20241101T120000Z", "2024-11-01", ""),
    ("12 Mar 2024", "2024-03-12", ""),
    ("12-Mar-24", "2024-03-12", ""),
    ("Mar 12, 2024", "2024-03-12", ""),
    ("March 12th, 2024", "2024-03-12", ""),
    ("12. März 1980", "1980-03-12", ""),
    ("3 août 1985", "1985-08-03", ""),
    ("12 de marzo de 1980", "1980-03-12", ""),
    ("12 dicembre 1980", "1980-12-12", ""),
    ("5 października 1980", "1980-10-05", ""),
    ("1 mei 1980", "1980-05-01", ""),
    ("12 января 1980", "1980-01-12", ""),
    ("Sat, 02 May 2026 07:00:00 GMT", "2026-05-02", ""),
    ("2026年5月3日", "2026-05-03", ""),
    ("31/12/1991", "1991-12-31", ""),
    ("12/30/1991", "1991-12-30", ""),
    ("23.11.1968", "1968-11-23", ""),
    ("23.11.68", "1968-11-23", ""),
    ("03/03/2026", "2026-03-03", ""),
    ("2026/05/02", "2026-05-02", ""),
    ("'1979-03-07", "1979-03-07", ""),
    ("1604-03-07", "--03-07", ""),
    ("--03-07", "--03-07", ""),
    ("--0307", "--03-07", ""),
    ("--02-29", "--02-29", ""),
    ("0/0/00", "", ""),
    ("0000-00-00", "", ""),
    ("0000-00-00 00:00:00", "", ""),
    ("", "", ""),
    ("n/a", "", "date-placeholder"),
    ("-", "", ""),
    ("03-Apr", "", "date-unreadable"),
    ("45341.4375", "", "date-unreadable"),
    ("#VALUE!", "", "date-unreadable"),
    ("31.02.2024", "", "date-unreadable"),
    ("2024-13-01", "", "date-unreadable"),
    ("soon", "", "date-unreadable"),
    ("03/04/2026", "", "date-ambiguous"),
    ("01.02.03", "", "date-ambiguous"),
]


@pytest.mark.parametrize(("text", "iso", "code"), CASES)
def test_a_date_is_read_without_guessing(text: str, iso: str, code: str) -> None:
    found = dates.clean_one(text)
    assert found.date == iso
    assert [issue[0] for issue in found.issues] == ([code] if code else [])


@pytest.mark.parametrize(
    ("texts", "order", "isos"),
    [
        (["03/04/2026", "13/04/2026"], "", ["2026-04-03", "2026-04-13"]),
        (["03/04/2026", "04/13/2026"], "", ["2026-03-04", "2026-04-13"]),
        (["03/04/2026", "13/04/2026"], "mdy", ["2026-04-03", "2026-04-13"]),  # the column knows better than the system
        (["03/04/2026", "05/06/2026"], "mdy", ["2026-03-04", "2026-05-06"]),
        (["03/04/2026", "05/06/2026"], "dmy", ["2026-04-03", "2026-06-05"]),
        (["03/04/2026", "05/06/2026"], "", ["", ""]),
        (["03/04/2026", "13/04/2026", "04/13/2026"], "dmy", ["", "2026-04-13", "2026-04-13"]),
        (["13/04/2026 10:00", "1/2/2026 9:30 AM"], "", ["2026-04-13", "2026-02-01"]),
        ([], "", []),
    ],
)
def test_the_column_decides_the_order(texts: list[str], order: str, isos: list[str]) -> None:
    assert dates.clean_column(pa.array(texts, pa.string()), order).table["date"].to_pylist() == isos


def test_a_birthday_in_the_future_is_none() -> None:
    assert dates.clean_one("2030-01-01", today="2026-11-22").issues[0][0] == "date-in-future"
    assert dates.clean_one("2030-01-01", today="2026-11-22").date == ""
    assert dates.clean_one("--12-31", today="2026-11-22").date == "--12-31"


@pytest.mark.parametrize(
    ("text", "system", "iso"),
    [
        ("45341.4375", "1900", "2024-02-19"),
        ("28921", "1900", "1979-03-07"),
        ("27459", "1904", "1979-03-07"),
        ("1", "1900", "1900-01-01"),
        ("59", "1900", "1900-02-28"),
        ("61", "1900", "1900-03-01"),
        ("45341,5", "1900", "2024-02-19"),
    ],
)
def test_serials_are_read_when_asked(text: str, system: str, iso: str) -> None:
    assert dates.clean_one(text, serials=system).date == iso


def test_unix_seconds_are_read_when_asked() -> None:
    assert dates.clean_one("1714633200", seconds=True).date == "2024-05-02"
    assert dates.clean_one("1714633200000", seconds=True).date == "2024-05-02"
    assert dates.clean_one("1714633200").date == ""


@given(
    st.dates(min_value=date(1900, 1, 1)), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%d %b %Y", "%B %d, %Y"])
)
def test_any_day_is_read_as_it_was_written(day: date, form: str) -> None:
    if day.year < 2100:
        assert dates.clean_one(day.strftime(form)).date == day.isoformat()


@given(
    st.lists(st.dates(min_value=date(1930, 1, 1), max_value=date(2029, 12, 31)), min_size=1),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]),
)
def test_a_column_is_never_read_in_the_wrong_order(days: list[date], form: str) -> None:
    found = dates.clean_column(pa.array([day.strftime(form) for day in days])).table["date"].to_pylist()
    assert all(iso in ("", day.isoformat()) for iso, day in zip(found, days, strict=True))


@given(st.text(max_size=30))
def test_no_text_stops_it(text: str) -> None:
    found = dates.clean_one(text, today="2026-11-22", serials="1900", seconds=True).date
    assert found == "" or len(found) in (7, 10)
