"""Which rows are trained on: a data set at hand, or a file of one's own; and what they hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from poolviz import datasets, places, program
from poolviz.datasets import CATALOGUE, dataset_title
from poolviz.datasets.holdings import Holdings, OwnFile, read_own
from poolviz.datasets.own_pairs.corpus import PairFile, read_file
from poolviz.datasets.readers.reading import MAX_BYTES, MAX_COLUMNS, NO_SPLIT, most_lines
from poolviz.errors import PoolvizError
from poolviz.figures.rows.holdings import holdings_html
from poolviz.language import N_, _, joined
from poolviz.text.scripts import on_unit
from poolviz.ui import row_loaders
from poolviz.ui.frame import state
from poolviz.ui.frame.markdown import plain
from poolviz.ui.frame.remembered import recalled, remembered
from poolviz.ui.input import brought
from poolviz.ui.input.corrections import LABELS_OF_PAIRS, file_sentence
from poolviz.ui.train.second import choose_tests

OWN = "file"
FILE_KEY = "train_file"
HELD_KEY = "train_held"
# What a file can hold, a key of `poolviz.model.kinds.ROWS`, and what reads it so.
_HELD: dict[str, tuple[str, brought.Read]] = {
    "classification": (N_("Texts with labels"), read_own),
    "matching": (N_("Pairs or triplets"), read_file),
}


@dataclass(frozen=True)
class Source:
    """Rows to train on.

    Parameters
    ----------
    dataset : key of the catalogue; None for a file of one's own.
    held : key of `poolviz.model.kinds.ROWS`: what the rows hold.
    """

    dataset: str | None
    held: str
    holdings: Holdings
    file: OwnFile | PairFile | None = None


def choose_source() -> Source | None:
    """Draw the choice of rows and what they hold; None where there is nothing yet."""
    at_hand = [] if places.rows_hidden() else list(filter(datasets.available, CATALOGUE))
    options = [OWN, *at_hand]
    names = {OWN: _("A file of my own"), **{key: dataset_title(key) for key in at_hand}}
    if st.session_state["train_source"] not in options:
        st.session_state["train_source"] = OWN
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = state.bound(
            st.selectbox,
            "train_source",
            _("Rows of"),
            options=options,
            format_func=names.get,
            width=360,
            help=_("Data sets that are on this machine, or a file that you give."),
        )
        held = _choose_held() if chosen == OWN else ""
    try:
        source = _own(held) if chosen == OWN else _of_catalogue(chosen)
    except PoolvizError as error:
        st.error(file_sentence(error, LABELS_OF_PAIRS))
        return None
    if source:
        st.html(holdings_html(source.holdings))
    return source


def _of_catalogue(key: str) -> Source:
    return Source(key, CATALOGUE[key].kind, row_loaders.holdings(key))


def _choose_held() -> str:
    """Whether a file holds texts to classify, or pairs to match."""
    return remembered(
        st.segmented_control,
        HELD_KEY,
        _("It holds"),
        next(iter(_HELD)),
        options=list(_HELD),
        format_func=lambda held: _(_HELD[held][0]),
        on_change=_read_anew,
        required=True,
        help=_(
            "One text a row, with a label. Or two texts, with a label that says whether they mean "
            "the same, or three: an anchor, one that matches it, one that does not."
        ),
    )


def _read_anew() -> None:
    _title, read = _HELD[recalled(HELD_KEY, next(iter(_HELD)))]
    brought.read_as(FILE_KEY, read)


def _own(held: str) -> Source | None:
    """The file of this session, how it was read, and what a token of it is.

    Raises
    ------
    ChoiceError, DataError : its pairs are not to be told.
    """
    label = _(
        "CSV, Excel, JSON, Parquet or lines of text, also in a ZIP, of up to {limit} MB, "
        "{rows:,} rows and {columns} columns. Encoding, columns of texts and labels are found out, "
        "and can be corrected. Ten times as much is taken by: {command}"
    ).format(
        limit=MAX_BYTES // 1_000_000,
        rows=most_lines(),
        columns=MAX_COLUMNS,
        command=f"`{program.command('train', '--csv', 'FILE', '--dry-run')}`",
    )
    file = brought.draw_uploader(FILE_KEY, label, _HELD[held][1])
    if file is None:
        return None
    holdings = _DRAWN[held](file)
    given = brought.the_file(FILE_KEY)
    whole = choose_tests(file, given.wanted, holdings) if given else None
    if whole is None:
        return None
    file, holdings = whole
    st.caption(plain(joined([on_unit(file.texts)])))
    return Source(None, held, holdings, file)


def _draw_texts(file: OwnFile) -> Holdings:
    rows = file.rows
    chosen = brought.text_and_label(rows.text, rows.label)
    split = rows.split or NO_SPLIT
    brought.draw_reading(FILE_KEY, rows.how, rows.findings, (), rows.columns, chosen, split)
    return file.holdings


def _draw_pairs(file: PairFile) -> Holdings:
    """How the pairs were read, with the choice of columns also where they are not to be told."""
    table, found = file.table, file.found
    pairs = None if isinstance(found, PoolvizError) else found[0]
    texts = [*(pairs.columns.texts if pairs else ()), None, None, None]
    columns = {
        "text": texts[0],
        "other": texts[1],
        "negative": texts[2],
        "label": pairs.columns.label if pairs else None,
    }
    chosen = {what: (_(LABELS_OF_PAIRS[what]), column) for what, column in columns.items()}
    findings = (*pairs.division.findings(), *pairs.findings) if pairs else table.findings
    brought.draw_reading(FILE_KEY, table.how, findings, (), list(table.columns), chosen)
    brought.draw_said(
        FILE_KEY,
        "match",
        _(LABELS_OF_PAIRS["match"]),
        _(
            "With commas between them, or from a number on: “4,5”, “>=0.5”. Left empty where "
            "labels are 0 and 1, yes and no or the like."
        ),
    )
    if isinstance(found, PoolvizError):
        raise found
    return found[1]


_DRAWN: dict[str, Callable[..., Holdings]] = {
    "classification": _draw_texts,
    "matching": _draw_pairs,
}
