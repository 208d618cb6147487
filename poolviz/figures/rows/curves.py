"""Loss and accuracy of trainings, epoch by epoch, as far as they are: plain HTML and SVG."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from poolviz.figures import colours
from poolviz.language import _
from poolviz.text.pieces import html_attribute, html_text

Point = Mapping[str, Any]
Line = list[tuple[float, float]]  # epochs, and a value

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
_STROKES = {
    "training": 'vector-effect="non-scaling-stroke" stroke-width="1" stroke-dasharray="4 3"',
    "validation": 'vector-effect="non-scaling-stroke" stroke-width="2"',
}
_MOST = 400  # points of a line: more cannot be told apart


def curves_html(points: Sequence[Point], titles: Mapping[str, str], epochs: int) -> str:
    """The loss of every head in training and validation, and its accuracy in validation.

    Parameters
    ----------
    points : as `poolviz.trainings.control.curve` gives them.
    titles : the heads' names by their keys, in their order.
    epochs : how many there may be.

    Returns
    -------
    One `<div>` for `st.html`; everything is escaped.
    """
    hues = dict(zip(titles, _hues(len(titles)), strict=True))
    training = _lines(_of_stretches(points), "loss")
    validation, accuracy = (
        _lines(points, name) for name in ("validation_loss", "validation_accuracy")
    )
    losses = [*_drawn(training, hues, "training"), *_drawn(validation, hues)]
    reached = max(map(_place, points), default=1.0)
    width = min(float(epochs), max(reached * 1.25, 1.0))
    return (
        f'<div class="pvc"><style>{_STYLE}</style><div class="pvc-parts">'
        f"{_plot(_('Loss, nats'), losses, width, '.2f')}"
        f"{_plot(_('Accuracy on the validation rows'), _drawn(accuracy, hues), width, '.1%')}"
        f"</div>{_legend(titles, hues, accuracy)}</div>"
    )


def _of_stretches(points: Sequence[Point]) -> list[Point]:
    """Those whose loss goes into the line: the loss of a whole epoch where there is no other."""
    finer = {_epoch(point) for point in points if "validation_loss" not in point}
    return [p for p in points if "validation_loss" not in p or _epoch(p) not in finer]


def _epoch(point: Point) -> tuple[str, int, int]:
    return point["head"], point["seed"], point["epoch"]


def _place(point: Point) -> float:
    """How many epochs had passed."""
    return point["epoch"] - 1 + point["batch"] / max(point["batches"], 1)


def _lines(points: Iterable[Point], name: str) -> dict[tuple[str, int], Line]:
    """By head and seed the values of one name."""
    found: dict[tuple[str, int], Line] = {}
    for point in points:
        if name in point:
            line = found.setdefault((point["head"], point["seed"]), [])
            line.append((_place(point), point[name]))
    return {key: line[:: -(-len(line) // _MOST)] for key, line in found.items()}


def _drawn(
    lines: Mapping[tuple[str, int], Line], hues: Mapping[str, str], kind: str = "validation"
) -> list[tuple[Line, str, str]]:
    return [(line, hues[head], kind) for (head, _seed), line in lines.items() if head in hues]


def _plot(title: str, lines: Sequence[tuple[Line, str, str]], width: float, form: str) -> str:
    values = [value for line, _hue, _kind in lines for _place, value in line]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if high - low < 1e-9:
        low = high - 0.01
    drawn = "".join(
        f'<polyline stroke="{hue}" {_STROKES[kind]} points="'
        + " ".join(
            f"{100 * place / width:.2f},{96 - 92 * (value - low) / (high - low):.2f}"
            for place, value in _visible(line)
        )
        + '"/>'
        for line, hue, kind in lines
    )
    ends = (format(high, form), format(low, form)) if values else ("", "")
    last = _("epoch {number}").format(number=f"{width:.0f}" if width >= 2 else f"{width:.1f}")
    return (
        f'<div><p class="pvc-title">{html_text(title)}</p><div class="pvc-plot">'
        f'<div class="pvc-y"><span>{ends[0]}</span><span>{ends[1]}</span></div>'
        f'<img alt="{html_attribute(title)}" src="{_image(drawn)}">'
        f'<div class="pvc-x"><span>0</span><span>{html_text(last)}</span></div></div></div>'
    )


def _image(drawn: str) -> str:
    """Lines as an address of an image: Streamlit lets no other SVG through."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" preserveAspectRatio="none">'
        f'<g fill="none">{drawn}</g></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _visible(line: Line) -> Line:
    """A line that is one point is drawn as a short one."""
    if len(line) > 1:
        return line
    ((place, value),) = line
    return [(max(place - 0.15, 0.0), value), (place, value)]


def _legend(
    titles: Mapping[str, str],
    hues: Mapping[str, str],
    accuracy: Mapping[tuple[str, int], Line],
) -> str:
    """What each line is, with the best accuracy of each head so far."""
    best: dict[str, float] = {}
    for (head, _seed), line in accuracy.items():
        best[head] = max(best.get(head, 0.0), *(value for _place, value in line))
    items = []
    for head, title in titles.items():
        reached = f" {best[head]:.1%}" if head in best else ""
        name = html_text(f"{title}{reached}")
        items.append(f'<li><i style="border-color:{hues[head]}"></i>{name}</li>')
    dashed = f'<li><i class="pvc-training"></i>{html_text(_("dashed: on the training rows"))}</li>'
    return f'<ul class="pvc-legend">{"".join(items)}{dashed}</ul>'


def _hues(count: int) -> list[str]:
    return [colours.LINES[number % len(colours.LINES)] for number in range(count)]
