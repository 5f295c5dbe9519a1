"""Contacts are sorted by record id and part as texts and numbers sort, whatever the ids look like."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stages.clean_lists import mapping_of, records_of, shown

from listmerge.stages.clean import CleanSettings, clean_part, gather

HEX = st.text("0123456789abcdef", min_size=24, max_size=24)
ODD = st.sampled_from(["a", "ab", "é", "0" * 24, "0" * 23 + "1"])
IDS = st.lists(HEX | HEX.map(lambda text: text[:20] + "#2") | ODD,
               max_size=12, unique=True)


@settings(deadline=None)
@given(IDS)
def test_order_of_contacts(ids: list[str]) -> None:
    rows = [(f"Ann Bo{place}", f"Cy Dee{place}") for place in range(len(ids))]
    records = records_of(rows, ids=ids, width=2)
    made = gather([clean_part(records, mapping_of("full_name", "full_name@1"), CleanSettings())]).tables
    expected = sorted(((record, part) for record in ids for part in (0, 1)), key=lambda key: (key[0].encode(), key[1]))
    assert shown(made.contacts, "record_id", "part") == expected


def test_sliced_columns_are_read_as_they_are() -> None:
    records = pa.concat_tables([records_of([("Ann Bo",), ("Cy Dee",)]), records_of([("Ed Fay",)])]).slice(1)
    made = clean_part(records, mapping_of("full_name"), CleanSettings())
    assert shown(made.contacts, "full_name") == ["Cy Dee", "Ed Fay"]
