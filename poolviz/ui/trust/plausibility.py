"""The section of the Trust page where a person marks the reason: one text, or a file of many."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from poolviz.datasets.readers import sentences
from poolviz.engine.texts import Explainer
from poolviz.errors import PoolvizError
from poolviz.export.contents import Table
from poolviz.export.files import csv_file
from poolviz.export.names import file_stem, stem_of
from poolviz.language import _, ngettext
from poolviz.text.pieces import html_text, shortened
from poolviz.text.tokens import clean_text
from poolviz.trust.marks.plausibility import CHANCE, MEASURES, RANKED, agreement, means, over_texts
from poolviz.trust.marks.rationales import (
    MAX_TEXTS,
    SEPARATOR,
    Rationale,
    RationaleFile,
    marked_tokens,
    occurrences,
    read_rationales,
)
from poolviz.trust.tables import head_title, interval, undefined
from poolviz.trust.text.rankings import RANKINGS
from poolviz.ui.frame import jobs, kept
from poolviz.ui.frame.controls import Choice
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.exports import draw_download_button
from poolviz.ui.frame.markdown import plain
from poolviz.ui.frame.remembered import recalled, remembered
from poolviz.ui.trust.headings import explained
from poolviz.ui.trust.token_pills import token_labels
from poolviz.values.explanation import Explanation

JOB = "rationales"
PATIENCE = 1.0  # seconds after which a bar is drawn
SHOWN, SHOWN_CHARACTERS = 3, 300  # texts of a file, and characters of each
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
        _many_texts(choice, explainers)


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
            _("Ranking"): _ranking_title(ranking),
            **{_measure_title(name): _number(value) for name, value in figures.items()},
        }
        for head, rankings in _agreements(explanations, marked).items()
        for ranking, figures in rankings.items()
    ]
    st.dataframe(
        pd.DataFrame(lines), hide_index=True, column_config=_headings(), key="plausibility_table"
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
        )
    remembered(
        st.text_input,
        passages,
        _("Or type passages of the text, {separator} between them").format(separator=SEPARATOR),
        "",
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


def _many_texts(choice: Choice, explainers: Mapping[str, Explainer]) -> None:
    st.markdown(
        _(
            "A table (CSV, Excel) with the columns `text` and `rationale`, passages of the text "
            "with `{separator}` between them; or JSON (also JSON Lines): objects with `text` and "
            "`spans`, pairs of start and end in characters, or `rationale`, a list of passages; "
            "also what doccano, Label Studio, Prodigy and argilla export."
        ).format(separator=SEPARATOR)
    )
    file = st.file_uploader(
        _("Rationales of up to {limit:,} texts").format(limit=MAX_TEXTS),
        type=["csv", "tsv", "xlsx", "json", "jsonl", "zip", "gz"],
        key="rationales_file",
    )
    if not file:
        jobs.forget(JOB)
        kept.drop("rationales")
        return
    try:
        read = kept.once(
            "rationales", file.file_id, lambda: read_rationales(file.name, file.getvalue())
        )
    except PoolvizError as error:
        jobs.forget(JOB)
        st.error(error_sentence(error))
        return
    _draw_read(read)
    work = partial(over_texts, explainers, read.rationales)
    subject = (file.file_id, [checkpoint.onnx_hash for checkpoint in choice.checkpoints])
    jobs.start_once(JOB, work, subject, PATIENCE)
    finished = jobs.draw(JOB, _("Reading texts …"), subject)
    if finished:
        _draw_means(finished.result, choice.dataset)
    elif not jobs.job(JOB, subject) and st.button(  # cancelled, or it failed
        _("Measure these texts"), icon=":material/play_arrow:", key="measure_rationales"
    ):
        jobs.start(JOB, work, subject, PATIENCE)
        st.rerun()


def _draw_read(read: RationaleFile) -> None:
    """What there is to say of the file, and its first texts with their marks."""
    for said in sentences.sentences(read.findings):
        st.warning(plain(said))
    for rationale in read.rationales[:SHOWN]:
        st.html(_marked_html(rationale))


def _marked_html(rationale: Rationale) -> str:
    """The beginning of a text with what is marked of it."""
    pieces, place = [], 0
    text = shortened(rationale.text, SHOWN_CHARACTERS)
    for start, end in rationale.spans:
        start, end = max(start, place), min(end, len(text))
        if start < end:
            pieces += [html_text(text[place:start]), f"<mark>{html_text(text[start:end])}</mark>"]
            place = end
    return f"<p>{''.join(pieces)}{html_text(text[place:])}</p>"


def _draw_means(table: pd.DataFrame, dataset: str) -> None:
    """Means over the texts of a file, with intervals, and the numbers of each text to download."""
    found = means(table)
    lines = []
    for head in dict.fromkeys(table["head"]):
        for ranking in (*RANKED, CHANCE):
            figures = {m: found[head].get(f"{ranking}.{m}") for m in MEASURES}
            line = {_("Head"): head_title(head), _("Ranking"): _ranking_title(ranking)}
            line |= {_measure_title(name): interval(figure) for name, figure in figures.items()}
            lines.append(line | {"n": (figures["auprc"] or {"n": 0})["n"]})
    st.dataframe(
        pd.DataFrame(lines), hide_index=True, column_config=_headings(), key="rationales_table"
    )
    st.caption(_("In brackets: 95 % interval over the texts that have marks, of 20 or more."))
    draw_download_button(
        _("Each text's numbers (CSV)"),
        partial(_texts_to_csv, table),
        f"{file_stem(dataset, list(found), 'rationales', 'agreement')}.csv",
        "download_rationales",
    )


def _texts_to_csv(table: pd.DataFrame) -> bytes:
    """A line for each text and head; empty where a figure is not defined."""
    cells = table.astype(object).where(table.notna(), "")
    return csv_file(list(table), cells.values.tolist())


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


def _ranking_title(ranking: str) -> str:
    return _("Chance") if ranking == CHANCE else _(RANKINGS[ranking])


def _headings() -> dict[str, Any]:
    top = _("Of the top tokens, as many as are marked, against the marked ones; from 0 to 1.")
    meanings = {
        "iou": top,
        "f1": top,
        "auprc": _(
            "Area under precision and recall as steps over the whole ranking, ties averaged; from "
            "0 to 1. Not the trapezoids of ERASER's AUPRC, which can be .32 apart."
        ),
    }
    chance = _(
        "Contributions are to the predicted class. Chance: what a random order is expected to "
        "reach with as many marks. Ties: the mean over all their orders."
    )
    return {
        _("Ranking"): explained(chance),
        **{_measure_title(name): explained(meaning) for name, meaning in meanings.items()},
    }


def _measure_title(name: str) -> str:
    return f"{_(MEASURES[name])} ↑"


def _number(value: float) -> str:
    return undefined() if math.isnan(value) else f"{value:z.3f}"
