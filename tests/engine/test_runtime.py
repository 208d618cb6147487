"""The engine: the only door to a model outside training."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from poolviz.checkpoints.checkpoint import CARD, FILES, ONNX, read, write
from poolviz.engine.runtime import Engine
from poolviz.errors import CheckpointError
from poolviz.model.heads import HEADS, READOUTS
from tests.invented import CARD_FIELDS


def written(root, graph: bytes):
    """A checkpoint, whole and verified, whose ONNX file holds `graph`."""

    def make_files(folder):
        for file in FILES:
            (folder / file).write_bytes(graph if file == ONNX else b"{}")

    checkpoint = write(root, "hotel", "max", CARD_FIELDS, make_files)
    assert checkpoint.damage is None
    return checkpoint


def small_graph() -> bytes:
    """A valid graph that repeats the ids."""
    values = [
        helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "time"])
        for name in ("ids", "same")
    ]
    node = helper.make_node("Identity", ["ids"], ["same"])
    graph = helper.make_graph([node], "small", values[:1], values[1:])
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=10).SerializeToString()


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("readout", READOUTS)
def test_shapes_and_names(trained, head, readout):
    engine = Engine(trained(head, readout))
    outputs = engine.run(np.ones((2, 5), np.int32))
    rows = 4 if head == "multi-head" else 1
    shapes = {name: values.shape for name, values in outputs.items()}
    expected = {
        "logits": (2, 3),
        "probabilities": (2, 3),
        "weights": (2, rows, 5),
        "contributions": (2, rows, 5, 3),
        "offsets": (2, rows, 5),
        "bias": (2, 3),
        "bias_offset": (2,),
    }
    if HEADS[head].weighted_mean:
        expected["values"] = (2, rows, 5, 3)
    if HEADS[head].alternative:
        expected["alternative"] = (2, rows, 5)
    assert shapes == expected
    assert set(engine.outputs) == set(expected)
    np.testing.assert_allclose(outputs["probabilities"].sum(axis=1), 1, atol=1e-6)


def test_gives_the_outputs_asked_for_in_their_names(trained):
    engine = Engine(trained("attention"))
    ids = np.array([[3, 4, 5]], np.int32)
    every = engine.run(ids)
    some = engine.run(ids, ["weights", "logits"])
    assert list(some) == ["weights", "logits"]
    assert all(np.array_equal(some[name], every[name]) for name in some)


def test_several_threads_get_the_same_results(trained):
    engine = Engine(trained("multi-head", "mlp"))
    random = np.random.default_rng(0)
    texts = [random.integers(1, 30, (1, 1 + i % 23)).astype(np.int32) for i in range(200)]
    wanted = [engine.run(ids) for ids in texts]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(engine.run, texts))
    for one, other in zip(found, wanted, strict=True):
        assert all(np.array_equal(one[name], other[name]) for name in other)


@pytest.mark.parametrize("graph", [b"", b"no graph", b"\x00" * 999], ids=["empty", "text", "zeros"])
def test_corrupt_graph_under_a_matching_hash(tmp_path, graph):
    with pytest.raises(CheckpointError, match="hotel/max cannot be loaded"):
        Engine(written(tmp_path, graph))


def test_truncated_graph_under_a_matching_hash(tmp_path, trained):
    whole = trained("max").path(ONNX).read_bytes()
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        Engine(written(tmp_path, whole[: len(whole) // 2]))


def test_graph_of_an_unknown_operator(tmp_path):
    Engine(written(tmp_path, small_graph()))
    model = onnx.load_from_string(small_graph())
    model.graph.node[0].op_type = "Divine"
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        Engine(written(tmp_path, model.SerializeToString()))


def wide_graph(operation: str, shape=(200_000, 200_000)) -> bytes:
    """A valid graph whose constants make one value as large as `shape`."""
    ids = helper.make_tensor_value_info("ids", TensorProto.INT32, ["batch", "time"])
    result = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, None)
    operands = ["sum", "shape"] if operation == "Expand" else ["shape"]
    nodes = [
        helper.make_node("Cast", ["ids"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["numbers"], ["sum"], keepdims=0),
        helper.make_node(operation, operands, ["large"]),
        helper.make_node("ReduceSum", ["large"], ["probabilities"]),
    ]
    constant = helper.make_tensor("shape", TensorProto.INT64, [len(shape)], shape)
    graph = helper.make_graph(nodes, "wide", [ids], [result], [constant])
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=10).SerializeToString()


@pytest.mark.parametrize("operation", ["Expand", "ConstantOfShape"])
def test_graph_that_asks_for_160_gigabytes_is_not_run(tmp_path, operation, monkeypatch):
    ids = np.ones((1, 3), np.int32)
    assert Engine(written(tmp_path, wide_graph(operation, shape=(20, 20)))).run(ids)
    monkeypatch.setattr("poolviz.engine.runtime.loaded", None)
    with pytest.raises(CheckpointError, match="for each token its graph asks for 160.0 GB"):
        Engine(written(tmp_path, wide_graph(operation)))


def test_graph_that_fails_while_it_runs(tmp_path):
    ids = helper.make_tensor_value_info("ids", TensorProto.INT32, ["batch", "time"])
    result = helper.make_tensor_value_info("same", TensorProto.INT32, None)
    shape = helper.make_tensor("shape", TensorProto.INT64, [2], [7, 11])
    node = helper.make_node("Reshape", ["ids", "shape"], ["same"])
    graph = helper.make_graph([node], "unfit", [ids], [result], [shape])
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=10)
    engine = Engine(written(tmp_path, model.SerializeToString()))
    with pytest.raises(CheckpointError, match="hotel/max cannot be run: its graph fails"):
        engine.run(np.ones((1, 3), np.int32))


def test_file_that_vanished_after_listing(tmp_path):
    checkpoint = written(tmp_path, small_graph())
    checkpoint.path(ONNX).unlink()
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        Engine(checkpoint)


def test_damaged_checkpoint_raises_its_damage(trained):
    damaged = replace(trained("max"), damage=CheckpointError("It is broken."))
    with pytest.raises(CheckpointError, match="It is broken"):
        Engine(damaged)
    missing = read(trained("max").folder / "nowhere")
    with pytest.raises(CheckpointError, match=CARD):
        Engine(missing)
