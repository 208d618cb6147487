"""The header and the weights that the browser reads."""

from dataclasses import replace

import numpy as np
import pytest

from poolviz import places
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import choose
from poolviz.errors import CheckpointError, ExportError
from poolviz.language import LANGUAGES
from poolviz.live.models import live_models, schema
from poolviz.live.weights import WEIGHINGS
from poolviz.model.heads import HEADS, READOUTS, Head
from poolviz.model.kinds import USUAL
from poolviz.values.explanation import Explanation

ROOTS = [places.SHIPPED_CHECKPOINTS]
SHIPPED = list_checkpoints(ROOTS)
HOTEL = choose(SHIPPED, "chnsenticorp_htl_all", [USUAL], readout="mlp")


def test_the_floats_are_the_models_own():
    import keras

    from poolviz.training import classifier

    assert classifier
    models = live_models(HOTEL)
    for head, checkpoint in zip(models.header["heads"], HOTEL, strict=True):
        weights = keras.models.load_model(checkpoint.path("model.keras"), compile=False).weights
        own = sorted(np.sort(weight.numpy().ravel()).tobytes() for weight in weights)
        found = [models.floats[at : at + int(np.prod(shape))] for at, shape in places_of(head)]
        assert sorted(np.sort(each).tobytes() for each in found) == own
        assert head["onnx_sha256"] == checkpoint.onnx_hash


def places_of(head) -> list:
    return list(head["tensors"].values())


def test_every_shipped_classifier_can_be_taken_along():
    groups = {(c.task, c.readout) for c in SHIPPED if c.kind == USUAL}
    assert {readout for _task, readout in groups} == set(READOUTS)
    for task, readout in groups:
        header = live_models(choose(SHIPPED, task, [USUAL], readout=readout)).header
        assert [head["key"] for head in header["heads"]] == list(HEADS)
        assert header["words"].keys() == LANGUAGES.keys()


def test_a_header_holds_no_float_that_is_no_number(trained):
    models = live_models([trained("attention"), trained("max")])
    assert models.header["schema"] == schema()
    assert models.header["heads"][0]["rows"] == 1
    assert models.floats.dtype == np.float32
    assert np.isfinite(models.floats).all()


def test_a_head_of_another_layer_is_refused_by_name(trained, monkeypatch):
    monkeypatch.delitem(WEIGHINGS, "MinVariancePooling1D")
    with pytest.raises(ExportError, match="does not know Min-variance; leave this head out"):
        live_models([trained("max"), trained("min-variance")])


def test_a_head_of_a_known_layer_is_taken_whatever_it_is_called(trained, monkeypatch):
    own = trained("attention")
    monkeypatch.setitem(HEADS, "own", Head("AttentionPooling1D", "Own", "Mine."))
    called = replace(own, card={**own.card, "head": "own"})
    [head] = live_models([called]).header["heads"]
    assert (head["key"], head["weigh"]) == ("own", "softmax")


def test_matchers_are_refused():
    matcher = next(checkpoint for checkpoint in SHIPPED if checkpoint.kind == "siamese")
    with pytest.raises(ExportError, match="does not know Siamese"):
        live_models([matcher])


def test_weights_of_another_form_are_refused(trained):
    own = trained("max")
    wide = replace(own, card={**own.card, "window": [2, 2]})
    with pytest.raises(ExportError, match="another form"):
        live_models([wide])


def test_a_damaged_checkpoint_says_so(trained):
    broken = replace(trained("max"), damage=CheckpointError("It is damaged; train it again."))
    with pytest.raises(CheckpointError, match="train it again"):
        live_models([broken])


def test_what_is_checked_is_what_python_says():
    from poolviz.engine.texts import Explainer

    check = live_models(HOTEL).header["check"]
    found: list[Explanation] = [Explainer(each).explain(check["text"]) for each in HOTEL]
    assert [token[0] for token in check["tokens"]] == [token.text for token in found[0].tokens]
    assert check["probabilities"] == [each.probabilities.tolist() for each in found]
