"""How much a graph asks for, as far as its constants say it before anything is run."""

from __future__ import annotations

import math

import onnx
from onnx import ValueInfoProto
from onnx.shape_inference import infer_shapes

MOST = 10_000_000  # numbers in one value; ours have hundreds for a token, and constants apart


def largest_value(content: bytes) -> int:
    """How many numbers the largest value has that the graph computes of one token.

    A size that only the text decides counts as 1.

    Parameters
    ----------
    content : of an ONNX file; it is read, not run.

    Raises
    ------
    google.protobuf.message.DecodeError : it is no graph.
    """
    graph = infer_shapes(onnx.load_from_string(content), data_prop=True).graph
    return max(map(_size, (*graph.value_info, *graph.output)), default=0)


def _size(value: ValueInfoProto) -> int:
    return math.prod(max(axis.dim_value, 1) for axis in value.type.tensor_type.shape.dim)
