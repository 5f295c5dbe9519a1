"""Which family a file belongs to, by its bytes; the extension is only a word that somebody gave it."""

from __future__ import annotations

import re
import zipfile
from typing import Final

from listmerge.engine.spool import pieces
from listmerge.importers.charset import Charset, find
from listmerge.importers.source import ZIP_ERRORS, Data, as_file, check_directory, damaged, empty, not_a_list

HEAD: Final = 1 << 16
BLANK: Final = b" \t\r\n\x00\x1a\xef\xbb\xbf\xff\xfe"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: First bytes -> what the file is, for files that hold no contacts that can be read.
STRANGERS: Final = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture, sound or film"),
    (b"BM\x00", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"!BDN", "an Outlook .pst"),
    (b"OggS", "sound"),
    (b"ID3", "sound"),
    (b"BZh", "a bzip2 archive; unpack it first"),
)

#: What a text file's first bytes look like, in the order in which it is asked.
TEXTS: Final = (
    ("spreadsheetml", re.compile(r"<\?xml.{0,2000}urn:schemas-microsoft-com:office:spreadsheet", re.S)),
    (
        "html",
        re.compile(
            r"\s*(<!--.*?-->\s*)?(<\?xml[^>]*>\s*)?<(!doctype html|html|head|body|table|meta|div|style)\b", re.I | re.S
        ),
    ),
    ("vcard", re.compile(r"(^|\n|\r)\s*BEGIN[ \t]*:[ \t]*VCARD", re.I)),
    ("ldif", re.compile(r"(?:[^\S\n]*(?:#[^\n]*)?\n)*+\s*(version:\s*\d+\s*\r?\n|dn::?\s)", re.I)),
    ("iif", re.compile(r"\s*!(HDR|CUST|VEND|EMP|OTHERNAME|ACCNT|CUSTNAMEDICT|TIMEACT|CTYPE|TRNS)\b", re.I)),
    ("mail", re.compile(r"(From [^\n]{1,400}\r?\n)?(>?[A-Za-z][A-Za-z0-9-]*:[ \t][^\n]*\r?\n([ \t][^\n]*\r?\n)*){3}")),
    ("jsonlines", re.compile(r"\s*(\{\s*\"|\[\s*\{|\[\s*\])")),
)
_MAIL_HEADER = re.compile(
    r"^(Return-Path|Received|Message-Id|MIME-Version|Content-Type|Subject|Delivered-To):", re.I | re.M
)


def family_of(data: Data, name: str) -> str:
    """The module that reads `data`; raises InputError where there is none."""
    head = _first_bytes(data, name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data, name)
    if head.startswith(OLE):
        return "excel"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head[:2] == b"\x09\x08" and head[2:4] in (b"\x10\x00", b"\x08\x00"):
        return "excel"  # a BIFF stream without its OLE container
    for mark, what in STRANGERS:
        if head.startswith(mark):
            raise not_a_list(name, f"it is {what}")
    return _textual(head, name)


def _first_bytes(data: Data, name: str) -> bytes:
    """The first bytes in which something stands. Raises InputError `empty-file`."""
    start = 0
    for piece in pieces(data, size=HEAD):
        if piece.strip(BLANK):
            return bytes(data[start : start + HEAD])
        start += len(piece)
    raise empty(name)


def _zipped(data: Data, name: str) -> str:
    check_directory(data, name)
    try:
        with zipfile.ZipFile(as_file(data)) as archive:
            members = set(archive.namelist())
    except ZIP_ERRORS as error:
        raise damaged(name, "it begins like a ZIP or a workbook but its end is missing or broken") from error
    if any(member.startswith("xl/") for member in members):
        return "excel"
    if "META-INF/manifest.xml" in members and not members.isdisjoint(("content.xml", "encrypted-package")):
        return "ods"
    if any(member.startswith("word/") for member in members):
        raise not_a_list(name, "it is a Word document", "copy its table into a spreadsheet and save that.")
    if any(member.endswith(".iwa") for member in members):
        raise not_a_list(name, "it is an Apple Numbers or Pages file", "use File > Export To > CSV or Excel.")
    return "archive"


def _textual(head: bytes, name: str) -> str:
    text = opening(head, name)
    if _is_binary(text):
        raise not_a_list(name, "it is binary, not text")
    for family, pattern in TEXTS:
        found = pattern.search(text[:4096]) if family == "vcard" else pattern.match(text)
        if found and (family != "mail" or _MAIL_HEADER.search(text)):
            return family
    if re.match(r"\s*<\?xml", text):
        raise not_a_list(name, "it is XML of a kind that is not known here")
    from listmerge.importers.text import is_plain_list

    return "text" if is_plain_list(text) else "delimited"


def opening(head: bytes, name: str) -> str:
    """The first bytes as text; a letter that was cut at the end is left out."""
    charset: Charset = find(head[:-4] if len(head) == HEAD else head, name)
    return head[charset.skip :].decode(charset.encoding, "ignore").replace("\x00", "").lstrip("\ufeff")


def _is_binary(text: str) -> bool:
    strange = sum(letter < " " and letter not in "\t\r\n\x0b\x0c\x1a\x1b" for letter in text[:8192])
    return strange * 50 > min(len(text), 8192)
