"""Choosing which rows are browsed: a data set's at hand, or a file of somebody's own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import streamlit as st

from poolviz.checkpoints.identity import file_hashes
from poolviz.datasets import dataset_title
from poolviz.datasets.readers.brought.rows import OwnRows
from poolviz.datasets.readers.reading import MAX_BYTES
from poolviz.errors import PoolvizError
from poolviz.explore.meanings import proposed
from poolviz.explore.rows import OwnFile, RowSet, read_own
from poolviz.language import _, joined, listed, ngettext
from poolviz.model.class_names import class_label
from poolviz.text.pieces import one_line, shortened
from poolviz.ui.frame import kept, state
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.markdown import plain
from poolviz.ui.input import brought
from poolviz.ui.input.browsed import (
    FILE_KEY,
    OWN_FILE,
    Source,
    own_file,
    rows_of,
    said_meanings,
    say_meanings,
    source_name,
)
from poolviz.ui.input.rows import fetch_own_rows
from poolviz.ui.sidebar.choice import Choice

_ASKED = 12  # labels: of more nobody is asked what they mean
# Findings that concern training alone.
_OF_TRAINING = ("few rows", "split column", "no split", "no test split")


def draw_source_picker(options: Sequence[str], settled: str) -> None:
    """Draw the choice of rows; one that nobody has made stays unsaid in the address."""
    names = {key: source_name(key) for key in options}
    state.relabel("_explore_source")
    with state.settled("explore_source", settled):
        state.bound(
            st.selectbox,
            "explore_source",
            _("Rows of"),
            options=options,
            format_func=names.get,
            width=360,
            help=_("Data sets of the same classes that are on this machine, or a file of yours."),
        )


def source_rows(choice: Choice, settled: str) -> Source | None:
    """The rows with notes on what they are; where there are none yet, what to do, and None."""
    if settled == OWN_FILE:
        if own_file() is None:
            fetch_own_rows(choice)
        _draw_uploader()
    try:
        source = rows_of(settled, choice)
    except PoolvizError as error:
        st.error(error_sentence(error))
        return None
    if source is None:
        return None
    unread = _notes_on_unread(source.rows)
    if not len(source.rows):
        st.info(joined([_("There are no such rows; choose others."), *unread]))
        return None
    notes = (
        _notes_on_data_set(source, choice)
        if source.dataset
        else _notes_on_file(source.rows, choice)
    )
    if notes := [*notes, *unread]:
        st.caption(joined(notes))
    _warn_of_strange_labels(source.rows)
    if source.dataset is None:
        _draw_meanings(choice, source.rows)
    return source


def _draw_uploader() -> None:
    """The file of this session: it stays until it is taken away, or another is given."""
    label = _(
        "CSV, Excel, JSON, Parquet or lines of text, also in a ZIP, of up to {limit} MB. "
        "Encoding, columns of texts and labels are found out, and can be corrected."
    ).format(limit=MAX_BYTES // 1_000_000)
    file = brought.draw_uploader(FILE_KEY, label, read_own)
    if file:
        _draw_reading(file.rows)


def _draw_reading(rows: OwnRows) -> None:
    """How the file was read: what concerns training alone is left out."""
    findings = [finding for finding in rows.findings if finding.kind not in _OF_TRAINING]
    chosen = brought.text_and_label(rows.text, rows.label)
    brought.draw_reading(FILE_KEY, rows.how, findings, rows.sample, rows.columns, chosen)


def _notes_on_data_set(source: Source, choice: Choice) -> list[str]:
    notes = []
    if source.dataset != choice.dataset:
        title = plain(dataset_title(choice.dataset))
        notes.append(_("The heads were trained on other rows: {title}.").format(title=title))
    if count := source.rows.left_out:
        notes.append(
            ngettext(
                "Too long to be shown: {count:,} row.",
                "Too long to be shown: {count:,} rows.",
                count,
            ).format(count=count)
        )
    return notes


def _notes_on_unread(rows: RowSet) -> list[str]:
    if not rows.unread:
        return []
    said = ngettext(
        "Left out, since these models were trained on texts without what it holds, such as digits, "
        "marks, @names or [codes]: {count:,} row.",
        "Left out, since these models were trained on texts without what they hold, such as "
        "digits, marks, @names or [codes]: {count:,} rows.",
        rows.unread,
    )
    return [plain(said.format(count=rows.unread))]


def _notes_on_file(rows: RowSet, choice: Choice) -> list[str]:
    file = own_file()
    name = plain(shortened(one_line(file.name), 60)) if file else ""
    notes = [_("Rows of {name}: {count:,}.").format(count=len(rows), name=name)]
    if _trained_on_file(choice):
        notes.append(_("The models were trained on rows of this file."))
    else:
        notes.append(_("These are not the rows that the models were tested on."))
    if file and file.rows.labels is None:
        notes.append(_("There is no column of labels, so nothing is right or wrong."))
    return notes


def _trained_on_file(choice: Choice) -> bool:
    """Whether it is a file that the cards of the models name."""
    file = brought.the_file(FILE_KEY)
    content = file.content if file else b""
    digest = kept.once(
        "own_file_hash", brought.result(FILE_KEY), lambda: hashlib.sha256(content).hexdigest()
    )
    return digest in file_hashes(choice.checkpoints[0].card)[0]


def _warn_of_strange_labels(rows: RowSet) -> None:
    """Of a file whose labels the models do not know."""
    if not rows.strange:
        return
    shown = listed(rows.strange[:5]) + (" …" if len(rows.strange) > 5 else "")
    st.warning(
        _(
            "These models do not know some labels of the file, so rows with them count as "
            "unlabelled: {labels}"
        ).format(labels=plain(shortened(shown, 200)))
    )


def _draw_meanings(choice: Choice, rows: RowSet) -> None:
    """What the labels of one's own file mean among the models' classes, for the visitor to say."""
    file = own_file()
    if file is None:
        return
    if said := {label: name for label, name in said_meanings(file, choice).items() if name}:
        shown = listed(f"{label} = {class_label(name)}" for label, name in said.items())
        sentence = _("Labels mean what you said: {meanings}.").format(meanings=shown)
        st.caption(plain(shortened(sentence, 400)))
        anew = _("Say it anew")
        st.button(
            anew,
            key="explore_meanings_anew",
            on_click=say_meanings,
            args=(file, choice, {}),
            help=_("What was said is forgotten, and asked for again."),
        )
    elif 0 < len(rows.strange) <= _ASKED:
        _ask_for_meanings(file, choice, rows.strange)


def _ask_for_meanings(file: OwnFile, choice: Choice, strange: Sequence[str]) -> None:
    proposals = proposed(file.rows.classes, choice.classes)
    with st.form("explore_meanings_form"):
        st.caption(_("What do these labels mean? What is proposed counts once you say so."))
        with st.container(horizontal=True):
            for number, label in enumerate(strange):
                name = proposals.get(label)
                st.selectbox(
                    plain(shortened(label, 40)),
                    choice.classes,
                    index=None if name is None else choice.classes.index(name),
                    format_func=class_label,
                    placeholder=_("none of these"),
                    key=f"explore_means_{number}",
                    help=_("The class of these models that this label stands for."),
                    width=200,
                )
        st.form_submit_button(
            _("That is what they mean"),
            key="explore_meanings_said",
            help=_("Rows with these labels then count as labelled."),
            on_click=_take_meanings,
            args=(file, choice, strange),
        )


def _take_meanings(file: OwnFile, choice: Choice, strange: Sequence[str]) -> None:
    chosen = (st.session_state[f"explore_means_{number}"] for number in range(len(strange)))
    say_meanings(file, choice, dict(zip(strange, chosen, strict=True)))
