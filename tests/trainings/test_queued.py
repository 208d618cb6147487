"""Real processes: one tiny training from the request to the checkpoint, and one that fails."""

import time

import pytest

from poolviz import places
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.engine.texts import Explainer
from poolviz.trainings import control
from poolviz.trainings.processes import work_off
from tests.trainings.helpers import FIT, queued, request

PATIENCE = 120  # seconds for a process to start and fail, on a machine with much else to do


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POOLVIZ_HOME", str(home))
        yield home


@pytest.fixture(scope="module")
def trained(home, tmp_path_factory) -> control.Training:
    """Two heads, trained in a process of their own."""
    name = queued(tmp_path_factory.mktemp("given"), "max", "average")
    work_off()
    return control.read(name)


class TestTraining:
    def test_it_is_done_and_its_models_are_there(self, trained):
        assert trained.status == "done", control.log(trained.id)
        found = {c.head: c for c in list_checkpoints([places.user_checkpoints()])}
        assert set(found) == {"max", "average"} == set(trained.state.made)
        for head, checkpoint in found.items():
            assert not checkpoint.damage
            assert (checkpoint.task, checkpoint.name) == (
                trained.state.made[head].task,
                trained.state.made[head].name,
            )
            assert checkpoint.card["training"]["epochs"] == FIT["epochs"]
            assert Explainer(checkpoint).explain("这家店的菜好吃").probabilities.sum() > 0.99

    def test_its_curve_has_every_epoch_of_every_head(self, trained):
        ends = [point for point in control.curve(trained.id) if "validation_loss" in point]
        assert [(p["head"], p["epoch"]) for p in ends] == [
            ("max", 1),
            ("max", 2),
            ("average", 1),
            ("average", 2),
        ]
        cards = {c.head: c.card for c in list_checkpoints([places.user_checkpoints()])}
        for point in ends:
            told = cards[point["head"]]["fit"]["history"][point["epoch"] - 1]
            assert {name: point[name] for name in told} == told

    def test_its_log_says_what_was_written(self, trained):
        for checkpoint in list_checkpoints([places.user_checkpoints()]):
            assert str(checkpoint.folder) in control.log(trained.id)
        assert trained.progress.share == 1


def test_a_detached_process_does_the_work_and_says_why_it_cannot(home, tmp_path):
    rows = tmp_path / "rows.tsv"
    rows.write_text("text\n很好\n不好\n", encoding="utf-8")
    name = control.start(request(), rows)
    end = time.monotonic() + PATIENCE
    while control.read(name).status in ("queued", "running") and time.monotonic() < end:
        time.sleep(0.1)
    found = control.read(name)
    assert (found.status, "labels" in str(found.state.error)) == ("failed", True)
