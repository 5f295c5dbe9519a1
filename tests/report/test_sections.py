"""The figures of the report, section by section, from a small run that can be counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pyarrow as pa
import pytest

from listmerge import model
from listmerge.report import charts, merging, quality, sending
from listmerge.report.changes import changes
from listmerge.report.faces import faces, marked
from listmerge.report.material import Before, Material, shortened
from listmerge.report.page import page

Rows = Callable[..., pa.Table]


def test_from_rows_to_people(material: Material) -> None:
    total = sending.sending(material).total
    assert (total.rows, total.rejected, total.contacts, total.merged) == (8, 1, 7, 3)
    assert (total.masters, total.mailable) == (4, 1)
    assert total.elsewhere == 2                                     # Robert Fox and Anna Berg are in several sources


def test_each_source_by_itself(material: Material) -> None:
    lines = {line.source: line for line in sending.sending(material).sources}
    assert list(lines) == ["crm", "newsletter", "xero"]             # the largest first
    crm = lines["crm"]
    assert (crm.rows, crm.rejected, crm.contacts, crm.masters, crm.elsewhere, crm.mailable) == (4, 1, 3, 3, 2, 1)
    assert lines["xero"].mailable == 1 and lines["newsletter"].elsewhere == 2


def test_a_source_without_records_is_listed_too(material: Material) -> None:
    empty = {"source": "empty", "file": "e.csv", "kept": 0, "rejected": 3}
    run = {**material.run, "inputs": [*material.run["inputs"], empty]}
    lines = {line.source: line for line in sending.sending(replace(material, run=run)).sources}
    assert (lines["empty"].rows, lines["empty"].rejected, lines["empty"].masters) == (3, 3, 0)


def test_why_the_others_may_not(material: Material) -> None:
    reasons = sending.sending(material).reasons
    assert [(reason.text, reason.count) for reason in reasons] == [("no permission", 2), ("unsubscribed", 1)]
    assert reasons[1].examples == [{"name": "Anna Berg", "emails": "anna@mail.example", "why": "unsubscribed",
                                    "where": "lists/crm.csv row 2 (line 3); newsletter.csv row 2 (line 3)"}]


def test_reasons_are_counted_by_kind(material: Material) -> None:
    texts = ["", "unsubscribed on 2026-03-04 (a, b)", "unsubscribed (crm), at another address", "hard bounce"]
    masters = material.masters.set_column(4, "why_not", pa.array(texts))
    reasons = sending.sending(replace(material, masters=masters)).reasons
    assert [(reason.text, reason.count) for reason in reasons] == [("unsubscribed", 2), ("hard bounce", 1)]
    assert [example["why"] for example in reasons[0].examples] == texts[1:3]


def test_every_refusal_is_held(material: Material) -> None:
    figures = sending.sending(material)
    assert [(line.words, line.held, line.known) for line in figures.refusals] == [("unsubscribes", 1, 1)]
    assert figures.held


def test_a_refused_address_that_would_be_mailed_is_told(material: Material, rows: Rows) -> None:
    stated = rows(model.STANDING_REFUSALS, [
        {"channel": "email", "address_key": "bob@acme.example", "refusal": "unsubscribed"},
        {"channel": "email", "address_key": "bob@acme.example", "refusal": "complaint"},
        {"channel": "phone", "address_key": "+442079460001", "refusal": "unsubscribed"}])
    figures = sending.sending(replace(material, standing_refusals=stated))
    assert [(line.words, line.held, line.known) for line in figures.refusals] == [
        ("complaints", 0, 1), ("unsubscribes", 1, 1)]               # the strictest of an address counts
    assert not figures.held


def test_the_funnel(material: Material) -> None:
    bars = charts.funnel(sending.sending(material))
    assert [bar.value for bar in bars] == [9, 1, 1, 7, 3, 4, 1]
    assert bars[0].value == material.run["balance"]["rows"]["read"]
    assert bars[0].percent == 100 and bars[-1].percent == 11.1


def test_which_clusters_to_look_at(material: Material) -> None:
    found = merging.clusters(material)
    assert found.sizes.tolist() == [3, 2, 1, 1]
    assert [round(float(value), 3) for value in found.weakest] == [0.62, 0.999, 0, 0]
    assert merging.weakest(found, 20) == [0, 1]
    assert merging.biggest(found, 20) == [0]
    assert merging.names_differ(found, 20) == [0]
    assert merging.size_counts(found) == [("1", 2), ("2", 1), ("3", 1)]


def test_members_side_by_side(material: Material) -> None:
    found = merging.clusters(material)
    [group] = merging.groups(material, found, [0])
    assert (group.name, group.master_id, group.size, group.more) == ("Robert Fox", "M0000000000000000", 3, 0)
    assert [face.where for face, _ in group.members] == [
        "lists/crm.csv row 1 (line 2)", "newsletter.csv row 1 (line 2)", "old/crm.csv row 1 (line 2)"]
    assert [sorted(marks) for _, marks in group.members] == [["address"], ["name"], ["address"]]
    assert group.agree == ["Name", "Company", "E-mail", "Phone"]    # Acme Ltd and ACME Limited: formatting only


def test_of_a_large_cluster_those_that_differ_are_shown(material: Material) -> None:
    [group] = merging.groups(material, merging.clusters(material), [0], shown=1)
    assert [face.source for face, _ in group.members] == ["crm"] and group.more == 2


@pytest.mark.parametrize(("one", "other", "differ"), [
    (("robert", "fox", ""), ("robert", "fox", "jr"), False),        # what one leaves out is no contradiction
    (("robert", "fox", "sr"), ("robert", "fox", "jr"), True),
    (("r", "fox", ""), ("robert", "fox", ""), False),
    (("b", "fox", ""), ("robert", "fox", ""), True),
    (("", "", ""), ("robert", "fox", ""), False),
])
def test_what_differing_means(material: Material, one: tuple[str, ...], other: tuple[str, ...], differ: bool) -> None:
    seen = faces(material, [0, 1])
    members = [replace(seen[index], keys={**seen[index].keys, "name": frozenset([key] if any(key) else [])})
               for index, key in enumerate((one, other))]
    assert ["name" in marks for marks in marked(members)] == [differ, differ]


def test_possible_duplicates_of_those_who_refused_come_first(material: Material) -> None:
    pairs = merging.twins(material, merging.near_people(material))
    assert [pair.names for pair in pairs] == [
        ("Anna Berg", "Ann Berg"), ("Robert Fox", "<script>alert(1)</script> [/foo]")]
    assert [pair.refused for pair in pairs] == ["unsubscribed", ""]
    assert pairs[0].reason == "too little speaks for it"
    assert merging.refused_twins(material).tolist() == [3]


def test_two_people_are_asked_about_once(material: Material, rows: Rows) -> None:
    near = rows(model.NEAR_PAIRS, [{"left": left, "right": 6, "probability": probability, "reason": "x"}
                                   for left, probability in ((0, 0.2), (1, 0.6), (3, 0.1))])
    one = replace(material, near_pairs=near)
    assert list(merging.near_people(one)) == [2, 1]
    assert list(merging.near_order(one)) == [2, 1, 0]
    assert "possible_duplicates.csv has the 3 pairs of their records" in page(one)
    assert "pairs of their records" not in page(material)


def test_conflicts_by_severity(material: Material) -> None:
    must, information = quality.conflicts(material, 10)
    assert (must.severity, must.count, must.fields) == ("must-decide", 1, {"address": 1})
    assert must.shown[0].name == "Robert Fox"
    assert must.shown[0].winner == quality.Said("1 High Street", "lists/crm.csv row 1 (line 2)")    # his row in crm
    assert must.shown[0].others == [quality.Said("2 Low Road", "old/crm.csv row 1 (line 2)")]
    assert (information.count, information.shown) == (1, [])


@pytest.mark.parametrize(("others", "expected"), [
    ("Bob (lists/crm.csv:3)", [("Bob", "lists/crm.csv row 3")]),
    ("Acme (UK) (lists/crm.csv:3); B\\; C", [("Acme (UK)", "lists/crm.csv row 3"), ("B; C", "")]),
    ("x (list (1).csv:2)", [("x", "list (1).csv:2")]),              # no file of this run: as it stands
    ("", []),
])
def test_the_others_of_a_conflict(material: Material, others: str, expected: list[tuple[str, str]]) -> None:
    assert [(one.value, one.where) for one in quality.said(material, others, [])] == expected


def test_flaws_name_file_and_row(material: Material) -> None:
    typo = next(flaw for flaw in quality.flaws(material) if flaw.code == "email-typo")
    assert typo.count == 1
    assert typo.examples[0]["where"] == "lists/crm.csv row 3 (line 4)"
    assert typo.examples[0]["suggestion"] == "x@gmail.example"


def test_what_was_put_right_is_no_flaw(material: Material) -> None:
    repaired = pa.array(["guard-removed"] * material.issues.num_rows)
    mended = replace(material, issues=material.issues.set_column(5, material.issues.field(5), repaired))
    assert quality.flaws(mended) == [] and quality.repairs(material) == []
    assert [(one.code, one.count) for one in quality.repairs(mended)] == [("guard-removed", mended.issues.num_rows)]


def test_overlap_says_who_is_missing_where(material: Material) -> None:
    found = quality.overlap(material)
    assert found.sources == ["crm", "newsletter", "xero"]
    assert found.shared == [[3, 2, 1], [2, 2, 1], [1, 1, 2]]
    missing = {(gap.source, gap.other): gap for gap in found.missing}
    assert missing["xero", "crm"].count == 1
    assert missing["xero", "crm"].examples == [{"name": "Ann Berg", "where": "old/crm.csv row 2 (line 3)"}]


def test_the_balance(material: Material) -> None:
    rows_, cells = quality.balance(material)
    assert rows_.balanced and cells.balanced
    assert rows_.parts == [("kept", 7), ("rejected", 1), ("structure", 1)]
    wrong = replace(material, run={"balance": {"rows": {"read": 9, "kept": 7}}})
    assert not quality.balance(wrong)[0].balanced


def test_what_changed(material: Material, before: Before) -> None:
    found = changes(replace(material, before=before))
    assert found is not None
    assert found.new == {"xero": 1} and found.gone == {} and found.edited == 1
    [edit] = found.edits
    assert (edit.name, edit.where) == ("Bob Fox", "newsletter.csv row 1 (line 2)")
    assert edit.cells == [("name", "B. Fox", "Bob Fox")]
    assert ("may be written to", 2, 1) in found.counts


def test_a_changed_address_is_an_edit(material: Material, before: Before, rows: Rows) -> None:
    phones = [{**row, "phone": "+442079460999"} if row["contact"] == 0 else row for row in material.phones.to_pylist()]
    then = replace(before, contacts=material.contacts, phones=rows(model.PHONES, phones))
    found = changes(replace(material, before=then))
    assert found is not None
    assert [edit.cells for edit in found.edits] == [[("phone", "+442079460999", "+442079460001")]]


def test_nothing_changed(material: Material, before: Before) -> None:
    found = changes(replace(material, before=replace(before, contacts=material.contacts)))
    assert found is not None
    assert (found.new, found.gone, found.edited, found.edits) == ({}, {}, 0, [])


def test_the_first_run_has_no_changes(material: Material) -> None:
    assert changes(material) is None


def test_files_are_named_as_short_as_can_be() -> None:
    assert shortened(["a/b/x.csv", "c/b/x.csv", "a/y.csv", "z.csv", ""]) == {
        "a/b/x.csv": "a/b/x.csv", "c/b/x.csv": "c/b/x.csv", "a/y.csv": "y.csv", "z.csv": "z.csv"}


def test_a_member_is_never_named_without_its_archive() -> None:
    assert shortened(["a/old.zip!subs/x.csv", "b/new.xlsx!Sheet", "x.csv"]) == {
        "a/old.zip!subs/x.csv": "old.zip!subs/x.csv", "b/new.xlsx!Sheet": "new.xlsx!Sheet", "x.csv": "x.csv"}


def test_contacts_are_found_in_a_crosswalk_of_any_order(material: Material) -> None:
    turned = replace(material, crosswalk=material.crosswalk.take(pa.array([6, 5, 4, 3, 2, 1, 0])))
    assert turned.master_ids.equals(material.master_ids)
    assert turned.master_rows.tolist() == [0, 0, 0, 1, 1, 2, 3]
