"""Running a checkpoint's ONNX graph: the only door to a model outside training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnxruntime

from poolviz.checkpoints.checkpoint import ONNX, Checkpoint
from poolviz.errors import CheckpointError

# NaN anywhere in a graph reaches these of its outputs; looking at all of them takes time.
_TELLING = ("probabilities", "probability", "vector", "weights")


class Engine:
    """One ONNX Runtime session for one graph; `run` may be called from several threads.

    Parameters
    ----------
    checkpoint : whose graph.
    file : which of its graphs; only matchers have a second one,
        `poolviz.model.kinds.PAIR`.

    Raises
    ------
    CheckpointError : the checkpoint is damaged, or its graph does not load.
    """

    def __init__(self, checkpoint: Checkpoint, file: str = ONNX):
        if checkpoint.damage:
            raise checkpoint.damage
        self._checkpoint = checkpoint
        options = onnxruntime.SessionOptions()
        # One text is too little work to share: waking other threads costs more than it saves.
        options.intra_op_num_threads = 1
        # Lengths vary with every text; the arena would keep the largest of each for ever.
        options.enable_cpu_mem_arena = False
        try:
            self._session = onnxruntime.InferenceSession(
                checkpoint.path(file).read_bytes(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime raises bare RuntimeErrors and its own Fail types
            raise CheckpointError(
                "Checkpoint {task}/{name} cannot be loaded: its graph is no valid ONNX model.",
                task=checkpoint.task,
                name=checkpoint.name,
            ) from error
        self.inputs = tuple(value.name for value in self._session.get_inputs())
        self.outputs = tuple(output.name for output in self._session.get_outputs())

    def run(
        self,
        inputs: np.ndarray | Mapping[str, np.ndarray],
        outputs: Sequence[str] | None = None,
    ) -> dict[str, np.ndarray]:
        """Run a batch of texts of one length.

        Parameters
        ----------
        inputs : the ids (B, T), int32, where id 0 marks a position that does not count; or all
            inputs by name, for a graph that has others.
        outputs : names wanted, None for all. The whole graph is computed either way: only training
            builds of ONNX Runtime can run a part of one (microsoft/onnxruntime#16013).

        Returns
        -------
        Arrays by name, shapes as in `poolviz.training.classifier.PoolingClassifier` or
        `poolviz.training.matcher.Matcher`.

        Raises
        ------
        CheckpointError : an output is not a number (NaN): the training had gone wrong.
        """
        names = self.outputs if outputs is None else outputs
        fed = inputs if isinstance(inputs, Mapping) else {"ids": inputs}
        found = dict(zip(names, self._session.run(names, fed), strict=True))
        if any(np.isnan(found[name]).any() for name in _TELLING if name in found):
            raise CheckpointError(
                "Checkpoint {task}/{name} gives something that is no number (NaN) for a text; "
                "train it again.",
                task=self._checkpoint.task,
                name=self._checkpoint.name,
            )
        return found
