"""Every known export is recognised from its header row alone: in any order, among unknown columns, and as no other."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest

from listmerge import importers
from listmerge.errors import InputError, OptionError
from listmerge.layouts.document import all_layouts, check_layout, layouts_document, problems_of
from listmerge.layouts.layout import Layout, load_layouts, parse_columns
from listmerge.layouts.recognise import RecogniseOptions, recognise
from listmerge.model import MEANINGS, Column, Mapping

LAYOUTS = load_layouts()
DETECTED = [layout for layout in LAYOUTS if layout.detect]      # the others are told by the form of their files
ROOT = Path(__file__).parent.parent.parent


def headers_of(layout: Layout) -> list[str]:
    """The layout's own headers, one of each pattern."""
    own = [rule.header.replace("{n}", "1").replace("{any}", "x") for rule in layout.columns]
    return [header for header in own if layout.id != "ldif" or not header.startswith("mozilla")]


def shuffled(headers: list[str], extra: bool) -> list[str]:
    """The headers in another order, and with columns that nobody knows."""
    mixed = list(headers)
    random.Random(len(headers)).shuffle(mixed)
    return ["Our own column", *mixed, "Zzyzx 7"] if extra else mixed


def meant(mapping: Mapping) -> set[tuple[str, ...]]:
    """What the columns mean, without where they stand."""
    return {(column.header, column.field, column.meaning, column.label) for column in mapping.columns}


@pytest.mark.parametrize("layout", DETECTED, ids=lambda layout: layout.id)
def test_a_layout_is_recognised_by_its_own_headers(layout: Layout) -> None:
    options = RecogniseOptions(family=layout.family)
    headers = headers_of(layout)
    plain = recognise(headers, [], options)
    assert plain.layout == layout.id
    assert {column.index for column in plain.columns} == set(range(len(headers)))
    for extra in (False, True):
        assert recognise(shuffled(headers, extra), [], options).layout == layout.id


@pytest.mark.parametrize("layout", [one for one in DETECTED if len(set(headers_of(one))) == len(headers_of(one))],
                         ids=lambda layout: layout.id)
def test_the_order_of_columns_does_not_change_what_they_mean(layout: Layout) -> None:
    if any(rule.detail("after") for rule in layout.columns):
        pytest.skip("its headers are told apart by the block they stand in")
    options = RecogniseOptions(family=layout.family)
    headers = headers_of(layout)
    assert meant(recognise(shuffled(headers, False), [], options)) == meant(recognise(headers, [], options))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)
def test_a_layout_has_no_problem(layout: Layout) -> None:
    assert list(problems_of(layout)) == []


@pytest.mark.parametrize("layout", [one for one in LAYOUTS if one.columns], ids=lambda layout: layout.id)
def test_what_is_said_of_an_address_stands_beside_one(layout: Layout) -> None:
    channels = {rule.detail("channel") or "email" for rule in layout.columns if rule.field == "consent"}
    channels |= {"email"} if layout.constants else set()
    fields = {rule.field for rule in layout.columns}
    assert "email" not in channels or "email" in fields
    assert not channels & {"phone", "sms"} or "phone" in fields


def is_table(entry: dict[str, Any]) -> bool:
    return entry["headers"] and entry["detect"] and entry["file"] not in ("vcf", "json", "eml", "ldif")


def test_every_collected_format_is_recognised_and_not_mistaken_for_another(shared: Path) -> None:
    entries = json.loads((shared / "formats" / "formats.json").read_text("utf-8"))
    options = {"iif": RecogniseOptions(family="iif")}
    found: dict[str, str] = {}
    for entry in filter(is_table, entries):
        headers = entry["headers"]
        for row in (headers, shuffled(headers, False), shuffled(headers, True)):
            mapping = recognise(row, [], options.get(entry["file"], RecogniseOptions()))
            assert mapping.system == entry["system"], (entry["export"], mapping.layout)
            name = f"{entry['system']} {entry['export']} {entry['version']}"
            assert found.setdefault(mapping.layout, name) == name
        mapping = recognise(headers, [], options.get(entry["file"], RecogniseOptions()))
        known = {column.index for column in mapping.columns}
        assert [header for index, header in enumerate(headers) if header.strip() and index not in known] == []
    assert len(found) >= 70


def test_every_collected_system_has_a_layout(shared: Path) -> None:
    entries = json.loads((shared / "formats" / "formats.json").read_text("utf-8"))
    systems = {layout.system for layout in LAYOUTS}
    bare = {entry["system"] for entry in entries} - systems
    assert bare <= {"ABBYY Business Card Reader", "Microsoft Excel", "Spreadsheet damage",
                    "Apple Address Book (old), some phones", "vCard 2.1 without CHARSET"}


@pytest.mark.parametrize(("family", "base", "least"), [
    ("outlook_classic", "outlook-classic", 80), ("thunderbird", "thunderbird", 34),
    ("windows_live_mail", "windows-live-mail", 27),
])
def test_translated_headers_mean_what_the_english_ones_mean(shared: Path, family: str, base: str, least: int) -> None:
    languages = json.loads((shared / "formats" / "localized_headers.json").read_text("utf-8"))[family]
    translations = {layout.id for layout in LAYOUTS if layout.id.startswith(base + "-") and layout.language}
    assert len(translations) >= len(languages) - 2      # English, and British English where it is the same
    for layout in LAYOUTS:
        if layout.id in translations and not layout.id.endswith(("-ja", "en-gb")):
            assert len(layout.columns) >= least, layout.id


#: What the collected headers of programs are said to mean -> the field and, of an address, the group; and a value.
_MEANT: dict[str, tuple[str, str]] = {
    "firstName": ("given_name", "Ann"), "lastName": ("family_name", "Lee"), "middleName": ("middle_name", "Mae"),
    "company": ("company", "Firm Ltd"), "department": ("department", "Sales"), "jobTitle": ("job_title", "Buyer"),
    "email": ("email", "ann@firm.example"), "email2": ("email", "ann@home.example"),
    "email3": ("email", "lee@home.example"), "birthday": ("birthday", "1980-05-25"),
    "mobilePhone": ("phone", "+44 20 7946 0000"), "homePhone": ("phone", "+44 20 7946 0001"),
    "workPhone": ("phone", "+44 20 7946 0002"), "homeFax": ("fax", "+44 20 7946 0003"), "notes": ("notes", "x"),
    **{f"{where}{part}": (f"{field}/{where}", value) for where in ("home", "work") for part, field, value in (
        ("City", "city", "London"), ("PostalCode", "postal_code", "SE1 0ZQ"), ("Country", "country", "GB"),
        ("State", "region", "Kent"))},
}


def collected(shared: Path) -> list[tuple[str, list[tuple[str, str]]]]:
    """(program and language, its headers with what they mean) of every language."""
    families = json.loads((shared / "formats" / "localized_headers.json").read_text("utf-8"))
    programs = ("outlook_classic", "thunderbird", "windows_live_mail")
    return [(f"{program} {language}",
             [(whole(column["headers"]), column.get("zimbra_field") or "") for column in columns])
            for program in programs for language, columns in families[program].items()]


def whole(pieces: list[str]) -> str:
    """The first header of a column, put together again where it was cut at its comma."""
    return ",".join(pieces[:2]) if len(pieces) > 1 and pieces[1].startswith(" ") else pieces[0]


def test_the_values_under_translated_headers_land_in_their_fields(shared: Path) -> None:
    languages = collected(shared)
    assert len(languages) == 14 + 17 + 19
    for name, columns in languages:
        row = [_MEANT.get(meaning, ("", ""))[1] for _, meaning in columns]
        mapping = recognise([header for header, _ in columns], [row, row])
        found = {column.index: column for column in mapping.columns}
        assert mapping.layout, name
        for index, (header, meaning) in enumerate(columns):
            field, _, group = _MEANT.get(meaning, ("", ""))[0].partition("/")
            got = found.get(index)
            assert not field or (got and got.field == field and (not group or got.group == group)), (name, header)


# --- what single layouts promise --------------------------------------------------------------------------------------


def columns_of(name: str, *headers: str) -> list[Column]:
    return list(recognise(headers, [], RecogniseOptions(layout=name)).columns)


def test_french_outlook_has_two_columns_of_one_name() -> None:
    first, second = columns_of("outlook-classic-fr", "Titre", "Titre")
    assert (first.field, second.field) == ("prefix", "job_title")


def test_french_outlook_calls_the_birthday_anniversaire() -> None:
    columns = columns_of("outlook-classic-fr", "Anniversaire", "Anniversaire de mariage ou fête")
    assert [column.field for column in columns] == ["birthday", "ignore"]


def test_headers_of_myob_repeat_in_every_block_of_an_address() -> None:
    columns = columns_of("myob-customer-cards-old", "Addr 1 - Line 1", "   - Line 2", "   - City", "   - Email",
                         "Addr 2 - Line 1", "   - Line 2", "   - City", "   - Email")
    assert [(column.field, column.group, column.part) for column in columns] == [
        ("street", "1", 0), ("street", "1", 0), ("city", "1", 0), ("email", "1", 0),
        ("street", "2", 0), ("street", "2", 0), ("city", "2", 0), ("email", "2", 1)]


def test_the_second_phone_of_hubspot_is_the_company_s() -> None:
    columns = columns_of("hubspot-with-companies", "Record ID - Contact", "Phone Number", "Record ID - Company",
                         "Company name", "Phone Number")
    assert [(column.field, column.label) for column in columns if column.field == "phone"] \
        == [("phone", ""), ("phone", "company")]


def test_a_row_of_xero_holds_six_people() -> None:
    columns = columns_of("xero", "*ContactName", "FirstName", "Person1FirstName", "Person5FirstName", "Person5Email")
    assert [(column.field, column.part) for column in columns] \
        == [("company", 0), ("given_name", 0), ("given_name", 1), ("given_name", 5), ("email", 5)]


def test_the_three_files_of_mailchimp_say_different_things() -> None:
    facts = {name: recognise(["Email Address"], [], RecogniseOptions(layout=f"mailchimp-{name}")).constants
             for name in ("subscribed", "unsubscribed", "cleaned")}
    assert facts == {"subscribed": (), "unsubscribed": (("refusal", "unsubscribed"),),
                     "cleaned": (("deliverability", "hard-bounce"),)}


@pytest.mark.parametrize(("layout", "header", "meaning"), [
    ("mailchimp-subscribed", "OPTIN_TIME", "opt-in-date"), ("mailchimp-subscribed", "CONFIRM_TIME", "confirm-date"),
    ("mailchimp-unsubscribed", "UNSUB_TIME", "opt-out-date"), ("shopify", "Accepts Email Marketing", "opt-in-flag"),
    ("salesforce-contact-report", "Email Opt Out", "opt-out-flag"), ("brevo", "EMAIL_BLACKLISTED", "opt-out-flag"),
    ("hubspot", "Unsubscribed from all email", "opt-out-flag"), ("dynamics-365", "Do not allow Emails", "allow-word"),
    ("hubspot", "Opted out of email: Spring news", "opt-out-flag"), ("marketo", "Email Invalid", "bounce-flag"),
    ("substack-email-list", "email_disabled", "opt-out-flag"), ("sendgrid-bounces", "status", "bounce-code"),
    ("mailgun-bounces", "code", "bounce-code"), ("hired-list", "DNC", "do-not-contact-flag"),
    ("constant-contact", "Email permission status", "status-word"), ("constant-contact", "Email status", "bounce-type"),
    ("mailpoet", "List status", "bounce-type"), ("salesforce-data-loader", "EMAILBOUNCEDDATE", "bounce-flag"),
    ("mailpoet", "Global status", "status-word"),
])
def test_consent_columns_state_what_their_system_means(layout: str, header: str, meaning: str) -> None:
    assert [column.meaning for column in columns_of(layout, header)] == [meaning]


@pytest.mark.parametrize(("headers", "row", "layout"), [
    ("address,code,error,created_at", "a@b.example,550,no,\"Sat, 02 May 2026 07:00:00 GMT\"", "mailgun-bounces"),
    ("address,tags,created_at", "a@b.example,*,\"Sat, 02 May 2026 07:00:00 GMT\"", "mailgun-unsubscribes"),
    ("address,created_at", "a@b.example,\"Sat, 02 May 2026 07:00:00 GMT\"", "mailgun-complaints"),
    ("address,created_at", "a@b.example,2026-05-02", ""),
    ("address,created_at", "1 Dock Road,\"Sat, 02 May 2026 07:00:00 GMT\"", ""),
    ("email,created,ip", "a@b.example,1777705200,192.0.2.1", "sendgrid-spam-reports"),
    ("email,created,ip", "a@b.example,2026-05-02,192.0.2.1", ""),
])
def test_lists_of_common_words_are_told_by_their_values(headers: str, row: str, layout: str) -> None:
    names, cells = csv.reader([headers, row])
    assert recognise(names, [cells]).layout == layout


def test_a_date_of_change_is_no_permission() -> None:
    assert columns_of("mailchimp-subscribed", "LAST_CHANGED")[0].field == "updated"


def test_only_hired_lists_are_matched_without_being_poured_in() -> None:
    assert [layout.id for layout in LAYOUTS if layout.reference_only] == ["hired-list"]
    assert {layout.permission for layout in LAYOUTS} == {"", "none"}


@pytest.mark.parametrize(("layout", "header"), [
    ("magento-2-customers", "password_hash"), ("magento-2-customers", "rp_token"), ("xero", "BankAccountNumber"),
    ("outlook-classic", "Government ID Number"), ("outlook-classic-de", "Sozialversicherungsnr."),
    ("outlook-classic-fr", "Code gouvernement"), ("ldif", "userPassword"),
])
def test_what_must_not_be_kept_is_dropped(layout: str, header: str) -> None:
    assert [column.field for column in columns_of(layout, header)] == ["drop"]


def test_groups_of_google_keep_value_and_label_together() -> None:
    columns = columns_of("google-contacts", "E-mail 2 - Label", "E-mail 2 - Value", "Phone 7 - Value")
    assert [(column.field, column.group, column.separator) for column in columns] \
        == [("email_label", "2", ""), ("email", "2", ":::"), ("phone", "7", ":::")]


# --- choosing ---------------------------------------------------------------------------------------------------------


def test_common_words_alone_are_no_list_of_unsubscribed() -> None:
    rows = [["a@b.example", "1760000000"]]
    assert recognise(["email", "created"], rows).layout == "sendgrid-unsubscribes"
    assert recognise(["email", "created"], [["a@b.example", "2026-03-01"]]).layout == ""
    assert recognise(["email", "created", "First name"], [[*rows[0], "Ann"]]).layout == ""


def test_two_layouts_that_read_a_file_differently_are_an_error(tmp_path: Path) -> None:
    files = []
    for name, field in (("ours", "given_name"), ("theirs", "family_name")):
        path = tmp_path / f"{name}.toml"
        path.write_text(f'id = "{name}"\nsystem = "S"\nexport = "E"\ndetect = ["Qx", "Qy"]\n'
                        f"columns = '''\nQx | email\nQy | {field}\n'''\n")
        files.append(path)
    with pytest.raises(InputError) as caught:
        recognise(["Qx", "Qy"], [], RecogniseOptions(layout_files=tuple(files)))
    assert caught.value.code == "ambiguous-layout"
    assert "ours or theirs" in caught.value.what
    assert recognise(["Qx", "Qy"], [], RecogniseOptions(layout="theirs", layout_files=tuple(files))).layout == "theirs"


@pytest.mark.parametrize(("said", "hint"), [
    ("hubspott", "did you mean hubspot?"), ("nope", "`listmerge layouts` lists them."),
    ("magento-2", "did you mean magento-2-addresses or magento-2-customers?"),
])
def test_an_unknown_layout_is_answered_with_the_nearest(said: str, hint: str) -> None:
    with pytest.raises(OptionError) as caught:
        recognise(["Email"], [], RecogniseOptions(layout=said))
    assert (caught.value.code, caught.value.hint) == ("unknown-layout", hint)


def test_headers_of_an_unknown_column_never_give_a_permission_in_a_known_layout() -> None:
    headers = [*headers_of(next(one for one in LAYOUTS if one.id == "linkedin-connections")), "Newsletter", "Opt out"]
    mapping = recognise(headers, [[""] * 7 + ["yes", "no"]])
    assert [(column.header, column.meaning) for column in mapping.columns if column.field == "consent"] \
        == [("Opt out", "opt-out-flag")]


@pytest.mark.parametrize(("header", "values", "meaning"), [
    ("Do not mail list", ["yes", "no"], "do-not-contact-flag"), ("Newsletter state", ["subscribed", "unsubscribed"],
                                                                 "bounce-type"),
    ("No newsletter", ["", ""], "opt-out-flag"), ("Allow emails", ["Allow", "Do Not Allow"], "allow-word"),
])
def test_an_unknown_column_of_a_known_layout_may_still_refuse(header: str, values: list[str], meaning: str) -> None:
    headers = [*headers_of(next(one for one in LAYOUTS if one.id == "linkedin-connections")), header]
    mapping = recognise(headers, [[""] * 7 + [value] for value in values])
    assert mapping.layout == "linkedin-connections"
    assert [column.meaning for column in mapping.columns if column.header == header] == [meaning]


@pytest.mark.parametrize(("layout", "headers", "fields"), [
    ("mailchimp-subscribed", ["Courriel", "Prénom", "Nom de famille"], ["email", "given_name", "family_name"]),
    ("kit", ["last_name"], ["family_name"]),
    ("copper", ["Full name"], [""]),                 # the layout has the names already
])
def test_names_that_a_layout_does_not_know_are_read_where_it_has_none(
    layout: str, headers: list[str], fields: list[str]
) -> None:
    own = [header for header in headers_of(next(one for one in LAYOUTS if one.id == layout))
           if header not in ("Email Address", "First Name", "Last Name") or layout == "copper"]
    rows = [["a@x.example" if header == "Courriel" else "Ann" for header in headers] + [""] * len(own)]
    mapping = recognise([*headers, *own], rows)
    found = {column.header: column.field for column in mapping.columns}
    assert (mapping.layout, [found.get(header, "") for header in headers]) == (layout, fields)


@pytest.mark.parametrize(("headers", "layout"), [
    ("First Name,Last Name,Email Address,Company,Position,Connected On", "linkedin-connections"),
    ("CONTACT ID,EMAIL,NOM,PRENOM,SMS,EMAIL_BLACKLISTED", "brevo-fr"),
    ("Record ID,Company name,Company Domain Name,City", "hubspot-companies"),
    ("hs_object_id,firstname,lastname,email,hs_email_optout", "hubspot-internal"),
    ("(Do Not Modify) Lead,(Do Not Modify) Modified On,Name,Topic,Email", "dynamics-365-leads"),
    ("(Do Not Modify) Account,(Do Not Modify) Modified On,Account Name,Main Phone", "dynamics-365-accounts"),
    ("Record Id,Lead Owner.id,Lead Owner,Company,Last Name,Email", "zoho-crm-leads"),
    ("Id,IsDeleted,LastName,FirstName,Company,Email,Status,IsConverted", "salesforce-data-loader-leads"),
    ("email,status,tier,created_at,unsubscribed_at", "beehiiv"),
    (",Customer,Main Phone,Main Email,Bill to 1,Bill to 2", "quickbooks-desktop-list"),
    ('Email,Name,Surname,Sex,Status",Date,Token', "newsletter-plugin"),
])
def test_other_editions_of_an_export_are_recognised(headers: str, layout: str) -> None:
    assert recognise(headers.split(","), []).layout == layout


# --- a user's own, and the page ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "problem"), [
    ("id = 'x'", "a setting is missing"),
    ("id = 'x'\nsystem = 's'\nexport = 'e'\ncolour = 'red'", "there is no such setting: colour"),
    ("id = 'x'\nsystem = 's'\nexport = 'e'\ncolumns = 'Mail'", "is not `header | field | details`"),
    ("id = 'x'\nsystem = 's'\nexport = 'e'\ncolumns = 'Mail | emial'", "did you mean email?"),
    ("id = 'x'\nsystem = 's'\nexport = 'e'\ncolumns = 'Mail | email | colour=red'", "these details are not"),
    ("id = 'x'\nsystem = 's'\nexport = 'e'\ncolumns = 'Mail | consent'", "consent needs one"),
    ("id = 'x'\nsystem = 's'\nexport = 'e'\ncolumns = 'Mail | email | part=two'", "part is 'two'"),
    ("id = 'x'\nsystem = 's'\nexport = 'e'\ndetect = ['Post']\ncolumns = 'Mail | email'", "no column of the layout"),
    ("id = 'x'\nsystem = 's'\nexport = 'e'\ngoes_on = 'Post'\ncolumns = 'Mail | email'", "goes_on names 'Post'"),
    ("id = 'x'\nsystem = 's'\nexport = 'e'\nwrapped = '{'\ncolumns = 'Mail | email'", "an opening and a closing sign"),
    ("id = 'x'\nsystem = 's'\nexport = 'e'\nconstants = { refusal = 'no' }", "no fact that a list can state"),
    ("like = 'nothing'\nid = 'x'", "there is no layout nothing to translate"),
    ("id = ", "Invalid value"),
])
def test_a_broken_layout_is_told_what_is_wrong_with_it(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    assert any(problem in sentence for sentence in check_layout(path))


def test_a_user_s_own_layout_is_used_first(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("id = 'xero'\nsystem = 'Ours'\nexport = 'E'\ndetect = ['Q']\ncolumns = 'Q | email'\n")
    assert check_layout(path) == []
    assert recognise(["Q"], [], RecogniseOptions(layout_files=(path,))).system == "Ours"


def test_a_broken_layout_file_is_an_option_error(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("id = 'x'")
    with pytest.raises(OptionError) as caught:
        recognise(["Q"], [], RecogniseOptions(layout_files=(path,)))
    assert caught.value.code == "layout-broken"


def test_details_may_be_quoted() -> None:
    rule, = parse_columns("Mails | email | group=2 separator=' '")
    assert (rule.field, rule.detail("group"), rule.detail("separator"), rule.detail("label")) == ("email", "2", " ", "")


def test_the_page_of_layouts_is_up_to_date() -> None:
    assert (ROOT / "docs" / "layouts.md").read_text("utf-8") == layouts_document(), \
        "write it anew: python -m listmerge.layouts.document > docs/layouts.md"


def test_what_the_importers_name_is_in_the_list(samples: Path) -> None:
    names = {layout.id for layout in LAYOUTS}
    read = {table.mapping.layout for path in sorted(samples.glob("*.vcf")) + sorted(samples.glob("*.ldif"))
            for table in importers.read(path, path.name)}
    assert read <= names


def test_every_layout_stands_once_in_the_list() -> None:
    names = [layout.id for layout in all_layouts()]
    assert len(names) == len(set(names)) >= 130


def test_every_meaning_of_a_consent_column_is_known() -> None:
    used = {rule.detail("meaning") for layout in LAYOUTS for rule in layout.columns if rule.field == "consent"}
    assert used <= set(MEANINGS)
