"""Runs on the pages: one is shown, others are offered; what is absent is said."""

import shutil

import pytest
from streamlit.testing.v1 import AppTest

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.runs import rename, runs_of
from poolviz.text.width import shortened_to
from poolviz.ui.frame.markdown import plain
from poolviz.ui.sidebar.run_choice import flags_of_training
from tests.copies import copied
from tests.pages_helpers import DASHBOARD, HOTEL

TASK = "mine"
FIRST, SECOND = "a" * 12, "b" * 12
HOSTILE = "<img src=x onerror=alert(1)> :red[x] 第一次 مرحبا"
EPOCH = {"validation_accuracy": 0.25, "validation_loss": 2.0}


@pytest.fixture
def own(nobodys_machine):
    """A run of two heads, and a newer one of one head with other classes."""
    root = places.user_checkpoints()
    put(root, "max"), put(root, "average")
    put(root, "max", run=SECOND, day=2, classes=["A-good", "B-bad"])
    return root


def put(root, head, run=FIRST, day=1, name=None, **card):
    source = read(places.SHIPPED_CHECKPOINTS / HOTEL / head)
    run = {"identity": run[0] * 64, "rows": run[0] * 64}
    date = f"2026-11-{day:02}T10:00:00+00:00"
    return copied(source, root, TASK, name or head, run=run, trained=date, **card)


def page(**address):
    at = AppTest.from_file(DASHBOARD, default_timeout=60)
    for name, value in {"dataset": TASK, **address}.items():
        at.query_params[name] = value
    return ran(at)


def ran(at):
    at.run()
    assert not at.exception
    return at


def shown(at):
    return at.session_state["heads"]


def said(at, parameter):
    """What the address says; a test's own address gives lists."""
    value = at.query_params[parameter]
    return value if isinstance(value, str) else value[0]


def errors(at):
    return [error.value for error in at.error]


def runs():
    return runs_of(list_checkpoints(), TASK)


class TestChoosing:
    def test_the_newest_is_shown_and_the_other_offered(self, own):
        at = page()
        assert shown(at) == ["max"]
        assert said(at, "run") == SECOND
        assert [option[:16] for option in at.selectbox(key="_run").options] == [
            "2026-11-02 10:00",
            "2026-11-01 10:00",
        ]
        assert not at.selectbox(key="_run").set_value(FIRST).run().exception
        assert at.multiselect(key="_heads").options == ["Max", "Average"]
        assert said(at, "run") == FIRST

    def test_never_two_runs_side_by_side(self, own):
        html = " ".join(each.value for each in page().get("html"))
        assert "A-good" in html
        assert "正面" not in html
        html = " ".join(each.value for each in page(run=FIRST).get("html"))
        assert "A-good" not in html

    def test_one_run_is_not_asked_for(self, own):
        shutil.rmtree(own / TASK / f"run-{SECOND}")
        at = page()
        assert "run" not in at.query_params
        assert "_run" not in [each.key for each in at.selectbox]

    def test_a_seed_is_offered_where_there_are_several(self, own):
        assert "_seed" not in [each.key for each in page(run=FIRST).selectbox]
        put(own, "max", name="max-s3", seed=3)
        at = page(run=FIRST)
        assert at.selectbox(key="_seed").options == ["0", "3"]
        assert shown(at) == ["max", "average"]
        at.selectbox(key="_seed").set_value(3).run()
        assert (shown(at), said(at, "seed")) == (["max"], "3")

    def test_another_training_of_one_model(self, own):
        fit = {**read(places.SHIPPED_CHECKPOINTS / HOTEL / "max").card["fit"]}
        put(own, "max", name="max.2", fit={**fit, "best_epoch": 1, "history": [EPOCH]})
        at = page(run=FIRST)
        chooser = at.selectbox(key="_models_max")
        assert chooser.value == "max"
        assert chooser.options[1].startswith("max.2: 25.0%")
        chooser.set_value("max.2").run()
        assert not at.exception
        assert said(at, "models") == "max.2"
        assert errors(page(run=FIRST, models="max.2")) == []

    def test_the_command_for_it_chooses_it(self, own):
        first = next(run for run in runs() if run.id == FIRST).checkpoints[0]
        assert flags_of_training(first) == ["--run", FIRST]
        fit = {**first.card["fit"], "best_epoch": 1, "history": [EPOCH]}
        worse = read(put(own, "max", name="max.2", fit=fit).folder)
        assert flags_of_training(worse) == ["--run", FIRST, "--model", "max.2"]


class TestAbsent:
    @pytest.mark.parametrize(
        ("address", "told"),
        [
            ({"run": "c" * 12}, "The run cccccccccccc of this data set is not on this machine"),
            ({"run": HOSTILE}, "is not on this machine"),
            ({"seed": "7"}, "The seed 7"),
            ({"readout": "mlp"}, "The read-out mlp"),
            ({"models": "gone"}, "The model gone"),
        ],
    )
    def test_what_an_address_names_is_said_and_nothing_else_answers(self, own, address, told):
        at = page(**address)
        [error] = errors(at)
        assert told in error
        assert "<" not in error.replace("\\<", "")
        assert not at.get("text_area")

    def test_a_run_that_goes_while_it_is_shown_is_named(self, own):
        at = page()
        shutil.rmtree(own / TASK / f"run-{SECOND}")
        assert f"The run {SECOND}" in errors(ran(at))[0]
        at = page(run=FIRST)
        put(own, "max", run="cccccccccccc", day=9)
        assert errors(ran(at)) == []
        assert shown(at) == ["max", "average"]

    def test_what_one_data_set_has_another_need_not(self, own):
        at = page(run=FIRST)
        at.selectbox(key="_dataset").set_value(HOTEL).run()
        assert errors(at) == []
        assert "run" not in at.query_params

    def test_a_name_of_any_making_is_shown_as_it_is(self, own):
        rename(next(run for run in runs() if run.id == FIRST), HOSTILE)
        at = page()
        assert at.selectbox(key="_run").options[1].startswith(f"{shortened_to(HOSTILE, 17)} · 8")
        at.selectbox(key="_run").set_value(FIRST).run()
        assert plain(f"{HOSTILE} · 2026-11-01 10:00") in [each.value for each in at.caption]
