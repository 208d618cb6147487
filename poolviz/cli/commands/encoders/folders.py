"""`encoder`: add a pretrained encoder, list those that were added, remove one, clear vectors."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from poolviz.checkpoints.card import ENCODER
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.cli import terminal
from poolviz.cli.commands.encoders.converting import graph_of
from poolviz.encoders import adding, hub, store
from poolviz.encoders.encoder import Encoder, find, list_encoders, remove
from poolviz.errors import CheckpointError, ChoiceError
from poolviz.language import error_message
from poolviz.scratch import scratch
from poolviz.text.names import check_name
from poolviz.watch import Watch


def run(arguments: Namespace) -> bool:
    """Do what is asked; False where the list has a damaged encoder."""
    if arguments.hub and arguments.action != "add":
        raise ChoiceError("--hub is for encoder add; leave it out.")
    work = {"add": _add, "list": _list, "remove": _remove, "clear": _clear}
    return work[arguments.action](arguments)


def _add(arguments: Namespace) -> bool:
    if arguments.name is None or arguments.folder is None:
        raise ChoiceError(
            "Say what to call the encoder, and where it lies: encoder add NAME FOLDER."
        )
    check_name(arguments.name)
    with (
        _brought(arguments) as folder,
        graph_of(folder) as graph,
        terminal.StatusLine() as status,
    ):
        added = adding.add(
            arguments.name,
            folder,
            lambda step: status.show(f"- {step}", milestone=True),
            graph,
        )
    if arguments.json:
        terminal.write_json(_as_json(added, None))
    else:
        terminal.write(f"{added.name}: kept in {added.folder} ({added.bytes / 1e6:.1f} MB)")
    return True


@contextmanager
def _brought(arguments: Namespace) -> Iterator[Path]:
    """The folder of the encoder; with `--hub` one that is fetched, until the block ends."""
    if not arguments.hub:
        yield arguments.folder
        return
    told = "Stopped by Ctrl+C; nothing was added."
    with scratch() as folder:
        with terminal.stop_on_interrupt(told) as cancelled, terminal.StatusLine() as status:
            progress = terminal.count_progress(status, "Fetching, bytes")
            hub.fetch(arguments.folder.as_posix(), folder, Watch(progress, cancelled))
        yield folder


def _list(arguments: Namespace) -> bool:
    if arguments.name is not None:
        raise ChoiceError("encoder list shows all of them; leave the name out.")
    damages = {encoder: _damage(encoder) for encoder in list_encoders()}
    if arguments.json:
        terminal.write_json([_as_json(*each) for each in damages.items()])
        return not any(damages.values())
    if not damages:
        terminal.note("No encoder was added yet; add one: encoder add NAME FOLDER")
        return True
    terminal.write_table(
        [
            *("name", "channels", "tokens at once", "its pooling", "size", "kept vectors"),
            *("SHA-256", "folder"),
        ],
        [
            [
                *(encoder.name, encoder.width, encoder.limit, encoder.pooling),
                f"{encoder.bytes / 1e6:.1f} MB" if not damage else "damaged",
                f"{store.kept_of(encoder) / 1e6:.1f} MB",
                *(encoder.hash[:12], encoder.folder),
            ]
            for encoder, damage in damages.items()
        ],
        "lrrlrrll",
    )
    for damage in filter(None, damages.values()):
        terminal.note(damage)
    return not any(damages.values())


def _remove(arguments: Namespace) -> bool:
    if arguments.name is None or arguments.folder is not None:
        raise ChoiceError("Say which encoder: encoder remove NAME.")
    encoder = find(arguments.name)
    remove(encoder)
    store.clear(encoder)
    if left := [model for model in list_checkpoints() if _reads(model, encoder)]:
        tasks = ", ".join(dict.fromkeys(model.task for model in left))
        terminal.note(
            f"Models that read its token vectors cannot be used until it is added again: "
            f"{len(left):,} of {tasks}."
        )
    return True


def _reads(model: Checkpoint, encoder: Encoder) -> bool:
    return model.on_encoder and model.card[ENCODER]["hash"] == encoder.hash


def _clear(arguments: Namespace) -> bool:
    """Delete token vectors that were kept, of one encoder or of all."""
    if arguments.folder is not None:
        raise ChoiceError("Say whose token vectors, or none for all: encoder clear NAME.")
    freed = store.clear(None if arguments.name is None else find(arguments.name))
    terminal.write(f"{freed / 1e6:.1f} MB of token vectors were deleted.")
    return True


def _damage(encoder: Encoder) -> str | None:
    try:
        encoder.check()
    except CheckpointError as error:
        return error_message(error)
    return None


def _as_json(encoder: Encoder, damage: str | None) -> dict[str, Any]:
    return {
        "name": encoder.name,
        "hash": encoder.hash,
        "files": list(encoder.files),
        "inputs": list(encoder.inputs),
        "output": encoder.output,
        "width": encoder.width,
        "limit": encoder.limit,
        "pooling": encoder.pooling,
        "bytes": None if damage else encoder.bytes,
        "kept_vector_bytes": store.kept_of(encoder),
        "folder": str(encoder.folder),
        "damage": damage,
    }
