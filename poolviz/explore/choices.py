"""What can be chosen when rows are looked through; loads nothing."""

from __future__ import annotations

OUTCOMES = ("right", "wrong")
DIFFERENCES = ("classes", "weights")
ORDERS_OF_PREDICTIONS = ("classes", "weights")
ORDERS = ("file", *ORDERS_OF_PREDICTIONS, "length")
MOST_APART = 0.3  # what `agreement.for_length` gives at most, of ten tokens: ln 2 / ln 10
BY = ("weight", "contribution")  # what tokens are ordered by
