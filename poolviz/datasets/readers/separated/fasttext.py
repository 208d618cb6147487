"""Lines as fastText reads them, "__label__good the text", become rows."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import regex

from poolviz.datasets.readers.reading import How, Table, Wanted
from poolviz.datasets.readers.separated.rows import lines_of
from poolviz.datasets.readers.tables import SAMPLED, of_columns
from poolviz.watch import QUIET, Watch

_LABELS = regex.compile(r"\s*((?:__label__\S+\s+)+)")
_SURE = 0.9  # share of the first lines
_CHECKED = 10_000  # lines between two looks at the watch


def looks_like(text: str) -> bool:
    """Whether nearly all of the first lines begin with a label."""
    lines = [line for line in text[:100_000].splitlines()[:SAMPLED] if line.strip()]
    return bool(lines) and sum(map(_begins_with_label, lines)) >= _SURE * len(lines)


def _begins_with_label(line: str) -> bool:
    return _LABELS.match(line) is not None


def read(name: str, text: str, wanted: Wanted, watch: Watch = QUIET) -> Table:
    """The rows of a text; several labels of one stand between "|", a line without has none.

    Raises
    ------
    ChoiceError : a column that is wanted is not there.
    DataError : it has more lines than can be read.
    Cancelled : it was stopped.
    """
    labels, texts, numbers = [], [], []
    lines = lines_of(name, text)
    for number, line in enumerate(lines, 1):
        if number % _CHECKED == 0:
            watch.check()
            watch.progress(number, len(lines))
        if line.strip():
            label, rest = _parts(line)
            labels.append(label)
            texts.append(rest)
            numbers.append(number)
    columns = {"label": pa.array(labels, pa.string()), "text": pa.array(texts, pa.string())}
    return of_columns(name, columns, numbers, How("fastText"), wanted)


def _parts(line: str) -> Sequence[str]:
    found = _LABELS.match(line)
    if found is None:
        return "", line
    labels = (label.removeprefix("__label__") for label in found[1].split())
    return "|".join(labels), line[found.end() :]
