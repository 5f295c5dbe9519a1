"""The lists of the newsletter example, each as its system or its owner would write it, and the truth about them.

A list takes people from the cast of `make_newsletter.py`, writes them its own way (columns, order, mistakes) and notes
for every record whom it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

COUNTRIES = {"GB": "United Kingdom", "US": "United States", "DE": "Deutschland", "FR": "France", "AU": "Australia"}
NICKNAMES = {
    "Margaret": "Maggie",
    "William": "Bill",
    "Katherine": "Kate",
    "Robert": "Bob",
    "Elizabeth": "Liz",
    "Michael": "Mike",
    "Deborah": "Debbie",
    "Christopher": "Chris",
    "James": "Jim",
    "Abigail": "Abby",
    "Nathaniel": "Nate",
}

Truth = list[tuple[str, int, int, str]]  # file, record, part, entity


class Lists:
    """The folder being filled, chance, and the truth as it grows."""

    def __init__(self, dice: Any, folder: Path) -> None:
        self.dice, self.folder = dice, folder
        self.truth: Truth = []

    def note(self, name: str, entities: Iterable[str]) -> None:
        """Record 1, 2, … of `name` are these people."""
        self.truth += [(name, row, 0, entity) for row, entity in enumerate(entities, 1)]

    def write(self, name: str, text: str, encoding: str = "utf-8") -> None:
        """Writes one file, line ends as they are in `text`."""
        (self.folder / "lists" / name).write_bytes(text.encode(encoding, "replace"))

    def some(self, people: list[Any], share: float) -> list[Any]:
        """About that share of the people, in any order."""
        return self.dice.sample(people, round(len(people) * share))


def table(header: list[str], rows: Iterable[list[str]], **dialect: Any) -> str:
    """CSV text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n", **dialect)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def write_lists(dice: Any, folder: Path, people: list[Any], organisations: list[Any]) -> int:
    """Writes every list and `truth.csv`; returns the number of records."""
    lists = Lists(dice, folder)
    staff = [p for p in people if p.employer]
    subscribers = lists.some(people, 0.45)
    salesforce(lists, lists.some(staff, 0.6))
    for colleague in ("ines", "marco", "petra"):
        outlook(lists, f"outlook_{colleague}.vcf", lists.some(people, 0.09))
    trade_show(lists, lists.some(staff, 0.11), lists.some(staff, 0.09))
    hired(lists, lists.some(staff, 0.16))
    mailchimp(lists, subscribers)
    xero(lists, organisations, staff)
    shopify(lists, lists.some(people, 0.16))
    old_list(lists, lists.some(people, 0.16))
    bounces(lists, people)
    rows = [[file, str(row), str(part), entity] for file, row, part, entity in sorted(lists.truth)]
    truth = table(["source_file", "source_row", "part", "entity_id"], rows)
    (folder / "truth.csv").write_text(truth, encoding="utf-8", newline="")
    return len(rows)


def typo(dice: Any, text: str) -> str:
    """Two neighbouring letters change places."""
    at = dice.randint(1, max(1, len(text) - 2))
    return text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :] if len(text) > 3 else text


def called(dice: Any, person: Any) -> str:
    """The given name as others write it: sometimes the nickname, sometimes an initial."""
    chance = dice.random()
    if chance < 0.3 and person.given in NICKNAMES:
        return NICKNAMES[person.given]
    return f"{person.given[0]}." if chance > 0.96 else person.given


def salesforce(lists: Lists, people: list[Any]) -> None:
    """A contact report in ISO-8859-1 with its footer; sales do not hear of everything, so some entries are old."""
    dice, rows = lists.dice, []
    for number, person in enumerate(people):
        p = person.former if person.former and dice.random() < 0.4 else person
        office = p.employer.place if p.employer else p.home
        family = f"{p.family} {p.suffix}".strip()
        rows.append(
            [
                dice.choice(["", "Ms", "Mr", "Dr"]) if dice.random() < 0.2 else "",
                called(dice, p),
                family,
                p.title,
                p.employer.name,
                office.street,
                office.city,
                office.region,
                office.postal_code,
                COUNTRIES[office.country],
                p.employer.phone if dice.random() < 0.5 else "",
                p.mobile if dice.random() < 0.6 else "",
                "",
                p.email if dice.random() < 0.9 else "",
                "Ines Marlow",
                f"0035g00000{'AbCdEf'[number % 6]}{number:04d}",
                "1" if dice.random() < 0.04 else "0",
                f"{dice.randint(1, 10)}/{dice.randint(1, 28)}/2026",
            ]
        )
    header = [
        "Salutation",
        "First Name",
        "Last Name",
        "Title",
        "Account Name",
        "Mailing Street",
        "Mailing City",
        "Mailing State/Province",
        "Mailing Zip/Postal Code",
        "Mailing Country",
        "Phone",
        "Mobile",
        "Fax",
        "Email",
        "Account Owner",
        "Contact ID",
        "Email Opt Out",
        "Last Activity",
    ]
    footer = (
        '\r\n"Contacts & Accounts"\r\n"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\r\n'
        '"Confidential Information - Do Not Distribute"\r\n"Generated By:  Ines Marlow  11/4/2026 4:12 AM"\r\n"Kestrel Newsletters Ltd"\r\n'
    )
    lists.write("crm_contacts.csv", table(header, rows, quoting=csv.QUOTE_ALL) + footer, "iso-8859-1")
    lists.note("crm_contacts.csv", (p.entity for p in people))


def outlook(lists: Lists, name: str, people: list[Any]) -> None:
    """The cards of one colleague: vCard 2.1, quoted-printable where a name has an accent."""
    cards = [card(lists.dice, person) for person in people]
    lists.write(name, "".join(cards), "cp1252")
    lists.note(name, (p.entity for p in people))


def card(dice: Any, p: Any) -> str:
    """One card as Outlook saves it."""
    given, at = called(dice, p), p.employer.place if p.employer else p.home
    lines = [
        "BEGIN:VCARD",
        "VERSION:2.1",
        prop("N;LANGUAGE=en-gb", f"{p.family};{given};;;{p.suffix}"),
        prop("FN", f"{given} {p.family} {p.suffix}".strip()),
    ]
    if p.employer:
        lines += [prop("ORG", p.employer.name), prop("TITLE", p.title), f"TEL;WORK;VOICE:{p.employer.phone}"]
    if dice.random() < 0.7:
        lines.append(f"TEL;CELL;VOICE:{p.mobile}")
    if dice.random() < 0.7:
        kind = "WORK" if p.employer else "HOME"
        lines.append(
            prop(f"ADR;{kind};PREF", f";;{at.street};{at.city};{at.region};{at.postal_code};{COUNTRIES[at.country]}")
        )
    lines.append(f"EMAIL;PREF;INTERNET:{p.email}")
    if p.employer and dice.random() < 0.4:
        lines.append(f"EMAIL;INTERNET:{p.private}")
    if p.birthday and (p.suffix or dice.random() < 0.3):
        lines.append(f"BDAY:{p.birthday.replace('-', '')}")
    return "\r\n".join([*lines, "REV:20261104T101112Z", "END:VCARD", ""])


def prop(name: str, value: str) -> str:
    """A property line; quoted-printable in cp1252 when the value is not plain ASCII."""
    if value.isascii():
        return f"{name}:{value}"
    coded = "".join(chr(b) if 32 <= b < 127 and b != 61 else f"={b:02X}" for b in value.encode("cp1252"))
    return f"{name};CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:{coded}"


def trade_show(lists: Lists, toms: list[Any], lenas: list[Any]) -> None:
    """Business cards typed in by two people, each with columns and a language of their own, into one workbook."""
    dice, book = lists.dice, Workbook()
    tom, lena = book.active, book.create_sheet("Lena")
    tom.title = "Tom"
    tom.append(["Trade fair Harrogate, October 2026"])
    tom.append([])
    tom.append(["Name", "Company", "Position", "Phone", "E-mail", "Notes"])
    for p in toms:
        whole = typo(dice, f"{p.given} {p.family}") if dice.random() < 0.15 else f"{p.given} {p.family}"
        tom.append(
            [
                whole,
                p.employer.name.rsplit(" ", 1)[0],
                p.title,
                p.mobile,
                p.work.upper() if dice.random() < 0.1 else p.work,
                dice.choice(["", "call back", "wants a quote"]),
            ]
        )
    lena.append(["Vorname", "Nachname", "Firma", "Position", "Telefon", "Mobil", "E-Mail", "PLZ", "Ort"])
    for p in lenas:
        at = p.employer.place
        email = typo(dice, p.work) if dice.random() < 0.05 else p.work
        lena.append(
            [
                p.given,
                p.family.upper(),
                p.employer.name,
                p.title,
                p.employer.phone,
                p.mobile if dice.random() < 0.5 else None,
                email,
                at.postal_code,
                at.city,
            ]
        )
    save_workbook(book, lists.folder / "lists" / "trade_show_cards.xlsx")
    lists.note("trade_show_cards.xlsx!Tom", (p.entity for p in toms))
    lists.note("trade_show_cards.xlsx!Lena", (p.entity for p in lenas))


def save_workbook(book: Workbook, path: Path) -> None:
    """Saves without today's date, so that the same seed gives the same bytes."""
    book.properties.created = book.properties.modified = datetime(2026, 11, 4, 12)
    raw = io.BytesIO()
    book.save(raw)
    with ZipFile(raw) as made, ZipFile(path, "w", ZIP_DEFLATED) as stable:
        for member in made.namelist():
            data = made.read(member)
            if member == "docProps/core.xml":
                start, end = data.index(b"<dcterms:modified"), data.index(b"</dcterms:modified>")
                data = data[: data.index(b">", start) + 1] + b"2026-11-04T12:00:00Z" + data[end:]
            stable.writestr(ZipInfo(member, (2026, 11, 4, 12, 0, 0)), data, ZIP_DEFLATED)


def hired(lists: Lists, people: list[Any]) -> None:
    """Executives of a list broker: capitals, bare digits, no permission; every fourth address is out of date."""
    dice, rows = lists.dice, []
    for number, person in enumerate(people):
        p = person.former or person
        at = p.employer.place
        digits = "".join(c for c in p.employer.phone if c.isdigit())
        rows.append(
            [
                f"{number + 1000:06d}",
                "",
                p.given.upper(),
                "",
                p.family.upper(),
                p.suffix.upper(),
                p.title.upper(),
                p.employer.name.upper(),
                at.street.upper(),
                "",
                at.city.upper(),
                at.region.upper(),
                at.postal_code,
                "",
                "",
                digits,
                "",
                p.work.upper() if dice.random() < 0.8 else "",
                "5091",
                "WHOLESALE",
                "423910",
                "10-19",
                "$1-2.5 MILLION",
                "COMPILED",
                "20250301",
                "N",
            ]
        )
    header = (
        "RECORD_ID PREFIX FIRST_NAME MI LAST_NAME SUFFIX TITLE COMPANY ADDRESS1 ADDRESS2 CITY STATE ZIP ZIP4 COUNTY PHONE FAX EMAIL "
        "SIC SIC_DESC NAICS EMPLOYEES SALES_VOL SOURCE LIST_DATE DNC"
    ).split()
    lists.write("executives_hired.csv", table(header, rows))
    lists.note("executives_hired.csv", (p.entity for p in people))


MAILCHIMP = [
    "Email Address",
    "First Name",
    "Last Name",
    "Company",
    "ZIP Code",
    "MEMBER_RATING",
    "OPTIN_TIME",
    "OPTIN_IP",
    "CONFIRM_TIME",
    "CONFIRM_IP",
    "LATITUDE",
    "LONGITUDE",
    "GMTOFF",
    "DSTOFF",
    "TIMEZONE",
    "CC",
    "REGION",
]
STATES: dict[str, list[str]] = {
    "subscribed": ["LAST_CHANGED"],
    "unsubscribed": ["UNSUB_TIME", "UNSUB_CAMPAIGN_TITLE", "UNSUB_CAMPAIGN_ID", "UNSUB_REASON", "UNSUB_REASON_OTHER"],
    "cleaned": ["CLEAN_TIME", "CLEAN_CAMPAIGN_TITLE", "CLEAN_CAMPAIGN_ID"],
}


def mailchimp(lists: Lists, people: list[Any]) -> None:
    """The audience in three files: subscribed, unsubscribed, cleaned (the old addresses of people who changed the job)."""
    changed = [p for p in people if p.former and p.former.work and p.former.work != p.work][:12]
    rest = [p for p in people if p not in changed]
    audience = {
        "subscribed": rest[: len(rest) * 4 // 5],
        "unsubscribed": rest[len(rest) * 4 // 5 :],
        "cleaned": [p.former for p in changed],
    }
    for state, members in audience.items():
        rows = [member(lists.dice, p, state) for p in members]
        name = f"{state}_members_export_8a1b2c3d4e.csv"
        lists.write(name, table([*MAILCHIMP, *STATES[state], "LEID", "EUID", "NOTES", "TAGS"], rows))
        lists.note(name, (p.entity for p in members))


def member(dice: Any, p: Any, state: str) -> list[str]:
    """One row: half of the subscribers use the private address; names are often missing."""
    day = f"{dice.randint(2021, 2025)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
    address = p.work if state == "cleaned" else dice.choice([p.email, p.private])
    named = dice.random() < 0.75
    confirmed = f"{day} 11:02:03" if dice.random() < 0.8 else ""
    end = {
        "subscribed": ["2026-06-01 12:00:00"],
        "unsubscribed": ["2026-03-04 09:12:44", "Spring offer, part 2", "9f3b1c2d4e", "NORMAL", ""],
        "cleaned": ["2026-05-02 07:00:00", "May news", "1f2e3d4c5b"],
    }[state]
    number = dice.randint(10**7, 10**8 - 1)
    return [
        address,
        p.given if named else "",
        p.family if named else "",
        p.employer.name if p.employer and dice.random() < 0.3 else "",
        "",
        "2",
        f"{day} 10:54:27",
        "192.0.2.1",
        confirmed,
        "192.0.2.1" if confirmed else "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        *end,
        str(number),
        f"8a{number:08x}",
        "",
        "",
    ]


def xero(lists: Lists, organisations: list[Any], staff: list[Any]) -> None:
    """Customers and suppliers: one row an organisation, its people beside it."""
    header = (
        "*ContactName AccountNumber EmailAddress FirstName LastName POAttentionTo POAddressLine1 POAddressLine2 POAddressLine3 POAddressLine4 POCity "
        "PORegion POPostalCode POCountry PhoneNumber FaxNumber MobileNumber BankAccountName BankAccountNumber TaxNumber Website DueDateBillDay "
        "SalesAccount PurchasesAccount Person1FirstName Person1LastName Person1Email Person1IncludeInEmail "
        "Person2FirstName Person2LastName Person2Email Person2IncludeInEmail"
    ).split()
    rows = []
    for number, o in enumerate(organisations, 1):
        at = o.place
        known = lists.some([p for p in staff if p.employer is o], 0.5)[:2]
        guests = [[p.given, p.family, p.work, "TRUE"] for p in known] + [["", "", "", ""]] * (2 - len(known))
        rows.append(
            [
                o.name,
                f"{number:04d}",
                f"accounts@{o.domain}",
                "",
                "",
                "",
                at.street,
                "",
                "",
                "",
                at.city,
                at.region,
                at.postal_code,
                COUNTRIES[at.country],
                o.phone,
                "",
                "",
                "",
                "",
                "",
                f"https://www.{o.domain}",
                "20",
                "200",
                "310" if number % 3 == 0 else "",
                *guests[0],
                *guests[1],
            ]
        )
        lists.truth += [
            ("xero_contacts.csv", number, 0, o.entity),
            *(("xero_contacts.csv", number, part, p.entity) for part, p in enumerate(known, 1)),
        ]
    lists.write("xero_contacts.csv", table(header, rows))


SHOPIFY = (
    "Name|Email|Financial Status|Paid at|Fulfillment Status|Fulfilled at|Accepts Marketing|Currency|Subtotal|Shipping|Taxes|Total|Discount Code|Discount Amount|"
    "Shipping Method|Created at|Lineitem quantity|Lineitem name|Lineitem price|Lineitem compare at price|Lineitem sku|Lineitem requires shipping|Lineitem taxable|"
    "Lineitem fulfillment status|Billing Name|Billing Street|Billing Address1|Billing Address2|Billing Company|Billing City|Billing Zip|Billing Province|"
    "Billing Country|Billing Phone|Shipping Name|Shipping Street|Shipping Address1|Shipping Address2|Shipping Company|Shipping City|Shipping Zip|Shipping Province|"
    "Shipping Country|Shipping Phone|Notes|Note Attributes|Cancelled at|Payment Method|Payment Reference|Refunded Amount|Vendor|Id|Tags|Risk Level|Source"
).split("|")


def shopify(lists: Lists, people: list[Any]) -> None:
    """Orders: the first line of an order has the buyer, the others only the number and the e-mail address."""
    dice, rows, entities = lists.dice, [], []
    for number, p in enumerate(people, 1001):
        for line in range(dice.choice([1, 1, 1, 2])):
            row = dict.fromkeys(SHOPIFY, "")
            row |= {
                "Name": f"#{number}",
                "Email": p.private,
                "Lineitem quantity": "1",
                "Lineitem name": dice.choice(["Mug", "Notebook", "Poster"]),
                "Lineitem price": "12.00",
            }
            row |= order(dice, p, number) if line == 0 else {}
            rows.append(list(row.values()))
            entities.append(p.entity)
    lists.write("shopify_orders.csv", table(SHOPIFY, rows))
    lists.note("shopify_orders.csv", entities)


def order(dice: Any, p: Any, number: int) -> dict[str, str]:
    """What only the first line of an order says."""
    name, at = f"{p.given} {p.family} {p.suffix}".strip(), p.home
    to = {
        "Name": name,
        "Street": at.street,
        "Address1": at.street,
        "City": at.city,
        "Zip": f"'{at.postal_code}",
        "Country": at.country,
        "Phone": f"'{p.mobile}",
    }
    both = {f"{side} {key}": value for side in ("Billing", "Shipping") for key, value in to.items()}
    return both | {
        "Financial Status": "paid",
        "Fulfillment Status": "fulfilled",
        "Currency": "GBP",
        "Total": "15.50",
        "Accepts Marketing": dice.choice(["yes", "no", "no"]),
        "Created at": f"2026-{dice.randint(1, 10):02d}-{dice.randint(1, 28):02d} 09:15:33 +0000",
        "Payment Method": "Shopify Payments",
        "Id": str(5_700_000_000_000 + number),
        "Source": "web",
        "Risk Level": "Low",
    }


def old_list(lists: Lists, people: list[Any]) -> None:
    """A text file that somebody kept for years, with addresses of former employers and a few lines that are none."""
    lines, entities = ["# newsletter 2019, do not lose!"], []
    for p in people:
        known = p.former if p.former else p
        address = lists.dice.choice([known.email, known.private])
        lines.append(
            lists.dice.choice(
                [
                    f"{known.given} {known.family} <{address}>",
                    f'"{known.family}, {known.given}" <{address}>',
                    address,
                    f"{address};",
                ]
            )
        )
        entities.append(p.entity)
    lists.write("old_mailing_list.txt", "\n".join([*lines, "", "call the printer"]) + "\n")
    lists.note("old_mailing_list.txt", entities)


def bounces(lists: Lists, people: list[Any]) -> None:
    """What came back from the last mailing: former addresses for good, two full mailboxes, one block of the sender."""
    gone = [p.former for p in people if p.former and p.former.work and p.former.work != p.work]
    gone = lists.some(gone, 0.7)
    full = lists.some([p for p in people if p.employer and not p.former], 0.01)
    reason = 'The email account that you tried to reach does not exist. Please check\nthe recipient\'s address, "{0}" unknown'
    rows = [["5.1.1", "550 5.1.1 " + reason.format(p.given.lower()), p.work, "1777705200"] for p in gone]
    rows += [["4.2.2", "452 4.2.2 mailbox full", p.work, "1777705300"] for p in full[:-1]]
    rows += [["5.7.1", "550 5.7.1 message blocked, sender's reputation", p.work, "1777705400"] for p in full[-1:]]
    lists.write("bounces.csv", table(["status", "reason", "email", "created"], rows))
    lists.note("bounces.csv", (p.entity for p in [*gone, *full]))
