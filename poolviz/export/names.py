"""What files are called: the one rule, so that pages, command line and archives agree."""

from __future__ import annotations

import re
from collections.abc import Sequence

from poolviz.values.explanation import Explanation

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 60  # characters of each word


def file_stem(dataset: str, whose: Sequence[str], part: str, of: str, each: str = "heads") -> str:
    """A safe file name without extension out of words that may hold anything.

    >>> file_stem("bbc_news", ["max", "average"], "heatmap", "a/b")
    'bbc_news_2-heads_heatmap_a-b'

    Parameters
    ----------
    whose : names of the checkpoints or heads that it shows; of several, their number is named.
    part : which part of a view it holds.
    of : what it was made of, such as the hash of a text.
    each : what several of `whose` are called.
    """
    who = whose[0] if len(whose) == 1 else f"{len(whose)}-{each}"
    return "_".join(_UNSAFE.sub("-", word)[:_LONGEST] for word in (dataset, who, part, of))


def stem_of(
    explanations: Sequence[Explanation], part: str, of: str | None = None, each: str = "heads"
) -> str:
    """`file_stem` of one text's explanations; `of` is the text's hash where nothing is given."""
    first = explanations[0]
    names = [_checkpoint_name(explanation) for explanation in explanations]
    return file_stem(first.dataset, names, part, first.text_hash if of is None else of, each)


def _checkpoint_name(explanation: Explanation) -> str:
    """Checkpoints are named after their head, unless somebody renamed the folder."""
    named = explanation.head in explanation.checkpoint
    return explanation.checkpoint if named else f"{explanation.head}-{explanation.checkpoint}"
