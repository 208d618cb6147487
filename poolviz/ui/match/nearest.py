"""The nearest questions of the Match page: a list, the matcher that ranks it, the best ones."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets.examples import question_list
from poolviz.datasets.readers.brought.files import read_table
from poolviz.datasets.readers.reading import MAX_BYTES, Table
from poolviz.datasets.sentence_lists import MAX_SENTENCES, distinct, of_lines
from poolviz.engine.ranking import Ranking, ranked
from poolviz.errors import DataError
from poolviz.export.files import nearest_file_name, nearest_to_csv
from poolviz.figures.texts.highlight import highlights_html
from poolviz.language import _, ngettext
from poolviz.text.pieces import shortened
from poolviz.text.tokens import has_visible
from poolviz.ui.frame import explained, jobs, kept, loaders, state
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.exports import draw_download_button
from poolviz.ui.frame.markdown import plain
from poolviz.ui.frame.remembered import remembered
from poolviz.ui.input import brought
from poolviz.ui.sidebar.choice import Choice
from poolviz.ui.uploads import draw_file_uploader
from poolviz.views.pairs import title
from poolviz.views.panel import panel, with_one_scale
from poolviz.views.passages import part_at
from poolviz.views.view import View

JOB = "nearest"
FILE_KEY = "nearest_file"
SHOWN_ROWS = 3  # of a file
LISTED = 50  # of the ranking, in the table
HIGHLIGHTED = 5


def draw_nearest(choice: Choice, query: str) -> None:
    """Draw the section.

    Parameters
    ----------
    query : the sentence that the list is ranked by.
    """
    st.caption(
        _("A list ranked by how well each sentence matches the first one above: “{query}”").format(
            query=plain(shortened(query, 60))
        )
    )
    try:
        sentences = _list(choice)
    except DataError as error:
        st.error(error_sentence(error))
        sentences = ()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        checkpoint = _matcher(choice)
        pressed = st.button(
            _("Rank the list"),
            icon=":material/sort:",
            key="rank",
            help=_("Runs each sentence of the list once; it can be cancelled."),
            type="primary",
            disabled=not (sentences and has_visible(query)),
        )
        st.caption(_("Distinct sentences: {count:,}.").format(count=len(sentences)))
    if pressed:
        jobs.start(JOB, partial(ranked, loaders.pair_explainer(checkpoint), query, sentences))
    finished = jobs.draw(JOB, _("Ranking …"))
    if finished:
        _result(finished.result)


def _list(choice: Choice) -> tuple[str, ...]:
    """The sentences to rank: a column of a file where there is one, else the lines of the box.

    Raises
    ------
    DataError : the file cannot be read, or the list is too long.
    """
    box, upload = st.columns(2)
    lines = choice.classes if choice.kind.against_classes else question_list()
    pasted = remembered(
        box.text_area,
        f"nearest_lines_{choice.dataset}",
        _("One sentence per line"),
        "\n".join(lines),
        height=230,
        help=_("The sentences that stand here at first were written for this project."),
    )
    with upload:
        file = draw_file_uploader(
            _("Or a file of up to {limit:,} rows and {size} MB: CSV, Excel, JSON, text …").format(
                limit=MAX_SENTENCES, size=MAX_BYTES // 1_000_000
            ),
            type=brought.TYPES,
            key=FILE_KEY,
            on_change=brought.take,
            args=(FILE_KEY, read_table),
            help=_("It takes the place of the lines beside."),
        )
        if not file:
            brought.forget(FILE_KEY)
            return kept.once("nearest_list", pasted, lambda: of_lines(pasted))
        table: Table | None = brought.result(FILE_KEY)
        if table is None:
            brought.draw_progress(FILE_KEY)
            return ()
        chosen = _column(table)
    return kept.once("nearest_list", (table, chosen), lambda: distinct(table.column(chosen)))


def _column(table: Table) -> str:
    """How the file was read, and the column that was chosen of it."""
    columns = list(table.columns)
    parts = (column.slice(0, SHOWN_ROWS).to_pylist() for column in table.columns.values())
    sample = list(zip(*parts, strict=True))
    brought.draw_reading(FILE_KEY, table.how, table.findings, sample)
    place = columns.index(table.text) if table.text else 0
    return st.selectbox(
        _("Column"),
        columns,
        index=place,
        key="nearest_column",
        help=_("The one that holds the sentences."),
    )


def _matcher(choice: Choice) -> Checkpoint:
    titles = {c.name: c.title for c in choice.checkpoints}
    state.relabel("nearest_matcher")
    name = st.selectbox(
        _("Matcher"),
        list(titles),
        format_func=titles.__getitem__,
        key="nearest_matcher",
        help=_("The one by whose scores the list is ordered."),
        width=320,
    )
    return next(c for c in choice.checkpoints if c.name == name)


def _result(ranking: Ranking) -> None:
    st.markdown(
        _("**{matcher}**, nearest to “{query}”").format(
            matcher=ranking.checkpoint.title,
            query=plain(shortened(ranking.query, 100)),
        )
    )
    if ranking.unreadable:
        count = ranking.unreadable
        st.caption(
            ngettext(
                "Too long to be read: {count:,} sentence.",
                "Too long to be read: {count:,} sentences.",
                count,
            ).format(count=count)
        )
    best = ranking.best(LISTED)
    table, highlights = st.columns(2)
    with table:
        threshold = ranking.checkpoint.card["threshold"]
        st.dataframe(_table(best, threshold), hide_index=True, key="nearest_table", height=420)
        draw_download_button(
            _("All of the ranking (CSV)"),
            partial(nearest_to_csv, ranking),
            nearest_file_name(ranking),
            "download_nearest",
        )
    with highlights:
        _highlights(ranking, best[:HIGHLIGHTED])


def _table(best: list[tuple[str, float, float]], threshold: float) -> pd.DataFrame:
    sentences, scores, probabilities = zip(*best, strict=True) if best else ((), (), ())
    return pd.DataFrame(
        {
            "#": range(1, len(best) + 1),
            _("Match"): ["✓" if value >= threshold else "" for value in probabilities],
            _("Probability"): [f"{value:.1%}" for value in probabilities],
            _("Score"): [f"{value:.3f}" for value in scores],
            _("Sentence"): sentences,  # last: a long one leaves the numbers in sight
        }
    )


def _highlights(ranking: Ranking, best: list[tuple[str, float, float]]) -> None:
    """The best sentences with their weights, on one scale."""
    pairs = [
        pair
        for sentence, _score, _share in best
        for found in explained.pairs([ranking.checkpoint], (ranking.query, sentence))
        for pair in found.pairs
    ]
    if not pairs:
        return
    panels = with_one_scale([panel([pair.sides[1]], View(), [title(pair)]) for pair in pairs])
    names = [f"{rank}. {pair.probability:.1%}" for rank, pair in enumerate(pairs, 1)]
    parts = [part_at(0, len(shown.tokens)) for shown in panels]
    st.html(highlights_html(dict(zip(names, panels, strict=True)), 0, parts))
