"""Times, long rows and distances of weights, over the test rows of the invented corpus."""

from itertools import count

import numpy as np
import pytest

from poolviz.checkpoints.checkpoint import ONNX, Checkpoint
from poolviz.engine.texts import Explainer
from poolviz.evaluation import measurements
from poolviz.evaluation.anatomy import divergence
from poolviz.evaluation.texts import read_test_rows

LN2 = np.log(2)


def ticking(step: float = 0.002):
    """A clock on which a second call is `step` seconds after the first."""
    ticks = count()
    return lambda: next(ticks) * step


def passes(chosen, corpus):
    return [read_test_rows(Explainer(checkpoint), corpus) for checkpoint in chosen]


@pytest.fixture(scope="module")
def measured(trained, corpus):
    """max, attention and multi-head, measured together."""
    chosen = [trained(head) for head in ("max", "attention", "multi-head")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measurements, "LONG", 30)
        return chosen, measurements.measure(passes(chosen, corpus), ticking())


def fake(head: str, seeds: float | None, folder) -> Checkpoint:
    """A card, a hash and nothing else."""
    card = {"head": head, "files": {ONNX: {"sha256": f"hash of {head}"}}}
    if seeds is not None:
        card["seeds"] = {"weight_distance": seeds}
    (folder / head).mkdir()
    return Checkpoint(folder / head, "invented", head, card)


def keep(checkpoint: Checkpoint, **distances: float) -> None:
    content = {
        "onnx_sha256": checkpoint.onnx_hash,
        "rows": 3,
        "explain": {"milliseconds": 1.0, "texts": 3, "tokens": 5.0},
        "long_rows": None,
        "weight_distance": {f"hash of {head}": value for head, value in distances.items()},
    }
    measurements.write(checkpoint, content)


def test_explaining_is_timed_by_the_clock(measured, corpus):
    texts = len(corpus.split("test"))
    for found in measured[1]:
        assert found["explain"]["milliseconds"] == pytest.approx(2)
        assert found["explain"]["texts"] == min(texts, measurements.TIMED_TEXTS)
        assert 3 <= found["explain"]["tokens"] <= 42


def test_explainers_take_turns():
    order = []

    class Noted:
        vocabulary = None

        def __init__(self, name):
            self.name = name

        def explain(self, text):
            order.append(self.name + text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            measurements,
            "encode_many",
            lambda texts, vocabulary: [np.zeros(int(text), np.int32) for text in texts],
        )
        found = measurements.explain_times([Noted("a"), Noted("b")], ["1", "3"], ticking(1.0))
    assert order == ["a1", "b1", "a1", "b1", "b3", "a3"]  # the first two warm up
    assert [one["milliseconds"] for one in found] == [1000, 1000]
    assert found[0]["tokens"] == 2


def test_long_rows_are_those_and_whole(measured, corpus):
    explainer = Explainer(measured[0][0])
    rows = corpus.split("test")
    explained = [explainer.explain(text) for text in rows["text"]]
    long = [i for i, explanation in enumerate(explained) if len(explanation.tokens) > 30]
    right = np.mean([explained[i].predicted_index == rows["label"][i] for i in long])
    found = measured[1][0]["long_rows"]
    assert 0 < len(long) == found["rows"] < len(rows)
    assert found["over"] == 30
    assert found["accuracy"]["value"] == pytest.approx(right)
    assert found["accuracy"]["low"] < right <= found["accuracy"]["high"]


def test_without_long_rows_nothing_is_said_of_them(trained, corpus):
    (found,) = measurements.measure(passes([trained("max")], corpus), ticking())
    assert found["long_rows"] is None
    assert found["weight_distance"] == {}


def test_distances_are_those_of_single_explanations(measured, corpus):
    chosen, found = measured
    first, second = (Explainer(chosen[i]) for i in (0, 2))
    by_hand = []
    for text in corpus.split("test")["text"]:
        rows = (explainer.explain(text).weights.mean(axis=0) for explainer in (first, second))
        by_hand.append(divergence(*rows))
    distance = found[0]["weight_distance"][chosen[2].onnx_hash]
    assert distance == pytest.approx(np.mean(by_hand), abs=1e-5)
    assert distance == found[2]["weight_distance"][chosen[0].onnx_hash]
    assert 0 < distance < LN2
    assert all(len(one["weight_distance"]) == 2 for one in found)


def test_written_and_read_only_for_the_same_model(measured, tmp_path):
    checkpoint = fake("max", 0.1, tmp_path)
    assert measurements.read(checkpoint) is None
    found = {**measured[1][0], "onnx_sha256": checkpoint.onnx_hash}
    measurements.write(checkpoint, found)
    assert measurements.read(checkpoint) == {"schema_version": 1, **found}
    measurements.write(checkpoint, measured[1][0])
    assert measurements.read(checkpoint) is None


def test_spread_by_hand(tmp_path):
    heads = [
        fake(head, seeds, tmp_path)
        for head, seeds in (
            ("max", 0.2),
            ("average", 0.0),
            ("attention", 0.1),
            ("multi-head", 0.03),
        )
    ]
    keep(heads[0], average=0.6, attention=0.3, **{"multi-head": 0.1})
    keep(heads[1], attention=0.6)
    keep(heads[3], attention=0.2)  # the other side of the pair was measured in another run
    spread = measurements.spread(heads)
    assert spread.heads == pytest.approx(0.2)
    assert spread.seeds == pytest.approx(0.11)
    assert list(spread.between_seeds) == ["max", "attention", "multi-head"]
    assert spread.to_other_heads("max") == pytest.approx(0.2)
    assert spread.to_other_heads("multi-head") == pytest.approx(0.15)


@pytest.mark.parametrize("seeds", [(0.2, 0.1), (0.2, None), (0.2, 0.0)])
def test_nothing_is_said_where_a_figure_is_missing(tmp_path, seeds):
    heads = [fake("max", seeds[0], tmp_path), fake("attention", seeds[1], tmp_path)]
    if seeds[1] is None:
        keep(heads[0], attention=0.3)
    assert measurements.spread(heads) is None
