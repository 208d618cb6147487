"""A checkpoint on disk: a folder that is complete alone, written whole, verified when read.

`<root>/<task>/<name>/` holds `model.keras`, `model.onnx`, `vocab.json` and `card.json`; a matcher
also has `pair.onnx`: its `model.onnx` reads one sentence, `pair.onnx` compares what two gave. The
card lists the SHA-256 of the others; nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from poolviz import places
from poolviz.checkpoints.card import fits, is_complete, is_known
from poolviz.errors import CheckpointError, ChoiceError
from poolviz.json_types import is_object
from poolviz.language import N_
from poolviz.model.heads import Head, Readout
from poolviz.model.kinds import KINDS, USUAL, Kind, model_title
from poolviz.text.preparation import AS_IS, PREPARATIONS, Preparation
from poolviz.text.tokens import Vocabulary
from poolviz.writing import replacing

CARD_VERSION = 1
CARD = "card.json"
KERAS = "model.keras"
ONNX = "model.onnx"
VOCABULARY = "vocab.json"
FILES = (KERAS, ONNX, VOCABULARY)

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class Checkpoint:
    """One checkpoint as listed; `damage` is None, or the error that says what is wrong with it."""

    folder: Path
    task: str
    name: str
    card: Mapping[str, Any] = field(repr=False, default_factory=dict[str, Any])
    damage: CheckpointError | None = None

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
        """What the table says of its pooling head."""
        return self.kind_record.heads[self.head]

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

    def read_vocabulary(self) -> Vocabulary:
        """Its vocabulary, for texts that are read as those were that it was trained on.

        Raises
        ------
        CheckpointError : the file is missing or damaged.
        """
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


def checkpoint_name(head: str, readout: str | None = None, seed: int = 0, kind: str = USUAL) -> str:
    """`[kind-]head[-readout][-sN]`: the parts that are not the usual ones.

    >>> checkpoint_name("max"), checkpoint_name("max", "dense", seed=1, kind="siamese")
    ('max', 'siamese-max-dense-s1')
    """
    parts = [head] if kind == USUAL else [kind, head]
    if readout not in (None, KINDS[kind].usual_readout):
        parts.append(readout)
    if seed:
        parts.append(f"s{seed}")
    return "-".join(parts)


def list_checkpoints(
    roots: Iterable[Path] | None = None, task: str | None = None
) -> list[Checkpoint]:
    """All checkpoints below the roots, by task and name; damaged ones carry their reason.

    >>> [checkpoint.name for checkpoint in list_checkpoints(task="bbc_news")]
    ['attention', 'average', 'max', 'min-variance', 'multi-head']

    Parameters
    ----------
    roots : folders to look in; None for the shipped ones and the user's own. Where two roots hold
        the same task and name, the later root's counts.
    task : only those of one task; None for all.
    """
    if roots is None:
        roots = (places.SHIPPED_CHECKPOINTS, places.user_checkpoints())
    found: dict[tuple[str, str], Checkpoint] = {}
    for root in roots:
        for folder in sorted(root.glob("*/*")):
            of_task = task in (None, folder.parent.name)
            if of_task and folder.is_dir() and not folder.name.startswith("."):
                found[folder.parent.name, folder.name] = read(folder)
    return [found[key] for key in sorted(found)]


def read(folder: Path) -> Checkpoint:
    """Read and verify one folder; what is wrong with it is kept in `damage`, not raised."""
    folder = Path(folder)
    task, name = folder.parent.name, folder.name
    try:
        card = _read_card(folder)
        _verify(folder, card)
    except CheckpointError as error:
        return Checkpoint(folder, task, name, damage=error)
    return Checkpoint(folder, task, name, card)


def write(
    root: Path,
    task: str,
    name: str,
    card: Mapping[str, Any],
    make_files: Callable[[Path], None],
) -> Checkpoint:
    """Write a checkpoint folder in one step: either all of it is there, or nothing changed.

    Parameters
    ----------
    root, task, name : the folder is `root/task/name`; an older one there is replaced.
    card : what the card says; schema version, task, name and file hashes are added here.
    make_files : called with an empty folder, writes `files_of(card["kind"])` into it.

    Raises
    ------
    ChoiceError : the task or the name cannot be a folder's name.
    """
    for part in (task, name):
        check_name(part)
    parent = Path(root) / task
    parent.mkdir(parents=True, exist_ok=True)
    with replacing(parent / name) as unfinished:
        unfinished.mkdir()
        make_files(unfinished)
        files = {file: _file_facts(unfinished / file) for file in files_of(card["kind"])}
        identity = {"schema_version": CARD_VERSION, "task": task, "name": name}
        whole = {**identity, **card, **identity, "files": files}  # first, and not the card's own
        content = json.dumps(whole, ensure_ascii=False, indent=1)
        (unfinished / CARD).write_text(content + "\n", encoding="utf-8")
    return read(parent / name)


def check_name(name: str) -> None:
    """Check that a name can be that of a checkpoint, or of its data set.

    Raises
    ------
    ChoiceError : it cannot be a folder's name everywhere.
    """
    if not _SAFE_NAME.fullmatch(name):
        raise ChoiceError(
            "{name} cannot name a checkpoint; use letters, digits, dots, dashes, underscores.",
            name=repr(name),
        )


def sha256(path: Path) -> str:
    """SHA-256 of a file as hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_card(folder: Path) -> dict[str, Any]:
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(folder, N_("its card.json cannot be read")) from error
    if not is_object(card) or card.get("schema_version") != CARD_VERSION:
        raise _damaged(folder, N_("its card.json is of another version"))
    if not is_complete(card):
        raise _damaged(folder, N_("its card.json is incomplete"))
    if not is_known(card):
        raise _damaged(folder, N_("its kind, head, read-out or preparation is not known here"))
    if not fits(card["files"], _facts_of(card["kind"])):
        raise _damaged(folder, N_("its card.json is incomplete"))
    return card


def _facts_of(kind: str) -> dict[str, dict[str, type]]:
    return dict.fromkeys(files_of(kind), {"sha256": str, "bytes": int})


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
        task=folder.parent.name,
        name=folder.name,
        reason=reason,
    )


def _file_facts(path: Path) -> dict[str, Any]:
    return {"sha256": sha256(path), "bytes": path.stat().st_size}
