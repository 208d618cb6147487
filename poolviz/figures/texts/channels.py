"""Which token each channel of max pooling takes: a row a token, a mark a channel, sorted.

Plain HTML and CSS, right without a script. The idea of the diagram is that of the scripts which
poolviz follows.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from poolviz.figures import colours
from poolviz.language import _, joined
from poolviz.model.class_names import class_label
from poolviz.text.pieces import as_label, html_attribute, html_text
from poolviz.trust.text.channels import Channels
from poolviz.values.explanation import Explanation
from poolviz.views.captions import number

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


def channels_html(explanation: Explanation, found: Channels, target: int) -> str:
    """A row for each token that any channel takes, in reading order.

    Parameters
    ----------
    explanation : of the text under the same model.
    target : number of the class whose parts are shown.

    Returns
    -------
    One `<div>` for `st.html`; everything that comes from the text is escaped.
    """
    return _Diagram(explanation, found, target).html()


class _Diagram:
    def __init__(self, explanation: Explanation, found: Channels, target: int):
        self.explanation, self.found = explanation, found
        self.parts = found.parts[:, target]
        self.top = float(np.abs(self.parts).max()) or 1.0
        self.order = found.sorted(target)
        self.name = class_label(explanation.classes[target])

    def html(self) -> str:
        taken = np.flatnonzero(self.found.shares.sum(axis=1))
        rows = "".join(self._row(int(token)) for token in taken)
        notes = html_text(joined(self._notes(len(taken))))
        return (
            f'<div class="pvn"><style>{_STYLE}</style>{self._header()}{rows}'
            f'<div class="pvn-foot">{notes}</div></div>'
        )

    def _header(self) -> str:
        titles = (
            _("Token"),
            _("Channels"),
            _("Adds to “{target}”").format(target=self.name),
            _("Each mark a channel: blue adds, orange takes"),
        )
        kinds = ("", "pvn-number", "pvn-number", "")
        cells = "".join(
            f'<div class="{kind}">{html_text(title)}</div>'
            for kind, title in zip(kinds, titles, strict=True)
        )
        return f'<div class="pvn-row pvn-head">{cells}</div>'

    def _row(self, token: int) -> str:
        shares = self.found.shares[token]
        label = as_label(self.explanation.tokens[token].text)
        marks = "".join(
            self._mark(int(channel), place)
            for place, channel in enumerate(self.order)
            if shares[channel]
        )
        return (
            f'<div class="pvn-row" data-position="{token + 1}">'
            f'<div class="pvn-token" title="{html_attribute(label)} · {token + 1}">'
            f"{html_text(label)}</div>"
            f'<div class="pvn-number">{number(float(shares.sum()))}</div>'
            f'<div class="pvn-number">{float(shares @ self.parts):+.3f}</div>'
            f'<div class="pvn-strip">{marks}</div></div>'
        )

    def _mark(self, channel: int, place: int) -> str:
        part, count = float(self.parts[channel]), len(self.order)
        colour = colours.POSITIVE if part >= 0 else colours.NEGATIVE
        paint = "rgb({} {} {}/{:.2f})".format(*colour, abs(part) / self.top)
        return (
            f'<i style="left:{place / count:.2%};width:{1 / count:.2%};background:{paint}" '
            f'title="{html_attribute(self._said(channel))}"></i>'
        )

    def _said(self, channel: int) -> str:
        weights = ", ".join(
            f"{class_label(name)} {slope:+.3f}"
            for name, slope in zip(
                self.explanation.classes, self.found.slopes[channel], strict=True
            )
        )
        return _("channel {channel}: maximum {maximum}; weights: {weights}").format(
            channel=channel + 1,
            maximum=number(float(self.found.maxima[channel])),
            weights=weights,
        )

    def _notes(self, taken: int) -> list[str]:
        notes = [
            _("{channels} channels take their maximum from {taken} of {tokens} tokens.").format(
                channels=len(self.order), taken=taken, tokens=len(self.explanation.tokens)
            ),
            _(
                "Channels are sorted by the token that they take, then by what they add; a tie is "
                "shared. Point at a mark for the channel's weight for every class."
            ),
        ]
        if not self.explanation.exact:
            notes.append(_("Weights under MLP are slopes at this text, an estimate."))
        return notes
