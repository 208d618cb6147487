"""How each kind of model makes a data set ready to be trained on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from poolviz.datasets import Corpus
from poolviz.model.kinds import KINDS
from poolviz.training.matcher_recipe import prepare_labels, prepare_pairs
from poolviz.training.recipe import Prepared, prepare_texts

# By the recipe of a kind what prepares a data set, given how often a token of the vocabulary must
# occur, and data sets to train on as well.
RECIPES: dict[str, Callable[[Corpus, int, Sequence[Corpus]], Prepared]] = {
    "texts": prepare_texts,
    "pairs": prepare_pairs,
    "triplets": prepare_pairs,
    "labels": prepare_labels,
}


def prepare(
    corpus: Corpus, kind: str, min_frequency: int, others: Sequence[Corpus] = ()
) -> Prepared:
    """Build the vocabulary on the training rows and encode the splits with it.

    Parameters
    ----------
    kind : key of `poolviz.model.kinds.KINDS`.
    others : data sets to train on as well.

    Raises
    ------
    ChoiceError : a data set has other rows than the kind takes.
    TrainingError : rows are lacking, or the kind learns from one data set alone.
    """
    for each in (corpus, *others):
        each.dataset.check_rows(KINDS[kind].rows)
    return RECIPES[KINDS[kind].recipe](corpus, min_frequency, others)
