"""Lists of sentences that somebody brings: pasted lines, or a column of a file."""

from __future__ import annotations

from poolviz.errors import DataError
from poolviz.text.tokens import clean_text, has_visible

MAX_SENTENCES = 100_000


def of_lines(text: str) -> tuple[str, ...]:
    """The distinct lines that hold something, in their order.

    Raises
    ------
    DataError : there are more than `MAX_SENTENCES` lines.
    """
    return distinct(text.splitlines())


def distinct(texts: list[str]) -> tuple[str, ...]:
    """The distinct ones that hold something, without white space around them, in their order.

    Raises
    ------
    DataError : there are more than `MAX_SENTENCES`.
    """
    _check_length(len(texts))
    cleaned = (clean_text(text).strip() for text in texts)
    return tuple(dict.fromkeys(text for text in cleaned if has_visible(text)))


def _check_length(count: int) -> None:
    if count > MAX_SENTENCES:
        raise DataError(
            "The list has {count:,} rows; shorten it to {limit:,} or fewer.",
            count=count,
            limit=MAX_SENTENCES,
        )
