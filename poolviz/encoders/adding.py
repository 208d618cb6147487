"""Adding an encoder: its graph and its tokenizer are tried before anything is kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from poolviz.encoders import encoder as kept
from poolviz.encoders.encoder import Encoder
from poolviz.encoders.folder import GRAPH, TOKENIZER, Brought, look_into
from poolviz.encoders.pieces import Pieces, Tokenizer
from poolviz.encoders.reader import IDS, MASK, OUTPUTS, TYPES, Graph
from poolviz.errors import DataError
from poolviz.text.names import check_name
from poolviz.text.tokens import has_visible

# Texts in several scripts, with accents, a ligature and signs of more than one code point.
PROBES = (
    "The rooms were clean, but breakfast wasn't.",
    "Crème brûlée: ﬁne café, naïve prices!",
    "房间很干净，早餐一般。 안녕하세요 — привет",
    "Great 👍🏽 service 👨‍👩‍👧 €5",
)
PADDING = 5  # positions beside a text that must change nothing
MAX_DIFFERENCE = 1e-3  # of two vectors of one token, relative to the largest number in them
LEAST_ROOM = 4  # tokens of a text's own that are read at once
_KINDS = ("tensor(int64)", "tensor(int32)")


def add(
    name: str,
    folder: Path,
    done: Callable[[str], None] = lambda step: None,
    graph: Path | None = None,
) -> Encoder:
    """Try an encoder and keep a copy of its files.

    Parameters
    ----------
    folder : with `model.onnx`, also in a folder `onnx`, and `tokenizer.json`.
    done : told of each check that was passed, in a few words.
    graph : one that was made of the folder's weights, where it has none.

    Raises
    ------
    ChoiceError : nothing can be called so.
    DataError : the folder holds no encoder that can be used; the sentence says why.
    DiskFull, OSError : there is no room, or no right to write.
    """
    check_name(name)
    brought = look_into(folder, graph)
    check_memory(sum(path.stat().st_size for path in brought.files.values()))
    door, tokenizer = _loaded(brought)
    check_graph(door)
    done(f"inputs {', '.join(door.inputs)}; output {door.output}")
    pieces = [tokenizer.cut(text) for text in PROBES]
    for text, cut in zip(PROBES, pieces, strict=True):
        check_spans(text, cut)
    done("tokens keep their places in the text")
    width = check_vectors(door, pieces)
    done(f"{width} channels a token, the same beside padding")
    check_limit(door, pieces[0], brought.limit)
    done(f"reads {brought.limit} tokens at once")
    assert door.output is not None, "it was checked"
    card = {
        "inputs": list(door.inputs),
        "output": door.output,
        "width": width,
        "limit": brought.limit,
        "pooling": brought.pooling,
    }
    return kept.keep(name, brought.files, card)


def check_memory(size: int) -> None:
    """Check that a model of so many bytes can be loaded at all, where the system says what it has.

    Raises
    ------
    DataError : this machine has less memory.
    """
    if os.name == "posix":
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        if size > memory:
            raise DataError(
                "The model takes {size:.1f} GB, more than the {memory:.1f} GB of memory that this "
                "machine has; take a smaller one.",
                size=size / 1e9,
                memory=memory / 1e9,
            )


def check_graph(graph: Graph) -> None:
    """Check that a graph reads what encoders are given, and gives a vector for each token.

    Raises
    ------
    DataError : it does not.
    """
    inputs: Mapping[str, str] = graph.inputs
    if IDS not in inputs or not set(inputs) <= {IDS, MASK, TYPES}:
        raise DataError(
            "The graph reads {inputs}; an encoder reads {ids} and, beside it, {mask} and {types}.",
            inputs=", ".join(inputs),
            ids=IDS,
            mask=MASK,
            types=TYPES,
        )
    fixed = {size for shape in graph.shapes.values() for size in shape if isinstance(size, int)}
    if fixed:
        raise DataError(
            "The graph reads texts of one size alone ({sizes}); export it with dynamic axes, for "
            "any number of texts of any length.",
            sizes=" × ".join(map(str, graph.shapes[IDS])),
        )
    if not set(inputs.values()) <= set(_KINDS):
        raise DataError("The graph reads numbers of another type than int64 or int32.")
    if graph.output is None or graph.outputs[graph.output] != 3:
        raise DataError(
            "The graph gives {outputs}; an encoder gives {wanted}: a vector for each token of each "
            "text.",
            outputs=", ".join(graph.outputs),
            wanted=" or ".join(OUTPUTS),
        )


def check_spans(text: str, pieces: Pieces) -> None:
    """Check that tokens tell where they stand in the original text, and leave no letter out.

    What a tokenizer takes away on purpose, such as variation selectors, may be missing.

    Raises
    ------
    DataError : they do not.
    """
    covered = np.zeros(len(text), bool)
    for token in pieces.tokens:
        covered[token.start : token.end] = True
    missing = [
        character
        for character, found in zip(text, covered, strict=True)
        if not found and has_visible(character) and character.isalpha()
    ]
    if missing:
        raise DataError(
            "The tokenizer does not say where its tokens stand: of “{text}” these have no token: "
            "{missing}.",
            text=text,
            missing=" ".join(missing),
        )


def check_vectors(graph: Graph, pieces: list[Pieces]) -> int:
    """Check that a text has the same vectors beside padding as alone; returns their width.

    Raises
    ------
    DataError : it has others, or some that are no numbers.
    """
    longest = max(len(cut.ids) for cut in pieces) + PADDING
    ids = np.zeros((len(pieces), longest), np.int64)
    mask = np.zeros_like(ids)
    for row, cut in enumerate(pieces):
        ids[row, : len(cut.ids)] = cut.ids
        mask[row, : len(cut.ids)] = 1
    together = _ran(graph, ids, mask)
    for row, cut in enumerate(pieces):
        [alone] = _ran(graph, cut.ids[None, :], None)
        if alone.shape != (len(cut.ids), together.shape[2]):
            raise DataError("The graph does not give one vector for each token.")
        if not np.isfinite(alone).all():
            raise DataError("The graph gives vectors with something that is no number (NaN).")
        apart = float(np.abs(alone - together[row, : len(cut.ids)]).max() / np.abs(alone).max())
        if not apart <= MAX_DIFFERENCE:
            raise DataError(
                "The graph gives a text other vectors beside padding than alone (by {apart:.1%}); "
                "export it with its attention mask, and without quantisation.",
                apart=apart,
            )
    return together.shape[2]


def check_limit(graph: Graph, pieces: Pieces, limit: int) -> None:
    """Check that as many tokens as the folder's files say can be read at once.

    Raises
    ------
    DataError : they cannot, or are too few.
    """
    own = pieces.ids[pieces.before : len(pieces.ids) - pieces.after]
    room = limit - pieces.before - pieces.after
    if room < LEAST_ROOM:
        raise DataError(
            "The encoder's files say that it reads {limit} tokens at once, too few for a text.",
            limit=limit,
        )
    _ran(graph, np.resize(own, limit)[None, :], None)


def _loaded(brought: Brought) -> tuple[Graph, Tokenizer]:
    file = GRAPH
    try:
        graph = Graph(brought.files[file])
        file = TOKENIZER
        return graph, Tokenizer(brought.files[file])
    except Exception as error:  # both libraries raise types of their own
        raise _unusable(file, error) from error


def _ran(graph: Graph, ids: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    try:
        return graph.run(ids, mask)
    except Exception as error:  # ONNX Runtime raises types of its own
        raise _unusable(GRAPH, error) from error


def _unusable(file: str, error: Exception) -> DataError:
    return DataError(
        "{file} cannot be used ({reason}).", file=file, reason=" ".join(str(error).split())[:200]
    )
