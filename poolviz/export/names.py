"""What files are called: the one rule, so that pages, command line and archives agree."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from poolviz.text.names import normal
from poolviz.values.explanation import Explanation

_UNSAFE = regex.compile(r"(?V1)[^[\p{L}\p{M}\p{N}_-]--\p{DI}]+")
_LONGEST = 55  # bytes of each word: of all, an ending and a number a file system takes 255


def file_stem(dataset: str, whose: Sequence[str], part: str, of: str, each: str = "heads") -> str:
    """A safe file name without extension out of words that may hold anything.

    >>> file_stem("bbc_news", ["max", "average"], "heatmap", "a/b")
    'bbc_news_2-heads_heatmap_a-b'
    >>> file_stem("酒店 评论", ["max"], "highlight", "0f")
    '酒店-评论_max_highlight_0f'

    Parameters
    ----------
    whose : names of the checkpoints or heads that it shows; of several, their number is named.
    part : which part of a view it holds.
    of : what it was made of, such as the hash of a text.
    each : what several of `whose` are called.
    """
    who = whose[0] if len(whose) == 1 else f"{len(whose)}-{each}"
    return "_".join(map(_safe, (dataset, who, part, of)))


def _safe(word: str) -> str:
    """A word without what has a meaning to a file system, a shell or an address."""
    beginning = _UNSAFE.sub("-", normal(word)).encode("utf-8")[:_LONGEST]
    return beginning.decode("utf-8", "ignore")


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
