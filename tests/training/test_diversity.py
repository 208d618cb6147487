"""The penalty on rows of weights that are alike, by hand and in a training."""

import numpy as np
import pytest

from poolviz.errors import TrainingError
from poolviz.model.options import ModelOptions
from poolviz.training.diversity import likeness_of_rows


def test_the_penalty_by_hand():
    # A Aᵀ = [[.5, .25], [.25, .375]]; minus I: [[-.5, .25], [.25, -.625]]
    first = [[0.5, 0.5, 0.0], [0.25, 0.25, 0.5]]
    second = [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    by_hand = (0.5**2 + 2 * 0.25**2 + 0.625**2 + 0) / 2
    assert float(likeness_of_rows(np.array([first, second]))) == pytest.approx(by_hand)


def test_padding_does_not_change_it():
    weights = np.random.default_rng(0).dirichlet(np.ones(5), size=(3, 4))
    padded = np.pad(weights, ((0, 0), (0, 0), (0, 7)))
    assert float(likeness_of_rows(padded)) == pytest.approx(float(likeness_of_rows(weights)))


@pytest.mark.parametrize("value", [-0.1, float("inf"), float("nan")])
def test_a_weight_is_a_number_from_0_on(value):
    with pytest.raises(TrainingError, match="diversity must be at least 0"):
        ModelOptions("multi-head", diversity=value)


def test_a_head_of_one_row_has_nothing_to_keep_apart():
    with pytest.raises(TrainingError, match="max has one row"):
        ModelOptions("max", diversity=0.1)


def test_a_training_with_it_has_rows_that_are_less_alike(prepared):
    from tests import invented

    likeness = []
    for weight in (0.0, 3.0):
        options = ModelOptions("multi-head", diversity=weight, **invented.MODEL)
        model = prepared.fit(options, invented.TRAINING).model
        ids = np.array([each[:6] for each in prepared.test.ids if len(each) >= 6][:50])
        likeness.append(float(likeness_of_rows(model(ids)["weights"])))
    assert likeness[1] < 0.8 * likeness[0]
