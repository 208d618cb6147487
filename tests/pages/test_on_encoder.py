"""Pages of models that were trained on a pretrained encoder's token vectors."""

import shutil

import pytest

from poolviz import places
from poolviz.engine.pairs import PairExplainer
from poolviz.engine.texts import Explainer
from poolviz.views.captions import number
from poolviz.views.matchers import pair_row
from tests.pages_helpers import (
    HOSTILE_TEXTS,
    MATCH_PAGE,
    PAGES,
    highlights,
    open_page,
    rows,
    sentences,
    table,
    typed,
)
from tests.tiny_encoder import LIMIT

DATASET = "invented_english"
TEXT = "The playing room wasn't clean <b>."


@pytest.fixture
def models(trained_on_encoder, encoder_home, nobodys_machine):
    """Two heads on the tiny encoder among this machine's own models."""
    shutil.copytree(encoder_home / "encoders", places.encoders())
    made = [trained_on_encoder(head) for head in ("max", "attention")]
    for each in made:
        place = places.user_checkpoints() / each.task / each.folder.parent.name / each.name
        shutil.copytree(each.folder, place)
    return made


class TestCompare:
    def test_rows_show_each_piece_and_the_special_tokens(self, models):
        at = typed(open_page(dataset=DATASET), TEXT)
        assert not at.exception and not sentences(at)
        found = rows(at)
        for row, model in zip(found, models, strict=True):
            explanation = Explainer(model).explain(TEXT)
            assert row.line.tokens == [token.text for token in explanation.tokens]
            values = explanation.weights.mean(axis=0) * len(explanation.tokens)  # × average
            assert row.line.values == [number(value) for value in values.tolist()]
        for said in ("[CLS], [SEP] stand for nothing", "has read the whole text"):
            assert said in table(at)

    def test_pieces_are_joined_to_words(self, models):
        at = typed(open_page(dataset=DATASET, words="1"), "playing in the unknown room")
        assert "Pieces of words are joined" in table(at)
        assert [token for token in rows(at)[0].line.tokens if token.startswith("play")] == [
            "playing"
        ]

    def test_contributions_say_what_they_are_of(self, models):
        at = typed(open_page(dataset=DATASET, show="contribution"), TEXT)
        assert "what the token vector at each position adds" in table(at)

    @pytest.mark.parametrize("name", ["empty", "script", "emoji", "formula", "right to left"])
    def test_any_text_is_drawn_or_answered_with_a_sentence(self, models, name):
        at = typed(open_page(dataset=DATASET), HOSTILE_TEXTS[name])
        assert not at.exception
        assert table(at) or sentences(at)

    def test_a_long_text_is_said_to_be_read_in_windows(self, models):
        at = typed(open_page(dataset=DATASET), "good food " * LIMIT)
        assert any("This text is longer than the encoder reads" in c.value for c in at.caption)

    def test_without_the_encoder_the_page_says_how_to_add_it(self, models):
        shutil.rmtree(places.encoders())
        at = open_page(dataset=DATASET)
        assert not at.exception
        assert any("encoder add tiny FOLDER" in said for said in sentences(at))


class TestMatch:
    A, B, C = "The playing room wasn't clean <b>.", "good food", "bad cafe"

    @pytest.fixture
    def matchers(self, matcher_on_encoder, encoder_home, nobodys_machine):
        """A siamese and an interactive matcher on the tiny encoder, somebody's own."""
        shutil.copytree(encoder_home / "encoders", places.encoders())
        keys = (("siamese", "attention"), ("interactive", "additive"))
        made = [matcher_on_encoder(*key) for key in keys]
        for each in made:
            place = places.user_checkpoints() / each.task / each.folder.parent.name / each.name
            shutil.copytree(each.folder, place)
        return made

    def open_match(self, *texts, **parameters):
        at = open_page(MATCH_PAGE, pairs="invented_english_pairs", **parameters)
        for name, text in zip("abc", texts, strict=False):
            at.text_area(key=f"_sentence_{name}").set_value(text).run()
        return at

    def test_rows_are_those_of_the_engine(self, matchers):
        at = self.open_match(self.A, self.B)
        assert not at.exception
        found = rows(at)
        assert len(found) == len(matchers)
        for row, matcher in zip(found, matchers, strict=True):
            pair = PairExplainer(matcher).explain(self.A, self.B)
            assert row.decision.startswith(pair_row(pair).verdict)
            for line, side in zip(row.lines, pair.sides, strict=True):
                assert line.tokens == [token.text for token in side.tokens]
                paid = side.contributions[..., 1].sum(axis=0).tolist()
                assert line.values == [number(value) for value in paid]
        for said in ("[CLS], [SEP] stand for nothing", "has read the whole text"):
            assert said in table(at)
        assert "what the token vector at each position adds" in table(at)

    def test_pieces_are_joined_by_a_switch_also_of_a_triplet(self, matchers):
        at = self.open_match(self.A, self.B, mode="triplet")
        at.text_area(key="_sentence_c").set_value(self.C).run()
        assert "play" in rows(at)[0].lines[0].tokens
        at.toggle(key="_words").set_value(True).run()
        for number_of_table in (0, 1):
            assert "playing" in rows(at, number_of_table)[0].lines[0].tokens
        assert not at.exception

    @pytest.mark.parametrize("part", ["difference", "matrix", "padding"])
    def test_every_part_opens(self, matchers, part):
        at = self.open_match(self.A, self.B, mode=part)
        assert not at.exception
        said = [each.value for each in at.caption]
        whole = any("Exact with respect to the token vectors" in each for each in said)
        assert whole == (part == "matrix")

    def test_a_long_sentence_is_said_to_be_read_in_windows(self, matchers):
        at = self.open_match("good " * 2 * LIMIT, self.B)
        assert any("Sentence A is longer than the encoder reads" in c.value for c in at.caption)

    def test_without_the_encoder_the_page_says_how_to_add_it(self, matchers):
        shutil.rmtree(places.encoders())
        at = self.open_match()
        assert not at.exception
        assert any("encoder add tiny FOLDER" in said for said in sentences(at))


class TestTrust:
    def test_erasing_waits_until_its_cost_was_read(self, models):
        at = typed(open_page("pages/trust.py", dataset=DATASET), "the room was bad")
        assert not at.exception
        [cost] = [said for said in sentences(at) if "read this text again" in said]
        assert "360 times" in cost  # 2 heads of 6 tokens, 30 orders each
        at.button(key="measure_text").click().run()
        while any(button.key == "cancel_trust_text" for button in at.button):
            at.run()
        assert any("the encoder reads [MASK] in its place" in html for html in highlights(at))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(models, page):
    at = open_page(page, dataset=DATASET)
    assert not at.exception
