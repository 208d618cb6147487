"""All rows of all files in their order, in blocks that are worked on as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from poolviz.bulk.inputs import Input
from poolviz.bulk.tables import LEFT_OUT, NO_JSON, tables_of
from poolviz.datasets.readers.reading import Finding, Table, Wanted, place_of
from poolviz.errors import ChoiceError, DataError

MOST_ROWS = 16_384  # of a block
MOST_CHARACTERS = 1_000_000  # of its texts, but for a longer one alone
FILE, LINE, ID, TEXT = "file", "line", "id", "text"
_BAD = b"bad"
_PARTNERS = (("1", "2"), ("a", "b"), ("A", "B"), ("一", "二"), ("甲", "乙"))  # ends of names
_REASONS = {
    LEFT_OUT: "The row has more cells than there are columns.",
    NO_JSON: "The line is no JSON.",
}


@dataclass(frozen=True)
class Bad:
    """A row that cannot be worked on: the line of its file, its id ("" without one), and why."""

    file: str
    line: int
    id: str
    reason: str


@dataclass(frozen=True)
class Block:
    """Some rows that follow each other.

    Parameters
    ----------
    rows : N rows; `file`, `line` (from 1), `id` where there is such a column, and the texts.
    bad : rows among them that could not be read.
    read : how many bytes of the input have been read with this block.
    """

    rows: pa.RecordBatch
    bad: tuple[Bad, ...] = ()
    read: int = 0

    def pack(self) -> bytes:
        """What `unpacked` reads in another process; the same for the same rows."""
        bad = json.dumps([list(vars(each).values()) for each in self.bad])
        schema = self.rows.schema.with_metadata({_BAD: bad.encode("ascii")})
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, schema) as writer:
            writer.write_batch(self.rows)
        return sink.getvalue().to_pybytes()


def unpacked(content: bytes) -> Block:
    """The block that was packed.

    >>> block = Block(pa.RecordBatch.from_pydict({"text": ["好", "坏"]}))
    >>> unpacked(block.pack()).rows["text"].to_pylist()
    ['好', '坏']
    """
    with pa.ipc.open_stream(content) as reader:
        [rows] = reader
    bad = json.loads(rows.schema.metadata[_BAD])
    return Block(rows, tuple(Bad(*each) for each in bad))


@dataclass(frozen=True)
class Columns:
    """Which columns are read.

    Parameters
    ----------
    texts : names of the columns of texts; None is found out: the texts, and as the second one
        the column that is called like the first but for its last sign (b for a, 2 for 1).
    id : of ids; None takes a column `id` where there is one.
    encoding : None finds out.
    """

    texts: tuple[str | None, ...] = (None,)
    id: str | None = None
    encoding: str | None = None


class Reader:
    """Reads files; afterwards `findings` has what there is to say of each.

    Parameters
    ----------
    names : what the columns of texts are called in the blocks.
    """

    def __init__(self, inputs: Sequence[Input], columns: Columns, names: Sequence[str] = (TEXT,)):
        self.inputs = inputs
        self.columns = columns
        self.names = names
        self.findings: dict[str, list[Finding]] = {}

    @property
    def bytes(self) -> int:
        """The size of all files."""
        return sum(file.size for file in self.inputs)

    def __iter__(self) -> Iterator[Block]:
        """The blocks.

        Raises
        ------
        ChoiceError, DataError : see `poolviz.bulk.tables.tables_of`; also where a file has no
            texts.
        """
        before = rows = 0
        for file in self.inputs:
            wanted = Wanted(encoding=self.columns.encoding, text=self.columns.texts[0])
            for table, read in tables_of(file, wanted):
                rows += len(table)
                yield from self._blocks(file.name, table, before + read)
            before += file.size
        if not rows:
            raise _no_text(self.inputs[0].name)

    def _blocks(self, name: str, table: Table, read: int) -> Iterator[Block]:
        bad: list[Bad] = []
        for finding in table.findings:
            if finding.kind in _REASONS:
                reason = _REASONS[finding.kind]
                bad += [Bad(name, int(line), "", reason) for line in finding.lines]
            else:
                self._add(name, finding)
        rows = self._rows(name, table)
        for start, end in _spans(rows, self.names):
            yield Block(rows.slice(start, end - start), tuple(bad), read)
            bad = []

    def _add(self, name: str, finding: Finding) -> None:
        """Count a finding together with those of its kind in other parts of the file."""
        found = self.findings.setdefault(name, [])
        for place, known in enumerate(found):
            if known.kind == finding.kind and known.values == finding.values:
                lines = known.lines or finding.lines
                count = known.count + finding.count
                found[place] = Finding(known.kind, count, lines, known.values, known.grave)
                return
        found.append(finding)

    def _rows(self, name: str, table: Table) -> pa.RecordBatch:
        known = list(table.columns)
        if table.text is None:
            raise _no_text(name)
        others = [each or _partner(name, table.text, known) for each in self.columns.texts[1:]]
        texts = [self._column(table, each) for each in (table.text, *others)]
        columns = {
            FILE: pa.DictionaryArray.from_arrays(np.zeros(len(table), np.int32), [name]),
            LINE: pa.array(table.lines.astype(np.int64)),
        }
        if self.columns.id is not None:
            columns[ID] = self._column(table, self.columns.id)
        elif ID in known:
            columns[ID] = table.columns[ID]
        columns |= dict(zip(self.names, texts, strict=True))
        return pa.RecordBatch.from_pydict(columns)

    def _column(self, table: Table, name: str) -> pa.Array:
        known = list(table.columns)
        return table.columns[known[place_of(table.name, name, known)]]


def _no_text(name: str) -> DataError:
    return DataError("{name} holds no row with a text; add rows to it.", name=name)


def _partner(file: str, first: str, known: Sequence[str]) -> str:
    """The column of second sentences."""
    for one, two in _PARTNERS:
        for name in known if first.endswith(one) else ():
            if name == first.removesuffix(one) + two:
                return name
    raise ChoiceError(
        "{name} has no column that goes with {column}; name one with --other-column: {known}.",
        name=file,
        column=first,
        known=", ".join(known[:20]),
    )


def _spans(rows: pa.RecordBatch, names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """From where to where the blocks reach; one at least, however few rows there are."""
    lengths = sum(pc.utf8_length(rows[name]).to_numpy().astype(np.int64) for name in names)
    ends = np.cumsum(lengths)
    start = 0
    while start < max(len(rows), 1):
        before = ends[start - 1] if start else 0
        fitting = int(np.searchsorted(ends, before + MOST_CHARACTERS, side="right"))
        end = min(max(fitting, start + 1), start + MOST_ROWS)
        yield start, min(end, len(rows))
        start = end
