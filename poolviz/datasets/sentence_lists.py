"""Lists of sentences that somebody brings: pasted lines, or a column of a CSV file."""

from __future__ import annotations

import csv
import io
from itertools import islice

from poolviz.datasets.upload import check_size, decoded, not_readable
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


def read_columns(name: str, content: bytes) -> dict[str, list[str]]:
    """The columns of a CSV file by what its first line calls them; shorter rows are filled up.

    UTF-8, UTF-16 with a byte-order mark, or GB18030.

    Parameters
    ----------
    name : of the file, for messages.

    Raises
    ------
    DataError : the file is too large, no CSV, has no row below its first line, or more than
        `MAX_SENTENCES`.
    """
    check_size(name, len(content))
    try:
        lines = csv.reader(io.StringIO(decoded(name, content), newline=""))
        header, *rows = islice(lines, MAX_SENTENCES + 1)
        _check_length(len(rows) + sum(1 for _line in lines))
    except (csv.Error, ValueError) as error:  # ValueError: there is no line at all
        raise not_readable(name) from error
    if not any(rows):
        raise DataError(
            "{name} holds no row with a text below its first line; add rows to it.", name=name
        )
    titles = _titles(header)
    return {
        title: [row[number] if number < len(row) else "" for row in rows]
        for number, title in enumerate(titles)
    }


def _check_length(count: int) -> None:
    if count > MAX_SENTENCES:
        raise DataError(
            "The list has {count:,} rows; shorten it to {limit:,} or fewer.",
            count=count,
            limit=MAX_SENTENCES,
        )


def _titles(header: list[str]) -> list[str]:
    """Names of columns that tell them apart; a column without one has its number."""
    titles: list[str] = []
    for number, title in enumerate(header, 1):
        plain = clean_text(title).strip() or str(number)
        titles.append(plain if plain not in titles else f"{plain} ({number})")
    return titles
