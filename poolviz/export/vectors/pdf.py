"""A drawing as PDF: rectangles, lines, and text that can be searched, in one embedded font.

All glyphs of the drawing, whichever fonts they come from, become one TrueType font of their own, so
that journals that take no Type 3 fonts take the file, and letters are the same everywhere.
(PDF 32000-1:2008, 9.7.4 and 9.10.3.)
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

from poolviz.export.vectors.fonts import Face, Glyph, Line, laid_out
from poolviz.export.vectors.truetype import font_of
from poolviz.figures.colours import Colour
from poolviz.figures.drawing import Drawing
from poolviz.version import __version__

_POINTS = 0.75  # a pixel's
_LONGEST = 14_400  # points; some readers show no longer page
_NAME = "POOLVZ+Glyphs"
_AT_ONCE = 100  # entries of a list that the format allows

# A glyph of the embedded font: where it comes from, what it stands for, its width in its size.
_Key = tuple[Face, int, str, float]


def to_pdf(drawing: Drawing) -> bytes:
    """The drawing as a page of its size.

    Raises
    ------
    ExportError : no font of this computer has a character of it.
    """
    lines = [laid_out(text) for text in drawing.texts]
    numbers: dict[_Key, int] = {}
    for line in lines:
        for glyph in line.glyphs:
            numbers.setdefault(_key(line, glyph), len(numbers) + 1)  # 0 is for what is missing
    widths = " ".join(f"{advance * 1000:.0f}" for *_glyph, advance in numbers)
    scale = min(_POINTS, _LONGEST / max(drawing.width, drawing.height))
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /DisplayDocTitle true >> >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            (
                f"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 "
                f"{drawing.width * scale:.2f} {drawing.height * scale:.2f}] "
                f"/Resources << /Font << /F 5 0 R >> >> >>"
            ).encode(),
            _stream(_content(drawing, lines, numbers, scale)),
            (
                f"<< /Type /Font /Subtype /Type0 /BaseFont /{_NAME} /Encoding /Identity-H "
                f"/DescendantFonts [6 0 R] /ToUnicode 9 0 R >>"
            ).encode(),
            (
                f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{_NAME} /CIDToGIDMap /Identity "
                f"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
                f"/FontDescriptor 7 0 R /W [1 [{widths}]] >>"
            ).encode(),
            (
                f"<< /Type /FontDescriptor /FontName /{_NAME} /Flags 4 /FontBBox [-1000 -1000 2000 "
                f"2000] /ItalicAngle 0 /Ascent 928 /Descent -244 /CapHeight 700 /StemV 80 "
                f"/FontFile2 8 0 R >>"
            ).encode(),
            _stream(font_of([(face, glyph, width) for face, glyph, _t, width in numbers])),
            _stream(_to_unicode(numbers)),
            f"<< /Title {_string(drawing.alt)} /Producer {_string(f'poolviz {__version__}')} "
            ">>".encode(),
        ]
    )


def _key(line: Line, glyph: Glyph) -> _Key:
    """A character alone in its cell is as wide as that, lest readers see spaces between cells."""
    room = line.text.room if line.text.centred and len(line.glyphs) == 1 else None
    advance = room / line.text.size if room else glyph.advance
    return glyph.face, glyph.number, glyph.text, advance


def _content(
    drawing: Drawing, lines: Sequence[Line], numbers: dict[_Key, int], scale: float
) -> bytes:
    """The page's marks; its unit is a pixel, and y goes upwards."""
    height = drawing.height
    marks = [f"{scale:.6f} 0 0 {scale:.6f} 0 0 cm"]
    for r in drawing.rectangles:
        place = f"{r.x:.2f} {height - r.y - r.height:.2f} {r.width:.2f} {r.height:.2f}"
        marks.append(f"{_colour(r.colour)} rg {place} re f")
    marks.append("1.5 w [1.5 3] 0 d 0 G")
    for d in drawing.dots:
        y = height - d.y
        marks.append(f"{d.x:.2f} {y:.2f} m {d.x + d.width:.2f} {y:.2f} l S")
    marks.append("BT")
    for line in lines:
        marks.append(f"{_colour(line.text.colour)} rg /F {line.text.size:.2f} Tf")
        for glyph in line.glyphs:
            x, y = line.place(glyph)
            number = numbers[_key(line, glyph)]
            marks.append(f"{line.narrow:.4f} 0 0 1 {x:.2f} {height - y:.2f} Tm <{number:04X}> Tj")
    marks.append("ET")
    return "\n".join(marks).encode("ascii")


def _to_unicode(numbers: dict[_Key, int]) -> bytes:
    """Which characters each glyph stands for, so that text can be searched and copied."""
    told = [(number, text) for (_f, _g, text, _a), number in numbers.items() if text]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Glyphs def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
            *_bfchars(told),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    ).encode("ascii")


def _bfchars(told: Sequence[tuple[int, str]]) -> Iterator[str]:
    for start in range(0, len(told), _AT_ONCE):
        part = told[start : start + _AT_ONCE]
        yield f"{len(part)} beginbfchar"
        yield from (f"<{number:04X}> <{_utf16(text)}>" for number, text in part)
        yield "endbfchar"


def _file(objects: Sequence[bytes]) -> bytes:
    """A file of numbered objects, the first its catalogue, the last what is said about it."""
    written = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    starts = []
    for number, content in enumerate(objects, 1):
        starts.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % begin for begin in starts)
    written += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(objects),
        start,
    )
    return bytes(written)


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    head = b"<< /Length %d /Filter /FlateDecode >>" % len(packed)
    return head + b"\nstream\n" + packed + b"\nendstream"


def _string(text: str) -> str:
    return f"<FEFF{_utf16(text)}>"


def _utf16(text: str) -> str:
    return text.encode("utf-16-be", "replace").hex().upper()


def _colour(colour: Colour) -> str:
    return " ".join(f"{channel / 255:.3f}" for channel in colour)
