"""What keeping rows of weights apart does: the file, the effects, how far rows are apart."""

import json
import math

import numpy as np
import pytest

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.evaluation.retraining import diversity
from tests.copies import copied

FOUND = {
    "head": "multi-head",
    "rows": 10,
    "trust_rows": 5,
    "command": "python -m tests.benchmarks.diversity bbc_news",
    "trainings": [
        {
            "diversity": 1.0,
            "seeds": [0, 1, 2],
            "apart": [0.3, 0.3, 0.3],
            "accuracy": [0.8, 0.82, 0.84],
            "believed": [0.6, 0.7, 0.8],
        },
        {
            "diversity": 0.0,
            "seeds": [0, 1, 2],
            "apart": [0.1, 0.1, 0.1],
            "accuracy": [0.9, 0.9, 0.93],
            "believed": [0.5, 0.6, 0.7],
        },
    ],
}


def test_rows_are_as_far_apart_as_their_pairs_in_the_mean():
    weights = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    assert diversity.rows_apart(weights) == pytest.approx(2 / 3 * math.log(2))
    assert diversity.rows_apart(weights[1:]) == 0


def test_effects_are_differences_to_trainings_without_it():
    without, strong = (diversity.effects(FOUND)[weight] for weight in (0.0, 1.0))
    assert without["apart"] == diversity.Effect(pytest.approx(0.1), None)
    assert strong["accuracy"].mean == pytest.approx(0.82)
    change = strong["accuracy"].difference
    assert change.value == pytest.approx(-0.09) and change.low < -0.09 < change.high
    assert strong["apart"].difference.value == pytest.approx(0.2)


def test_the_file_stands_beside_the_checkpoints(tmp_path):
    checkpoint = copied(read(places.SHIPPED_CHECKPOINTS / "bbc_news" / "max"), tmp_path)
    assert diversity.read([checkpoint]) is None
    place = diversity.write(checkpoint.folder.parent, FOUND)
    assert diversity.read([checkpoint])["trainings"] == FOUND["trainings"]
    place.write_text(json.dumps({"schema_version": 99}))
    assert diversity.read([checkpoint]) is None
