"""Text → tokens → ids → engine → `Explanation`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.engine.runtime import Engine
from poolviz.text.encoding import Encoded, encode, encode_each
from poolviz.values.explanation import FIELDS, Explanation


class Explainer:
    """A checkpoint ready to explain texts: its vocabulary and its engine.

    >>> from poolviz.checkpoints.listing import list_checkpoints
    >>> explainer = Explainer(list_checkpoints(task="bbc_news")[0])
    >>> explainer.explain("The striker scored twice as United won the cup final.").predicted
    'sport'

    Raises
    ------
    CheckpointError : the checkpoint is damaged.
    """

    def __init__(self, checkpoint: Checkpoint):
        self.checkpoint = checkpoint
        self.engine = Engine(checkpoint)
        self.vocabulary = checkpoint.read_vocabulary()
        unknown = () if checkpoint.weighted_mean else ("values",)
        known = [name for name in self.engine.outputs if name in FIELDS]
        self._outputs = [name for name in known if name not in unknown]
        self._origin: dict[str, Any] = {  # the same in every explanation
            "head": checkpoint.head,
            "readout": checkpoint.readout,
            "dataset": checkpoint.task,
            "checkpoint": checkpoint.name,
            "checkpoint_hash": checkpoint.onnx_hash,
            "classes": checkpoint.classes,
            "alternative_name": checkpoint.head_record.alternative,
            "window": tuple(checkpoint.card["window"]),
            "exact": checkpoint.exact,
            "values": None,
            "alternative": None,
            "folded": False,
        }

    def explain(self, text: str | Encoded) -> Explanation:
        """Explain one text with one pass through the graph; for several heads see `explain_each`.

        Raises
        ------
        TextError : the text has no visible character, or is too long.
        """
        encoded = encode(text, self.vocabulary)
        fields: dict[str, Any] = {**self._origin, "text": encoded.text, "tokens": encoded.tokens}
        found = self.engine.run(encoded.ids[None, :])
        fields.update((name, found[name][0]) for name in self._outputs)  # of a batch of one
        fields["bias_offset"] = float(fields["bias_offset"])
        return Explanation.of_fields(fields)


def encoded_each(explainers: Sequence[Explainer], text: str | Encoded) -> list[Encoded]:
    """A text as each explainer reads it: cut once, looked up once for each vocabulary.

    Raises
    ------
    TextError : the text has no visible character, or is too long.
    """
    return encode_each(text, [explainer.vocabulary for explainer in explainers])


def explain_each(explainers: Sequence[Explainer], text: str | Encoded) -> list[Explanation]:
    """Explain one text under several checkpoints, in their order; see `encoded_each`.

    Raises
    ------
    TextError : the text has no visible character, or is too long.
    """
    encoded = encoded_each(explainers, text)
    return [explainer.explain(each) for explainer, each in zip(explainers, encoded, strict=True)]
