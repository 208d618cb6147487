"""How each kind of model makes a data set ready to be trained on, by itself or on an encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from poolviz.datasets import Corpus
from poolviz.datasets.samples import encode_split
from poolviz.datasets.streamed.rows import Streamed
from poolviz.datasets.streamed.stored import Writer, samples_in
from poolviz.encoders.encoder import Encoder, find
from poolviz.errors import TrainingError
from poolviz.model.kinds import KINDS
from poolviz.text.encoding import encode_many
from poolviz.text.vocabulary import Vocabulary
from poolviz.training.matching.matcher_recipe import prepare_labels, prepare_pairs
from poolviz.training.on_encoder import rows
from poolviz.training.recipe import Prepared, PreparedTexts, prepare_texts
from poolviz.watch import QUIET, Watch

_ROWS_AT_ONCE = 10_000
# By the recipe of a kind what prepares a data set, given how often a token of the vocabulary must
# occur, and data sets to train on as well.
RECIPES: dict[str, Callable[[Corpus, int, Sequence[Corpus]], Prepared]] = {
    "texts": prepare_texts,
    "pairs": prepare_pairs,
    "triplets": prepare_pairs,
    "labels": prepare_labels,
}
# The same on the token vectors of an encoder, whose tokenizer knows what it knows.
ON_ENCODER: dict[str, Callable[[Corpus, Encoder, Sequence[Corpus]], Prepared]] = {
    "texts": rows.prepare_texts,
    "pairs": rows.prepare_pairs,
    "triplets": rows.prepare_pairs,
    "labels": rows.prepare_labels,
}


def prepare(
    corpus: Corpus,
    kind: str,
    min_frequency: int,
    others: Sequence[Corpus] = (),
    encoder: str = "",
) -> Prepared:
    """Build the vocabulary on the training rows and encode the splits with it.

    Parameters
    ----------
    kind : key of `poolviz.model.kinds.KINDS`.
    others : data sets to train on as well.
    encoder : name of one that was added, whose tokens and vectors are trained on.

    Raises
    ------
    ChoiceError : a data set has other rows than the kind takes, or there is no such encoder.
    TrainingError : rows are lacking, the kind learns from one data set alone, or not on an encoder.
    """
    for each in (corpus, *others):
        each.dataset.check_rows(KINDS[kind].rows)
    recipe = KINDS[kind].recipe
    if not encoder:
        return RECIPES[recipe](corpus, min_frequency, others)
    if recipe not in ON_ENCODER:
        raise TrainingError(
            "Models of the kind {kind} are not trained on an encoder; leave out --encoder.",
            kind=kind,
        )
    return ON_ENCODER[recipe](corpus, find(encoder), others)


def prepare_streamed(
    streamed: Streamed, min_frequency: int, folder: Path, watch: Watch = QUIET
) -> PreparedTexts:
    """The same of rows that do not fit into memory: those to train on lie in a folder, in ids.

    Batches are made as of rows in memory, so that the same seed gives the same model.

    Parameters
    ----------
    folder : an empty one, which stays for as long as there are trainings.
    watch : looked at while rows are read.

    Raises
    ------
    Cancelled : it was stopped.
    OSError : nothing can be written there.
    """
    corpus = streamed.corpus
    texts = (text for text, _label in streamed.train(watch))
    vocabulary = Vocabulary.build(texts, corpus.dataset.unit, min_frequency)
    left = streamed.train(watch)
    with Writer(folder) as writer:
        while some := list(islice(left, _ROWS_AT_ONCE)):
            ids = encode_many((text for text, _label in some), vocabulary)
            writer.add(ids, [label for _text, label in some])
    validation, test = (encode_split(corpus, name, vocabulary) for name in ("validation", "test"))
    return PreparedTexts(corpus, vocabulary, samples_in(folder), validation, test)
