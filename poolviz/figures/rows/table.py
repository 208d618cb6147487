"""Rows of a data set as safe HTML: each with its text, its label, and what every head predicts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from poolviz.explore.rows import NO_LABEL, RowSet
from poolviz.explore.survey import Survey
from poolviz.figures import colours
from poolviz.language import _
from poolviz.model.class_names import class_label, meaning_of
from poolviz.text.pieces import html_attribute, html_text, one_line, shortened
from poolviz.views.doubts import SAID_FROM

SHOWN_CHARACTERS = 160
_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


def table_html(
    rows: RowSet,
    shown: np.ndarray,
    classes: Sequence[str],
    survey: Survey | None = None,
    heads: Sequence[str] = (),
) -> str:
    """One `<div>` for `st.html`; everything that comes from texts and names is escaped.

    Each line is about one row and names it where it is clicked: `data-choose="row:17"`.

    Parameters
    ----------
    shown : numbers of the rows, in the order of the lines.
    survey, heads : what the heads predict, and their titles; without, there is no such column.
    """
    labelled = bool((rows.labels != NO_LABEL).any())
    doubted = survey is not None and bool((survey.unknown[shown] >= SAID_FROM).any())
    lines = [
        _line(
            int(number),
            rows,
            classes,
            _predictions(survey, int(number), int(rows.labels[number]), classes, heads)
            + (_unknown(float(survey.unknown[number])) if survey and doubted else ""),
            labelled,
            first=not place,
        )
        for place, number in enumerate(shown)
    ]
    return (
        f'<div class="pvr"><style>{_STYLE.replace("MARKED", colours.MARKED)}</style>'
        f"<table><thead><tr>{_header(survey, heads, labelled, doubted)}</tr></thead>"
        f"<tbody data-choices>{''.join(lines)}</tbody></table></div>"
    )


def _header(survey: Survey | None, heads: Sequence[str], labelled: bool, doubted: bool) -> str:
    names = [(_("Text"), "")]
    if labelled:
        names.append((_("Label"), ""))
    if survey is not None:
        marked = _("Marked where most heads predict another class; ✗ where the label is another.")
        names += [(head, marked) for head in heads]
        if survey.pairs:
            names.append(
                (
                    _("Weights differ"),
                    _(
                        "The largest Jensen-Shannon divergence between the weights of two heads, "
                        "in nats, divided by ln n for n tokens (ten at least), as it grows with "
                        "the length of the text."
                    ),
                )
            )
    if doubted:
        said = _("The share of a text's tokens that are not in the vocabulary, from 20 % on.")
        names.append((_("Unknown"), said))
    names.append((_("Characters"), ""))
    return "".join(
        f'<th scope="col" title="{html_attribute(title)}">{html_text(name)}</th>'
        for name, title in names
    )


def _line(
    number: int,
    rows: RowSet,
    classes: Sequence[str],
    predictions: str,
    labelled: bool,
    first: bool,
) -> str:
    text = html_text(shortened(one_line(rows.texts.iloc[number]), SHOWN_CHARACTERS))
    label = int(rows.labels[number])
    named = "" if label == NO_LABEL else _class(classes[label])
    known = f'<td class="pvr-label">{named}</td>' if labelled else ""
    return (
        f'<tr data-choose="row:{number}"><td class="pvr-text"><button type="button" '
        f'tabindex="{0 if first else -1}" data-choose="row:{number}" dir="auto">{text}</button>'
        f'</td>{known}{predictions}<td class="pvr-number">{rows.lengths[number]:,}</td></tr>'
    )


def _predictions(
    survey: Survey | None, row: int, label: int, classes: Sequence[str], heads: Sequence[str]
) -> str:
    if survey is None:
        return ""
    predicted: list[int] = survey.predicted[row].tolist()
    most = max(predicted, key=predicted.count)
    split = predicted.count(most) * 2 == len(predicted) and len(set(predicted)) == 2
    cells = []
    for column, (head, number) in enumerate(zip(heads, predicted, strict=True)):
        share = survey.probabilities[row, column, number]
        wrong = "" if label in (number, NO_LABEL) else '<span class="pvr-wrong">✗</span> '
        against = " pvr-against" if number != most or split else ""
        cells.append(
            f'<td class="pvr-head{against}" data-head="{html_attribute(head)}">'
            f"{wrong}{_class(classes[number])} <small>{share:.0%}</small></td>"
        )
    if survey.pairs:
        cells.append(f'<td class="pvr-number pvr-apart">{survey.weights_apart[row]:.3f}</td>')
    return "".join(cells)


def _unknown(share: float) -> str:
    shown = f"{share:.0%}" if share >= SAID_FROM else ""
    name = html_attribute(_("Unknown")) if shown else ""
    return f'<td class="pvr-unknown" data-head="{name}">{shown}</td>'


def _class(name: str) -> str:
    """A class in the language of the page; its own name is in the title."""
    return f'<bdi title="{html_attribute(class_label(name))}">{html_text(meaning_of(name))}</bdi>'
