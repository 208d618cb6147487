"""Which rows are shown, and in which order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from poolviz.explore.agreement import against_majority, class_spread
from poolviz.explore.rows import NO_LABEL, RowSet
from poolviz.explore.survey import Survey


@dataclass(frozen=True)
class Filters:
    """What a row must be like; None and "" ask nothing.

    Parameters
    ----------
    search : stands in the text, capitals or not.
    label : the class it is labelled with.
    predicted : the class that one head or more predicts.
    outcome : "right" where all heads are, "wrong" where one or more are; rows without a label are
        neither.
    head : column of the head that `predicted` and `outcome` speak of; None for all heads.
    pair : columns of two heads that predict different classes.
    difference : "classes" where the heads predict several classes, "weights" where two heads'
        weights lie `apart` or more.
    apart : as `poolviz.explore.agreement.for_length` gives it, up to
        `poolviz.explore.choices.MOST_APART`.
    shortest, longest : characters; None for any.
    """

    search: str = ""
    label: int | None = None
    predicted: int | None = None
    outcome: str | None = None
    head: int | None = None
    pair: tuple[int, int] | None = None
    difference: str | None = None
    apart: float = 0.0
    shortest: int | None = None
    longest: int | None = None


def matching(rows: RowSet, survey: Survey | None, filters: Filters) -> np.ndarray:
    """Indices of the rows that fit, in the order of the file.

    >>> from poolviz.explore.rows import of_own, read_own
    >>> file = read_own("rows.csv", b"text,label\\ngood hotel,1\\nbad hotel,0\\ngood,1")
    >>> rows = of_own(file, {"0": 0, "1": 1})
    >>> matching(rows, None, Filters(search="Hotel", label=1)).tolist()
    [0]

    Parameters
    ----------
    survey : what the heads predict; None where that is not known, then nothing is asked of it.
    """
    fits = np.ones(len(rows), bool)
    if filters.search:
        found = rows.texts.str.contains(filters.search, case=False, regex=False)
        fits &= found.to_numpy(bool)
    if filters.label is not None:
        fits &= rows.labels == filters.label
    if filters.shortest is not None:
        fits &= rows.lengths >= filters.shortest
    if filters.longest is not None:
        fits &= rows.lengths <= filters.longest
    if survey is not None:
        fits &= _predictions_fit(rows, survey, filters)
    return np.flatnonzero(fits)


def in_order(indices: np.ndarray, rows: RowSet, survey: Survey | None, order: str) -> np.ndarray:
    """The indices in one of `ORDERS`: of the file, or what is largest first.

    "classes" is disagreement on the class: the share of the heads against the majority, and among
    equals how far the heads lie apart on one class. "weights" is the largest divergence between two
    heads' weights for the length of the text. See `poolviz.explore.agreement` for all three.
    """
    if order == "length":
        return indices[np.argsort(-rows.lengths[indices], kind="stable")]
    if survey is None or order == "file":
        return indices
    if order == "weights":
        return indices[np.argsort(-survey.weights_apart[indices], kind="stable")]
    spread = class_spread(survey.probabilities[indices])
    return indices[np.lexsort((-spread, -against_majority(survey.predicted[indices])))]


def _predictions_fit(rows: RowSet, survey: Survey, filters: Filters) -> np.ndarray:
    predicted = survey.predicted
    fits = np.ones(len(rows), bool)
    if filters.pair is not None:
        one, other = filters.pair
        fits &= predicted[:, one] != predicted[:, other]
    if filters.head is not None:
        predicted = predicted[:, [filters.head]]
    if filters.predicted is not None:
        fits &= (predicted == filters.predicted).any(axis=1)
    if filters.outcome is not None:
        right = (predicted == rows.labels[:, None]).all(axis=1)
        fits &= (rows.labels != NO_LABEL) & (right == (filters.outcome == "right"))
    if filters.difference == "classes":
        fits &= survey.classes_differ
    elif filters.difference == "weights":
        fits &= survey.weights_apart >= filters.apart
    return fits
