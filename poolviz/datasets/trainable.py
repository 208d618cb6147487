"""Whether a data set has the rows that any training needs: seen before anything slow is loaded."""

from __future__ import annotations

from poolviz.datasets.corpus import Corpus
from poolviz.errors import TrainingError


def check_trainable(corpus: Corpus) -> None:
    """Check that there are rows to train and to test on, of two classes at least.

    Rows to validate on are drawn with the others, or from those to train on.

    Raises
    ------
    TrainingError : something is lacking.
    """
    rows = corpus.rows
    said = {"count": len(rows), "name": corpus.files[0]["name"]}
    test = rows["split"] == "test"
    if not test.any():
        raise TrainingError(
            "There are no rows to test on among the {count:,} labelled ones of {name}; add more.",
            **said,
        )
    of_train = rows.loc[rows["split"] == "train", "label"]
    others = rows.loc[~test, "label"]
    drawn_later = corpus.dataset.kind == "matching"  # where sentences are shared by several pairs
    if others.empty or not drawn_later and (len(of_train) in (0, len(others))):
        raise TrainingError(
            "There are no rows to train or to validate on among the {count:,} labelled ones of "
            "{name}; add more.",
            **said,
        )
    learned = (others if drawn_later else of_train).unique()
    if len(learned) < 2:
        raise TrainingError(
            "All training rows of {name} have the same label, “{label}”; add rows of another one.",
            name=said["name"],
            label=corpus.dataset.classes[learned[0]],
        )
