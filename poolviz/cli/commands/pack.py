"""`pack`: a data set's checkpoints in a ZIP."""

from __future__ import annotations

from argparse import Namespace

from poolviz import program
from poolviz.checkpoints.packing import pack
from poolviz.checkpoints.selection import check_task, the_run
from poolviz.cli import terminal
from poolviz.cli.inputs import listed_checkpoints, writable_folder
from poolviz.errors import CheckpointError
from poolviz.model.kinds import KINDS
from poolviz.writing import replacing


def run(arguments: Namespace) -> bool:
    """Write the archive in one step."""
    present = listed_checkpoints(arguments)
    check_task(present, arguments.dataset)
    kinds = KINDS if arguments.kind is None else [arguments.kind]
    run = the_run(present, arguments.dataset, kinds, arguments.run)
    chosen = [
        checkpoint
        for checkpoint in (run.checkpoints if run else ())
        if arguments.readout in (None, checkpoint.readout)
        and arguments.seed in (None, checkpoint.card["seed"])
        and checkpoint.head in (arguments.head or (checkpoint.head,))
        and checkpoint.name in (arguments.model or (checkpoint.name,))
    ]
    if not chosen:
        raise CheckpointError(
            "{dataset} has no such checkpoint; see: {command}",
            dataset=arguments.dataset,
            command=program.command("checkpoints", "--task", arguments.dataset),
        )
    writable_folder(arguments.output.parent)
    with replacing(arguments.output) as unfinished:
        unfinished.write_bytes(pack(chosen, films=arguments.film))
    names = ", ".join(checkpoint.name for checkpoint in chosen)
    terminal.write(f"{arguments.output}: {names}")
    return True
