"""The life of a piece of work, told by its files: no process does any of it here."""

import json
import subprocess
import sys

import pytest

from poolviz import places
from poolviz.errors import ChoiceError, DiskFull, PoolvizError, TrainingError
from poolviz.trainings import control, spool
from poolviz.trainings.processes import work_off
from poolviz.trainings.report import Report
from poolviz.trainings.request import OwnFile
from poolviz.trainings.state import Made, Progress
from tests.house import ROOT
from tests.trainings.helpers import queued, request, write_rows

MADE = Made("mine", "max", "mine/run-1/max")

pytestmark = pytest.mark.usefixtures("nobodys_machine")

# A process that begins a piece of work and is killed while it does it.
DIES = """
import os, signal, sys
from poolviz.trainings import spool
from poolviz.trainings.report import Report
folder = spool.folder_of(sys.argv[1])
with spool.alive(folder):
    Report(folder)
    print("begun", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def waiting(tmp_path) -> str:
    return queued(tmp_path / "given")


def status(name: str) -> str:
    return control.read(name).status


def folder(name: str):
    return spool.folder_of(name)


class TestStart:
    def test_what_was_asked_for_is_kept_and_waits(self, waiting):
        found = control.read(waiting)
        assert (found.status, found.request, found.progress) == ("queued", request(), None)
        assert found.file.read_bytes() == (found.folder.parents[2] / "given/rows.tsv").read_bytes()
        assert [each.id for each in control.list_trainings()] == [waiting]

    def test_the_order_is_that_of_the_ids_and_ids_are_not_guessed(self, tmp_path):
        names = [queued(tmp_path / "given") for _ in range(3)]
        assert [each.id for each in control.list_trainings()] == names
        assert len({name.partition("-")[2] for name in names}) == 3
        assert spool.next_queued().id == names[0]

    def test_a_clock_that_goes_back_changes_nothing_of_the_order(self, tmp_path, monkeypatch):
        clock = iter(range(2_000_000_000, 0, -1_000_000))
        monkeypatch.setattr(control.time, "time", lambda: float(next(clock)))
        names = [queued(tmp_path / "given") for _training in range(3)]
        assert [each.id for each in control.list_trainings()] == names
        assert spool.next_queued().id == names[0]

    def test_the_queue_is_woken(self, tmp_path):
        woken = []
        control.start(request(), write_rows(tmp_path), wake=lambda: woken.append(1))
        assert woken == [1]

    def test_a_name_of_the_catalogue_is_refused_for_own_rows(self, tmp_path):
        with pytest.raises(ChoiceError, match="is a data set of the catalogue"):
            control.start(request(dataset="waimai_10k"), write_rows(tmp_path), lambda: None)

    def test_a_data_set_that_is_not_in_the_catalogue(self):
        with pytest.raises(ChoiceError, match="Unknown data set mine"):
            control.start(request(file=None), None, lambda: None)

    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(ChoiceError, match="There is no file"):
            control.start(request(), tmp_path / "rows.tsv", lambda: None)

    def test_nothing_is_left_of_what_could_not_be_written(self, tmp_path, monkeypatch):
        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(spool, "write_state", full)
        with pytest.raises(DiskFull, match="make room"):
            queued(tmp_path / "given")
        assert control.list_trainings() == []
        assert not [path for path in places.trainings().iterdir() if path.is_dir()]


class TestOwners:
    def test_only_what_belongs_to_a_key_is_listed_for_it(self, tmp_path):
        mine = queued(tmp_path / "given", owner="a" * 64)
        other = queued(tmp_path / "given", owner="b" * 64)
        assert [each.id for each in control.list_trainings("a" * 64)] == [mine]
        assert [each.id for each in control.list_trainings()] == [mine, other]


class TestRunning:
    def test_it_runs_while_its_lock_is_held_and_is_broken_after(self, waiting):
        with spool.alive(folder(waiting)):
            Report(folder(waiting))
            assert status(waiting) == "running"
        assert status(waiting) == "broken"

    def test_what_does_not_wait_is_not_begun(self, waiting):
        control.cancel(waiting)
        with pytest.raises(TrainingError, match="does not wait"):
            Report(folder(waiting))
        assert status(waiting) == "cancelled"

    def test_a_process_that_is_killed_leaves_it_broken_and_it_can_go_on(self, waiting):
        process = subprocess.Popen(
            [sys.executable, "-c", DIES, waiting],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdout.readline() == b"begun\n"
        assert status(waiting) == "running"
        assert control.read(waiting).state.pid == process.pid
        process.kill()
        process.communicate()
        assert status(waiting) == "broken"
        control.resume(waiting, lambda: None)
        assert status(waiting) == "queued"

    def test_progress_is_told_with_the_time_that_is_left(self, waiting):
        clock = iter(range(0, 1_000, 10))
        report = Report(folder(waiting), lambda: next(clock))
        report.tell(Progress("max", 0.1))
        report.tell(Progress("max", 0.2))
        left = control.read(waiting).progress.seconds_left
        took = left * 0.1 / 0.8  # for a tenth of the work
        assert took > 0 and took % 10 == pytest.approx(0)

    def test_progress_that_comes_too_often_is_told_later(self, waiting):
        report = Report(folder(waiting), lambda: 0)
        assert report.tell(Progress("max", 0.1))
        assert not report.tell(Progress("max", 0.2))
        assert control.read(waiting).progress.share == 0.1
        report.made("max", MADE)
        found = control.read(waiting)
        assert (found.progress.share, found.state.made) == (0.2, {"max": MADE})

    def test_an_error_keeps_its_sentence(self, waiting):
        with spool.alive(folder(waiting)):
            Report(folder(waiting)).end("failed", TrainingError("{a} of {b:,}.", a="x", b=1_000))
        error = control.read(waiting).state.error
        assert (str(error), error.template) == ("x of 1,000.", "{a} of {b:,}.")


class TestCancel:
    def test_what_waits_is_cancelled_at_once(self, waiting):
        control.cancel(waiting)
        assert status(waiting) == "cancelled"
        assert spool.next_queued() is None

    def test_what_runs_is_asked_to_stop(self, waiting):
        with spool.alive(folder(waiting)):
            report = Report(folder(waiting))
            assert not report.stopped()
            control.cancel(waiting)
            assert report.stopped() and control.read(waiting).stopping
            report.end("cancelled")
        assert (status(waiting), control.read(waiting).stopping) == ("cancelled", False)

    def test_what_broke_off_is_cancelled(self, waiting):
        Report(folder(waiting))
        control.cancel(waiting)
        assert status(waiting) == "cancelled"

    def test_what_has_ended_stays(self, waiting):
        Report(folder(waiting)).end("done")
        control.cancel(waiting)
        assert status(waiting) == "done"


class TestResume:
    @pytest.mark.parametrize("ended", ["cancelled", "failed"])
    def test_what_was_stopped_waits_again_with_what_it_made(self, waiting, ended):
        report = Report(folder(waiting))
        report.made("max", MADE)
        report.end(ended, TrainingError("No."))
        woken = []
        control.resume(waiting, lambda: woken.append(1))
        state = control.read(waiting).state
        assert (state.status, state.error, state.made) == ("queued", None, report.state.made)
        assert woken == [1]

    def test_what_waits_or_is_done_is_refused(self, waiting):
        with pytest.raises(TrainingError, match="is queued"):
            control.resume(waiting, lambda: None)
        Report(folder(waiting)).end("done")
        with pytest.raises(TrainingError, match="is done"):
            control.resume(waiting, lambda: None)

    def test_a_wish_to_stop_is_forgotten(self, waiting):
        Report(folder(waiting))
        (folder(waiting) / spool.STOP).touch()
        control.resume(waiting, lambda: None)
        assert not Report(folder(waiting)).stopped()


class TestDelete:
    def test_nothing_is_left(self, waiting):
        control.delete(waiting)
        assert control.list_trainings() == []
        with pytest.raises(TrainingError, match="no training"):
            control.read(waiting)
        assert not [path for path in places.trainings().iterdir() if path.is_dir()]

    def test_what_runs_is_refused(self, waiting):
        with spool.alive(folder(waiting)), pytest.raises(TrainingError, match="cancel it first"):
            control.delete(waiting)
        assert status(waiting) == "queued"


@pytest.mark.parametrize("name", ["", ".", "..", "../trainings", "a/b", "nothing", "/etc", ".x"])
def test_no_name_leads_out_of_the_folder(waiting, name):
    with pytest.raises(TrainingError, match="no training"):
        control.read(name)


class TestQueue:
    def test_all_is_done_one_after_the_other(self, tmp_path):
        names = [queued(tmp_path / "given") for _ in range(3)]
        done = []

        def work(training):
            assert spool.next_queued().id == training.id
            Report(training.folder).end("done")
            done.append(training.id)

        work_off(work)
        assert done == names

    def test_what_is_queued_meanwhile_is_done_too(self, waiting, tmp_path):
        names = [waiting]

        def work(training):
            Report(training.folder).end("done")
            if len(names) == 1:
                names.append(queued(tmp_path / "more"))

        work_off(work)
        assert [status(name) for name in names] == ["done", "done"]

    def test_a_second_process_leaves_it_to_the_first(self, waiting):
        with spool.queue_lock():
            work_off(lambda training: pytest.fail("begun twice"))
        assert status(waiting) == "queued"

    def test_the_next_begins_after_one_whose_process_died(self, tmp_path):
        first, second = (queued(tmp_path / "given") for _ in range(2))
        work_off(lambda t: None if t.id == first and Report(t.folder) else begin_and_end(t))
        assert [status(first), status(second)] == ["broken", "done"]

    def test_one_whose_process_never_began_is_not_tried_for_ever(self, waiting):
        work_off(lambda training: None)
        found = control.read(waiting)
        assert (found.status, "did not begin" in str(found.state.error)) == ("failed", True)


def begin_and_end(training):
    Report(training.folder).end("done")


class TestDamage:
    @pytest.mark.parametrize("file", [spool.REQUEST, spool.STATE])
    @pytest.mark.parametrize(
        "content", ["", "{", "[]", "null", '{"schema_version": 9}', "[" * 9999]
    )
    def test_a_damaged_one_is_one_sentence_and_the_rest_stands(
        self, waiting, tmp_path, file, content
    ):
        whole = queued(tmp_path / "given")
        (folder(waiting) / file).write_text(content)
        damaged, other = control.list_trainings()
        assert str(damaged.damage) == (
            f"The files of training {waiting} are damaged; delete it and start it again."
        )
        assert (other.id, other.status) == (whole, "queued")
        control.delete(waiting)
        assert [each.id for each in control.list_trainings()] == [whole]

    @pytest.mark.parametrize("file", [spool.REQUEST, spool.STATE])
    def test_no_field_can_be_of_another_type(self, waiting, file):
        report = Report(folder(waiting))
        report.tell(Progress("max", 0.1))
        report.made("max", MADE)
        report.end("failed", TrainingError("{a}.", a=1))
        place = folder(waiting) / file
        sound = json.loads(place.read_text())
        tried = 0
        for changed in mutations(sound):
            place.write_text(json.dumps(changed))
            assert control.read(waiting).damage, changed
            tried += 1
        assert tried > 25
        place.write_text(json.dumps(sound))
        assert not control.read(waiting).damage

    @pytest.mark.parametrize("template", ["{a.real}", "{a:>9999999}", "{a!r}", "{", "{0}", "{b}"])
    def test_a_sentence_with_other_fields_than_names_is_none(self, waiting, template):
        Report(folder(waiting)).end("failed", PoolvizError("{a}.", a=1))
        place = folder(waiting) / spool.STATE
        state = json.loads(place.read_text())
        state["error"]["template"] = template
        place.write_text(json.dumps(state))
        assert control.read(waiting).damage

    @pytest.mark.parametrize("place", ["../x", "/etc", "a/../../b", "C:/x", "a\\b"])
    def test_no_model_lies_outside_the_folder_of_models(self, waiting, place):
        Report(folder(waiting)).made("max", MADE)
        state = json.loads((folder(waiting) / spool.STATE).read_text())
        state["made"]["max"]["folder"] = place
        (folder(waiting) / spool.STATE).write_text(json.dumps(state))
        assert control.read(waiting).damage

    def test_lines_of_the_curve_that_are_none_are_left_out(self, waiting):
        point = {"head": "max", "seed": 0, "epoch": 1, "batch": 1, "batches": 2, "loss": 0.5}
        spool.append_to_curve(folder(waiting), point)
        with open(folder(waiting) / spool.CURVE, "a") as file:
            file.write('{"head": 3}\n[]\nnull\n{"head": "max", "seed": 0')
        assert control.curve(waiting) == [point]


def mutations(value, path=()):
    """The value with each of its fields, in turn, of another type."""
    for name in value:
        if isinstance(value[name], dict) and value[name]:
            yield from ({**value, name: inner} for inner in mutations(value[name]))
        for other in (["x"], {"x": 1}) if value[name] not in ([], {}) else ("x",):
            yield {**value, name: other}


@pytest.mark.parametrize("owner", ["../x", "A" * 32, "a" * 65, "a/b"])
def test_an_owner_is_a_hash(owner):
    with pytest.raises(ChoiceError, match="owner cannot be"):
        request(owner=owner)


def test_surveys_are_of_classifiers():
    with pytest.raises(ChoiceError, match="made of classifiers"):
        request(work="trust", kind="siamese", model={}, fit={})


def test_a_file_of_ones_own_has_a_name_without_folders():
    for name in ("../rows.tsv", "/etc/passwd", "a\\b", "", "a/b"):
        with pytest.raises(ChoiceError, match="no name of a file"):
            OwnFile(name)


class TestDashboard:
    def test_asking_for_a_training_loads_neither_tensorflow_nor_streamlit(self, tmp_path):
        code = (
            "import sys; from pathlib import Path; from tests.trainings.helpers import queued;"
            "from poolviz.trainings import control; queued(Path(sys.argv[1]));"
            "assert control.list_trainings();"
            "print(*{name.partition('.')[0] for name in sys.modules})"
        )
        printed = subprocess.run(
            [sys.executable, "-c", code, tmp_path / "given"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        loaded = set(printed.stdout.split())
        assert "poolviz" in loaded
        assert not loaded & {"tensorflow", "keras", "streamlit"}
