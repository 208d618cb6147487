"""Exact rewrites of an exported graph, made when a session is: nothing on disk changes.

The exporter writes down what Keras computes, in steps that cost more than they have to. Each rule
here knows one form of such steps and puts fewer in their place; any other form stays as exported.
Only the rounding of float32 may differ. B = batch, T = time, V = ids, C = channels.

**Look-ups.** A classifier embeds ids and convolves what it finds; tables made once say the sum of
both, see `poolviz.engine.look_ups`.

**Selections.** where(c, a, b) is exported as c·a + (1 − c)·b: the same for finite numbers, and what
is not selected cannot get through as NaN. With b = 0 it is c·a.

**Products.** x (B, T, C) times a matrix (C, N) is exported between two reshapings, the second to a
shape that is computed: B and T are read from x and brought together with N. A constant shape says
the same, since 0 stands for a size that stays. So it is for (B, T, H·K) → (B, T, H, K); and of one
head, the first is all there is.

**Constants.** A bias is brought to a row for each text, and then parted from its mean over the
classes; it can be parted once and for all. B is read from what the read-out was given.

**Wins.** Max pooling has rules of its own, see `poolviz.engine.wins`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from onnx import NodeProto, TensorProto
from onnx.helper import make_node

from poolviz.engine.graph import Graph, Node, Pattern
from poolviz.engine.look_ups import WINDOW, LookUps, tables_of
from poolviz.engine.wins import rewrite_wins

_LAST = np.iinfo(np.int64).max

_FLOAT, _INT32, _INT64 = (
    {"to": kind} for kind in (TensorProto.FLOAT, TensorProto.INT32, TensorProto.INT64)
)


def _selection(kind: Mapping[str, int]) -> Node:
    return (
        "Add",
        ("Mul", ("Cast", kind, "c"), "a"),
        ("Mul", ("Cast", kind, ("Not", "c")), "b"),
    )


def _joined(*sizes: Pattern) -> Node:
    return ("Cast", _INT64, ("Concat", {"axis": 0}, *sizes))


_SHAPE = ("Cast", _INT32, ("Shape", "x"))
_PRODUCT = (
    "Reshape",
    ("MatMul", ("Reshape", "x", "rows"), "matrix"),
    _joined(("Gather", {"axis": 0}, _SHAPE, [0, 1]), "columns"),
)
_SPLIT = ("Reshape", "x", _joined([-1], ("Slice", _SHAPE, [1], [2], [0]), "heads", "classes"))

_BIASES = (
    "Expand",
    "constant",
    _joined(("Slice", _SHAPE, [0], [1], [0]), "classes"),
)
_OFFSET = ("ReduceMean", {"axes": [1], "keepdims": 1}, _BIASES)
_CENTRED = ("Sub", _BIASES, _OFFSET)
_OFFSETS = ("Squeeze", _OFFSET, [1])

_FIRST_OF_HEADS = (
    "Squeeze",
    ("Slice", ("Reshape", "x", "heads"), [0, 0], [np.iinfo(np.int32).max, 1], [0, 2]),
    [2],
)

# Keras lets ids below 0 count from the end, and so do look-ups. The selection is rewritten by then.
_INDEX = ("Where", ("Less", ("Cast", _FLOAT, "ids"), 0), ("Add", "ids", "size"), "ids")
_REAL = ("Cast", _FLOAT, ("Unsqueeze", ("Not", ("Equal", "ids", 0)), [2]))
_EMBEDDED = ("Mul", ("Gather", {"axis": 0}, "embedding", _INDEX), _REAL)
_CONVOLVED = (
    "Conv",
    {
        "auto_pad": b"SAME_UPPER",
        "dilations": [1, 1],
        "group": 1,
        "kernel_shape": [1, WINDOW],
        "strides": [1, 1],
    },
    ("Transpose", {"perm": [0, 3, 1, 2]}, ("Unsqueeze", _EMBEDDED, [-3])),
    "kernel",
)
_ENCODED = (
    "Transpose",
    {"perm": [0, 2, 1]},
    ("Relu", ("Add", ("Squeeze", _CONVOLVED, [2]), "bias")),
)


def rewrite(graph: Graph) -> LookUps | None:
    """Apply all rules to a graph; give the look-ups that it has now, if it encodes by them."""
    for kind in (_FLOAT, _INT32):
        graph.replace(_selection(kind), _select)
    graph.replace(_PRODUCT, _multiply)
    graph.replace(_SPLIT, _split)
    graph.replace(_FIRST_OF_HEADS, _take_whole)
    graph.replace(_CENTRED, _centre)
    graph.replace(_OFFSETS, _average)
    rewrite_wins(graph)
    made: list[LookUps] = []
    graph.replace(_ENCODED, partial(_look_up, made))
    return made[0] if len(made) == 1 else None


def _select(graph: Graph, output: str, found: dict[str, str]) -> list[NodeProto]:
    """where(c, a, b), or c·a where b is 0."""
    other = graph.constant(found["b"])
    if other is None or other.shape != () or other != 0:
        return [make_node("Where", [found["c"], found["a"], found["b"]], [output])]
    chosen = f"{output}/chosen"
    kind = TensorProto.INT32 if other.dtype == np.int32 else TensorProto.FLOAT
    return [
        make_node("Cast", [found["c"]], [chosen], to=kind),
        make_node("Mul", [chosen, found["a"]], [output]),
    ]


def _take_whole(graph: Graph, output: str, found: dict[str, str]) -> list[NodeProto] | None:
    """x (B, T, C) → (B, T, 1, C) → its first of one head."""
    heads = graph.constant(found["heads"])
    if heads is None or heads.shape != (4,) or heads[:3].tolist() != [-1, 0, 1]:
        return None
    shape = graph.add_constant(f"{output}/shape", np.array([0, 0, heads[3]]))
    return [make_node("Reshape", [found["x"], shape], [output])]


def _centre(graph: Graph, output: str, found: dict[str, str]) -> list[NodeProto] | None:
    """A bias without its mean, for each text."""
    bias = _bias(graph, found)
    if bias is None:
        return None
    classes = graph.add_constant(f"{output}/classes", np.array([len(bias)]))
    rows, shape = f"{output}/rows", f"{output}/shape"
    centred = graph.add_constant(f"{output}/centred", bias - bias.mean())
    return [
        make_node("Shape", [found["x"]], [rows], start=0, end=1),
        make_node("Concat", [rows, classes], [shape], axis=0),
        make_node("Expand", [centred, shape], [output]),
    ]


def _average(graph: Graph, output: str, found: dict[str, str]) -> list[NodeProto] | None:
    """A bias's mean, for each text."""
    bias = _bias(graph, found)
    if bias is None:
        return None
    mean, rows = graph.add_constant(f"{output}/mean", bias.mean(keepdims=True)), f"{output}/rows"
    return [
        make_node("Shape", [found["x"]], [rows], start=0, end=1),
        make_node("Expand", [mean, rows], [output]),
    ]


def _bias(graph: Graph, found: dict[str, str]) -> np.ndarray | None:
    """The constant bias (K,) that becomes (B, K), where it does."""
    bias = graph.constant(found["constant"])
    if bias is None or bias.ndim != 1 or bias.dtype != np.float32:
        return None
    return bias if graph.match(found["classes"], [len(bias)]) is not None else None


def _multiply(graph: Graph, output: str, found: dict[str, str]) -> list[NodeProto] | None:
    """x (B, T, C) times a matrix (C, N)."""
    rows, matrix, columns = (graph.constant(found[name]) for name in ("rows", "matrix", "columns"))
    if rows is None or matrix is None or columns is None or matrix.ndim != 2:
        return None
    if not np.array_equal(rows, [-1, len(matrix)]) or not np.array_equal(columns, matrix.shape[1:]):
        return None
    shape = graph.add_constant(f"{output}/shape", np.array([0, 0, len(matrix)]))
    return [
        make_node("Reshape", [found["x"], shape], [f"{output}/x"]),
        make_node("MatMul", [f"{output}/x", found["matrix"]], [output]),
    ]


def _split(graph: Graph, output: str, found: dict[str, str]) -> list[NodeProto] | None:
    """x (B, T, H·K) → (B, T, H, K)."""
    heads, classes = (graph.constant(found[name]) for name in ("heads", "classes"))
    if heads is None or classes is None or not heads.shape == classes.shape == (1,):
        return None
    shape = graph.add_constant(f"{output}/shape", np.array([-1, 0, int(heads[0]), int(classes[0])]))
    return [make_node("Reshape", [found["x"], shape], [output])]


def _look_up(
    made: list[LookUps], graph: Graph, output: str, found: dict[str, str]
) -> list[NodeProto] | None:
    """Ids (B, T) → vectors (B, T, C); what was made is added to `made`."""
    constants = (graph.constant(found[name]) for name in ("embedding", "size", "kernel", "bias"))
    tables = tables_of(*constants)
    if tables is None or found["ids"] not in graph.inputs:
        return None
    ids = found["ids"]
    around = graph.add_constant(f"{output}/around", np.array([0, 1, 0, 1]))
    axis = graph.add_constant(f"{output}/axis", np.array([1]))
    padded = f"{output}/padded"
    nodes = [make_node("Pad", [ids, around], [padded])]
    offsets = [f"{output}/{offset}" for offset in range(WINDOW)]
    for offset, (name, table) in enumerate(zip(offsets, tables, strict=True)):
        graph.add_constant(f"{name}/table", table, shared=True)
        looked_up = ids
        if offset != WINDOW // 2:
            start = graph.add_constant(f"{name}/start", np.array([offset]))
            end = graph.add_constant(f"{name}/end", np.array([offset - WINDOW + 1 or _LAST]))
            looked_up = f"{name}/ids"
            nodes.append(make_node("Slice", [padded, start, end, axis], [looked_up]))
        nodes.append(make_node("Gather", [f"{name}/table", looked_up], [name], axis=0))
    made.append(LookUps(output, tables))
    nodes.append(make_node("Sum", offsets, [f"{output}/sum"]))
    return [*nodes, make_node("Relu", [f"{output}/sum"], [output])]
