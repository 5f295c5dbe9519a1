"""Rows of a sheet as Excel's XML, column by column as Arrow text, put into an empty sheet that XlsxWriter made.

Cell by cell takes four times as long. Every cell is an inline string: nothing is a formula, nothing a number.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.exporters.columns import byte_set, holds, replaced

LONGEST: Final = 32_767         # characters that a cell can hold; the rest is cut, and its end says so
CUT: Final = " … [cut]"
_STAMP: Final = (2000, 1, 1, 0, 0, 0)       # files must not differ by the hour at which they were made
_SPECIAL: Final = byte_set("&<>_" + "".join(map(chr, range(32))))
_SPECIAL[0xEF] = True           # the first byte of U+FFFE and U+FFFF
_MARKUP: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
#: What XML cannot hold is written as _x001F_, and so is text that looks like that already (ISO 29500-1, 22.9.2.19).
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

Fill = Callable[[bytes], "Iterable[bytes | memoryview]"]


def write_filled(empty: io.BytesIO, path: Path, fills: Mapping[str, Fill]) -> None:
    """Writes the workbook `empty` to `path`; its members named in `fills` become what these make of them."""
    with zipfile.ZipFile(empty) as looks, zipfile.ZipFile(path, "w") as full:
        for name in looks.namelist():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            content = looks.read(name)
            with full.open(entry, "w", force_zip64=True) as member:
                for piece in fills[name](content) if name in fills else [content]:
                    member.write(piece)


def cells(column: pa.Array, name: str, numbers: pa.Array, style: str | pa.Array) -> pa.Array:
    """The cells of the column `name` ('A') in the rows `numbers`, '' where there is no text; `style` is one for all, or
    one for each."""
    written = pc.binary_join_element_wise(
        f'<c r="{name}', numbers, '" s="', style, '" t="inlineStr"><is><t xml:space="preserve">',
        _escaped(column), "</t></is></c>", "")
    return pc.if_else(pc.equal(column, ""), "", written)


def _escaped(column: pa.Array) -> pa.Array:
    where = holds(column, _SPECIAL) | np.asarray(pc.greater(pc.binary_length(column), LONGEST))
    if not where.any():
        return column
    texts = [escaped(text) for text in column.filter(pa.array(where)).to_pylist()]
    return replaced(column, where, pa.array(texts, pa.string()))


def escaped(text: str) -> str:
    """The text as the content of a cell, cut to what a cell can hold."""
    if is_too_long(text):
        room = 2 * (LONGEST - len(CUT))
        text = text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT
    return _UNWRITABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", text).translate(_MARKUP)


def is_too_long(text: str) -> bool:
    """Whether a cell cannot hold the text; Excel counts in UTF-16."""
    return len(text) * 2 > LONGEST and len(text.encode("utf-16-le")) > 2 * LONGEST
