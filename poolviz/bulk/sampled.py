"""A few of all rows, drawn with a fixed seed: what is dear is measured on them alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from poolviz.bulk.reading.blocks import TEXT, Bad, Block, Reader, no_text
from poolviz.bulk.texts import bad_row, reason_against
from poolviz.text.encoding import encode_many
from poolviz.text.vocabulary import Vocabulary
from poolviz.trust.rows.survey import drawn, rows_to_normalise
from poolviz.watch import Watch

ROWS = 32  # of a block: measuring one takes long
NORMALISED = "normalised {}"  # whether AOPC is normalised, under the vocabulary of this number


class Sampled:
    """Reads files twice: to count the rows that can be read, and to take those that were drawn.

    They are the rows that `poolviz.trust.rows.survey` draws of as many rows that are in memory.

    Parameters
    ----------
    reader : of all rows.
    count : how many rows; all where there are fewer.
    vocabularies : different ones, for each of which rows are drawn to normalise AOPC on.
    """

    def __init__(self, reader: Reader, count: int, vocabularies: Sequence[Vocabulary]):
        self.reader = reader
        self.count = count
        self.vocabularies = vocabularies

    @property
    def bytes(self) -> int:
        """The size of all files."""
        return self.reader.bytes

    def watched(self, watch: Watch) -> Iterator[Block]:
        """The rows that were drawn, `ROWS` at a time; the bad rows of all stand in the first block.

        Parameters
        ----------
        watch : counts bytes while rows are counted, too.

        Raises
        ------
        Cancelled : reading was stopped.
        ChoiceError, DataError : see `poolviz.bulk.reading.blocks.Reader`; also where no row can be
            read.
        """
        bad: list[Bad] = []
        good: list[np.ndarray] = []  # of each block the places of the rows that can be read
        for block in self.reader.watched(watch):
            texts = block.rows[TEXT].to_pylist()
            reasons = [reason_against([text], self.vocabularies) for text in texts]
            named = [bad_row(block.rows, n, why) for n, why in enumerate(reasons) if why]
            bad += [*block.bad, *named]
            good.append(np.flatnonzero([why is None for why in reasons]))
            watch.progress(block.read, self.bytes)
        readable = sum(map(len, good))
        if not readable:
            raise no_text(self.reader.inputs[0].name)
        rows = self._taken(drawn(readable, self.count), good, watch)
        for start in range(0, len(rows), ROWS):
            part = rows.slice(start, ROWS)
            share = (start + len(part)) / len(rows)
            yield Block(part, tuple(bad), int(share * self.bytes))
            bad = []

    def _taken(
        self, numbers: np.ndarray, good: Sequence[np.ndarray], watch: Watch
    ) -> pa.RecordBatch:
        """The readable rows of these numbers, with the columns `NORMALISED`."""
        taken, before = [], 0
        for block, places in zip(self.reader.watched(watch), good, strict=True):
            here = numbers[(numbers >= before) & (numbers < before + len(places))] - before
            of_block = block.rows.take(pa.array(places[here], pa.int64()))
            taken.append(pa.Table.from_batches([of_block]))
            before += len(places)
        whole = pa.concat_tables(taken, promote_options="default").unify_dictionaries()
        [rows] = whole.combine_chunks().to_batches()
        texts = rows[TEXT].to_pylist()
        for place, vocabulary in enumerate(self.vocabularies):
            chosen = rows_to_normalise([len(ids) for ids in encode_many(texts, vocabulary)])
            flags = pa.array([number in chosen for number in range(len(texts))])
            rows = rows.append_column(NORMALISED.format(place), flags)
        return rows
