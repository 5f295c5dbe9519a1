"""Merging, case by case: which value survives, who may be written to, what is said of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.stages.small_lists import Lists, fates_of, merged

from listmerge.errors import Bug, OptionError
from listmerge.stages.merge.severity import addresses, birthdays, given_names, middle_names, suffixes

HOME = {"street": "1 High St", "city": "Leeds", "postal_code": "LS1"}
HIRED = {"source": "hired", "relationship": "hired", "reference_only": True}
CUSTOMERS = {"source": "shop", "relationship": "customer", "permission": "inferred"}


def says(fact: str, value: str, address: str = "", date: str = "", **more: Any) -> dict[str, Any]:
    return {"fact": fact, "value": value, "address": address, "date": date, **more}


def yes(address: str, date: str = "", explicit: bool = False) -> dict[str, Any]:
    return says("permission", "express", address, date, explicit=explicit)


def no(address: str, date: str = "", value: str = "unsubscribed", **more: Any) -> dict[str, Any]:
    return says("refusal", value, address, date, **more)


def masters(lists: Lists, spill: Path, **settings: Any) -> dict[str, dict[str, Any]]:
    """The masters by the cluster's name."""
    made = merged(lists.build(), spill, **settings)
    cluster = {one["record_id"]: one["cluster"] for one in lists.people}
    owner = {row["master_id"]: cluster[row["record_id"]] for row in made["crosswalk"].to_pylist()}
    return {owner[row["master_id"]]: row for row in made["masters"].to_pylist()}


# --- which value survives -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "company"), [
    ("", "Newer"), ("most-recent", "Newer"), ("most-frequent", "Often"), ("most-complete", "Full"),
    ("most-trusted-source", "Trusted"),
])
def test_the_rule_for_a_job_can_be_chosen(rule: str, company: str, tmp_path: Path) -> None:
    lists = Lists(sources=[{"source": "crm", "trust": 0}, {"source": "best", "trust": 0 if not rule else 5}])
    lists.add("a", "p", company="Newer", updated="2026-05-01")
    lists.add("b", "p", company="Often")
    lists.add("c", "p", company="Often")
    lists.add("d", "p", company="Full", department="Sales", job_title="Boss")
    lists.add("e", "p", company="Trusted", source="best")
    assert masters(lists, tmp_path, rules={"job": rule} if rule else {})["p"]["company"] == company


def test_a_rule_that_is_none_is_an_error_with_a_hint(tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "p")
    with pytest.raises(OptionError, match="most-recent"):
        masters(lists, tmp_path, rules={"name": "newest"})


def test_a_whole_name_beats_initials_and_placeholders(tmp_path: Path) -> None:
    lists = Lists(sources=[{"source": "crm", "trust": 9}, {"source": "web"}])
    lists.add("a", "p", given_name="J", family_name="Smith")
    lists.add("b", "p", given_name="Test", family_name="Test", name_quality="placeholder")
    lists.add("c", "p", given_name="John", family_name="Smith", source="web")
    assert masters(lists, tmp_path)["p"]["full_name"] == "John Smith"


def test_of_two_spellings_the_one_that_others_bear_survives(tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "p", given_name="Ann", family_name="Aingleley")
    lists.add("b", "p", given_name="Ann", family_name="Ingleley")
    lists.add("c", "q", given_name="Bob", family_name="Ingleley")
    assert masters(lists, tmp_path)["p"]["family_name"] == "Ingleley"


def test_a_street_beats_a_newer_city(tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "p", addresses=[HOME], updated="2020-01-01")
    lists.add("b", "p", addresses=[{"city": "Leeds"}], updated="2026-01-01")
    found = masters(lists, tmp_path)["p"]
    assert (found["street"], found["addresses"]) == ("1 High St", "1 High St, Leeds, LS1")


def test_semicolons_inside_values_are_escaped(tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "p", phones=[{"phone": "+15550100;ext=12", "phone_key": "+15550100"}, "+15550099"])
    assert masters(lists, tmp_path)["p"]["phones"] == "+15550100\\;ext=12; +15550099"


@pytest.mark.parametrize(("phones", "best", "cell"), [
    pytest.param([("020 7946 0101", "02079460101", ""), ("+442079460101", "+442079460101", "")], "+442079460101",
                 "+442079460101", id="a national number beside its international form"),
    pytest.param([("442079460101", "442079460101", ""), ("+442079460101", "+442079460101", "")], "+442079460101",
                 "+442079460101", id="a plus that was lost"),
    pytest.param([("020 7946 0102", "02079460102", ""), ("+442079460101", "+442079460101", "")], "+442079460101",
                 "020 7946 0102; +442079460101", id="another number"),
    pytest.param([("079460101", "079460101", ""), ("+15579460101", "+15579460101", "")], "+15579460101",
                 "079460101; +15579460101", id="a part of the number"),
    pytest.param([("05550123456", "05550123456", ""), ("+445550123456", "+445550123456", ""),
                  ("+15550123456", "+15550123456", "")], "+15550123456",
                 "+15550123456; +445550123456; 05550123456", id="it may be either"),
    pytest.param([("+15550100", "+15550100", "fax"), ("+15550199", "+15550199", "work")], "+15550199",
                 "+15550199; +15550100", id="a fax comes last"),
    pytest.param([("+15550100", "+15550100", "work fax")], "", "+15550100", id="nothing but a fax"),
    pytest.param([("+15550100", "+15550100", "fax"), ("+15550100", "+15550100", "work")], "+15550100", "+15550100",
                 id="phone and fax in one"),
])
def test_numbers_of_a_master(tmp_path: Path, phones: list[tuple[str, str, str]], best: str, cell: str) -> None:
    lists = Lists()
    for number, (phone, key, label) in enumerate(phones):
        lists.add(f"a{number}", "p", phones=[{"phone": phone, "phone_key": key, "label": label}])
    found = masters(lists, tmp_path)["p"]
    assert found["phone"] == best
    assert sorted(found["phones"].split("; ")) == sorted(cell.split("; "))


def test_what_all_contacts_say_together(tmp_path: Path) -> None:
    lists = Lists(sources=[{"source": "crm", "relationship": "prospect", "snapshot_date": "2026-01-01"},
                           {"source": "shop", "relationship": "customer", "snapshot_date": "2026-02-01"}])
    lists.add("a", "p", categories="b\na")
    lists.add("a", "p", part=1)
    lists.add("b", "p", categories="c; d\na", source="shop")
    found = masters(lists, tmp_path)["p"]
    assert [found[name] for name in ("relationship", "sources", "records", "categories", "last_seen")] == [
        "customer", "crm; shop", "2", "a; b; c\\; d", "2026-02-01"]


def test_a_reference_list_is_matched_but_not_poured_in(tmp_path: Path) -> None:
    lists = Lists(sources=[HIRED])
    lists.add("a", "p", given_name="Ann", family_name="Lee", emails=["ann@x.example"],
              statements=[yes("ann@x.example", "2026-01-01")])
    lists.add("b", "p", given_name="Anne", family_name="Lee", emails=["anne@y.example"], phones=["+15550102"],
              addresses=[HOME], source="hired", birthday="1980-01-01", categories="vip")
    lists.add("c", "q", given_name="Bob", family_name="Ray", emails=["bob@y.example"], source="hired",
              statements=[yes("bob@y.example", "2026-01-01", explicit=True)])
    made = merged(lists.build(), tmp_path)
    found = masters(lists, tmp_path)
    assert [found["p"][name] for name in ("may_email", "emails", "sources")] == ["yes", "ann@x.example", "crm; hired"]
    assert not any(found["p"][name] for name in ("phones", "street", "birthday", "categories"))
    assert (found["q"]["may_email"], found["q"]["why_not"], found["q"]["emails"]) == (
        "no", "only on a reference list", "bob@y.example")
    assert {fate for contact, _, _, fate in fates_of(made["fates"]) if contact == 1} == {"reference-only"}


# --- households and employers -----------------------------------------------------------------------------------------


def test_a_family_at_one_address_is_a_household_and_staff_belong_to_the_one_company(tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "ann", given_name="Ann", family_name="Lee", addresses=[HOME], company="Acme")
    lists.add("b", "bob", given_name="Bob", family_name="Lee", addresses=[HOME], company="Twice")
    lists.add("c", "cat", given_name="Cat", family_name="Ray", addresses=[HOME])
    for name, company in (("d", "Acme"), ("e", "Twice"), ("f", "Twice")):
        lists.add(name, name, kind="organisation", company=company)
    found = masters(lists, tmp_path)
    assert found["ann"]["household_id"] == found["bob"]["household_id"] != ""
    assert found["cat"]["household_id"] == ""
    assert (found["ann"]["organisation_id"], found["bob"]["organisation_id"]) == (found["d"]["master_id"], "")
    assert found["d"]["full_name"] == "Acme"


def test_a_house_of_many_families_is_no_household(tmp_path: Path) -> None:
    lists = Lists()
    for number in range(16):
        lists.add(f"{number:02}", f"p{number}", family_name=f"Family{number // 2}", addresses=[HOME])
    assert {row["household_id"] for row in masters(lists, tmp_path).values()} == {""}


# --- who may be written to -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("statements", "why"), [
    pytest.param([yes("a@x.example")], "", id="express"),
    pytest.param([yes("a@x.example"), says("permission", "unknown", "a@x.example")], "", id="silence is neutral"),
    pytest.param([], "no permission", id="nothing known"),
    pytest.param([yes("b@x.example")], "no permission", id="permission does not travel"),
    pytest.param([says("permission", "pending", "a@x.example")], "opt-in not confirmed", id="pending"),
    pytest.param([says("permission", "inferred", "a@x.example")], "no permission", id="inferred without reason"),
    pytest.param([yes("a@x.example"), no("a@x.example", "2026-03-04")],
                 "unsubscribed on 2026-03-04 (crm)", id="unsubscribed"),
    pytest.param([no("a@x.example", "2026-03-04"), yes("a@x.example", "2026-03-05")],
                 "unsubscribed on 2026-03-04 (crm)", id="a status word lifts nothing"),
    pytest.param([no("a@x.example", "2026-03-04"), yes("a@x.example", "2026-03-05", explicit=True)],
                 "", id="opted in later"),
    pytest.param([no("a@x.example", "2026-03-04T10:00"), yes("a@x.example", "2026-03-04T18:00", explicit=True)],
                 "unsubscribed on 2026-03-04 (crm)", id="the same day is not later"),
    pytest.param([no("a@x.example"), yes("a@x.example", "2026-03-05", explicit=True)], "unsubscribed (crm)",
                 id="an undated refusal stays"),
    pytest.param([no("a@x.example", "2026-03-04"), yes("b@x.example", "2026-03-05", explicit=True),
                  yes("a@x.example")], "unsubscribed on 2026-03-04 (crm)", id="an opt-in of another address"),
    pytest.param([no("a@x.example", "2026-03-04", "complaint"), yes("a@x.example", "2026-03-05", explicit=True)],
                 "complained on 2026-03-04 (crm)", id="a complaint stays"),
    pytest.param([no("", "2026-03-04"), yes("a@x.example", "2026-03-05", explicit=True)],
                 "unsubscribed on 2026-03-04 (crm)", id="a refusal of the whole person"),
    pytest.param([no("+1555", "", "do-not-contact", channel="phone"), yes("a@x.example")], "", id="do not call"),
    pytest.param([no("+1555", "", "erased", channel="phone"), yes("a@x.example")], "erased (crm), at another address",
                 id="erased everywhere"),
    pytest.param([yes("a@x.example"), says("deliverability", "hard-bounce", "a@x.example")],
                 "hard bounce", id="bounced"),
    pytest.param([yes("a@x.example"), says("deliverability", "soft-bounce", "a@x.example")], "", id="soft bounce"),
])
def test_who_may_be_written_to(statements: list[dict[str, Any]], why: str, tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "p", emails=["a@x.example"], phones=["+1555"], statements=statements)
    found = masters(lists, tmp_path)["p"]
    assert (found["may_email"], found["why_not"]) == ("no" if why else "yes", why)


@pytest.mark.parametrize(("allow", "relationship", "may"), [
    (True, "", "yes"), (True, "supplier", "no"), (False, "", "no"),
])
def test_inferred_needs_a_customer_and_the_configuration(
    allow: bool, relationship: str, may: str, tmp_path: Path
) -> None:
    lists = Lists(sources=[CUSTOMERS])
    lists.add("a", "p", emails=["a@x.example"], source="shop", relationship=relationship)
    assert masters(lists, tmp_path, allow_inferred=allow)["p"]["may_email"] == may


def test_a_refusal_follows_the_person_to_the_work_address(tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "p", emails=["work@x.example"], statements=[yes("work@x.example", "2026-05-05", explicit=True)])
    lists.add("b", "p", emails=["home@x.example"], source="news", statements=[no("home@x.example", "2026-03-04")])
    rows = merged(lists.build(), tmp_path)["permission_rows"].to_pylist()
    assert {row["address"]: (row["usable"], row["refusal"], row["why_not"]) for row in rows} == {
        "work@x.example": ("no", "unsubscribed", "unsubscribed on 2026-03-04 (news), at another address"),
        "home@x.example": ("no", "unsubscribed", "unsubscribed on 2026-03-04 (news)"),
    }


def test_a_couple_shares_an_address_and_one_of_them_said_no(tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "her", emails=["us@x.example"], statements=[no("us@x.example", "2026-03-04")])
    lists.add("b", "him", emails=["us@x.example"], statements=[yes("us@x.example")])
    assert {row["may_email"] for row in masters(lists, tmp_path).values()} == {"no"}


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_gone_records_and_people_by_hand_refused_stands(by_hand: bool, tmp_path: Path) -> None:
    lists = Lists(standing=[{"channel": "email", "address_key": "a@x.example", "refusal": "unsubscribed",
                             "date": "2026-03-04", "source": "" if by_hand else "news", "by_hand": by_hand}])
    lists.add("a", "p", emails=["a@x.example"], statements=[yes("a@x.example", "2026-05-05", explicit=True)])
    found = masters(lists, tmp_path)["p"]
    assert (found["may_email"], found["why_not"]) == (
        ("no", "unsubscribed on 2026-03-04 (by hand)") if by_hand else ("yes", ""))


def test_an_old_job_that_bounced_and_a_new_one(tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "p", emails=["old@job.example"],
              statements=[yes("old@job.example"), says("deliverability", "hard-bounce", "old@job.example")])
    lists.add("b", "p", emails=["new@job.example"], source="cards")
    found = masters(lists, tmp_path)["p"]
    assert (found["email"], found["deliverability"], found["may_email"], found["why_not"]) == (
        "new@job.example", "unknown", "no", "no permission")
    assert found["emails"] == "new@job.example; old@job.example"


def test_a_list_whose_time_is_over_gives_nothing(tmp_path: Path) -> None:
    lists = Lists(sources=[{"source": "crm", "use_until": "2026-11-21"}])
    lists.add("a", "p", emails=["a@x.example"], statements=[yes("a@x.example")])
    found = masters(lists, tmp_path)["p"]
    assert (found["may_email"], found["why_not"]) == ("no", "the list may no longer be used")


def test_a_refusal_shows_where_there_is_no_address(tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "p", phones=["+1555"], statements=[no("", "", "do-not-contact")])
    lists.add("b", "q", phones=["+1556"])
    found = masters(lists, tmp_path)
    assert (found["p"]["refusal"], found["p"]["why_not"]) == ("do-not-contact", "do not contact (crm)")
    assert (found["q"]["refusal"], found["q"]["why_not"]) == ("", "no e-mail address")
    rows = {row["address"]: row["refusal"] for row in merged(lists.build(), tmp_path)["permission_rows"].to_pylist()}
    assert rows == {"+1555": "do-not-contact"}


def test_who_agrees_to_post_agrees_for_the_own_addresses(tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "p", addresses=[HOME], statements=[says("permission", "express", channel="post")])
    lists.add("b", "q", addresses=[{**HOME, "street": "2 High St"}])
    rows = merged(lists.build(), tmp_path)["permission_rows"].to_pylist()
    found = [(row["address"], row["channel"], row["usable"]) for row in rows]
    assert found == [("1 High St, Leeds, LS1", "post", "yes")]


def test_a_word_that_is_no_refusal_stops_the_run(tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "p", emails=["a@x.example"], statements=[no("a@x.example", value="maybe")])
    with pytest.raises(Bug, match="refusal"):
        masters(lists, tmp_path)


# --- conflicts -------------------------------------------------------------------------------------------------------


def conflicts(lists: Lists, spill: Path) -> dict[str, tuple[str, str, str, str]]:
    rows: list[dict[str, Any]] = merged(lists.build(), spill)["conflicts"].to_pylist()
    return {row["field"]: (row["winner"], row["rule"], row["others"], row["severity"]) for row in rows}


def test_conflicts_name_winner_rule_others_and_severity(tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "p", given_name="John", family_name="Smith", suffix="Sr", birthday="1950-01-01", source_row=1,
              company="Acme; Co", addresses=[HOME])
    lists.add("b", "p", given_name="Mary", family_name="Jones", suffix="Jr", birthday="1980-01-01", source_row=2,
              company="Bond", updated="2026-01-01", addresses=[{**HOME, "street": "7 Low Rd"}])
    lists.add("c", "p", given_name="JOHN", family_name="SMITH", suffix="SR", birthday="--01-01", source_row=3,
              addresses=[{"city": "Leeds"}])
    assert conflicts(lists, tmp_path) == {
        "given_name": ("JOHN", "most-frequent", "Mary (crm.csv:2)", "must-decide"),
        "family_name": ("SMITH", "most-frequent", "Jones (crm.csv:2)", "worth-a-look"),
        "suffix": ("SR", "most-frequent", "Jr (crm.csv:2)", "must-decide"),
        "birthday": ("1980-01-01", "most-recent", "1950-01-01 (crm.csv:1)", "must-decide"),
        "company": ("Bond", "most-recent", "Acme\\; Co (crm.csv:1)", "worth-a-look"),
        "address": ("7 Low Rd, Leeds, LS1", "most-recent", "1 High St, Leeds, LS1 (crm.csv:1)", "worth-a-look"),
    }


def test_formatting_and_less_of_the_same_are_no_conflict(tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "p", given_name="John", family_name="Smith", company="ACME", addresses=[HOME])
    lists.add("b", "p", given_name="J", family_name="smith", company="Acme", addresses=[{"city": "LEEDS"}])
    assert conflicts(lists, tmp_path) == {}


@pytest.mark.parametrize(("same_source", "severity"), [(True, "information"), (False, "must-decide")])
def test_a_refusal_wins_over_a_permission_and_says_so(same_source: bool, severity: str, tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "p", emails=["a@x.example"], statements=[no("a@x.example", "2026-01-01")])
    lists.add("b", "p", emails=["a@x.example"], statements=[yes("a@x.example", "2026-02-01")],
              source="crm" if same_source else "web")
    name = "crm" if same_source else "web"
    assert conflicts(lists, tmp_path) == {"permission": ("unsubscribed", "refusal-wins", f"express ({name})", severity)}


@pytest.mark.parametrize(("judge", "one", "other", "expected"), [
    (given_names, "j", "john", ""), (given_names, "bill", "william", "information"),
    (given_names, "ann marie", "ann", "information"), (given_names, "giustino", "giustibo", "worth-a-look"),
    (given_names, "john", "mary", "must-decide"), (given_names, "j", "mary", "must-decide"),
    (middle_names, "b", "brian", ""), (middle_names, "carl", "brian", "information"),
    (suffixes, "jr", "sr", "must-decide"), (suffixes, "jr", "phd", "information"),
    (birthdays, "--05-09", "1980-05-09", ""), (birthdays, "--05-09", "1980-05-10", "must-decide"),
    (birthdays, "1980-05-09", "1981-05-09", "must-decide"),
    (addresses, "high st|1|leeds|ls1", "||leeds|", ""),
    (addresses, "high st|1|leeds|10268-7437", "high st|1|leeds|10268", ""),
    (addresses, "high st|1|leeds|ls1", "high st|2|leeds|ls1", "worth-a-look"),
])
def test_how_grave_a_difference_is(judge: Any, one: str, other: str, expected: str) -> None:
    assert judge(one, other) == judge(other, one) == expected


def test_the_crosswalk_has_every_contact(tmp_path: Path) -> None:
    lists = Lists()
    lists.add("a", "p", source_row=1, source_id="x1", probability=0.98765)
    lists.add("a", "p", part=1, source_row=1, probability=0.99999)
    lists.add("b", "q", source_row=2)
    rows: list[dict[str, Any]] = merged(lists.build(), tmp_path)["crosswalk"].to_pylist()
    assert [(row["record_id"], row["part"], row["source_row"], row["source_id"], row["match_probability"])
            for row in rows] == [("a", 0, 1, "x1", "0.9876"), ("a", 1, 1, "", "0.9999"), ("b", 0, 2, "", "")]
    assert len({row["master_id"] for row in rows}) == 2


def test_no_contacts_make_no_masters(tmp_path: Path) -> None:
    made = merged(Lists().build(), tmp_path)
    assert all(isinstance(table, pa.Table) and table.num_rows == 0 for table in made.values())
