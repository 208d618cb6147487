"""Labelled rows of data sets that are at hand: finding one by its key, and the picker."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from poolviz import datasets, places, program
from poolviz.datasets import CATALOGUE, dataset_title
from poolviz.errors import DataError, PoolvizError
from poolviz.language import N_, _
from poolviz.model.class_names import class_label
from poolviz.model.kinds import OUTCOMES
from poolviz.text.pieces import shortened
from poolviz.ui import row_loaders
from poolviz.ui.frame import jobs, state
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.markdown import plain
from poolviz.ui.frame.settings import TEXT, TextFields
from poolviz.ui.input.run_rows import check_run_rows
from poolviz.ui.sidebar.choice import Choice
from poolviz.watch import Watch

if TYPE_CHECKING:
    import pandas as pd

OFFERED = 50  # rows in the picker's list; shuffling gives others
KEY_DIGITS = 12
SPLITS = {"train": N_("train"), "validation": N_("validation"), "test": N_("test")}


@dataclass(frozen=True)
class LabelledRow:
    """One row: the data set and split it is of, its texts, and the label it is known to have.

    A row of a data set of pairs has two texts. Without a label it is of a data set whose classes
    are not those of the models.
    """

    dataset: str
    split: str
    texts: tuple[str, ...]
    label: str | None

    @property
    def text(self) -> str:
        """The only text, or the first."""
        return self.texts[0]

    def as_pair(self) -> tuple[tuple[str, ...], str | None]:
        """Two texts and their outcome: a text and the name of its class are a match."""
        if len(self.texts) > 1 or self.label is None:
            return self.texts, self.label
        return (self.text, self.label), OUTCOMES[1]


def find(name: str, choice: Choice, of_any_classes: bool = False) -> LabelledRow:
    """The row that an address names "data set:first digits of its key".

    Parameters
    ----------
    of_any_classes : give rows of other classes than the models have, too, without their labels.

    Raises
    ------
    DataError : no such row, or its data set is not on this machine or does not fit the models, or
        is not that of their run.
    """
    dataset, _colon, digits = name.partition(":")
    if dataset not in CATALOGUE:
        raise DataError("The address names a row of an unknown data set; pick another one.")
    if places.rows_hidden():
        raise DataError("This server does not show the rows of data sets.")
    if not datasets.available(dataset):
        raise DataError(
            "The address names a row of “{dataset}”, which is not at hand; "
            "fetch it with: {command}",
            dataset=dataset,
            command=program.command("datasets", dataset, "--download"),
        )
    labelled = dataset in _sources(choice)
    if not labelled and not (of_any_classes and CATALOGUE[dataset].kind == choice.kind.rows):
        raise DataError("The row in the address does not fit these models; pick another one.")
    check_run_rows(choice.checkpoints[0], dataset)
    table = row_loaders.corpus(dataset).rows
    found = table[table["key"].str.startswith(digits)] if len(digits) >= KEY_DIGITS else table[:0]
    if found.empty:
        raise DataError("“{dataset}” has no such row; pick another one.", dataset=dataset)
    first = found.iloc[0]
    known = row_loaders.corpus(dataset).dataset
    texts = tuple(first[column] for column in known.text_columns)
    label = known.classes[first["label"]] if labelled else None
    return LabelledRow(dataset, str(first["split"]), texts, label)


def draw_picker(choice: Choice, fields: TextFields = TEXT) -> None:
    """A popover to pick a labelled row, by label and shuffled; rows are read when it is opened.

    The row becomes the text, or the texts, of `fields`.
    """
    if places.rows_hidden():
        return
    popover = st.popover(
        _("Row"),
        icon=":material/table_rows:",
        help=_("Pick a labelled row of a data set."),
        on_change="rerun",
        key="row_picker",
    )
    with popover:
        if not popover.open:
            return
        fetch_own_rows(choice)
        sources = _sources(choice)
        if not sources:
            st.info(_("No labelled rows for these classes are on this machine."))
            return
        try:
            _pick(choice, sources, fields)
        except PoolvizError as error:
            st.error(error_sentence(error))


def _sources(choice: Choice) -> list[str]:
    return row_loaders.row_sources(choice.classes, choice.dataset, choice.kind.rows)


def _pick(choice: Choice, sources: list[str], fields: TextFields) -> None:
    state.relabel("row_source", "row_label")
    source = st.selectbox(
        _("From"),
        sources,
        format_func=dataset_title,
        key="row_source",
        help=_("Data sets of the same classes whose rows are on this machine."),
    )
    check_run_rows(choice.checkpoints[0], source)
    label = st.selectbox(
        _("Label"),
        choice.classes,
        index=None,
        format_func=class_label,
        placeholder=_("all labels"),
        key="row_label",
        help=_("Offers rows that are known to be of this class."),
    )
    if st.button(
        _("Shuffle"),
        icon=":material/shuffle:",
        key="row_shuffle",
        help=_("Offers other rows, drawn at random."),
    ):
        st.session_state["row_seed"] = st.session_state.get("row_seed", 0) + 1
    offered = _offered(source, label, choice.classes, st.session_state.get("row_seed", 0))
    columns = CATALOGUE[source].text_columns
    texts = dict(zip(offered["key"], offered[list(columns)].agg(" · ".join, axis=1), strict=True))
    labels = dict(zip(offered["key"], offered["label"], strict=True))
    st.selectbox(
        _("Row"),
        options=list(texts),
        index=None,
        format_func=lambda key: " · ".join(
            [class_label(choice.classes[labels[key]]), shortened(texts[key], 40)]
        ),
        key="row_key",
        on_change=partial(_row_chosen, source, fields),
        placeholder=_("Choose a row"),
        help=_("Test rows where there are any: no model was trained on them."),
    )


def _offered(source: str, label: str | None, classes: tuple[str, ...], seed: int) -> pd.DataFrame:
    """Some rows in an order that follows the seed; rows no model was trained on come first."""
    table = row_loaders.corpus(source).rows
    if label is not None:
        table = table[table["label"] == classes.index(label)]
    unseen = table[table["split"] == "test"]
    table = unseen if len(unseen) else table
    return table.sample(n=min(OFFERED, len(table)), random_state=seed)


def _row_chosen(source: str, fields: TextFields) -> None:
    key = st.session_state["row_key"]
    if key:
        state.choose_text(row=f"{source}:{key[:KEY_DIGITS]}", fields=fields)
        state.mark_choice()


def draw_row_note(choice: Choice, row: LabelledRow) -> None:
    """Say what the row is, and warn where the models were trained on it."""
    source = plain(dataset_title(row.dataset))
    if row.label is None:
        st.caption(_("A row of {source}, which has other classes.").format(source=source))
        return
    label = class_label(row.label)
    st.caption(_("A row of {source}, known label: {label}.").format(source=source, label=label))
    if row.dataset == choice.dataset and row.split != "test":
        st.warning(
            _("These models were trained on this row ({split} rows).").format(
                split=_(SPLITS[row.split])
            ),
            icon=":material/warning:",
        )


def fetch_own_rows(choice: Choice) -> None:
    """Offer the download of the data set's own rows where they are not at hand.

    Of those that cannot be downloaded, say where to put them.
    """
    key = choice.dataset
    if key not in CATALOGUE or datasets.available(key):
        return
    if not CATALOGUE[key].can_be_downloaded:
        _say_where_they_belong(key)
        return
    job = f"download_{key}"
    finished = jobs.draw(job, _("Downloading {title} …").format(title=dataset_title(key)))
    if finished or jobs.job(job):
        return
    st.caption(_("The rows of “{title}” are not on this machine.").format(title=dataset_title(key)))
    if st.button(
        _("Download them"),
        icon=":material/download:",
        key=f"start_{job}",
        help=_("Once, from where they were published; they stay on this machine."),
    ):
        jobs.start(job, partial(_download, key))
        st.rerun()


def _say_where_they_belong(key: str) -> None:
    try:
        datasets.load(key)
    except DataError as error:
        st.caption(error_sentence(error))


def _download(key: str, watch: Watch) -> None:
    datasets.load(key, download=True, watch=watch)
