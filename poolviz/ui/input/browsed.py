"""The rows that are browsed, as the state names them: their source, filters and order.

The Explore page shows them; Compare goes from one to the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from poolviz.datasets import dataset_title
from poolviz.explore.choices import ORDERS, ORDERS_OF_PREDICTIONS
from poolviz.explore.filters import Filters, in_order, matching
from poolviz.explore.meanings import numbers_of
from poolviz.explore.rows import OwnFile, RowSet, of_own, readable
from poolviz.explore.survey import Survey
from poolviz.language import N_, _
from poolviz.model.class_names import class_label
from poolviz.text.pieces import one_line, shortened
from poolviz.ui import row_loaders
from poolviz.ui.frame import kept, state
from poolviz.ui.frame.settings import SETTINGS
from poolviz.ui.input import brought
from poolviz.ui.input.rows import KEY_DIGITS
from poolviz.ui.input.run_rows import check_run_rows
from poolviz.ui.sidebar.choice import Choice

OWN_FILE = "file"
FILE_KEY = "explore_file"  # where it is given
_SAID = "explore_meanings"  # of which file, and what its labels mean
ALL = "all"
ORDER_NAMES = {
    "file": N_("As in the file"),
    "classes": N_("Largest disagreement on the class"),
    "weights": N_("Largest difference of weights"),
    "length": N_("Longest"),
}
_SHOWN_CHARACTERS = 30  # of a search, and of a file's name


@dataclass(frozen=True)
class Source:
    """Rows, and the data set they are of; None for somebody's own file."""

    rows: RowSet
    dataset: str | None


@dataclass(frozen=True)
class Chip:
    """A filter that is in effect: in words, and the setting that asks for it."""

    text: str
    setting: str


def offered_sources(choice: Choice) -> list[str]:
    """What can be browsed: "data set:split" for rows at hand, and `OWN_FILE`."""
    keys = row_loaders.row_sources(choice.classes, choice.dataset, choice.kind.rows)
    return [*(f"{key}:{split}" for key in keys for split in ("test", ALL)), OWN_FILE]


def settled_source(offered: Sequence[str]) -> str:
    """The source that the state names; where it names none that is offered, the first."""
    chosen = st.session_state["explore_source"]
    return chosen if chosen in offered else offered[0]


def source_name(key: str) -> str:
    """What a source is called: the data set and its part, or the name of one's own file."""
    if key == OWN_FILE:
        file = own_file()
        return shortened(one_line(file.name), _SHOWN_CHARACTERS) if file else _("A file of my own")
    dataset, _colon, split = key.partition(":")
    name = _("{title}: all rows") if split == ALL else _("{title}: test rows")
    return name.format(title=dataset_title(dataset))


def own_file() -> OwnFile | None:
    """The file that this visitor has given and not taken away, once it is read."""
    return brought.result(FILE_KEY)


def rows_of(key: str, choice: Choice) -> Source | None:
    """The rows of a source that is offered; None where a file of one's own is not there.

    Rows of which the models' preparation leaves nothing are counted, and not among them.

    Raises
    ------
    DataError : the data set is damaged, or its rows are not those of the run.
    """
    if key != OWN_FILE:
        dataset, _colon, split = key.partition(":")
        check_run_rows(choice.checkpoints[0], dataset)
        rows = row_loaders.row_set(dataset, None if split == ALL else split)
        return Source(_readable(rows, choice), dataset)
    file = own_file()
    if file is None:
        return None
    numbers = numbers_of(choice.classes, said_meanings(file, choice))
    rows = kept.once("own_rows", (file, numbers), lambda: of_own(file, numbers))
    return Source(_readable(rows, choice), None)


def _readable(rows: RowSet, choice: Choice) -> RowSet:
    prepared = choice.checkpoints[0].preparation
    return kept.once("readable_rows", (rows, prepared.name), lambda: readable(rows, prepared))


def said_meanings(file: OwnFile, choice: Choice) -> dict[str, str | None]:
    """What the visitor has said that the labels of the file mean among the models' classes."""
    subject, said = st.session_state.get(_SAID, (None, {}))
    return said if subject == _subject_of_meanings(file, choice) else {}


def say_meanings(file: OwnFile, choice: Choice, said: dict[str, str | None]) -> None:
    """Take what labels mean; it holds for this file and these classes."""
    st.session_state[_SAID] = (_subject_of_meanings(file, choice), said)


def _subject_of_meanings(file: OwnFile, choice: Choice) -> tuple[str, str | None, tuple[str, ...]]:
    return file.identity, file.rows.label, choice.classes


def found(choice: Choice, source: Source, survey: Survey | None) -> np.ndarray:
    """Numbers of the rows that fit the filters of the state, in its order."""
    filters, order = filters_of_state(choice, survey is not None), order_of_state(survey)
    rows = source.rows
    return kept.once(
        "browsed_rows",
        (rows, survey, filters, order),
        lambda: in_order(matching(rows, survey, filters), rows, survey, order),
    )


def offered_orders(survey: Survey | None) -> list[str]:
    """Keys of the orders that the rows can be put in."""
    return [key for key in ORDERS if survey is not None or key not in ORDERS_OF_PREDICTIONS]


def order_of_state(survey: Survey | None) -> str:
    """The order that was chosen, as far as it is offered."""
    order = st.session_state["explore_order"]
    return order if order in offered_orders(survey) else ORDERS[0]


def head_titles(choice: Choice) -> dict[str, str]:
    """The chosen heads by their keys."""
    return {c.head: c.head_title for c in choice.checkpoints}


def filters_of_state(choice: Choice, predicted: bool) -> Filters:
    """What the state asks of a row; names of classes and heads that are not at hand ask nothing.

    Parameters
    ----------
    predicted : whether it is known what the heads predict; else nothing is asked of it.
    """
    session = st.session_state
    classes = {name: number for number, name in enumerate(choice.classes)}
    heads = {checkpoint.head: column for column, checkpoint in enumerate(choice.checkpoints)}
    asked = Filters(
        search=session["explore_search"],
        label=_number(classes, session["explore_label"]),
        shortest=session["explore_shortest"],
        longest=session["explore_longest"],
    )
    if not predicted:
        return asked
    weighed = session["explore_difference"] == "weights"
    return replace(
        asked,
        predicted=_number(classes, session["explore_predicted"]),
        outcome=session["explore_outcome"],
        head=_number(heads, session["explore_head"]),
        pair=_pair(heads, session["explore_pair"]),
        difference=session["explore_difference"] if len(heads) > 1 else None,
        apart=session["explore_apart"] if weighed else 0.0,
    )


def chips(choice: Choice, predicted: bool) -> list[Chip]:
    """The filters that are in effect."""
    asked, titles = filters_of_state(choice, predicted), list(head_titles(choice).values())
    shown: list[Chip] = []

    def add(name: str, text: str) -> None:
        shown.append(Chip(text, f"explore_{name}"))

    if asked.search:
        add("search", f"“{shortened(one_line(asked.search), _SHOWN_CHARACTERS)}”")
    if asked.label is not None:
        add("label", _("Label: {name}").format(name=class_label(choice.classes[asked.label])))
    if asked.pair is not None:
        one, other = (titles[column] for column in asked.pair)
        add("pair", _("{one} and {other} disagree").format(one=one, other=other))
    head = _("A head") if asked.head is None else titles[asked.head]
    if asked.predicted is not None:
        name = class_label(choice.classes[asked.predicted])
        add("predicted", _("{head} predicts {name}").format(head=head, name=name))
    if asked.outcome == "wrong":
        add("outcome", _("{head} is wrong").format(head=head))
    elif asked.outcome == "right":
        every = _("All heads are right") if asked.head is None else _("{head} is right")
        add("outcome", every.format(head=head))
    if asked.difference == "classes":
        add("difference", _("Heads disagree on the class"))
    elif asked.difference == "weights":
        add("difference", _("Weights differ by {apart:.2f} or more").format(apart=asked.apart))
    if asked.shortest is not None:
        add("shortest", _("{count:,} characters or more").format(count=asked.shortest))
    if asked.longest is not None:
        add("longest", _("{count:,} characters or fewer").format(count=asked.longest))
    return shown


def without(*gone: Chip) -> None:
    """Ask no longer for what these chips stand for."""
    for chip in gone:
        st.session_state[chip.setting] = SETTINGS[chip.setting].default


def open_row(source: Source, settled: str, number: int) -> None:
    """Make a row the text of the view, and remember among which rows it was found."""
    if source.dataset:
        key = f"{source.rows.keys[number]:016x}"[:KEY_DIGITS]
        state.choose_text(row=f"{source.dataset}:{key}")
    else:
        state.choose_text(source.rows.texts.iloc[number])
    st.session_state.update(walk=number, explore_source=settled)
    state.mark_choice()


def _number(numbers: Mapping[str, int], name: str | None) -> int | None:
    return None if name is None else numbers.get(name)


def _pair(heads: Mapping[str, int], names: list[str] | None) -> tuple[int, int] | None:
    columns = [heads[name] for name in names or () if name in heads]
    return (columns[0], columns[1]) if len(set(columns)) == 2 == len(columns) else None
