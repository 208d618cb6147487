"""Real processes: one tiny training from the request to the checkpoint, and one that fails."""

import subprocess
import sys
import time

import pytest

from poolviz import places
from poolviz.checkpoints import film
from poolviz.checkpoints.checkpoint import read
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.cli.work.queued import carry_out
from poolviz.engine.texts import Explainer
from poolviz.evaluation import measurements
from poolviz.trainings import control, spool
from poolviz.trainings.processes import COMMAND, work_off
from poolviz.trainings.request import EVALUATE, TRUST
from poolviz.trust.rows import results
from tests.trainings.helpers import FIT, queued, request

PINNED = "这家店的菜好吃"
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
    given = tmp_path_factory.mktemp("given")
    name = queued(given, "max", "average", pinned=(PINNED, "好吃"))
    work_off()
    return control.read(name)


class TestTraining:
    def test_it_is_done_and_its_models_are_there(self, trained):
        assert trained.status == "done", control.log(trained.id)
        found = {c.head: c for c in list_checkpoints([places.user_checkpoints()])}
        assert set(found) == {"max", "average"} == set(trained.state.made)
        for head, checkpoint in found.items():
            assert not checkpoint.damage
            made = trained.state.made[head]
            assert (made.task, made.name) == ("mine", head)
            assert trained.model_folder(head) == checkpoint.folder
            assert checkpoint.card["training"]["epochs"] == FIT["epochs"]
            assert Explainer(checkpoint).explain(PINNED).probabilities.sum() > 0.99

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

    def test_pinned_sentences_were_filmed(self, trained):
        for checkpoint in list_checkpoints([places.user_checkpoints()]):
            found = film.read(checkpoint)
            assert found.sentences == (tuple(PINNED), ("好", "吃"))
            history = checkpoint.card["fit"]["history"]
            assert found.validation_loss == tuple(epoch["validation_loss"] for epoch in history)
            best = found.weights[checkpoint.card["fit"]["best_epoch"] - 1][0]
            assert best == pytest.approx(Explainer(checkpoint).explain(PINNED).weights, abs=1e-5)

    def test_what_was_kept_to_go_on_is_gone(self, trained):
        assert not (trained.folder / spool.FITS).exists()

    def test_surveys_of_its_models_are_queued_like_trainings(self, trained):
        """A process of its own would load no other code: it is done in this one."""
        asked = {"work": EVALUATE}, {"work": TRUST, "sample": 4}
        for changes in asked:
            name = control.start(request("max", "average", **changes), trained.file, lambda: None)
            assert carry_out(name), control.read(name).state.error
            assert control.read(name).progress.share == 1
        for checkpoint in list_checkpoints([places.user_checkpoints()], "mine"):
            assert results.read_summary(checkpoint)["rows"] == 4
            assert measurements.read(checkpoint)


def ends(name: str) -> list[int]:
    """The epochs that are over, in the order of the curve."""
    return [point["epoch"] for point in control.curve(name) if "validation_loss" in point]


def test_killed_it_goes_on_and_cancelled_it_keeps_its_best_epoch(home, tmp_path):
    """A training that would take for ever is killed in its middle, resumed, and cancelled."""
    fit = {**FIT, "epochs": 10_000, "patience": 10_000, "learning_rate": 1e-5}
    name = queued(tmp_path, dataset="endless", fit=fit, pinned=(PINNED,))
    process = subprocess.Popen(
        [sys.executable, *COMMAND, name],
        env=places.for_children(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: len(ends(name)) > 2)
    assert control.read(name).status == "running"
    process.kill()
    process.wait()
    assert control.read(name).status == "broken"
    before = ends(name)
    control.resume(name)
    until(lambda: ends(name)[-1] > before[-1] + 2)
    control.cancel(name)
    until(lambda: control.read(name).status not in ("running", "queued"))
    found = control.read(name)
    assert found.status == "cancelled", control.log(name)
    epochs = ends(name)
    assert epochs == list(range(1, len(epochs) + 1))
    assert found.state.made["max"].stopped
    checkpoint = read(found.model_folder("max"))
    assert not checkpoint.damage
    assert checkpoint.card["fit"]["stopped"]
    assert checkpoint.card["fit"]["epochs"] == len(epochs) == len(film.read(checkpoint))


def until(true) -> None:
    """Wait for processes; a test that waits in vain fails."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_detached_process_does_the_work_and_says_why_it_cannot(home, tmp_path):
    rows = tmp_path / "rows.tsv"
    rows.write_text("text\n很好\n不好\n", encoding="utf-8")
    name = control.start(request(), rows)
    until(lambda: control.read(name).status not in ("queued", "running"))
    found = control.read(name)
    assert (found.status, "labels" in str(found.state.error)) == ("failed", True)
