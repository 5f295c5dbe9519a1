"""JSON: one object a line, or one array of objects; Amazon SES notifications are read as bounces and complaints.

Objects are flattened: `address.city`, `emails.1.value`; lists of plain values are joined with `; `. Numbers keep their
digits. `null` is an empty cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from listmerge.importers import charset as charsets
from listmerge.importers.carrying import Found
from listmerge.importers.delimited import check_lines
from listmerge.importers.entries import Entry, Kind, gather, make_table
from listmerge.importers.mail import RULES as REPORT_RULES
from listmerge.importers.sheets import Sheet, check_width, columns_of
from listmerge.importers.source import damaged, no_records, not_a_list
from listmerge.model import Issue

if TYPE_CHECKING:
    from listmerge.importers import ReadOptions
    from listmerge.importers.source import Data

SES: Final = Kind("amazon-ses", "Amazon SES", REPORT_RULES)
DEEPEST: Final = 6
Record = tuple[int, dict[str, Any]]


def extract(data: Data, name: str, options: ReadOptions) -> list[Found]:
    """The objects of the file as one sheet, or as the table of their notices; raises InputError."""
    check_lines(data, name)
    charset = charsets.find(data, name, options.encoding)
    issues: list[Issue] = list(charset.issues)
    records = list(objects(charsets.decode(data, charset), name, issues))
    if not records:
        raise no_records(name)
    notices = [(line, notice) for line, record in records if (notice := _notice(record))]
    if len(notices) * 2 > len(records):
        entries = [_report(line, _notice(record) or {}) for line, record in records]
        return [make_table(gather(entries), SES, name, options, charset.facts, issues)]
    return [_grid([(line, flatten(record)) for line, record in records], name, charset, issues)]


def objects(text: str, name: str, issues: list[Issue]) -> Iterator[Record]:
    """The objects of JSON lines, of an array, or of the one list inside an object; a broken line is an issue."""
    text = text.lstrip("\ufeff")
    whole = _whole(text)
    if whole is not None:
        yield from ((1, item) for item in whole)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found = _parse(line)
        except ValueError as error:
            issues.append(
                Issue(
                    "bad-line",
                    f"The line is no JSON object ({error}).",
                    value=line[:200],
                    source_file=name,
                    source_line=number,
                )
            )
            continue
        if isinstance(found, dict):
            yield number, found
    if issues and len(issues) * 2 > text.count("\n") + 1:
        raise damaged(name, "most of its lines are no JSON")


def _parse(text: str) -> Any:
    try:
        return json.loads(text, parse_float=str, parse_int=str)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _whole(text: str) -> list[dict[str, Any]] | None:
    """The objects when the text is one JSON value, None when it is not."""
    try:
        found = _parse(text)
    except ValueError:
        return None
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        found = lists[0] if len(lists) == 1 and not _notice(found) else [found]
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def flatten(value: Any, path: str = "", depth: int = 0) -> dict[str, str]:
    """The texts of a JSON value by their path."""
    if isinstance(value, dict) and depth < DEEPEST:
        found: dict[str, str] = {}
        for key, item in value.items():
            found |= flatten(item, f"{path}.{key}" if path else key, depth + 1)
        return found
    if isinstance(value, list) and depth < DEEPEST and any(isinstance(item, dict | list) for item in value):
        return {
            key: text
            for number, item in enumerate(value[:50], 1)
            for key, text in flatten(item, f"{path}.{number}", depth + 1).items()
        }
    if isinstance(value, list):
        return {path: "; ".join(_scalar(item) for item in value)}
    return {path: _scalar(value)}


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode("utf-8")  # half of a surrogate pair is no text


def _grid(
    records: list[tuple[int, dict[str, str]]], name: str, charset: charsets.Charset, issues: list[Issue]
) -> Sheet:
    """The records under a header row of their keys, read on like any other grid."""
    import pyarrow as pa

    keys = list(
        dict.fromkeys(key.encode("utf-8", "replace").decode("utf-8") for _, record in records for key in record)
    )
    if not keys:
        raise not_a_list(name, "its objects are empty")
    check_width(len(keys), name)
    rows = [keys, *([record.get(key, "") for key in keys] for _, record in records)]
    lines = pa.array([0, *(line for line, _ in records)], pa.int32())
    facts = charset.facts
    return Sheet(name, columns_of(rows, len(keys)), lines, facts, tuple(issues), header=0)


# --- Amazon SES -------------------------------------------------------------------------------------------------------


def _notice(record: dict[str, Any]) -> dict[str, Any] | None:
    """The SES notification in a record, which may be wrapped in an SNS message or an SQS body."""
    for _ in range(3):
        if "notificationType" in record or "eventType" in record:
            return record
        inner = record.get("Message") or record.get("body") or record.get("detail")
        try:
            found = json.loads(inner) if isinstance(inner, str) else inner
        except (ValueError, RecursionError):
            return None
        if not isinstance(found, dict):
            return None
        record = found
    return None


def _report(line: int, notice: dict[str, Any]) -> Entry:
    """One notification: a bounce or a complaint with its recipients, or nothing (a delivery)."""
    bounce, complaint = notice.get("bounce"), notice.get("complaint")
    values: dict[str, str] = {}
    if isinstance(bounce, dict):
        for number, recipient in enumerate(_recipients(bounce, "bouncedRecipients"), 1):
            values |= _numbered(
                number,
                {
                    "address": recipient.get("emailAddress"),
                    "type": bounce.get("bounceType"),
                    "status": recipient.get("status"),
                    "action": recipient.get("action"),
                    "date": bounce.get("timestamp"),
                    "diagnostic": recipient.get("diagnosticCode") or bounce.get("bounceSubType"),
                },
            )
    elif isinstance(complaint, dict):
        kind = complaint.get("complaintFeedbackType") or "abuse"
        for number, recipient in enumerate(_recipients(complaint, "complainedRecipients"), 1):
            values |= _numbered(
                number,
                {
                    "address": recipient.get("emailAddress"),
                    "date": complaint.get("timestamp"),
                    "diagnostic": kind,
                    "complaint": "" if kind == "not-spam" else kind,
                },
            )
    return Entry(line, values, "" if values else "delivered")


def _recipients(report: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = report.get(key)
    return [item for item in found[:50] if isinstance(item, dict)] if isinstance(found, list) else []


def _numbered(number: int, facts: dict[str, Any]) -> dict[str, str]:
    return {f"{key}.{number}": _scalar(value) for key, value in facts.items() if value}
