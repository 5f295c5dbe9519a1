"""How a file is read with what is known beside it: own layouts, confirmed mappings, addresses of other sources."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import listmerge
from listmerge.errors import InputError, OptionError
from listmerge.model import RawTable
from listmerge.pipeline.place import Silence

from .lists import Table, person

FIRMS = "Zeta,Eta\nNorthwind Ltd,7\nSouthsea GmbH,8\nEastgate Inc,9\nWestbrook Ltd,4\n"
OWN = """id = "ours"
system = "Our own shop"
export = "export"
certainty = "verified"
detect = ["Qx", "Qy"]
columns = '''
Qx | full_name
Qy | email
'''
"""


def write(table: Table, name: str, text: str) -> str:
    path = table.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


class Vouching(Silence):
    """Someone at the screen who says yes."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def vouches_for(self, table: RawTable) -> bool:
        self.asked.append(table.name)
        return True


# --- unknown columns --------------------------------------------------------------------------------------------------


def test_columns_that_nobody_is_sure_of_are_refused_and_the_other_files_read(table: Table) -> None:
    good = table.write("people.csv", [person(number) for number in range(5)])
    done = listmerge.import_files([write(table, "firms.csv", FIRMS), good], table.place)
    assert [(failure.code, failure.exit_status) for failure in done.failures] == [("unsure-mapping", 3)]
    assert "'1' as company" in done.failures[0].what and done.failures[0].hint
    assert [line["source"] for line in done.sources] == ["people"]
    assert done.exit_status == 3


def test_inspect_shows_a_doubtful_mapping_with_confidence_and_reason(table: Table) -> None:
    (shown,), failures = listmerge.inspect(write(table, "firms.csv", FIRMS), table.place)
    assert failures == [] and shown["confidence"] < 0.7
    assert [(column["field"], column["reason"]) for column in shown["columns"]] \
        == [("company", "the values are names of organisations")]
    assert "unsure-mapping" in {issue["code"] for issue in shown["issues"]}


def test_a_pinned_mapping_is_sure_and_remembered_for_its_source(table: Table) -> None:
    firms = write(table, "firms.csv", FIRMS)
    listmerge.import_files(firms, table.place, maps={"company": "Zeta", "identifier": "Eta"})
    write(table, "firms.csv", FIRMS.replace("Northwind", "Norwind"))
    done = listmerge.import_files(firms, table.place)
    assert done.failures == [] and done.sources[0]["state"] == "changed"
    (shown,), _ = listmerge.inspect(firms, table.place)
    assert [(column["field"], column["reason"]) for column in shown["columns"]] \
        == [("company", "you said so"), ("identifier", "you said so")]


def test_a_remembered_mapping_holds_for_the_same_headers_of_the_same_source_only(table: Table) -> None:
    listmerge.import_files(write(table, "firms.csv", FIRMS), table.place, maps={"company": "Zeta"})
    for name, text in (("others.csv", FIRMS.replace("Ltd", "Inc")), ("firms.csv", FIRMS.replace("Eta", "Theta", 2))):
        with pytest.raises(InputError) as caught:
            listmerge.import_files(write(table, name, text), table.place)
        assert caught.value.code == "unsure-mapping"


def test_the_configuration_pins_as_well(table: Table) -> None:
    write(table, "workspace/listmerge.toml", "[sources.firms.map]\ncompany = 'Zeta'\n")
    assert listmerge.import_files(write(table, "firms.csv", FIRMS), table.place).failures == []


def test_who_sits_at_the_screen_is_asked_once(table: Table) -> None:
    firms, person_there = write(table, "firms.csv", FIRMS), Vouching()
    for text in (FIRMS, FIRMS.replace("Northwind", "Norwind")):
        write(table, "firms.csv", text)
        assert listmerge.import_files(firms, replace(table.place, listener=person_there)).failures == []
    assert person_there.asked == [firms]


def test_a_column_is_known_by_the_addresses_that_other_sources_hold(table: Table) -> None:
    people = [person(number) for number in range(10)]
    table.run(table.write("crm.csv", people))
    rows = "".join(f"{number},{one['E-mail'] if number < 4 else 'see card'}\n" for number, one in enumerate(people))
    shown, _ = listmerge.inspect(write(table, "till.csv", "Till,Zeta\n" + rows), table.place)
    assert [(column["field"], column["reason"]) for column in shown[0]["columns"]] \
        == [("email", "the values are e-mail addresses that other sources hold too")]


def test_ids_that_do_not_name_the_records_are_no_ids(table: Table) -> None:
    people = [person(number) | {"ID": f"K{number}"} for number in range(500)[:40]]
    many = [{**people[number % 40], "ID": f"K{number}", "E-mail": f"p{number}@firm.example"} for number in range(2100)]
    many[-1]["ID"] = "K3"       # far below what is looked at first
    headers = ("ID", *person(0))
    table.run(table.write("crm.csv", many, headers))
    assert {row["source_id"] for row in table.rows("crosswalk.csv")} == {""}


# --- layouts of the user's own ----------------------------------------------------------------------------------------

SHOP = "Qx,Qy\nAnn Lee,ann@firm.example\n"


def test_a_layout_in_the_workspace_is_used_and_listed(table: Table) -> None:
    write(table, "workspace/layouts/ours.toml", OWN)
    (shown,), _ = listmerge.inspect(write(table, "shop.csv", SHOP), table.place)
    assert (shown["system"], shown["layout"], shown["certainty"]) == ("Our own shop", "ours", "verified")
    assert {"name": "ours", "system": "Our own shop", "export": "export", "certainty": "verified"} \
        in listmerge.known_layouts(table.place)
    table.run(str(table.folder / "shop.csv"))
    assert [row["full_name"] for row in table.rows("master.csv")] == ["Ann Lee"]


def test_a_layout_file_may_be_named(table: Table) -> None:
    layout = write(table, "ours.toml", OWN.replace('["Qx", "Qy"]', "[]"))
    (shown,), _ = listmerge.inspect(write(table, "shop.csv", SHOP), table.place, layout=layout)
    assert shown["layout"] == "ours"
    assert listmerge.import_files(str(table.folder / "shop.csv"), table.place, layout=layout).failures == []


def test_an_edited_layout_is_read_again(table: Table) -> None:
    shop = write(table, "shop.csv", SHOP)
    for system in ("Our own shop", "Another shop"):
        layout = write(table, "ours.toml", OWN.replace("Our own shop", system))
        assert listmerge.inspect(shop, table.place, layout=layout)[0][0]["system"] == system


@pytest.mark.parametrize(("name", "text", "code"), [
    ("none.toml", "", "no-layout-file"), ("broken.toml", "id = 'x'", "layout-broken"),
])
def test_a_layout_file_that_is_none(table: Table, name: str, text: str, code: str) -> None:
    layout = write(table, name, text) if text else str(table.folder / name)
    with pytest.raises(OptionError) as caught:
        listmerge.import_files(write(table, "shop.csv", SHOP), table.place, layout=layout)
    assert caught.value.code == code


def test_a_layout_can_be_checked(table: Table) -> None:
    assert listmerge.check_layout(write(table, "ours.toml", OWN)) == []
    assert listmerge.check_layout(write(table, "ours.toml", OWN.replace("| email", "| emial"))) \
        == ["column 'Qy': there is no field 'emial', did you mean email?"]
    assert listmerge.check_layout(Path(write(table, "no.toml", "id = 'x'"))) == ["a setting is missing: system, export"]
