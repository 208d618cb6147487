"""A checkpoint on disk: a folder that is complete alone, written whole, verified when read.

`<root>/<task>/run-<id>/<name>/` holds `model.keras`, `model.onnx`, `vocab.json` and `card.json`;
a matcher also has `pair.onnx`: its `model.onnx` reads one sentence, `pair.onnx` compares what two
gave. The card lists the SHA-256 of the others; nothing is ever unpickled. What has no identity on
its card lies at `<root>/<task>/<name>/`; its run follows from what the card records of the data.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from poolviz import places
from poolviz.checkpoints.card import ENCODER, is_known, misfit
from poolviz.checkpoints.identity import DIGITS, identity_of, run_ids
from poolviz.checkpoints.marks import RunMark
from poolviz.checkpoints.names import RUN_FOLDER, alone_below, check_task_name, undisturbed
from poolviz.encoders.encoder import Encoder, of_hash
from poolviz.encoders.vocabulary import EncoderVocabulary
from poolviz.errors import CheckpointError
from poolviz.json_types import is_object
from poolviz.language import N_
from poolviz.model.heads import Head, Readout
from poolviz.model.kinds import KINDS, Kind, model_title
from poolviz.model.own_heads import described, head_title, remember_title
from poolviz.text.names import LONGEST_OF_MODEL, check_name, normal
from poolviz.text.preparation import AS_IS, PREPARATIONS, Preparation
from poolviz.text.vocabulary import Vocabulary
from poolviz.writing import replacing

CARD_VERSION = 1
CARD = "card.json"
KERAS = "model.keras"
ONNX = "model.onnx"
VOCABULARY = "vocab.json"
FILES = (KERAS, ONNX, VOCABULARY)


@dataclass(frozen=True)
class Checkpoint:
    """One checkpoint as listed.

    Parameters
    ----------
    task : the data set.
    name : under which it lies in its run.
    damage : None, or the error that says what is wrong with it.
    run : of which run of the data set it is (see `poolviz.checkpoints.runs`).
    """

    folder: Path
    task: str
    name: str
    card: Mapping[str, Any] = field(repr=False, default_factory=dict[str, Any])
    damage: CheckpointError | None = None
    run: RunMark = field(compare=False, default_factory=RunMark)

    @property
    def shipped(self) -> bool:
        """Whether it came with poolviz, and is nobody's own."""
        return self.folder.is_relative_to(places.SHIPPED_CHECKPOINTS)

    @property
    def trained(self) -> datetime | None:
        """When it was trained, in UTC, or for want of that written; None for one that is shipped
        and does not say it."""
        try:
            return datetime.fromisoformat(self.card["trained"]).astimezone(UTC)
        except (KeyError, TypeError, ValueError, OverflowError):
            if self.shipped:
                return None
        try:
            return datetime.fromtimestamp((self.folder / CARD).stat().st_mtime, UTC)
        except OSError:
            return None

    @property
    def kind(self) -> str:
        """Key of the kind of model."""
        return self.card["kind"]

    @property
    def kind_record(self) -> Kind:
        """What the table says of its kind."""
        return KINDS[self.kind]

    @property
    def head(self) -> str:
        """Key of the pooling head."""
        return self.card["head"]

    @property
    def head_record(self) -> Head:
        """What the table says of its pooling head, or the card, where it is somebody's own."""
        record = self.kind_record.heads.get(self.head)
        if record is None or record.own:
            record = described(self.card)
        assert record is not None  # or the card is not read
        return record

    @property
    def head_title(self) -> str:
        """The name of its pooling head in the language of the context."""
        return head_title(self.head)

    @property
    def readout(self) -> str:
        """Key of the read-out."""
        return self.card["readout"]

    @property
    def readout_record(self) -> Readout:
        """What the table says of its read-out."""
        return self.kind_record.readouts[self.readout]

    @property
    def exact(self) -> bool:
        """Whether its contributions are a sum's own parts; else they are an estimate."""
        return self.head_record.exact and self.readout_record.exact and self.adds_up

    @property
    def adds_up(self) -> bool:
        """Whether contributions and bias were found to add up, where the card says of it."""
        return self.card.get("sums", {}).get("exact", True)

    @property
    def weighted_mean(self) -> bool:
        """Whether it pools Σ weight × vector, so that edited weights can be recomputed."""
        return self.head_record.weighted_mean and self.adds_up

    @property
    def title(self) -> str:
        """Its name in the language of the context."""
        return model_title(self.kind, self.head, self.readout)

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names in the order of the model's outputs."""
        return tuple(self.card["classes"])

    @property
    def preparation(self) -> Preparation:
        """How its training texts were prepared; as they are, where the card does not say."""
        return PREPARATIONS[self.card.get("preparation", AS_IS.name)]

    @property
    def on_encoder(self) -> bool:
        """Whether it was trained on the token vectors of a pretrained encoder."""
        return ENCODER in self.card

    def find_encoder(self) -> Encoder | None:
        """The encoder on whose token vectors it was trained; None where it makes its own.

        Raises
        ------
        CheckpointError : that encoder is not on this machine.
        """
        if not self.on_encoder:
            return None
        return of_hash(self.card[ENCODER]["hash"], self.card[ENCODER]["name"])

    def read_vocabulary(self) -> Vocabulary:
        """Its vocabulary, for texts that are read as those were that it was trained on.

        Raises
        ------
        CheckpointError : the file is missing or damaged, or its encoder is not on this machine.
        """
        encoder = self.find_encoder()
        if encoder:
            return EncoderVocabulary.of(encoder, self.card["unit"], self.preparation)
        return Vocabulary.load(self.path(VOCABULARY), self.preparation)

    @property
    def onnx_hash(self) -> str:
        """SHA-256 of the ONNX file, as verified."""
        return self.card["files"][ONNX]["sha256"]

    def path(self, file: str) -> Path:
        """Path of one of `FILES`."""
        return self.folder / file


def files_of(kind: str) -> tuple[str, ...]:
    """Names of the files beside the card."""
    return (*FILES, *KINDS[kind].family.files)


def read(folder: Path) -> Checkpoint:
    """Read and verify one folder; what is wrong with it is kept in `damage`, not raised."""
    folder = Path(folder)
    found = _read(folder)
    if found.damage:  # or another process was just putting another one in its place
        with undisturbed(_root_of(folder)):
            found = _read(folder)
    if not found.damage and found.head_record.own:
        remember_title(found.head, str(folder), found.head_record.title)
    return found


def _read(folder: Path) -> Checkpoint:
    draft = Checkpoint(folder, _task_of(folder), folder.name)
    try:
        card = _read_card(folder)
        _verify(folder, card)
    except CheckpointError as error:
        in_run = RUN_FOLDER.fullmatch(folder.parent.name)
        return replace(draft, damage=error, run=RunMark(in_run[1] if in_run else ""))
    return replace(draft, card=card, run=RunMark(run_ids([card])[0]))


def write(
    root: Path,
    task: str,
    name: str,
    card: Mapping[str, Any],
    make_files: Callable[[Path], None],
) -> Checkpoint:
    """Write a checkpoint folder in one step: either all of it is there, or nothing changed.

    A damaged one of the same name, of which nobody knows the run, goes.

    Parameters
    ----------
    root, task, name : the folder is `root/task/run-<id>/name`, or `root/task/name` where the card
        tells no run; an older one there is replaced.
    card : what the card says; schema version, task, name and file hashes are added here.
    make_files : called with an empty folder, writes `files_of(card["kind"])` into it.

    Raises
    ------
    ChoiceError : the task or the name cannot be a name, see `check_task_name`.
    """
    check_task_name(task, root)
    check_name(name, LONGEST_OF_MODEL)
    place, beside = place_of(root, task, name, card), Path(root) / task / name
    place.parent.mkdir(parents=True, exist_ok=True)
    with replacing(place, alone_below(Path(root))) as unfinished:
        unfinished.mkdir()
        make_files(unfinished)
        files = {file: _file_facts(unfinished / file) for file in files_of(card["kind"])}
        identity = {"schema_version": CARD_VERSION, "task": task, "name": name}
        whole = {**identity, **card, **identity, "files": files}  # first, and not the card's own
        content = json.dumps(whole, ensure_ascii=False, indent=1)
        (unfinished / CARD).write_text(content + "\n", encoding="utf-8")
    if beside != place and beside.is_dir() and read(beside).damage:
        shutil.rmtree(beside, ignore_errors=True)
    return read(place)


def place_of(root: Path, task: str, name: str, card: Mapping[str, Any]) -> Path:
    """The folder that `write` writes."""
    run = identity_of(card)
    return Path(root) / task / (f"run-{run[:DIGITS]}" if run else "") / name


def sha256(path: Path) -> str:
    """SHA-256 of a file as hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _task_of(folder: Path) -> str:
    return normal(_task_folder(folder).name)


def _root_of(folder: Path) -> Path:
    return _task_folder(folder).parent


def _task_folder(folder: Path) -> Path:
    in_run = RUN_FOLDER.fullmatch(folder.parent.name)
    return (folder.parent if in_run else folder).parent


def _read_card(folder: Path) -> dict[str, Any]:
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(folder, N_("its card.json cannot be read")) from error
    if not is_object(card) or card.get("schema_version") != CARD_VERSION:
        raise _damaged(folder, N_("its card.json is of another version"))
    _check_fit(folder, misfit(card))
    if not is_known(card):
        raise _damaged(folder, N_("its kind, head, read-out or preparation is not known here"))
    _check_fit(folder, misfit(card, files_of(card["kind"])))
    return card


def _check_fit(folder: Path, at: str | None) -> None:
    if at is not None:
        raise CheckpointError(
            "Checkpoint {task}/{name} is damaged: its card.json is incomplete, or says of {field} "
            "what cannot be. Train it again or restore its folder.",
            task=_task_of(folder),
            name=folder.name,
            field=at[:100],
        )


def _verify(folder: Path, card: Mapping[str, Any]) -> None:
    for file in files_of(card["kind"]):
        path, facts = folder / file, card["files"][file]
        try:
            if path.stat().st_size != facts["bytes"]:
                raise _damaged(folder, N_("a file has another size than its card says"))
            if sha256(path) != facts["sha256"]:
                raise _damaged(folder, N_("a file has other contents than its card says"))
        except FileNotFoundError as error:
            raise _damaged(folder, N_("a file is missing")) from error
        except OSError as error:
            raise _damaged(folder, N_("a file cannot be read")) from error


def _damaged(folder: Path, reason: str) -> CheckpointError:
    return CheckpointError(
        "Checkpoint {task}/{name} is damaged: {reason}. Train it again or restore its folder.",
        task=_task_of(folder),
        name=folder.name,
        reason=reason,
    )


def _file_facts(path: Path) -> dict[str, Any]:
    return {"sha256": sha256(path), "bytes": path.stat().st_size}
