"""`pack`: a data set's checkpoints in a ZIP."""

from __future__ import annotations

from argparse import Namespace

from poolviz.checkpoints.packing import pack
from poolviz.checkpoints.selection import check_task
from poolviz.cli import terminal
from poolviz.cli.inputs import listed_checkpoints, writable_folder
from poolviz.errors import CheckpointError
from poolviz.writing import replacing


def run(arguments: Namespace) -> bool:
    """Write the archive in one step."""
    present = listed_checkpoints(arguments)
    check_task(present, arguments.dataset)
    chosen = [
        checkpoint
        for checkpoint in present
        if checkpoint.task == arguments.dataset
        and not checkpoint.damage
        and arguments.kind in (None, checkpoint.kind)
        and arguments.readout in (None, checkpoint.readout)
        and checkpoint.head in (arguments.head or (checkpoint.head,))
    ]
    if not chosen:
        raise CheckpointError(
            "{dataset} has no such checkpoint; see: python -m poolviz checkpoints --task {dataset}",
            dataset=arguments.dataset,
        )
    writable_folder(arguments.output.parent)
    with replacing(arguments.output) as unfinished:
        unfinished.write_bytes(pack(chosen))
    names = ", ".join(checkpoint.name for checkpoint in chosen)
    terminal.write(f"{arguments.output}: {names}")
    return True
