"""Arrays of a wrong shape or kind are found while tests run."""

import dataclasses

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from poolviz.trust.text.agreement import kendall_tau
from poolviz.views.panel import panel
from poolviz.views.view import View
from poolviz.views.words import fold_values
from tests.fakes import fake_explanation


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_right_shapes_stand(dtype):
    made = fake_explanation()
    weights = made.weights.astype(dtype)
    assert dataclasses.replace(made, weights=weights).weights.dtype == dtype


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("weights", lambda weights: weights[:, :-1]),  # a token less
        ("weights", lambda weights: weights[0]),  # an axis less
        ("contributions", lambda contributions: contributions.swapaxes(1, 2)),
        ("probabilities", lambda probabilities: probabilities[:-1]),
        ("bias", lambda bias: bias.astype(int)),
        ("offsets", lambda offsets: offsets.tolist()),
    ],
)
def test_a_wrong_shape_or_kind_is_found(name, change):
    made = fake_explanation()
    with pytest.raises(TypeCheckError, match=name):
        dataclasses.replace(made, **{name: change(getattr(made, name))})


def test_wrong_shapes_are_found_in_every_room():
    row = panel([fake_explanation()], View()).rows[0]
    with pytest.raises(TypeCheckError, match="values"):
        dataclasses.replace(row, values=row.values[None])
    with pytest.raises(TypeCheckError, match="starts"):
        fold_values(row.values, np.array([0.0, 1.0]))
    with pytest.raises(TypeCheckError, match="second"):
        kendall_tau(np.arange(3), np.arange(4))
