"""What rows say of their addresses: who agreed, who said no, whether mail arrives; when, and how sure that is."""

from __future__ import annotations

from typing import Any

import pytest
from tests.stages.clean_lists import clean, mapping_of, shown

from listmerge.stages.clean import Cleaned

EMAIL = "ann@bo.example"


def said(made: Cleaned) -> list[Any]:
    return shown(made.statements, "address_key", "fact", "value", "date", "explicit")


@pytest.mark.parametrize(("meaning", "text", "fact", "value"), [
    ("status-word", "subscribed", "permission", "express"),
    ("status-word", "Unsubscribed", "refusal", "unsubscribed"),
    ("opt-in-flag", "ja", "permission", "express"),
    ("opt-in-flag", "0", "permission", "none"),
    ("opt-out-flag", "TRUE", "refusal", "unsubscribed"),
    ("do-not-contact-flag", "1", "refusal", "do-not-contact"),
    ("complaint-flag", "yes", "refusal", "complaint"),
    ("bounce-code", "5.1.1", "deliverability", "hard-bounce"),
    ("bounce-type", "soft", "deliverability", "soft-bounce"),
])
def test_a_column_states_one_fact_without_a_date(meaning: str, text: str, fact: str, value: str) -> None:
    made = clean(mapping_of("email", f"consent={meaning}"), (EMAIL, text))
    assert said(made) == [(EMAIL, fact, value, "", False)]


@pytest.mark.parametrize(("meaning", "text"), [("opt-out-flag", "0"), ("opt-in-date", ""), ("bounce-code", "5.7.1")])
def test_what_states_nothing(meaning: str, text: str) -> None:
    assert said(clean(mapping_of("email", f"consent={meaning}"), (EMAIL, text))) == []


def test_a_dated_opt_in_is_explicit() -> None:
    made = clean(mapping_of("email", "consent=opt-in-date", "consent=confirm-date"),
                 (EMAIL, "2024-02-19 10:52", "2024-02-20"))
    assert said(made) == [(EMAIL, "permission", "express", "2024-02-19", True),
                          (EMAIL, "permission", "confirmed", "2024-02-20", True)]


def test_a_status_word_is_explicit_only_with_the_date_of_its_opt_in() -> None:
    opt_in = mapping_of("email", "consent=status-word", "consent=opt-in-date")
    with_opt_in = clean(opt_in, (EMAIL, "subscribed", "2024-02-19"))
    assert (EMAIL, "permission", "express", "2024-02-19", True) in said(with_opt_in)
    last_changed = clean(mapping_of("email", "consent=status-word", "consent=status-date"),
                         (EMAIL, "subscribed", "2024-02-19"))
    assert said(last_changed) == [(EMAIL, "permission", "express", "2024-02-19", False)]
    never_opted = clean(opt_in, (EMAIL, "subscribed", ""))
    assert said(never_opted) == [(EMAIL, "permission", "express", "", False)]


def test_an_opt_in_is_not_explicit_where_the_row_refuses_now() -> None:
    made = clean(mapping_of("email", "consent=status-word", "consent=opt-in-date"),
                 (EMAIL, "unsubscribed", "2024-02-19"))
    assert said(made) == [(EMAIL, "refusal", "unsubscribed", "", False),
                          (EMAIL, "permission", "express", "2024-02-19", False)]


def test_dates_belong_to_the_statement_that_they_are_mapped_for() -> None:
    made = clean(mapping_of("email", "consent=status-word", "consent=opt-out-date", "consent=bounce-date",
                            "consent=bounce-type"),
                 (EMAIL, "unsubscribed", "2024-03-01", "2025-01-01", "hard"))
    assert (EMAIL, "refusal", "unsubscribed", "2024-03-01", False) in said(made)
    assert (EMAIL, "deliverability", "hard-bounce", "2025-01-01", False) in said(made)
    assert all(date == "2024-03-01" for _, fact, _, date, _ in said(made) if fact == "refusal")


def test_facts_hold_for_their_group_or_for_all_addresses_of_the_row() -> None:
    row = ("Ann Bo", "a@x.example", "b@x.example", "1")
    of_group = clean(mapping_of("full_name", "email:1", "email:2", "consent:2=opt-out-flag"), row)
    assert shown(of_group.statements, "address_key") == ["b@x.example"]
    of_row = clean(mapping_of("full_name", "email:1", "email:2", "consent=opt-out-flag"), row)
    assert shown(of_row.statements, "address_key") == ["a@x.example", "b@x.example"]


def test_a_refusal_of_the_row_holds_for_all_people_in_it_and_a_permission_for_its_own() -> None:
    fields = ("email", "given_name@1", "family_name@1", "email@1")
    row = ("info@x.example", "Ann", "Bo", EMAIL, "1")
    assert shown(clean(mapping_of(*fields, "consent=opt-out-flag"), row).statements, "address_key") == [
        "info@x.example", EMAIL]
    assert shown(clean(mapping_of(*fields, "consent=opt-in-flag"), row).statements, "address_key") == ["info@x.example"]


def test_a_refusal_without_an_address_is_kept_for_the_whole_contact() -> None:
    made = clean(mapping_of("full_name", "email", "phone", "consent=opt-out-flag"),
                 ("Ann Bo", "", "+44 20 7946 0812", "1"), ("Cy Dee", "", "", "0"),
                 ("Ed Fay", "not an address", "", "1"))
    assert shown(made.statements, "contact", "address", "address_key", "value") == [
        (0, "", "", "unsubscribed"), (2, "not an address", "", "unsubscribed")]
    permitted = clean(mapping_of("full_name", "email", "consent=opt-in-flag"), ("Ann Bo", "", "1"))
    assert permitted.statements.num_rows == 0


def test_channels_have_their_own_addresses() -> None:
    mapping = mapping_of("full_name", "email", "phone", "consent=opt-out-flag")
    columns = (*mapping.columns[:3], mapping.columns[3].__class__(3, "no calls", "consent", meaning="opt-out-flag",
                                                                  channel="phone"))
    made = clean(mapping.__class__("", "", columns), ("Ann Bo", EMAIL, "+44 20 7946 0812", "1"))
    assert shown(made.statements, "channel", "address_key") == [("phone", "+442079460812")]


def test_constants_hold_for_every_row_and_the_list_permits_where_the_row_is_silent() -> None:
    constant = clean(mapping_of("email", constants=(("refusal", "unsubscribed"),)), (EMAIL,), ("cy@dee.example",))
    assert shown(constant.statements, "address_key", "fact", "value") == [
        (EMAIL, "refusal", "unsubscribed"), ("cy@dee.example", "refusal", "unsubscribed")]
    listed = clean(mapping_of("email", "consent=status-word", permission="express"),
                   (EMAIL, ""), ("cy@dee.example", "unsubscribed"), ("ed@fay.example", "pending"))
    assert shown(listed.statements, "address_key", "value") == [
        (EMAIL, "express"), ("cy@dee.example", "unsubscribed"), ("ed@fay.example", "pending")]


def test_method_and_reason_are_kept_as_written() -> None:
    made = clean(mapping_of("email", "consent=opt-in-flag", "consent=method", "consent=bounce-type", "consent=reason"),
                 (EMAIL, "1", "web form", "hard", "user unknown"))
    assert shown(made.statements, "fact", "method") == [("permission", "web form"), ("deliverability", "user unknown")]


def test_words_that_are_not_known_are_issues() -> None:
    made = clean(mapping_of("email", "consent=status-word"), (EMAIL, "blorp"))
    assert shown(made.issues, "field", "code", "value") == [("consent=status-word header", "unknown-status", "blorp")]
    assert made.statements.num_rows == 0
