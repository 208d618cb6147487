"""How heads divide their weight: by hand, by property, and over the test rows of a corpus."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from poolviz.checkpoints.checkpoint import CARD, FILES, read
from poolviz.cli import main
from poolviz.datasets import CATALOGUE
from poolviz.engine.texts import Explainer
from poolviz.errors import DataError
from poolviz.evaluation import anatomy
from poolviz.evaluation.texts import read_anatomy, read_test_rows, summarise_anatomy, write_anatomy
from poolviz.figures.rows.anatomy import profile_lines
from tests import invented
from tests.copies import copied
from tests.fakes import fake_explanation

LN2 = np.log(2)


@st.composite
def weight_rows(draw, rows=2):
    """(rows, T) distributions; zeros are common."""
    count = draw(st.integers(1, 40))
    numbers = draw(arrays(np.float64, (rows, count), elements=st.sampled_from([0, 0, 1, 2.5, 7])))
    numbers[:, draw(st.integers(0, count - 1))] += 1e-3
    return numbers / numbers.sum(axis=1, keepdims=True)


def softmax(logits):
    exponentials = np.exp(logits - logits.max())
    return exponentials / exponentials.sum()


def test_entropy_of_uniform_and_of_one_token():
    assert anatomy.entropy(np.full(8, 1 / 8)) == pytest.approx(3 * LN2)
    assert anatomy.effective_tokens(np.full(8, 1 / 8)) == pytest.approx(8)
    one = anatomy.entropy(np.array([0.0, 1.0, 0.0]))
    assert one == 0 and not np.signbit(one)
    assert anatomy.effective_tokens(np.array([1.0])) == 1


def test_entropy_by_hand():
    assert anatomy.entropy(np.array([0.5, 0.25, 0.25])) == pytest.approx(1.5 * LN2)


def test_entropy_of_float32_weights_that_sum_to_more_than_one_is_not_negative():
    assert anatomy.entropy(np.array([1.0000001], np.float32)) == 0


def test_divergence_by_hand():
    left, right, both = np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.array([0.5, 0.5])
    assert anatomy.divergence(left, right) == pytest.approx(LN2)
    assert anatomy.divergence(left, left) == 0
    # The middle is (3/4, 1/4): (ln 4/3 + ½ ln 2/3 + ½ ln 2) / 2.
    by_hand = (np.log(4 / 3) + np.log(2 / 3) / 2 + LN2 / 2) / 2
    assert anatomy.divergence(left, both) == pytest.approx(by_hand)


def test_divergences_hold_every_pair():
    weights = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.5, 0.5]])
    matrix = anatomy.divergences(weights)
    assert np.diagonal(matrix).tolist() == [0, 0, 0]
    assert matrix[0, 1:] == pytest.approx([LN2, LN2])
    assert matrix[1, 2] == matrix[2, 1] == anatomy.divergence(weights[1], weights[2])


@given(weight_rows())
def test_entropy_and_divergence_keep_to_their_ranges(weights):
    count = weights.shape[1]
    effective = anatomy.effective_tokens(weights)
    assert (effective >= 1).all() and (effective <= count + 1e-9).all()
    divergence = anatomy.divergence(*weights)
    assert 0 <= divergence <= LN2 + 1e-12
    assert divergence == anatomy.divergence(weights[1], weights[0])


def test_a_profile_by_hand():
    weights = np.array([0.4, 0.1, 0.3, 0.2])
    assert anatomy.position_profile(weights, bins=2) == pytest.approx([1.0, 1.0])
    assert anatomy.position_profile(weights, bins=4) == pytest.approx([1.6, 0.4, 1.2, 0.8])
    # Three tokens in two bins: the middle one's weight is halved.
    assert anatomy.position_profile(np.array([0.6, 0.2, 0.2]), bins=2) == pytest.approx([1.4, 0.6])


def test_one_token_is_uniform():
    assert anatomy.position_profile(np.array([1.0])) == pytest.approx(np.ones(anatomy.BINS))


@given(weight_rows())
def test_a_profile_has_mean_one_and_is_mirrored_with_the_text(weights):
    profile = anatomy.position_profile(weights)
    assert profile.shape == (2, anatomy.BINS)
    assert profile.mean(axis=1) == pytest.approx([1, 1])
    mirrored = anatomy.position_profile(weights[:, ::-1])
    assert mirrored == pytest.approx(profile[:, ::-1], abs=1e-9)


@given(st.integers(1, 300))
def test_the_profile_of_uniform_weights_is_one_everywhere(count):
    profile = anatomy.position_profile(np.full(count, 1 / count))
    assert profile == pytest.approx(np.ones(anatomy.BINS))


def test_without_rows():
    explanation = fake_explanation(head="multi-head", classes=("a", "b", "c"))
    assert anatomy.without_rows(explanation, []) == pytest.approx(explanation.probabilities)
    assert anatomy.without_rows(explanation, range(4)) == pytest.approx(softmax(explanation.bias))
    kept = explanation.contributions[[0, 2]].sum(axis=(0, 1)) + explanation.bias
    assert anatomy.without_rows(explanation, [1, 3]) == pytest.approx(softmax(kept))


def test_switching_a_row_off_is_what_the_raw_values_give():
    explanation = fake_explanation(head="multi-head", classes=("a", "b", "c"))
    raw = explanation.contributions + explanation.offsets[..., None]
    logits = raw[1:].sum(axis=(0, 1)) + explanation.bias + explanation.bias_offset
    assert anatomy.without_rows(explanation, [0]) == pytest.approx(softmax(logits))


UNIFORM, FIRST, LAST = np.full(4, 0.25), np.array([0.97, 0.01, 0.01, 0.01]), np.eye(4)[3]


@pytest.mark.parametrize(
    ("names", "weights", "said"),
    [
        (["Max"], [FIRST], ["Max looks at 1.2 of 4 tokens, as if they had equal weights."]),
        (
            ["Max", "Average"],
            [LAST, UNIFORM],
            [
                "Max and Average are 0.38 apart on this text (0: the same weights, 0.69: no token "
                "in common).",
                "Max looks at the fewest tokens, as if 1.0 of 4 had equal weights; Average at the "
                "most, 4.0.",
            ],
        ),
        (
            ["Average", "Max", "Attention"],
            [UNIFORM, FIRST, LAST],
            [
                "Furthest apart on this text are Max and Attention: 0.67 (0: the same weights, "
                "0.69: no token in common); nearest are Average and Max: 0.32.",
                "Attention looks at the fewest tokens, as if 1.0 of 4 had equal weights; Average "
                "at the most, 4.0.",
            ],
        ),
    ],
)
def test_how_heads_differ_is_said_in_words(names, weights, said):
    assert anatomy.differences_in_words(names, np.array(weights)) == said


def test_heads_that_weigh_alike_are_said_to():
    found = anatomy.differences_in_words(["a", "b"], np.array([UNIFORM, UNIFORM]))
    assert found[0] == "All heads weigh this text alike."


@pytest.mark.parametrize("token", ["。", "，", "!", "“", "…", "?!", "-"])
def test_punctuation(token):
    assert anatomy.is_punctuation(token)


@pytest.mark.parametrize("token", ["很", "a", "7", "a.", "😀", "+", "~", "*\ufe0f\u20e3"])
def test_no_punctuation(token):
    assert not anatomy.is_punctuation(token)


def surveyed(checkpoint, corpus):
    """Where the weights lie over the test rows, after one pass over them."""
    return summarise_anatomy(read_test_rows(Explainer(checkpoint), corpus))


def test_the_survey_is_the_mean_over_single_explanations(trained, corpus):
    """Batches by length give what explaining the test rows one by one gives."""
    checkpoint = trained("multi-head")
    explainer = Explainer(checkpoint)
    found = surveyed(checkpoint, corpus)
    explanations = [explainer.explain(text) for text in corpus.split("test")["text"]]
    assert found["rows"] == len(explanations) > 10
    for row, figures in enumerate(found["weight_rows"]):
        entropies = [anatomy.entropy(e.weights[row]) for e in explanations]
        marks = [np.isin([t.text for t in e.tokens], ["，", "。"]) for e in explanations]
        punctuation = [e.weights[row][m].sum() for e, m in zip(explanations, marks, strict=True)]
        unknown = [sum(e.weights[row][[not t.known for t in e.tokens]]) for e in explanations]
        assert figures["entropy"]["value"] == pytest.approx(np.mean(entropies), abs=1e-5)
        assert figures["punctuation"]["value"] == pytest.approx(np.mean(punctuation), abs=1e-5)
        assert figures["unknown"]["value"] == pytest.approx(np.mean(unknown), abs=1e-5)
        assert np.mean(figures["position_profile"]) == pytest.approx(1, abs=1e-4)
    assert punctuation and max(punctuation) > 0


def test_average_pooling_is_the_control(trained, corpus):
    checkpoint = trained("average")
    (figures,) = surveyed(checkpoint, corpus)["weight_rows"]
    texts = corpus.split("test")["text"]
    assert figures["effective_tokens"]["value"] == pytest.approx(texts.str.len().mean(), rel=1e-4)
    assert figures["position_profile"] == pytest.approx(np.ones(anatomy.BINS), abs=1e-4)


def test_no_test_rows(trained, corpus):
    empty = replace(corpus, rows=corpus.rows[corpus.rows["split"] == "train"])
    with pytest.raises(DataError, match="no row to test on"):
        surveyed(trained("average"), empty)


@pytest.fixture
def kept(trained, tmp_path):
    """A checkpoint of average pooling in a folder of its own."""
    return copied(trained("average"), tmp_path / "root")


def test_written_and_read(kept, corpus):
    found = surveyed(kept, corpus)
    assert read_anatomy(kept) is None
    place = write_anatomy(kept, found)
    assert place == kept.folder / "anatomy.json"
    assert read_anatomy(kept) == {"schema_version": 1, **found}
    assert read(kept.folder).damage is None
    assert sorted(file.name for file in kept.folder.iterdir()) == sorted(
        [*FILES, CARD, "anatomy.json"]
    )


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"schema_version": 1}', '{"schema_version": 1, "onnx_sha256": "of another model"}'],
)
def test_what_is_not_of_this_model_counts_as_missing(kept, content):
    (kept.folder / "anatomy.json").write_text(content)
    assert read_anatomy(kept) is None


def test_the_command_writes_it_free_of_texts(kept, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(CATALOGUE, "invented", invented.dataset())
    invented.write_rows(tmp_path)
    root = str(kept.folder.parents[2])
    command = ["evaluate", "--dataset", "invented", "--folder", str(tmp_path), "--root", root]
    assert main([*command, "--json"]) == 0
    assert read_anatomy(kept) is None
    assert main([*command, "--json", "--write"]) == 0
    output, notes = capsys.readouterr()
    assert all(json.loads(line)[0]["name"] == "average" for line in output.splitlines())
    assert "anatomy.json" in notes
    assert read_anatomy(kept)["rows"] > 10
    assert (kept.folder / "anatomy.json").read_text(encoding="utf-8").isascii()


def test_profiles_are_lines_with_a_reference_at_one():
    profiles = np.array([[1.2, 0.8], [0.9, 1.1]])
    figure = profile_lines(["first", "second"], profiles).plotly()
    assert [trace.name for trace in figure.data] == ["first", "second"]
    assert figure.data[1].y == pytest.approx([0.9, 1.1])
    assert list(figure.layout.xaxis.ticktext) == ["0–50 %", "50–100 %"]
    assert figure.layout.shapes[0].y0 == 1
