"""Rewritten graphs: the numbers of the exported ones and of Keras; other forms stay exported."""

from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock

import keras
import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from poolviz import places
from poolviz.checkpoints.checkpoint import KERAS, ONNX, VOCABULARY
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.engine import runtime
from poolviz.engine.graph import Graph
from poolviz.engine.look_ups import WINDOW, LookUps
from poolviz.engine.rewriting import rewrite
from poolviz.engine.runtime import Engine
from poolviz.errors import CheckpointError
from poolviz.model.heads import HEADS, READOUTS
from poolviz.model.kinds import CLASSIFIER, MATCHER, PAIR, kinds_of
from poolviz.text.vocabulary import Vocabulary
from tests.engine.test_runtime import written

SHIPPED = [c for c in list_checkpoints([places.SHIPPED_CHECKPOINTS]) if not c.damage]
CLASSIFIERS = [c for c in SHIPPED if c.kind in kinds_of(CLASSIFIER)]
MATCHERS = [c for c in SHIPPED if c.kind in kinds_of(MATCHER)]
NAMED = {"ids": lambda c: f"{c.task}/{c.name}"}
SETS = (["probabilities"], ["weights"], ["probabilities", "weights", "contributions"], ["vector"])


def batches(ids: int) -> list[np.ndarray]:
    """Ids with none, some and only masked tokens; padded and not, alone and several, long."""
    random = np.random.default_rng(0)
    shapes = [(1, 1), (1, 2), (2, 3), (3, 30), (1, 700)]
    found = [random.integers(1, ids, shape).astype(np.int32) for shape in shapes]
    masked, padded = found[3].copy(), found[3].copy()
    masked[:, [0, 7, 8, 29]] = 0
    for row, length in zip(padded, (30, 17, 1), strict=True):
        row[length:] = 0
    return [*found, masked, padded, np.full((1, 40), 5, np.int32), np.zeros((2, 4), np.int32)]


def run_exported(content: bytes, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """All outputs of the graph as it is on disk."""
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    names = [value.name for value in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs), strict=True))


def assert_close(found, wanted) -> None:
    """All that was found is what was wanted, up to the rounding of float32.

    The bias is what is left of the logits, so it is as exact as they are.
    """
    for name, values in found.items():
        expected = np.asarray(wanted[name])
        assert values.shape == expected.shape and values.dtype == expected.dtype, name
        whole = np.asarray(wanted["logits"]) if name.startswith("bias") else expected
        scale = max(1, float(np.abs(whole).max()))
        np.testing.assert_allclose(values, expected, rtol=0, atol=1e-5 * scale, err_msg=name)


def assert_runs_as_exported(engine: Engine, content: bytes, inputs: dict[str, np.ndarray]) -> None:
    wanted = run_exported(content, inputs)
    found = engine.run(inputs)
    assert list(found) == list(wanted)
    assert_close(found, wanted)
    for names in SETS:
        if set(names) <= set(wanted):
            some = engine.run(inputs, names)
            assert list(some) == names
            assert_close(some, wanted)


def rewritten(content: bytes) -> tuple[Graph, int]:
    """The graph as it is run, and how many of its constants are tables."""
    graph = Graph(content)
    rewrite(graph)
    content, shared = graph.cut(graph.outputs)
    return Graph(content, shared), len(shared)


def operations(content: bytes) -> list[str]:
    return [node.op_type for node in onnx.load_from_string(content).graph.node]


class TestEqual:
    @pytest.mark.parametrize("checkpoint", CLASSIFIERS, **NAMED)
    def test_a_shipped_classifier_and_its_exported_graph(self, checkpoint):
        engine, content = Engine(checkpoint), checkpoint.path(ONNX).read_bytes()
        for ids in batches(len(Vocabulary.load(checkpoint.path(VOCABULARY)))):
            assert_runs_as_exported(engine, content, {"ids": ids})

    @pytest.mark.parametrize("checkpoint", CLASSIFIERS, **NAMED)
    def test_a_long_text_looked_up_in_blocks(self, checkpoint, monkeypatch):
        ids = np.random.default_rng(0).integers(1, 1000, (2, 1_300)).astype(np.int32)
        ids[0, [0, 511, 512]], ids[1, 700:] = 0, 0
        whole = Engine(checkpoint).run(ids)
        monkeypatch.setattr(runtime, "_LONG", ids.size)
        counted = Mock(wraps=LookUps.__call__)
        monkeypatch.setattr(LookUps, "__call__", lambda *given: counted(*given))
        engine = Engine(checkpoint)
        assert_close(engine.run(ids), whole)
        some = engine.run(ids, ["probabilities", "weights"])
        assert list(some) == ["probabilities", "weights"]
        assert_close({**whole, **some}, whole)
        assert counted.call_count == 2
        engine.run(ids[:, 1:])
        assert counted.call_count == 2

    @pytest.mark.parametrize("checkpoint", MATCHERS, **NAMED)
    def test_a_shipped_matcher_and_its_exported_graphs(self, checkpoint):
        encoder, content = Engine(checkpoint), checkpoint.path(ONNX).read_bytes()
        comparer, compared = Engine(checkpoint, PAIR), checkpoint.path(PAIR).read_bytes()
        for ids in batches(len(Vocabulary.load(checkpoint.path(VOCABULARY))))[:-1]:
            assert_runs_as_exported(encoder, content, {"ids": ids})
            states = {"a": encoder.run(ids), "b": encoder.run(ids[:, ::-1].copy())}
            inputs = {name: states[name[-1]][name[:-2]] for name in comparer.inputs}
            assert_runs_as_exported(comparer, compared, inputs)
            some = comparer.run(inputs, ["probability", "score"])
            assert_close(some, run_exported(compared, inputs))

    @pytest.mark.parametrize("head", HEADS)
    @pytest.mark.parametrize("readout", READOUTS)
    def test_a_trained_classifier_and_keras(self, trained, head, readout):
        checkpoint = trained(head, readout)
        model = keras.saving.load_model(checkpoint.path(KERAS), safe_mode=True)
        engine = Engine(checkpoint)
        for ids in batches(model.vocabulary_size):
            assert_close(engine.run(ids), model(ids))

    @pytest.mark.parametrize("head", HEADS)
    def test_a_shipped_classifier_and_keras(self, head):
        (checkpoint,) = (c for c in CLASSIFIERS if (c.task, c.name) == ("bbc_news", head))
        model = keras.saving.load_model(checkpoint.path(KERAS), safe_mode=True)
        engine = Engine(checkpoint)
        for ids in batches(model.vocabulary_size):
            assert_close(engine.run(ids), model(ids))


class TestKnownForms:
    """Where these fail, the exporter has changed its ways, and nothing is faster any more."""

    @pytest.mark.parametrize("head", HEADS)
    @pytest.mark.parametrize("readout", READOUTS)
    def test_what_is_exported_today(self, trained, head, readout):
        content = trained(head, readout).path(ONNX).read_bytes()
        graph, tables = rewritten(content)
        assert tables == WINDOW
        assert len(graph) < 0.75 * len(Graph(content))

    @pytest.mark.parametrize("checkpoint", CLASSIFIERS, **NAMED)
    def test_what_is_shipped(self, checkpoint):
        content = checkpoint.path(ONNX).read_bytes()
        graph, tables = rewritten(content)
        assert tables == WINDOW
        assert len(graph) < 0.75 * len(Graph(content))

    @pytest.mark.parametrize("checkpoint", MATCHERS, **NAMED)
    def test_a_tower_has_no_tables_but_fewer_nodes(self, checkpoint):
        content = checkpoint.path(ONNX).read_bytes()
        graph, tables = rewritten(content)
        assert tables == 0
        assert len(graph) < 0.9 * len(Graph(content))

    def test_winners_are_counted_once(self, trained):
        content = trained("max").path(ONNX).read_bytes()
        graph, _tables = rewritten(content)
        weights = (graph.cut(["weights"])[0], content)
        ours, theirs = (operations(c).count("Greater") for c in weights)
        assert ours <= theirs - 1

    def test_shares_are_summed_by_products(self, trained):
        """Of the wins of all positions, (B, T, C), one array is made, and no shares of them."""
        content = trained("max").path(ONNX).read_bytes()
        graph, _tables = rewritten(content)
        model = onnx.load_from_string(graph.cut(graph.outputs)[0])
        (won,) = (n.output[0] for n in model.graph.node if won_by(model, n))
        readers = [n.op_type for n in model.graph.node if won in n.input]
        assert readers == ["MatMul"] * 4  # winners, the chosen's shares, contributions, alternative

    def test_a_bias_is_parted_from_its_mean_once(self, trained):
        content = trained("attention").path(ONNX).read_bytes()
        graph, _tables = rewritten(content)
        biases = ["bias", "bias_offset"]
        ours, theirs = (Graph(c).cut(biases)[0] for c in (graph.cut(graph.outputs)[0], content))
        assert "ReduceMean" in operations(theirs)
        assert "ReduceMean" not in operations(ours)


def won_by(model, node) -> bool:
    """Whether a node makes numbers of who won."""
    makers = {output: n.op_type for n in model.graph.node for output in n.output}
    return node.op_type == "Cast" and makers.get(node.input[0]) == "And"


def node_of(model, operation):
    return next(node for node in model.graph.node if node.op_type == operation)


def constant_of(model, name):
    return next(tensor for tensor in model.graph.initializer if tensor.name == name)


def reading_only_before(model):
    (padding,) = (a for a in node_of(model, "Conv").attribute if a.name == "auto_pad")
    padding.CopyFrom(helper.make_attribute("pads", [0, 2, 0, 0]))


def masked_by_another_id(model):
    equal = node_of(model, "Equal")
    model.graph.initializer.append(numpy_helper.from_array(np.int32(1), "another"))
    equal.input[1] = "another"


def without_relu(model):
    node_of(model, "Relu").op_type = "Tanh"


def with_an_embedding_that_can_be_fed(model):
    name = node_of(model, "Gather").input[0]
    sizes = constant_of(model, name).dims
    model.graph.input.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, sizes))


def with_a_wide_window(model):
    conv = node_of(model, "Conv")
    kernel = constant_of(model, conv.input[1])
    wide = np.repeat(numpy_helper.to_array(kernel), [1, 2, 2], axis=3)
    kernel.CopyFrom(numpy_helper.from_array(wide, kernel.name))
    (shape,) = (a for a in conv.attribute if a.name == "kernel_shape")
    shape.ints[:] = [1, 5]


def padded_before(model):
    (padding,) = (a for a in node_of(model, "Conv").attribute if a.name == "auto_pad")
    padding.s = b"SAME_LOWER"
    with_a_wide_window(model)


def with_shares_of_another_count(model):
    """Counted over the batch: what is divided by it are no shares of a text's winners."""
    makers = {output: n for n in model.graph.node for output in n.output}
    (won,) = (n.output[0] for n in model.graph.node if won_by(model, n))
    (counting,) = (n for n in makers.values() if n.op_type == "ReduceSum" and n.input[0] == won)
    model.graph.initializer.append(numpy_helper.from_array(np.int64([0]), "over the batch"))
    counting.input[1] = "over the batch"


def with_shares_of_the_vectors(model):
    """Each position's own value where the largest of its channel stood."""
    makers = {output: n for n in model.graph.node for output in n.output}
    most = next(n for n in model.graph.node if n.op_type == "ReduceMax")
    vectors = makers[most.input[0]].output[0]
    for node in model.graph.node:
        if node.op_type == "Mul" and most.output[0] in node.input and len(node.input) == 2:
            other = next(i for i in node.input if i != most.output[0])
            if makers.get(other) is not None and makers[other].op_type == "Div":
                node.input[:] = [other, vectors]


class TestOtherForms:
    @pytest.mark.parametrize("change", [with_shares_of_another_count, with_shares_of_the_vectors])
    def test_other_sums_run_as_exported(self, trained, tmp_path, change):
        model = onnx.load(trained("max").path(ONNX))
        before = model.SerializeToString()
        change(model)
        content = model.SerializeToString()
        assert content != before
        engine = Engine(written(tmp_path, content))
        for ids in batches(30):
            assert_runs_as_exported(engine, content, {"ids": ids})

    @pytest.mark.parametrize(
        "change",
        [
            reading_only_before,
            masked_by_another_id,
            without_relu,
            with_an_embedding_that_can_be_fed,
            with_a_wide_window,
            padded_before,
        ],
    )
    def test_another_encoder_runs_as_exported(self, trained, tmp_path, change):
        model = onnx.load(trained("attention").path(ONNX))
        change(model)
        content = model.SerializeToString()
        _graph, tables = rewritten(content)
        assert tables == 0
        engine = Engine(written(tmp_path, content))
        for ids in batches(30):
            assert_runs_as_exported(engine, content, {"ids": ids})

    def test_a_graph_in_a_graph_may_read_any_value(self, tmp_path):
        content = branching()
        with pytest.raises(ValueError, match="another graph"):
            Graph(content)
        engine = Engine(written(tmp_path, content))
        ids = np.array([[3, 4]], np.int32)
        assert engine.run(ids, ["chosen"])["chosen"].tolist() == [[6, 8]]
        assert set(engine.run(ids)) == {"chosen", "twice"}

    def test_a_rewritten_graph_that_does_not_load(self, trained, monkeypatch):
        checkpoint = trained("max")

        def break_(graph):
            graph.replace(("Relu", "x"), lambda graph, output, found: [])

        monkeypatch.setattr(runtime, "rewrite", break_)
        content = checkpoint.path(ONNX).read_bytes()
        assert_runs_as_exported(Engine(checkpoint), content, {"ids": batches(30)[3]})


class TestCut:
    def test_only_what_is_asked_for_is_computed(self, trained):
        graph, _tables = rewritten(trained("average").path(ONNX).read_bytes())
        everything, tables = graph.cut(graph.outputs)
        some, used = graph.cut(["probabilities", "weights"])
        assert len(operations(some)) < 0.6 * len(operations(everything))
        assert set(used) == set(tables)
        uniform, unused = graph.cut(["weights"])
        assert "Gather" not in operations(uniform) and not unused
        assert [value.name for value in onnx.load_from_string(uniform).graph.output] == ["weights"]

    def test_one_session_for_each_set_however_it_is_ordered(self, trained, monkeypatch):
        engine = Engine(trained("attention"))
        made = []

        def loaded(content, shared, load=runtime.loaded):
            made.append(content)
            return load(content, shared)

        monkeypatch.setattr(runtime, "loaded", loaded)
        ids = batches(30)[3]
        orders = [["weights", "logits"], ["logits", "weights"]] * 8
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda names: engine.run(ids, names), orders))
        assert len(made) == 1
        assert [list(outputs) for outputs in found] == orders
        engine.run(ids, list(reversed(engine.outputs)))
        assert len(made) == 1

    def test_an_output_that_there_is_not(self, trained):
        with pytest.raises(CheckpointError, match="cannot be run") as raised:
            Engine(trained("attention")).run(batches(30)[0], ["weights", "nothing"])
        assert "nothing" in str(raised.value.__cause__)


CHOICES = {
    "float": (TensorProto.FLOAT, np.float32([[1.5, -2], [3, 4]]), np.float32([[7, 8], [9, 0.5]])),
    "number": (TensorProto.FLOAT, np.float32([[1.5, -2], [3, 4]]), np.float32(-3e38)),
    "zero": (TensorProto.FLOAT, np.float32([[1.5, -2], [3, 4]]), np.float32(0)),
    "zeros that make it larger": (TensorProto.FLOAT, np.float32(3), np.zeros((2, 2, 2), "f4")),
    "int32": (TensorProto.INT32, np.int32([[1, -2], [3, 4]]), np.int32([[7, 8], [9, 5]])),
    "int32 zero": (TensorProto.INT32, np.int32([[1, -2], [3, 4]]), np.int32(0)),
}


class TestSelections:
    @pytest.mark.parametrize("case", CHOICES)
    @pytest.mark.parametrize("turned", [False, True])
    def test_a_selection_chooses(self, case, turned):
        content = selecting(*CHOICES[case], turned=turned)
        graph, _tables = rewritten(content)
        assert "Add" not in operations(graph.cut(graph.outputs)[0])
        self.assert_same(content)

    def test_two_conditions_are_none(self):
        kind, chosen, other = CHOICES["float"]
        content = selecting(kind, chosen, other, condition="d")
        graph, _tables = rewritten(content)
        assert operations(graph.cut(graph.outputs)[0]).count("Add") == 1
        self.assert_same(content)

    def assert_same(self, content):
        inputs = {"c": np.array([[True, False], [False, True]]), "d": np.ones((2, 2), bool)}
        graph, _tables = rewritten(content)
        found, wanted = (run_exported(c, inputs) for c in (graph.cut(graph.outputs)[0], content))
        np.testing.assert_array_equal(found["selected"], wanted["selected"])


def selecting(kind, chosen, other, condition="c", turned=False) -> bytes:
    """c·a + (1 − c)·b; turned: with operands the other way round."""

    def node(operation, inputs, output):
        order = inputs[::-1] if turned and operation in ("Add", "Mul") else inputs
        return helper.make_node(operation, order, [output])

    nodes = [
        helper.make_node("Cast", ["c"], ["one"], to=kind),
        node("Not", [condition], "not"),
        helper.make_node("Cast", ["not"], ["two"], to=kind),
        node("Mul", ["one", "a"], "first"),
        node("Mul", ["b", "two"], "second"),
        node("Add", ["first", "second"], "selected"),
    ]
    inputs = [helper.make_tensor_value_info(n, TensorProto.BOOL, [2, 2]) for n in ("c", "d")]
    outputs = [helper.make_tensor_value_info("selected", kind, None)]
    constants = [
        numpy_helper.from_array(np.asarray(v), n) for v, n in ((chosen, "a"), (other, "b"))
    ]
    return model_of(nodes, inputs, outputs, constants)


def branching() -> bytes:
    """Twice the ids, which are also what both branches of an `If` read."""
    ids, chosen, twice = (
        helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "time"])
        for name in ("ids", "chosen", "twice")
    )
    inner = helper.make_tensor_value_info("inner", TensorProto.INT32, ["batch", "time"])
    branch = helper.make_graph(
        [helper.make_node("Identity", ["twice"], ["inner"])], "b", [], [inner]
    )
    nodes = [
        helper.make_node("Add", ["ids", "ids"], ["twice"]),
        helper.make_node("If", ["yes"], ["chosen"], then_branch=branch, else_branch=branch),
    ]
    yes = numpy_helper.from_array(np.array(True), "yes")
    return model_of(nodes, [ids], [chosen, twice], [yes])


def model_of(nodes, inputs, outputs, constants) -> bytes:
    graph = helper.make_graph(nodes, "small", inputs, outputs, constants)
    opset = [helper.make_opsetid("", 15)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()
