"""The Compare page's section that changes the text, without a browser."""

import shutil
import time
from dataclasses import replace

import numpy as np
import pytest

from poolviz.checkpoints import checkpoint as checkpoints
from poolviz.datasets.examples import examples
from poolviz.engine.runtime import Engine
from poolviz.engine.texts import Explainer
from poolviz.figures.texts.changes import MAX_COLUMNS
from poolviz.figures.texts.highlight import compared_html
from poolviz.text.edits import without
from poolviz.text.encoding import encode
from poolviz.text.tokens import tokenize
from poolviz.trust.ablation.model import Model
from poolviz.trust.text.counterfactual import smallest_removals
from poolviz.ui.compare.change_cards import points
from poolviz.ui.compare.editing import CLICKABLE
from poolviz.ui.frame.token_pills import token_labels
from poolviz.views.changes import compare_texts
from poolviz.views.view import View
from tests.pages_helpers import (
    HOSTILE_TEXTS,
    HOTEL,
    address,
    charts,
    copied_checkpoint,
    explain,
    explainer,
    highlights,
    open_page,
    read_highlight,
    sentences,
    typed,
)

HEADS = ("max", "attention")
TEXT = "早餐难吃，但是前台态度非常好。"
pytestmark = pytest.mark.usefixtures("nobodys_machine")


def opened(text: str | None = TEXT, heads=HEADS, **more):
    at = open_page(heads=",".join(heads), edit="1", **more)
    return at if text is None else typed(at, text)


def clicked(at, *positions: int):
    """The page with these tokens clicked, which by itself changes nothing."""
    return at.pills[0].set_value(list(positions))


def press(at, key: str):
    return at.button(key=key).click().run()


def comparison(at) -> list[str]:
    """The highlights of two texts, one a head."""
    return highlights(at)[len(at.session_state["heads"]) :]


def assert_compares(at, before: str, after: str, **view) -> None:
    """Every head's card shows these two texts, and what they change."""
    assert not at.exception
    changes = compare_texts(explain(before, heads=HEADS), explain(after, heads=HEADS), View(**view))
    for html, head in zip(comparison(at), changes.heads, strict=True):
        named = dict(zip(("Before", "After"), head.panels, strict=True))
        parts = [range(len(shown.tokens)) for shown in named.values()]
        assert html == compared_html(named, 0, parts, changes.alone)
    verdicts = [element.value for element in at.markdown if " → " in element.value]
    for verdict, head in zip(verdicts, changes.heads, strict=True):
        first, second = (e.probabilities for e in head.explained)
        column = int(first.argmax())
        assert f"{first[column]:.1%} → {second[column]:.1%}" in verdict
        assert ("now" in verdict) == head.flips
    differences = np.array(charts(at)["heatmap_changes"]["data"][0]["z"], float)
    assert differences.shape == (len(HEADS), min(len(changes.aligned), MAX_COLUMNS))


def test_the_closed_section_costs_nothing(monkeypatch):
    passes = []
    run = Engine.run
    monkeypatch.setattr(
        Engine, "run", lambda self, *given: passes.append(self) or run(self, *given)
    )
    at = typed(open_page(heads=",".join(HEADS)), TEXT)
    passes.clear()
    at.run()
    assert len(passes) == len(HEADS)
    assert not at.pills
    at.toggle(key="_editing").set_value(True).run()
    passes.clear()
    at.run()  # nothing is changed yet
    assert len(passes) == len(HEADS)
    assert address(at)["edit"] == "1"


def test_clicked_tokens_are_deleted_and_the_page_compares():
    at = opened()
    assert not comparison(at)
    clicked(at, 2, 3)
    press(at, "edit_delete")
    left = TEXT[:2] + TEXT[4:]
    assert_compares(at, TEXT, left)
    clicked(at, 0)  # of what is left
    press(at, "edit_delete")
    assert_compares(at, TEXT, left[1:])
    assert at.session_state["text"] == TEXT and left[1:] not in str(address(at))
    press(at, "edit_reset")
    assert not comparison(at)


def test_clicked_tokens_are_replaced():
    at = opened(show="contribution")
    clicked(at, 2, 3)
    at.text_input(key="edit_replacement").set_value("很好吃")
    press(at, "edit_replace")
    assert_compares(at, TEXT, TEXT.replace("难吃", "很好吃"), quantity="contribution")


def test_what_cannot_be_done_has_a_sentence():
    at = press(opened(), "edit_delete")
    assert sentences(at)[0].startswith("Click the tokens")
    clicked(at, *range(len(TEXT)))
    press(at, "edit_delete")
    assert sentences(at)[0].startswith("Every token would be gone")
    clicked(at, 1)
    press(at, "edit_replace")
    assert sentences(at)[0].startswith("Type what the chosen tokens become")
    assert not comparison(at)


def test_a_whole_text_is_typed():
    at = opened()
    at.segmented_control(key="_edit_by").set_value("typing").run()
    assert at.text_area(key="_edited").value == TEXT
    at.text_area(key="_edited").set_value("早餐好吃。").run()
    assert_compares(at, TEXT, "早餐好吃。")
    at.text_area(key="_edited").set_value(" ").run()
    assert sentences(at)[-1].startswith("Type at least one visible character")
    at.segmented_control(key="_edit_by").set_value("tokens").run()
    assert not at.exception
    typed(at, "另一句话。")  # another text of the view has no changes
    assert not comparison(at)


def test_a_pinned_text_is_compared_with_others():
    at = press(opened(), "edit_pin")
    assert "pinned text" in sentences(at)[-1]
    at.selectbox(key="_example").select_index(1).run()
    assert_compares(at, TEXT, examples(HOTEL, "character")[1])
    clicked(at, 0)
    press(at, "edit_delete")
    assert_compares(at, TEXT, examples(HOTEL, "character")[1][1:])
    press(at, "edit_pin")
    assert_compares(at, examples(HOTEL, "character")[1], examples(HOTEL, "character")[1][1:])


def searched(at):
    at.segmented_control(key="_edit_by").set_value("search").run()
    press(at, "find_flips")
    for _attempt in range(200):
        if any(button.key.startswith("take_out_") for button in at.button):
            return at
        time.sleep(0.05)
        at.run()
    raise AssertionError("The search does not end.")


def test_the_search_finds_what_flips_and_takes_it_out():
    text = "房间很好，但是早餐难吃。"
    at = searched(opened(text))
    models = [Model(explainer(HOTEL, head)) for head in HEADS]
    tokens = tokenize(text, "character")
    ids = [encode(text, model.explainer.vocabulary).ids for model in models]
    removals = dict(zip(HEADS, smallest_removals(models, ids), strict=True))
    assert any(removals.values())
    for head, removal in removals.items():
        buttons = [button for button in at.button if button.key == f"take_out_{head}"]
        assert len(buttons) == (removal is not None)
    head, removal = next((head, removal) for head, removal in removals.items() if removal)
    press(at, f"take_out_{head}")
    assert_compares(at, text, without(text, tokens, removal.places, "character"))
    flips = [element.value for element in at.markdown if "Another decision" in element.value]
    assert explainer(HOTEL, head).checkpoint.head.capitalize() in flips[0]
    typed(at, TEXT)  # what was found was of the other text
    assert [button.key for button in at.button if button.key == "find_flips"]


def test_the_search_reads_with_the_vocabulary_of_each_head(nobodys_machine):
    root = nobodys_machine / "checkpoints"
    normal = copied_checkpoint(root, "my_reviews", "attention")
    source = explainer(HOTEL, "max").checkpoint

    def with_other_numbers(folder):
        for file in source.card["files"]:
            shutil.copy(source.path(file), folder / file)
        known = explainer(HOTEL, "max").vocabulary
        replace(known, entries=known.entries[::-1]).save(folder / checkpoints.VOCABULARY)

    own = checkpoints.write(root, "my_reviews", "max", source.card, with_other_numbers)
    text = "房间很好，但是早餐难吃。"
    at = searched(opened(text, dataset="my_reviews"))
    for title, checkpoint in (("Max", own), ("Attention", normal)):
        model = Model(Explainer(checkpoint))
        ids = encode(text, model.explainer.vocabulary).ids
        [removal] = smallest_removals([model], [ids])
        [said] = [element.value for element in at.markdown if f"**{title}**: " in element.value]
        wanted = f"with {removal.probabilities.max():.1%}" if removal else "no such set"
        assert wanted in said


def test_a_long_text_says_that_it_is_cut_into_segments_and_shows_a_part():
    text = "房间很干净，服务不错。" * 60
    at = opened(text)
    assert len(at.pills[0].options) == CLICKABLE
    at.selectbox(key="edit_part").set_value(600).run()
    clicked(at, 612)
    press(at, "edit_delete")
    assert not at.exception
    assert len(comparison(at)) == len(HEADS)
    for html in comparison(at):
        assert 'pv-alone"' in html  # the part that is shown has the difference
    assert any("around the first difference" in c.value for c in at.caption)
    at.segmented_control(key="_edit_by").set_value("search").run()
    assert any("660 tokens" in c.value and "32 equal" in c.value for c in at.caption)


@pytest.mark.parametrize("name", ["script", "image", "markdown", "latex", "right to left", "emoji"])
def test_hostile_texts_are_edited_as_texts(name):
    text = HOSTILE_TEXTS[name]
    at = opened(text)
    clicked(at, 0)
    press(at, "edit_delete")
    assert not at.exception
    left = without(text, tokenize(text, "character"), [0], "character")
    assert len(comparison(at)) == len(HEADS)
    for html in comparison(at):
        assert read_highlight(html).text == text + left


@pytest.mark.parametrize(
    ("share", "wanted"), [(0.5, "+50.0"), (-0.1234, "−12.3"), (-1e-5, "+0.0"), (0.0, "+0.0")]
)
def test_points_have_a_sign_and_no_negative_zero(share, wanted):
    assert points(np.float32(share)) == wanted


def test_equal_tokens_have_labels_of_their_own():
    labels = token_labels(tokenize("的人的*的", "character"))
    assert [label.replace("\N{WORD JOINER}", "") for label in labels] == [
        *("的", "人", "的\N{THIN SPACE}₂", "\\*", "的\N{THIN SPACE}₃")
    ]
    many = token_labels(tokenize("好" * 150, "character"))
    assert len(set(many)) == 150
