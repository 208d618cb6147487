"""From a text to an `Explanation`."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.checkpoints.checkpoint import VOCABULARY, read, write
from poolviz.engine.runtime import Engine
from poolviz.engine.texts import Explainer, explain_each
from poolviz.errors import CheckpointError, TextError
from poolviz.model.heads import HEADS, READOUTS
from poolviz.text.encoding import encode
from poolviz.text.tokens import MAX_CHARACTERS, has_visible
from poolviz.text.vocabulary import Vocabulary
from poolviz.values.explanation import Explanation
from tests import invented

EVERY_MODEL = pytest.mark.parametrize(
    ("head", "readout"), [(head, readout) for head in HEADS for readout in READOUTS]
)
TEXT = "这家店的菜好吃，\n我们龘喜欢！"
ARRAYS = ("probabilities", "weights", "contributions", "bias", "offsets", "values", "alternative")

ODD_TEXTS = {
    "one character": "好",
    "unknown characters": "龘龘龘",
    "repetition": "哈" * 40,
    "10,000 characters": "这家店的菜很好吃。" * 1_111 + "好",
    "emoji": "好吃👍🏽👨‍👩‍👧‍👦🇨🇳",
    "combining marks": "e\u0301 a\u0308\u0323",
    "right to left": "مرحبا שלום 好吃",
    "script": "<script>alert(1)</script>",
    "markup": "</span><img src=x onerror=alert(1)>",
    "a lone surrogate": "好\ud800吃",
    "zero-width and control characters": "好\u200b\u0000\u202e吃",
    "full width": "ＡＢＣ１２３",
}


@pytest.fixture(scope="module")
def explainers(trained):
    loaded = {}

    def load(head, readout="linear"):
        if (head, readout) not in loaded:
            loaded[head, readout] = Explainer(trained(head, readout))
        return loaded[head, readout]

    return load


def same(one: Explanation, other: Explanation) -> bool:
    return all(
        np.array_equal(value, vars(other)[name])
        if isinstance(value, np.ndarray)
        else value == vars(other)[name]
        for name, value in vars(one).items()
    )


@EVERY_MODEL
class TestNumbers:
    def test_are_the_engines_own(self, trained, explainers, head, readout):
        checkpoint = trained(head, readout)
        ids = encode(TEXT, Vocabulary.load(checkpoint.path(VOCABULARY))).ids
        outputs = Engine(checkpoint).run(ids[None])
        explanation = explainers(head, readout).explain(TEXT)
        for name in ARRAYS:
            found = getattr(explanation, name)
            assert (found is None) == (name not in outputs)
            if found is not None:
                assert np.array_equal(found, outputs[name][0])
        assert explanation.bias_offset == outputs["bias_offset"][0]

    def test_add_up(self, explainers, head, readout):
        explanation = explainers(head, readout).explain(TEXT)
        logits = explanation.logits
        np.testing.assert_allclose(explanation.weights.sum(axis=1), 1, atol=1e-5)
        np.testing.assert_allclose(logits.sum(), 0, atol=1e-4)
        # softmax does not see what centring took away
        shares = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
        np.testing.assert_allclose(explanation.probabilities, shares, atol=1e-5)

    def test_say_where_they_come_from(self, trained, explainers, head, readout):
        checkpoint, explanation = trained(head, readout), explainers(head, readout).explain(TEXT)
        assert (explanation.head, explanation.readout) == (head, readout)
        assert (explanation.dataset, explanation.checkpoint) == ("invented", checkpoint.name)
        assert explanation.checkpoint_hash == checkpoint.onnx_hash
        assert explanation.classes == invented.CLASSES
        assert explanation.window == (1, 1)
        assert explanation.exact == (readout == "linear")
        assert explanation.alternative_name == HEADS[head].alternative
        assert not explanation.folded

    def test_json_round_trip(self, explainers, head, readout):
        explanation = explainers(head, readout).explain(TEXT)
        again = Explanation.from_json(json.loads(json.dumps(explanation.to_json())))
        for name, value in vars(explanation).items():
            if isinstance(value, np.ndarray | float) and value is not None:
                np.testing.assert_allclose(getattr(again, name), value, atol=1e-6, err_msg=name)
            else:
                assert getattr(again, name) == value

    @pytest.mark.parametrize("kind", ODD_TEXTS)
    def test_odd_texts(self, explainers, head, readout, kind):
        explanation = explainers(head, readout).explain(ODD_TEXTS[kind])
        rows, count, classes = explanation.contributions.shape
        assert count == len(explanation.tokens) == explanation.weights.shape[1] > 0
        assert classes == len(invented.CLASSES)
        np.testing.assert_allclose(explanation.weights.sum(axis=1), 1, atol=1e-4)
        assert all(np.isfinite(getattr(explanation, name)).all() for name in ARRAYS[:5])
        for token in explanation.tokens:
            assert explanation.text[token.start : token.end] == token.text


class TestText:
    def test_tokens_with_spans_and_unknown_ones_marked(self, explainers):
        explanation = explainers("max").explain(TEXT)
        assert "".join(token.text for token in explanation.tokens) == TEXT.replace("\n", "")
        assert [token.text for token in explanation.tokens if not token.known] == ["龘", "！"]
        assert explanation.text == TEXT

    def test_lone_surrogates_are_replaced(self, explainers):
        explanation = explainers("max").explain("好\ud800吃")
        assert explanation.text == "好\N{REPLACEMENT CHARACTER}吃"
        explanation.text.encode("utf-8")

    @pytest.mark.parametrize("text", ["", " ", "\n\t \u3000", "\u200b", "\ufeff\u200d"])
    def test_nothing_to_see(self, explainers, text):
        with pytest.raises(TextError, match="at least one visible character"):
            explainers("max").explain(text)

    def test_too_long(self, explainers):
        with pytest.raises(TextError, match="100,001 characters"):
            explainers("max").explain("好" * (MAX_CHARACTERS + 1))

    def test_markup_stays_text(self, explainers):
        explanation = explainers("max").explain("<script>alert(1)</script>")
        assert "".join(token.text for token in explanation.tokens) == "<script>alert(1)</script>"

    @given(st.text(max_size=60))
    def test_any_text_gives_an_explanation_or_a_sentence(self, explainers, text):
        try:
            explanation = explainers("average").explain(text)
        except TextError:
            assert not has_visible(text)
        else:
            np.testing.assert_allclose(explanation.weights, 1 / len(explanation.tokens), rtol=1e-5)

    def test_the_same_text_gives_the_same_explanation(self, explainers):
        explainer = explainers("multi-head")
        assert same(explainer.explain(TEXT), explainer.explain(TEXT))


class TestSeveralHeads:
    def test_explain_as_each_does_and_share_the_tokens(self, explainers):
        several = [explainers(head) for head in HEADS]
        found = explain_each(several, TEXT)
        for explainer, explanation in zip(several, found, strict=True):
            assert same(explanation, explainer.explain(TEXT))
            assert explanation.tokens is found[0].tokens

    def test_a_text_is_encoded_for_the_vocabulary_of_each(self, trained, explainers):
        other = Explainer(trained("max"))
        other.vocabulary = Vocabulary("character", 1, other.vocabulary.entries[:3])
        first, second, third = explain_each([explainers("max"), other, explainers("average")], TEXT)
        assert same(second, other.explain(TEXT))
        assert not same(first, second)
        assert third.tokens is first.tokens
        encoded = encode(TEXT, explainers("max").vocabulary)
        assert same(other.explain(encoded), second)

    def test_of_no_head_there_is_nothing(self):
        assert explain_each([], TEXT) == []


class TestDamage:
    def test_damaged_checkpoint(self, tmp_path):
        with pytest.raises(CheckpointError, match="is damaged"):
            Explainer(read(tmp_path / "hotel" / "max"))

    def test_damaged_vocabulary_under_a_matching_hash(self, trained, tmp_path):
        whole = trained("max")

        def make_files(folder):
            for name in whole.card["files"]:
                (folder / name).write_bytes(whole.path(name).read_bytes())
            (folder / VOCABULARY).write_text("[]")

        checkpoint = write(tmp_path, whole.task, whole.name, whole.card, make_files)
        assert checkpoint.damage is None
        with pytest.raises(CheckpointError, match="vocabulary"):
            Explainer(checkpoint)
