
"""Files that were made to break readers, written by the tests themselves: name -> bytes."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from typing import Final


def _parquet(rows: int) -> bytes:
    """A small file that says the same address very often."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    column = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), rows), pa.array(["a@b.example" * 9]))
    out = io.BytesIO()
    pq.write_table(pa.table({"email": column}), out)
    return out.getvalue()


HEADER: Final = b"Name,E-mail\r\n"


def zipped(parts: dict[str, bytes]) -> bytes:
    """A ZIP of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def xlsx(sheet: str, *, dtd: str = "", styles: str = "", rels: str = "") -> bytes:
    """A workbook with one sheet of this XML (what stands inside of <worksheet>)."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    doc = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    pack = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{pack}"><Relationship Id="r1" Type="{doc}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<?xml version="1.0"?>{dtd}<workbook xmlns="{main}" xmlns:r="{doc}"><sheets>'
        '<sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{pack}"><Relationship Id="rId1" Type="{doc}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{doc}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?>{dtd}<worksheet xmlns="{main}" xmlns:r="{doc}">{sheet}</worksheet>',
        "xl/styles.xml": styles or f'<styleSheet xmlns="{main}"/>',
    }
    if rels:
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = f'<Relationships xmlns="{pack}">{rels}</Relationships>'
    return zipped({name: text.encode() for name, text in parts.items()})


def cell(place: str, text: str) -> str:
    """A cell with a text of its own."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def ods(rows: str, dtd: str = "") -> bytes:
    """An .ods with one sheet of these rows."""
    office, table, text = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0"?>{dtd}<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}">'
        f'<office:body><office:spreadsheet><table:table table:name="People">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": b"<manifest/>",
            "content.xml": content.encode(),
        }
    )


LAUGHS: Final = (
    '<!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]>"
)
OUTSIDE: Final = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
PEOPLE: Final = f'<row r="1">{cell("A1", "Name")}{cell("B1", "E-mail")}</row><row r="2">{cell("A2", "Ann")}{cell("B2", "ann@firm.example")}</row>'
ODS_ROW: Final = (
    "<table:table-row{}><table:table-cell><text:p>a@b.example</text:p></table:table-cell></table:table-row>"
)

WIDE: Final = b",".join(b"c%d" % index for index in range(100_000)) + b"\n" + b"," * 99_999
PADDED: Final = HEADER + b"a,a@b.example" + b"," * 15_000 + b"\n" + b"a,a@b.example\n" * 300_000


def _long(size: int) -> bytes:
    """A line of so many letters that is packed into a fortieth, which is no sign of a bomb."""
    chance = random.Random(size)
    return b"".join(chance.randbytes(40).hex().encode() * 20 for _ in range(size // 1600))


#: What it is -> the bytes, made when they are wanted.
FILES: Final[dict[str, Callable[[], bytes]]] = {
    "blank-lines.csv": lambda: b"\r\n" * 30 + HEADER + b"Ann,ann@firm.example\r\n",
    "long-line.csv": lambda: HEADER + b"x" * (80 << 20),
    "wide.csv": lambda: WIDE,
    "padded.csv": lambda: PADDED,
    "open-quote.csv": lambda: HEADER + b'"Ann,ann@firm.example\r\n' + b"Bob,bob@firm.example\r\n" * 20_000,
    "open-quotes.csv": lambda: HEADER + b'"Ann,ann@firm.example\r\n' * 20_000,
    "far-cell.xlsx": lambda: xlsx(
        f'<dimension ref="A1:XFD1048576"/><sheetData>{PEOPLE}<row r="1048576">{cell("XFD1048576", "x")}</row></sheetData>'
    ),
    "laughs.xlsx": lambda: xlsx(
        f"<sheetData>{PEOPLE}<row r='3'><c r='A3' t='str'><v>&j;</v></c></row></sheetData>", dtd=LAUGHS
    ),
    "outside.xlsx": lambda: xlsx(
        f"<sheetData>{PEOPLE}<row r='3'><c r='A3' t='str'><v>&a;</v></c></row></sheetData>", dtd=OUTSIDE
    ),
    "bomb.xlsx": lambda: xlsx(f"<sheetData>{PEOPLE}{'<row></row>' * 12_000_000}</sheetData>"),
    "cut.xlsx": lambda: xlsx(f"<sheetData>{PEOPLE}</sheetData>")[:-300],
    "repeated.ods": lambda: ods(ODS_ROW.format(' table:number-rows-repeated="1000000000"')),
    "wide.ods": lambda: ods(
        '<table:table-row><table:table-cell table:number-columns-repeated="1000000000"><text:p>a@b.example</text:p>'
        "</table:table-cell></table:table-row>"
    ),
    "laughs.ods": lambda: ods(
        "<table:table-row><table:table-cell><text:p>&j;</text:p></table:table-cell></table:table-row>", LAUGHS
    ),
    "laughs.xls": lambda: (
        f'<?xml version="1.0"?>{LAUGHS}<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
        "<Worksheet><Table><Row><Cell><Data>&j;</Data></Cell></Row></Table></Worksheet></Workbook>"
    ).encode(),
    "index.xls": lambda: (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        b'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row ss:Index="999999999"><Cell '
        b'ss:Index="999999999"><Data>a@b.example</Data></Cell></Row></Table></Worksheet></Workbook>'
    ),
    "bomb.zip": lambda: zipped({"list.csv": b"a@b.example\n" * 20_000_000}),
    "line-within.zip": lambda: zipped({"list.csv": HEADER + _long(200 << 20)}),
    "wide-within.zip": lambda: zipped({"list.csv": WIDE}),
    "padded-within.zip": lambda: zipped({"list.csv": PADDED + _long(6 << 20).replace(b"9", b"\n")}),
    "path.zip": lambda: zipped({"../../etc/list.csv": b"E-mail\na@b.example\n"}),
    "nested.zip": lambda: zipped({"inner.zip": zipped({"list.csv": b"E-mail\na@b.example\n"})}),
    "many.zip": lambda: zipped({f"{index}.csv": b"E-mail\na@b.example\n" for index in range(3_000)}),
    "params.vcf": lambda: b"BEGIN:VCARD\nEMAIL;a" + b"=b" * 200_000 + b"\nFN:Ann\nEND:VCARD\n",
    "folded.vcf": lambda: b"BEGIN:VCARD\nFN:Ann\nNOTE:" + b"x\n " * 2_000_000 + b"\nEND:VCARD\n",
    "begins.vcf": lambda: b"BEGIN:VCARD\n" * 100_000,
    "line.vcf": lambda: b"BEGIN:VCARD\nFN:Ann\nNOTE:" + b"x" * (80 << 20) + b"\nEND:VCARD\n",
    "nested.vcf": lambda: b"BEGIN:VCARD\nFN:Ann\n" * 50_000 + b"END:VCARD\n" * 50_000,
    "properties.vcf": lambda: (
        b"BEGIN:VCARD\nFN:Ann\n" + b"".join(b"X-P%d:x\n" % index for index in range(100_000)) + b"END:VCARD\n"
    ),
    "phones.vcf": lambda: b"BEGIN:VCARD\nFN:Ann\n" + b"TEL:+44 20 7946 0000\n" * 100_000 + b"END:VCARD\n",
    "deep.json": lambda: b'{"email": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "deep.jsonl": lambda: b'{"email": "a@b.example"}\n{"a": ' + b"[" * 100_000 + b"\n",
    "deep.html": lambda: b"<table><tr><td>a@b.example" + b"<table><tr><td>" * 100_000,
    "span.html": lambda: b"<table><tr><th>E-mail</th></tr><tr><td colspan=999999999>a@b.example</td></tr></table>",
    "parts.eml": lambda: (
        b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=x\n\n"
        + b"--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 3_000
    ),
    "many-parts.eml": lambda: (
        b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=x\n\n"
        + b"--x\nContent-Type: message/delivery-status\n\nAction: failed\n\n" * 100_000
    ),
    "arrays.json": lambda: b'[{"email": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]",
    "keys.json": lambda: b"{" + b",".join(b'"k%d": "a@b.example"' % index for index in range(100_000)) + b"}",
    "directory.zip": lambda: zipped({f"{index}-{'x' * 200}.csv": b"" for index in range(40_000)}),
    "lying.zip": lambda: zipped({"list.csv": b"a@b.example\n" * 1000}).replace(
        (12_000).to_bytes(4, "little"), (11).to_bytes(4, "little")),
    "nulls.parquet": lambda: _parquet(30_000_000),
    "blocks.ldif": lambda: b"dn: cn=x\n" + b"mail: a@b.example\n" * 100_000,
}
