"""Choosing which rows are browsed: a data set's at hand, or a CSV file of somebody's own."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from poolviz.datasets.upload import LABEL_COLUMNS, MAX_BYTES, TEXT_COLUMNS, Upload, read_upload
from poolviz.errors import PoolvizError
from poolviz.explore.rows import RowSet
from poolviz.language import _, joined, listed, ngettext
from poolviz.text.pieces import shortened
from poolviz.ui.frame import state
from poolviz.ui.frame.controls import Choice, dataset_title
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.markdown import plain
from poolviz.ui.input.browsed import (
    OWN_FILE,
    Source,
    own_file,
    rows_of,
    source_name,
)
from poolviz.ui.input.rows import fetch_own_rows


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
    if not len(source.rows):
        st.info(_("There are no such rows; choose others."))
        return None
    notes = _notes_on_data_set(source, choice) if source.dataset else _notes_on_file(source.rows)
    if notes:
        st.caption(joined(notes))
    _warn_of_strange_labels(source.rows)
    return source


def _draw_uploader() -> None:
    """The file of this session: it stays until it is taken away, or another is given."""
    file = st.file_uploader(
        _(
            "CSV, or a ZIP with one CSV, of up to {limit} MB. Its first line names a column of "
            "texts ({texts}) and, if there is one, of labels ({labels})."
        ).format(
            limit=MAX_BYTES // 1_000_000,
            texts=" / ".join(TEXT_COLUMNS),
            labels=" / ".join(LABEL_COLUMNS),
        ),
        type=["csv", "zip"],
        key="explore_file",
        on_change=_take_file,
    )
    session = st.session_state
    if file and session.get("upload_problem"):
        st.error(error_sentence(session["upload_problem"]))
    upload = own_file()
    if upload and not file:  # back from another page, where Streamlit has forgotten its widget
        label = _("Take away {name}").format(name=plain(shortened(upload.name, 60)))
        st.button(label, icon=":material/close:", key="explore_no_file", on_click=_forget_file)


def _take_file() -> None:
    """Whatever was given before is gone, also where the new file cannot be read."""
    _forget_file()
    if file := st.session_state["explore_file"]:
        try:
            st.session_state["upload"] = read_upload(file.name, file.getvalue())
        except PoolvizError as error:
            st.session_state["upload_problem"] = error


def _forget_file() -> None:
    st.session_state.pop("upload", None)
    st.session_state.pop("upload_problem", None)


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


def _notes_on_file(rows: RowSet) -> list[str]:
    upload = own_file()
    assert upload is not None, "it has these rows"
    return [_("The file's rows: {count:,}.").format(count=len(rows)), *_what_lacks(upload)]


def _what_lacks(upload: Upload) -> list[str]:
    notes = []
    if count := upload.malformed:
        notes.append(
            ngettext(
                "Left out, with too many or too few columns or too long a text: {count:,} line.",
                "Left out, with too many or too few columns or too long a text: {count:,} lines.",
                count,
            ).format(count=count)
        )
    if count := upload.empty:
        notes.append(
            ngettext(
                "Left out, without any text: {count:,} row.",
                "Left out, without any text: {count:,} rows.",
                count,
            ).format(count=count)
        )
    if upload.labels is None:
        notes.append(_("There is no column of labels, so nothing is right or wrong."))
    elif len(set(upload.labels)) == 1 and upload.labels[0]:
        notes.append(_("All rows have the same label."))
    return notes


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
