"""Checkpoints taken in from a ZIP that somebody else may have made: nothing in it is believed.

Whoever takes one in gets whole, verified checkpoints or nothing: no path is taken from the archive,
nothing is unpickled, no size is believed, and `model.keras`, itself an archive, is not opened.
`poolviz.checkpoints.packing` makes such archives.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pyarrow  # pyright: ignore[reportMissingTypeStubs]
import pyarrow.parquet  # pyright: ignore[reportMissingTypeStubs]

from poolviz.checkpoints import film, tables
from poolviz.checkpoints.beside import MEASURED
from poolviz.checkpoints.checkpoint import (
    CARD,
    ONNX,
    Checkpoint,
    files_of,
    place_of,
    read,
    write,
)
from poolviz.checkpoints.names import check_task_name
from poolviz.checkpoints.packing import README
from poolviz.datasets.readers.containers import Archive
from poolviz.engine.foreign import check_graph, try_out
from poolviz.errors import CheckpointError, ChoiceError, DataError
from poolviz.json_types import is_object
from poolviz.model.kinds import KINDS, PAIR
from poolviz.text.names import LONGEST_OF_MODEL, check_name, normal
from poolviz.watch import QUIET, Watch

MAX_BYTES = 50_000_000  # of an archive
MAX_UNPACKED = 200_000_000  # of all its files
MAX_MEMBERS = 500
_MAX_CARD = 2_000_000
_BESIDE = (*MEASURED, film.NAME)
_KNOWN = {CARD, *_BESIDE, *(file for kind in KINDS for file in files_of(kind))}

_arrow: Any = pyarrow  # it says nothing of its types
_parquet: Any = pyarrow.parquet


def unpack(
    name: str, content: bytes, root: Path, task: str | None = None, watch: Watch = QUIET
) -> list[Checkpoint]:
    """Take in the checkpoints of a ZIP: all of them, or none.

    Parameters
    ----------
    name : of the file, for what is said of it.
    root : where checkpoints lie.
    task : what their data set is to be called; None for as in the archive.
    watch : counts files.

    Raises
    ------
    DataError : it is no such archive, it is damaged or too large, or its models are not as their
        cards say.
    ChoiceError : there is a checkpoint of that name already, or none can have that name.
    Cancelled : it was stopped.
    OSError : they cannot be written.
    """
    if task is not None:
        check_task_name(task, root)
    with tempfile.TemporaryDirectory() as scratch:
        folders = _extracted(name, content, Path(scratch), watch)
        found = [_verified(name, folder) for folder in folders]
        if task is not None and len({checkpoint.task for checkpoint in found}) > 1:
            raise ChoiceError(
                "{name} holds models of several data sets; they keep their names.", name=name
            )
        for checkpoint in found:
            check_task_name(task or checkpoint.task, root)
            _check_free(root, task or checkpoint.task, checkpoint)
        watch.check()
        return _written(found, root, task)


def _extracted(name: str, content: bytes, scratch: Path, watch: Watch) -> list[Path]:
    """The folders of checkpoints, written below `scratch` under names that are safe."""
    if len(content) > MAX_BYTES:
        raise _too_large(name, MAX_BYTES)
    archive = Archive(name, content)
    members = [member for member in archive.members if member != README]
    if len(members) > MAX_MEMBERS:
        raise _stranger(name, members[MAX_MEMBERS])
    room = MAX_UNPACKED
    folders: dict[Path, None] = {}
    for done, member in enumerate(members, 1):
        place = _place(name, member, scratch)
        place.parent.mkdir(parents=True, exist_ok=True)
        folders[place.parent] = None
        with place.open("wb") as target:
            for chunk in archive.chunks(member, watch):
                room -= len(chunk)
                if room < 0:
                    raise _too_large(name, MAX_UNPACKED)
                target.write(chunk)
        watch.progress(done, len(members))
    if not folders:
        raise DataError(
            "{name} holds no checkpoint; give a ZIP that the Train page or `pack` has made.",
            name=name,
        )
    return list(folders)


def _place(name: str, member: str, scratch: Path) -> Path:
    """Where a member goes: `scratch/task/name/file`, if it is a file that a checkpoint has."""
    parts = normal(member).split("/")
    if len(parts) != 3 or parts[2] not in _KNOWN:
        raise _stranger(name, member)
    try:
        for part in parts[:2]:
            check_name(part, LONGEST_OF_MODEL)
    except ChoiceError as error:
        raise _stranger(name, member) from error
    return scratch.joinpath(*parts)


def _verified(name: str, folder: Path) -> Checkpoint:
    """One checkpoint whose files are as its card says, and whose model runs."""
    card = folder / CARD
    if card.is_file() and card.stat().st_size > _MAX_CARD:
        raise _too_large(name, _MAX_CARD)
    checkpoint = read(folder)
    if checkpoint.damage:
        raise _not_sound(name, checkpoint)
    expected = {CARD, *_BESIDE, *files_of(checkpoint.kind)}
    for path in folder.iterdir():
        if path.name not in expected:
            raise _stranger(name, f"{checkpoint.task}/{checkpoint.name}/{path.name}")
        if path.name in (ONNX, PAIR):
            check_graph(name, path.read_bytes())
        elif path.name in _BESIDE and not _is_of(path, checkpoint):
            raise DataError(
                "{name}: {file} was not measured with the model beside it; pack it again.",
                name=name,
                file=path.name,
            )
    try:
        try_out(checkpoint)
    except CheckpointError as error:
        raise _not_sound(name, checkpoint) from error
    return checkpoint


def _is_of(path: Path, checkpoint: Checkpoint) -> bool:
    """Whether a file beside the card is marked with the model; a film must be one, too."""
    onnx_hash = checkpoint.onnx_hash
    if path.name == film.NAME:
        return film.read(checkpoint) is not None
    if path.suffix == ".json":
        try:
            found: Any = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return False
        return is_object(found) and found.get("onnx_sha256") == onnx_hash
    try:
        marks: dict[bytes, bytes] = _parquet.read_schema(path).metadata or {}
    except (OSError, _arrow.ArrowException):
        return False
    return marks.get(tables.MODEL.encode()) == onnx_hash.encode()


def _check_free(root: Path, task: str, checkpoint: Checkpoint) -> None:
    if place_of(root, task, checkpoint.name, checkpoint.card).exists():
        raise ChoiceError(
            "There is a model {task}/{name} already; delete it first, or take this one in under "
            "another name of its data set.",
            task=task,
            name=checkpoint.name,
        )


def _written(found: list[Checkpoint], root: Path, task: str | None) -> list[Checkpoint]:
    """The checkpoints below `root`; none of them where one cannot be written."""
    written: list[Checkpoint] = []
    try:
        for checkpoint in found:
            card = {**checkpoint.card, "task": task or checkpoint.task}
            written.append(
                write(
                    root,
                    card["task"],
                    checkpoint.name,
                    card,
                    lambda folder, source=checkpoint.folder: _copy(source, folder),
                )
            )
    except BaseException:
        for checkpoint in written:
            shutil.rmtree(checkpoint.folder, ignore_errors=True)
        raise
    return written


def _copy(source: Path, target: Path) -> None:
    for path in source.iterdir():
        if path.name != CARD:
            shutil.copyfile(path, target / path.name)


def _too_large(name: str, limit: int) -> DataError:
    return DataError(
        "{name} holds more than {limit} MB; pack fewer models at once.",
        name=name,
        limit=limit // 1_000_000,
    )


def _stranger(name: str, member: str) -> DataError:
    return DataError(
        "{name} holds {member}, which belongs to no checkpoint; give a ZIP that the Train page or "
        "`pack` has made.",
        name=name,
        member=member[:100],
    )


def _not_sound(name: str, checkpoint: Checkpoint) -> DataError:
    return DataError(
        "{name}: the model {task}/{model} is damaged, or of another version of poolviz; pack it "
        "again.",
        name=name,
        task=checkpoint.task,
        model=checkpoint.name,
    )
