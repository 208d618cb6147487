"""Max pooling channel by channel: what each takes and adds, and the diagram of it."""

import re

import numpy as np
import pytest

from poolviz.engine.texts import Explainer
from poolviz.figures.texts.channels import channels_html
from poolviz.text.encoding import encode
from poolviz.trust.ablation.network import Network
from poolviz.trust.text.channels import channels

TEXT = "好吃<b>的菜&茶，我们今天很喜欢"


@pytest.fixture(scope="module", params=["linear", "mlp"])
def case(request, trained):
    checkpoint = trained("max", request.param)
    explainer = Explainer(checkpoint)
    ids = encode(TEXT, explainer.vocabulary).ids
    return explainer.explain(TEXT), channels(Network(checkpoint), ids), request.param


def test_the_parts_of_the_channels_are_the_contributions(case):
    explanation, found, _readout = case
    np.testing.assert_allclose(found.shares @ found.parts, explanation.contributions[0], atol=1e-4)
    alive = found.maxima > 0
    np.testing.assert_allclose(found.shares.sum(axis=0), alive)
    np.testing.assert_allclose(found.slopes.sum(axis=1), 0, atol=1e-9)
    shares = found.shares[:, alive].mean(axis=1)
    np.testing.assert_allclose(shares, explanation.weights[0], atol=1e-5)


def test_channels_stand_by_the_token_that_they_take(case):
    _explanation, found, _readout = case
    order = found.sorted(1)
    assert sorted(order) == list(np.flatnonzero(found.maxima > 0))
    firsts = (found.shares[:, order] > 0).argmax(axis=0)
    assert (np.diff(firsts) >= 0).all()
    parts = found.parts[order, 1]
    assert all(parts[i] >= parts[i + 1] for i in np.flatnonzero(np.diff(firsts) == 0))


def test_the_diagram_has_a_row_a_token_and_a_mark_a_share(case):
    explanation, found, readout = case
    drawn = channels_html(explanation, found, 2)
    rows = re.findall(r'data-position="(\d+)"', drawn)
    assert rows == [str(t + 1) for t in np.flatnonzero(found.shares.sum(axis=1))]
    assert drawn.count("<i style=") == int((found.shares > 0).sum())
    assert "<b>" not in drawn.split("</style>")[1]
    channel = int(found.sorted(2)[0])
    assert f"channel {channel + 1}: maximum" in drawn
    assert f"{found.slopes[channel, 2]:+.3f}" in drawn
    assert ("an estimate" in drawn) == (readout == "mlp")
