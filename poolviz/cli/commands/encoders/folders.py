"""`encoder`: add a pretrained encoder, list those that were added, remove one."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from poolviz.cli import terminal
from poolviz.cli.commands.encoders.converting import graph_of
from poolviz.encoders import adding
from poolviz.encoders.encoder import Encoder, find, list_encoders, remove
from poolviz.errors import CheckpointError, ChoiceError
from poolviz.language import error_message
from poolviz.text.names import check_name


def run(arguments: Namespace) -> bool:
    """Do what is asked; False where the list has a damaged encoder."""
    return {"add": _add, "list": _list, "remove": _remove}[arguments.action](arguments)


def _add(arguments: Namespace) -> bool:
    if arguments.name is None or arguments.folder is None:
        raise ChoiceError(
            "Say what to call the encoder, and where it lies: encoder add NAME FOLDER."
        )
    check_name(arguments.name)
    with graph_of(arguments.folder) as graph, terminal.StatusLine() as status:
        added = adding.add(
            arguments.name,
            arguments.folder,
            lambda step: status.show(f"- {step}", milestone=True),
            graph,
        )
    if arguments.json:
        terminal.write_json(_as_json(added, None))
    else:
        terminal.write(f"{added.name}: kept in {added.folder} ({added.bytes / 1e6:.1f} MB)")
    return True


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
        ["name", "channels", "tokens at once", "its pooling", "size", "SHA-256", "folder"],
        [
            [
                *(encoder.name, encoder.width, encoder.limit, encoder.pooling),
                *(f"{encoder.bytes / 1e6:.1f} MB" if not damage else "damaged", encoder.hash[:12]),
                encoder.folder,
            ]
            for encoder, damage in damages.items()
        ],
        "lrrlrll",
    )
    for damage in filter(None, damages.values()):
        terminal.note(damage)
    return not any(damages.values())


def _remove(arguments: Namespace) -> bool:
    if arguments.name is None or arguments.folder is not None:
        raise ChoiceError("Say which encoder: encoder remove NAME.")
    remove(find(arguments.name))
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
        "folder": str(encoder.folder),
        "damage": damage,
    }
