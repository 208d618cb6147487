"""All rows of all files in their order, in blocks that are worked on as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from poolviz.bulk.reading.inputs import Input
from poolviz.bulk.reading.lines import LEFT_OUT, NO_JSON
from poolviz.bulk.reading.tables import tables_of
from poolviz.datasets.own.texts import no_labels
from poolviz.datasets.own_pairs.columns import pair_columns, two_texts
from poolviz.datasets.readers.reading import Finding, Table, Wanted, place_of
from poolviz.errors import DataError
from poolviz.watch import Watch

MOST_ROWS = 16_384  # of a block
MOST_CHARACTERS = 1_000_000  # of its texts, but for a longer one alone
FILE, LINE, ID, TEXT, LABEL = "file", "line", "id", "text", "label"
KEPT = (FILE, LINE, ID, LABEL)  # what stands beside the results where there is such a column
_BAD = b"bad"
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
    rows : N rows; `file`, `line` (from 1), `id` where there is such a column, the texts, and
        `label` where labels are read.
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
    texts : names of the columns of texts, two of pairs; None is found out.
    id : of ids; None takes a column `id` where there is one.
    encoding : None finds out.
    label : of labels; None finds it out.
    """

    texts: tuple[str | None, ...] = (None,)
    id: str | None = None
    encoding: str | None = None
    label: str | None = None


class Reader:
    """Reads files, as often as asked.

    Afterwards `findings` has what there is to say of each, and `empty` those without a row.

    Parameters
    ----------
    names : what the columns of texts are called in the blocks.
    labelled : whether labels are read, too.
    """

    def __init__(
        self,
        inputs: Sequence[Input],
        columns: Columns,
        names: Sequence[str] = (TEXT,),
        labelled: bool = False,
    ):
        self.inputs = inputs
        self.columns = columns
        self.names = names
        self.labelled = labelled
        self.findings: dict[str, list[Finding]] = {}
        self.empty: list[str] = []

    @property
    def bytes(self) -> int:
        """The size of all files."""
        return sum(file.size for file in self.inputs)

    def watched(self, watch: Watch) -> Iterator[Block]:
        """The blocks, unless reading is stopped.

        Raises
        ------
        Cancelled : it is.
        ChoiceError, DataError : see `__iter__`.
        """
        for block in self:
            watch.check()
            yield block

    def __iter__(self) -> Iterator[Block]:
        """The blocks.

        Raises
        ------
        ChoiceError, DataError : see `poolviz.bulk.reading.tables.tables_of`; also where a file has
            no texts, or no labels and they are read.
        """
        before = rows = 0
        columns, self.findings, self.empty = self.columns, {}, []
        for file in self.inputs:
            wanted = Wanted(columns.encoding, columns.texts[0], columns.label)
            chosen: dict[str, str] = {}  # once for all parts of a file
            before_file = rows
            for table, read in tables_of(file, wanted):
                rows += len(table)
                if len(table):
                    chosen = chosen or self._chosen(file.name, table)
                yield from self._blocks(file.name, table, chosen, before + read)
            before += file.size
            if rows == before_file:
                self.empty.append(file.name)
        if not rows:
            raise no_text(self.inputs[0].name)

    def _blocks(
        self, name: str, table: Table, chosen: Mapping[str, str], read: int
    ) -> Iterator[Block]:
        bad: list[Bad] = []
        for finding in table.findings:
            if finding.kind in _REASONS:
                reason = _REASONS[finding.kind]
                bad += [Bad(name, int(line), "", reason) for line in finding.lines]
            else:
                self._add(name, finding)
        columns = {
            FILE: pa.DictionaryArray.from_arrays(np.zeros(len(table), np.int32), [name]),
            LINE: pa.array(table.lines.astype(np.int64)),
            **{called: table.columns[column] for called, column in chosen.items()},
        }
        if not len(table):  # and perhaps nothing chosen yet
            needed = (*self.names, *((LABEL,) if self.labelled else ()))
            columns = {name: pa.array([], pa.string()) for name in needed} | columns
        rows = pa.RecordBatch.from_pydict(columns)
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

    def _chosen(self, name: str, table: Table) -> dict[str, str]:
        """The columns of a file by what they are called in the blocks."""
        columns = self.columns
        if table.text is None:
            raise no_text(name)
        texts: tuple[str, ...] = (table.text,)
        label = table.label
        if len(self.names) > 1:
            wanted = Wanted(None, columns.texts[0], columns.label, other=columns.texts[1])
            if self.labelled:
                texts, label = astuple(pair_columns(table, wanted))
            else:
                texts = two_texts(table, wanted)
        known = list(table.columns)
        chosen: dict[str, str] = {}
        if columns.id is not None:
            chosen[ID] = known[place_of(name, columns.id, known)]
        elif ID in known:
            chosen[ID] = ID
        chosen |= dict(zip(self.names, texts, strict=True))
        if self.labelled:
            if label is None:
                raise no_labels(name, known)
            chosen[LABEL] = label
        return chosen


def no_text(name: str) -> DataError:
    """What to say of a file that has nothing to read."""
    return DataError("{name} holds no row with a text; add rows to it.", name=name)


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
