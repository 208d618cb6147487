"""An ONNX graph in memory: parts of a known form replaced, and cut down to some outputs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from google.protobuf.message import Message
from onnx import NodeProto, TensorProto, numpy_helper
from onnx.helper import (
    get_attribute_value,
    make_node,
    make_tensor_value_info,
    np_dtype_to_tensor_dtype,
)

from poolviz.sessions import Shared, SharedArray, shared_array

Node = tuple[Any, ...]  # (operation, {attributes}, operands …), see `Graph.match`
Pattern = str | int | list[int] | Node
Rule = Callable[["Graph", str, dict[str, str]], Sequence[NodeProto] | None]

_COMMUTATIVE = ("Add", "Mul")
_SUBGRAPHS = (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS)


class Graph:
    """A model's graph, which can be changed and cut.

    Parameters
    ----------
    content : of an ONNX file.
    shared : its constants that stand outside of it, where it comes from `cut`.

    Raises
    ------
    ValueError : a node holds a graph of its own, which may read any value of this one.
    google.protobuf.message.DecodeError : it is no graph.
    """

    def __init__(self, content: bytes, shared: Shared | None = None):
        self._model = onnx.load_from_string(content)
        graph = self._model.graph
        self.inputs = tuple(value.name for value in graph.input)
        self.outputs = tuple(value.name for value in graph.output)
        self._nodes = list(graph.node)
        self._makers = {output: node for node in self._nodes for output in node.output}
        self._constants = {tensor.name: tensor for tensor in graph.initializer}
        self._shared: dict[str, SharedArray] = dict(shared or {})
        if any(a.type in _SUBGRAPHS for node in self._nodes for a in node.attribute):
            raise ValueError("A node of this graph holds another graph.")

    def __len__(self) -> int:
        """How many nodes there are."""
        return len(self._nodes)

    def constant(self, name: str) -> np.ndarray | None:
        """The constant of this name; None where the value is computed, or fed."""
        tensor = self._constants.get(name)
        return None if tensor is None or name in self.inputs else numpy_helper.to_array(tensor)

    def match(
        self, name: str, pattern: Pattern, found: dict[str, str] | None = None
    ) -> dict[str, str] | None:
        """The values' names by their names in the pattern; None where the form is another.

        Parameters
        ----------
        name : of a value.
        pattern : what it must have come from, and from nothing else: a node as (operation,
            {attributes}, operands …), attributes left out where it has none; or any value, by a
            name that stands for the same one wherever it is used; or a constant itself.
        found : the names that are known already.
        """
        found = found or {}
        if isinstance(pattern, str):
            known = found.get(pattern, name)
            return {**found, pattern: name} if known == name else None
        if not isinstance(pattern, tuple):
            constant = self.constant(name)
            return found if constant is not None and np.array_equal(constant, pattern) else None
        operation, *operands = pattern
        attributes: Mapping[str, Any] = operands.pop(0) if isinstance(operands[0], Mapping) else {}
        node = self._makers.get(name)
        if (
            node is None
            or (node.domain, node.op_type) != ("", operation)
            or len(node.input) != len(operands)
            or {a.name: get_attribute_value(a) for a in node.attribute} != attributes
        ):
            return None
        orders = (operands, operands[::-1]) if operation in _COMMUTATIVE else (operands,)
        matches = (self._match_all(node.input, order, found) for order in orders)
        return next((match for match in matches if match is not None), None)

    def factors(self, name: str) -> list[str]:
        """What is multiplied with a constant matrix on the way to a value, the last one first."""
        found: list[str] = []
        waiting, seen = [name], {name}
        while waiting:
            node = self._makers.get(waiting.pop(0))
            if node is None:
                continue
            if node.op_type == "MatMul" and self.constant(node.input[1]) is not None:
                found.append(node.input[0])
            new = [value for value in node.input if value not in seen]
            seen.update(new)
            waiting += new
        return found

    def add_output(self, value: str, name: str) -> None:
        """Make a float32 value an output under a name of its own."""
        self._nodes.append(make_node("Identity", [value], [name]))
        output = make_tensor_value_info(name, TensorProto.FLOAT, None)
        self._model.graph.output.append(output)
        self.outputs = (*self.outputs, name)

    def replace(self, pattern: Node, rule: Rule) -> None:
        """Put other nodes in the place of those that match; what only they needed, a cut drops.

        Parameters
        ----------
        pattern : as for `match`.
        rule : `rule(graph, output, found)` gives the nodes that make the output from now on, or
            None where the one that is there shall stay.
        """
        nodes: list[NodeProto] = []
        for node in self._nodes:
            instead = None
            if node.op_type == pattern[0]:
                (output,) = node.output
                found = self.match(output, pattern)
                instead = None if found is None else rule(self, output, found)
            nodes.extend([node] if instead is None else instead)
            self._makers.update((output, new) for new in instead or () for output in new.output)
        self._nodes = nodes

    def add_constant(self, name: str, values: np.ndarray, shared: bool = False) -> str:
        """Make an array a value of this name, which is returned.

        A shared one stands outside of the graph, so that the sessions of all cuts have it together.
        """
        if shared:
            self._shared[name] = shared_array(values)
            tensor = TensorProto(name=name, dims=values.shape, data_location=TensorProto.EXTERNAL)
            tensor.data_type = np_dtype_to_tensor_dtype(values.dtype)
            tensor.external_data.add(key="location", value="shared")
        else:
            tensor = numpy_helper.from_array(values, name)
        self._constants[name] = tensor
        return name

    def cut(self, outputs: Iterable[str], fed: Collection[str] = ()) -> tuple[bytes, Shared]:
        """Only what these outputs need: the content of a file, and the shared constants beside it.

        All inputs stay, needed or not.

        Parameters
        ----------
        fed : float32 values that are inputs from now on, and not computed.
        """
        outputs = set(outputs)
        needed = set(outputs)
        nodes: list[NodeProto] = []
        for node in reversed(self._nodes):
            if needed.difference(fed).intersection(node.output):
                nodes.append(node)
                needed.update(node.input)
        model = onnx.ModelProto()
        model.CopyFrom(self._model)
        _set(model.graph.node, reversed(nodes))
        model.graph.input.extend(make_tensor_value_info(v, TensorProto.FLOAT, None) for v in fed)
        _set(model.graph.output, [v for v in self._model.graph.output if v.name in outputs])
        _set(model.graph.initializer, [t for t in self._constants.values() if t.name in needed])
        shared = {name: value for name, value in self._shared.items() if name in needed}
        return model.SerializeToString(), shared

    def _match_all(
        self, names: Iterable[str], patterns: Iterable[Pattern], found: dict[str, str]
    ) -> dict[str, str] | None:
        known: dict[str, str] | None = found
        for name, pattern in zip(names, patterns, strict=True):
            known = self.match(name, pattern, known)
            if known is None:
                break
        return known


def _set(field: Any, messages: Iterable[Message]) -> None:
    del field[:]
    field.extend(messages)
