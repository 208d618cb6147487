"""Keras models of people's own: explained where they fit, told in one sentence where not."""

import keras
import numpy as np
import pytest
from keras import ops

import poolviz
from poolviz.errors import ChoiceError, TextError
from poolviz.training import layers
from tests.plugins.gated_attention import GatedAttention
from tests.plugins.gem import GeM
from tests.strangers import Squared, TwoRows

WORDS = ["", "[UNK]", "the", "room", "was", "clean", "and", "quiet", "food", "cold"]
TEXT = "The room was <b>clean, the food cold."
CLASSES = ("bad", "fair", "good")


def model_of(
    head, classes=3, activation=None, length=None, mask=True, between=None, convolve=True, name="m"
):
    """Embedding → Conv1D → head → Dropout → Dense, as a person would write it."""
    keras.utils.set_random_seed(3)
    ids = keras.Input((length,), dtype="int32")
    x = keras.layers.Embedding(len(WORDS), 6)(ids)
    real = ops.not_equal(ids, 0)
    if mask:
        x = x * ops.cast(ops.expand_dims(real, -1), "float32")
    if convolve:
        x = keras.layers.Conv1D(8, 3, padding="same", activation="relu")(x)
    pooled, _weights = head(x, mask=real) if mask else head(x)
    pooled = keras.layers.Dropout(0.5)(pooled)
    if between is not None:
        pooled = between(pooled)
    return keras.Model(ids, keras.layers.Dense(classes, activation=activation)(pooled), name=name)


def explained(model, text=TEXT, **options):
    options = {"classes": CLASSES, "tokenizer": "word"} | options
    return poolviz.wrap(model, WORDS, **options).explain(text)[0]


def output(model, text_ids):
    return np.asarray(model(np.array([text_ids], np.int32), training=False))[0]


HEADS = {
    "max": layers.MaskedGlobalMaxPooling1D,
    "average": layers.MaskedGlobalAveragePooling1D,
    "min-variance": layers.MinVariancePooling1D,
    "attention": layers.AttentionPooling1D,
    "multi-head": layers.MultiHeadAttentionPooling1D,
    "gated-attention": GatedAttention,
    "gem": GeM,
    "two-rows": TwoRows,
}


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("activation", [None, "softmax"])
def test_the_parts_add_up_to_what_the_model_says(head, activation):
    model = model_of(HEADS[head](), activation=activation)
    found = explained(model)
    ids = [WORDS.index(t.text.lower()) if t.text.lower() in WORDS else 1 for t in found.tokens]
    said = output(model, ids)
    wanted = said if activation else np.exp(said) / np.exp(said).sum()
    assert (found.head, found.exact, found.window) == (head, True, (1, 1))
    np.testing.assert_allclose(found.probabilities, wanted, atol=1e-5)
    total = np.exp(found.logits)
    np.testing.assert_allclose(total / total.sum(), wanted, atol=1e-4)
    np.testing.assert_allclose(found.weights.sum(axis=1), 1, atol=1e-5)
    assert [t.text for t in found.tokens if not t.known] == ["<", "b", ">", ",", "."]
    if found.values is not None:
        parts = found.weights[..., None] * found.values
        np.testing.assert_allclose(parts, found.contributions, atol=1e-5)


def test_one_output_is_two_classes():
    model = model_of(layers.AttentionPooling1D(), classes=1, activation="sigmoid")
    found = explained(model, "room clean", classes=("no", "yes"))
    [said] = output(model, [3, 5])
    np.testing.assert_allclose(found.probabilities, [1 - said, said], atol=1e-6)
    np.testing.assert_allclose(np.diff(found.logits)[0], np.log(said / (1 - said)), atol=1e-4)


def test_a_fixed_length_is_padded_and_no_text_is_cut_off():
    head = layers.AttentionPooling1D()
    found = explained(model_of(head, length=12), "room clean")
    assert (len(found.tokens), found.exact) == (2, True)
    with pytest.raises(TextError, match="13 tokens, and the model takes 12"):
        explained(model_of(head, length=12), "room " * 13)


def test_a_head_that_pools_something_else_is_approximate():
    assert not explained(model_of(Squared())).exact


def test_a_sequential_model_and_a_recurrent_window():
    class Pool(layers.AttentionPooling1D):
        pass

    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(len(WORDS), 6)(ids)
    x = keras.layers.GRU(5, return_sequences=True)(x)
    pooled, _ = Pool()(x)
    found = explained(keras.Model(ids, keras.layers.Dense(3)(pooled)), "the room was clean")
    assert (found.exact, found.window) == (True, (3, 0))


def test_it_draws_itself_and_leaves_the_model_as_it_was():
    model = model_of(layers.AttentionPooling1D())
    before = output(model, [2, 3])
    html = poolviz.wrap(model, WORDS, "word", CLASSES).explain(TEXT)._repr_html_()
    assert "&lt;" in html and any(name in html for name in CLASSES)
    np.testing.assert_array_equal(output(model, [2, 3]), before)
    assert all("call" not in vars(layer) for layer in model.layers)


def test_tokens_and_vocabulary_as_a_person_has_them():
    model = model_of(layers.MaskedGlobalAveragePooling1D())
    wrapped = poolviz.wrap(model, dict(zip(WORDS, range(10), strict=True)), str.split)
    found = wrapped.explain("the room  was")[0]
    assert [(t.text, t.start) for t in found.tokens] == [("the", 0), ("room", 4), ("was", 10)]
    assert found.classes == ("0", "1", "2")
    with pytest.raises(ChoiceError, match="'ROOM', which does not stand in the text"):
        poolviz.wrap(model, WORDS, lambda text: text.upper().split()).explain("room")


POOL = layers.AttentionPooling1D
MISFITS = {
    "no Keras model": lambda: "model",
    "pools 0 times": lambda: keras.Sequential(
        [keras.Input((None,), dtype="int32"), keras.layers.Embedding(10, 4)]
    ),
    "No Dense layer of the model reads": lambda: model_of(
        POOL(), between=keras.layers.LayerNormalization()
    ),
    "neither what its last Dense layer says": lambda: model_of(POOL(), activation="gelu"),
    "end the model with one of these": lambda: model_of(
        POOL(), between=keras.layers.Dense(8, activation="relu")
    ),
    "and there are 3 names": lambda: model_of(POOL(), classes=4),
    "gives weight to the padding": lambda: model_of(POOL(), length=20, mask=False),
}


@pytest.mark.parametrize("told", MISFITS)
def test_a_model_that_does_not_fit_gets_a_sentence(told):
    with pytest.raises(ChoiceError, match=told):
        explained(MISFITS[told]())


def test_a_convolution_that_shortens_is_told():
    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Conv1D(8, 3)(keras.layers.Embedding(10, 4)(ids))
    model = keras.Model(ids, keras.layers.Dense(3)(POOL()(x)[0]))
    with pytest.raises(ChoiceError, match="positions of a text of"):
        explained(model)


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
def test_a_text_without_tokens_is_told(text):
    with pytest.raises(TextError, match="no token"):
        explained(model_of(POOL()), text)
