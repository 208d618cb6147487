"""Two sentences one above the other, with lines between the pairs of tokens that matter most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from poolviz.figures import colours
from poolviz.figures.figure import Figure, Trace
from poolviz.figures.heaviest import between_sentences
from poolviz.figures.layout import figure
from poolviz.figures.pairs.matrix import method_sentence
from poolviz.figures.pairs.token_places import LINES, edges_of
from poolviz.language import _, ngettext
from poolviz.text.pieces import as_label, plotly_text
from poolviz.values.explanation import Explanation
from poolviz.values.pairs import PairExplanation
from poolviz.views.captions import number
from poolviz.views.pairs import strongest, title

_UPPER, _LOWER = 1.0, 0.0
_HALF = 0.11  # half the height of a token's box
_UNIT = 8  # pixels of a narrow character in a file
_FAINTEST = 0.3


def pair_lines(
    pair: PairExplanation,
    names: Sequence[str],
    shared: Sequence[tuple[int, int]] | None = None,
) -> Figure:
    """Two rows of tokens; a line's width and strength say what the pair adds to the score.

    Parameters
    ----------
    pair : its cells must be there, and both be short (`can_draw`).
    names : of the two sentences.
    shared : positions of the tokens common to both, in order; these are then told from the others.
    """
    assert pair.cells is not None, "its cells must be there"
    edges = edges_of(pair)
    widest = max(of_side[-1] for of_side in edges)
    drawn = strongest(pair.cells, LINES)
    traces = [] if shared is None else _boxes(edges, shared)
    traces += _lines(pair, edges, drawn)
    for side, of_side, level in zip(pair.sides, edges, (_UPPER, _LOWER), strict=True):
        traces.append(_tokens(side, of_side, level))
    return figure(
        traces,
        title=_("{matcher}: strongest pairs").format(matcher=title(pair)),
        notes=[" – ".join(names), *_notes(pair, len(drawn), shared)],
        alt=between_sentences(pair, names, len(drawn)),
        width=max(560, round(_UNIT * widest) + 40),
        height=210,
        xaxis={"range": [-1, widest + 1], "visible": False, "fixedrange": True},
        yaxis={"range": [-0.25, 1.25], "visible": False, "fixedrange": True},
        barmode="overlay",
        showlegend=shared is not None,
        legend={"orientation": "h", "x": 0, "y": 0, "yanchor": "top"},
    )


def _middles(edges: np.ndarray) -> np.ndarray:
    return (edges[:-1] + edges[1:]) / 2


def _tokens(side: Explanation, edges: np.ndarray, level: float) -> Trace:
    return {
        "type": "scatter",
        "x": _middles(edges),
        "y": np.full(len(side.tokens), level),
        "text": [plotly_text(as_label(token.text)) for token in side.tokens],
        "mode": "text",
        "textfont": {"size": 15},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _lines(
    pair: PairExplanation, edges: Sequence[np.ndarray], drawn: Sequence[tuple[int, int]]
) -> list[Trace]:
    assert pair.cells is not None, "its cells must be there"
    top = max((abs(pair.cells[cell]) for cell in drawn), default=1.0)
    upper, lower = map(_middles, edges)
    traces = []
    for i, j in drawn:
        value = float(pair.cells[i, j])
        strength = _FAINTEST + (1 - _FAINTEST) * abs(value) / top
        ends = (pair.sides[0].tokens[i].text, pair.sides[1].tokens[j].text)
        names = " – ".join(plotly_text(as_label(text)) for text in ends)
        traces.append(
            {
                "type": "scatter",
                "x": [upper[i], (upper[i] + lower[j]) / 2, lower[j]],
                "y": [_UPPER - _HALF, (_UPPER + _LOWER) / 2, _LOWER + _HALF],
                "mode": "lines",
                "line": {"color": colours.css(colours.hue(value, True)), "width": 5 * strength},
                "opacity": strength,
                "hovertext": f"{names}<br>{number(value)}",
                "hoverinfo": "text",
                "showlegend": False,
            }
        )
    return traces


def _boxes(edges: Sequence[np.ndarray], shared: Sequence[tuple[int, int]]) -> list[Trace]:
    """Boxes behind the tokens: filled for those that both sentences share, in order, else open."""
    common = [{pair[side] for pair in shared} for side in (0, 1)]
    return [
        _box(edges, common, True, _("shared, in this order")),
        _box(edges, common, False, _("differs")),
    ]


def _box(edges, common: Sequence[set[int]], wanted: bool, name: str) -> Trace:
    boxes = [
        (of_side[token], of_side[token + 1], level)
        for of_side, tokens, level in zip(edges, common, (_UPPER, _LOWER), strict=True)
        for token in range(len(of_side) - 1)
        if (token in tokens) == wanted
    ]
    return {
        "type": "bar",
        "x": [(start + end) / 2 for start, end, _level in boxes],
        "y": [2 * _HALF] * len(boxes),
        "base": [level - _HALF for _start, _end, level in boxes],
        "width": [end - start - 0.5 for start, end, _level in boxes],
        "marker": {
            "color": colours.SHARED if wanted else colours.NOTHING,
            "line": {"width": 0 if wanted else 1.5, "color": colours.DIFFERENT},
        },
        "name": name,
        "hoverinfo": "skip",
    }


def _notes(
    pair: PairExplanation, drawn: int, shared: Sequence[tuple[int, int]] | None
) -> list[str]:
    notes = [
        ngettext(
            "The {count} pair of tokens with the largest part of the score: blue adds to it, "
            "orange takes from it.",
            "The {count} pairs of tokens with the largest parts of the score: blue adds to it, "
            "orange takes from it.",
            drawn,
        ).format(count=drawn),
        method_sentence(pair),
    ]
    if shared is not None:
        notes.append(
            ngettext(
                "Longest common subsequence: {count} token, of {first} and of {second}.",
                "Longest common subsequence: {count} tokens, of {first} and of {second}.",
                len(shared),
            ).format(
                count=len(shared),
                first=len(pair.sides[0].tokens),
                second=len(pair.sides[1].tokens),
            )
        )
    return notes
