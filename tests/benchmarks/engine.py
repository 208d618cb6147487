"""Rewritten graphs beside the exported ones: `python -m tests.benchmarks.engine`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
import onnxruntime

from poolviz import places
from poolviz.checkpoints.checkpoint import ONNX, VOCABULARY, Checkpoint, read
from poolviz.datasets import load
from poolviz.engine import bulk
from poolviz.engine.runtime import Engine
from poolviz.model.heads import HEADS
from poolviz.text.encoding import encode_many
from poolviz.text.vocabulary import Vocabulary
from tests.benchmarks.report import Figure, print_table, rounds_wanted, times

TASK = "chnsenticorp_htl_all"
TEXT = "酒店离车站近，房间干净又安静，就是早餐样式少，下次还住这里。"  # 30 characters
TOWERS = ("siamese-max", "siamese-attention")
OUTPUTS = ("probabilities", "weights")
SETS = {"all outputs": None, "probabilities and weights": OUTPUTS}
WARM_UP = 2
RUNS = 20  # of one text, in a row


class Exported:
    """An engine that runs the graph as it is on disk."""

    def __init__(self, checkpoint: Checkpoint):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        content = checkpoint.path(ONNX).read_bytes()
        self.session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )

    def run(self, ids: np.ndarray, outputs: Sequence[str] | None = None) -> dict[str, np.ndarray]:
        """As `poolviz.engine.runtime.Engine.run`."""
        names = outputs or [value.name for value in self.session.get_outputs()]
        return dict(zip(names, self.session.run(names, {"ids": ids}), strict=True))


def main() -> None:
    """Run both graphs of every head, and of two towers, in turns: on one text, on many."""
    rounds = rounds_wanted(__doc__, 15)
    texts = load(TASK).split("test")["text"].tolist()
    print(
        f"{TASK}: a text of {len(TEXT)} characters; {len(texts):,} test rows by {bulk.WORKERS} "
        f"threads. Time of the CPU, medians of {rounds} rounds: exported → rewritten"
    )
    figures, ratios = [], []
    for head in HEADS:
        checkpoint = read(places.SHIPPED_CHECKPOINTS / TASK / head)
        makers = [lambda c=checkpoint: Exported(c), lambda c=checkpoint: Engine(c)]
        figures.append(_figure(f"{head}: made", _in_turns(makers, rounds)))
        for title, outputs in SETS.items():
            seconds = _one_text(checkpoint, outputs, rounds)
            figures.append(_figure(f"{head}: {title} of one text", seconds, "≥ 1.5 ×"))
        seconds = _many_texts(checkpoint, texts, OUTPUTS, rounds)
        figures.append(_figure(f"{head}: {' and '.join(OUTPUTS)} of all rows", seconds))
        ratios.append(_ratio(seconds))
    figures.append(Figure("mean of the heads: all rows", times(np.mean(ratios)), "≥ 2 ×"))
    for name in TOWERS:
        checkpoint = read(places.SHIPPED_CHECKPOINTS / "lcqmc" / name)
        seconds = _many_texts(checkpoint, texts, ["vector"], rounds)
        figures.append(_figure(f"{name}: vector of all rows", seconds))
    print_table(figures)


def _one_text(checkpoint: Checkpoint, outputs: Sequence[str] | None, rounds: int) -> np.ndarray:
    (ids,) = _encoded([TEXT], checkpoint)

    def several(engine: Engine | Exported) -> None:
        for _ in range(RUNS):
            engine.run(ids[None], outputs)

    engines = (Exported(checkpoint), Engine(checkpoint))
    return _in_turns([lambda e=e: several(e) for e in engines], rounds) / RUNS


def _many_texts(
    checkpoint: Checkpoint, texts: list[str], outputs: Sequence[str], rounds: int
) -> np.ndarray:
    ids = _encoded(texts, checkpoint)

    def all_rows(engine: Engine | Exported) -> None:
        for _batch in bulk.run_many(engine, ids, outputs):
            pass

    engines = (Exported(checkpoint), Engine(checkpoint))
    return _in_turns([lambda e=e: all_rows(e) for e in engines], rounds)


def _encoded(texts: list[str], checkpoint: Checkpoint) -> list[np.ndarray]:
    return encode_many(texts, Vocabulary.load(checkpoint.path(VOCABULARY)))


def _in_turns(runs: Sequence[Callable[[], object]], rounds: int) -> np.ndarray:
    """(runs, rounds) seconds of the CPU, those of all threads; each is first in its turn.

    Other work on the machine does not enter them.
    """
    seconds = np.empty((len(runs), WARM_UP + rounds))
    for turn in range(WARM_UP + rounds):
        for number in np.roll(np.arange(len(runs)), turn):
            started = time.process_time()
            runs[number]()
            seconds[number, turn] = time.process_time() - started
    return seconds[:, WARM_UP:]


def _ratio(seconds: np.ndarray) -> float:
    return float(np.median(seconds[0] / seconds[1]))


def _figure(name: str, seconds: np.ndarray, wanted: str = "") -> Figure:
    before, after = 1_000 * np.median(seconds, axis=1)
    measured = f"{before:.3f} → {after:.3f} ms: {_ratio(seconds):.2f} ×"
    return Figure(name, measured, wanted)


if __name__ == "__main__":
    main()
