"""Whether a model that somebody else made may be run here, and does run."""

from __future__ import annotations

from typing import Any

import onnx

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.engine.pairs import PairExplainer
from poolviz.engine.texts import Explainer
from poolviz.errors import CheckpointError, DataError
from poolviz.model.kinds import MATCHER

MAX_NODES = 5_000
_SUBGRAPHS = (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS)
_TEXT = "好 good 123"


def check_graph(name: str, content: bytes) -> None:
    """Check that a graph reads no file, has no operations of its own, and runs to its end.

    Parameters
    ----------
    name : of the file that holds it.
    content : of an ONNX file; it is read, not run.

    Raises
    ------
    DataError : it does, or it is no graph.
    """
    try:
        model: Any = onnx.load_from_string(content)
    except Exception as error:  # protobuf raises errors of its own
        raise _refused(name) from error
    graph = model.graph
    attributes = [attribute for node in graph.node for attribute in node.attribute]
    tensors = [
        *graph.initializer,
        *(a.t for a in attributes),
        *(t for a in attributes for t in a.tensors),
    ]
    if (
        len(model.functions)
        or len(graph.sparse_initializer)
        or len(graph.node) > MAX_NODES
        or any(len(tensor.external_data) or tensor.data_location for tensor in tensors)
        or any(node.domain not in ("", "ai.onnx") for node in graph.node)
        or any(attribute.type in _SUBGRAPHS for attribute in attributes)
    ):
        raise _refused(name)


def try_out(checkpoint: Checkpoint) -> None:
    """Explain a text with a model, to see that it gives what a model of its kind has to give.

    Raises
    ------
    CheckpointError : it does not.
    """
    try:
        if checkpoint.kind_record.family is MATCHER:
            PairExplainer(checkpoint).explain(_TEXT, _TEXT)
        else:
            Explainer(checkpoint).explain(_TEXT)
    except CheckpointError:
        raise
    except Exception as error:  # whatever is wrong with it, it is of no use
        raise CheckpointError(
            "Checkpoint {task}/{name} cannot be loaded: its graph is no valid ONNX model.",
            task=checkpoint.task,
            name=checkpoint.name,
        ) from error


def _refused(name: str) -> DataError:
    return DataError(
        "{name} holds a model whose graph is none that poolviz writes; have it trained by poolviz.",
        name=name,
    )
