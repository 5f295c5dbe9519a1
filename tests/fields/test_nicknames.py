"""Which given names may be one person's, and which may not."""

from __future__ import annotations

import pytest

from listmerge.fields.nicknames import name_sets, nickname_sets, same_given_name
from listmerge.fields.text import fold

SAME = [("Bill", "William"), ("Bob", "Robert"), ("Peggy", "Margaret"), ("Bill", "Will"), ("Peggy", "Maggie"),
        ("Maggie", "Marguerite"), ("Théo", "Théodore"),
        ("Jürgen", "Juergen"), ("Sasha", "Alexander"), ("Ravi", "Ravindra"), ("Sergey", "Sergei"),
        ("Наталья", "Natalia"),
        ("Paco", "Francisco"), ("Gosia", "Małgorzata"), ("Muhammad", "Mohamed"), ("Liz", "Elizabeth"), ("Ann", "Ann"),
        ("Feliks", "Felix"), ("Khaled", "Khalid"), ("Xenia", "Kseniya"), ("Аиша", "Aisha"), ("Waleed", "Walid")]
OTHERS = [("Juan", "John"), ("Anna", "Johanna"), ("Maria", "Marianne"), ("Albert", "Alan"), ("Robert", "Richard"),
          ("Julia", "Juliane"), ("Paul", "Paula"), ("Christian", "Christine"), ("", "Bill"), ("Andreas", "Andrea"),
          ("Martin", "Martina"), ("Jan", "Jana"), ("Daniel", "Daniela"), ("Michael", "Michelle"), ("Erik", "Erika"),
          ("Khalid", "Khalida"), ("Ann", "Dee"), ("Susie", "Hannah"),
          ("Peggy", "Rita"), ("Salem", "Salim"), ("Valery", "Valeria"), ("Karim", "Karima"), ("Samir", "Samira")]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_forms_of_one_name(left: str, right: str) -> None:
    assert same_given_name(fold(left), fold(right))
    assert same_given_name(fold(right), fold(left))


@pytest.mark.parametrize(("left", "right"), OTHERS)
def test_two_names(left: str, right: str) -> None:
    assert not same_given_name(fold(left), fold(right))


def test_every_name_of_the_tables_is_folded_and_stands_with_another() -> None:
    for names in name_sets():
        assert len(names) > 1
        assert all(name for name in names)
    assert nickname_sets("william") & nickname_sets("bill")
    assert nickname_sets("no such name") == frozenset()
