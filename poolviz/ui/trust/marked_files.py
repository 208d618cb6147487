"""A file of many texts with what a person marked of each: read in a job, measured in another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd
import streamlit as st

from poolviz.engine.texts import Explainer
from poolviz.export.files import csv_file
from poolviz.export.names import file_stem
from poolviz.language import _
from poolviz.text.pieces import html_text, shortened
from poolviz.trust.marks.plausibility import CHANCE, MEASURES, RANKED, means, over_texts
from poolviz.trust.marks.rationales import (
    MAX_BYTES,
    MAX_TEXTS,
    SEPARATOR,
    Rationale,
    RationaleFile,
    read_rationales,
)
from poolviz.trust.tables import head_title, interval
from poolviz.ui.frame import jobs
from poolviz.ui.frame.exports import draw_download_button
from poolviz.ui.input import brought
from poolviz.ui.sidebar.choice import Choice
from poolviz.ui.trust.agreement_columns import headings, measure_title, ranking_title

JOB = "rationales"
FILE_KEY = "rationales_file"
PATIENCE = 1.0  # seconds after which a bar is drawn
SHOWN, SHOWN_CHARACTERS = 3, 300  # texts of a file, and characters of each


def draw_marked_files(choice: Choice, explainers: Mapping[str, Explainer]) -> None:
    """Draw where such a file is given, how it was read, and how far each head agrees with it."""
    st.markdown(
        _(
            "A table (CSV, Excel) with the columns `text` and `rationale`, passages of the text "
            "with `{separator}` between them; or JSON (also JSON Lines): objects with `text` and "
            "`spans`, pairs of start and end in characters, or `rationale`, a list of passages; "
            "also what doccano, Label Studio, Prodigy and argilla export."
        ).format(separator=SEPARATOR)
    )
    label = _("Rationales of up to {limit:,} texts, and {size} MB").format(
        limit=MAX_TEXTS, size=MAX_BYTES // 1_000_000
    )
    read: RationaleFile | None = brought.draw_uploader(FILE_KEY, label, read_rationales)
    if read is None:
        jobs.forget(JOB)
        return
    _draw_read(read)
    work = partial(over_texts, explainers, read.rationales)
    subject = (read, [checkpoint.onnx_hash for checkpoint in choice.checkpoints])
    jobs.start_once(JOB, work, subject, PATIENCE)
    finished = jobs.draw(JOB, _("Reading texts …"), subject)
    if finished:
        _draw_means(finished.result, choice.dataset)
    elif not jobs.job(JOB, subject) and st.button(  # cancelled, or it failed
        _("Measure these texts"),
        icon=":material/play_arrow:",
        key="measure_rationales",
        help=_("Runs each text once under each chosen head; it can be cancelled."),
    ):
        jobs.start(JOB, work, subject, PATIENCE)
        st.rerun()


def _draw_read(read: RationaleFile) -> None:
    """How the file was read, and its first texts with their marks."""
    brought.draw_reading(FILE_KEY, read.how, read.findings, ())
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
            line = {_("Head"): head_title(head), _("Ranking"): ranking_title(ranking)}
            line |= {measure_title(name): interval(figure) for name, figure in figures.items()}
            lines.append(line | {"n": (figures["auprc"] or {"n": 0})["n"]})
    st.dataframe(
        pd.DataFrame(lines), hide_index=True, column_config=headings(), key="rationales_table"
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
