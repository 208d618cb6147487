"""What lies in the folder of a pretrained encoder, as most model repositories ship it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poolviz.errors import DataError
from poolviz.json_types import is_object
from poolviz.model.poolings import POOLINGS

GRAPH, GRAPH_DATA, TOKENIZER = "model.onnx", "model.onnx_data", "tokenizer.json"
USUAL_LIMIT = 512  # tokens that an encoder reads at once, where no file says how many
USUAL_POOLING = "mean"
_PLACES = ("", "onnx")  # where repositories keep the graph
_LARGEST = 100_000  # tokenizers say 1e30 where they mean no limit
# Families whose positions are counted from behind the padding's number.
_COUNTED_FROM_PADDING = ("roberta", "xlm-roberta", "camembert")
_MODES = {
    "cls_token": "cls",
    "mean_tokens": "mean",
    "max_tokens": "max",
    "mean_sqrt_len_tokens": "mean_sqrt_len",
    "weightedmean_tokens": "weightedmean",
    "lasttoken": "lasttoken",
}


@dataclass(frozen=True)
class Brought:
    """The files of an encoder that somebody brings, and what they say of its use.

    Parameters
    ----------
    files : paths by the names that they have where poolviz keeps them.
    limit : tokens that it reads at once, special ones among them.
    pooling : key of `poolviz.model.poolings.POOLINGS`: the one that it was trained with, else the
        mean.
    """

    files: dict[str, Path]
    limit: int
    pooling: str


def has_graph(folder: Path) -> bool:
    """Whether a folder holds a model that was exported to ONNX."""
    return _graph(folder) is not None


def look_into(folder: Path, graph: Path | None = None) -> Brought:
    """Find an encoder's files.

    Parameters
    ----------
    graph : one that was made of the folder's weights, where it has none.

    Raises
    ------
    DataError : the folder, the graph or the tokenizer is not there.
    """
    if not folder.is_dir():
        raise DataError(
            "{folder} is no folder on this machine, and nothing is fetched from a hub without "
            "--hub: download the model's repository, and give the folder that holds {graph} and "
            "{tokenizer}.",
            folder=folder,
            graph=GRAPH,
            tokenizer=TOKENIZER,
        )
    graph = graph or _graph(folder)
    if graph is None:
        raise DataError(
            "{folder} has no {file}, neither in it nor in its folder onnx; give the folder of a "
            "model that was exported to ONNX.",
            folder=folder,
            file=GRAPH,
        )
    files = {GRAPH: graph, TOKENIZER: folder / TOKENIZER}
    if not files[TOKENIZER].is_file():
        raise DataError(
            "{folder} has no {file}; model repositories ship it beside the model, and libraries "
            "write it when they save a fast tokenizer.",
            folder=folder,
            file=TOKENIZER,
        )
    if (data := graph.with_name(GRAPH_DATA)).is_file():
        files[GRAPH_DATA] = data
    return Brought(files, _limit(folder), _pooling(folder))


def _graph(folder: Path) -> Path | None:
    return next((path for place in _PLACES if (path := folder / place / GRAPH).is_file()), None)


def _limit(folder: Path) -> int:
    config = _read(folder / "config.json")
    positions = config.get("max_position_embeddings")
    if isinstance(positions, int) and config.get("model_type") in _COUNTED_FROM_PADDING:
        positions -= int(config.get("pad_token_id") or 0) + 1
    said = (
        positions,
        _read(folder / "tokenizer_config.json").get("model_max_length"),
        _read(folder / "sentence_bert_config.json").get("max_seq_length"),
    )
    limits = [value for value in said if isinstance(value, int) and 0 < value < _LARGEST]
    return min(limits, default=USUAL_LIMIT)


def _pooling(folder: Path) -> str:
    """The pooling that the files of sentence-transformers name."""
    config = _read(folder / "1_Pooling" / "config.json")
    named = config.get("pooling_mode")
    if isinstance(named, str) and _MODES.get(named, named) in POOLINGS:
        return _MODES.get(named, named)
    chosen = [key for mode, key in _MODES.items() if config.get(f"pooling_mode_{mode}") is True]
    return chosen[0] if len(chosen) == 1 else USUAL_POOLING


def _read(path: Path) -> dict[str, Any]:
    """A file of settings; empty where there is none that can be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if is_object(content) else {}
