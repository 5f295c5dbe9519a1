"""Delivery reports (RFC 3464), complaints (RFC 5965) and out-of-office replies: .eml and .mbox.

Each message is a record; a report on several recipients has several people in it. The address is the original
recipient before the final one, which may be an internal rewrite. An out-of-office reply says nothing and is a rejected
row, as is any other message that is no report.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email.message import Message
from email.policy import compat32
from itertools import islice
from typing import TYPE_CHECKING, Final

from listmerge.engine.spool import forget_one
from listmerge.errors import InputError
from listmerge.importers.delimited import check_lines
from listmerge.importers.entries import Entry, Gathered, Kind, Rules, gather, make_table
from listmerge.importers.source import not_a_list
from listmerge.importers.text import ADDRESS
from listmerge.model import Issue, RawTable

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data

RULES: Final[Rules] = (
    (r"address\.(\d+)", {"field": "email", "part": -1}),
    (r"status\.(\d+)", {"field": "consent", "meaning": "bounce-code", "part": -1}),
    (r"type\.(\d+)", {"field": "consent", "meaning": "bounce-type", "part": -1}),
    (r"complaint\.(\d+)", {"field": "consent", "meaning": "complaint-flag", "part": -1}),
    (r"date\.(\d+)", {"field": "consent", "meaning": "status-date", "part": -1}),
    (r"diagnostic\.(\d+)", {"field": "consent", "meaning": "reason", "part": -1}),
    (r"action\.(\d+)", {"field": "ignore", "part": -1}),
    (r"final_recipient\.(\d+)", {"field": "ignore", "part": -1}),
    (r"subject", {"field": "ignore"}),
)
KIND: Final = Kind("delivery-reports", "e-mail delivery reports", RULES)
REPORTED: Final = ("failed", "delayed")  # delivered, relayed and expanded are no bounces
MOST_RECIPIENTS: Final = 50
MOST_MESSAGES: Final = 2_000_000
HELD: Final = 32 << 20      # bytes that may have been looked at and not been given back
SHOWN: Final = 1_000        # messages that are no record, for one reason, that are listed one by one
_MBOX = re.compile(rb"^From [^\r\n]*\r?\n", re.M)
_CODE = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3}|[245]\d\d)\b")
_ADDRESS = re.compile(ADDRESS)
_FAILURE = re.compile(
    r"undeliver|delivery (status|failure)|returned mail|failure notice|mail delivery failed|unzustellbar|"
    r"non remis|échec de (la )?remise|no se puede entregar",
    re.I,
)


def extract(data: Data, name: str, options: ReadOptions) -> list[RawTable]:
    """The reports of the file as one table; raises InputError when there is no report in it."""
    check_lines(data, name)
    gathered = gather(_entry(line, raw) for line, raw in messages(data, name))
    if all(why == "no-report" for why in gathered.rejected):
        raise not_a_list(name, "it is mail without any delivery report or complaint")
    facts = {"messages": str(len(gathered.lines))}
    return [make_table(gathered, KIND, name, options, facts, list(_rejections(gathered, name)))]


def _rejections(gathered: Gathered, name: str) -> Iterator[Issue]:
    """An issue for each message that is no record, of very many for one reason the number of the rest."""
    subjects = gathered.column("subject")
    for code, message in _WHY.items():
        rows = [row for row, why in enumerate(gathered.rejected) if why == code]
        for row in rows[:SHOWN]:
            yield Issue(code, message, value=subjects[row].as_py()[:200], source_file=name, source_row=row + 1,
                        source_line=gathered.lines[row])
        if len(rows) > SHOWN:
            yield Issue(code, f"The same holds for {len(rows) - SHOWN:,} messages more.", source_file=name)


_WHY: Final = {
    "no-report": "The message is no delivery report.",
    "out-of-office": "An out-of-office reply says nothing.",
    "delivered": "The report says that the mail arrived.",
}


def messages(data: Data, name: str) -> Iterator[tuple[int, bytes]]:
    """The messages of a mailbox, or the one message, each with the line where it begins. Raises InputError `too-large`.

    What was looked at is given back to the system, so that a large mailbox does not come to lie in memory.
    """
    starts = list(islice(_starts(data), MOST_MESSAGES + 1)) if data[:5] == b"From " else []
    if len(starts) > MOST_MESSAGES:
        raise InputError("too-large", f"{name} has more than {MOST_MESSAGES:,} messages.", where=name,
                         hint="split it, or export the reports alone.")
    if not starts:
        yield 1, data[:]
        return
    line, position, held = 1, 0, 0
    for (start, body), (end, _) in zip(starts, [*starts[1:], (len(data), 0)], strict=True):
        line += data[position:start].count(b"\n")
        position = start
        yield line, re.sub(rb"^>(>*From )", rb"\1", data[body:end], flags=re.M)
        if end - held > HELD:
            forget_one(data)
            held = end


def _starts(data: Data) -> Iterator[tuple[int, int]]:
    """Where each message of a mailbox begins, and where its headers do."""
    held = 0
    for match in _MBOX.finditer(data):
        start = match.start()
        if start - held > HELD:
            forget_one(data)
            held = start
        if start == 0 or data[max(start - 4, 0) : start].endswith((b"\n\n", b"\r\n\r\n")):
            yield start, match.end()


def _entry(line: int, raw: bytes) -> Entry:
    message = email.message_from_bytes(raw, policy=compat32)
    values = {"subject": _text(message.get("Subject"))}
    date = _text(message.get("Date"))
    reports = [part for part in _parts(message) if part.get_content_type() in _READERS]
    found = [facts for part in reports for facts in _READERS[part.get_content_type()](part)]
    if not found and _FAILURE.search(values["subject"]) and "auto-replied" not in _text(message.get("X-Autoreply")):
        found = _from_text(message)
    bounced = [facts for facts in found if facts.get("address") and facts.get("action", "failed") in REPORTED]
    for number, facts in enumerate(bounced[:MOST_RECIPIENTS], 1):
        dated = {"date": date} | facts
        values |= {f"{key}.{number}": text for key, text in dated.items() if text}
    return Entry(
        line, {key: text for key, text in values.items() if text}, "" if bounced else _rejection(message, bool(found))
    )


def _rejection(message: Message, is_report: bool) -> str:
    if is_report:
        return "delivered"
    automatic = _text(message.get("Auto-Submitted")).lower().startswith("auto") or message.get("X-Autoreply")
    words = re.search(
        r"automatic reply|out of (the )?office|abwesen|absence|auto-?reply", _text(message.get("Subject")), re.I
    )
    return "out-of-office" if automatic or words else "no-report"


def _parts(message: Message) -> Iterator[Message]:
    """The parts of a message, but not those of a message inside it, at most a thousand."""
    pending, seen = [message], 0
    while pending and seen < 1000:
        part = pending.pop(0)
        seen += 1
        yield part
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            pending += _inner(part)


def _inner(part: Message) -> list[Message]:
    """The messages that a part is made of."""
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


Facts = dict[str, str]


def _delivery_status(part: Message) -> Iterator[Facts]:
    """One block of fields per recipient (RFC 3464 §2.3)."""
    for block in _inner(part):
        recipient = _recipient(block.get("Original-Recipient")) or _recipient(block.get("Final-Recipient"))
        status, diagnostic = _text(block.get("Status")), _text(block.get("Diagnostic-Code"))
        yield {
            "address": recipient,
            "final_recipient": _recipient(block.get("Final-Recipient")),
            "action": _text(block.get("Action")).lower(),
            "status": _code(status, diagnostic),
            "diagnostic": diagnostic or status,
        }


def _code(status: str, diagnostic: str) -> str:
    """The status code; the general 5.0.0 gives way to a precise one in the diagnosis."""
    code = next(iter(_CODE.findall(status)), "")
    precise = next((each for each in _CODE.findall(diagnostic) if each.count(".") == 2), "")
    return precise if precise and code in ("", "5.0.0", "4.0.0") else code


def _feedback(part: Message) -> Iterator[Facts]:
    """A complaint (RFC 5965): the original recipient does not want this mail."""
    block = next(iter(_inner(part)), None) or email.message_from_string(str(part.get_payload()))
    kind = _text(block.get("Feedback-Type")).lower()
    if kind in ("not-spam", "dkim", "auth-failure"):
        return
    for recipient in block.get_all("Original-Rcpt-To") or []:
        yield {"address": _recipient(recipient), "complaint": kind or "abuse", "diagnostic": kind or "abuse"}


_READERS: Final = {"message/delivery-status": _delivery_status, "message/feedback-report": _feedback}


def _from_text(message: Message) -> list[Facts]:
    """A report in free words (Exchange, qmail): addresses in the text, and the code that stands in it."""
    failed = _recipient(message.get("X-Failed-Recipients"))
    text = "\n".join(_body(part) for part in _parts(message) if part.get_content_type() == "text/plain")[:20_000]
    sender = {found.casefold() for key in ("From", "To") for found in _ADDRESS.findall(_text(message.get(key)))}
    addresses = (
        [failed]
        if failed
        else [found for found in dict.fromkeys(_ADDRESS.findall(text)) if found.casefold() not in sender]
    )
    code = next(iter(sorted(_CODE.findall(text), key=lambda each: -each.count("."))), "")
    return [
        {"address": address, "action": "failed", "status": code, "diagnostic": "from the text of the report"}
        for address in addresses[:1]
        if code
    ]


def _body(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _recipient(value: object) -> str:
    found = _ADDRESS.search(_text(value).split(";", 1)[-1])
    return found.group() if found else ""


def _text(value: object) -> str:
    """A header's text, unfolded; bytes that are no text become U+FFFD."""
    text = str(value) if value is not None else ""
    return re.sub(r"\s+", " ", text.encode("utf-8", "replace").decode("utf-8")).strip()
