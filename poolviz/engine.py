"""Running a checkpoint's ONNX graph: the only door to a model outside training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnxruntime

from poolviz.checkpoints import ONNX, Checkpoint
from poolviz.errors import CheckpointError


class Engine:
    """One ONNX Runtime session for one checkpoint; `run` may be called from several threads.

    Raises
    ------
    CheckpointError : the checkpoint is damaged, or its graph does not load.
    """

    def __init__(self, checkpoint: Checkpoint):
        if checkpoint.damage:
            raise checkpoint.damage
        options = onnxruntime.SessionOptions()
        # One text is too little work to share: waking other threads costs more than it saves.
        options.intra_op_num_threads = 1
        # Lengths vary with every text; the arena would keep the largest of each for ever.
        options.enable_cpu_mem_arena = False
        try:
            self._session = onnxruntime.InferenceSession(
                checkpoint.path(ONNX).read_bytes(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime raises bare RuntimeErrors and its own Fail types
            raise CheckpointError(
                "Checkpoint {task}/{name} cannot be loaded: its graph is no valid ONNX model.",
                task=checkpoint.task,
                name=checkpoint.name,
            ) from error
        self.outputs = tuple(output.name for output in self._session.get_outputs())

    def run(self, ids: np.ndarray, outputs: Sequence[str] | None = None) -> dict[str, np.ndarray]:
        """Run a batch of texts of one length.

        Parameters
        ----------
        ids : (B, T) int32; id 0 marks a position that does not count.
        outputs : names wanted, None for all. The whole graph is computed either way: only training
            builds of ONNX Runtime can run a part of one (microsoft/onnxruntime#16013).

        Returns
        -------
        Arrays by name, shapes as in `poolviz.models.PoolingClassifier`.
        """
        names = list(self.outputs if outputs is None else outputs)
        results = self._session.run(names, {"ids": ids})
        return dict(zip(names, results, strict=True))
