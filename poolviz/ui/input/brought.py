"""A file that a visitor brings: read in a job, shown as it was read, read again where it is wrong.

A file stays in the session until it is taken away or another one is given, also while its widget is
on another page. `key` names the place where it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

import streamlit as st

from poolviz.datasets.own.entering import FLAGS_OF_WANTED
from poolviz.datasets.readers import sentences
from poolviz.datasets.readers.encodings import ENCODINGS
from poolviz.datasets.readers.reading import AS_FOUND, NO_SPLIT, Finding, How, Wanted
from poolviz.errors import PoolvizError
from poolviz.language import _, joined
from poolviz.text.pieces import one_line, shortened
from poolviz.ui.frame import jobs
from poolviz.ui.frame.markdown import plain
from poolviz.ui.input.corrections import HELP, LABELS, file_sentence
from poolviz.ui.uploads import draw_file_uploader
from poolviz.watch import Watch

WORKBOOKS = ("xlsx", "xlsb", "xls", "ods")
TYPES = ("csv", "tsv", "txt", "json", "jsonl", "ndjson", *WORKBOOKS, "parquet", "zip", "gz")
PATIENCE = 1.0  # seconds after which a bar is drawn
_SHOWN, _COLUMNS = 200, 8  # characters of a cell, and cells of a row
_COLUMN_FIELDS = ("text", "label", "other", "negative")  # of `Wanted`

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
    _forget_corrections(key)


def read_as(key: str, read: Read) -> None:
    """Read the file in another way, of which nothing was said yet; nothing where there is none."""
    if brought := the_file(key):
        _forget_corrections(key)
        _start(key, replace(brought, read=read, wanted=AS_FOUND))


def draw_uploader(key: str, label: str, read: Read) -> Any | None:
    """Draw where a file is given, or taken away again; returns what it was read as, once it is."""
    about = _("Or drop it here. It stays in this session until you take it away.")
    given = draw_file_uploader(
        label, type=TYPES, key=key, on_change=take, args=(key, read), help=about
    )
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
            help=_("The file was given on an earlier visit of this page."),
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
        st.error(file_sentence(job.result))
        _draw_encodings(key, brought, None)
        if FLAGS_OF_WANTED["text"] in job.result.template:
            draw_said(key, "text", _(LABELS["text"]), _("Its name, or its number from 1."))
        if brought.wanted != AS_FOUND:
            st.button(
                _("Read the file as it was found"),
                icon=":material/undo:",
                key=f"{key}_as_found",
                on_click=_start,
                args=(key, replace(brought, wanted=AS_FOUND)),
                help=_("Drops what you have said of it."),
            )
    elif job is None and jobs.job(_job(key), brought) is None:  # cancelled
        st.button(
            _("Read the file after all"),
            icon=":material/play_arrow:",
            key=f"{key}_again",
            on_click=_start,
            args=(key, brought),
            help=_("It was cancelled."),
        )


def draw_reading(
    key: str,
    how: How,
    findings: Sequence[Finding],
    sample: Iterable[Sequence[str]],
    columns: Sequence[str] = (),
    chosen: Mapping[str, tuple[str, str | None]] = MappingProxyType({}),
    split: str | None = None,
) -> None:
    """Draw how the file was read, and what can be corrected.

    Parameters
    ----------
    sample : the cells of its first rows.
    columns : all that the file has.
    chosen : what columns can be chosen for, a field of `Wanted`, with what the choice is called and
        the column that was taken.
    split : the column that says which rows are to train and to test on, or `NO_SPLIT`; None where
        that is of no interest.
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
                _draw_choice(key, brought, "part", _(LABELS["part"]), how.parts, how.part)
            for what, (label, column) in chosen.items():
                _draw_choice(key, brought, what, label, columns, column)
            if split is not None:
                _draw_splits(key, brought, columns, split)
        if {"labels alike", "labels joined"} & {finding.kind for finding in findings}:
            _draw_joining(key, brought)
        for row in sample:
            st.text(" · ".join(shortened(one_line(cell), _SHOWN) for cell in row[:_COLUMNS]))


def _draw_encodings(key: str, brought: Brought, found: str | None) -> None:
    def title(encoding: str) -> str:
        return ENCODINGS[encoding]

    _draw_choice(key, brought, "encoding", _(LABELS["encoding"]), list(ENCODINGS), found, title)


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
        help=_(HELP[what]),
        width=240,
    )


def text_and_label(text: str | None, label: str | None) -> dict[str, tuple[str, str | None]]:
    """The choices of a file of single texts, for `draw_reading`."""
    return {"text": (_(LABELS["text"]), text), "label": (_(LABELS["label"]), label)}


def draw_said(key: str, what: str, label: str, help_text: str) -> None:
    """Draw a line in which something is said of the file, a field of `Wanted`."""
    st.text_input(
        label,
        value=getattr(st.session_state[_place(key)].wanted, what) or "",
        key=_widget(key, what),
        on_change=_correct,
        args=(key, what),
        help=help_text,
        width=240,
    )


def _draw_splits(key: str, brought: Brought, columns: Sequence[str], found: str) -> None:
    def title(column: str) -> str:
        return _("none: drawn by the texts") if column == NO_SPLIT else column

    options = [NO_SPLIT, *columns]
    _draw_choice(key, brought, "split", _(LABELS["split"]), options, found, title)


def _draw_joining(key: str, brought: Brought) -> None:
    st.toggle(
        _("Join labels that differ only in their form"),
        value=brought.wanted.join_labels,
        key=_widget(key, "join_labels"),
        on_change=_correct,
        args=(key, "join_labels"),
        help=_("In capitals, spaces or as 1 and 1.0 do: they become one class."),
    )


def _correct(key: str, what: str) -> None:
    """Read the file again, as somebody says."""
    if _widget(key, what) not in st.session_state:
        return  # of a file that has gone since; the browser had not heard of it
    brought: Brought = st.session_state[_place(key)]
    said = st.session_state[_widget(key, what)]
    wanted = replace(brought.wanted, **{what: None if said == "" else said})
    if what in ("encoding", "part"):  # its columns may have other names
        wanted = replace(wanted, split=None, **dict.fromkeys(_COLUMN_FIELDS))
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


def _forget_corrections(key: str) -> None:
    for what in (*_COLUMN_FIELDS, "split", "encoding", "part", "join_labels", "match"):
        st.session_state.pop(_widget(key, what), None)


def _place(key: str) -> str:
    return f"{key}_brought"


def _job(key: str) -> str:
    return f"read_{key}"


def _widget(key: str, what: str) -> str:
    return f"{key}_as_{what}"
