"""Workbooks as bytes: .xls, .xlsb and .ods, with what a test says of their cells."""

import io
import struct
import zipfile
from xml.sax.saxutils import escape

SECTOR, LEAST = 512, 4_096  # bytes; of a stream that stands in sectors of its own
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(stream: bytes, title: str = "Workbook") -> bytes:
    """An OLE file that holds one stream."""
    stream = stream.ljust(LEAST, b"\0")
    stream += bytes(-len(stream) % SECTOR)
    count = len(stream) // SECTOR
    tables = 1
    while tables * SECTOR // 4 < count + tables + 1:
        tables += 1
    first = tables + 1
    chain = [_TABLE] * tables + [_END]
    chain += [*range(first + 1, first + count), _END]
    chain += [_FREE] * (tables * SECTOR // 4 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIIII", tables, tables, 0, LEAST, _END, 0, _END, 0, 0)
    header += struct.pack(f"<{tables - 1}I", *range(1, tables))
    header = header.ljust(SECTOR, b"\xff")
    directory = _entry("Root Entry", 5, _END, 0, child=1) + _entry(
        title, 2, first, len(stream), child=_FREE
    )
    body = struct.pack(f"<{len(chain)}I", *chain) + directory.ljust(SECTOR, b"\0") + stream
    return header + body


def _entry(title: str, kind: int, first: int, size: int, child: int) -> bytes:
    name = title.encode("utf-16-le")
    entry = name.ljust(64, b"\0") + struct.pack("<HBB", len(name) + 2, kind, 1)
    entry += struct.pack("<III", _FREE, _FREE, child) + bytes(36)
    return entry + struct.pack("<III", first, size, 0)


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def xls(sheets, hidden=(), formats=(0,)):
    """A workbook of Excel 97: for each sheet its cells by (row, column), from 0.

    A cell is a string, a number, a truth, `None` for an error, or (number, place in `formats`).
    """
    strings = {}
    parts = [_sheet(cells, strings) for cells in sheets.values()]
    shared = b"".join(
        struct.pack("<HB", len(s.encode("utf-16-le")) // 2, 1) + s.encode("utf-16-le")
        for s in strings
    )
    styles = b"".join(_record(0xE0, struct.pack("<HH", 0, form) + bytes(16)) for form in formats)
    start = _record(0x809, struct.pack("<HH", 0x600, 5) + bytes(12)) + styles
    end = _record(0xFC, struct.pack("<II", len(strings), len(strings)) + shared) + _record(0x0A)
    names = [title.encode("utf-16-le") for title in sheets]
    place = len(start) + sum(4 + 8 + len(name) for name in names) + len(end)
    listed = b""
    for title, name, part in zip(sheets, names, parts, strict=True):
        entry = struct.pack("<IBBBB", place, title in hidden, 0, len(name) // 2, 1)
        listed += _record(0x85, entry + name)
        place += len(part)
    return compound(start + listed + end + b"".join(parts))


def _sheet(cells, strings):
    found = _record(0x809, struct.pack("<HH", 0x600, 0x10) + bytes(12))
    for (row, column), value in cells.items():
        style = 0
        if isinstance(value, tuple):
            value, style = value
        at = struct.pack("<HHH", row, column, style)
        if value is None or isinstance(value, bool):
            found += _record(0x205, at + bytes([bool(value), value is None]))
        elif isinstance(value, str):
            number = strings.setdefault(value, len(strings))
            found += _record(0xFD, at + struct.pack("<I", number))
        else:
            found += _record(0x203, at + struct.pack("<d", value))
    return found + _record(0x0A)


def xlsb(sheets, hidden=(), formats=(0,), spelled_out=(), since_1904=False):
    """A binary workbook: for each sheet its cells by (row, column); see `xls`.

    Parameters
    ----------
    formats : of each style of cells, its number; `spelled_out`, some by (number, code).
    """
    strings, content = {}, io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        listed, links = b"", ""
        for number, (title, cells) in enumerate(sheets.items(), 1):
            data = struct.pack("<II", title in hidden, number) + _wide(f"r{number}") + _wide(title)
            listed += _binary(156, data)
            links += f'<Relationship Id="r{number}" Target="worksheets/sheet{number}.bin"/>'
            archive.writestr(f"xl/worksheets/sheet{number}.bin", _binary_sheet(cells, strings))
        settings = _binary(153, struct.pack("<III", since_1904, 0, 0))
        listed = _binary(143, b"") + settings + listed + _binary(144, b"")
        archive.writestr("xl/workbook.bin", listed)
        archive.writestr("xl/styles.bin", _binary_styles(formats, spelled_out))
        archive.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{links}</Relationships>")
        shared = b"".join(_binary(19, b"\0" + _wide(string)) for string in strings)
        begun = _binary(159, struct.pack("<II", len(strings), len(strings)))
        archive.writestr("xl/sharedStrings.bin", begun + shared)
    return content.getvalue()


def _binary_styles(formats, spelled_out):
    codes = [_binary(44, struct.pack("<H", number) + _wide(code)) for number, code in spelled_out]
    others = _binary(626, b"") + _binary(47, struct.pack("<HH", 0xFFFF, 14)) + _binary(627, b"")
    cells = [_binary(47, struct.pack("<HH", 0, number)) for number in formats]
    return b"".join([*codes, others, _binary(617, b""), *cells, _binary(618, b"")])


def _binary_sheet(cells, strings):
    found, last = _binary(148, struct.pack("<4I", 0, 99, 0, 9)) + _binary(145, b""), -1
    for (row, column), value in cells.items():
        if row != last:
            found += _binary(0, struct.pack("<I", row) + bytes(13))
            last = row
        value, style = value if isinstance(value, tuple) else (value, 0)
        at = struct.pack("<II", column, style)
        if value is None or isinstance(value, bool):
            found += _binary(3 if value is None else 4, at + bytes([bool(value)]))
        elif isinstance(value, str):
            number = strings.setdefault(value, len(strings))
            found += _binary(7, at + struct.pack("<I", number))
        elif isinstance(value, int):
            found += _binary(2, at + struct.pack("<i", value << 2 | 2))
        else:
            found += _binary(5, at + struct.pack("<d", value))
    return found + _binary(146, b"")


def _wide(string):
    encoded = string.encode("utf-16-le")
    return struct.pack("<I", len(encoded) // 2) + encoded


def _binary(kind, data):
    start = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = b"", len(data)
    while True:
        size, part = size >> 7, size & 0x7F
        length += bytes([part | (0x80 if size else 0)])
        if not size:
            return start + length + data


_NAMES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style")
)


def ods(tables, styles=""):
    """A spreadsheet of OpenDocument, given the XML of its tables."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content{_NAMES}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return content.getvalue()


def ods_table(title, *rows, style=""):
    """One table of `ods`, given the XML of its rows."""
    return (
        f'<table:table table:name="{escape(title)}" table:style-name="{style}">{"".join(rows)}'
        "</table:table>"
    )


def ods_row(*cells, times=1):
    """A row of cells; a cell is a string, or XML that begins with "<"."""
    inner = "".join(cell if cell.startswith("<") else ods_cell(escape(cell)) for cell in cells)
    return f'<table:table-row table:number-rows-repeated="{times}">{inner}</table:table-row>'


def ods_cell(inner="", times=1, **values):
    """A cell with the XML of its text, and what its attributes say of its value."""
    said = "".join(f' office:{name.replace("_", "-")}="{value}"' for name, value in values.items())
    return (
        f'<table:table-cell table:number-columns-repeated="{times}"{said}>'
        f"<text:p>{inner}</text:p></table:table-cell>"
    )
