"""Runs on disk: which models are of one, which run is shown, and what is said of runs."""

import json
import os
import shutil

import pytest

from poolviz import places
from poolviz.checkpoints.checkpoint import CARD, FILES, read, write
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.marks import FILE
from poolviz.checkpoints.runs import (
    delete,
    delete_model,
    find_run,
    keep,
    name_for,
    rename,
    runs_of,
    same_choice,
)
from poolviz.errors import ChoiceError
from tests.invented import CARD_FIELDS

TASK = "hotel"
FIRST, SECOND = "a" * 64, "b" * 64
HOSTILE = "<img src=x onerror=alert(1)> “ابج” 第一次 🎯"


def make_files(folder):
    for file in FILES:
        (folder / file).write_bytes(file.encode())


@pytest.fixture
def own(tmp_path, monkeypatch):
    """The user's folder, on a machine with nothing shipped."""
    monkeypatch.setattr(places, "SHIPPED_CHECKPOINTS", tmp_path / "shipped")
    monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path / "home"))
    return places.user_checkpoints()


def trained(identity, day, accuracy=0.5, **fields):
    """The card of a training of this run on a day of November."""
    epoch = {"validation_accuracy": accuracy, "validation_loss": 1.0}
    test = {**CARD_FIELDS["test"], "accuracy": dict.fromkeys(("value", "low", "high"), accuracy)}
    return {
        **CARD_FIELDS,
        "run": {"identity": identity},
        "trained": f"2026-11-{day:02}T10:00:00+00:00",
        "fit": {"seconds": 1, "best_epoch": 1, "history": [epoch]},
        "test": test,
        "model": {"embedding": 8},
        **fields,
    }


def put(root, identity=FIRST, day=1, name="max", accuracy=0.5, **fields):
    return write(root, TASK, name, trained(identity, day, accuracy, **fields), make_files)


def runs():
    return runs_of(list_checkpoints(), TASK)


class TestPlace:
    def test_a_run_has_a_folder_of_its_own(self, own):
        written = put(own)
        assert written.folder == own / TASK / f"run-{'a' * 12}" / "max"
        assert (written.task, written.name, written.run.id) == (TASK, "max", "a" * 12)
        assert read(written.folder) == written
        assert list_checkpoints() == [written]

    def test_one_name_in_two_runs_is_two_models(self, own):
        put(own, FIRST), put(own, SECOND)
        assert [c.run.id[0] for c in list_checkpoints(task=TASK)] == ["a", "b"]

    def test_damage_names_the_data_set_and_stays_in_its_run(self, own):
        written = put(own)
        (written.folder / CARD).unlink()
        [found] = list_checkpoints()
        assert f"{TASK}/max is damaged" in str(found.damage)
        assert (found.task, found.run.id) == (TASK, "a" * 12)

    def test_an_old_one_lies_beside_the_runs_and_is_of_the_one_with_the_same_facts(self, own):
        old = write(own, TASK, "average", CARD_FIELDS | {"head": "average"}, make_files)
        assert old.folder == own / TASK / "average"
        put(own)
        [run] = runs()
        assert [c.name for c in run.checkpoints] == ["average", "max"]

    def test_old_ones_of_other_files_are_a_run_of_their_own(self, own):
        for name, digit in (("max", "1"), ("average", "2"), ("attention", "2")):
            data = {"files": [{"name": "rows.csv", "sha256": digit * 64}]}
            write(own, TASK, name, CARD_FIELDS | {"head": name, "data": data}, make_files)
        assert sorted(len(run.checkpoints) for run in runs()) == [1, 2]


class TestStanding:
    def test_the_newest_is_shown_unasked(self, own):
        put(own, FIRST, day=2), put(own, SECOND, day=1), put(own, SECOND, day=3, name="average")
        newest, older = runs()
        assert (newest.id[0], newest.trained.day, older.trained.day) == ("b", 3, 2)

    def test_a_kept_one_is_shown_before_newer_ones(self, own):
        put(own, FIRST, day=1), put(own, SECOND, day=2)
        keep(runs()[1])
        assert [run.id[0] for run in runs()] == ["a", "b"]
        keep(runs()[0], False)
        assert [run.id[0] for run in runs()] == ["b", "a"]

    def test_without_a_date_that_of_the_card_counts(self, own):
        put(own, SECOND, day=2)
        old = put(own, FIRST, trained="yesterday")
        os.utime(old.folder / CARD, (0, 0))
        assert [run.trained.year for run in runs()] == [2026, 1970]

    def test_what_is_shipped_without_a_date_comes_last(self, own):
        put(places.SHIPPED_CHECKPOINTS, SECOND, trained=None)
        put(own, FIRST)
        assert [run.trained is None for run in runs()] == [False, True]
        assert [len(run.own) for run in runs()] == [1, 0]

    def test_the_best_accuracy_stands_for_a_run(self, own):
        put(own, accuracy=0.5), put(own, name="average", accuracy=0.75)
        assert runs()[0].accuracy == 0.75


class TestSaid:
    @pytest.mark.parametrize("name", [HOSTILE, "первый", "ก", "  with spaces  "])
    def test_a_name_in_any_script(self, own, name):
        put(own)
        rename(runs()[0], name)
        assert runs()[0].mark.name == name.strip()
        assert find_run(runs(), name.strip()).id == "a" * 12
        rename(runs()[0], "")
        assert runs()[0].mark.name == ""
        assert not (own / TASK / FILE).exists()

    @pytest.mark.parametrize("name", ["two\nlines", "x" * 61, "a\x00b", "a\u202eb"])
    def test_a_name_that_cannot_be_shown(self, own, name):
        put(own)
        with pytest.raises(ChoiceError, match="up to 60 characters"):
            rename(runs()[0], name)

    def test_the_name_stays_when_the_run_gets_an_identity(self, own):
        write(own, TASK, "average", CARD_FIELDS | {"head": "average"}, make_files)
        rename(runs()[0], "before")
        put(own)
        assert [run.mark.name for run in runs()] == ["before"]

    @pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema_version": 1, "runs": {"a": 7}}'])
    def test_a_damaged_file_says_nothing(self, own, content):
        put(own)
        (own / TASK / FILE).write_text(content)
        assert runs()[0].mark.name == ""

    def test_what_is_said_of_a_shipped_run_is_the_users(self, own):
        put(places.SHIPPED_CHECKPOINTS)
        rename(runs()[0], "shipped")
        assert runs()[0].mark.name == "shipped"
        assert json.loads((own / TASK / FILE).read_text())["runs"]
        assert not (places.SHIPPED_CHECKPOINTS / TASK / FILE).exists()

    @pytest.mark.parametrize("said", ["", "c", "ab"])
    def test_a_run_that_is_not_there(self, own, said):
        put(own, "ab" * 32), put(own, "abc" * 21 + "a")
        with pytest.raises(ChoiceError, match="names no run, or several"):
            find_run(runs(), said)
        assert find_run(runs(), "aba").id == "ab" * 6


class TestDeleting:
    def test_a_run_goes_with_its_folder_and_name(self, own):
        put(own, FIRST), put(own, FIRST, name="average"), put(own, SECOND)
        first = find_run(runs(), "aaa")
        rename(first, "gone")
        delete(first)
        assert [run.id[0] for run in runs()] == ["b"]
        left = {path.name for path in (own / TASK).iterdir()}
        assert left == {f"run-{'b' * 12}", ".runs.json.lock"}

    def test_a_model_goes_alone(self, own):
        put(own), put(own, name="average")
        delete_model(runs()[0].checkpoints[0])
        assert [c.name for c in list_checkpoints()] == ["max"]

    def test_a_damaged_model_can_go(self, own):
        (put(own).folder / CARD).unlink()
        delete_model(list_checkpoints()[0])
        assert list_checkpoints() == []

    def test_old_ones_beside_the_runs_go_alone(self, own):
        write(own, TASK, "average", CARD_FIELDS | {"head": "average"}, make_files)
        put(own, SECOND, classes=["a", "b"])
        delete(next(run for run in runs() if run.id[0] != "b"))
        assert [c.name for c in list_checkpoints()] == ["max"]

    def test_what_is_kept_stays(self, own):
        put(own)
        keep(runs()[0])
        for call in (lambda: delete(runs()[0]), lambda: delete_model(runs()[0].checkpoints[0])):
            with pytest.raises(ChoiceError, match="is kept"):
                call()
        assert len(runs()) == 1

    def test_what_is_shipped_stays(self, own):
        put(places.SHIPPED_CHECKPOINTS)
        with pytest.raises(ChoiceError, match="came with poolviz"):
            delete(runs()[0])
        put(own, name="average")
        delete(runs()[0])
        assert [c.name for c in list_checkpoints()] == ["max"]


class TestTrainingAgain:
    def draft(self, own, **fields):
        written = put(own / "draft", **fields)
        shutil.rmtree(own / "draft")
        return written

    def name(self, own, draft):
        return name_for("max", own, draft)

    def test_the_first_has_the_usual_name(self, own):
        assert self.name(own, self.draft(own)) == "max"

    def test_the_same_options_and_result_take_the_place(self, own):
        put(own)
        assert self.name(own, self.draft(own, day=9)) == "max"

    @pytest.mark.parametrize(
        "change", [{"accuracy": 0.4}, {"accuracy": 0.9}, {"model": {"embedding": 4}}]
    )
    def test_another_one_is_kept_beside_it(self, own, change):
        put(own)
        assert self.name(own, self.draft(own, **change)) == "max.2"
        put(own, name="max.2", accuracy=0.1)
        assert self.name(own, self.draft(own, **change)) == "max.3"

    def test_another_run_is_not_in_the_way(self, own):
        put(own, SECOND)
        assert self.name(own, self.draft(own, accuracy=0.4)) == "max"

    def test_an_old_one_of_the_same_rows_is(self, own):
        write(own, TASK, "max", CARD_FIELDS, make_files)
        assert self.name(own, self.draft(own)) == "max.2"

    def test_a_shipped_one_is(self, own):
        put(places.SHIPPED_CHECKPOINTS)
        assert self.name(own, self.draft(own, accuracy=0.4)) == "max.2"

    def test_a_damaged_one_is_not(self, own):
        (put(own).folder / CARD).unlink()
        assert self.name(own, self.draft(own)) == "max"

    def test_the_better_one_is_preferred_and_of_equals_the_newer(self, own):
        put(own, name="max", accuracy=0.9), put(own, name="max.2", accuracy=0.8, day=2)
        third = put(own, name="max.3", accuracy=0.8, day=3)
        put(own, name="max-s1", accuracy=1.0, seed=1)
        found = same_choice(third, list_checkpoints())
        assert [c.name for c in found] == ["max", "max.3", "max.2"]

    def test_the_same_training_under_another_name_of_the_data_set_is_another(self, own):
        mine = put(own)
        write(own, "colleague", "max", trained(FIRST, 9, 0.9), make_files)
        assert same_choice(mine, list_checkpoints()) == [mine]

    def test_a_card_without_figures_comes_last(self, own):
        bare = put(own, name="max.2", fit={"seconds": 1})
        put(own)
        assert [c.name for c in same_choice(bare, list_checkpoints())] == ["max", "max.2"]
