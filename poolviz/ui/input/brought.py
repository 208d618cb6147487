"""A file that a visitor brings: read in a job, shown as it was read, read again where it is wrong.

A file stays in the session until it is taken away or another one is given, also while its widget is
on another page. `key` names the place where it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from poolviz.datasets.readers import sentences
from poolviz.datasets.readers.encodings import ENCODINGS
from poolviz.datasets.readers.reading import AS_FOUND, Finding, How, Wanted
from poolviz.errors import PoolvizError
from poolviz.language import _, joined
from poolviz.text.pieces import one_line, shortened
from poolviz.ui.frame import jobs
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.markdown import plain
from poolviz.watch import Watch

TYPES = ["csv", "tsv", "txt", "json", "jsonl", "ndjson", "xlsx", "parquet", "zip", "gz"]
PATIENCE = 1.0  # seconds after which a bar is drawn
_SHOWN, _COLUMNS = 200, 8  # characters of a cell, and cells of a row

Read = Callable[[str, bytes, Wanted, Watch], Any]


@dataclass(frozen=True, eq=False)
class Brought:
    """A file, how it is to be read, and what was said of it."""

    name: str
    content: bytes
    read: Read
    wanted: Wanted = AS_FOUND


def take(key: str, read: Read) -> None:
    """Take the file that the uploader `key` holds now; what was given before is gone."""
    forget(key)
    file = st.session_state[key]
    if file:
        _start(key, Brought(file.name, file.getvalue(), read))


def forget(key: str) -> None:
    """Drop the file, and what was said of it."""
    st.session_state.pop(_place(key), None)
    jobs.forget(_job(key))
    for what in ("encoding", "part", "text", "label", "join_labels"):
        st.session_state.pop(_widget(key, what), None)


def draw_uploader(key: str, label: str, read: Read) -> Any | None:
    """Draw where a file is given, or taken away again; returns what it was read as, once it is."""
    given = st.file_uploader(label, type=TYPES, key=key, on_change=take, args=(key, read))
    found = result(key)
    if not given and _failed(key):  # its widget, with its name, is on no page any more
        forget(key)
    elif found is None:
        draw_progress(key)
    if found is not None and not given:  # from another page: Streamlit has forgotten its widget
        name = plain(shortened(st.session_state[_place(key)].name, 60))
        st.button(
            _("Take away {name}").format(name=name),
            icon=":material/close:",
            key=f"{key}_gone",
            on_click=forget,
            args=(key,),
        )
    return found


def the_file(key: str) -> Brought | None:
    """The file that was given, whether it is read or not."""
    return st.session_state.get(_place(key))


def result(key: str) -> Any | None:
    """What the file was read as; None where there is none, it is still read, or it cannot be."""
    brought = the_file(key)
    job = jobs.job(_job(key), brought) if brought else None
    if job is None or not job.finished or isinstance(job.result, PoolvizError):
        return None
    return job.result


def _failed(key: str) -> bool:
    """Whether there is a file, and it cannot be read."""
    brought = the_file(key)
    job = jobs.job(_job(key), brought) if brought else None
    return job is not None and job.finished and isinstance(job.result, PoolvizError)


def draw_progress(key: str) -> None:
    """Draw how far the reading is, or why it failed; nothing where it is done."""
    brought = the_file(key)
    if brought is None:
        return
    name = plain(shortened(brought.name, 60))
    job = jobs.draw(_job(key), _("Reading {name} …").format(name=name), brought)
    if job and isinstance(job.result, PoolvizError):
        st.error(error_sentence(job.result))
        _draw_encodings(key, brought, None)
    elif job is None and jobs.job(_job(key), brought) is None:  # cancelled
        st.button(
            _("Read the file after all"),
            icon=":material/play_arrow:",
            key=f"{key}_again",
            on_click=_start,
            args=(key, brought),
        )


def draw_reading(
    key: str,
    how: How,
    findings: Sequence[Finding],
    sample: Iterable[Sequence[str]],
    columns: Sequence[str] = (),
    chosen: tuple[str | None, str | None] = (None, None),
) -> None:
    """Draw how the file was read, and what can be corrected.

    Parameters
    ----------
    sample : the cells of its first rows.
    columns : those that can be chosen for texts and labels; none where that is chosen elsewhere.
    chosen : the columns of texts and of labels.
    """
    brought: Brought = st.session_state[_place(key)]
    if grave := sentences.sentences(findings, grave=True):
        st.warning("\n".join(f"- {plain(said)}" for said in grave))
    with st.expander(plain(sentences.of_reading(how)), icon=":material/description:"):
        if others := sentences.sentences(findings, grave=False):
            st.caption(plain(joined(others)))
        with st.container(horizontal=True):
            if how.encoding:
                _draw_encodings(key, brought, how.encoding)
            if len(how.parts) > 1:
                _draw_choice(key, brought, "part", _("Sheet or file"), how.parts, how.part)
            if columns:
                _draw_choice(key, brought, "text", _("Column of texts"), columns, chosen[0])
                _draw_choice(key, brought, "label", _("Column of labels"), columns, chosen[1])
        if {"labels alike", "labels joined"} & {finding.kind for finding in findings}:
            _draw_joining(key, brought)
        for row in sample:
            st.text(" · ".join(shortened(one_line(cell), _SHOWN) for cell in row[:_COLUMNS]))


def _draw_encodings(key: str, brought: Brought, found: str | None) -> None:
    def title(encoding: str) -> str:
        return ENCODINGS[encoding]

    _draw_choice(key, brought, "encoding", _("Encoding"), list(ENCODINGS), found, title)


def _draw_choice(
    key: str,
    brought: Brought,
    what: str,
    label: str,
    options: Sequence[str],
    found: str | None,
    title: Callable[[str], str] = str,
) -> None:
    st.selectbox(
        label,
        options,
        index=options.index(found) if found in options else None,
        format_func=title,
        key=_widget(key, what),
        on_change=_correct,
        args=(key, what),
        width=240,
    )


def _draw_joining(key: str, brought: Brought) -> None:
    st.toggle(
        _("Join labels that differ only in their form"),
        value=brought.wanted.join_labels,
        key=_widget(key, "join_labels"),
        on_change=_correct,
        args=(key, "join_labels"),
    )


def _correct(key: str, what: str) -> None:
    """Read the file again, as somebody says."""
    brought: Brought = st.session_state[_place(key)]
    said = st.session_state[_widget(key, what)]
    wanted = replace(brought.wanted, **{what: said})
    if what in ("encoding", "part"):  # its columns may have other names
        wanted = replace(wanted, text=None, label=None)
    _start(key, replace(brought, wanted=wanted))


def _start(key: str, brought: Brought) -> None:
    st.session_state[_place(key)] = brought
    jobs.start(_job(key), partial(_work, brought), brought, PATIENCE)


def _work(brought: Brought, watch: Watch) -> Any:
    """What the file is read as; an error is a result, too, which stays as long as the file does."""
    try:
        return brought.read(brought.name, brought.content, brought.wanted, watch)
    except PoolvizError as error:
        return error


def _place(key: str) -> str:
    return f"{key}_brought"


def _job(key: str) -> str:
    return f"read_{key}"


def _widget(key: str, what: str) -> str:
    return f"{key}_as_{what}"
