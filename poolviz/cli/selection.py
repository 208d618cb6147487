"""Which checkpoints the flags of a command stand for."""

from __future__ import annotations

from collections.abc import Sequence

from poolviz.checkpoints.checkpoint import Checkpoint, checkpoint_name
from poolviz.checkpoints.selection import by_head
from poolviz.errors import CheckpointError, ChoiceError, check_choice
from poolviz.language import N_
from poolviz.model.heads import HEADS, READOUTS


def select(
    listed: Sequence[Checkpoint],
    task: str,
    heads: Sequence[str] | None = None,
    readout: str = "linear",
) -> list[Checkpoint]:
    """One classifier of a data set for each head, in the order of the table of heads.

    Where a head was trained with several seeds, the lowest seed's checkpoint is taken.

    Parameters
    ----------
    listed : all checkpoints, as `poolviz.checkpoints.checkpoint.list_checkpoints` gives them.
    heads : keys of the heads wanted; None for those that have a sound checkpoint.

    Raises
    ------
    ChoiceError : no such data set, head or read-out, or a data set of sentence pairs.
    CheckpointError : a wanted checkpoint does not exist, or is damaged.
    """
    check_choice(N_("read-out"), readout, READOUTS)
    for head in heads or ():
        check_choice(N_("pooling head"), head, HEADS)
    check_task(listed, task)
    own = [checkpoint for checkpoint in listed if checkpoint.task == task]
    found = by_head(own, readout)
    wanted = [head for head in HEADS if head in (found if heads is None else heads)]
    missing = [head for head in wanted if head not in found]
    if not found and is_matching(task):
        raise _of_pairs(task)
    if missing or not wanted:
        raise _missing(own, task, missing or list(HEADS), readout)
    return [found[head] for head in wanted]


def is_matching(task: str) -> bool:
    """Whether a name is that of a data set of sentence pairs."""
    from poolviz.datasets import CATALOGUE  # loads pandas, which no trained task needs

    return task in CATALOGUE and CATALOGUE[task].kind == "matching"


def check_task(listed: Sequence[Checkpoint], task: str) -> None:
    """Check that a name is that of a data set for classification, or of a trained task.

    Raises
    ------
    ChoiceError : it is neither.
    """
    trained = {checkpoint.task for checkpoint in listed}
    if task in trained:
        return
    from poolviz.datasets import CATALOGUE  # loads pandas, which no trained task needs

    check_choice(N_("data set"), task, dict.fromkeys([*CATALOGUE, *sorted(trained)]))
    if CATALOGUE[task].kind != "classification":
        raise _of_pairs(task)


def _of_pairs(task: str) -> ChoiceError:
    return ChoiceError(
        "{dataset} holds sentence pairs; choose a data set for classification.", dataset=task
    )


def _missing(
    own: Sequence[Checkpoint], task: str, heads: Sequence[str], readout: str
) -> CheckpointError:
    """Why there is nothing for these heads: the damage of what lies there, or nothing was trained.

    A damaged checkpoint does not say what it is, so its folder's name must.
    """
    names = {checkpoint_name(head, readout) for head in heads}
    for checkpoint in own:
        if checkpoint.damage and checkpoint.name in names:
            return checkpoint.damage
    command = f"python -m poolviz train --dataset {task} --head "
    command += "all" if len(heads) == len(HEADS) else ",".join(heads)
    command += "" if readout == "linear" else f" --readout {readout}"
    return CheckpointError(
        "{dataset} has no checkpoint for {heads} with the {readout} read-out; train it: {command}",
        dataset=task,
        heads=", ".join(heads),
        readout=readout,
        command=command,
    )
