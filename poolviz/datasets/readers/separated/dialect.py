"""How the lines of a text file are cut: what separates cells, and whether the first names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import regex

from poolviz.datasets.readers.columns import Kind, is_known, kinds_of, names_triplets
from poolviz.datasets.readers.separated import ragged
from poolviz.text.tokens import has_visible

SEPARATORS = ("\t", ";", "|", ",", "，")
QUOTE = '"'
_NO_SEPARATORS = {*SEPARATORS, QUOTE, "_", "-", "'"}
MAX_FIELDS = 2_000  # of one line; what follows stays in one piece
_SAID = regex.compile(r'"?sep=(.)"?', regex.IGNORECASE)
_SURE, _USUAL = 0.9, 0.6  # shares of lines with as many columns as the first one
_ABOVE = 10  # lines that may stand above the names of columns
_SENTENCE = regex.compile(r"[。！？!?；…]|[.,，]\s|[.，]$")


@dataclass(frozen=True)
class Dialect:
    """How lines are cut.

    Parameters
    ----------
    separator : None where each line is one cell.
    quoted : quotation marks around a cell are no part of it.
    header : whether the first line names the columns.
    skipped : lines before it, those that are blank not counted.
    above : how many of them are no rows: a title, or who made the file and when.
    """

    separator: str | None
    quoted: bool
    header: bool
    skipped: int = 0
    above: int = 0


def find(lines: Sequence[str], plain_text: bool) -> Dialect:
    """The dialect of a file by its first lines.

    Parameters
    ----------
    plain_text : it is called a text file: commas belong to its texts, and quotes, too.
    """
    said = _SAID.fullmatch(lines[0].strip("\r ")) if lines else None
    above = 0 if said else _lines_above(lines, plain_text)
    skipped = above + bool(said)
    below = [line for line in lines[skipped:] if has_visible(line)]
    separator = said[1] if said else _separator(below, plain_text)
    quoted = separator is not None or not plain_text
    rows = [fields_of(line, separator, quoted) for line in below]
    if separator:
        rows = ragged.evened(rows, separator)
    return Dialect(separator, quoted, has_header(rows), skipped, above)


def _lines_above(lines: Sequence[str], plain_text: bool) -> int:
    """How many lines stand above the one that names the columns, each with less in it."""
    for number, line in enumerate(lines[:_ABOVE]):
        for separator in ("\t",) if plain_text else SEPARATORS:
            named = sum(map(is_known, fields_of(line, separator, True)))
            before = [fields_of(other, separator, True) for other in lines[:number]]
            filled = max((sum(map(has_visible, row)) for row in before), default=0)
            if named > 1 and filled < named:
                return number
    return 0


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns of the others."""
    if not rows:
        return True
    first, below = rows[0], rows[1:]
    if any(map(is_known, first)) or names_triplets(first):
        return True
    kinds = kinds_of(below, len(first))
    told = [
        kind.fits(cell)
        for cell, kind in zip(first, kinds, strict=True)
        if cell.strip() and (kind.number or (kind.values and kind.filled >= 2 * kind.distinct))
    ]
    if told:
        return not any(told)
    return len(first) > 1 and _looks_like_names(first, kinds)


def _looks_like_names(first: Sequence[str], kinds: Sequence[Kind]) -> bool:
    filled = [cell.strip() for cell in first if cell.strip()]
    if not filled or len(set(filled)) < len(filled) or any(map(_SENTENCE.search, filled)):
        return False
    return all(
        len(cell.strip()) <= 30 and len(cell.strip()) < max(kind.length, 2) / 1.5
        for cell, kind in zip(first, kinds, strict=True)
        if kind.filled and cell.strip()
    )


def _separator(lines: Sequence[str], plain_text: bool) -> str | None:
    found = []
    separators = (*SEPARATORS, *_unusual(lines))
    for order, separator in enumerate(separators):
        rows = [fields_of(line, separator, True) for line in lines]
        if not rows or len(rows[0]) < 2:
            continue
        score = _score(rows, separator, plain_text and separator != "\t")
        if score:
            found.append((*score, -order))
    return separators[-max(found)[-1]] if found else None


def _unusual(lines: Sequence[str]) -> list[str]:
    """Other signs between names of columns that are known, which nearly all lines hold."""
    return [
        sign
        for sign in dict.fromkeys(lines[0] if lines else "")
        if not (sign.isalnum() or sign.isspace() or sign in _NO_SEPARATORS)
        and all(map(is_known, lines[0].split(sign)))
        and sum(sign in line for line in lines) >= _SURE * len(lines)
    ]


def _score(
    rows: Sequence[Sequence[str]], separator: str, unlikely: bool
) -> tuple[int, int, float] | None:
    """How much speaks for a separator: known names, columns of labels, equal widths."""
    first, below = rows[0], rows[1:]
    known = sum(map(is_known, first))
    share = sum(len(row) == len(first) for row in below) / max(len(below), 1)
    kinds = kinds_of(below, len(first))
    told = sum(bool(kind.number or kind.values) for kind in kinds)
    if known and (not unlikely or known == len(first)):
        return known, told, share
    if unlikely:
        return None
    if share < _USUAL or (not told and share < _SURE):
        told = ragged.told_columns(first, below, separator)
        return (0, told, share) if told else None
    return 0, told, share


def fields_of(line: str, separator: str | None, quoted: bool) -> list[str]:
    """The cells of one line; a quote that is not closed on it is a character like others.

    >>> fields_of('a,"b, c",d "e"', ",", True)
    ['a', 'b, c', 'd "e"']
    """
    if not quoted or QUOTE not in line:
        return [line] if separator is None else line.split(separator, MAX_FIELDS)
    fields, place = [], 0
    while True:
        cell, place, _quoted = next_field(line, place, separator)
        fields.append(cell)
        if place > len(line) or len(fields) > MAX_FIELDS:
            return fields


def next_field(line: str, start: int, separator: str | None) -> tuple[str, int, bool]:
    """The cell that begins at a place, where the next one begins, and whether it was in quotes.

    The next one begins beyond the end where this is the last.
    """
    if match := quoted_cell(separator).match(line, start):
        behind = match.end()
        whole = separator is None or not line.startswith(separator, behind)
        return unquoted(match[1]), len(line) + 1 if whole else behind + 1, True
    end = -1 if separator is None else line.find(separator, start)
    end = len(line) if end < 0 else end
    return line[start:end], end + 1, False


def unquoted(inner: str) -> str:
    """What stands in a quoted cell: doubled quotes, or ones after a backslash, are one."""
    return inner.replace('""', QUOTE).replace('\\"', QUOTE)


@cache
def quoted_cell(separator: str | None) -> regex.Pattern[str]:
    """Matches a quoted cell up to its end; a quote with other text behind it does not end one."""
    end = _end(separator)
    inner = rf'(?:[^"]++|""|"(?!{end}))*+'
    return regex.compile(rf' *+"({inner})"(?={end})')


@cache
def starting_quote(separator: str | None) -> regex.Pattern[str]:
    """Finds a quote at the beginning of a cell."""
    begin = "^" if separator is None else rf"(?:^|{regex.escape(separator)})"
    return regex.compile(rf'{begin} *+"')


@cache
def ending_quote(separator: str | None) -> regex.Pattern[str]:
    """Finds a quote at the end of a cell."""
    return regex.compile(rf'(?<!")(?:"")*+"(?={_end(separator)})')


def _end(separator: str | None) -> str:
    return r"\s*$" if separator is None else rf"(?:{regex.escape(separator)}|\s*$)"
