"""The matchers of a data set as the browser reads them; see `pairs.js`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.errors import ExportError
from poolviz.live.models import LiveModels, constants, schema, scripts_header, vocabulary_header
from poolviz.live.weights import Floats, tensors_of_pair, weighing_of
from poolviz.live.words import in_every_language, words_of_pairs
from poolviz.model.kinds import MATCHER, OUTCOMES
from poolviz.text.pieces import SIGNS


def live_matchers(checkpoints: Sequence[Checkpoint]) -> LiveModels:
    """The header and the weights of matchers of one data set.

    Those that the browser does not know, because a sentence's weights depend on the other one or
    its vectors are an encoder's, have their place in the header without weights: they answer when
    Python does.

    Raises
    ------
    ExportError : it knows none of them.
    CheckpointError : a checkpoint is damaged.
    """
    weighings = [_weighing(checkpoint) for checkpoint in checkpoints]
    live = [c for c, weighing in zip(checkpoints, weighings, strict=True) if weighing]
    if not live:
        raise ExportError("No matcher is known to the browser.")
    vocabulary = live[0].read_vocabulary()
    floats = Floats()
    heads: list[dict[str, Any]] = []
    for checkpoint, weighing in zip(checkpoints, weighings, strict=True):
        if weighing and checkpoint.read_vocabulary().identity == vocabulary.identity:
            tensors = floats.take(tensors_of_pair(checkpoint, weighing))
            heads.append({**_told(checkpoint, weighing), **tensors})
        else:
            heads.append({**_told(checkpoint, None), "rows": 0, "tensors": {}})
    header = {
        "schema": schema(),
        "dataset": live[0].task,
        "vocabulary": vocabulary_header(vocabulary),
        "classes": OUTCOMES,
        "window": live[0].card["window"],
        "heads": heads,
        "constants": constants(),
        "scripts": scripts_header(vocabulary),
        "signs": SIGNS,
        "words": in_every_language(lambda: words_of_pairs(live)),
    }
    return LiveModels(header, floats.all())


def _weighing(checkpoint: Checkpoint) -> str | None:
    if checkpoint.damage:
        raise checkpoint.damage
    kind = checkpoint.kind_record
    known = kind.family is MATCHER and kind.independent and not checkpoint.on_encoder
    return weighing_of(checkpoint) if known else None


def _told(checkpoint: Checkpoint, weighing: str | None) -> dict[str, Any]:
    return {
        "key": checkpoint.name,
        "weigh": weighing,
        "readout": checkpoint.readout,
        "bounded": checkpoint.readout_record.bounded,
        "threshold": checkpoint.card["threshold"],
    }
