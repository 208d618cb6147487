"""What keeps the rows of weights of one head apart while it is trained."""

from __future__ import annotations

from keras import ops


def likeness_of_rows(weights):
    """Mean over texts of ‖A Aᵀ − I‖²_F, A being a text's weights: the penalty of Lin et al. 2017.

    It is 0 where each row puts all of its weight on one token, and each on another one
    ("A Structured Self-attentive Sentence Embedding", arXiv 1703.03130, equation 8).

    >>> import numpy as np
    >>> apart, alike = [[1.0, 0.0], [0.0, 1.0]], [[0.5, 0.5], [0.5, 0.5]]
    >>> [float(likeness_of_rows(np.array([rows]))) for rows in (apart, alike)]
    [0.0, 1.0]

    Parameters
    ----------
    weights : (batch, rows, time); each row sums to 1.

    Returns
    -------
    A scalar.
    """
    products = ops.matmul(weights, ops.transpose(weights, (0, 2, 1)))  # (B, H, H)
    apart = ops.eye(weights.shape[1], dtype=products.dtype)
    return ops.mean(ops.sum(ops.square(products - apart), axis=(1, 2)))
