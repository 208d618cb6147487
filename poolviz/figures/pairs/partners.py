"""Two sentences one above the other on a page, with lines between the pairs that matter most.

Streamlit lets no SVG through in HTML, so a line is the upper border of a turned element.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import atan2, cos, hypot, sin
from pathlib import Path

import numpy as np

from poolviz.figures.heaviest import between_sentences
from poolviz.figures.pairs.token_places import LINES, edges_of
from poolviz.figures.texts.token_rows import end_colours
from poolviz.language import _
from poolviz.text.pieces import as_label, html_attribute, html_text
from poolviz.values.explanation import Explanation
from poolviz.values.pairs import PairExplanation
from poolviz.views.captions import number
from poolviz.views.pairs import sentence_names, strongest
from poolviz.views.reasons import reason_of

_UNIT = (8.5, 12.0)  # pixels of a narrow character: the least, and the most where there is room
_ROOM = 1_000  # pixels that long sentences are to fit in, if they can
_HEIGHT, _LINE = 150, 30  # pixels of all, and of a line of tokens
_WIDEST, _FAINTEST = 6.0, 0.3  # of a line: pixels, and the opacity of the weakest
_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


def partners_html(pair: PairExplanation) -> str:
    """Two rows of tokens; a line's width and strength say what the pair adds to the score.

    Tokens without a partner of their own stand in dashed boxes (`poolviz.views.reasons`).

    Parameters
    ----------
    pair : `poolviz.figures.pairs.token_places.can_draw` must hold.

    Returns
    -------
    One `<div>` for `st.html`; everything that comes from the sentences is escaped.
    """
    assert pair.cells is not None, "its cells are there"
    units = edges_of(pair)
    unit = float(np.clip(_ROOM / max(of_side[-1] for of_side in units), *_UNIT))
    edges = [(of_side * unit).tolist() for of_side in units]
    width = max(of_side[-1] for of_side in edges) + 6
    drawn = strongest(pair.cells, LINES)
    alone = reason_of(pair.cells).alone
    rows = "".join(
        mark
        for side, of_side, top, single in zip(
            pair.sides, edges, (2, _HEIGHT - _LINE + 2), alone, strict=True
        )
        for mark in _tokens(side, of_side, top, set(single))
    )
    lines = "".join(_lines(pair, edges, drawn))
    said = between_sentences(pair, sentence_names(pair), len(drawn))
    return (
        f'<div class="pvl"><style>{_style()}</style>'
        f'<div class="pvl-stage" style="width:{width:.0f}px" role="img" '
        f'aria-label="{html_attribute(said)}">{lines}{rows}</div>'
        f'<div class="pvl-note">{html_text(_meaning())}</div></div>'
    )


def _meaning() -> str:
    return _(
        "Solid lines add to the score, dashed lines take from it; the wider, the more. Dashed "
        "boxes: no token of the other sentence is its partner, each the other's strongest."
    )


def _tokens(side: Explanation, edges: list[float], top: float, alone: set[int]) -> Iterator[str]:
    for place, token in enumerate(side.tokens):
        left, right = edges[place : place + 2]
        style = ' class="pvl-alone"' if place in alone else ""
        yield (
            f'<span{style} style="left:{left + 1:.1f}px;width:{right - left - 2:.1f}px;'
            f'top:{top}px">{html_text(as_label(token.text))}</span>'
        )


def _lines(
    pair: PairExplanation, edges: list[list[float]], drawn: list[tuple[int, int]]
) -> Iterator[str]:
    assert pair.cells is not None, "its cells are there"
    top = max((abs(float(pair.cells[cell])) for cell in drawn), default=1.0)
    fall = _HEIGHT - 2 * _LINE
    for i, j in drawn:
        value = float(pair.cells[i, j])
        share = abs(value) / top
        x, x_below = (sum(of[n : n + 2]) / 2 for of, n in zip(edges, (i, j), strict=True))
        ends = (pair.sides[0].tokens[i].text, pair.sides[1].tokens[j].text)
        said = html_attribute(f"{as_label(ends[0])} – {as_label(ends[1])} {number(value)}")
        low = ' class="pvl-low"' if value < 0 else ""
        thick = max(_WIDEST * share, 1)
        length, angle = hypot(x_below - x, fall), atan2(fall, x_below - x)
        # Its upper edge turns around its start: half its thickness aside, its middle does.
        x, y = x + thick / 2 * sin(angle), _LINE - thick / 2 * cos(angle)
        yield (
            f'<i{low} title="{said}" style="left:{x:.1f}px;top:{y:.1f}px;width:{length:.1f}px;'
            f"border-top-width:{thick:.1f}px;transform:rotate({angle:.4f}rad);"
            f'opacity:{_FAINTEST + (1 - _FAINTEST) * share:.2f}"></i>'
        )


@lru_cache(maxsize=1)
def _style() -> str:
    return end_colours(_STYLE)
