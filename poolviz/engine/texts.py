"""Text → tokens → ids → engine → `Explanation`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from poolviz.checkpoints.checkpoint import VOCABULARY, Checkpoint
from poolviz.engine.runtime import Engine
from poolviz.model.heads import HEADS
from poolviz.text.tokens import Token, Vocabulary, clean_text, encode
from poolviz.values.explanation import Explanation


class Explainer:
    """A checkpoint ready to explain texts: its vocabulary and its engine.

    Raises
    ------
    CheckpointError : the checkpoint is damaged.
    """

    def __init__(self, checkpoint: Checkpoint):
        self.checkpoint = checkpoint
        self.engine = Engine(checkpoint)
        self.vocabulary = Vocabulary.load(checkpoint.path(VOCABULARY))

    def explain(self, text: str) -> Explanation:
        """Explain one text with one pass through the graph.

        Raises
        ------
        TextError : the text has no visible character, or is too long.
        """
        tokens, ids = encode(text, self.vocabulary)
        outputs = self.engine.run(ids[None, :])
        return self.explanation(
            clean_text(text), tokens, {name: array[0] for name, array in outputs.items()}
        )

    def explanation(
        self, text: str, tokens: tuple[Token, ...], outputs: Mapping[str, np.ndarray]
    ) -> Explanation:
        """Put one text's outputs (without the batch axis) into an `Explanation`."""
        card = self.checkpoint.card
        return Explanation(
            text=text,
            tokens=tokens,
            head=self.checkpoint.head,
            readout=self.checkpoint.readout,
            dataset=self.checkpoint.task,
            checkpoint=self.checkpoint.name,
            checkpoint_hash=self.checkpoint.onnx_hash,
            classes=self.checkpoint.classes,
            probabilities=outputs["probabilities"],
            weights=outputs["weights"],
            contributions=outputs["contributions"],
            bias=outputs["bias"],
            offsets=outputs["offsets"],
            bias_offset=float(outputs["bias_offset"]),
            values=outputs.get("values"),
            alternative=outputs.get("alternative"),
            alternative_name=HEADS[self.checkpoint.head].alternative,
            window=tuple(card["window"]),
            exact=self.checkpoint.readout == "linear",
        )
