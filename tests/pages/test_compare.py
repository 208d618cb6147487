"""The pages without a browser: what they show, what they keep, how they fail."""

import json
from contextlib import contextmanager
from urllib.parse import parse_qs

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from poolviz import language, places
from poolviz.checkpoints import own_rows
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.datasets.examples import examples
from poolviz.export.files import to_json
from poolviz.figures.texts.heatmap import heatmap
from poolviz.model.class_names import class_label
from poolviz.text.tokens import clean_text, tokenize
from poolviz.ui.frame.menu import MENU
from poolviz.views.captions import number
from poolviz.views.panel import by_head
from poolviz.views.passages import LONG, PART
from poolviz.views.view import View
from tests.pages_helpers import (
    ALL_HEADS,
    DASHBOARD,
    HOSTILE_TEXTS,
    HOTEL,
    PAGES,
    PROJECT,
    TITLES,
    AlignedRow,
    address,
    assert_shows,
    charts,
    copied_checkpoint,
    expected_panel,
    explain,
    highlights,
    menu_links,
    open_page,
    opened_part,
    reopened,
    rows,
    sentences,
    shared,
    typed,
)

TEXT = "早餐难吃，但是前台态度非常好。"
pytestmark = pytest.mark.usefixtures("nobodys_machine")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_without_an_address(page):
    at = AppTest.from_file(str(DASHBOARD), default_timeout=60).switch_page(page).run()
    assert not at.exception and not at.error and not at.warning
    assert at.header[0].value
    assert tuple(at.session_state["heads"]) == ALL_HEADS
    for link in menu_links(at):
        assert "None" not in link.query_string
        other = reopened(parse_qs(link.query_string))
        assert address(other) == address(at)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_with_every_data_set_that_has_checkpoints(page):
    shipped = list_checkpoints([places.SHIPPED_CHECKPOINTS])
    for task in sorted({c.task for c in shipped if c.kind == "classification"}):
        at = open_page(page, dataset=task)
        assert at.session_state["dataset"] == task
        assert at.header[0].value and not at.error


def test_the_menu_has_every_page():
    files = ["dashboard.py", *(f"pages/{file.name}" for file in PROJECT.glob("pages/*.py"))]
    assert sorted(entry.file for entry in MENU.values()) == sorted(files)
    assert [link.label for link in menu_links(open_page())] == [
        entry.label for entry in MENU.values()
    ]


def test_the_first_view_explains_an_example_with_all_heads():
    at = open_page()
    assert at.session_state["text"] == examples(HOTEL, "character")[0]
    assert_shows(at)


def test_there_is_a_highlight_for_each_chosen_head():
    at = open_page().multiselect(key="_heads").set_value(["multi-head", "max"]).run()
    assert at.session_state["heads"] == ["max", "multi-head"]
    assert address(at)["heads"] == "max,multi-head"
    assert len(rows(at)) == 2
    assert_shows(at)


def test_without_a_head_there_is_a_sentence():
    at = open_page().multiselect(key="_heads").set_value([]).run()
    assert not at.exception and not rows(at)
    assert len(sentences(at)) == 1
    at.multiselect(key="_heads").set_value(["average"]).run()
    assert len(rows(at)) == 1


def test_another_data_set_brings_its_own_heads_classes_and_examples():
    at = open_page().selectbox(key="_dataset").set_value(TITLES).run()
    assert address(at)["dataset"] == TITLES
    assert at.session_state["text"] == examples(TITLES, "character")[0]
    assert_shows(at)
    predicted = explain(at.session_state["text"], TITLES, ["max"])[0].predicted
    assert predicted in rows(at)[0].decision


def test_a_typed_text_is_explained_and_stays_out_of_the_address():
    at = typed(open_page(), TEXT)
    assert at.session_state["text"] == TEXT
    assert_shows(at)
    assert address(at).keys().isdisjoint({"text", "example", "row"})
    assert rows(at)[0].line.text == TEXT


def test_another_example_is_explained():
    at = open_page().menu_button(key="_example").click_index(2).run()
    assert at.session_state["text"] == examples(HOTEL, "character")[2]
    assert address(at)["example"] == "3"
    assert_shows(at)


@pytest.mark.parametrize("scale", ["shared", "head", "uniform"])
@pytest.mark.parametrize("quantity", ["weight", "alternative"])
def test_the_switches_change_what_is_shown(quantity, scale):
    at = open_page()
    at.segmented_control(key="_quantity").set_value(quantity).run()
    at.segmented_control(key="_scale").set_value(scale).run()
    assert address(at)["show"] == quantity
    assert address(at)["scale"] == scale
    assert_shows(at, quantity=quantity, scale=scale)


def test_contributions_have_no_scale_of_their_average():
    at = open_page(show="contribution")
    assert at.segmented_control(key="_scale").options == ["One scale", "Each head its own"]
    assert_shows(at, quantity="contribution")
    at.segmented_control(key="_scale").set_value("head").run()
    assert_shows(at, quantity="contribution", scale="head")
    at.segmented_control(key="_quantity").set_value("weight").run()
    assert at.segmented_control(key="_scale").value == "head"


def test_spreading_and_folding_change_what_is_shown():
    at = open_page().toggle(key="_spread").set_value(True).run()
    assert address(at)["spread"] == "1"
    assert_shows(at, spread=True)
    at.toggle(key="_words").set_value(True).run()
    assert address(at)["words"] == "1"
    assert_shows(at, spread=True, words=True)
    assert len(rows(at)[0].line.tokens) < len(at.session_state["text"])
    at.toggle(key="_spread").set_value(False).run()
    assert "spread" not in address(at)
    assert_shows(at, words=True)


def test_contributions_to_one_class_against_another():
    at = open_page(dataset=TITLES)
    assert "_target" not in at.session_state
    at.segmented_control(key="_quantity").set_value("contribution").run()
    target, against = explain(TEXT, TITLES, ["max"])[0].classes[1:3]
    assert at.selectbox(key="_target").options[1] == f"{target} entertainment"
    at.selectbox(key="_target").set_value(target).run()
    assert_shows(at, quantity="contribution", target=target)
    at.selectbox(key="_against").set_value(against).run()
    assert_shows(at, quantity="contribution", target=target, against=against)
    assert (address(at)["class"], address(at)["against"]) == (target, against)
    at.selectbox(key="_against").set_value(target).run()  # a class against itself: zeros
    assert_shows(at, quantity="contribution", target=target, against=target)


def test_classes_of_another_data_set_are_forgotten():
    at = open_page(dataset=TITLES, show="contribution")
    target = explain(TEXT, TITLES, ["max"])[0].classes[3]
    at.selectbox(key="_target").set_value(target).run()
    at.selectbox(key="_dataset").set_value(HOTEL).run()
    assert at.session_state["target"] is None
    assert_shows(at, quantity="contribution")


def test_the_alternative_weight_is_only_offered_where_a_head_has_one():
    at = open_page(heads="max", show="alternative")
    assert_shows(at, quantity="alternative")
    at.multiselect(key="_heads").set_value(["attention"]).run()
    assert at.session_state["quantity"] == "weight"
    assert_shows(at)


@pytest.mark.parametrize("dataset", [HOTEL, TITLES])
def test_rows_have_the_explainers_numbers(dataset):
    at = typed(open_page(dataset=dataset, scale="shared"), TEXT)
    for row, explanation in zip(rows(at), explain(TEXT, dataset), strict=True):
        weights = explanation.weights.mean(axis=0)
        assert row.line.values == [number(w) for w in weights]
        assert class_label(explanation.predicted) in row.decision
        assert f"{explanation.probabilities.max():.0%}" in row.decision


@pytest.mark.parametrize("dataset", [HOTEL, TITLES])
def test_parts_below_the_rows_have_the_explainers_numbers(dataset):
    at = typed(open_page(dataset=dataset, scale="shared"), TEXT)
    assert not charts(at) and not at.dataframe  # what is closed is not built
    explanations = explain(TEXT, dataset)
    lines = charts(opened_part(at, "lines"))["lines"]["data"]
    weights = [e.weights.mean(axis=0) for e in explanations]
    assert len(lines) == len(weights) + 1  # and the line of average pooling
    for line, row in zip(lines, weights, strict=False):
        np.testing.assert_allclose(line["y"], row, atol=1e-6)
    shown = by_head(expected_panel(at, View()))
    assert set(charts(opened_part(at, "heatmap"))) == {"heatmap"}
    assert at.get("plotly_chart")[0].proto.alt == heatmap(shown).alt
    top = opened_part(at, "top").dataframe[0].value
    for explanation, row in zip(explanations, shown.summaries, strict=True):
        assert_top_table(top[top["Head"] == row.label], explanation)


def assert_top_table(table: pd.DataFrame, explanation) -> None:
    positions, tokens, weights = (table[name] for name in ("Position", "Token", "Weight"))
    places_ = positions.to_numpy() - 1
    assert list(tokens) == [explanation.tokens[place].text for place in places_]
    mean = explanation.weights.mean(axis=0)
    np.testing.assert_allclose(weights, mean[places_], rtol=1e-5)
    assert mean[places_].min() >= np.sort(mean)[-len(places_)]


def test_contributions_on_the_page_sum_to_the_centred_logit():
    at = opened_part(typed(open_page(show="contribution", class_="正面"), TEXT), "lines")
    lines = charts(at)["lines"]["data"]
    explanations = explain(TEXT)
    shown = iter(lines)
    for explanation in explanations:
        total = next(shown)["y"].sum()
        column = explanation.classes.index("正面")
        assert total + explanation.bias[column] == pytest.approx(
            explanation.logits[column], abs=1e-5
        )


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_hostile_texts_give_a_view_or_a_sentence(text):
    at = typed(open_page(), text)
    assert not at.exception
    if not rows(at):
        assert not text.strip("\t\n \u3000\u00a0\u200b")
        assert len(sentences(at)) == 1
        return
    for row in rows(at):
        assert_shows_beginning(row, text)
    for switch in ("_words", "_spread"):
        at.toggle(key=switch).set_value(True).run()
        assert not at.exception
        assert_shows_beginning(rows(at)[0], text)


def assert_shows_beginning(row: AlignedRow, text: str) -> None:
    """The row shows all tokens of the text, or of a long one the first part."""
    read = row.line.tokens
    whole = [token.text for token in tokenize(clean_text(text), "character")]
    words = "".join(whole)
    assert words.startswith("".join("".join(read).split()))
    assert len(read) >= PART if len(whole) > LONG else len("".join(read)) >= len(words)


def test_a_text_beyond_the_limit_gives_a_sentence():
    at = typed(open_page(), "长" * 100_001)
    assert not at.exception and not rows(at)
    assert "100,000" in sentences(at)[0]


def test_saved_explanations_and_text_files_open():
    at = shared(open_page())
    at.file_uploader[0].set_value(("e.json", to_json(explain(TEXT)), "application/json")).run()
    assert at.session_state["text"] == TEXT
    assert_shows(at)
    at.file_uploader[0].set_value(("t.txt", "\ufeff房间大".encode(), "text/plain")).run()
    assert at.session_state["text"] == "房间大"
    assert_shows(at)
    at.file_uploader[0].set_value(("u.txt", "房间很大，早餐一般".encode("gbk"), "text/plain")).run()
    assert at.session_state["text"] == "房间很大，早餐一般"
    typed(at, TEXT)  # the file that is still in the box does not come back
    assert at.session_state["text"] == TEXT


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"{",
        b"[]",
        b"null",
        b"[" * 100_000,
        b"[" + b"9" * 5_000 + b"]",
        json.dumps([{"schema_version": 1}]).encode(),
    ],
    ids=["empty", "half", "no entry", "null", "deep", "long number", "incomplete"],
)
def test_a_damaged_file_gives_a_sentence(content):
    at = shared(open_page())
    at.file_uploader[0].set_value(("x.json", content, "application/json")).run()
    assert not at.exception
    assert len(at.error) == 1
    assert_shows(at)


def test_labels_are_chinese_where_the_language_is():
    english = MENU["compare"].label
    at = open_page(lang="zh_CN")
    with speaking("zh_CN"):  # AppTest looks up options by their labels in the test's language
        chinese = language._(english)
        assert chinese != english
        assert menu_links(at)[0].label == chinese
        at.selectbox(key="_language").set_value("en").run()
    assert menu_links(at)[0].label == english
    assert address(at)["lang"] == "en"


@contextmanager
def speaking(key: str):
    language.use(key)
    try:
        yield
    finally:
        language.use("en")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_speaks_chinese(page):
    english, chinese = open_page(page), open_page(page, lang="zh_CN")
    assert chinese.header[0].value != english.header[0].value
    assert not chinese.exception


@pytest.mark.parametrize("page", PAGES)
def test_a_damaged_checkpoint_is_named_and_the_rest_works(page, nobodys_machine):
    root = nobodys_machine / "checkpoints"
    damaged = copied_checkpoint(root, "my_reviews", "attention")
    damaged.path("model.onnx").write_bytes(b"no model")
    sound = copied_checkpoint(root, "other_reviews", "attention")
    at = open_page(page, dataset="other_reviews")
    assert "my\\_reviews/attention" in at.sidebar.warning[0].value
    assert len(at.sidebar.warning) == 1
    assert at.session_state["dataset"] == sound.task
    assert "my_reviews" not in at.selectbox(key="_dataset").options


@pytest.mark.parametrize("page", PAGES)
def test_without_any_checkpoint_there_is_a_sentence(page, tmp_path, monkeypatch):
    monkeypatch.setattr(places, "SHIPPED_CHECKPOINTS", tmp_path / "nothing")
    at = open_page(page)
    assert len(sentences(at)) == 1
    assert "python -m poolviz train" in sentences(at)[0]


def own_with_rows(root, texts=("房间很干净", "早餐太差了")) -> None:
    """A model of one's own, with rows of its test split kept beside it."""
    own = copied_checkpoint(root / "checkpoints", "my_reviews", "attention")
    rows = [list(row) for row in zip(own.classes, texts, strict=True)]
    content = {"schema_version": own_rows.VERSION, "files": ["/nowhere/my.csv"], "rows": rows}
    (own.folder / own_rows.NAME).write_text(json.dumps(content), "utf-8")


def judged(at) -> bool:
    """Whether a decision is called right or wrong."""
    return any('class="pva-right"' in h or 'class="pva-wrong"' in h for h in highlights(at))


def test_a_model_of_ones_own_begins_with_a_row_of_its_test_split(nobodys_machine):
    own_with_rows(nobodys_machine)
    at = open_page(dataset="my_reviews")
    assert at.text_area(key="_text").value == "房间很干净"
    assert any("A row of my\\_reviews, known label: 负面" in c.value for c in at.caption)
    assert judged(at)
    assert "example" not in address(at) and "text" not in address(at)
    again = open_page(dataset="my_reviews", example="2")
    assert again.text_area(key="_text").value == "早餐太差了"
    typed(again, "别的文字")
    assert not any("known label" in caption.value for caption in again.caption)
    assert not judged(again)


def test_a_server_that_hides_rows_shows_none_of_them(nobodys_machine, monkeypatch):
    own_with_rows(nobodys_machine)
    monkeypatch.setenv("POOLVIZ_HIDE_ROWS", "1")
    at = open_page(dataset="my_reviews")
    assert at.text_area(key="_text").value == examples("my_reviews", "character")[0]


def test_the_readout_is_asked_for_where_there_is_a_choice(nobodys_machine):
    root = nobodys_machine / "checkpoints"
    copied_checkpoint(root, "my_reviews", "attention")
    copied_checkpoint(root, "my_reviews", "attention-mlp", readout="mlp")
    assert not open_page(dataset=TITLES).radio
    at = open_page(dataset="my_reviews")
    assert at.session_state["readout"] == "linear"
    at.radio(key="_readout").set_value("mlp").run()
    assert address(at)["readout"] == "mlp"
    assert open_page(**address(at)).session_state["readout"] == "mlp"


def test_choices_stay_from_page_to_page():
    at = open_page()
    at.selectbox(key="_dataset").set_value(TITLES).run()
    at.multiselect(key="_heads").set_value(["max", "attention"]).run()
    at.segmented_control(key="_scale").set_value("head").run()
    typed(at, TEXT)
    before = rows(at)
    for page in [*PAGES[1:], PAGES[0]]:
        at.switch_page(page).run()
        assert not at.exception
        assert at.selectbox(key="_dataset").value == TITLES
        assert at.multiselect(key="_heads").value == ["max", "attention"]
        assert address(at)["dataset"] == TITLES
    assert rows(at) == before
    assert at.text_area(key="_text").value == TEXT
    assert at.segmented_control(key="_scale").value == "head"


def test_choices_of_another_page_count_on_the_compare_page():
    at = open_page(PAGES[1])
    at.multiselect(key="_heads").set_value(["average"]).run()
    at.switch_page("dashboard.py").run()
    assert len(rows(at)) == 1
    assert_shows(at)


def test_menu_links_lead_to_the_same_view():
    at = open_page(dataset=TITLES, heads="max", scale="head", example="2")
    for link in menu_links(at):
        other = reopened(parse_qs(link.query_string))
        assert rows(other) == rows(at)
