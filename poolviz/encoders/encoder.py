"""Pretrained encoders that were added, each in a folder under `$POOLVIZ_HOME/encoders`."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poolviz import places, program
from poolviz.encoders.folder import GRAPH
from poolviz.errors import CheckpointError, ChoiceError
from poolviz.json_types import is_list, is_object
from poolviz.model.poolings import POOLINGS
from poolviz.writing import replacing

CARD = "encoder.json"
CARD_VERSION = 1


@dataclass(frozen=True)
class Encoder:
    """An encoder on disk, as its card describes it.

    Parameters
    ----------
    hash : SHA-256 over its files, by which models on it know it.
    files : their names, the graph first.
    inputs : names of what the graph reads.
    output : name of the token vectors that it gives.
    width : channels of a vector.
    limit : tokens that it reads at once, special ones among them; longer texts are read in windows.
    pooling : key of `poolviz.model.poolings.POOLINGS`: the one that it was trained with.
    """

    folder: Path
    hash: str
    files: tuple[str, ...]
    inputs: tuple[str, ...]
    output: str
    width: int
    limit: int
    pooling: str

    @property
    def name(self) -> str:
        """What it is called here."""
        return self.folder.name

    @property
    def bytes(self) -> int:
        """What it takes on the disk."""
        return sum(self.path(file).stat().st_size for file in self.files)

    def path(self, file: str) -> Path:
        """One of its files."""
        return self.folder / file

    def check(self) -> None:
        """Check that its files are those that were added.

        Raises
        ------
        CheckpointError : they are others, or one cannot be read.
        """
        try:
            found = hash_of(self.folder, self.files)
        except OSError as error:
            raise _damaged(self.folder) from error
        if found != self.hash:
            raise _damaged(self.folder)


def hash_of(folder: Path, files: Iterable[str]) -> str:
    """SHA-256 over the names of files and what they hold.

    Raises
    ------
    OSError : one cannot be read.
    """
    whole = hashlib.sha256()
    for name in sorted(files):
        with open(folder / name, "rb") as file:
            whole.update(f"{name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return whole.hexdigest()


def list_encoders() -> list[Encoder]:
    """Those that were added, by name; folders whose card cannot be read are left out."""
    try:
        folders = sorted(path for path in places.encoders().iterdir() if path.is_dir())
    except OSError:
        return []
    found = (_read(folder) for folder in folders)
    return [encoder for encoder in found if encoder]


def find(name: str | None = None) -> Encoder:
    """The encoder of this name; without one, the only one that there is.

    Raises
    ------
    ChoiceError : there is no such encoder, or none is named and there are several or none.
    """
    present = {encoder.name: encoder for encoder in list_encoders()}
    if not present:
        raise ChoiceError(
            "No encoder was added yet; add one: {command}",
            command=program.command("encoder", "add", "NAME", "FOLDER"),
        )
    if name is None and len(present) == 1:
        return next(iter(present.values()))
    if name not in present:
        raise ChoiceError(
            "Name one of the encoders that were added: {known}.", known=", ".join(present)
        )
    return present[name]


def of_hash(content: str, name: str) -> Encoder:
    """The encoder with these files, whatever it is called here.

    Parameters
    ----------
    content : its hash.
    name : what it was called where it was used.

    Raises
    ------
    CheckpointError : it is not on this machine.
    """
    for encoder in list_encoders():
        if encoder.hash == content:
            return encoder
    raise CheckpointError(
        "The encoder {name} (SHA-256 {hash}), whose token vectors these models read, is not on "
        "this machine; add it: {command}",
        name=name,
        hash=content[:12],
        command=program.command("encoder", "add", name, "FOLDER"),
    )


def keep(name: str, files: Mapping[str, Path], card: Mapping[str, Any]) -> Encoder:
    """Copy an encoder's files into its folder, with its card; an older one of the name goes.

    Parameters
    ----------
    files : paths by the names that they get.
    card : inputs, output, width, limit and pooling, see `Encoder`.

    Raises
    ------
    DiskFull, OSError : there is no room, or no right to write.
    """
    place = places.encoders() / name
    place.parent.mkdir(parents=True, exist_ok=True)
    with replacing(place) as folder:
        folder.mkdir()
        for file, path in files.items():
            shutil.copyfile(path, folder / file)
        names = sorted(files, key=lambda file: (file != GRAPH, file))
        content = {
            "schema_version": CARD_VERSION,
            "hash": hash_of(folder, names),
            "files": names,
            **card,
        }
        (folder / CARD).write_text(json.dumps(content, indent=1), encoding="utf-8")
    return find(name)


def remove(encoder: Encoder) -> None:
    """Take an encoder away."""
    shutil.rmtree(encoder.folder)


def _read(folder: Path) -> Encoder | None:
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not is_object(card) or card.get("schema_version") != CARD_VERSION or not _fits(card):
        return None
    return Encoder(
        folder,
        card["hash"],
        tuple(card["files"]),
        tuple(card["inputs"]),
        card["output"],
        card["width"],
        card["limit"],
        card["pooling"],
    )


def _fits(card: Mapping[str, Any]) -> bool:
    def of(kind: type, *names: str) -> bool:
        return all(isinstance(card.get(name), kind) for name in names)

    lists = [card.get(name) for name in ("files", "inputs")]
    return (
        of(str, "hash", "output", "pooling")
        and of(int, "width", "limit")
        and all(is_list(each) and all(isinstance(name, str) for name in each) for each in lists)
        and card["pooling"] in POOLINGS
    )


def cannot_be_loaded(encoder: Encoder, error: Exception) -> CheckpointError:
    """What is said where a library cannot use an encoder's files."""
    return CheckpointError(
        "The encoder {name} cannot be loaded ({reason}); add it again.",
        name=encoder.name,
        reason=" ".join(str(error).split())[:200],
    )


def _damaged(folder: Path) -> CheckpointError:
    return CheckpointError(
        "The encoder {name} is damaged: its files are not those that were added; add it again: "
        "{command}",
        name=folder.name,
        command=program.command("encoder", "add", folder.name, "FOLDER"),
    )
