"""The fonts of this computer as a file needs them: text becomes glyphs in places, with outlines.

HarfBuzz (https://harfbuzz.github.io) does what scripts ask for: joined Arabic letters, Indic
clusters, marks over letters. What a font lacks is looked for in the others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import regex

from poolviz.errors import ExportError
from poolviz.figures.drawing import Text, writable
from poolviz.figures.grid import runs_leftwards
from poolviz.text.width import graphemes

# Where systems keep their fonts; "~" is the user's home.
_FOLDERS = {
    "win32": ("C:/Windows/Fonts", "~/AppData/Local/Microsoft/Windows/Fonts"),
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
}
_OTHER_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}
# The families to look in first: for tokens, for other lines, and after either for Chinese.
_FIXED = ("DejaVu Sans Mono", "Liberation Mono", "Noto Sans Mono", "Menlo", "Consolas")
_PLAIN = ("Arial", "Helvetica", "Liberation Sans", "Noto Sans", "DejaVu Sans")
_CHINESE = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC")
_CHINESE += ("Microsoft YaHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei")
_PLAIN_STYLES = ("Regular", "Book", "Normal", "Roman")
_UNSEEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Z}\u2800]")
_NAMED = 5  # missing characters in a sentence


@dataclass(frozen=True, eq=False)
class Face:
    """One font: its family, and whether it is upright and of common weight."""

    family: str
    plain: bool
    font: Any

    @property
    def em(self) -> int:
        """Units of its outlines that make its size."""
        return self.font.face.upem

    def has(self, character: str) -> bool:
        """Whether it can draw a character, which a font of bitmaps or colours cannot."""
        glyph = self.font.get_nominal_glyph(ord(character))
        if not glyph:
            return False
        extents = self.font.get_glyph_extents(glyph)
        return bool(extents and extents.width and self.outlined)

    @property
    def outlined(self) -> bool:
        """Whether its glyphs are outlines."""
        return self.truetype or bool({"CFF ", "CFF2"} & set(self.font.face.table_tags))

    @property
    def truetype(self) -> bool:
        """Whether these have quadratic curves."""
        return "glyf" in self.font.face.table_tags

    def glyph(self, character: str) -> tuple[int, float]:
        """The number of a character's glyph, and its width in shares of the size."""
        number = self.font.get_nominal_glyph(ord(character))
        return number, self.font.get_glyph_h_advance(number) / self.em

    def draw(self, glyph: int, pen: Any) -> None:
        """Draw a glyph's outline with a pen of fontTools, in units of `em`, y upwards."""
        self.font.draw_glyph_with_pen(glyph, pen)


@dataclass(frozen=True)
class Glyph:
    """A glyph in its place on a line that begins at 0.

    Parameters
    ----------
    face, number : which one.
    text : the characters that it stands for; empty where another glyph stands for them.
    x, y : its origin, in shares of the font's size, y upwards.
    advance : its width in the same.
    """

    face: Face
    number: int
    text: str
    x: float
    y: float
    advance: float


@dataclass(frozen=True)
class Line:
    """A text of a drawing as glyphs.

    Parameters
    ----------
    text : what was laid out.
    left : where it begins, in pixels.
    narrow : how much narrower than usual its glyphs are, to fit in the text's room.
    glyphs : its glyphs; their x is not narrowed yet.
    """

    text: Text
    left: float
    narrow: float
    glyphs: tuple[Glyph, ...]

    def place(self, glyph: Glyph) -> tuple[float, float]:
        """Where a glyph's origin is in the drawing, y downwards."""
        size = self.text.size
        return self.left + glyph.x * size * self.narrow, self.text.y - glyph.y * size


def laid_out(text: Text) -> Line:
    """A text of a drawing as glyphs in their places.

    Raises
    ------
    ExportError : no font of this computer has a character; the sentence names it.
    """
    glyphs, width = glyphs_of(writable(text.text), text.fixed)
    width *= text.size
    narrow = min(text.room / width, 1.0) if text.room and width else 1.0
    left = text.x - width * narrow / 2 if text.centred else text.x
    return Line(text, left, narrow, glyphs)


@lru_cache(maxsize=4096)
def glyphs_of(text: str, fixed: bool) -> tuple[tuple[Glyph, ...], float]:
    """A line of text as glyphs from left to right, and its width in shares of the font's size.

    Parameters
    ----------
    fixed : whether narrow characters are to have one width.

    Raises
    ------
    ExportError : no font of this computer has a character; the sentence names it.
    """
    found: list[Glyph] = []
    x = 0.0
    for face, run in _runs(text, fixed):
        for glyph in _shaped(face, run):
            found.append(replace(glyph, x=glyph.x + x))
            x += glyph.advance
    return tuple(found), x


def _runs(text: str, fixed: bool) -> list[tuple[Face, str]]:
    """Parts that one font draws in one direction, as they stand from left to right."""
    parts = list(zip(graphemes(text), _faces_of(text, fixed), strict=True))
    directions: list[bool] = []
    for grapheme, _face in parts:
        own = runs_leftwards(grapheme)
        first = directions[-1] if directions else bool(runs_leftwards(text))
        directions.append(first if own is None else own)
    runs = [
        (face, "".join(parts[i][0] for i in indices))
        for (face, _leftwards), group in groupby(
            range(len(parts)), key=lambda i: (parts[i][1], directions[i])
        )
        if (indices := list(group))
    ]
    return runs[::-1] if directions and directions[0] else runs


def _faces_of(text: str, fixed: bool) -> list[Face]:
    """A font for each grapheme of a text."""
    found = [face_of(grapheme, fixed) for grapheme in graphemes(text)]
    missing = dict.fromkeys(
        grapheme for grapheme, face in zip(graphemes(text), found, strict=True) if face is None
    )
    if missing:
        raise ExportError(
            "No font on this computer has an outline for {characters}; install one that has, or "
            "save the figure as SVG with text, PNG or HTML.",
            characters=" ".join(list(missing)[:_NAMED]),
        )
    return [face for face in found if face is not None]


@lru_cache(maxsize=65536)
def face_of(grapheme: str, fixed: bool) -> Face | None:
    """The first font that has outlines for all that is seen of a grapheme; None where none has.

    Parameters
    ----------
    fixed : as for `glyphs_of`.
    """
    seen = _UNSEEN.sub("", grapheme)
    return next((face for face in _ordered(fixed) if all(map(face.has, seen))), None)


@cache
def _ordered(fixed: bool) -> tuple[Face, ...]:
    """All fonts, those to look in first at the front."""
    order = (*(_FIXED if fixed else _PLAIN), *_CHINESE)
    ranks = {family: rank for rank, family in enumerate(order)}
    return tuple(
        sorted(_faces(), key=lambda face: (not face.plain, ranks.get(face.family, len(ranks))))
    )


@cache
def _faces() -> tuple[Face, ...]:
    return tuple(face for path in _font_files() for face in _faces_in(path))


def _font_files() -> Iterator[Path]:
    for folder in _FOLDERS.get(sys.platform, _OTHER_FOLDERS):
        paths = Path(folder).expanduser().rglob("*")
        yield from sorted(path for path in paths if path.suffix.lower() in _SUFFIXES)


def _faces_in(path: Path) -> Iterator[Face]:
    """The fonts of a file; none where it cannot be read."""
    import uharfbuzz as harfbuzz

    names = harfbuzz.OTNameIdPredefined
    try:
        blob = harfbuzz.Blob.from_file_path(path)
        count = harfbuzz.Face(blob).count
        for index in range(count):
            face = harfbuzz.Face(blob, index)
            family = face.get_name(names.FONT_FAMILY) or path.stem
            style = face.get_name(names.FONT_SUBFAMILY) or "Regular"
            if face.upem and face.glyph_count:
                yield Face(family, style in _PLAIN_STYLES, harfbuzz.Font(face))
    except (harfbuzz.HarfBuzzError, OSError):
        return


def _shaped(face: Face, text: str) -> Iterator[Glyph]:
    import uharfbuzz as harfbuzz

    buffer = harfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    harfbuzz.shape(face.font, buffer)
    starts = sorted({info.cluster for info in buffer.glyph_infos})
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    told: set[int] = set()
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        first = info.cluster not in told
        told.add(info.cluster)
        yield Glyph(
            face,
            info.codepoint,
            text[info.cluster : ends[info.cluster]] if first else "",
            place.x_offset / face.em,
            place.y_offset / face.em,
            place.x_advance / face.em,
        )
