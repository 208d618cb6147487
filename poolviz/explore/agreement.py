"""How often heads agree over many rows, and how strongly they disagree on each.

Two kinds of disagreement: on the class, by `against_majority` and then `class_spread`; and in the
weights, by `for_length`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEAST_TOKENS = 10


@dataclass(frozen=True, eq=False)
class Agreement:
    """M heads over some rows.

    Parameters
    ----------
    rows : how many there are.
    unanimous : rows for which all heads predict the same class.
    together : (M, M), rows for which two heads predict the same class.
    labelled : rows whose class is known.
    right : (M,), those of them for which a head predicts it.
    """

    rows: int
    unanimous: int
    together: np.ndarray
    labelled: int
    right: np.ndarray


def agreement(predicted: np.ndarray, labels: np.ndarray, no_label: int) -> Agreement:
    """Count the rows on which heads agree.

    >>> found = agreement(np.array([[0, 0], [0, 1], [1, 1]]), np.array([0, 0, -1]), -1)
    >>> found.unanimous, found.together.tolist(), found.labelled, found.right.tolist()
    (2, [[3, 2], [2, 3]], 2, [2, 1])

    Parameters
    ----------
    predicted : (N, M) numbers of classes.
    labels : (N,) numbers of classes, `no_label` where none is known.
    """
    known = labels != no_label
    return Agreement(
        rows=len(predicted),
        unanimous=int((predicted == predicted[:, :1]).all(axis=1).sum()),
        together=_equal(predicted).sum(axis=0),
        labelled=int(known.sum()),
        right=(predicted == labels[:, None])[known].sum(axis=0),
    )


def against_majority(predicted: np.ndarray) -> np.ndarray:
    """(N,): the share of the heads that predict another class than most of them do.

    0 where all agree; of five heads .2 where one stands alone, .6 where the votes are 2, 2 and 1.

    >>> against_majority(np.array([[0, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 1]])).tolist()
    [0.0, 0.25, 0.5]

    Parameters
    ----------
    predicted : (N, M) numbers of classes.
    """
    largest = _equal(predicted).sum(axis=2).max(axis=1)
    return 1 - largest / predicted.shape[1]


def class_spread(probabilities: np.ndarray) -> np.ndarray:
    """(N,): how far the heads lie apart on one named class: its highest probability − its lowest.

    The class is that of `poolviz.views.decisions.named_class`: of two classes the second; of more
    the one with the highest mean probability in that row.

    >>> class_spread(np.array([[[0.9, 0.1], [0.25, 0.75]]])).round(2).tolist()
    [0.65]

    Parameters
    ----------
    probabilities : (N, M, K) of every class under every head.
    """
    if probabilities.shape[2] == 2:
        named = probabilities[..., 1]
    else:
        chosen = probabilities.mean(axis=1).argmax(axis=1)
        named = np.take_along_axis(probabilities, chosen[:, None, None], axis=2)[..., 0]
    return named.max(axis=1) - named.min(axis=1)


def for_length(divergences: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    """(N, …): Jensen-Shannon divergences of weights / ln max(n, 10), n being the tokens of a text.

    A divergence alone follows the length: heads that look for a few tokens and heads that weigh
    all alike come further apart with every token more. The 95 % quantile of the largest divergence
    of five heads grows from .24 at 11 to 20 tokens to .49 at 161 to 320 (hotel heads, book
    reviews); divided by ln n it is .087 and .093. Texts of fewer than ten tokens count as ten, or
    the shortest would come first for a single token.

    >>> for_length(np.array([0.5, 0.5]), np.array([100, 4])).round(3).tolist()
    [0.109, 0.217]

    Parameters
    ----------
    divergences : (N, …) in nats.
    tokens : (N,).
    """
    scale = np.log(np.maximum(tokens, LEAST_TOKENS))
    return divergences / scale.reshape(-1, *[1] * (divergences.ndim - 1))


def _equal(predicted: np.ndarray) -> np.ndarray:
    """(N, M, M): which heads predict the same class."""
    return predicted[:, :, None] == predicted[:, None, :]
