"""What visitors may have on a public server."""

import os

import pytest

from poolviz import places
from poolviz.errors import ChoiceError, TrainingError
from poolviz.trainings import control, spool
from poolviz.trainings.limits import Limits, forget_old, limits
from poolviz.trainings.report import Report
from tests.trainings.helpers import queued

pytestmark = pytest.mark.usefixtures("nobodys_machine")
ANN, BOB = "a" * 32, "b" * 32
DAY = 86_400


def say(monkeypatch, words: str) -> None:
    monkeypatch.setenv("POOLVIZ_TRAIN_LIMITS", words)


def model_of(owner: str, size: int, when: float | None = None):
    """A file of a visitor's models."""
    path = places.checkpoints_of(owner) / "mine" / "model.onnx"
    path.parent.mkdir(parents=True)
    path.write_bytes(bytes(size))
    if when is not None:
        for each in (path, *path.parents):
            if each.is_relative_to(places.visitors() / owner):
                os.utime(each, (when, when))
    return path


class TestSetting:
    def test_what_is_not_said_is_usual(self, monkeypatch):
        assert limits() == Limits()
        say(monkeypatch, "waiting=1  days=7")
        assert limits() == Limits(waiting=1, days=7)

    @pytest.mark.parametrize(
        "word", ["wait=1", "waiting", "waiting=", "waiting=-1", "days=x", "=3"]
    )
    def test_another_word_is_named(self, monkeypatch, word):
        say(monkeypatch, f"days=7 {word}")
        with pytest.raises(ChoiceError, match=f"'{word}' is no limit"):
            limits()


class TestWaiting:
    def test_each_visitor_has_so_many(self, monkeypatch, tmp_path):
        say(monkeypatch, "waiting=2")
        for owner in (ANN, ANN, BOB):
            last = queued(tmp_path / "given", owner=owner)
        with pytest.raises(TrainingError, match="2 of your trainings"):
            queued(tmp_path / "given", owner=ANN)
        control.cancel(last)
        control.cancel(queued(tmp_path / "given", owner=BOB))

    def test_what_has_ended_does_not_count(self, monkeypatch, tmp_path):
        say(monkeypatch, "waiting=1")
        for _ in range(3):
            control.cancel(queued(tmp_path / "given", owner=ANN))

    def test_all_visitors_have_so_many(self, monkeypatch, tmp_path):
        say(monkeypatch, "waiting_in_all=1")
        queued(tmp_path / "given", owner=ANN)
        with pytest.raises(TrainingError, match="Too many trainings wait"):
            queued(tmp_path / "given", owner=BOB)

    def test_whoever_has_the_machine_has_no_limits(self, monkeypatch, tmp_path):
        say(monkeypatch, "waiting=0 waiting_in_all=0 megabytes=0 megabytes_in_all=0")
        assert queued(tmp_path / "given") != queued(tmp_path / "given")

    def test_resuming_counts(self, monkeypatch, tmp_path):
        say(monkeypatch, "waiting=1")
        first = queued(tmp_path / "given", owner=ANN)
        control.cancel(first)
        queued(tmp_path / "given", owner=ANN)
        with pytest.raises(TrainingError, match="1 of your trainings"):
            control.resume(first, lambda: None)
        assert control.read(first).status == "cancelled"


class TestSize:
    def test_of_one_visitor(self, monkeypatch, tmp_path):
        say(monkeypatch, "megabytes=1")
        model_of(BOB, 1_000_000)
        queued(tmp_path / "given", owner=ANN)
        with pytest.raises(TrainingError, match="take 1 MB, of 1 MB"):
            queued(tmp_path / "given", owner=BOB)

    def test_of_all_visitors(self, monkeypatch, tmp_path):
        say(monkeypatch, "megabytes_in_all=1")
        model_of(BOB, 1_000_000)
        with pytest.raises(TrainingError, match="no room for more models"):
            queued(tmp_path / "given", owner=ANN)


class TestAge:
    NOW = 2_000_000_000.0

    def test_what_is_old_is_deleted_with_its_trainings(self, tmp_path):
        old = model_of(ANN, 1, self.NOW - 91 * DAY)
        new = model_of(BOB, 1, self.NOW - 89 * DAY)
        training = spool.folder_of(queued(tmp_path / "given", owner=ANN))
        control.cancel(training.name)
        for path in (training, *training.rglob("*")):
            os.utime(path, (0, 0))
        forget_old(control.list_trainings(), self.NOW)
        assert (old.exists(), training.exists(), new.exists()) == (False, False, True)

    def test_what_runs_or_was_added_to_keeps_all_of_its_visitor(self, tmp_path):
        old = model_of(ANN, 1, self.NOW - 91 * DAY)
        running = model_of(BOB, 1, self.NOW - 91 * DAY)
        added = old.parent / "new"
        added.write_text("")
        os.utime(added, (self.NOW, self.NOW))
        name = queued(tmp_path / "given", owner=BOB)
        with spool.alive(spool.folder_of(name)):
            Report(spool.folder_of(name))
            for path in (spool.folder_of(name), *spool.folder_of(name).rglob("*")):
                os.utime(path, (0, 0))
            forget_old(control.list_trainings(), self.NOW)
        assert old.exists() and running.exists()

    def test_a_clock_that_goes_back_deletes_nothing(self):
        kept = model_of(ANN, 1, self.NOW)
        forget_old([], self.NOW - 1_000 * DAY)
        assert kept.exists()

    def test_it_is_looked_at_whenever_something_is_started(self, tmp_path):
        old = model_of(ANN, 1, 1_000.0)
        queued(tmp_path / "given")
        assert not old.exists()
