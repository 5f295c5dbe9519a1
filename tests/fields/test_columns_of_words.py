"""What is put together of words, column by column, is what is read one by one."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from listmerge.fields import companies, streets
from listmerge.fields.text import clean_distinct

STREET_WORDS = st.sampled_from(
    "main st street strasse hauptstrasse str. grüne straße ul. ul rue de la the apt apt. no bis calle san saint ñu éa "
    "via po box th nd avenue ave weg hauptstr müller of piazza".split())
COMPANY_WORDS = st.sampled_from(
    "Acme Corp GmbH & Co KG and und Ltd Sons S.A. AG Co. Inc pt PT Limited Company a.s. et y self employed n/a none NONE "
    "LLC sp z oo Supp1y +49 Ünal 株式会社 (x)".split())


def texts(words: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.lists(words, max_size=5).map(" ".join), max_size=20)


@given(texts(STREET_WORDS))
def test_streets(column: list[str]) -> None:
    assert streets.plain_keys(pa.array(column, pa.string())).to_pylist() == [streets._plain_key(one) for one in column]


@given(texts(COMPANY_WORDS | st.text(max_size=3)))
def test_companies(column: list[str]) -> None:
    fast = companies.clean_column(pa.array(column, pa.string()))
    slow = clean_distinct([pa.array(column, pa.string())], companies.clean_one, companies.Company)
    assert fast.table.to_pylist() == slow.table.to_pylist()
    assert fast.issues.to_pylist() == slow.issues.to_pylist()
