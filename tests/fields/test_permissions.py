"""Permission, refusal, deliverability: words, flags, codes, and the ladders."""

from __future__ import annotations

import itertools

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listmerge.fields import data, permissions
from listmerge.model import DELIVERABILITIES, FACTS, MEANINGS, PERMISSIONS, REFUSALS

VALUES = {"permission": PERMISSIONS, "refusal": REFUSALS, "deliverability": DELIVERABILITIES}

CASES = [  # meaning, text, what it states
    ("status-word", "Subscribed", "permission express"),
    ("status-word", "abonniert", "permission express"),
    ("status-word", "Inscrit", "permission express"),
    ("status-word", "Suscrito", "permission express"),
    ("status-word", "Double opt-in", "permission confirmed"),
    ("status-word", "Unconfirmed", "permission pending"),
    ("status-word", "Non-Subscribed", "permission none"),
    ("status-word", "implied", "permission inferred"),
    ("status-word", "Unsubscribed", "refusal unsubscribed"),
    ("status-word", "UNSUBSCRIBED", "refusal unsubscribed"),
    ("status-word", "Abgemeldet", "refusal unsubscribed"),
    ("status-word", "Désabonné", "refusal unsubscribed"),
    ("status-word", "Dado de baja", "refusal unsubscribed"),
    ("status-word", "Disiscritto", "refusal unsubscribed"),
    ("status-word", "Descadastrado", "refusal unsubscribed"),
    ("status-word", "Uitgeschreven", "refusal unsubscribed"),
    ("status-word", "Wypisany", "refusal unsubscribed"),
    ("status-word", "Avregistrerad", "refusal unsubscribed"),
    ("status-word", "Odhlášen", "refusal unsubscribed"),
    ("status-word", "Отписан", "refusal unsubscribed"),
    ("status-word", "Complained", "refusal complaint"),
    ("status-word", "Spam complaint", "refusal complaint"),
    ("status-word", "SUPPRESSED", "refusal do-not-contact"),
    ("status-word", "blacklisted", "refusal do-not-contact"),
    ("status-word", "GDPR deleted", "refusal erased"),
    ("status-word", "Cleaned", "deliverability hard-bounce"),
    ("status-word", "Bounced", "deliverability hard-bounce"),
    ("status-word", "soft bounce", "deliverability soft-bounce"),
    ("status-word", "invalid", "deliverability invalid"),
    ("status-word", "", ""),
    ("status-word", "subscribed; unsubscribed", "refusal unsubscribed"),
    ("opt-in-flag", "1", "permission express"),
    ("opt-in-flag", "no", "permission none"),
    ("opt-in-flag", "", ""),
    ("opt-in-flag", "unsubscribed", "refusal unsubscribed"),
    ("confirmed-flag", "TRUE", "permission confirmed"),
    ("confirmed-flag", "FALSE", ""),
    ("opt-out-flag", "ja", "refusal unsubscribed"),
    ("opt-out-flag", "0", ""),
    ("opt-out-flag", "2024-05-01", "refusal unsubscribed"),
    ("do-not-contact-flag", "X", "refusal do-not-contact"),
    ("do-not-contact-flag", "0", ""),
    ("allow-word", "Allow", ""),
    ("allow-word", "Do Not Allow", "refusal unsubscribed"),
    ("allow-word", "Nicht zulassen", "refusal unsubscribed"),
    ("complaint-flag", "1", "refusal complaint"),
    ("complaint-flag", "2024-05-01 10:00:00", "refusal complaint"),
    ("complaint-flag", "false", ""),
    ("bounce-flag", "yes", "deliverability hard-bounce"),
    ("bounce-flag", "0000-00-00", ""),
    ("bounce-code", "5.1.1", "deliverability hard-bounce"),
    ("bounce-code", "550 5.1.1 user unknown", "deliverability hard-bounce"),
    ("bounce-code", "5.4.4", "deliverability hard-bounce"),
    ("bounce-code", "550", "deliverability hard-bounce"),
    ("bounce-code", "4.2.2", "deliverability soft-bounce"),
    ("bounce-code", "452", "deliverability soft-bounce"),
    ("bounce-code", "5.2.2", "deliverability soft-bounce"),
    ("bounce-code", "5.7.1", ""),
    ("bounce-code", "550 5.7.1 blocked", ""),
    ("bounce-code", "554 message rejected as spam", ""),
    ("bounce-code", "2.0.0", ""),
    ("bounce-code", "250", ""),
    ("bounce-code", "5.1.8 bad sender", ""),
    ("bounce-type", "Permanent", "deliverability hard-bounce"),
    ("bounce-type", "Transient", "deliverability soft-bounce"),
    ("bounce-type", "hard", "deliverability hard-bounce"),
    ("bounce-type", "Undetermined", ""),
    ("bounce-type", "MailboxFull", "deliverability soft-bounce"),
    ("opt-in-date", "2024-05-01", "permission express"),
    ("opt-in-date", "0000-00-00", ""),
    ("opt-in-date", "", ""),
    ("confirm-date", "2024-05-01 10:00:00", "permission confirmed"),
    ("opt-out-date", "01.05.2024", "refusal unsubscribed"),
    ("opt-out-date", "Sat, 02 May 2026 07:00:00 GMT", "refusal unsubscribed"),
    ("opt-out-date", "true", "refusal unsubscribed"),
    ("bounce-date", "2024-05-01", ""),
    ("status-date", "2024-05-01", ""),
    ("method", "web form", ""),
    ("reason", "user unknown", ""),
]


@pytest.mark.parametrize(("meaning", "text", "stated"), CASES)
def test_a_word_states_one_fact(meaning: str, text: str, stated: str) -> None:
    assert permissions.state_one(meaning, text) == (tuple(stated.split(" ")) if stated else None)
    assert permissions.clean_one(meaning, text).issues == ()


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("customer unsubscribed by phone", "unsubscribed"),
        ("opted-out (web)", "unsubscribed"),
        ("hat sich abgemeldet am Telefon", "unsubscribed"),
        ("s'est désabonnée", "unsubscribed"),
        ("on the blacklist since May", "unsubscribed"),
        ("reported us for spam", "complaint"),
    ],
)
def test_an_unknown_word_that_smells_of_refusal_is_one(text: str, stated: str) -> None:
    found = permissions.clean_one("status-word", text)
    assert (found.fact, found.value) == ("refusal", stated)
    assert found.issues[0][0] == "unknown-status"


def test_an_unknown_word_states_nothing_and_is_an_issue() -> None:
    found = permissions.clean_one("status-word", "Blubb")
    assert (found.fact, found.value) == ("", "")
    assert found.issues[0][0] == "unknown-status"
    assert permissions.state_one("status-word", "Blubb") is None


def test_every_meaning_is_read_and_no_other() -> None:
    assert set(permissions._READERS) == set(MEANINGS)
    with pytest.raises(KeyError):
        permissions.clean_one("mood", "good")


def test_every_word_of_the_table_states_a_known_value_once() -> None:
    rows = data.rows("status_words.tsv")
    words = [word for _, _, *words in rows for word in words]
    assert len(words) == len(set(words))
    assert all(fact == "-" or (fact in FACTS and value in VALUES[fact]) for fact, value, *_ in rows)


@pytest.mark.parametrize(
    "word", ["yes", "Ja", "OUI", "sí", "x", "1", "TRUE", "Allow", "✓", "sim", "tak", "да", "1.0", "wahr"]
)
def test_true(word: str) -> None:
    assert permissions.truth(word) is True


@pytest.mark.parametrize(
    "word", ["no", "Nein", "non", "0", "FALSE", "Do Not Allow", "nie", "não", "нет", "0.0", "falsch"]
)
def test_false(word: str) -> None:
    assert permissions.truth(word) is False


@pytest.mark.parametrize("word", ["", "maybe", "2", "2024-01-01", "vielleicht"])
def test_neither(word: str) -> None:
    assert permissions.truth(word) is None


def test_no_word_is_true_and_false() -> None:
    (_, *true), (_, *false) = data.rows("truth_words.tsv")
    assert not set(true) & set(false)


@given(st.lists(st.sampled_from(REFUSALS)))
def test_the_strictest_refusal_is_never_weaker_than_any(refusals: list[str]) -> None:
    found = permissions.strictest(refusals)
    assert all(REFUSALS.index(found) <= REFUSALS.index(one) for one in refusals)
    assert found in [*refusals, ""]


@given(st.lists(st.sampled_from(PERMISSIONS)))
def test_the_best_permission_is_one_that_was_given(given_: list[str]) -> None:
    found = permissions.best(given_)
    assert found in given_ or (found == "unknown" and not given_)
    assert permissions.best([*given_, "unknown"]) == found


def test_unknown_takes_nothing_from_what_is_known() -> None:
    for state, other in itertools.product(DELIVERABILITIES, DELIVERABILITIES):
        worst = permissions.worst_deliverability([state, other])
        assert worst == permissions.worst_deliverability([other, state])
        assert DELIVERABILITIES.index(worst) >= min(DELIVERABILITIES.index(state), DELIVERABILITIES.index(other))
    assert permissions.worst_deliverability(["ok", "unknown"]) == "ok"
    assert permissions.worst_deliverability(["ok", "hard-bounce"]) == "hard-bounce"
    assert permissions.worst_deliverability([]) == "unknown"


@given(
    st.sampled_from(sorted(MEANINGS)),
    st.lists(st.one_of(st.text(max_size=12), st.sampled_from([case[1] for case in CASES]))),
)
def test_the_column_says_what_the_scalar_says(meaning: str, texts: list[str]) -> None:
    cleaned = permissions.clean_column(meaning, pa.array(texts, pa.string()))
    expected = [permissions.clean_one(meaning, text) for text in texts]
    assert cleaned.table.to_pylist() == [{"fact": one.fact, "value": one.value} for one in expected]
    assert all(one.fact in ("", *FACTS) and (not one.fact or one.value in VALUES[one.fact]) for one in expected)
