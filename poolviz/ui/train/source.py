"""Which rows are trained on: a data set at hand, or a file of one's own; and what they hold."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from poolviz import datasets, places
from poolviz.datasets import CATALOGUE
from poolviz.datasets.holdings import Holdings, OwnFile, read_own
from poolviz.datasets.readers.reading import MAX_BYTES
from poolviz.errors import PoolvizError
from poolviz.figures.rows.holdings import holdings_html
from poolviz.language import _, joined
from poolviz.model.kinds import KINDS, USUAL
from poolviz.text.scripts import on_unit
from poolviz.ui.frame import loaders, state
from poolviz.ui.frame.controls import dataset_title
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.markdown import plain
from poolviz.ui.input import brought

OWN = "file"
FILE_KEY = "train_file"


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
    file: OwnFile | None = None


def choose_source() -> Source | None:
    """Draw the choice of rows and what they hold; None where there is nothing yet."""
    at_hand = [] if places.rows_hidden() else list(filter(datasets.available, CATALOGUE))
    options = [OWN, *at_hand]
    names = {OWN: _("A file of my own"), **{key: dataset_title(key) for key in at_hand}}
    if st.session_state["train_source"] not in options:
        st.session_state["train_source"] = OWN
    chosen = state.bound(
        st.selectbox,
        "train_source",
        _("Rows of"),
        options=options,
        format_func=names.get,
        width=360,
    )
    try:
        source = _own() if chosen == OWN else _of_catalogue(chosen)
    except PoolvizError as error:
        st.error(error_sentence(error))
        return None
    if source:
        st.html(holdings_html(source.holdings))
    return source


def _of_catalogue(key: str) -> Source:
    return Source(key, CATALOGUE[key].kind, loaders.holdings(key))


def _own() -> Source | None:
    """The file of this session, how it was read, and what a token of it is."""
    label = _(
        "CSV, Excel, JSON, Parquet or lines of text, also in a ZIP, of up to {limit} MB. "
        "Encoding, columns of texts and labels are found out, and can be corrected."
    ).format(limit=MAX_BYTES // 1_000_000)
    file: OwnFile | None = brought.draw_uploader(FILE_KEY, label, read_own)
    if file is None:
        return None
    rows = file.rows
    brought.draw_reading(
        FILE_KEY, rows.how, rows.findings, (), rows.columns, (rows.text, rows.label)
    )
    st.caption(plain(joined([on_unit(rows.texts)])))
    return Source(None, KINDS[USUAL].rows, file.holdings, file)
