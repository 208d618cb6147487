"""`train --background`, `trainings` and `film`; the processes are tried by tests/trainings."""

import json

import numpy as np
import pytest

from poolviz import places
from poolviz.checkpoints import film
from poolviz.checkpoints.checkpoint import read
from poolviz.checkpoints.film import Film
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.cli import BAD_INPUT, FINE
from poolviz.cli.work.queued import carry_out
from poolviz.trainings import control
from poolviz.trainings.request import Request
from tests.trainings.helpers import write_rows

pytest_plugins = ["tests.cli_fixtures"]


@pytest.fixture
def queue(call, tmp_path, monkeypatch):
    """`queue("--epochs", 3)`: `train --background` of a file, without a process that does it."""
    monkeypatch.setattr(control, "start", start_quietly)
    given = ("train", "--dataset", "mine", "--csv", write_rows(tmp_path), "--head", "max,average")
    return lambda *words: call(*given, *words)


start = control.start


def start_quietly(request, file=None, tests=None):
    return start(request, file, lambda: None, tests)


def test_what_is_queued_is_asked_for_as_the_flags_say(queue):
    code, out, err = queue("--background", "--epochs", 3, "--filters", 8, "--pin", "好吃")
    assert code == FINE
    found = control.read(out.strip())
    assert out.strip() in err
    request = found.request
    assert (request.dataset, request.heads, request.pinned) == (
        "mine",
        ("max", "average"),
        ("好吃",),
    )
    assert (request.options.epochs, request.models()[0].filters) == (3, 8)
    assert found.file.read_text(encoding="utf-8").startswith("label\ttext")


def test_a_second_file_is_queued_and_tested_on(queue, tmp_path):
    lines = write_rows(tmp_path).read_text("utf-8").splitlines()
    tests = tmp_path / "more" / "rows.tsv"  # called as the first file
    tests.parent.mkdir()
    tests.write_text("\n".join(lines[:31]), "utf-8")
    small = ("--epochs", 1, "--filters", 4, "--embedding", 4, "--min-frequency", 1)
    code, out, _err = queue("--background", "--test-csv", tests, *small, "--head", "average")
    assert code == FINE
    found = control.read(out.strip())
    assert found.tests.read_bytes() == tests.read_bytes() != found.file.read_bytes()
    assert Request.read(json.loads(json.dumps(found.request.as_json()))) == found.request
    assert carry_out(found.id)
    (trained,) = list_checkpoints([places.user_checkpoints()])
    assert trained.card["test"]["rows"] == 30
    code, _out, err = queue("--background", "--test-csv", tmp_path / "none.csv")
    assert code == BAD_INPUT and "There is no file" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--pin", "好"), "--pin is for --background"),
        (("--background", "--output", "x"), "--output is not for --background"),
        (("--background", "--pin", " "), "visible character"),
        (("--background", "--epochs", 10**9), "epochs must be from 1"),
    ],
)
def test_what_cannot_be_queued_is_one_sentence(queue, words, said):
    code, out, err = queue(*words)
    assert (code, out) == (BAD_INPUT, "")
    assert said in err and err.count("\n") == 1
    assert control.list_trainings() == []


def test_it_is_listed_shown_cancelled_and_deleted(queue, call):
    name = queue("--background")[1].strip()
    assert f"{name}  queued  train  mine" in call("trainings", "list")[1]
    assert json.loads(call("trainings", "list", "--json")[1])[0]["status"] == "queued"
    assert json.loads(call("trainings", "show", name, "--json")[1])["curve"] == []
    assert call("trainings", "cancel", name)[0] == FINE
    assert "status: cancelled" in call("trainings", "show", name)[1]
    assert call("trainings", "delete", name)[0] == FINE
    assert name not in call("trainings", "list")[1]


@pytest.mark.parametrize("action", ["show", "cancel", "resume", "delete", "run"])
def test_one_that_is_not_there(call, action):
    code, _out, err = call("trainings", action, "000009-none")
    assert (code, "There is no training 000009-none" in err) == (BAD_INPUT, True)
    if action != "run":
        code, _out, err = call("trainings", action)
        assert (code, "Say which training" in err) == (BAD_INPUT, True)


class TestFilm:
    FILM = Film((("好",),), ((np.array([[1]], np.float32),),), (0.5,), (0.5,))

    @pytest.fixture
    def words(self, broken):
        film.write(read(broken / "invented" / "attention"), self.FILM)
        return ("film", "--dataset", "invented", "--root", broken, "--head", "attention")

    @pytest.mark.parametrize("name", ["film.html", "film.zip"])
    def test_it_is_written(self, call, words, tmp_path, name):
        code, out, _err = call(*words, "--output", tmp_path / name)
        assert (code, "1 epochs, 1 sentences" in out) == (FINE, True)
        assert (tmp_path / name).stat().st_size > 1_000

    def test_another_ending_is_refused(self, call, words, tmp_path):
        code, _out, err = call(*words, "--output", tmp_path / "film.gif")
        assert (code, "ends in .html or .zip" in err) == (BAD_INPUT, True)

    def test_a_model_that_was_not_filmed(self, call, root, tmp_path):
        words = ("film", "--dataset", "invented", "--root", root, "--head", "max")
        code, _out, err = call(*words, "--output", tmp_path / "film.html")
        assert (code, "max was not filmed" in err) == (BAD_INPUT, True)
