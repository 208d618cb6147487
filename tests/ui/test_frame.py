"""The parts of the user interface that need no page: state and address, jobs."""

import ast
import os
import re
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from poolviz import language, places
from poolviz.checkpoints.checkpoint import CARD
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.errors import DataError, ExportError
from poolviz.explore.choices import BY, DIFFERENCES, ORDERS, OUTCOMES
from poolviz.figures import colours
from poolviz.model.heads import HEADS, READOUTS
from poolviz.queue import Queue
from poolviz.trust.ablation.erasure import ERASURES
from poolviz.ui.frame import charts, exports, jobs, kept, loaders, state
from poolviz.ui.frame.markdown import plain
from poolviz.ui.frame.settings import SETTINGS, TEXT
from poolviz.views.view import QUANTITIES, SCALES
from tests.copies import copied
from tests.house import SOURCES

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
HEAD_LISTS = st.lists(st.sampled_from(list(HEADS)), unique=True, min_size=1)
COUNTS = st.integers(1, 999_999)
STATES = st.fixed_dictionaries(
    {
        "dataset": NAMES,
        "run": st.none() | NAMES,
        "seed": st.none() | st.integers(0, 999_999),
        "models": st.none() | HEAD_LISTS,
        "heads": HEAD_LISTS,
        "readout": st.sampled_from(list(READOUTS)),
        "quantity": st.sampled_from(QUANTITIES),
        "scale": st.sampled_from(SCALES),
        "target": st.none() | NAMES,
        "against": st.none() | NAMES,
        "spread": st.booleans(),
        "words": st.booleans(),
        "erase": st.sampled_from(list(ERASURES)),
        "position": st.integers(0, 999_999),
        "trust_curve": st.sampled_from(["deletion", "insertion"]),
        "trust_ranking": NAMES,
        "trust_erased": st.none() | st.integers(0, 999_999),
        "trust_all": st.booleans(),
        "trust_section": st.none() | NAMES,
        "trust_measure": NAMES,
        "trust_spread": st.booleans(),
        "trust_stress": NAMES,
        "trust_head": st.none() | NAMES,
        "section": st.none() | NAMES,
        "results_section": st.none() | NAMES,
        "classes_of": st.none() | NAMES,
        "classes_against": st.none() | NAMES,
        "card_of": st.none() | NAMES,
        "heads_section": st.none() | NAMES,
        "rows_off": st.none() | HEAD_LISTS,
        "match_dataset": st.none() | NAMES,
        "match_run": st.none() | NAMES,
        "match_seed": st.none() | st.integers(0, 999_999),
        "match_models": st.none() | HEAD_LISTS,
        "matchers": st.none() | HEAD_LISTS,
        "poolings": st.none() | HEAD_LISTS,
        "match_section": st.none() | NAMES,
        "match_quantity": st.sampled_from(["weight", "contribution"]),
        "matrix_of": st.none() | NAMES,
        "common": st.booleans(),
        "swapped": st.booleans(),
        "language": st.none() | st.sampled_from(list(language.LANGUAGES)),
        "walk": st.none() | st.integers(0, 999_999),
        "explore_view": st.sampled_from(["rows", "tokens"]),
        "explore_source": st.none() | NAMES,
        "explore_search": NAMES,
        "explore_label": st.none() | NAMES,
        "explore_predicted": st.none() | NAMES,
        "explore_outcome": st.none() | st.sampled_from(OUTCOMES),
        "explore_head": st.none() | st.sampled_from(list(HEADS)),
        "explore_pair": st.none() | HEAD_LISTS,
        "explore_difference": st.none() | st.sampled_from(DIFFERENCES),
        "explore_apart": st.integers(0, 30).map(lambda hundredths: hundredths / 100),
        "explore_shortest": st.none() | COUNTS,
        "explore_longest": st.none() | COUNTS,
        "explore_order": st.sampled_from(ORDERS),
        "explore_page": COUNTS,
        "explore_class": st.none() | NAMES,
        "explore_by": st.sampled_from(BY),
        "explore_token": st.none() | NAMES,
        "explore_contexts": COUNTS,
    }
)
PLACES = st.one_of(
    st.builds(lambda n: {"example": n, "row": None, "text": ""}, st.integers(0, 98)),
    st.builds(lambda row: {"example": None, "row": row, "text": ""}, NAMES),
    st.builds(lambda text: {"example": None, "row": None, "text": text}, NAMES),
)


class Parameters(dict):
    """The part of `st.query_params` that the state uses."""

    to_dict = dict.copy

    def from_dict(self, other):
        self.clear()
        self.update(other)


@pytest.fixture
def visitor(monkeypatch):
    """`visitor(address)`: a new session at that address; returns its fake of Streamlit."""

    def arrive(address=()):
        fake = SimpleNamespace(session_state={}, query_params=Parameters(address))
        monkeypatch.setattr(state, "st", fake)
        state.begin()
        return fake

    return arrive


def shared(fake) -> dict:
    """The choices, without what only says how the text came."""
    return {name: fake.session_state[name] for name in SETTINGS if name != "text_in_address"}


@given(STATES, PLACES)
def test_an_address_holds_the_whole_state(chosen, place):
    with pytest.MonkeyPatch.context() as patch:
        first = SimpleNamespace(session_state={}, query_params=Parameters())
        patch.setattr(state, "st", first)
        state.begin()
        assert chosen.keys() == {name for name, setting in SETTINGS.items() if setting.parameter}
        first.session_state.update(chosen | place)
        address = state.current_address(TEXT if place["text"] else None)
        assert all(isinstance(value, str) for value in address.values())
        second = SimpleNamespace(session_state={}, query_params=Parameters(address))
        patch.setattr(state, "st", second)
        state.begin()
        assert shared(second) == shared(first)


@pytest.mark.parametrize(
    "address",
    [
        {"rows_page": "0", "contexts": "-1", "shortest": "0", "longest": "many"},
        {"apart": "0.99", "order": "at random", "outcome": "?", "view": "", "tokens_by": "x"},
        {"apart": "nan", "walk": "-3", "differ": "no"},
    ],
)
def test_what_no_page_could_have_written_is_as_if_it_were_not_there(visitor, address):
    assert shared(visitor(address)) == shared(visitor())


def test_an_address_is_read_once_and_not_again_after_a_choice(visitor):
    fake = visitor({"show": "contribution", "scale": "head"})
    state.write_address()
    fake.session_state["scale"] = "shared"
    state.begin()
    assert fake.session_state["scale"] == "shared"
    state.write_address()
    assert fake.query_params["scale"] == "shared"
    fake.query_params["scale"] = "uniform"  # somebody edits the address, or goes back
    state.begin()
    assert fake.session_state["scale"] == "uniform"
    assert fake.session_state["quantity"] == "contribution"


def test_a_page_without_an_address_keeps_the_choices(visitor):
    fake = visitor({"scale": "head"})
    state.write_address()
    fake.query_params.clear()
    state.begin()
    assert fake.session_state["scale"] == "head"


def test_a_text_of_ones_own_stays_out_of_the_address(visitor):
    visitor()
    state.choose_text("秘密")
    assert "秘密" not in str(state.current_address())
    assert state.current_address(TEXT)["text"] == "秘密"


def test_a_text_in_the_address_stays_there_until_another_is_chosen(visitor):
    visitor({"text": "甲" * 2000})
    assert state.current_address()["text"] == "甲" * state.MAX_TEXT_IN_ADDRESS
    state.choose_text("乙")
    assert "text" not in state.current_address()


def test_a_lone_surrogate_becomes_the_replacement_character(visitor):
    fake = visitor()
    state.choose_text("好\ud83d坏")
    assert fake.session_state["text"] == "好\ufffd坏"


@pytest.fixture
def session(monkeypatch):
    """The session of a page on which jobs run."""
    fake = SimpleNamespace(session_state={})
    monkeypatch.setattr(kept, "st", fake)
    return fake.session_state


def finished(name: str, subject: object = None) -> jobs.Job:
    """The job once its thread has ended."""
    job = jobs.job(name, subject)
    pause = threading.Event()
    for _attempt in range(500):
        if job.finished:
            return job
        pause.wait(0.01)
    raise AssertionError("the job did not end")


def test_a_job_reports_and_keeps_its_result(session):
    def work(watch):
        watch.progress(3, 4)
        watch.check()
        return "made"

    jobs.start("zip", work)
    job = finished("zip")
    assert (job.done, job.total, job.result, job.error) == (3, 4, "made", None)
    assert jobs.job("other") is None
    jobs.forget("zip")
    assert jobs.job("zip") is None
    jobs.forget("zip")  # twice is once


def waiting(watch):
    """Work that ends only when it is cancelled."""
    pause = threading.Event()
    while True:
        watch.check()
        pause.wait(0.01)


@pytest.mark.parametrize("end", [lambda job: job.cancel(), lambda job: jobs.forget("zip")])
def test_a_job_can_be_cancelled(session, end):
    jobs.start("zip", waiting)
    job = jobs.job("zip")
    end(job)
    kept.keep("job_zip", None, job)
    ended = finished("zip")
    assert ended.cancelled
    assert (ended.result, ended.error) == (None, None)


def test_another_job_of_the_same_name_ends_the_first(session):
    jobs.start("zip", waiting)
    first = jobs.job("zip")
    jobs.start("zip", lambda watch: 2)
    assert first.cancelled
    assert finished("zip").result == 2


def test_an_expected_error_is_kept(session):
    def work(watch):
        raise ExportError("No room in {place}.", place="/tmp")

    jobs.start("zip", work)
    assert str(finished("zip").error) == "No room in /tmp."


def test_work_may_have_no_result(session):
    jobs.start("zip", lambda watch: None)
    assert finished("zip").error is None


def test_what_the_system_refuses_is_a_sentence_without_paths(session):
    def work(watch):
        raise OSError(28, "No space left on device", "/srv/home/rows")

    jobs.start("zip", work)
    sentence = str(finished("zip").error)
    assert "No space left on device" in sentence and "/srv" not in sentence


def test_an_unexpected_error_ends_the_job_and_goes_to_the_log(session, caplog):
    jobs.start("zip", lambda watch: 1 / 0)
    job = finished("zip")
    assert job.result is None and job.error is not None
    assert "ZeroDivisionError" in caplog.text


@pytest.fixture
def full(monkeypatch):
    """A queue whose only place is taken until the event is set."""
    queue, end = Queue(places=1), threading.Event()
    monkeypatch.setattr(jobs, "_QUEUE", queue)
    begun = threading.Event()
    queue.join(lambda: (begun.set(), end.wait(60)))
    assert begun.wait(60)
    yield end
    end.set()


def test_jobs_of_all_visitors_wait_for_each_other(session, full):
    for name in ("zip", "flips"):
        jobs.start(name, lambda watch: "made")
    assert [jobs.job(name).before for name in ("zip", "flips")] == [1, 2]
    full.set()
    assert finished("zip").result == finished("flips").result == "made"
    assert jobs.job("zip").before is None


def test_what_waits_can_be_cancelled_and_never_begins(session, full):
    begun = []
    jobs.start("zip", begun.append)
    jobs.start("flips", lambda watch: "made")
    job = jobs.job("zip")
    job.cancel()
    assert job.finished and job.cancelled and jobs.job("flips").before == 1
    full.set()
    assert finished("flips").result == "made" and not begun


@pytest.mark.parametrize(("before", "said"), [(3, "3 before you"), (None, "25%")])
def test_a_waiting_job_says_how_many_come_first(monkeypatch, before, said):
    monkeypatch.setattr(jobs.Job, "before", before)
    assert jobs._how_far(jobs.Job(1, 4), "Drawing …", 0.25) == f"Drawing … {said}"


def test_a_job_speaks_the_language_of_its_page(session):
    language.use("zh_CN")
    try:
        jobs.start("zip", lambda watch: language.current())
    finally:
        language.use("en")
    assert finished("zip").result == "zh_CN"


def test_a_job_is_given_time_only_until_it_ends(session):
    jobs.start("zip", lambda watch: "made", patience=60)
    assert jobs.job("zip").result == "made"
    jobs.start("zip", waiting, patience=0.02)
    assert not jobs.job("zip").finished
    jobs.forget("zip")


def test_a_job_about_another_subject_is_ended(session):
    jobs.start("zip", waiting, ["a text"])
    job = jobs.job("zip", ["a text"])
    assert job and not job.cancelled
    assert jobs.draw("zip", "Drawing", ["another text"]) is None
    assert job.cancelled and jobs.job("zip", ["a text"]) is None


def test_a_job_starts_by_itself_once_for_a_subject(session):
    started = []

    def work(watch):
        started.append(True)
        return "made"

    jobs.start_once("zip", work, "a", patience=60)
    jobs.start_once("zip", work, "a")
    assert finished("zip", "a").result == "made" and len(started) == 1
    jobs.forget("zip")
    jobs.start_once("zip", work, "a")
    assert jobs.job("zip", "a") is None and len(started) == 1
    jobs.start_once("zip", work, "b", patience=60)
    assert jobs.job("zip", "b").result == "made" and len(started) == 2


def test_what_was_made_for_a_subject_is_kept_until_there_is_another(session):
    made = []

    def make():
        made.append(True)
        return len(made)

    assert [kept.once("list", ["a"], make) for _rerun in range(2)] == [1, 1]
    assert kept.once("other", ["a"], make) == 2
    assert kept.read("list", ["b"]) is None and kept.read("none", ["a"]) is None
    assert kept.once("list", ["b"], make) == 3
    assert kept.read("list", ["a"]) is None
    assert (kept.drop("list"), kept.drop("list")) == (3, None)
    assert kept.read("list", ["b"]) is None


def test_nothing_is_kept_of_what_could_not_be_made(session):
    def fail():
        raise DataError("Not today.")

    kept.keep("list", "a", 1)
    with pytest.raises(DataError):
        kept.once("list", "b", fail)
    assert kept.read("list", "b") is None and kept.read("list", "a") == 1


def _page_with_a_job():
    """A page on which one job is watched, as `AppTest` runs it."""
    import streamlit as st

    from poolviz.ui.frame import jobs

    watched = jobs.draw("zip", "Drawing")
    st.text(watched.result if watched else "nothing yet")


def watching(**fields) -> AppTest:
    at = AppTest.from_function(_page_with_a_job)
    at.session_state["kept_for_job_zip"] = (None, jobs.Job(**fields))
    return at.run()


def test_without_a_job_nothing_is_drawn():
    at = AppTest.from_function(_page_with_a_job).run()
    assert at.text[0].value == "nothing yet"
    assert not at.button and not at.exception


def test_a_running_job_has_a_bar_and_can_be_cancelled():
    at = watching(done=1, total=4)
    assert at.text[0].value == "nothing yet"
    assert at.get("progress")[0].proto.value == 25
    at.button(key="cancel_zip").click().run()
    assert at.session_state["kept_for_job_zip"][1].cancelled
    at.session_state["kept_for_job_zip"][1].finished = True
    at.run()
    assert len(at.info) == 1 and not at.error
    assert "kept_for_job_zip" not in at.session_state


def test_a_finished_job_is_returned_until_it_is_forgotten():
    at = watching(finished=True, result="made")
    assert at.text[0].value == "made"
    assert at.run().text[0].value == "made"


def test_a_failed_job_shows_its_sentence_once():
    at = watching(finished=True, error=ExportError("The disk is full."))
    assert [error.value for error in at.error] == ["The disk is full."]
    assert not at.run().error


@pytest.mark.parametrize("text", ["&lt;b&gt;", "*a* _b_ `c` $d$ :red[e] #f", "1. a|b <i>~x~"])
def test_somebodys_text_has_no_meaning_in_markdown(text):
    escaped = plain(text)
    assert re.sub(r"\\(.)", r"\1", escaped) == text
    assert not re.search(r"(?<!\\)[&<>*_`$:\[#|~]", escaped)


@pytest.mark.parametrize("text", ["see http://a.b/c", "HTTPS://a.b", "Www.a.b", "a.b-c@d.e"])
def test_somebodys_address_is_no_link(text):
    """Browser tests see what Streamlit makes of it."""
    shown = re.sub(r"\\(.)", r"\1", plain(text))
    assert shown.replace("\u2060", "") == text
    assert not re.search(r"(?i)https?://|www\.|\w@\w+\.", shown)


def test_other_colons_and_signs_stay_alone():
    assert "\u2060" not in plain("a: b / c @me //x")


def _page_with_exports():
    from functools import partial

    import streamlit as st

    from poolviz import language
    from poolviz.export.contents import Contents, Figure
    from poolviz.export.pictures import Chart
    from poolviz.figures.texts.heatmap import heatmap
    from poolviz.ui.frame import exports
    from poolviz.views.panel import panel
    from poolviz.views.view import View
    from tests.fakes import fake_explanation

    language.use(st.session_state["language"])
    explanation = fake_explanation()
    draw = partial(heatmap, panel([explanation], View()))
    figure = Figure("heatmap", None, "stem", "a heatmap", Chart(draw))
    exports.draw_exports(Contents("all", "Head", [figure], [], {}, [explanation]), subject="same")


def test_a_zip_is_offered_in_the_language_it_was_made_in(monkeypatch):
    monkeypatch.setattr(exports, "bundle", lambda contents, watch: b"zip")
    at = AppTest.from_function(_page_with_exports)
    at.session_state["language"] = "en"
    at.run().button(key="make_zip").click().run()
    while not at.session_state["kept_for_job_zip"][1].finished:
        time.sleep(0.01)
    assert not at.run().get("progress") and not keys_of_buttons(at) & {"make_zip"}
    at.session_state["language"] = "zh_CN"
    assert "make_zip" in keys_of_buttons(at.run())


def keys_of_buttons(at) -> set[str]:
    return {button.key for button in at.button}


def test_what_is_loaded_is_spared_the_search_for_garbage_once(monkeypatch):
    """Not at every run: what is spared is never collected."""
    frozen = []
    monkeypatch.setattr(loaders.gc, "freeze", lambda: frozen.append(len(sys.modules)))
    loaders._spare_objects.cache_clear()
    loaders.spare_what_stays()
    loaders.spare_what_stays()
    assert len(frozen) == 1
    modules = {f"invented_{number}": None for number in range(loaders._MANY_MODULES)}
    monkeypatch.setattr(loaders.sys, "modules", {**sys.modules, **modules})
    loaders.spare_what_stays()
    assert len(frozen) == 2
    loaders._spare_objects.cache_clear()


def test_what_changes_beside_a_card_is_seen_after_the_clock_went_back(tmp_path):
    source = list_checkpoints([places.SHIPPED_CHECKPOINTS], "bbc_news")[0]
    checkpoint = copied(source, tmp_path)
    os.utime(checkpoint.folder / CARD, (4_000_000_000, 4_000_000_000))
    assert loaders.faults([checkpoint]) == []
    (checkpoint.folder / "measured.json").write_text("{", "utf-8")
    assert [str(fault) for fault in loaders.faults([checkpoint])] == [
        "The file bbc_news/attention/measured.json is damaged; measure it again, or delete it."
    ]
    (checkpoint.folder / "measured.json").unlink()
    assert loaders.faults([checkpoint]) == []
    (checkpoint.folder.parent / "readouts.json").write_text("[]", "utf-8")
    assert len(loaders.faults([checkpoint])) == 1


def test_numbers_and_names_of_charts_are_legible():
    figure = {
        "data": [
            {"type": "heatmap", "colorbar": {"tickvals": [0, 1]}, "z": [[1, 2]]},
            {"type": "bar", "xaxis": "x2"},
        ],
        "layout": {"xaxis": {"title": {"text": "x"}}, "yaxis2": {"tickfont": {"size": 9}}},
    }
    drawn = charts._legible(figure, "red")
    assert drawn["layout"]["xaxis"]["tickfont"] == {"color": "red"}
    assert drawn["layout"]["xaxis"]["title"]["font"] == {"color": "red"}
    assert drawn["layout"]["yaxis2"]["tickfont"] == {"color": "red", "size": 9}
    assert drawn["data"][0]["colorbar"]["tickfont"] == {"color": "red"}
    assert drawn["data"][1] == figure["data"][1]
    assert "tickfont" not in figure["layout"]["xaxis"] and drawn["data"][0]["z"] == [[1, 2]]


@pytest.mark.parametrize(("page", "theme"), [((255, 255, 255), "light"), ((23, 22, 20), "dark")])
def test_the_text_of_charts_has_contrast(page, theme):
    written = colours.CHART_TEXT[theme].removeprefix("#")
    red, green, blue = (int(written[start : start + 2], 16) for start in (0, 2, 4))
    assert colours.contrast((red, green, blue), page) >= 7


def test_what_is_drawn_again_by_itself_says_so_in_the_visitors_language():
    """A fragment runs without the page's frame, which says what language is spoken."""
    found = [
        list(map(ast.unparse, node.body))
        for name, source in SOURCES.items()
        if name.startswith("poolviz.ui")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(each).startswith("st.fragment") for each in node.decorator_list)
    ]
    assert found and all("state.speak()" in body for body in found)
