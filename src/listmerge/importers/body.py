"""The text of a file as UTF-8 bytes, without what breaks readers; looked at piece by piece, never held as a whole."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from listmerge.engine import spool
from listmerge.engine.spool import Bytes
from listmerge.importers.charset import LENIENT, Charset
from listmerge.importers.source import Data

HEAD: Final = 1 << 18
_EMPTY: Final = b" \t\r\n,;|"


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of `data` from `start` to `end`."""

    data: Bytes
    start: int
    end: int

    @property
    def size(self) -> int:
        """The number of bytes."""
        return self.end - self.start

    def pieces(self, size: int = 0) -> Iterator[bytes]:
        """All of it, one piece after the other, of so many bytes where they are said."""
        return spool.pieces(self.data, self.start, self.end, size)

    def lines(self) -> Iterator[str]:
        """Its lines one after the other with their ends, which are LF, CR LF or CR."""
        decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8")("replace"), translate=False)
        begun = ""
        for piece in self.pieces():
            *whole, begun = [*io.StringIO(begun + decoder.decode(piece), newline=""), ""]
            if whole and not whole[-1].endswith(("\n", "\r")):
                begun = whole.pop()
            yield from whole
        yield from io.StringIO(begun + decoder.decode(b"", final=True), newline="")

    def from_text(self) -> Body:
        """Without the lines at its beginning in which nothing stands but blanks and delimiters."""
        start = line = self.start
        for piece in self.pieces():
            empty = len(piece) - len(piece.lstrip(_EMPTY))
            if ends := max(piece.rfind(end, 0, empty) for end in (b"\n", b"\r")) + 1:
                line = start + ends
            if empty < len(piece):
                break
            start += empty
        return Body(self.data, line, self.end)

    def opening(self) -> tuple[str, bool]:
        """The first part of the text, cut at a line's end, and whether that is all of it."""
        part = bytes(self.data[self.start : min(self.start + HEAD, self.end)])
        if self.size <= HEAD:
            return part.decode("utf-8", "replace"), True
        cut = max(part.rfind(b"\n"), part.rfind(b"\r")) + 1
        return part[: cut or HEAD].decode("utf-8", "ignore"), False

    def bytes_of(self, wanted: bytes) -> set[int]:
        """Which of these bytes stand in it."""
        found: set[int] = set()
        for piece in self.pieces():
            found |= {byte for byte in wanted if byte not in found and byte in piece}
        return found


def as_utf8(data: Data, charset: Charset, folder: Path | None = None) -> Body:
    """The text as UTF-8 without what breaks readers; written anew, into a file in `folder`, only where it must be.

    That is: zero characters, the last 0x1A, blank lines at the end, and the line ends of bad downloads (CR CR LF).
    """
    if charset.encoding == "utf-8":
        body = _trimmed(data, charset.skip)
    else:
        body = _trimmed(_kept(_recoded(spool.pieces(data, charset.skip), charset.encoding), folder), 0)
    if body.bytes_of(b"\x00\r") and _is_broken(body):
        mended = _kept(_mended(body.pieces()), folder)
        body = Body(mended, 0, len(mended))
    return body


def _is_broken(body: Body) -> bool:
    last = b""
    for piece in body.pieces():
        text = last + piece
        if b"\x00" in piece or b"\r\r\n" in text:
            return True
        last = text[-2:]
    return False


def _trimmed(data: Bytes, start: int) -> Body:
    end = len(data)
    while end > start and data[end - 1] in b"\r\n\x1a":
        end -= 1
    return Body(data, start, end)


def _kept(pieces: Iterable[bytes], folder: Path | None) -> Bytes:
    return b"".join(pieces) if folder is None else spool.written(pieces, folder)


def _recoded(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(LENIENT)
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _mended(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Without zero characters and doubled CR; a CR at the end of a piece waits for what follows."""
    waiting = b""
    for piece in pieces:
        text = waiting + piece.replace(b"\x00", b"")
        waiting = text[len(text.rstrip(b"\r")) :]
        yield text[: len(text) - len(waiting)].replace(b"\r\r\n", b"\r\n")
    yield waiting
