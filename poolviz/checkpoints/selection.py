"""Which checkpoints a choice of data set, heads and read-out stands for."""

from __future__ import annotations

from collections.abc import Sequence

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.errors import CheckpointError
from poolviz.model.heads import HEADS
from poolviz.model.kinds import KINDS, heads_of


def by_head(checkpoints: Sequence[Checkpoint], readout: str) -> dict[str, Checkpoint]:
    """The sound classifier with the lowest seed for each head of the table, in no order."""
    found: dict[str, Checkpoint] = {}
    sound = [c for c in checkpoints if not c.damage and c.card.get("kind") == "classification"]
    for checkpoint in sorted(sound, key=lambda c: c.card.get("seed", 0)):
        if checkpoint.readout == readout:
            found.setdefault(checkpoint.head, checkpoint)
    return found


def with_head(
    listed: Sequence[Checkpoint], chosen: Sequence[Checkpoint], head: str
) -> list[Checkpoint]:
    """The chosen classifiers, and one with `head` beside them even where it was not chosen.

    Parameters
    ----------
    listed : all checkpoints.
    chosen : of one data set and read-out, at least one.
    """
    own = [checkpoint for checkpoint in listed if checkpoint.task == chosen[0].task]
    found = by_head(own, chosen[0].readout)
    beside = [found[head]] if head in found else []
    by_name = {checkpoint.head: checkpoint for checkpoint in [*beside, *chosen]}
    return [by_name[name] for name in HEADS if name in by_name]


def matchers(
    listed: Sequence[Checkpoint],
    task: str,
    kind: str | None = None,
    heads: Sequence[str] | None = None,
) -> list[Checkpoint]:
    """The sound matchers of a data set, in the order of the tables of kinds and of heads.

    Where one was trained with several seeds, the lowest seed's checkpoint is taken.

    Parameters
    ----------
    kind, heads : only those; None for all.

    Raises
    ------
    CheckpointError : there is none.
    """
    found: dict[tuple[int, int, str], Checkpoint] = {}
    sound = [c for c in listed if not c.damage and c.task == task and c.kind in KINDS]
    for c in sorted(sound, key=lambda c: c.card["seed"]):
        if kind in (None, c.kind) and (heads is None or c.head in heads):
            place = (list(KINDS).index(c.kind), heads_of(c.kind).index(c.head), c.readout)
            found.setdefault(place, c)
    if not found:
        raise CheckpointError(
            "{dataset} has no matcher of this kind and head; train one: "
            "python -m poolviz train --help",
            dataset=task,
        )
    return [found[place] for place in sorted(found)]
