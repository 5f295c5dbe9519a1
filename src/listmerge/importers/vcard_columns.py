"""What the properties of vCards mean: headers to fields, types to labels."""

from __future__ import annotations

from typing import Final

from listmerge.importers.entries import Rules

# fmt: off
RULES: Final[Rules] = (
    (r"FN", {"field": "full_name"}),
    (r"N\.prefix", {"field": "prefix"}),
    (r"N\.given", {"field": "given_name"}),
    (r"N\.additional", {"field": "middle_name"}),
    (r"N\.family", {"field": "family_name"}),
    (r"N\.suffix", {"field": "suffix"}),
    (r"NICKNAME", {"field": "nickname"}),
    (r"TITLE", {"field": "job_title"}),
    (r"ORG\.name", {"field": "company"}),
    (r"ORG\.unit", {"field": "department"}),
    (r"EMAIL\.(\d+)", {"field": "email"}),
    (r"EMAIL\.(\d+)\.label", {"field": "email_label"}),
    (r"TEL\.(\d+)", {"field": "phone"}),
    (r"TEL\.(\d+)\.label", {"field": "phone_label"}),
    (r"ADR\.(\d+)\.po_box", {"field": "po_box"}),
    (r"ADR\.(\d+)\.street", {"field": "street"}),
    (r"ADR\.(\d+)\.extended", {"field": "street"}),
    (r"ADR\.(\d+)\.city", {"field": "city"}),
    (r"ADR\.(\d+)\.region", {"field": "region"}),
    (r"ADR\.(\d+)\.postal_code", {"field": "postal_code"}),
    (r"ADR\.(\d+)\.country", {"field": "country"}),
    (r"ADR\.(\d+)\.label", {"field": "address_label"}),
    (r"ADDRESS\.(\d+)", {"field": "address"}),
    (r"URL\.(\d+)", {"field": "website"}),
    (r"BDAY", {"field": "birthday"}),
    (r"NOTE", {"field": "notes"}),
    (r"CATEGORIES", {"field": "categories", "separator": ";"}),
    (r"LANG", {"field": "language"}),
    (r"UID", {"field": "source_id"}),
    (r"REV", {"field": "updated"}),
    (r"KIND", {"field": "kind"}),
)
N_PARTS: Final = ("family", "given", "additional", "prefix", "suffix")
ADR_PARTS: Final = ("po_box", "extended", "street", "city", "region", "postal_code", "country")

PICTURES: Final = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE"})
#: Properties that hold data and no text, or say how the card is written.
SKIPPED: Final = PICTURES | {
    "X-MS-OL-DESIGN", "VERSION", "PRODID", "X-ABADR", "X-ABLABEL", "AGENT", "BEGIN", "END", "PROFILE", "SOURCE", "NAME",
    "FBURL", "CLIENTPIDMAP",
}

#: Types that say where or what, in the order of saying them; the others (VOICE, PREF) say nothing.
LABELS: Final = {
    "HOME": "home", "WORK": "work", "CELL": "mobile", "IPHONE": "mobile", "FAX": "fax", "PAGER": "pager",
    "MAIN": "main", "OTHER": "other", "CAR": "car", "CALLBACK": "callback", "ASSISTANT": "assistant", "VIDEO": "video",
}
