"""The words of the house as types, and its tables as schemas: the dictionary that every layer speaks.

A table is declared as a tuple of (column, type) and built as an Arrow schema on demand, so that importing this module
loads no heavy library. In every table a text column holds '' where there is no value, never null. `int32` columns named
`contact` are positions in the `contacts` table of the same part (after cleaning) or run (after gathering), which is
sorted by (record_id, part): content decides the numbers, never the order of files or rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping as MappingOf
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, NewType

if TYPE_CHECKING:
    import pyarrow as pa

RecordId = NewType("RecordId", str)  # 24 hex digits, and "#2" … for further equal records
MasterId = NewType("MasterId", str)  # "M" and 16 base-32 digits
Columns = tuple[tuple[str, str], ...]

# --- what a column of a file may mean -----------------------------------------------------------------------------

#: Field of a mapped column -> the unit it is part of. Columns with one unit and one (part, group) make one value.
FIELDS: Final[dict[str, str]] = {
    "full_name": "name", "prefix": "name", "given_name": "name", "middle_name": "name", "family_name": "name",
    "suffix": "name", "nickname": "name",
    "account": "name",            # whoever an accounting program has as a customer: the person, or the company
    "company": "job", "department": "job", "job_title": "job",
    "email": "email", "email_label": "email",
    "phone": "phone", "phone_label": "phone", "extension": "phone", "fax": "phone",
    "street": "address", "po_box": "address", "city": "address", "region": "address", "postal_code": "address",
    "country": "address", "address": "address", "address_label": "address",
    "website": "website", "birthday": "birthday", "categories": "categories", "relationship": "relationship",
    "notes": "notes", "language": "language",
    "identifier": "identifier",   # customer, tax or insurance number: matched on as a keyed hash, never exported
    "consent": "consent",         # a permission, refusal or deliverability; Column.meaning says how it is written
    "source_id": "record",        # the record's own id in its system
    "source": "record",           # a generic file that names the source of each row
    "created": "record", "updated": "record",     # dates; `updated` is the date of the row's values
    "deleted": "record",          # a marker: true means that this row must not make a contact
    "kind": "record",             # person / organisation, in the file's words
    "ignore": "other",            # known, of no use in a master; kept with the record, comes out with --all-columns
    "drop": "dropped",            # must not be kept at all: password hashes, bank details, government ids
}

#: How a consent column is written (Column.meaning) -> what it can state. The words are in fields/permissions.py.
MEANINGS: Final[dict[str, str]] = {
    "status-word": "subscribed, unsubscribed, cleaned, pending, complained, suppressed … in any language",
    "event-word": "what happened, in a log: Unsubscribe, Complaint, HardBounce; Open, Sent or a mere Bounce: nothing",
    "opt-in-flag": "true: permission express; false: permission none",
    "confirmed-flag": "true: permission confirmed",
    "opt-out-flag": "true: refusal unsubscribed; false: nothing",
    "do-not-contact-flag": "true: refusal do-not-contact; false: nothing",
    "allow-word": "Allow: nothing; Do Not Allow: refusal unsubscribed",
    "complaint-flag": "true (or a date): refusal complaint",
    "bounce-flag": "true (or a date): deliverability hard-bounce",
    "bounce-code": "an SMTP code (5.1.1, 550): hard-bounce, soft-bounce, or nothing for a block of the sender (5.7.x)",
    "bounce-type": "hard / soft / Permanent / Transient / Undetermined",
    "opt-in-date": "a date: permission express since then, single opt-in",
    "confirm-date": "a date: permission confirmed since then, double opt-in",
    "opt-out-date": "a date: refusal unsubscribed since then",
    "bounce-date": "the date of the row's deliverability; states nothing by itself",
    "status-date": "the date of the row's facts; states nothing by itself",
    "method": "how the permission was given, as text",
    "reason": "why it was refused or bounced, as text",
}

KINDS: Final = ("person", "organisation")
CHANNELS: Final = ("email", "phone", "sms", "post")
FACTS: Final = ("permission", "refusal", "deliverability")
PERMISSIONS: Final = ("confirmed", "express", "inferred", "pending", "none", "unknown")     # best evidence first
REFUSALS: Final = ("erased", "do-not-contact", "complaint", "unsubscribed", "")              # strictest first
DELIVERABILITIES: Final = ("ok", "unknown", "soft-bounce", "hard-bounce", "invalid")        # best first
RELATIONSHIPS: Final = ("customer", "former", "prospect", "attendee", "hired", "supplier", "own", "")
QUALITIES: Final = ("ok", "role", "disposable", "doubtful", "damaged", "placeholder", "invalid")
CERTAINTIES: Final = ("verified", "partial", "guess")
#: Issues that ask for nothing: listmerge put the value right and nothing of it is lost. Every other code says that
#: something is wrong.
REPAIRS: Final = ("guard-removed", "braces-removed", "row-continued", "invisible-characters", "zero-characters")
SEVERITIES: Final = ("must-decide", "worth-a-look", "information")
FATES: Final = ("in-master", "same-value", "conflict-loser", "other-column", "gone", "reference-only",
                "rejected-row", "dropped-by-policy", "structure")

# --- reading ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Issue:
    """Something wrong with a value or a record: data, never an exception.

    `source_row` counts records from 1, `source_line` is what a person sees in the file; both 0 when it is the file's.
    `code` is a short stable name (`email-typo`), `message` one sentence, `suggestion` a better value or ''.
    """

    code: str
    message: str
    value: str = ""
    field: str = ""
    source_file: str = ""
    source_row: int = 0
    source_line: int = 0
    suggestion: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a file means. `index` counts from 0; `header` is as written, '' where there is none.

    `field` is a key of FIELDS; `group` tells several units of one kind apart ('work', 'home', '1'), '' is the only
    one; `part` 0 is the row itself, 1… further people in it; `label` is given to the value ('work', 'mobile', 'fax');
    `meaning` and `channel` belong to `consent` (a phone's meaning may be `international`: written with
    the country's code and no `+`); `separator` splits one cell into several values ('' = the field's own
    way); `confidence` is 0..1 and `reason` says in words where the mapping comes from.
    """

    index: int
    header: str
    field: str
    group: str = ""
    part: int = 0
    label: str = ""
    meaning: str = ""
    channel: str = "email"
    separator: str = ""
    confidence: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a table is read: the layout it was recognised as ('' = none, mapped by headers and content) and its columns.

    `constants` are facts that hold for every row, as (fact, value): `("refusal", "unsubscribed")` for Mailchimp's file
    of unsubscribed. `kind` is the kind of part 0 ('' = decided row by row). `date_order` is the order in 03/04/2026:
    'dmy', 'mdy', 'ymd' or '' when the column must decide. `permission` is '' or what being on the list gives by itself.
    `region` is the ISO country code that national phone numbers belong to, '' when unknown.
    """

    layout: str
    system: str
    columns: tuple[Column, ...]
    certainty: str = "guess"
    confidence: float = 0.0
    kind: str = ""
    constants: tuple[tuple[str, str], ...] = ()
    relationship: str = ""
    permission: str = ""
    reference_only: bool = False
    date_order: str = ""
    region: str = ""
    null_words: tuple[str, ...] = ()      # cells that this system writes for "no value": '[not provided]', '0/0/00'
    state_words: tuple[str, ...] = ()     # first words of a file's name that tell the files of one list apart
    status_words: tuple[tuple[str, str], ...] = ()     # words of consent columns that mean another one in this system

    def to_json(self) -> str:
        """One line of JSON with sorted keys; `from_json` is its inverse."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Mapping:
        """Raises KeyError or TypeError when `text` was not written by `to_json`."""
        raw = json.loads(text)
        columns = tuple(Column(**column) for column in raw.pop("columns"))
        constants = tuple((name, value) for name, value in raw.pop("constants"))
        raw |= {name: tuple(raw.get(name, ())) for name in ("null_words", "state_words")}
        raw["status_words"] = tuple((word, meant) for word, meant in raw.get("status_words", ()))
        return cls(columns=columns, constants=constants, **raw)


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table of one file as read: a CSV, a sheet, a member of an archive, the cards of a vCard file.

    `name` is the file's path as given with '/', member or sheet after '!'. `cells` has the text columns c0, c1, … in
    the order of `headers`, one row per record, '' for an empty cell, nothing interpreted. `rows` and `lines` are int32:
    the number of the record from 1 and the line or Excel row that a person sees. `rejected` is a text column: '' or the
    code of the reason why the row is no record (`ragged-row`, `deleted`). `structure_rows` and `structure_cells` count
    the non-empty rows and cells that are header, preamble, footer, section titles or repeated headers. `facts` says how
    it was read, for people: encoding, delimiter, header line, sheet, what was ignored.
    """

    name: str
    headers: tuple[str, ...]
    cells: pa.Table
    rows: pa.Array
    lines: pa.Array
    rejected: pa.Array
    mapping: Mapping
    structure_rows: int = 0
    structure_cells: int = 0
    facts: dict[str, str] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()


# --- tables -------------------------------------------------------------------------------------------------------

RECORDS: Final[Columns] = (     # one Parquet part per RawTable; the cells c0, c1, … follow these
    ("record_id", "string"), ("source", "string"), ("source_id", "string"), ("source_file", "string"),
    ("source_row", "int32"), ("source_line", "int32"), ("rejected", "string"),
)

CONTACTS: Final[Columns] = (    # name, job … are texts to show; *_key are folded (lower case, Latin letters, one blank)
    ("record_id", "string"), ("part", "int16"), ("source", "string"), ("source_id", "string"),
    ("source_file", "string"), ("source_row", "int32"), ("source_line", "int32"),
    ("kind", "string"),
    ("full_name", "string"), ("prefix", "string"), ("given_name", "string"), ("middle_name", "string"),
    ("family_name", "string"), ("suffix", "string"), ("nickname", "string"),
    ("given_key", "string"), ("middle_key", "string"), ("family_key", "string"), ("suffix_key", "string"),
    ("name_quality", "string"),
    ("company", "string"), ("department", "string"), ("job_title", "string"), ("company_key", "string"),
    ("birthday", "string"),      # YYYY-MM-DD, or --MM-DD without a year
    ("website", "string"), ("website_key", "string"),
    ("categories", "string"),    # one a line
    ("notes", "string"), ("language", "string"), ("relationship", "string"),
    ("updated", "string"),       # YYYY-MM-DD of the row's values where a column says so, else ''
)

EMAILS: Final[Columns] = (      # email_key: lower case, ASCII domain; '' when the address is no address
    ("contact", "int32"), ("slot", "int16"), ("email", "string"), ("email_key", "string"), ("label", "string"),
    ("quality", "string"),
)

# phone: E.164 (";ext=12") when valid, else as written; phone_key: E.164 or the national digits
PHONES: Final[Columns] = (
    ("contact", "int32"), ("slot", "int16"), ("phone", "string"), ("phone_key", "string"), ("label", "string"),
    ("quality", "string"),
)

# country: ISO 3166 alpha-2 when known, else as written; lines of `street` joined with ", "
ADDRESSES: Final[Columns] = (
    ("contact", "int32"), ("slot", "int16"), ("label", "string"),
    ("street", "string"), ("city", "string"), ("region", "string"), ("postal_code", "string"), ("country", "string"),
    ("street_key", "string"), ("number_key", "string"), ("city_key", "string"), ("region_key", "string"),
    ("postal_key", "string"), ("country_key", "string"), ("quality", "string"),
)

IDENTIFIERS: Final[Columns] = (  # name_key: the folded header, so that only like is compared with like
    ("contact", "int32"), ("slot", "int16"), ("name_key", "string"), ("identifier_key", "string"),
)

STATEMENTS: Final[Columns] = (   # what a record says of an address: one of FACTS and its value, when and how
    ("contact", "int32"), ("channel", "string"), ("address", "string"), ("address_key", "string"),
    ("fact", "string"), ("value", "string"), ("date", "string"), ("method", "string"),
    ("explicit", "bool"),        # a dated opt-in that was mapped as such, not a status word
)

ISSUES: Final[Columns] = (
    ("source", "string"), ("source_file", "string"), ("source_row", "int32"), ("source_line", "int32"),
    ("field", "string"), ("code", "string"), ("value", "string"), ("message", "string"), ("suggestion", "string"),
)

#: Which unit each column of a part feeds, and how many non-empty cells it has: the cells side of the books.
CELLS: Final[Columns] = (
    ("source_file", "string"), ("column", "int16"), ("header", "string"), ("part", "int16"), ("unit", "string"),
    ("slot", "int16"), ("filled", "int64"), ("rejected", "int64"),
)

PAIRS: Final[Columns] = (("left", "int32"), ("right", "int32"))      # left < right, each pair once

SCORES: Final[Columns] = (       # weights are whole thousandths of a bit, so that sums are exact in any order
    ("left", "int32"), ("right", "int32"), ("weight", "int32"), ("probability", "float32"), ("vetoed", "bool"),
)

CLUSTERS: Final[Columns] = (     # cluster: the smallest contact in it; probability: the best pair within, 0 when alone
    ("contact", "int32"), ("cluster", "int32"), ("probability", "float32"),
)

NEAR_PAIRS: Final[Columns] = (   # pairs that were not merged and that a person should see
    ("left", "int32"), ("right", "int32"), ("probability", "float32"), ("reason", "string"),
)

IDENTITIES: Final[Columns] = (   # the master id of each cluster, and the run that made it
    ("cluster", "int32"), ("master_id", "string"), ("age", "int64"), ("first_imported", "string"),
)

MASTERS: Final[Columns] = (      # in the order of master.csv
    ("master_id", "string"), ("kind", "string"), ("full_name", "string"), ("may_email", "string"),
    ("why_not", "string"), ("given_name", "string"), ("middle_name", "string"), ("family_name", "string"),
    ("prefix", "string"), ("suffix", "string"), ("company", "string"), ("department", "string"),
    ("job_title", "string"), ("email", "string"), ("emails", "string"), ("phone", "string"), ("phones", "string"),
    ("street", "string"), ("city", "string"), ("region", "string"), ("postal_code", "string"), ("country", "string"),
    ("addresses", "string"), ("website", "string"), ("birthday", "string"), ("categories", "string"),
    ("relationship", "string"), ("permission", "string"), ("refusal", "string"), ("deliverability", "string"),
    ("sources", "string"), ("records", "string"), ("household_id", "string"), ("organisation_id", "string"),
    ("first_imported", "string"), ("last_seen", "string"),
)

CROSSWALK: Final[Columns] = (
    ("source", "string"), ("source_file", "string"), ("source_row", "int32"), ("source_line", "int32"),
    ("source_id", "string"), ("record_id", "string"), ("part", "int16"), ("master_id", "string"),
    ("match_probability", "string"),
)

PERMISSION_ROWS: Final[Columns] = (      # permissions.csv
    ("master_id", "string"), ("address", "string"), ("channel", "string"), ("permission", "string"),
    ("refusal", "string"), ("deliverability", "string"), ("source", "string"), ("date", "string"),
    ("method", "string"), ("usable", "string"), ("why_not", "string"),
)

CONFLICTS: Final[Columns] = (
    ("master_id", "string"), ("field", "string"), ("winner", "string"), ("winner_source", "string"),
    ("rule", "string"), ("others", "string"), ("severity", "string"),
)

#: What is asked of each master beside all others: in the order of the masters. `cluster` is its smallest contact,
#: `permissions` how many permission rows it has.
OUTLINES: Final[Columns] = (
    ("cluster", "int32"), ("family_key", "string"), ("address_key", "string"), ("company_key", "string"),
    ("master_id", "string"), ("kind", "string"), ("may_email", "string"), ("household_id", "string"),
    ("organisation_id", "string"), ("permissions", "int32"),
)

SAID: Final[Columns] = (         # refusals and deliveries that hold for the addresses of a cluster, whoever said them
    ("cluster", "int32"), ("channel", "string"), ("address_key", "string"), ("fact", "string"), ("value", "string"),
    ("date", "string"), ("source", "string"), ("by_hand", "bool"),
)

ALIASES: Final[Columns] = (("old_id", "string"), ("new_id", "string"), ("run", "string"))

#: Units of which a contact has one value at most.
ONE_VALUE: Final = ("name", "job", "birthday", "website", "notes", "language", "categories", "relationship", "consent")
#: Units of which it may have several, in slots -> the table of their values.
IN_SLOTS: Final = {"email": "emails", "phone": "phones", "address": "addresses", "identifier": "identifiers"}
#: Units of which a cell, and so a slot, may hold several values.
SEVERAL_A_SLOT: Final = ("email", "phone", "address")


# --- what a run is told besides the lists ---------------------------------------------------------------------------

SOURCES: Final[Columns] = (      # what is known of a source; trust: higher wins; use_until: YYYY-MM-DD or ''
    ("source", "string"), ("owner", "string"), ("relationship", "string"), ("permission", "string"),
    ("trust", "int32"), ("use_until", "string"), ("reference_only", "bool"), ("snapshot_date", "string"),
    ("first_imported", "string"),
)

DECISIONS: Final[Columns] = (    # contact keys, see contact_key; verdict: same / different
    ("left_key", "string"), ("right_key", "string"), ("verdict", "string"),
)

STANDING_REFUSALS: Final[Columns] = (   # refusals of any snapshot that ever was, and those of `listmerge suppress`
    ("channel", "string"), ("address_key", "string"), ("refusal", "string"), ("date", "string"), ("source", "string"),
    ("by_hand", "bool"),
)

#: Which master each contact had after the last run. age: the run that made the master; contact: its number in that
#: run, -1 where it was gone already or has changed since.
ASSIGNED: Final[Columns] = (
    ("record_id", "string"), ("part", "int16"), ("master_id", "string"), ("age", "int64"), ("first_imported", "string"),
    ("contact", "int32"),
)

#: The contacts of a run: which lists they come from (of two that bear one name everything is the same; a `word` is a
#: text out of few, kept once and numbered), and how many contacts bear their given and their family name, in sum.
ORIGINS: Final[Columns] = (("origin", "word"), ("bearers", "int32"))

#: Of each contact its number in the last run, -1 for none, and its row in `assigned`.
SEEN: Final[Columns] = (("contact", "int32"), ("row", "int32"))

RETIRED: Final[Columns] = (("master_id", "string"),)     # ids that were given up in any run; never used again


def fate_column(unit: str, slot: int) -> str:
    """The column of `fates` for a unit and slot: 'name', 'email.0', 'email.1'. There is none for a second value of a
    unit that has one."""
    return f"{unit}.{slot}" if slot or unit in IN_SLOTS else unit


def count_column(unit: str) -> str:
    """The column of `fates` for how many values a unit has in all slots."""
    return f"{unit}.values"


def fates_columns(slots: MappingOf[str, int]) -> Columns:
    """The columns of `fates`: one row a contact, one column for each unit and slot with a place in FATES, -1 for no
    value; where a slot holds several values, the best of their fates. `slots` says how many each of IN_SLOTS has."""
    places = [(unit, slot) for unit in IN_SLOTS for slot in range(slots.get(unit, 0))]
    return (("contact", "int32"), *((unit, "int8") for unit in ONE_VALUE),
            *((fate_column(*place), "int8") for place in places),
            *((count_column(unit), "int32") for unit in SEVERAL_A_SLOT))


def contact_key(record_id: str, part: int) -> str:
    """The key of a contact that outlives runs: '4f…9a.0'."""
    return f"{record_id}.{part}"

def arrow_schema(columns: Columns) -> pa.Schema:
    """The Arrow schema of a declared table; every column is non-null by convention."""
    import pyarrow as pa

    types: dict[str, Any] = {
        "string": pa.string(), "bool": pa.bool_(), "int16": pa.int16(), "int32": pa.int32(), "int64": pa.int64(),
        "float32": pa.float32(), "float64": pa.float64(), "int8": pa.int8(),
        "word": pa.dictionary(pa.int32(), pa.string()),
    }
    return pa.schema([pa.field(name, types[kind]) for name, kind in columns])


def empty_table(columns: Columns) -> pa.Table:
    """A table of that schema without rows."""
    return arrow_schema(columns).empty_table()
