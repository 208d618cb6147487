"""The line at the foot of a figure."""

from dataclasses import replace

import pytest

from poolviz import language
from poolviz.figures.method import method, method_of
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.fakes import fake_explanation


def test_it_names_data_set_readout_and_exactness():
    exact, estimate = fake_explanation(), fake_explanation(readout="mlp")
    assert method_of(panel([exact], View())) == "hotel-reviews, linear read-out, adds up exactly"
    assert "mlp read-out, approximate" in method_of(panel([exact, estimate], View()))


@pytest.fixture
def spoken():
    yield language.use
    language.use("en")


def test_a_data_set_of_the_catalogue_has_its_title(spoken):
    one = replace(fake_explanation(), dataset="chnsenticorp_htl_all")
    assert method(one).startswith("Hotel reviews, ")
    spoken("zh_CN")
    assert "酒店评论" in method(one)
