"""What a data set holds as one picture: sentences, classes, lengths, the first rows.

Plain HTML and CSS, right without a script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from poolviz.datasets.holdings import Holdings, told, told_of_lengths
from poolviz.figures import colours
from poolviz.language import ngettext
from poolviz.model.class_names import class_label
from poolviz.text.pieces import html_attribute, html_text, one_line, shortened

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
SHOWN_CLASSES = 12
_SHOWN_CHARACTERS = 200  # of a text
_NAME = 40  # characters of a class
_BARS = 30
_LONGEST = 0.99  # share of the texts that have bars of their own; the rest is in the last one


def holdings_html(found: Holdings) -> str:
    """What there is to see before anything is trained.

    Returns
    -------
    One `<div>` for `st.html`; everything is escaped.
    """
    said = "".join(f"<p>{html_text(line)}</p>" for line in told(found))
    return (
        f'<div class="pvh"><style>{_style()}</style>{said}<div class="pvh-parts">'
        f"<div>{_classes(found.classes)}</div><div>{_lengths(found)}</div></div>"
        f"{_sample(found.sample)}</div>"
    )


def _classes(classes: Mapping[str, int]) -> str:
    """A bar for each class; of many, for the largest."""
    total, most = sum(classes.values()), max(classes.values(), default=0)
    shown = dict(sorted(classes.items(), key=lambda item: -item[1])[:SHOWN_CLASSES])
    if len(classes) <= SHOWN_CLASSES:
        shown = dict(classes)
    title = ngettext("{count:,} class", "{count:,} classes", len(classes))
    bars = "".join(_bar(name, count, total, most) for name, count in shown.items())
    rest = len(classes) - len(shown)
    more = ""
    if rest:
        said = ngettext("and {count:,} more class", "and {count:,} more classes", rest)
        more = f'<div class="pvh-title">{html_text(said.format(count=rest))}</div>'
    return f'<div class="pvh-title">{html_text(title.format(count=len(classes)))}</div>{bars}{more}'


def _bar(name: str, count: int, total: int, most: int) -> str:
    label = class_label(name)
    return (
        f'<div class="pvh-class"><span title="{html_attribute(shortened(label, 200))}">'
        f"{html_text(shortened(one_line(label), _NAME))}</span>"
        f'<i style="width:{count / most:.2%}"></i><b>{count:,} · {count / total:.1%}</b></div>'
    )


def _lengths(found: Holdings) -> str:
    """How long the texts are, as a histogram."""
    lengths = found.lengths
    if not len(lengths):
        return ""
    title = told_of_lengths(found)
    edges, counts = histogram(lengths)
    bars = "".join(
        _length_bar(count / counts.max(), edges, place, count)
        for place, count in enumerate(map(int, counts))
    )
    more = "+" if lengths.max() >= edges[-1] else ""
    return (
        f'<div class="pvh-title">{html_text(title)}</div>'
        f'<div class="pvh-lengths" role="img" aria-label="{html_attribute(title)}">{bars}</div>'
        f'<div class="pvh-ends"><span>{edges[0]:,}</span><span>{edges[-1] - 1:,}{more}</span></div>'
    )


def histogram(lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Texts by their length: edges (bars + 1,) and counts (bars,).

    Bars are equally wide, up to where 99 % of the texts end; longer ones are in the last bar.
    """
    first, last = int(lengths.min()), int(np.ceil(np.quantile(lengths, _LONGEST)))
    step = -(-(last - first + 1) // _BARS)
    edges = np.arange(first, last + step + 1, step)
    counts, _edges = np.histogram(np.minimum(lengths, edges[-1] - 1), edges)
    return edges, counts


def _length_bar(share: float, edges: np.ndarray, place: int, count: int) -> str:
    low, high = int(edges[place]), int(edges[place + 1]) - 1
    said = f"{low:,}" if low == high else f"{low:,}–{high:,}"
    return f'<i style="height:{share:.2%}" title="{said}: {count:,}"></i>'


def _sample(sample: Sequence[tuple[str, ...]]) -> str:
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{html_text(shortened(one_line(cell), _SHOWN_CHARACTERS))}</td>" for cell in row
        )
        + "</tr>"
        for row in sample
    )
    return f"<table><tbody>{rows}</tbody></table>"


@cache
def _style() -> str:
    return _STYLE.replace("POINT", colours.POINT)
