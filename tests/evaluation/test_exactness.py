"""The two read-outs against each other: collected from cards, kept, read, compared."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from poolviz.checkpoints.checkpoint import ONNX, Checkpoint
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.names import checkpoint_name
from poolviz.evaluation import exactness, predictions
from poolviz.evaluation.intervals import mean_difference
from tests.invented import CARD_FIELDS

LINEAR, MLP = [0.84, 0.85, 0.86], [0.87, 0.88, 0.89]


def checkpoint(root, head="max", readout="linear", accuracy=LINEAR, **changes) -> Checkpoint:
    """A card as training writes it, without the model."""
    name = checkpoint_name(head, readout)
    card = {
        **CARD_FIELDS,
        "head": head,
        "readout": readout,
        "data": {"files": [{"sha256": "of the file"}]},
        "model": {"head": head, "readout": readout, "embedding": 8},
        "vocabulary": {"size": 9, "min_frequency": 1},
        "training": {"epochs": 3},
        "seeds": {"seeds": [0, 1, 2], "accuracy": accuracy},
        "command": f"python -m poolviz train --readout {readout}",
        "files": {ONNX: {"sha256": f"{name} model"}},
        **changes,
    }
    folder = root / "invented" / name
    folder.mkdir(parents=True, exist_ok=True)
    return Checkpoint(folder, "invented", name, card)


@pytest.fixture
def pair(tmp_path):
    return [checkpoint(tmp_path), checkpoint(tmp_path, readout="mlp", accuracy=MLP)]


def test_heads_with_both_read_outs_are_collected(pair, tmp_path):
    alone = checkpoint(tmp_path, "attention")
    found = exactness.collect([*pair, alone], "invented")
    assert list(found) == ["max"]
    assert found["max"]["mlp"]["seeds"]["accuracy"] == MLP
    assert found["max"]["mlp"]["command"].endswith("--readout mlp")
    assert found["max"]["linear"]["model"]["embedding"] == 8
    assert exactness.collect(pair, "another") == {}


def predicted(right) -> pd.DataFrame:
    """Predictions for as many rows, right on some of them."""
    ones = np.ones(len(right), np.int16)
    columns = {"key": np.arange(len(right), dtype=np.uint64), "label": ones}
    return pd.DataFrame({**columns, "predicted": np.array(right, np.int16), "probability": 0.9})


def test_rows_count_where_both_predictions_are_at_hand(pair):
    exact, estimate = [1, 1, 0, 0] * 25, [1, 0, 1, 1] * 25
    predictions.write(pair[0], predicted(exact))
    assert exactness.ROW_ERROR not in exactness.collect(pair, "invented")["max"]["mlp"]
    predictions.write(pair[1], predicted(estimate))
    found = exactness.collect(pair, "invented")
    error = np.std(np.subtract(estimate, exact), ddof=1) / 10
    assert found["max"]["mlp"][exactness.ROW_ERROR] == pytest.approx(error)
    cost, alone = exactness.mean_cost(found), exactness.costs(found)["max"]
    assert cost.rows_too and cost == alone
    narrow = mean_difference([(LINEAR, MLP)]).interval
    assert cost.difference.low < narrow.low < narrow.high < cost.difference.high


@pytest.mark.parametrize(
    "changes",
    [
        {"training": {"epochs": 4}},
        {"vocabulary": {"size": 9, "min_frequency": 2}},
        {"model": {"head": "max", "readout": "mlp", "embedding": 16}},
        {"data": {"files": [{"sha256": "of another file"}]}},
        {"seeds": {"seeds": [0], "accuracy": [0.9]}},
        {"seeds": None},
    ],
)
def test_only_what_was_trained_alike_is_compared(pair, changes):
    card = {name: value for name, value in (pair[1].card | changes).items() if value is not None}
    assert exactness.collect([pair[0], replace(pair[1], card=card)], "invented") == {}


def test_written_and_read_where_one_side_is_not_at_hand(pair):
    folder = pair[0].folder.parent
    assert exactness.update(folder, {}) is None
    place = exactness.update(folder, exactness.collect(pair, "invented"))
    assert place == folder / "readouts.json"
    assert json.loads(place.read_text("utf-8"))["schema_version"] == 1
    assert exactness.read(pair[:1]) == exactness.collect(pair, "invented")


def test_heads_that_are_not_at_hand_stay_and_those_at_hand_are_renewed(pair, tmp_path):
    folder = pair[0].folder.parent
    exactness.update(folder, exactness.collect(pair, "invented"))
    others = [
        checkpoint(tmp_path, "attention", readout, accuracy)
        for readout, accuracy in (("linear", LINEAR), ("mlp", LINEAR))
    ]
    exactness.update(folder, exactness.collect(others, "invented"))
    assert list(exactness.read(pair)) == ["max", "attention"]
    renewed = [pair[0], checkpoint(tmp_path, readout="mlp", accuracy=LINEAR)]
    exactness.update(folder, exactness.collect(renewed, "invented"))
    assert exactness.read(pair)["max"]["mlp"]["seeds"]["accuracy"] == LINEAR


def test_a_head_that_was_trained_anew_since_is_left_out(pair, tmp_path):
    exactness.update(pair[0].folder.parent, exactness.collect(pair, "invented"))
    anew = checkpoint(tmp_path, files={ONNX: {"sha256": "another model"}})
    assert exactness.read([anew]) == {}


def test_costs(pair, tmp_path):
    others = [checkpoint(tmp_path, "attention", readout) for readout in ("linear", "mlp")]
    pairs = exactness.collect([*pair, *others], "invented")
    costs = exactness.costs(pairs)
    assert costs["max"].difference.value == pytest.approx(0.03)
    assert costs["max"].difference.low > 0
    assert costs["attention"].difference.value == pytest.approx(0)
    overall = exactness.mean_cost(pairs)
    assert overall.difference.value == pytest.approx(0.015)
    assert (overall.exact, overall.estimate) == pytest.approx((0.85, 0.865))
    assert overall.seeds == 3


def test_the_file_is_no_checkpoint(pair, tmp_path):
    exactness.update(pair[0].folder.parent, exactness.collect(pair, "invented"))
    assert [found.name for found in list_checkpoints([tmp_path])] == ["max", "max-mlp"]
