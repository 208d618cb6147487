"""The flags with which a command takes the training that a page shows."""

from __future__ import annotations

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.selection import Which, choose, the_run
from poolviz.ui.frame import loaders


def flags_of_training(checkpoint: Checkpoint) -> list[str]:
    """What chooses its run, and itself, where neither is taken unasked."""
    present, kinds = loaders.all_checkpoints(), [checkpoint.kind]
    unasked = the_run(present, checkpoint.task, kinds)
    if unasked is None or not checkpoint.run.id:
        return []
    flags, which = [], Which()
    if unasked.id != checkpoint.run.id:
        flags, which = ["--run", checkpoint.run.id], Which(checkpoint.run.id)
    heads = [checkpoint.head]
    alike = choose(present, checkpoint.task, kinds, heads, checkpoint.readout, which)
    if alike and alike[0].name != checkpoint.name:
        flags += ["--model", checkpoint.name]
    return flags
