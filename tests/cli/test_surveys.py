"""Queued work on models that are there: what it leaves beside their cards, and what it says."""

import pytest

from poolviz import places
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.cli.work import surveys
from poolviz.datasets import CATALOGUE
from poolviz.errors import CheckpointError
from poolviz.evaluation import measurements, predictions
from poolviz.trainings import control
from poolviz.trainings.report import Report
from poolviz.trainings.request import EVALUATE, TRUST, Request
from poolviz.trust.rows import results
from poolviz.watch import Cancelled
from tests import invented
from tests.copies import copied


@pytest.fixture
def asked(nobodys_machine, monkeypatch, trained):
    """`asked(work, *heads)`: a request and its report, for a model of one's own."""
    monkeypatch.setitem(CATALOGUE, "invented", invented.dataset())
    copied(trained("max"), places.user_checkpoints())

    def ask(work: str, *heads: str) -> tuple[Request, Report]:
        request = Request(work, "invented", heads, sample=5)
        name = control.start(request, wake=lambda: None)
        return request, Report(control.read(name).folder)

    return ask


def own():
    return next(c for c in list_checkpoints([places.user_checkpoints()]) if c.head == "max")


def test_measuring_leaves_what_the_results_page_shows(asked, corpus):
    request, report = asked(EVALUATE, "max")
    surveys.evaluate(request, corpus, report)
    assert predictions.read(own()) is not None and measurements.read(own()) is not None
    assert set(report.state.made) == {"max"}
    assert report.state.progress.share == 1.0


def test_a_survey_leaves_what_the_trust_page_shows(asked, corpus):
    request, report = asked(TRUST, "max")
    surveys.survey_trust(request, corpus, report)
    assert results.read_summary(own())["rows"] == 5
    assert set(report.state.made) == {"max"}


def test_it_can_be_stopped(asked, corpus):
    request, report = asked(TRUST, "max")
    (report.folder / "stop").touch()
    with pytest.raises(Cancelled):
        surveys.survey_trust(request, corpus, report)
    assert results.read_summary(own()) is None


def test_a_model_that_is_not_there_is_named(asked, corpus):
    request, report = asked(EVALUATE, "max", "attention")
    with pytest.raises(CheckpointError, match="has no checkpoint for attention"):
        surveys.evaluate(request, corpus, report)
