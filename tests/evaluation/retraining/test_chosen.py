"""Settings chosen anew: the file beside the checkpoints, and the lines that follow."""

import pytest

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.evaluation.comparison import mcnemar
from poolviz.evaluation.retraining import chosen
from poolviz.values.interval import Interval
from tests.copies import copied


def model(**changed):
    return {
        "head": "max",
        "readout": "linear",
        "onnx_sha256": "0" * 64,
        "setting": "defaults",
        "validation_loss": 0.3,
        "accuracy": {"value": 0.9, "low": 0.88, "high": 0.92},
        "only_chosen": 12,
        "only_shipped": 30,
    } | changed


FOUND = {
    "command": "python docs/choosing/hotel.py test FOLDER",
    "settings": ["defaults", "shipped"],
    "seconds": 100,
    "models": [model()],
}


@pytest.fixture
def shipped(tmp_path):
    return copied(read(places.SHIPPED_CHECKPOINTS / "bbc_news" / "max"), tmp_path)


def test_a_line_has_the_shipped_model_beside_the_one_chosen_anew(shipped):
    own = model(onnx_sha256=shipped.onnx_hash)
    chosen.write(shipped.folder.parent, {**FOUND, "models": [own, model(only_shipped=12)]})
    [line] = chosen.lines([shipped])
    assert line["setting"] == "defaults"
    assert line["accuracy"] == Interval.read(shipped.card["test"]["accuracy"])
    assert line["accuracy, chosen anew"] == Interval(0.9, 0.88, 0.92)
    # Of two tests the smaller p-value counts twice.
    assert line["p, chosen anew"] == pytest.approx(2 * mcnemar(12, 30))


def test_of_other_models_nothing_is_said(shipped):
    assert chosen.lines([shipped]) == []
    chosen.write(shipped.folder.parent, FOUND)
    assert chosen.lines([shipped]) == []
