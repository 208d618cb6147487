"""Runs on the command line: chosen, listed, named, kept, deleted, and held to their rows."""

import io
import json
import shlex

import pytest

from poolviz import places
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.runs import keep, runs_of
from poolviz.cli import BAD_INPUT, FINE
from poolviz.cli.rivals import said_of_rivals, said_of_runs
from tests.cli_helpers import TEXT
from tests.copies import copied

pytest_plugins = ["tests.cli_fixtures"]

OTHER = "b" * 64
HOSTILE = "<script>alert(1)</script> مرحبا 第一次"
EPOCH = {"validation_accuracy": 0.25, "validation_loss": 2.0}


@pytest.fixture
def own(trained, _own_place):
    """`max` and `attention` of one run, and a newer `max` of another one with other classes."""
    root = places.user_checkpoints()
    for head in ("max", "attention"):
        copied(trained(head), root, trained="2026-11-01T10:00:00")
    copied(
        trained("max"),
        root,
        run={"identity": OTHER, "rows": OTHER},
        classes=["x", "y", "z"],
        trained="2026-11-02T10:00:00",
    )
    return root


@pytest.fixture
def first(own):
    """The id of the older run."""
    return runs_of(list_checkpoints(), "invented")[1].id


def explained(call, *words):
    words = ("explain", "--dataset", "invented", "--text", TEXT, "--json", *words)
    code, out, err = call(*words)
    return json.loads(out) if code == FINE else (code, err)


class TestChoosing:
    def test_unasked_the_newest_and_never_two_at_once(self, call, own):
        [only] = explained(call)
        assert (only["head"], only["classes"]) == ("max", ["x", "y", "z"])

    def test_a_run_by_its_digits_and_by_its_name(self, call, own, first):
        words = ("checkpoints", "--task", "invented", "--run", first, "--rename", HOSTILE)
        assert call(*words)[0] == FINE
        for said in (first[:4], HOSTILE):
            found = explained(call, "--run", said)
            assert [one["head"] for one in found] == ["max", "attention"]
            assert all(one["classes"] == ["差评", "中评", "好评"] for one in found)

    def test_what_is_not_there_is_said(self, call, own, first):
        for words, told in (
            (("--run", "nothing"), "names no run"),
            (("--run", first, "--seed", "7"), "--head all --seed 7"),
            (("--run", first, "--model", "max.9"), "choose one of max, attention"),
        ):
            code, err = explained(call, *words)
            assert code in (1, BAD_INPUT)
            assert told in err

    @pytest.mark.parametrize("flags", [("--seed", "3"), ("--model", "max-s3")])
    def test_another_seed(self, call, own, first, trained, flags):
        copied(trained("max"), own, name="max-s3", seed=3)
        usual = explained(call, "--run", first, "--head", "max")
        assert usual[0]["checkpoint"] == "max"
        [chosen] = explained(call, "--run", first, "--head", "max", *flags)
        assert chosen["checkpoint"] == "max-s3"

    def test_no_seed(self, call, own, capsys):
        with pytest.raises(SystemExit):
            call("explain", "--dataset", "invented", "--text", TEXT, "--seed", "-1")
        assert "is no seed" in capsys.readouterr().err

    def test_an_archive_holds_one_run(self, call, own, first, tmp_path):
        code, out, _err = call("pack", "--dataset", "invented", "--output", tmp_path / "a.zip")
        assert (code, out.rpartition(": ")[2].strip()) == (FINE, "max")
        words = ("pack", "--dataset", "invented", "--output", tmp_path / "b.zip", "--run", first)
        assert call(*words)[1].rpartition(": ")[2].strip() == "attention, max"


class TestRows:
    @pytest.mark.parametrize("command", ["evaluate", "trust"])
    def test_other_rows_are_refused_before_anything_is_written(self, call, own, data, command):
        code, _out, err = call(command, "--dataset", "invented", "--folder", data)
        assert code == BAD_INPUT
        assert "are not those of the run bbbbbbbbbbbb of invented, but of another one" in err
        assert not list(own.rglob("trust.json"))

    def test_the_command_that_is_suggested_works(self, call, own, data, first):
        words = ("evaluate", "--dataset", "invented", "--folder", data, "--json")
        _code, _out, err = call(*words)
        code, out, _err = call(*words, *shlex.split(err.rpartition("choose it: ")[2]))
        assert (code, [one["name"] for one in json.loads(out)]) == (FINE, ["max", "attention"])

    def test_rows_of_no_run(self, call, own, data, first):
        rows = data / "invented.txt"
        rows.write_text(rows.read_text(encoding="utf-8") + "差评\t新的一行，很糟糕。\n", "utf-8")
        words = ("--dataset", "invented", "--folder", data, "--run", first)
        code, _out, err = call("evaluate", *words)
        assert code == BAD_INPUT
        assert "was trained and tested on (invented.txt)" in err

    def test_an_old_card_is_held_to_its_files(self, call, _own_place, trained, data):
        old = copied(trained("max"), places.user_checkpoints(), run=None)
        words = ("evaluate", "--dataset", "invented", "--folder", data, "--json")
        assert call(*words)[0] == FINE
        files = [{"name": "other.txt", "sha256": "0" * 64}]
        copied(old, places.user_checkpoints(), data={**old.card["data"], "files": files})
        code, _out, err = call(*words)
        assert (code, "(other.txt)" in err) == (BAD_INPUT, True)


class TestChanging:
    def test_listed_with_its_run(self, call, own, first):
        call("checkpoints", "--task", "invented", "--run", first, "--rename", "rows of May")
        call("checkpoints", "--task", "invented", "--run", first, "--keep")
        out = call("checkpoints", "--task", "invented")[1]
        assert f"{first} “rows of May”, kept" in out
        listed = json.loads(call("checkpoints", "--run", first, "--task", "invented", "--json")[1])
        assert [one["name"] for one in listed] == ["attention", "max"]
        assert listed[0]["run"] == {"id": first, "name": "rows of May", "kept": True}
        assert explained(call)[0]["classes"] == ["差评", "中评", "好评"]
        call("checkpoints", "--task", "invented", "--run", first, "--release")
        assert explained(call)[0]["classes"] == ["x", "y", "z"]

    def test_deleted_after_a_question(self, call, own, first, monkeypatch):
        words = ("checkpoints", "--task", "invented", "--run", first, "--delete")
        assert "Nothing was deleted; say --yes" in call(*words)[2]
        for answer, gone in (("n\n", False), ("", False), ("y\n", True)):
            terminal = io.StringIO(answer)
            terminal.isatty = lambda: True
            monkeypatch.setattr("sys.stdin", terminal)
            code, _out, err = call(*words)
            assert "with 2 models? [y/N]" in err
            assert (code == FINE) is gone is (len(list_checkpoints(task="invented")) == 1)

    def test_one_model_and_what_is_kept(self, call, own, first):
        words = ("checkpoints", "--task", "invented", "--run", first)
        call(*words, "--keep")
        assert "is kept" in call(*words, "--delete", "--yes")[2]
        call(*words, "--release")
        assert call(*words, "--model", "max", "--delete", "--yes")[0] == FINE
        assert [c.name for c in list_checkpoints(task="invented")] == ["attention", "max"]
        code, _out, err = call(*words, "--model", "max", "--delete", "--yes")
        assert (code, "Unknown model max; choose one of attention" in err) == (BAD_INPUT, True)

    @pytest.mark.parametrize("words", [(), ("--task", "invented"), ("--run", "b")])
    def test_a_change_names_its_run(self, call, own, words):
        code, _out, err = call("checkpoints", *words, "--keep")
        assert (code, "Name the run with --task and --run" in err) == (BAD_INPUT, True)


class TestDataSets:
    def test_ones_own_are_listed_with_their_runs(self, call, own, trained, first):
        for checkpoint in list_checkpoints(task="invented"):
            card = {"run": checkpoint.card["run"], "trained": checkpoint.card["trained"]}
            copied(checkpoint, own, task="mine", **card)
        assert "your own, 2 runs: invented.txt" in call("datasets")[1]
        mine = json.loads(call("datasets", "mine", "--json")[1])
        assert [run["id"] for run in mine["runs"]] == ["b" * 12, first]
        assert mine["classes"] == ["x", "y", "z"]
        assert mine == json.loads(call("datasets", "--json")[1])[-1]
        assert "attention, max" in call("datasets", "mine")[1]
        assert call("datasets", "mine", "--download")[0] == BAD_INPUT


class TestTrainingAgain:
    def test_a_worse_one_is_said_to_stand_beside(self, own, trained, first):
        fit = {**trained("max").card["fit"], "best_epoch": 1, "history": [EPOCH]}
        again = copied(trained("max"), own, name="max.2", fit=fit)
        said = said_of_rivals(again, own)
        assert said.startswith("not better on the validation rows than max (25.0% against ")
        assert said.endswith("take max unless you choose --model max.2")

    def test_a_better_one_too(self, own, trained, first):
        epoch = {"validation_accuracy": 1.0, "validation_loss": 0.0}
        fit = {**trained("max").card["fit"], "best_epoch": 1, "history": [epoch]}
        said = said_of_rivals(copied(trained("max"), own, name="max.2", fit=fit), own)
        assert said.startswith("better on the validation rows than max (100.0%")
        assert said.endswith("take max.2 unless you choose --model max")

    def test_the_first_says_nothing(self, own):
        [checkpoint] = [c for c in list_checkpoints(task="invented") if c.head == "attention"]
        assert said_of_rivals(checkpoint, own) is None

    def test_which_run_is_shown(self, own, first, tmp_path, trained):
        newest, older = runs_of(list_checkpoints(), "invented")
        assert "it is shown unless" in said_of_runs(newest.checkpoints[0], own)
        assert "bbbbbbbbbbbb is shown unless" in said_of_runs(older.checkpoints[0], own)
        keep(older)
        assert f"{first} is kept and shown" in said_of_runs(newest.checkpoints[0], own)
        alone = copied(trained("max"), tmp_path)
        assert said_of_runs(alone, tmp_path) is None
