"""What a training will cost, whether it can begin, and its button."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePath

import streamlit as st

from poolviz import places
from poolviz.checkpoints.names import check_task_name
from poolviz.datasets import CATALOGUE
from poolviz.datasets.holdings import check_enough
from poolviz.datasets.own.entering import check_key
from poolviz.errors import ChoiceError, PoolvizError
from poolviz.language import _, joined, ngettext
from poolviz.trainings import control
from poolviz.trainings.estimate import Estimate, estimate, tokens_of, vocabulary_size
from poolviz.trainings.request import TRAIN, OwnFile, Request
from poolviz.ui import row_loaders, visitor
from poolviz.ui.frame import kept
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.input import brought
from poolviz.ui.input.brought import Brought
from poolviz.ui.train.plan import Plan
from poolviz.ui.train.second import TESTS_KEY
from poolviz.ui.train.source import FILE_KEY, Source


def draw_start(source: Source, plan: Plan) -> None:
    """Draw the estimate and the button, or what has to be another way first."""
    owner = visitor.owner()
    try:
        request = _request(source, plan, owner or "")
        cost = _cost(source, plan, request)
    except PoolvizError as error:
        st.error(error_sentence(error))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            _("Train"),
            icon=":material/model_training:",
            key="train_start",
            type="primary",
            disabled=owner is None,
            help=_("In a process of its own, after what waits already. You may leave the page."),
        )
        st.caption(_told(cost, plan))
    if pressed:
        try:
            _start(request)
        except PoolvizError as error:
            st.error(error_sentence(error))
        else:
            st.rerun()


def _request(source: Source, plan: Plan, owner: str) -> Request:
    """What is asked for.

    Raises
    ------
    DataError, ChoiceError, TrainingError : it cannot be done.
    """
    file = None
    if source.file is not None:
        if source.held == "classification":
            check_enough(source.holdings)
        check_task_name(plan.name, places.checkpoints_of(owner))
        check_key(plan.name)
        given = brought.the_file(FILE_KEY)
        if given is None or plan.unit is None:
            raise ChoiceError("The file is not there any more; choose it again.")
        tests = brought.the_file(TESTS_KEY)
        file = OwnFile(
            _plain_name(given), plan.unit, given.wanted, _plain_name(tests) if tests else None
        )
    return Request(
        TRAIN,
        plan.name,
        plan.heads,
        plan.kind,
        file,
        plan.model,
        plan.fit,
        plan.seeds,
        pinned=plan.pinned,
        owner=owner,
    )


def _plain_name(given: Brought) -> str:
    """The name of a file without the folders that some browsers send."""
    return PurePath(given.name.replace("\\", "/")).name


def _start(request: Request) -> None:
    """Hand the request over, with its files as they were given.

    Raises
    ------
    PoolvizError : it cannot be put on disk.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            paths = [_put_down(key, Path(folder) / key) for key in (FILE_KEY, TESTS_KEY)]
        except OSError as error:
            raise PoolvizError(
                "The server's system refuses ({reason}); that has to be repaired there.",
                reason=error.strerror or error,
            ) from error
        path, tests = paths if request.file else (None, None)
        control.start(request, path, tests=tests)


def _put_down(key: str, place: Path) -> Path | None:
    """Write a file of this session to disk; None where there is none."""
    given = brought.the_file(key)
    if given:
        place.write_bytes(given.content)
    return place if given else None


def _cost(source: Source, plan: Plan, request: Request) -> Estimate:
    unit = plan.unit or CATALOGUE[plan.name].unit
    subject = (source.dataset, source.file, unit, request.options.min_frequency)
    known = kept.once(
        "train_vocabulary",
        subject,
        lambda: vocabulary_size(_texts(source), unit, request.options.min_frequency),
    )
    holds = source.holdings
    characters = int(holds.lengths.sum()) * holds.splits["train"] / max(holds.rows, 1)
    tokens = tokens_of(characters, unit)
    return estimate(
        request.models(), request.options, plan.seeds, tokens, known, len(holds.classes)
    )


def _texts(source: Source) -> Sequence[str]:
    if source.file is not None:
        return source.file.texts
    corpus = row_loaders.corpus(source.dataset or "")
    return [text for column in corpus.dataset.text_columns for text in corpus.rows[column]]


def _told(cost: Estimate, plan: Plan) -> str:
    minutes = max(round(cost.seconds / 60), 1)
    if cost.seconds < 60:
        time = _("Less than a minute.")
    else:
        time = ngettext(
            "{count:,} minute at most, often much less: training ends where it gets no better.",
            "{count:,} minutes at most, often much less: training ends where it gets no better.",
            minutes,
        ).format(count=minutes)
    size = ngettext(
        "{count} model of about {size:.1f} MB.",
        "{count} models of about {size:.1f} MB each.",
        len(plan.heads),
    ).format(count=len(plan.heads), size=cost.bytes / 1e6)
    return joined([time, size])
