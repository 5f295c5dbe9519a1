
"""Plain lists, LDIF, delivery reports, JSON, Parquet, IIF and archives."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from listmerge.errors import InputError
from listmerge.importers import mail
from listmerge.importers.text import split
from tests.importers.hostile import zipped
from tests.importers.making import codes, fields, one, read_bytes, record, refused, rows

SAMPLES = Path(__file__).parent.parent / "samples"


# --- plain lists ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "name", "address"),
    [
        ("ann@firm.example", "", "ann@firm.example"),
        ("  ANN@FIRM.EXAMPLE ; ", "", "ANN@FIRM.EXAMPLE"),
        ("<ann@firm.example>", "", "ann@firm.example"),
        ("mailto:ann@firm.example", "", "ann@firm.example"),
        ("Ann Lee <ann@firm.example>", "Ann Lee", "ann@firm.example"),
        ('"Lee, Ann" <ann@firm.example>', "Lee, Ann", "ann@firm.example"),
        ("'Ann Lee' <ann@firm.example>", "Ann Lee", "ann@firm.example"),
        ("Lee, Ann <ann@firm.example>", "Lee, Ann", "ann@firm.example"),
        ("ann@firm.example (Ann Lee)", "Ann Lee", "ann@firm.example"),
        ("=?UTF-8?Q?J=C3=BCrgen?= <ann@firm.example>", "Jürgen", "ann@firm.example"),
        ("Chair: Ann Lee <ann@firm.example>", "Ann Lee", "ann@firm.example"),
        ("Liam <liam.o'dwyer@firm.example>", "Liam", "liam.o'dwyer@firm.example"),
    ],
)
def test_one_line_of_a_plain_list(line: str, name: str, address: str) -> None:
    found = record(one(f"{line}\nbob@firm.example\n", "list.txt"))
    assert (found.get("NAME", ""), found["EMAIL"]) == (name, address)


def test_what_stands_before_a_colon_is_no_name_and_is_kept() -> None:
    found = record(one("please remove: ann@firm.example\nbob@firm.example\ncid@firm.example\n", "list.txt"))
    assert found == {"TEXT": "please remove", "EMAIL": "ann@firm.example"}


def test_pieces() -> None:
    assert split('Lee, Ann <a@b.example>; c@d.example, e@f.example,"x, y" <g@h.example>;') == [
        "Lee, Ann <a@b.example>",
        "c@d.example",
        "e@f.example",
        '"x, y" <g@h.example>',
    ]


def test_a_cell_of_very_many_addresses_is_a_group_and_each_address_is_kept() -> None:
    groups = {f"Team {team}": [f"p{number}@{team}.firm.example" for number in range(1_000)] for team in range(3)}
    lines = "".join(f'{name},"{", ".join(members)}"\n' for name, members in groups.items())
    table = one(f"Group,Members\n{lines}")
    assert [text for _, text, _ in rows(table) if text] == [member for some in groups.values() for member in some]
    assert [issue.value for issue in table.issues] == ["Group,Members", *groups]


@pytest.mark.parametrize(("line", "addresses"), [
    ("ann@firm.example bob@firm.example", ["ann@firm.example", "bob@firm.example"]),
    ("Ann <ann@firm.example> <bob@firm.example>", ["ann@firm.example", "bob@firm.example"]),
    ("ann@firm.example <ann@firm.example>", ["ann@firm.example"]),
])
def test_no_address_of_a_piece_is_lost(line: str, addresses: list[str]) -> None:
    table = one(f"cid@firm.example; dan@firm.example\n{line}; eve@firm.example\n", "list.txt")
    assert [row[1] for row in rows(table)] == ["cid@firm.example", "dan@firm.example", *addresses, "eve@firm.example"]


def test_pieces_without_address_are_rejected_and_told() -> None:
    table = one("# friends\nann@firm.example\n\nSales team; bob@firm.example\n", "list.txt")
    assert table.rejected.to_pylist() == ["", "no-address", ""]
    assert [(issue.code, issue.value, issue.source_line) for issue in table.issues] == [("no-address", "Sales team", 4)]
    assert (table.structure_rows, table.structure_cells) == (1, 1)


def test_a_column_of_addresses_with_a_header_is_a_table() -> None:
    table = one("E-mail\nann@firm.example\nbob@firm.example\n")
    assert fields(table) == {"E-mail": "email"}
    assert len(table.rows) == 2


# --- LDIF -------------------------------------------------------------------------------------------------------------


def test_ldif() -> None:
    table = one(
        "version: 1\n\n# people\ndn:: Y249SsO8cmdlbg==\ncn:: SsO8cmdlbg==\nmail: a@firm.example\nmail: b@firm.example\n"
        "postalAddress: Row 1$Ayr\njpegPhoto:: AAAA\nuserPassword: secret\nphoto:< file:///etc/passwd\nbirthmonth: 3\nbirthday: 7\n"
        "description: folded\n  line\n\ndn: cn=All\nobjectClass: groupOfNames\nmember: cn=x\n\n"
        "dn: cn=Gone\nchangetype: delete\n\nsearch: 2\nresult: 0 Success\n",
        "people.ldif",
    )
    assert table.rejected.to_pylist() == ["", "group", "deleted"]
    found = record(table)
    assert (found["cn"], found["mail.1"], found["mail.2"]) == ("Jürgen", "a@firm.example", "b@firm.example")
    assert (found["postaladdress"], found["description"], found["birthdate"]) == (
        "Row 1\nAyr",
        "folded line",
        "--03-07",
    )
    assert "secret" not in str(rows(table)) and "passwd" not in str(rows(table))
    assert table.structure_rows == 1


# --- delivery reports -------------------------------------------------------------------------------------------------


def meanings(name: str) -> list[dict[str, str]]:
    table = one((SAMPLES / name).read_bytes(), name)
    named = {column.header: column.meaning or column.field for column in table.mapping.columns}
    return [
        {named[header]: text for header, text in record(table, row).items() if header in named}
        for row in range(1, len(table.rows) + 1)
    ]


def test_bounces_take_the_original_recipient_and_the_precise_code() -> None:
    found = meanings("BOUNCE__mailbox.mbox")
    assert [(each.get("email"), each.get("bounce-code")) for each in found] == [
        ("noor@oldjob.example", "5.1.1"),
        ("dana.whitlock@harbourpine.example", "4.2.2"),
        ("t.lefevre@ateliersbrun.example", "5.4.4"),
        (None, None),
    ]
    assert found[0]["status-date"] == "Sat, 02 May 2026 07:00:10 +0000"


def test_an_out_of_office_reply_is_nothing() -> None:
    table = one((SAMPLES / "BOUNCE__mailbox.mbox").read_bytes(), "x.mbox")
    assert table.rejected.to_pylist() == ["", "", "", "out-of-office"]
    assert codes(table) == ["out-of-office"]


REPLY = "From b@x.example\nFrom: b@x.example\nSubject: Automatic reply {}\nTo: a@x.example\n\nAway.\n\n"


def test_of_very_many_replies_the_rest_is_counted() -> None:
    mailbox = (SAMPLES / "BOUNCE__mailbox.mbox").read_text("utf-8").rstrip() + "\n\n"
    table = one(mailbox + "".join(map(REPLY.format, range(1_500))), "x.mbox")
    assert (len(table.rejected), table.rejected.to_pylist().count("out-of-office")) == (1_504, 1_501)
    told = [issue for issue in table.issues if issue.code == "out-of-office"]
    assert (told[1].value, told[1].source_row) == ("Automatic reply 0", 5)
    assert mailbox.count("\n") + 1 == told[1].source_line
    assert (len(told), told[-1].message) == (1_001, "The same holds for 501 messages more.")


def test_a_mailbox_of_too_many_messages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "MOST_MESSAGES", 3)
    three = "".join(map(REPLY.format, range(3))).encode()
    assert len(list(mail.messages(three, "x.mbox"))) == 3
    with pytest.raises(InputError, match="more than 3 messages"):
        list(mail.messages(three + REPLY.encode(), "x.mbox"))


def test_a_complaint_is_one() -> None:
    (found,) = meanings("BOUNCE__arf_complaint.eml")
    assert (found["email"], found["complaint-flag"]) == ("ravi.cs@mailbox.example", "abuse")


def test_a_report_on_two_people_and_one_that_arrived() -> None:
    block = "Final-Recipient: rfc822;{}\nAction: {}\nStatus: {}\n\n"
    blocks = (
        block.format("a@x.example", "failed", "5.1.1")
        + block.format("b@x.example", "delayed", "4.4.7")
        + block.format("c@x.example", "delivered", "2.0.0")
    )
    table = one(
        "From: mx@x.example\nSubject: Undelivered\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=b\n\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n{blocks}--b--\n",
        "a.eml",
    )
    assert {(column.part, column.header) for column in table.mapping.columns if column.field == "email"} == {
        (0, "address.1"),
        (1, "address.2"),
    }
    assert "c@x.example" not in str(rows(table))


def test_a_report_in_free_words() -> None:
    table = one(
        "From: postmaster@x.example\nTo: news@y.example\nSubject: Undeliverable: hello\nMIME-Version: 1.0\n\n"
        "Delivery has failed to noor@oldjob.example. #550 5.1.1 unknown user ##\n",
        "a.eml",
    )
    assert (record(table)["address.1"], record(table)["status.1"]) == ("noor@oldjob.example", "5.1.1")


def test_ordinary_mail_is_no_list() -> None:
    assert (
        refused("From: a@b.example\nTo: c@d.example\nSubject: lunch\nDate: x\n\nhello\n", "a.eml").code
        == "not-a-contact-list"
    )


# --- JSON and Parquet -------------------------------------------------------------------------------------------------


def test_notifications_of_ses() -> None:
    found = meanings("AMAZON_SES__notifications.jsonl")
    assert found[0]["bounce-type"] == "Permanent"
    assert found[1]["complaint-flag"] == "abuse"
    inner = {
        "notificationType": "Bounce",
        "bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "a@x.example"}]},
    }
    table = one(json.dumps({"Type": "Notification", "Message": json.dumps(inner)}) + "\n", "a.json")
    assert (table.mapping.layout, record(table)["address.1"]) == ("amazon-ses", "a@x.example")


def test_json_lines_keep_their_digits() -> None:
    table = one(
        '{"email": "a@x.example", "zip": "01067", "id": 12345678901234567890, "tags": ["a", "b"], "address": {"city": "Ayr"}, "x": null}\n'
        'broken\n{"email": "b@x.example", "id": 1.10, "half": "\\ud800"}\n',
        "a.jsonl",
    )
    assert record(table) == {
        "email": "a@x.example",
        "zip": "01067",
        "id": "12345678901234567890",
        "tags": "a; b",
        "address.city": "Ayr",
    }
    assert record(table, 2)["id"] == "1.10"
    assert (codes(table)[0], table.lines.to_pylist()) == ("bad-line", [1, 3])


def test_a_json_array_and_an_object_with_a_list() -> None:
    people = [{"email": "a@x.example", "name": "Ann Lee"}, {"email": "b@x.example", "name": "Bob Bell"}]
    assert rows(one(json.dumps(people), "a.json")) == rows(
        one(json.dumps({"total": 2, "contacts": people}, indent=1), "a.json")
    )


def test_parquet() -> None:
    out = io.BytesIO()
    pq.write_table(
        pa.table(
            {
                "email": ["a@x.example", None],
                "id": [12345678901234567, 2],
                "tags": [["a", "b"], None],
                "name": ["NA", "Bob"],
            }
        ),
        out,
    )
    table = one(out.getvalue(), "a.parquet")
    assert rows(table) == [("a@x.example", "12345678901234567", "a; b", "NA"), ("", "2", "", "Bob")]
    assert refused(out.getvalue()[:-20], "a.parquet").code == "damaged-file"


# --- IIF and archives -------------------------------------------------------------------------------------------------


def test_iif() -> None:
    text = (
        "!HDR\tPROD\tVER\nHDR\tQuickBooks Pro\t2024\n!CTYPE\tNAME\nCTYPE\tRetail\n"
        "!CUST\tNAME\tBADDR1\tPHONE1\tEMAIL\tFIRSTNAME\tLASTNAME\nCUST\tFirm Ltd\tRow 1\t+44 20 7946 0000\ta@firm.example\tAnn\tLee\n"
        '!VEND\tNAME\tADDR1\tEMAIL\nVEND\t"Supply, Ltd"\tRow 2\tb@supply.example\n'
    )
    customers, vendors = read_bytes(text.encode(), "lists.iif")
    assert customers.name == "lists.iif!CUST"
    assert record(customers)["EMAIL"] == "a@firm.example"
    assert record(vendors)["NAME"] == "Supply, Ltd"
    assert (customers.lines.to_pylist(), vendors.lines.to_pylist()) == ([6], [8])
    assert "section-ignored" in codes(customers)
    assert [table.mapping.layout for table in (customers, vendors)] \
        == ["quickbooks-desktop-iif", "quickbooks-desktop-iif-vendors"]


def test_hidden_entries_of_iif_make_no_contact() -> None:
    table = one("!CUST\tNAME\tREFNUM\tBADDR1\tEMAIL\tHIDDEN\nCUST\tFirm Ltd\t1\tFirm Ltd\ta@firm.example\tN\n"
                "CUST\tOld Ltd\t2\tOld Ltd\tb@old.example\tY\n", "lists.iif")
    assert table.rejected.to_pylist() == ["", "deleted"]


def test_each_member_of_an_archive_is_its_own_input() -> None:
    data = zipped(
        {
            "b/two.csv": b"E-mail\nb@x.example\n",
            "a.vcf": b"BEGIN:VCARD\nFN:Ann\nEND:VCARD\n",
            "photo.bin": b"\x00\x01\x02" * 99,
            "empty.csv": b"",
            "__MACOSX/a.csv": b"junk",
            "readme.html": b"<html>",
        }
    )
    tables = read_bytes(data, "all.zip")
    assert [table.name for table in tables] == ["all.zip!a.vcf", "all.zip!b/two.csv"]
    assert {issue.code for issue in tables[0].issues} == {"not-a-contact-list", "empty-file"}
    assert refused(zipped({"photo.bin": b"\x00\x01" * 99}), "all.zip").where == "all.zip!photo.bin"
