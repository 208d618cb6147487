"""Predictions and divergences of many rows, kept on disk; token figures that ship."""

import numpy as np
import pytest

from poolviz import places
from poolviz.checkpoints import tables
from poolviz.engine.texts import Explainer
from poolviz.evaluation.anatomy import divergence
from poolviz.explore import shipped, survey
from poolviz.explore.agreement import for_length
from poolviz.explore.rows import of_corpus
from poolviz.text.vocabulary import Vocabulary
from poolviz.views.doubts import share_unknown
from poolviz.watch import Cancelled, Watch

HEADS = ("max", "attention", "multi-head")


@pytest.fixture(scope="module")
def explainers(trained):
    return [Explainer(trained(head)) for head in HEADS]


@pytest.fixture(scope="module")
def checkpoints(explainers):
    return [explainer.checkpoint for explainer in explainers]


@pytest.fixture(scope="module")
def rows(corpus):
    return of_corpus(corpus, "test")


@pytest.fixture
def kept(nobodys_machine, rows, explainers):
    """A home folder with the survey in it."""
    survey.measure(rows, explainers)
    return nobodys_machine


def test_the_numbers_are_those_of_each_text_alone(kept, rows, explainers, checkpoints):
    found = survey.read(rows, checkpoints)
    assert found.pairs == ((0, 1), (0, 2), (1, 2))
    for row in (0, len(rows) // 2, len(rows) - 1):
        alone = [explainer.explain(rows.texts[row]) for explainer in explainers]
        assert found.predicted[row].tolist() == [e.predicted_index for e in alone]
        np.testing.assert_allclose(
            found.probabilities[row], [e.probabilities for e in alone], atol=1e-5
        )
        assert found.lengths[row] == len(alone[0].tokens)
        assert found.unknown[row] == pytest.approx(share_unknown(alone[0].tokens))
        weights = [e.weights.mean(axis=0) for e in alone]
        apart = [divergence(weights[i], weights[j]) for i, j in found.pairs]
        np.testing.assert_allclose(found.divergences[row], apart, atol=1e-5)
        largest = for_length(np.array([max(apart)]), found.lengths[[row]])
        assert found.weights_apart[row] == pytest.approx(float(largest[0]), abs=1e-5)


def test_token_figures_are_those_of_each_text_alone(kept, rows, explainers, checkpoints):
    table = survey.read(rows, checkpoints).tokens[2]
    explainer = explainers[2]
    explanations = [explainer.explain(text) for text in rows.texts]
    for number in table["token"].unique()[:3]:
        values = []
        for e in explanations:
            at = [i for i, t in enumerate(e.tokens) if explainer.vocabulary.id_of(t.text) == number]
            if at:
                values.append(e.contributions.sum(axis=0)[at, 1].mean())
        line = table[(table["token"] == number) & (table["class"] == 1)].iloc[0]
        assert line["all_rows"] == len(values)
        assert line["contribution"] == pytest.approx(np.mean(values), abs=1e-4)


def test_fewer_heads_and_another_order_are_read_too(kept, rows, checkpoints):
    every = survey.read(rows, checkpoints)
    found = survey.read(rows, checkpoints[::-2])
    assert found.predicted.tolist() == every.predicted[:, [2, 0]].tolist()
    assert found.divergences.tolist() == every.divergences[:, [1]].tolist()
    alone = survey.read(rows, checkpoints[:1])
    assert alone.weights_apart.tolist() == [0] * len(rows)
    assert not alone.classes_differ.any()


def test_what_was_not_computed_is_missing(kept, rows, checkpoints, trained, corpus):
    assert survey.read(rows, [*checkpoints, trained("average")]) is None
    assert survey.read(of_corpus(corpus), checkpoints) is None


def test_a_damaged_file_counts_as_missing(kept, rows, checkpoints):
    for file in (places.cache() / "rows").rglob("*.parquet"):
        file.write_bytes(b"PAR1")
    assert survey.read(rows, checkpoints) is None


def test_files_of_another_format_count_as_missing(kept, rows, checkpoints, monkeypatch):
    monkeypatch.setattr(survey, "_FORMAT", "1")
    assert survey.read(rows, checkpoints) is None


def test_no_text_is_kept(kept, rows):
    files = list((places.cache() / "rows").rglob("*.parquet"))
    assert len(files) == 3 + 3 + 3
    for file in files:
        assert all(kind.kind in "uif" for kind in tables.read(file, {}).dtypes)


def test_cancelled_nothing_is_kept(nobodys_machine, rows, explainers, checkpoints):
    reached = []
    watch = Watch(lambda *step: reached.append(step), lambda: len(reached) >= 2)
    with pytest.raises(Cancelled):
        survey.measure(rows, explainers, watch)
    assert len(reached) == 2
    assert survey.read(rows, checkpoints) is None


def test_where_nothing_can_be_kept_nothing_is_computed(
    nobodys_machine, rows, explainers, monkeypatch, tmp_path
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path / "file"))
    reached = []
    with pytest.raises(OSError):
        survey.measure(rows, explainers, Watch(lambda *step: reached.append(step)))
    assert not reached


def test_heads_with_vocabularies_of_their_own(nobodys_machine, explainers, checkpoints, rows):
    """Only the tokens have to be the same; their numbers need not."""
    entries = explainers[0].vocabulary.entries
    other = Explainer(checkpoints[1])
    other.vocabulary = Vocabulary("character", 1, entries[:5])
    survey.measure(rows, [explainers[0], other])
    found = survey.read(rows, checkpoints[:2])
    known = [explainers[0].explain(rows.texts[0]).predicted_index]
    few = [other.explain(rows.texts[0]).predicted_index]
    assert found.predicted[0].tolist() == known + few


def leading(explainer, texts):
    """What may be shipped of the texts' tokens."""
    found = shipped.Leading(explainer)
    found.read(texts)
    return found.table(texts)


class TestShipped:
    def test_figures_are_those_of_the_survey_with_the_largest_of_each_class(
        self, kept, rows, explainers, checkpoints, monkeypatch
    ):
        monkeypatch.setattr(shipped, "KEPT", 3)
        whole = survey.read(rows, checkpoints).tokens[1]
        table = leading(explainers[1], rows.texts)
        assert 3 <= table.groupby("class").size().max() <= 6
        merged = table.merge(whole, how="left", on=list(whole))
        assert len(merged) == len(table)

    def test_written_beside_the_card_and_read_back(self, explainers, rows, trained):
        checkpoint = trained("average")
        table = leading(Explainer(checkpoint), rows.texts)
        place = shipped.write(checkpoint, table, len(rows))
        found = shipped.read(checkpoint)
        assert found.equals(table)
        assert found.attrs["rows"] == str(len(rows))
        assert all(kind.kind in "if" for kind in found.dtypes)
        place.unlink()
        assert shipped.read(checkpoint) is None

    def test_names_are_private(self):
        texts = ["Anna said so. So did anna", "Anna, and @zhang!", "the zhang hotel The the"]
        vocabulary = Vocabulary.build(texts, "word")
        private = {vocabulary.token_of(n) for n in shipped.private_words(texts, vocabulary)}
        assert private == {"anna", "zhang"}

    def test_without_capitals_every_word_may_be_a_name(self, rows, trained):
        texts = ["anna said so", "the hotel of anna"]
        vocabulary = Vocabulary.build(texts, "word")
        assert len(shipped.private_words(texts, vocabulary)) == len(set(" ".join(texts).split()))
        checkpoint = trained("average")
        table = leading(Explainer(checkpoint), rows.texts)
        place = shipped.write(checkpoint, table[:0], len(rows))
        assert shipped.read(checkpoint) is None
        place.unlink()

    def test_single_characters_are_not(self):
        vocabulary = Vocabulary.build(["ABC"], "character")
        assert shipped.private_words(["ABC"], vocabulary) == set()
