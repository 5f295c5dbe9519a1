"""What is put together of words, column by column, is what is read one by one."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from listmerge.fields import addresses, companies, name_judge, places, streets
from listmerge.fields import name_words as words
from listmerge.fields.name_case import proper, proper_given
from listmerge.fields.text import clean_distinct

STREET_WORDS = st.sampled_from(
    "main st street strasse hauptstrasse str. grüne straße ul. ul rue de la the apt apt. no bis calle san saint ñu éa "
    "via po box th nd avenue ave weg hauptstr müller of piazza".split())
COMPANY_WORDS = st.sampled_from(
    "Acme Corp GmbH & Co KG and und Ltd Sons S.A. AG Co. Inc pt PT Limited Company a.s. et y self employed n/a none NONE "
    "LLC sp z oo Supp1y +49 Ünal 株式会社 (x) Acme, Inc. Ltd. Corp., Acme. , . www. WWW. Sons,".split())
CITY_WORDS = st.sampled_from(
    "Saint St. St mt FORT ft Munich München koln Monaco di Baviera New York, York ; N/A n/a none unknown kein stmt "
    "İzmir -West Winston-Salem Gda?sk not provided".split())
NAME_WORDS = st.sampled_from(sorted({
    *words.LOWER, *words.SPANISH_SURNAMES, *words.COMPOUND_GIVEN, "smith", "mcdonald", "macias", "mace", "macdonald",
    "ii", "iii", "vi", "viii", "ivi", "li", "ng", "o", "bb", "bbb", "ivanovich", "petrovna", "o'neill", "müller",
    "jones-smith", "dr", "gmbh", "info", "jr", "mary ann"}))


def texts(words: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.lists(words, max_size=5).map(" ".join), max_size=20)


@given(texts(STREET_WORDS))
def test_streets(column: list[str]) -> None:
    assert streets.plain_keys(pa.array(column, pa.string())).to_pylist() == [streets._plain_key(one) for one in column]


@given(st.lists(st.builds(
    lambda number, words, unit, flat: f"{number} {' '.join(words)}{unit} {flat}", st.sampled_from(["12", "9b", "7C"]),
    st.lists(STREET_WORDS | st.sampled_from(["Main", "St.", "Flat", "Ñu", "12th", "a"]), max_size=3),
    st.sampled_from([", Apt", ", flat", ", SUITE", ", dör", ", DÖR", ",", " Apt", ", apt.", ", ſuite", ", St", ", of"]),
    st.sampled_from(["3", "3b", "12 C", "b", "3, 4", "3 bis"]))))
def test_streets_with_flats(lines: list[str]) -> None:
    found = streets.read_plain(pa.array(lines, pa.string()))
    for line, *plain in zip(lines, *(column.to_pylist() for column in found), strict=True):
        assert plain[0] == "" or plain == list(streets.read(line)[:2])


@given(texts(COMPANY_WORDS | st.text(max_size=3)))
def test_companies(column: list[str]) -> None:
    fast = companies.clean_column(pa.array(column, pa.string()))
    slow = clean_distinct([pa.array(column, pa.string())], companies.clean_one, companies.Company)
    assert fast.table.to_pylist() == slow.table.to_pylist()
    assert fast.issues.to_pylist() == slow.issues.to_pylist()


@given(texts(CITY_WORDS | st.text(max_size=3)))
def test_cities(column: list[str]) -> None:
    fast = addresses._clean_cities(pa.array(column, pa.string()))
    slow = clean_distinct([pa.array(column, pa.string())], addresses._City.of, addresses._City, "city")
    assert fast.table.to_pylist() == slow.table.to_pylist()
    assert fast.issues.to_pylist() == slow.issues.to_pylist()


@given(st.lists(st.tuples(st.from_regex(r"[0-9]{5}([ -]?[0-9]{4})?\n?", fullmatch=True),
                          st.sampled_from(["", "US", "GB", "DE", "PR", "Atlantis"]))))
def test_american_postcodes(rows: list[tuple[str, str]]) -> None:
    column, countries = (pa.array([row[place] for row in rows], pa.string()) for place in (0, 1))
    slow = clean_distinct([column, countries], places.clean_postcode, places.Postcode, "postal_code")
    fast = places.clean_postcodes(column, countries)
    assert fast.table.to_pylist() == slow.table.to_pylist()
    assert fast.issues.to_pylist() == slow.issues.to_pylist()


@given(st.lists(st.builds(lambda word, how: how(word), NAME_WORDS | st.from_regex("[a-z]{1,5}", fullmatch=True),
                          st.sampled_from([str, str.upper, str.title, str.capitalize])), max_size=30))
def test_words_of_names(column: list[str]) -> None:
    for word, bits in zip(column, name_judge.usual_words(pa.array(column, pa.string())).tolist(), strict=True):
        if bits:
            assert name_judge.judge_word(word) == (bits, word.lower())
            assert name_judge.judge_part(word, name_judge.judge_word, name_judge.FATHER) == (bits, word.lower())
        if bits > name_judge.WORD:
            assert proper_given(word) == proper(word) == word.capitalize()
