"""The section of the Trust page where a person marks the reason: one text, or a file of many."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from poolviz.engine.texts import Explainer
from poolviz.export.contents import Table
from poolviz.export.files import csv_file
from poolviz.export.names import stem_of
from poolviz.language import _, ngettext
from poolviz.text.tokens import clean_text
from poolviz.trust.marks.plausibility import MEASURES, agreement
from poolviz.trust.marks.rationales import SEPARATOR, marked_tokens, occurrences
from poolviz.trust.tables import head_title, undefined
from poolviz.ui.frame.markdown import plain
from poolviz.ui.frame.remembered import recalled, remembered
from poolviz.ui.sidebar.choice import Choice
from poolviz.ui.trust.agreement_columns import headings, measure_title, ranking_title
from poolviz.ui.trust.marked_files import draw_marked_files
from poolviz.ui.trust.token_pills import token_labels
from poolviz.values.explanation import Explanation

CLICKABLE = 200  # tokens; of longer texts passages are typed


def draw_plausibility(
    choice: Choice, explainers: Mapping[str, Explainer], explanations: Sequence[Explanation]
) -> None:
    """Draw the section.

    Parameters
    ----------
    explainers : of the chosen heads.
    explanations : of the text of the view under every head; empty where there are none.
    """
    st.caption(
        _(
            "How far the tokens that rank highest are those that a person marks as the reason. "
            "**Agreement with a person is not faithfulness**: a model may decide by other tokens "
            "than people would, and weights may please without saying what the model does."
        )
    )
    one, many = st.tabs([_("Mark this text"), _("A file of many texts")])
    with one:
        if explanations:
            _one_text(explanations)
    with many:
        draw_marked_files(choice, explainers)


def marks_tables(explanations: Sequence[Explanation]) -> list[Table]:
    """What is worth taking away of the marks of the text of the view, if there are any."""
    marked = _marked(explanations[0], lambda passage: None)
    if not marked.any():
        return []
    return [
        Table(
            "trust-marks",
            "csv",
            _("Agreement with the marks (CSV)"),
            stem_of(explanations, "trust-marks"),
            _("marks (CSV): agreement of each ranking with the marked tokens"),
            partial(_marks_to_csv, _agreements(explanations, marked), marked),
        )
    ]


def _one_text(explanations: Sequence[Explanation]) -> None:
    first = explanations[0]
    _draw_marking(first)
    marked = _marked(first, _warn_of_missing)
    if not marked.any():
        st.caption(_("Mark the tokens that a person would give as the reason."))
        return
    st.caption(
        ngettext(
            "Marked: {marked} of {count} token.", "Marked: {marked} of {count} tokens.", len(marked)
        ).format(marked=marked.sum(), count=len(marked))
    )
    lines = [
        {
            _("Head"): head_title(head),
            _("Ranking"): ranking_title(ranking),
            **{measure_title(name): _number(value) for name, value in figures.items()},
        }
        for head, rankings in _agreements(explanations, marked).items()
        for ranking, figures in rankings.items()
    ]
    st.dataframe(
        pd.DataFrame(lines), hide_index=True, column_config=headings(), key="plausibility_table"
    )


def _agreements(
    explanations: Sequence[Explanation], marked: np.ndarray
) -> dict[str, dict[str, dict[str, float]]]:
    return {
        e.head: agreement(e.weights, e.contributions, e.predicted_index, marked)
        for e in explanations
    }


def _draw_marking(explanation: Explanation) -> None:
    """Tokens to click, and a box for passages."""
    clicks, passages = _marks_keys(explanation)
    labels = token_labels(explanation.tokens)
    if len(labels) <= CLICKABLE:
        remembered(
            st.pills,
            clicks,
            _("Click the tokens"),
            [],
            options=range(len(labels)),
            selection_mode="multi",
            format_func=labels.__getitem__,
            help=_("A second click takes the mark away."),
        )
    remembered(
        st.text_input,
        passages,
        _("Or type passages of the text, {separator} between them").format(separator=SEPARATOR),
        "",
        help=_("Every place where a passage stands is marked, beside what was clicked."),
    )


def _marked(explanation: Explanation, missing: Callable[[str], None]) -> np.ndarray:
    """(T,) booleans: what the reader has marked, by clicks and by typed passages.

    Parameters
    ----------
    missing : told of each passage that does not stand in the text.
    """
    tokens, mark = explanation.tokens, np.zeros(len(explanation.tokens), bool)
    clicks, passages = _marks_keys(explanation)
    mark[list(recalled(clicks, []))] = True
    typed = clean_text(recalled(passages, ""))
    for passage in filter(None, (part.strip() for part in typed.split(SEPARATOR))):
        spans = occurrences(explanation.text, passage)
        if not spans:
            missing(passage)
        mark |= marked_tokens(tokens, spans)
    return mark


def _marks_keys(explanation: Explanation) -> tuple[str, str]:
    """Keys of the widgets for the marks of a text: clicks, and passages."""
    key = f"{explanation.text_hash}_{len(explanation.tokens)}"
    return f"marks_{key}", f"passages_{key}"


def _warn_of_missing(passage: str) -> None:
    st.warning(_("“{passage}” does not stand in the text.").format(passage=plain(passage)))


def _marks_to_csv(agreements: Mapping[str, Mapping[str, Mapping[str, float]]], marked) -> bytes:
    return csv_file(
        ["head", "ranking", "tokens", "marked", *MEASURES],
        (
            [head, ranking, len(marked), int(marked.sum())]
            + ["" if math.isnan(value) else value for value in figures.values()]
            for head, rankings in agreements.items()
            for ranking, figures in rankings.items()
        ),
    )


def _number(value: float) -> str:
    return undefined() if math.isnan(value) else f"{value:z.3f}"
