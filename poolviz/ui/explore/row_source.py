"""Which rows are browsed: a data set's at hand, or a CSV file of somebody's own."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from poolviz.datasets import CATALOGUE
from poolviz.datasets.upload import LABEL_COLUMNS, MAX_BYTES, TEXT_COLUMNS, Upload, read_upload
from poolviz.errors import PoolvizError
from poolviz.explore.rows import RowSet, label_numbers, of_upload
from poolviz.language import _, joined, listed, ngettext
from poolviz.text.pieces import shortened
from poolviz.ui.frame import kept, loaders, state
from poolviz.ui.frame.controls import Choice, dataset_title
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.markdown import plain
from poolviz.ui.input.rows import fetch_own_rows

OWN_FILE = "file"
ALL = "all"


@dataclass(frozen=True)
class Source:
    """Rows, and the data set they are of; None for somebody's own file."""

    rows: RowSet
    dataset: str | None


def source_picker(choice: Choice) -> str:
    """Draw the choice of rows; "data set:split" or `OWN_FILE`."""
    options = [
        f"{key}:{split}"
        for key in loaders.row_sources(choice.classes, choice.dataset, choice.kind.rows)
        for split in ("test", ALL)
    ]
    options.append(OWN_FILE)
    if st.session_state["explore_source"] not in options:
        st.session_state["explore_source"] = options[0]
    return state.bound(
        st.selectbox, "explore_source", _("Rows of"), options=options, format_func=_source_name
    )


def source_rows(choice: Choice, chosen: str) -> Source | None:
    """The chosen rows; where there are none yet, what to do, and None."""
    if chosen == OWN_FILE:
        fetch_own_rows(choice)
        upload = _upload()
        return Source(_uploaded_rows(upload, choice), None) if upload else None
    dataset, _colon, split = chosen.partition(":")
    try:
        rows = loaders.row_set(dataset, None if split == ALL else split)
    except PoolvizError as error:
        st.error(error_sentence(error))
        return None
    if not len(rows):
        st.info(_("There are no such rows; choose others."))
        return None
    if count := rows.left_out:
        st.caption(
            ngettext(
                "Too long to be shown: {count:,} row.",
                "Too long to be shown: {count:,} rows.",
                count,
            ).format(count=count)
        )
    return Source(rows, dataset)


def _source_name(key: str) -> str:
    if key == OWN_FILE:
        return _("A CSV file of your own")
    dataset, _colon, split = key.partition(":")
    name = _("{title}: all rows") if split == ALL else _("{title}: test rows")
    return name.format(title=dataset_title(dataset))


def _upload() -> Upload | None:
    """The file of this session: one that cannot be read leaves the one before."""
    session = st.session_state
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
    )
    if file and file.file_id != session.get("uploaded_file"):
        session["uploaded_file"] = file.file_id
        session["upload_problem"] = None
        try:
            session["upload"] = read_upload(file.name, file.getvalue())
        except PoolvizError as error:
            session["upload_problem"] = error
    if problem := session.get("upload_problem"):
        st.error(error_sentence(problem))
    return session.get("upload")


def _uploaded_rows(upload: Upload, choice: Choice) -> RowSet:
    """The rows of the file under the classes of the chosen models, with notes on what they lack."""
    known = CATALOGUE.get(choice.dataset)
    numbers = label_numbers(choice.classes, known.labels if known else ())
    # Hashing all rows takes a while, so it is done once for a file and its models.
    rows = kept.once("upload_rows", (upload, numbers), lambda: of_upload(upload, numbers))
    st.caption(joined(_notes(upload, rows)))
    if rows.strange:
        shown = listed(rows.strange[:5]) + (" …" if len(rows.strange) > 5 else "")
        st.warning(
            _(
                "These models do not know some labels of the file, so rows with them count as "
                "unlabelled: {labels}"
            ).format(labels=plain(shortened(shown, 200)))
        )
    return rows


def _notes(upload: Upload, rows: RowSet) -> list[str]:
    notes = [_("The file's rows: {count:,}.").format(count=len(rows))]
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
