"""The table of all data sets: adding one is one more entry in a module of this folder.

Addresses are pinned to a commit, so that the content behind them cannot change.
"""

from __future__ import annotations

from poolviz.datasets.catalogue.chinese import CHINESE
from poolviz.datasets.catalogue.english import ENGLISH
from poolviz.datasets.catalogue.pairs import PAIRS
from poolviz.datasets.dataset import Dataset
from poolviz.language import _

CATALOGUE: dict[str, Dataset] = {entry.key: entry for entry in (*CHINESE, *ENGLISH, *PAIRS)}


def dataset_title(key: str) -> str:
    """What a data set is called in the language of the context; one's own by its key."""
    return _(CATALOGUE[key].title) if key in CATALOGUE else key
