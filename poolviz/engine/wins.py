"""Exact rewrites of max pooling: who wins its channels, and what the winners share.

Max pooling counts who won a channel, to share it, and from the shares whose are above 0. A winner's
share is 1 / the winners, so both counts are the same. What is summed over the channels, shares
times something that a channel has once, is a product of who won with a vector or a matrix; and
counting over time, which a reduction does in strides, is one with the positions that count.

B = batch, T = time, C = channels, N = classes.
"""

from __future__ import annotations

from onnx import NodeProto, TensorProto
from onnx.helper import make_node

from poolviz.engine.graph import Graph

_FLOAT = {"to": TensorProto.FLOAT}

_OVER_TIME = {"keepdims": 1, "noop_with_empty_axes": 1}
_SHARERS = (
    "ReduceSum",
    _OVER_TIME,
    ("Cast", _FLOAT, ("Greater", ("Div", "won", ("Max", "winners", 1)), 0)),
    [1],
)
_WINNERS = ("ReduceSum", _OVER_TIME, "won", [1])
_WON = ("Cast", _FLOAT, ("And", "real", "largest"))
_POSITIONS = ("Unsqueeze", "positions", [2])
_SHARES = ("Div", "won", "counted")
_COUNTED = ("Max", "winners", 1)
_CHOSEN = ("ReduceSum", _OVER_TIME, ("Mul", _SHARES, "each"), [-1])
_OF_A_CHANNEL = ("Cast", _FLOAT, ("Less", ("Identity", "winners"), "tokens"))
_SHARED = ("Mul", ("Cast", _FLOAT, "real"), ("Mul", _SHARES, "each"))
_SUMMED = ("ReduceSum", _OVER_TIME, _SHARED, [-1])
_WEIGHED = ("MatMul", ("Reshape", _SHARED, "shape"), "matrix")
_WEIGHED_WHOLE = ("MatMul", ("Reshape", ("Reshape", _SHARED, "shape"), "shape again"), "matrix")
_MOST = ("ReduceMax", {"axes": [1], "keepdims": 1}, "vectors")


def rewrite_wins(graph: Graph) -> None:
    """Apply the rules of this module, after selections and products have been rewritten."""
    graph.replace(_SHARERS, _count_once)
    graph.replace(_CHOSEN, _sum_chosen)
    for weighed in (_SUMMED, _WEIGHED, _WEIGHED_WHOLE):
        graph.replace(weighed, _sum_shared)
    graph.replace(_WINNERS, _count)


def _count_once(graph: Graph, output: str, found: dict[str, str]) -> list[NodeProto] | None:
    """The winners, who are counted already."""
    counted = graph.match(found["winners"], _WINNERS, found)
    if counted is None or graph.match(found["won"], _WON) is None:
        return None
    return [make_node("Identity", [found["winners"]], [output])]


def _sum_chosen(graph: Graph, output: str, found: dict[str, str]) -> list[NodeProto] | None:
    """The shares of some channels, summed."""
    shared = _shared_by_winners(graph, found)
    if shared is None or graph.match(found["each"], _OF_A_CHANNEL, shared) is None:
        return None
    return _won_times(found, output)


def _sum_shared(graph: Graph, output: str, found: dict[str, str]) -> list[NodeProto] | None:
    """The shares of the channels' largest values, summed or times a matrix; padding has none."""
    if _shared_by_winners(graph, found) is None or graph.match(found["each"], _MOST) is None:
        return None
    if "matrix" not in found:
        return _won_times(found, output)
    matrix = graph.constant(found["matrix"])
    if matrix is None or matrix.ndim != 2:
        return None
    shapes = [found[name] for name in ("shape", "shape again") if name in found]
    same = all(graph.match(shape, [0, 0, len(matrix)]) is not None for shape in shapes)
    return _won_times(found, output, found["matrix"]) if same else None


def _shared_by_winners(graph: Graph, found: dict[str, str]) -> dict[str, str] | None:
    """What is found with the names of the winners; None where it is no share of a win."""
    shared = graph.match(found["counted"], _COUNTED, found)
    if shared is None or graph.match(shared["winners"], _WINNERS, shared) is None:
        return None
    return shared if graph.match(found["won"], _WON, found) is not None else None


def _count(graph: Graph, output: str, found: dict[str, str]) -> list[NodeProto] | None:
    """real (B, 1, T) times won (B, T, C): whoever won is real."""
    won = graph.match(found["won"], _WON)
    if won is None or graph.match(won["real"], _POSITIONS) is None:
        return None
    real, turned = (f"{output}/{part}" for part in ("real", "turned"))
    return [
        make_node("Cast", [won["real"]], [real], to=TensorProto.FLOAT),
        make_node("Transpose", [real], [turned], perm=[0, 2, 1]),
        make_node("MatMul", [turned, found["won"]], [output]),
    ]


def _won_times(found: dict[str, str], output: str, matrix: str | None = None) -> list[NodeProto]:
    """won (B, T, C) times each / winners (B, C, 1), times a matrix (C, N) where there is one."""
    share, turned, columns = (f"{output}/{part}" for part in ("share", "turned", "columns"))
    nodes = [
        make_node("Div", [found["each"], found["counted"]], [share]),
        make_node("Transpose", [share], [turned], perm=[0, 2, 1]),
    ]
    if matrix is not None:
        nodes.append(make_node("Mul", [turned, matrix], [columns]))
    last = turned if matrix is None else columns
    return [*nodes, make_node("MatMul", [found["won"], last], [output])]
