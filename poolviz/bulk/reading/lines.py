"""A text file as tables, part by part: lines of columns, of JSON, or as fastText has them.

Text is read by the one reader. So that each part is read alike, the first lines of the file stand
before it: by them the reader finds the separator, the header, and the columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from poolviz.datasets.readers import objects, tables
from poolviz.datasets.readers.reading import Finding, Table, Wanted
from poolviz.datasets.readers.separated import fasttext
from poolviz.datasets.readers.separated import rows as separated
from poolviz.errors import DataError

LEFT_OUT = "too many columns"  # the finding of rows that the reader of lines leaves out
NO_JSON = "no JSON"  # the finding of lines that are none
_MOST = 16_000_000  # characters, where lines are so long that a part holds too few of them
_SAMPLED = tables.SAMPLED  # lines that the reader looks at before it reads
_CELL = 1_000  # lines of the longest cell


def of_fasttext(name: str, parts: Iterator[tuple[str, bool]], wanted: Wanted) -> Iterator[Table]:
    """The rows of lines that begin with labels."""
    before = 0
    for text in _whole_lines(parts):
        yield _shifted(fasttext.read(name, text, wanted), 0, before, ())
        before += text.count("\n")


def of_lines(name: str, parts: Iterator[tuple[str, bool]], wanted: Wanted) -> Iterator[Table]:
    """The rows of lines with one column or several."""
    head, before = "", 0  # the first lines, and the lines of the parts before
    known: tuple[Finding, ...] = ()
    plain_text = name.lower().endswith(".txt")
    for text in _whole_rows(parts, 2 * _SAMPLED):
        table = _with_left_out(separated.read(name, head + text, plain_text, wanted), head + text)
        in_head = head.count("\n")
        yield _shifted(table, in_head, before - in_head, known)
        if not head:
            head = _first_lines(text)
            known = separated.read(name, head, plain_text, wanted).findings
        before += text.count("\n")


def _with_left_out(table: Table, text: str) -> Table:
    """A table whose finding of rows that were left out names all of their lines.

    Those are the lines with something on them that belong to no row; a row has as many lines as
    there are line ends in its cells, and one.
    """
    left_out = next((f for f in table.findings if f.kind == LEFT_OUT), None)
    if left_out is None:
        return table
    more = np.zeros(len(table), np.int64)
    for column in table.columns.values():
        more += pc.count_substring(column, "\n").to_numpy()
    taken = np.zeros(text.count("\n") + 3, bool)
    starts = table.lines - 1
    for row in np.flatnonzero(more):
        taken[starts[row] : starts[row] + more[row] + 1] = True
    taken[starts] = True
    free = [n for n, line in enumerate(text.split("\n"), 1) if line.strip() and not taken[n - 1]]
    lines = tuple(free[-left_out.count :])
    findings = [replace(f, lines=lines) if f is left_out else f for f in table.findings]
    return replace(table, findings=tuple(findings))


def _whole_rows(parts: Iterator[tuple[str, bool]], lines: int) -> Iterator[str]:
    """Parts that end where a row does, as far as that can be told; the first of so many lines."""
    kept = ""
    for text, last in parts:
        kept += text
        if "\n" not in kept:
            kept = kept.replace("\r", "\n")
        if last:
            break
        if kept.count("\n") < lines and len(kept) < _MOST:
            continue
        end = _end_of_row(kept)
        if end:
            yield kept[:end]
            kept, lines = kept[end:], 1
    if kept:
        yield kept


def _end_of_row(text: str) -> int:
    """Where the last whole row ends: behind a line end that is in no quoted cell.

    >>> _end_of_row('1,good\\n2,"not\\n')
    7
    """
    last = end = text.rfind("\n") + 1
    quotes = text.count('"', 0, end)
    for _line in range(_CELL):
        if quotes % 2 == 0 or not end:
            return end or last
        start = text.rfind("\n", 0, end - 1) + 1
        quotes -= text.count('"', start, end)
        end = start
    return last


def _first_lines(text: str) -> str:
    """The lines that the reader looks at first, and those that their last row goes on in."""
    end = 0
    for number in range(_SAMPLED + _CELL):
        found = text.find("\n", end) + 1
        if not found:
            return text if text.endswith("\n") else f"{text}\n"
        end = found
        if number >= _SAMPLED and text.count('"', 0, end) % 2 == 0:
            break
    return text[:end]


def _shifted(table: Table, skipped: int, by: int, known: tuple[Finding, ...]) -> Table:
    """A table without the rows of its first lines, its line numbers those of the file.

    Parameters
    ----------
    known : what is to be said of those lines, and was said before.
    """
    kept = table.lines > skipped
    first = int(len(kept) - kept.sum())
    columns = {title: column.slice(first) for title, column in table.columns.items()}
    counts = {finding.kind: finding.count for finding in known} if skipped else {}
    findings = [
        replace(
            finding,
            count=finding.count - counts.get(finding.kind, 0),
            lines=tuple(line + by for line in finding.lines if line > skipped),
        )
        for finding in table.findings
    ]
    return replace(
        table,
        columns=columns,
        lines=table.lines[first:] + by,
        findings=tuple(finding for finding in findings if finding.count > 0),
    )


def of_json_lines(name: str, parts: Iterator[tuple[str, bool]], wanted: Wanted) -> Iterator[Table]:
    """The rows of lines with an entry each; what is no JSON is named by a finding."""
    before = 0
    for text in _whole_lines(parts):
        lines = text.split("\n")
        numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
        before, shift = before + text.count("\n"), before
        if not numbered:
            continue
        table = _of_entries(name, numbered, wanted)
        wanted = as_found(wanted, table)
        yield _shifted(table, 0, shift, ())


def _whole_lines(parts: Iterator[tuple[str, bool]]) -> Iterator[str]:
    kept = ""
    for text, last in parts:
        kept += text
        end = len(kept) if last else kept.rfind("\n") + 1
        if end:
            yield kept[:end]
            kept = kept[end:]


def _of_entries(name: str, numbered: list[tuple[int, str]], wanted: Wanted) -> Table:
    """A table of lines with an entry each; a finding names those that are no JSON."""
    damaged: list[int] = []
    table = None
    with suppress(DataError):
        table = objects.read(name, "\n".join(line for _number, line in numbered), wanted)
    if table is None or table.findings:
        good = []
        for number, line in numbered:
            if _is_json(line):
                good.append((number, line))
            else:
                damaged.append(number)
        numbered = good
        table = objects.read(name, "\n".join(line for _number, line in numbered), wanted)
    numbers = np.array([number for number, _line in numbered], np.int32)
    lines = numbers if len(numbers) == len(table) else table.lines
    said = (Finding(NO_JSON, len(damaged), tuple(damaged)),) if damaged else ()
    return replace(table, lines=lines, findings=(*said, *table.findings))


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def as_found(wanted: Wanted, table: Table) -> Wanted:
    """What is wanted of the following parts: the columns that were found in the first one."""
    return replace(wanted, text=wanted.text or table.text, label=wanted.label or table.label)
