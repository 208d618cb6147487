"""Changing the text of the Compare page, without a browser.

What a person clicks is a component's, which a test without a browser cannot see: here its effect
is called, or its state is set; `tests/browser/test_editing.py` clicks.
"""

import shutil
import time
from dataclasses import replace

import pytest
import streamlit as st

from poolviz.checkpoints.checkpoint import VOCABULARY, write
from poolviz.datasets.examples import examples
from poolviz.engine.texts import Explainer
from poolviz.figures.texts.aligned import aligned_changes_html
from poolviz.text.edits import without
from poolviz.text.encoding import encode
from poolviz.text.tokens import text_hash, tokenize
from poolviz.trust.ablation.model import Model
from poolviz.trust.text.counterfactual import smallest_removals
from poolviz.ui.compare import edits
from poolviz.ui.frame import state
from poolviz.views.changes import compare_texts
from poolviz.views.decisions import named_class
from poolviz.views.passages import part_of_changes
from poolviz.views.view import View
from tests.pages_helpers import (
    HOSTILE_TEXTS,
    HOTEL,
    address,
    charts,
    copied_checkpoint,
    explain,
    explainer,
    open_page,
    opened_part,
    rows,
    sentences,
    table,
    typed,
)

HEADS = ("max", "attention")
TEXT = "早餐难吃，但是前台态度非常好。"
pytestmark = pytest.mark.usefixtures("nobodys_machine")


def opened(text: str | None = TEXT, heads=HEADS, **more):
    at = open_page(heads=",".join(heads), **more)
    return at if text is None else typed(at, text)


def changed(at, text: str):
    """The page after its text was changed to another."""
    at.session_state["edited"] = (at.session_state["text"], text)
    return at.run()


def press(at, key: str):
    return at.button(key=key).click().run()


def compares(at) -> bool:
    return any(len(row.lines) == 2 for row in rows(at))


def assert_compares(at, before: str, after: str, **view) -> None:
    """The rows show these two texts under every head."""
    assert not at.exception
    explained = [explain(text, heads=HEADS) for text in (before, after)]
    changes = compare_texts(*explained, View(**{"scale": "uniform", **view}))
    target = named_class(explained[0])
    assert table(at) == aligned_changes_html(changes, target, part_of_changes(changes))


def test_a_changed_text_is_compared_and_can_be_taken_back():
    at = opened()
    assert not compares(at)
    left = TEXT[:2] + TEXT[4:]
    assert_compares(changed(at, left), TEXT, left)
    assert at.session_state["text"] == TEXT and left not in str(address(at))
    assert_compares(changed(at, left[1:]), TEXT, left[1:])
    press(at, "edit_reset")
    assert not compares(at)


def test_a_changed_text_can_become_the_text():
    at = changed(opened(), "早餐好吃。")
    press(at, "edit_accept")
    assert at.text_area(key="_text").value == "早餐好吃。"
    assert not compares(at)


def test_contributions_of_both_texts_go_to_one_class():
    at = changed(opened(show="contribution"), TEXT.replace("难吃", "很好吃"))
    assert_compares(at, TEXT, TEXT.replace("难吃", "很好吃"), quantity="contribution")


def test_another_text_of_the_view_has_no_changes():
    at = changed(opened(), "早餐好吃。")
    assert not compares(typed(at, "另一句话。"))


def test_a_pinned_text_is_compared_with_others():
    at = press(opened(), "edit_pin")
    assert "pinned text" in " ".join(caption.value for caption in at.caption)
    at.menu_button(key="_example").click_index(1).run()
    assert_compares(at, TEXT, examples(HOTEL, "character")[1])
    changed(at, examples(HOTEL, "character")[1][1:])
    assert_compares(at, TEXT, examples(HOTEL, "character")[1][1:])
    press(at, "edit_pin")
    assert_compares(at, examples(HOTEL, "character")[1], examples(HOTEL, "character")[1][1:])


class TestTokens:
    """What the component asks for, done to the text."""

    @pytest.fixture(autouse=True)
    def session(self, monkeypatch):
        session = {"edited": None, "pinned": None}
        monkeypatch.setattr(st, "session_state", session)
        monkeypatch.setattr(state, "mark_choice", lambda: None)
        return session

    def ask(self, positions, replacement=None, text=TEXT, of=TEXT):
        tokens = tokenize(text, "character")
        edits.change_tokens(text, text, tokens, "character", positions, replacement, text_hash(of))
        return edits.texts_of_view(text).after

    def test_tokens_are_deleted(self):
        assert self.ask([2, 3]) == TEXT[:2] + TEXT[4:]

    def test_tokens_are_replaced(self):
        assert self.ask([2, 3], "很好吃") == TEXT.replace("难吃", "很好吃")

    def test_what_cannot_be_done_changes_nothing_and_has_a_sentence(self, session):
        everything = range(len(TEXT))
        assert self.ask(everything) == TEXT
        assert "Every token would be gone" in str(session["edit_refused"])
        assert self.ask([1], " ") == TEXT
        assert "Type what the chosen tokens become" in str(session["edit_refused"])

    def test_a_text_that_is_no_longer_shown_is_not_changed(self):
        assert self.ask([0], of="另一句话。") == TEXT

    @pytest.mark.parametrize("positions", [[99], [-1]])
    def test_positions_that_are_not_there_change_nothing(self, positions):
        assert self.ask(positions) == TEXT

    @pytest.mark.parametrize("name", HOSTILE_TEXTS)
    def test_hostile_texts_are_edited_as_texts(self, name):
        text = HOSTILE_TEXTS[name]
        tokens = tokenize(text, "character")
        if len(tokens) > 1:
            left = without(text, tokens, [0], "character")
            assert self.ask([0], text=text, of=text) == left


def test_what_was_refused_is_said_once():
    at = opened()
    at.session_state["edit_refused"] = edits.PoolvizError("Nothing is left.")
    assert sentences(at.run()) == ["Nothing is left."]
    assert not sentences(at.run())


def searched(at):
    opened_part(at, "flips")
    press(at, "find_flips")
    for _attempt in range(200):
        if any((button.key or "").startswith("take_out_") for button in at.button):
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
    assert_compares(at, text, without(text, tokens, removal.positions, "character"))
    assert "Another decision under: " in table(at)
    assert explainer(HOTEL, head).checkpoint.head.capitalize() in table(at)
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
        replace(known, entries=known.entries[::-1]).save(folder / VOCABULARY)

    own = write(root, "my_reviews", "max", source.card, with_other_numbers)
    text = "房间很好，但是早餐难吃。"
    at = searched(opened(text, dataset="my_reviews"))
    for title, checkpoint in (("Max", own), ("Attention", normal)):
        model = Model(Explainer(checkpoint))
        ids = encode(text, model.explainer.vocabulary).ids
        [removal] = smallest_removals([model], [ids])
        [said] = [element.value for element in at.markdown if f"**{title}**: " in element.value]
        wanted = f"with {removal.probabilities.max():.1%}" if removal else "no such set"
        assert wanted in said


def test_of_a_long_text_the_part_with_the_difference_is_shown():
    text = "房间很干净，服务不错。" * 60
    after = text[:612] + text[613:]
    at = changed(opened(text), after)
    assert_compares(at, text, after)
    assert "pva-gone" in table(at)
    opened_part(at, "flips")
    assert any("660 tokens" in c.value and "32 equal" in c.value for c in at.caption)


def test_the_changes_of_tokens_are_drawn_and_listed():
    at = changed(opened(), TEXT[:2] + TEXT[4:])
    opened_part(at, "changes")
    assert "heatmap_changes" in charts(at)
    assert set(at.dataframe[0].value["Head"]) == {"Max", "Attention"}
    press(at, "edit_reset")
    assert not charts(at)


@pytest.mark.parametrize("name", ["script", "image", "markdown", "latex", "right to left", "emoji"])
def test_hostile_texts_are_compared_as_texts(name):
    text = HOSTILE_TEXTS[name]
    left = without(text, tokenize(text, "character"), [0], "character")
    at = changed(opened(text), left)
    assert not at.exception
    for row in rows(at):
        assert row.lines[0].tokens == [token.text for token in tokenize(text, "character")]
        assert row.lines[1].tokens == [token.text for token in tokenize(left, "character")]
