"""LDIF of Thunderbird and of directory servers (RFC 2849): each entry is a record, its attributes are columns.

`::` is base64, `:<` is never followed, a line that begins with one blank continues the line before. Groups, containers
and entries that are to be deleted or modified are rejected rows; a search result at the end is structure.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from listmerge.importers import charset as charsets
from listmerge.importers.cards import numbered_lines
from listmerge.importers.delimited import check_lines
from listmerge.importers.entries import Entry, Kind, Rules, gather, make_table
from listmerge.model import Issue, RawTable

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data

# fmt: off
RULES: Final[Rules] = (
    (r"cn", {"field": "full_name"}),
    (r"displayname", {"field": "ignore"}),
    (r"givenname", {"field": "given_name"}),
    (r"sn", {"field": "family_name"}),
    (r"personaltitle", {"field": "prefix"}),
    (r"mozillanickname", {"field": "nickname"}),
    (r"title", {"field": "job_title"}),
    (r"o", {"field": "company"}),
    (r"company", {"field": "company"}),
    (r"ou", {"field": "department"}),
    (r"department", {"field": "department"}),
    (r"departmentnumber", {"field": "ignore"}),
    (r"mail\.(\d+)", {"field": "email"}),
    (r"mozillasecondemail\.(\d+)", {"field": "email", "group": "second"}),
    (r"proxyaddresses\.(\d+)", {"field": "email", "group": "proxy"}),
    (r"otheraddresses\.(\d+)", {"field": "ignore"}),
    (r"telephonenumber\.(\d+)", {"field": "phone", "label": "work"}),
    (r"homephone\.(\d+)", {"field": "phone", "label": "home"}),
    (r"mobile\.(\d+)", {"field": "phone", "label": "mobile"}),
    (r"facsimiletelephonenumber\.(\d+)", {"field": "fax", "label": "fax"}),
    (r"fax\.(\d+)", {"field": "fax", "label": "fax"}),
    (r"pager\.(\d+)", {"field": "phone", "label": "pager"}),
    (r"street", {"field": "street", "group": "work"}),
    (r"mozillaworkstreet2", {"field": "street", "group": "work"}),
    (r"l", {"field": "city", "group": "work"}),
    (r"st", {"field": "region", "group": "work"}),
    (r"postalcode", {"field": "postal_code", "group": "work"}),
    (r"postofficebox", {"field": "po_box", "group": "work"}),
    (r"c", {"field": "country", "group": "work"}),
    (r"co", {"field": "ignore"}),
    (r"mozillahomestreet", {"field": "street", "group": "home"}),
    (r"mozillahomestreet2", {"field": "street", "group": "home"}),
    (r"mozillahomelocalityname", {"field": "city", "group": "home"}),
    (r"mozillahomestate", {"field": "region", "group": "home"}),
    (r"mozillahomepostalcode", {"field": "postal_code", "group": "home"}),
    (r"mozillahomecountryname", {"field": "country", "group": "home"}),
    (r"postaladdress", {"field": "address", "group": "postal"}),
    (r"homepostaladdress", {"field": "address", "group": "homepostal"}),
    (r"mozillaworkurl", {"field": "website"}),
    (r"mozillahomeurl", {"field": "ignore"}),
    (r"labeleduri", {"field": "website"}),
    (r"labeleduri\.label", {"field": "ignore"}),
    (r"birthdate", {"field": "birthday"}),
    (r"description", {"field": "notes"}),
    (r"preferredlanguage", {"field": "language"}),
    (r"entryuuid|objectguid|nsuniqueid", {"field": "source_id"}),
    (r"dn", {"field": "ignore"}),
    (r"modifytimestamp|whenchanged", {"field": "updated"}),
    (r"createtimestamp|whencreated", {"field": "created"}),
)
# fmt: on
SEVERAL: Final = frozenset(
    {
        "mail",
        "mozillasecondemail",
        "telephonenumber",
        "homephone",
        "mobile",
        "facsimiletelephonenumber",
        "fax",
        "pager",
        "proxyaddresses",
        "otheraddresses",
    }
)
SKIPPED: Final = frozenset(
    {
        "jpegphoto",
        "thumbnailphoto",
        "userpassword",
        "usercertificate",
        "usersmimecertificate",
        "audio",
        "photo",
        "objectclass",
        "changetype",
        "unicodepwd",
        "sambantpassword",
        "control",
    }
)
BINARY: Final = frozenset({"jpegphoto", "thumbnailphoto", "usercertificate", "usersmimecertificate", "audio", "photo"})
GROUPS: Final = frozenset(
    {
        "groupofnames",
        "groupofuniquenames",
        "group",
        "posixgroup",
        "organizationalunit",
        "dcobject",
        "organization",
        "domain",
        "container",
        "device",
        "mailgroup",
    }
)
PEOPLE: Final = frozenset(
    {"person", "inetorgperson", "organizationalperson", "mozillaabpersonalpha", "user", "contact"}
)
Attribute = tuple[str, str]


def extract(data: Data, name: str, options: ReadOptions) -> list[RawTable]:
    """The entries of the file as one table; raises InputError."""
    check_lines(data, name)
    charset = charsets.find(data, name, options.encoding)
    plain = charset.encoding == "utf-8" and not charset.skip
    text = data if plain else charsets.decode(data, charset).encode("utf-8")
    found = list(blocks(numbered_lines(text)))
    entries = [_entry(line, attributes) for line, attributes in found if _is_entry(attributes)]
    issues = [*charset.issues, *_rejections(entries, name)]
    structure = len(found) - len(entries)
    gathered = gather(entries)
    mozilla = any(header.startswith("mozilla") for header in gathered.headers)
    kind = (
        Kind("thunderbird-ldif", "Mozilla Thunderbird", RULES)
        if mozilla
        else Kind("ldif", "LDAP directory", RULES, "partial")
    )
    return [make_table(gathered, kind, name, options, charset.facts, issues, structure)]


def _is_entry(attributes: list[Attribute]) -> bool:
    return any(key == "dn" for key, _ in attributes)


def _rejections(entries: list[Entry], name: str) -> list[Issue]:
    return [
        Issue(entry.rejected, "The entry is no contact.", value=entry.values.get("dn", "")[:200], source_file=name,
              source_row=row, source_line=entry.line)
        for row, entry in enumerate(entries, 1) if entry.rejected
    ]


def blocks(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, list[Attribute]]]:
    """The blocks between blank lines, each with its first line's number; comments are left out."""
    start = 0
    block: list[Attribute] = []
    for number, line in _unfolded(lines):
        if not line.strip():
            if block:
                yield start, block
            block = []
        elif ":" in line and not line.startswith("#"):
            attribute = _attribute(line)
            if attribute[0] == "version" and not block:
                continue
            start = start if block else number
            block = [*block, attribute] if len(block) < 2000 else block
    if block:
        yield start, block


def _unfolded(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    start = 0
    parts: list[str] = []
    for number, line in lines:
        if line.startswith(" ") and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield start, "".join(parts)
        start, parts = number, [line]
    yield start, "".join(parts)
    yield start + 1, ""


def _attribute(line: str) -> Attribute:
    key, _, value = line.partition(":")
    key = key.split(";")[0].strip().lower()
    if value.startswith("<"):
        return key, ""  # a reference to a file or an address: never followed
    if not value.startswith(":"):
        return key, value.strip().encode("latin-1").decode("utf-8", "replace")
    if key in BINARY:
        return key, ""
    try:
        return key, base64.b64decode(value[1:].strip(), validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return key, value[1:].strip()


def _entry(line: int, attributes: list[Attribute]) -> Entry:
    """The values of one entry: several of one kind are numbered, a second `cn` becomes `cn.2`."""
    values: dict[str, str] = {}
    classes = {value.lower() for key, value in attributes if key == "objectclass"}
    for key, value in attributes:
        if key in SKIPPED or not value:
            continue
        if key == "proxyaddresses" and not value.lower().startswith("smtp:"):
            key = "otheraddresses"      # SIP:, X500: … name the mailbox to other systems
        number = 1
        while (header := f"{key}.{number}" if key in SEVERAL or number > 1 else key) in values:
            number += 1
        values[header] = value.replace("$", "\n") if key in ("postaladdress", "homepostaladdress") else value
    _join_birthday(values)
    _part_label(values)
    return Entry(line, values, _rejection(attributes, classes))


def _join_birthday(values: dict[str, str]) -> None:
    """Thunderbird keeps the parts of a birthday apart."""
    month, day, year = (values.pop(key, "") for key in ("birthmonth", "birthday", "birthyear"))
    if month.isdigit() and day.isdigit():
        values["birthdate"] = f"{year or '-'}-{int(month):02d}-{int(day):02d}"


def _part_label(values: dict[str, str]) -> None:
    """A labeledURI is an address and, after a blank, what it is called (RFC 2079)."""
    address, _, label = values.get("labeleduri", "").partition(" ")
    if label:
        values |= {"labeleduri": address, "labeleduri.label": label}


def _rejection(attributes: list[Attribute], classes: set[str]) -> str:
    change = next((value.lower() for key, value in attributes if key == "changetype"), "add")
    if change != "add":
        return "deleted" if change == "delete" else "not-a-contact"
    if classes & GROUPS and not classes & PEOPLE:
        return "group"
    return ""
