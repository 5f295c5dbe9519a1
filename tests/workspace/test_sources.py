"""What a list is called when nobody says so."""

from __future__ import annotations

import pytest

from listmerge.workspace.sources import name_of_stem


@pytest.mark.parametrize(("path", "name"), [
    ("lists/crm.csv", "crm"), ("crm-2026-05-01.csv", "crm"), ("crm_20260501.csv", "crm"), ("2026-05-01 crm.csv", "crm"),
    ("crm 2026-05-01T10-30-00.csv", "crm"), ("crm (2).csv", "crm"), ("crm - Copy.csv", "crm"),
    ("crm - Copy (3).csv", "crm"),
    ("crm-2026-05-01 (1).csv", "crm"), ("Kontakte Kopie.xlsx", "Kontakte"), ("crm 01.05.2026.csv", "crm"),
    ("crm-2026-05.csv", "crm"), ("lists.zip!subscribed.csv", "lists"),
    # what is no date and no copy number stays
    ("febrl3.csv", "febrl3"), ("newsletter_2.csv", "newsletter_2"), ("fake_1000.csv", "fake_1000"),
    ("2026.csv", "2026"),
    ("20260501.csv", "20260501"), ("copy.csv", "copy"), ("Fair 2026.csv", "Fair 2026"), ("photocopy.csv", "photocopy"),
    ("SALESFORCE__contact_report.csv", "SALESFORCE__contact_report"), ("a.b.csv", "a.b"),
])
def test_dates_and_copy_numbers_are_no_part_of_a_name(path: str, name: str) -> None:
    assert name_of_stem(path) == name
