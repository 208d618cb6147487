"""A text that is being erased under every head: what is gone, what is left of the class, curves.

Plain HTML and CSS; the small curves are pictures in SVG within it. A text of many tokens is erased
in segments, see `poolviz.trust.ablation.erasure.segments`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import numpy as np

from poolviz.figures.trust.palette import RANKING_COLOURS
from poolviz.language import _, joined, ngettext
from poolviz.model.class_names import class_label
from poolviz.model.own_heads import head_title
from poolviz.text.pieces import html_attribute, html_piece, html_text
from poolviz.trust.tables import erasure_note, ties_note, units_note
from poolviz.trust.text.curves import Curves
from poolviz.trust.text.rankings import RANKINGS
from poolviz.trust.text.reading import Reading
from poolviz.values.shapes import PerClass

USUAL = ("weight", "contribution", "random")
_CSS = Path(__file__).with_suffix(".css")
_LONG = 400  # characters of a text that scrolls within its row
_DASHES = {"random": "2 3", "uniform": "6 4", "contribution": "7 3"}


@dataclass(frozen=True)
class Step:
    """How far a text is erased.

    Parameters
    ----------
    ranking : key of the ranking in whose order.
    count : how many units are erased or, `inserting`, put in.
    inserting : whether the text is put in from the top of the ranking rather than erased.
    """

    ranking: str
    count: int
    inserting: bool = False

    @property
    def curve(self) -> str:
        """Which of a ranking's curves this is a step of."""
        return "insertion" if self.inserting else "deletion"

    def probabilities(self, found: Curves) -> PerClass:
        """(K,) after this step, in the first of the ranking's orders."""
        return (found.kept if self.inserting else found.erased)[0, self.count]

    def gone(self, reading: Reading) -> set[int]:
        """The units that are erased after this step, in the first of the ranking's orders."""
        order = reading.trust.orders[self.ranking][0].tolist()
        return set(order[self.count :] if self.inserting else order[: self.count])


def erasing_html(readings: Sequence[Reading], step: Step, rankings: Sequence[str]) -> str:
    """A row for each head: its decision after a step, its curves, and the text with what is gone.

    Parameters
    ----------
    rankings : keys of those whose curves are drawn; heads that lack one go without it.

    Returns
    -------
    One `<div>` for `st.html`; everything that comes from the text is escaped.
    """
    rows = "".join(_row(reading, step, rankings) for reading in readings)
    return (
        f'<div class="pve"><style>{_style()}</style>{_header(step, rankings)}{rows}'
        f'<div class="pve-foot">{html_text(joined(_notes(readings, step)))}</div></div>'
    )


def flipped(reading: Reading, step: Step) -> bool:
    """Whether the head decides for another class after this step."""
    after = step.probabilities(reading.trust.curves[step.ranking])
    return int(after.argmax()) != reading.trust.ablation.target


def _header(step: Step, rankings: Sequence[str]) -> str:
    legend = "".join(
        f'<span><i style="{_stroke(ranking)}"></i>{html_text(_(RANKINGS[ranking]))}</span>'
        for ranking in rankings
    )
    drawn = (
        _("Probability while the text is put in")
        if step.inserting
        else _("Probability while the text is erased")
    )
    return (
        f'<div class="pve-row pve-head"><div>{html_text(_("Head"))}</div>'
        f"<div>{html_text(drawn)}</div>"
        f'<div class="pve-legend">{legend}</div></div>'
    )


def _row(reading: Reading, step: Step, rankings: Sequence[str]) -> str:
    head = reading.explanation.head
    return (
        f'<div class="pve-row" data-head="{html_attribute(head)}">'
        f'<div><div class="pve-name">{html_text(head_title(head))}</div>'
        f"{_decision(reading, step)}</div>{_plot(reading, step, rankings)}{_text(reading, step)}"
        "</div>"
    )


def _decision(reading: Reading, step: Step) -> str:
    """The class of the whole text, its probability before and after, and the class after."""
    explanation, target = reading.explanation, reading.trust.ablation.target
    after = step.probabilities(reading.trust.curves[step.ranking])
    name = html_text(class_label(explanation.classes[target]))
    shares = f"{reading.trust.ablation.whole[target]:.0%} → <b>{after[target]:.0%}</b>"
    found = f"<div>{name}</div><div>{shares}</div>"
    if flipped(reading, step):
        now = _("now {name}").format(name=class_label(explanation.classes[int(after.argmax())]))
        found += f'<div class="pve-other">{html_text(now)}</div>'
    return found


def _plot(reading: Reading, step: Step, rankings: Sequence[str]) -> str:
    """The curves, the step that is shown, and where the chosen ranking is after it."""
    drawn = {
        ranking: getattr(reading.trust.curves[ranking], step.curve)
        for ranking in rankings
        if ranking in reading.trust.curves
    }
    chosen = reading.trust.curves[step.ranking]
    left = step.count / reading.trust.ablation.count
    top = 1 - step.probabilities(chosen)[chosen.target]
    alt = html_attribute(_described(reading, drawn))
    return (
        f'<div class="pve-plot"><img alt="{alt}" src="{_picture(drawn)}">'
        f'<i style="left:{left:.1%}"></i><b style="left:{left:.1%};top:{top:.1%};'
        f'background:{RANKING_COLOURS[step.ranking]}"></b></div>'
    )


def _described(reading: Reading, drawn: dict[str, np.ndarray]) -> str:
    middle = reading.trust.ablation.count // 2
    parts = (
        _("{ranking}: {first:.0%}, half way {middle:.0%}, at the end {last:.0%}.").format(
            ranking=_(RANKINGS[ranking]), first=line[0], middle=line[middle], last=line[-1]
        )
        for ranking, line in drawn.items()
    )
    name = class_label(reading.explanation.predicted)
    return joined([_("Probability of {name}.").format(name=name), *parts])


def _picture(drawn: dict[str, np.ndarray]) -> str:
    """The curves as SVG in an address. Nothing of the text is in it."""
    lines = []
    for ranking, line in drawn.items():
        across, down = np.linspace(0, 100, len(line)).tolist(), (100 - 100 * line).tolist()
        points = " ".join(f"{x:.4g},{y:.4g}" for x, y in zip(across, down, strict=True))
        dash = f' stroke-dasharray="{_DASHES[ranking]}"' if ranking in _DASHES else ""
        lines.append(
            f'<polyline points="{points}" stroke="{RANKING_COLOURS[ranking]}"{dash} '
            f'stroke-width="{2.5 if ranking == "weight" else 1.7}"/>'
        )
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -2 100 104" preserveAspectRatio="none" '
        'fill="none"><style>polyline{vector-effect:non-scaling-stroke}</style>'
        f"{''.join(reversed(lines))}</svg>"
    )
    return f"data:image/svg+xml,{quote(svg, safe=' =:/,')}"


def _text(reading: Reading, step: Step) -> str:
    gone = step.gone(reading)
    text = "".join(
        f"<s>{html_piece(piece)}</s>" if unit in gone else html_piece(piece)
        for piece, unit in _pieces(reading)
    )
    if len(reading.explanation.text) > _LONG:
        return f'<div class="pve-text pve-long" dir="auto" tabindex="0">{text}</div>'
    return f'<div class="pve-text" dir="auto">{text}</div>'


def _pieces(reading: Reading) -> Iterable[tuple[str, int | None]]:
    """The text in units, and what stands between them, without a number."""
    explanation, end = reading.explanation, 0
    for unit, (start, stop) in enumerate(reading.unit_spans()):
        yield explanation.text[end:start], None
        yield explanation.text[start:stop], unit
        end = stop
    yield explanation.text[end:], None


def _notes(readings: Sequence[Reading], step: Step) -> list[str]:
    first = readings[0]
    other = sum(flipped(reading, step) for reading in readings)
    notes = [
        ngettext(
            "{other} of {count} head decides for another class.",
            "{other} of {count} heads decide for another class.",
            len(readings),
        ).format(other=other, count=len(readings)),
        erasure_note(first.how, first.explanation.window),
        *units_note(first),
    ]
    if any(len(reading.trust.orders[step.ranking]) > 1 for reading in readings):
        notes.append(_("The text shows the first of several orders, curves their mean."))
    return [*notes, ties_note()]


def _stroke(ranking: str) -> str:
    kind = "dotted" if ranking == "random" else "dashed" if ranking in _DASHES else "solid"
    return f"border-color:{RANKING_COLOURS[ranking]};border-style:{kind} none none"


@lru_cache(maxsize=1)
def _style() -> str:
    return _CSS.read_text(encoding="utf-8")
