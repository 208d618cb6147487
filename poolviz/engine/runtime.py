"""Running a checkpoint's ONNX graph: the only door to a model outside training."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from threading import Lock

import numpy as np

from poolviz.checkpoints.checkpoint import ONNX, Checkpoint
from poolviz.engine.graph import Graph
from poolviz.engine.look_ups import LookUps
from poolviz.engine.rewriting import rewrite
from poolviz.engine.sizes import MOST, largest_value
from poolviz.engine.vectors import VECTORS, vectors_of
from poolviz.errors import CheckpointError
from poolviz.sessions import Session, Shared, loaded
from poolviz.values.shapes import IdBatch, Output

_LONG = 16_384  # positions of a batch, from which on look-ups in blocks are faster than the graph's
POOLED = "pooled"  # the vector that the read-out reads; no graph names it
_BYTES = 4  # of a float32
_MATRICES = {"linear": 1, "mlp": 2}  # constant ones between it and the logits, by read-out
# NaN anywhere in a graph reaches these of its outputs; looking at all of them takes time.
_TELLING = ("probabilities", "probability", "vector", "weights")


class Engine:
    """One graph of a checkpoint, ready to run; `run` may be called from several threads.

    The graph is rewritten where that is exact, see `poolviz.engine.rewriting`, and cut down to the
    outputs that are asked for: a session computes its whole graph, whatever is asked of it
    (microsoft/onnxruntime#16013). So there is one for all outputs, and one more for each set of
    some of them, made when it is first asked for. Few sets are in use: all of them to explain a
    text; for many texts the probabilities, the weights, both, or both with the contributions; of a
    matcher the vector, or the score and the probability. Long texts have sessions of their own: the
    vectors of their positions are looked up before.

    Parameters
    ----------
    checkpoint : whose graph.
    file : which of its graphs; only matchers have a second one,
        `poolviz.model.kinds.PAIR`.

    Raises
    ------
    CheckpointError : the checkpoint is damaged, its graph does not load or asks for too much, or it
        is one on an encoder that is not on this machine.
    """

    def __init__(self, checkpoint: Checkpoint, file: str = ONNX):
        if checkpoint.damage:
            raise checkpoint.damage
        self._checkpoint = checkpoint
        encoder = checkpoint.find_encoder()
        self._vectors = vectors_of(encoder) if encoder else None
        try:
            content = checkpoint.path(file).read_bytes()
            largest = largest_value(content)
            if largest <= MOST:
                self._graph, self._look_ups, self._whole = _opened(content)
        except Exception as error:  # ONNX Runtime raises bare RuntimeErrors and its own Fail types
            raise CheckpointError(
                "Checkpoint {task}/{name} cannot be loaded: its graph is no valid ONNX model.",
                task=checkpoint.task,
                name=checkpoint.name,
            ) from error
        if largest > MOST:
            raise CheckpointError(
                "Checkpoint {task}/{name} cannot be loaded: for each token its graph asks for "
                "{size:,.1f} GB of memory.",
                task=checkpoint.task,
                name=checkpoint.name,
                size=largest * _BYTES / 1e9,
            )
        self.inputs = tuple(value.name for value in self._whole.get_inputs())
        self.outputs = tuple(output.name for output in self._whole.get_outputs())
        self._cuts: dict[tuple[frozenset[str], tuple[str, ...]], Session] = {}
        self._lock = Lock()

    def run(
        self,
        inputs: IdBatch | Mapping[str, Output],
        outputs: Sequence[str] | None = None,
    ) -> dict[str, Output]:
        """Run a batch of texts of one length.

        Parameters
        ----------
        inputs : the ids (B, T), int32, where id 0 marks a position that does not count; or all
            inputs by name, for a graph that has others. The vectors that a model on an encoder
            reads are found for it.
        outputs : names wanted, None for all; what only others need is not computed. `POOLED`
            (B, width) is none of all: it has to be asked for.

        Returns
        -------
        Arrays by name, shapes as in `poolviz.training.classifier.HeadClassifier` or
        `poolviz.training.matching.matcher.HeadMatcher`.

        Raises
        ------
        CheckpointError : an output is not a number (NaN): the training had gone wrong; or it is
            `POOLED`, and the graph is of a form in which that is not found; or the graph fails.
        """
        names = self.outputs if outputs is None else outputs
        fed = {"ids": inputs} if isinstance(inputs, np.ndarray) else dict(inputs)
        if self._vectors and VECTORS in self.inputs and VECTORS not in fed:
            fed[VECTORS] = self._vectors(fed["ids"])
        look_ups = self._look_ups
        if look_ups is not None and fed["ids"].size >= _LONG:
            fed[look_ups.vectors] = look_ups(fed["ids"])
            session = self._session(names, look_ups.vectors)
        else:
            session = self._whole if outputs is None else self._session(names)
        try:
            found = dict(zip(names, session.run(names, fed), strict=True))
        except Exception as error:  # see above
            raise CheckpointError(
                "Checkpoint {task}/{name} cannot be run: its graph fails, or asks for more memory "
                "than there is.",
                task=self._checkpoint.task,
                name=self._checkpoint.name,
            ) from error
        if any(_has_nan(found[name]) for name in _TELLING if name in found):
            raise CheckpointError(
                "Checkpoint {task}/{name} gives something that is no number (NaN) for a text; "
                "train it again.",
                task=self._checkpoint.task,
                name=self._checkpoint.name,
            )
        return found

    def _session(self, outputs: Sequence[str], *fed: str) -> Session:
        wanted = (frozenset(outputs), fed)
        found = self._cuts.get(wanted)
        if found is None:
            with self._lock:
                if wanted not in self._cuts:
                    self._cuts[wanted] = self._cut(*wanted)
                found = self._cuts[wanted]
        return found

    def _cut(self, outputs: frozenset[str], fed: tuple[str, ...]) -> Session:
        if not (fed or POOLED in outputs or outputs < set(self.outputs)):
            return self._whole
        if self._graph is None:
            if POOLED in outputs:
                raise self._no_pooled()
            return self._whole
        graph = Graph(*self._graph)
        if POOLED in outputs:
            matrices = _MATRICES.get(self._checkpoint.readout, 0)
            found = graph.factors("logits")[:matrices]
            if not matrices or len(found) < matrices:
                raise self._no_pooled()
            graph.add_output(found[-1], POOLED)
        return loaded(*graph.cut(outputs, fed))

    def _no_pooled(self) -> CheckpointError:
        return CheckpointError(
            "Checkpoint {task}/{name} does not show its pooled vectors; leave these out, or train "
            "it again.",
            task=self._checkpoint.task,
            name=self._checkpoint.name,
        )


def _has_nan(values: np.ndarray) -> bool:
    return math.isnan(np.vdot(values, values))  # squares hide nothing, and add up in one go


def _opened(exported: bytes) -> tuple[tuple[bytes, Shared] | None, LookUps | None, Session]:
    """The rewritten graph, its look-ups and its session; the exported graph's where that fails."""
    try:
        graph = Graph(exported)
        look_ups = rewrite(graph)
        rewritten = graph.cut(graph.outputs)
        return rewritten, look_ups, loaded(*rewritten)
    except Exception:  # whatever is unusual about it, it may run as it is
        return None, None, loaded(exported, {})
