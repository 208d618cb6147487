"""Which rows are for training, validation and test.

A published split is kept. Where there is none, a row's split follows from the SHA-256 of its
normalised text alone: the same in a sample and in the whole file, and duplicates cannot straddle.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from poolviz.datasets.dataset import SPLITS

if TYPE_CHECKING:
    import pandas as pd

TEST_SHARE = 0.2
VALIDATION_SHARE = 0.1


def row_key(*texts: str) -> str:
    """Hexadecimal SHA-256 of a row's text, or of a pair of sentences in either order.

    Texts count as the same when they agree after NFKC, lower-casing, and collapsing white space.

    >>> row_key("Ａ  good hotel") == row_key("a good Hotel")
    True
    """
    normalised = (" ".join(unicodedata.normalize("NFKC", text).lower().split()) for text in texts)
    return hashlib.sha256("\n".join(sorted(normalised)).encode("utf-8")).hexdigest()


def assign_splits(keys: pd.Series, published: pd.Series) -> tuple[pd.Series, str]:
    """The split of every row, and the rule that gave it.

    Parameters
    ----------
    keys : `row_key` of each row.
    published : split of the file each row stands in, None where nothing was published.

    Returns
    -------
    Splits, and one of "hash" (no published split), "published" (kept as it is), "published test"
    (validation rows drawn by hash from the published rows for training). Where the published
    training file is absent, the published validation file's rows are the rows for training.
    """
    import pandas as pd

    fractions = keys.map(fraction).to_numpy(float)
    if published.isna().all():
        splits = np.select(
            [fractions < TEST_SHARE, fractions < TEST_SHARE + VALIDATION_SHARE],
            ["test", "validation"],
            "train",
        )
        return pd.Series(splits, index=keys.index), "hash"
    present = set(published)
    if {"train", "validation"} <= present:
        return published, "published"
    share = VALIDATION_SHARE / (1 - TEST_SHARE)
    drawn = np.where(fractions < share, "validation", "train")
    return published.where(published == "test", drawn), "published test"


def sentence_groups(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """For each pair the name of its group: pairs that share a sentence, over any chain, are one.

    The name is the smallest `row_key` among the group's sentences; sentences count as the same as
    texts do there.
    """
    parents: dict[str, str] = {}

    def root(key: str) -> str:
        while parents.setdefault(key, key) != key:
            parents[key] = key = parents[parents[key]]
        return key

    keys = [(row_key(a), row_key(b)) for a, b in pairs]
    for pair in keys:
        low, high = sorted(map(root, pair))
        parents[high] = low
    return [root(a) for a, _ in keys]


def fraction(key: str) -> float:
    """A number from 0 to below 1 that follows from a key."""
    return int(key[:13], 16) / 16**13


def drop_straddling(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Drop rows of one split whose text also stands in a later one: test rows always stay.

    Parameters
    ----------
    rows : with the columns `key` and `split`.

    Returns
    -------
    The rows that stay, and counts of what stood in two splits and what was dropped.
    """
    train, validation, test = (rows["split"] == split for split in SPLITS)
    in_test = rows["key"].isin(rows.loc[test, "key"])
    in_train = rows["key"].isin(rows.loc[train, "key"])
    in_validation = rows["key"].isin(rows.loc[validation, "key"])
    from_train = train & (in_test | in_validation)
    from_validation = validation & in_test
    counts = {
        "test_rows_in_train": int((test & in_train).sum()),
        "test_rows_in_validation": int((test & in_validation).sum()),
        "validation_rows_in_train": int((validation & in_train).sum()),
        "dropped_from_train": int(from_train.sum()),
        "dropped_from_validation": int(from_validation.sum()),
    }
    return rows[~(from_train | from_validation)].reset_index(drop=True), counts


def duplicate_counts(rows: pd.DataFrame) -> dict[str, Any]:
    """How many rows repeat an earlier row's text, and how many texts have more than one label.

    Parameters
    ----------
    rows : with the columns `key` and `label`.
    """
    labels = rows.groupby("key")["label"].nunique()
    conflicting = labels.index[labels > 1]
    return {
        "duplicates": int(rows["key"].duplicated().sum()),
        "conflicting_texts": len(conflicting),
        "conflicting_rows": int(rows["key"].isin(conflicting).sum()),
    }


def row_keys(rows: pd.DataFrame) -> np.ndarray:
    """(rows,) uint64: the first 16 hexadecimal digits of each corpus row's SHA-256 as a number."""
    return np.array([int(key[:16], 16) for key in rows["key"]], np.uint64)
