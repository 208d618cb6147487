"""Predictions for test rows, kept beside the card."""

import numpy as np
import pytest

from poolviz.checkpoints.checkpoint import read
from poolviz.engine.texts import Explainer
from poolviz.evaluation import predictions
from poolviz.evaluation.texts import read_test_rows


@pytest.fixture(scope="module")
def checkpoint(trained):
    return trained("attention")


def predicted_by(checkpoint, corpus):
    return predictions.predictions_of(read_test_rows(Explainer(checkpoint), corpus))


@pytest.fixture(scope="module")
def predicted(checkpoint, corpus):
    return predicted_by(checkpoint, corpus)


def test_a_line_for_each_test_row_in_order(checkpoint, corpus, predicted):
    rows = corpus.split("test")
    assert len(predicted) == len(rows)
    assert [f"{key:016x}" for key in predicted["key"]] == [key[:16] for key in rows["key"]]
    explainer = Explainer(checkpoint)
    for i in (0, len(rows) // 2, len(rows) - 1):
        explanation = explainer.explain(rows["text"][i])
        assert predicted["predicted"][i] == explanation.predicted_index
        assert predicted["probability"][i] == pytest.approx(explanation.probabilities.max(), 1e-5)
        assert predicted["label"][i] == rows["label"][i]


def test_written_predictions_are_read_back_and_leave_the_checkpoint_sound(checkpoint, predicted):
    predictions.write(checkpoint, predicted)
    assert predictions.read(checkpoint).equals(predicted)
    assert read(checkpoint.folder).damage is None


def test_no_text_is_kept(checkpoint, predicted):
    assert set(predictions.read(checkpoint).columns) == {
        "key",
        "label",
        "predicted",
        "probability",
    }


def test_predictions_of_another_model_or_damaged_ones_count_as_missing(
    checkpoint, predicted, trained, corpus
):
    other = trained("average")
    place = predictions.write(other, predicted_by(other, corpus))
    place.write_bytes((checkpoint.folder / predictions.PREDICTIONS).read_bytes())
    assert predictions.read(other) is None
    place.write_bytes(b"PAR1 and nothing more")
    assert predictions.read(other) is None
    place.unlink()
    assert predictions.read(other) is None


def test_right_or_wrong_on_the_same_rows(checkpoint, predicted, trained, corpus):
    other = trained("max")
    predictions.write(checkpoint, predicted)
    predictions.write(other, predicted_by(other, corpus))
    right = predictions.right_on_same_rows([checkpoint, other])
    assert list(right) == ["attention", "max"]
    accuracy = checkpoint.card["test"]["accuracy"]["value"]
    assert np.mean(right["attention"]) == pytest.approx(accuracy)
    shuffled = predicted_by(other, corpus)[::-1].reset_index(drop=True)
    predictions.write(other, shuffled)
    assert list(predictions.right_on_same_rows([checkpoint, other])) == ["attention"]
