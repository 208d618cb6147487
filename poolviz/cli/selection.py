"""Which checkpoints the flags of a command stand for."""

from __future__ import annotations

from collections.abc import Sequence

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.selection import demand
from poolviz.errors import CheckpointError, ChoiceError, check_choice
from poolviz.language import N_
from poolviz.model.kinds import KINDS, MATCHER, USUAL, Family


def select(
    listed: Sequence[Checkpoint],
    task: str,
    kinds: Sequence[str],
    heads: Sequence[str] | None = None,
    readout: str | None = None,
) -> list[Checkpoint]:
    """The checkpoints of a data set: see `poolviz.checkpoints.selection.demand`.

    Parameters
    ----------
    listed : all checkpoints, as `poolviz.checkpoints.checkpoint.list_checkpoints` gives them.
    kinds : of one family.
    readout : None for the usual one where models are compared under one at a time, else for all.

    Raises
    ------
    ChoiceError : no such data set, head or read-out, or a data set with other rows.
    CheckpointError : a wanted checkpoint does not exist, or is damaged.
    """
    if readout is not None:
        check_choice(N_("read-out"), readout, _known(kinds, "readouts"))
    elif KINDS[kinds[0]].family.one_readout:
        readout = KINDS[kinds[0]].usual_readout
    for head in heads or ():
        check_choice(N_("pooling head"), head, _known(kinds, "heads"))
    check_task(listed, task)
    try:
        return demand(listed, task, kinds, heads, readout)
    except CheckpointError:
        _check_rows(task, kinds)
        raise


def kinds_for(task: str, kind: str | None = None) -> tuple[str, ...]:
    """The kinds whose models a command looks at: the one of its flag, else those of the rows.

    Those are of one family: the first one that learns from rows such as the data set has.
    """
    if kind is not None:
        return (kind,)
    from poolviz.datasets import CATALOGUE  # loads pandas, which no flag needs

    rows = CATALOGUE[task].kind if task in CATALOGUE else KINDS[USUAL].rows
    fitting = {key: record for key, record in KINDS.items() if record.rows == rows}
    first = next(iter(fitting.values()))
    return tuple(key for key, record in fitting.items() if record.family is first.family)


def family_for(task: str, kind: str | None, others: Sequence[str] | None) -> Family:
    """What is to explain a text: of the kind that was named, else what reads as many texts.

    Parameters
    ----------
    others : texts beside the first one.

    Raises
    ------
    ChoiceError : there are others, and the kind that was named reads one text.
    """
    if others and not kind:
        return MATCHER
    family = KINDS[kinds_for(task, kind)[0]].family
    if others and family is not MATCHER:
        raise ChoiceError("--other is for matchers; leave it out for classifiers.")
    return family


def check_task(listed: Sequence[Checkpoint], task: str) -> None:
    """Check that a name is that of a data set, or of a trained task.

    Raises
    ------
    ChoiceError : it is neither.
    """
    trained = {checkpoint.task for checkpoint in listed}
    if task in trained:
        return
    from poolviz.datasets import CATALOGUE  # loads pandas, which no trained task needs

    check_choice(N_("data set"), task, dict.fromkeys([*CATALOGUE, *sorted(trained)]))


def _known(kinds: Sequence[str], parts: str) -> dict[str, object]:
    return {key: part for kind in kinds for key, part in getattr(KINDS[kind], parts).items()}


def _check_rows(task: str, kinds: Sequence[str]) -> None:
    """Say so where what is missing cannot be trained: the data set has other rows."""
    from poolviz.datasets import CATALOGUE  # loads pandas, which no trained task needs

    if task in CATALOGUE and CATALOGUE[task].kind not in {KINDS[kind].rows for kind in kinds}:
        CATALOGUE[task].check_rows(KINDS[kinds[0]].rows)
