"""Two sentences → `PairExplanation`: the score, and how it splits over pairs of tokens.

Where the score is a cosine the parts add up to it exactly. With u = Σ_i p_i and v = Σ_j q_j, where
p_i is what position i adds to the vector (weight × its vector; for max pooling the maxima it won,
ties split):

    cos(u, v) = Σ_ij ⟨p_i, q_j⟩ / (‖u‖ ‖v‖)

and several heads' rows are summed over matching rows. Under the dense read-out the same is done
with the tangent of the logit in u, v and u·v (see `poolviz.training.matching.pair_readouts`): an
estimate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.engine.runtime import Engine
from poolviz.errors import CheckpointError
from poolviz.model.kinds import MATCHER, OUTCOMES, PAIR
from poolviz.text.encoding import Encoded, encode, encode_each
from poolviz.values.explanation import Explanation
from poolviz.values.pairs import PairExplanation, TripletExplanation
from poolviz.values.shapes import Output, PerRowToken, PerTokenPair

MAX_CELLS = 1_000_000
SIDES = ("a", "b")

Outputs = dict[str, Output]  # of a graph, by name


@dataclass(frozen=True)
class _Sentence:
    encoded: Encoded
    outputs: Outputs


class PairExplainer:
    """A matcher ready to explain pairs: its vocabulary and the engines of its two graphs.

    >>> from poolviz.checkpoints.listing import list_checkpoints
    >>> matcher = PairExplainer(list_checkpoints(task="lcqmc")[0])
    >>> round(matcher.explain("怎么注销账号", "账号如何注销").probability, 2)
    0.85

    Raises
    ------
    CheckpointError : the checkpoint is damaged, or is no matcher.
    """

    def __init__(self, checkpoint: Checkpoint):
        self.encoder = Engine(checkpoint)
        if checkpoint.kind_record.family is not MATCHER:
            raise CheckpointError(
                "Checkpoint {task}/{name} is no matcher; choose one that was trained on pairs.",
                task=checkpoint.task,
                name=checkpoint.name,
            )
        self.checkpoint = checkpoint
        self.comparer = Engine(checkpoint, PAIR)
        self.vocabulary = checkpoint.read_vocabulary()
        self.state = tuple(name[:-2] for name in self.comparer.inputs if name.endswith("_a"))

    @property
    def independent(self) -> bool:
        """Whether a sentence's vector does not depend on the other sentence."""
        return self.checkpoint.kind_record.independent

    def explain(self, text_a: str | Encoded, text_b: str | Encoded) -> PairExplanation:
        """Explain two sentences: each is read once, then the two are compared.

        Raises
        ------
        TextError : a text has no visible character, or is too long.
        """
        return self._explain(self._read(text_a), self._read(text_b))

    def explain_triplet(
        self, anchor: str | Encoded, positive: str | Encoded, negative: str | Encoded
    ) -> TripletExplanation:
        """Explain an anchor against a positive and a negative; any kind of matcher will do.

        Raises
        ------
        TextError : a text has no visible character, or is too long.
        """
        first, *others = (self._read(text) for text in (anchor, positive, negative))
        pairs = [self._explain(first, other) for other in others]
        return TripletExplanation(*pairs, margin=float(self.checkpoint.card["margin"]))

    def compare(
        self, state_a: Outputs, state_b: Outputs, outputs: Sequence[str] | None = None
    ) -> Outputs:
        """Run the second graph on batches of what the first one gave."""
        states = zip(SIDES, (state_a, state_b), strict=True)
        inputs = {f"{name}_{side}": state[name] for side, state in states for name in self.state}
        return self.comparer.run(inputs, outputs)

    def split(self, a: Outputs, b: Outputs) -> Split:
        """How the score of one pair splits, from what the first graph gave of each sentence."""
        found = dict(self.compare(a, b))
        for side, outputs in zip(SIDES, (a, b), strict=True):
            found |= {f"{name}_{side}": value for name, value in outputs.items()}
        return Split({name: array[0].astype(np.float64) for name, array in found.items()})

    def _read(self, text: str | Encoded) -> _Sentence:
        encoded = encode(text, self.vocabulary)
        return _Sentence(encoded, self.encoder.run(encoded.ids[None, :]))

    def _explain(self, a: _Sentence, b: _Sentence) -> PairExplanation:
        split = self.split(a.outputs, b.outputs)
        sides = (self._side(a, split, "a"), self._side(b, split, "b"))
        threshold = float(self.checkpoint.card["threshold"])
        too_many = len(a.encoded.tokens) * len(b.encoded.tokens) > MAX_CELLS
        return PairExplanation(
            kind=self.checkpoint.kind,
            sides=sides,
            score=split.score,
            probability=split.probability,
            threshold=threshold,
            cells=None if too_many else split.cells(),
            rest=split.rest,
            needed=split.needed(threshold),
        )

    def _side(self, sentence: _Sentence, split: Split, side: str) -> Explanation:
        checkpoint = self.checkpoint
        shares = split.shares(side)  # (H, T), in units of the score
        sign = np.array([-0.5, 0.5])
        contributions = split.scale * shares[..., None] * sign
        return Explanation(
            text=sentence.encoded.text,
            tokens=sentence.encoded.tokens,
            head=checkpoint.head,
            readout=checkpoint.readout,
            dataset=checkpoint.task,
            checkpoint=checkpoint.name,
            checkpoint_hash=checkpoint.onnx_hash,
            classes=OUTCOMES,
            probabilities=np.array([1 - split.probability, split.probability]),
            weights=split.weights[side],
            contributions=contributions,
            bias=split.logit * sign - contributions.sum(axis=(0, 1)),
            offsets=np.zeros_like(shares),
            bias_offset=0.0,
            window=tuple(checkpoint.card["window"]),
            exact=checkpoint.exact,
        )


def explain_each(
    explainers: Sequence[PairExplainer], texts: Sequence[str | Encoded]
) -> list[PairExplanation | TripletExplanation]:
    """Explain two sentences, or an anchor, a positive and a negative, under several matchers.

    Each sentence is cut once, and looked up once for each vocabulary.

    Raises
    ------
    TextError : a text has no visible character, or is too long.
    """
    vocabularies = [explainer.vocabulary for explainer in explainers]
    by_explainer = zip(*(encode_each(text, vocabularies) for text in texts), strict=True)
    return [
        explainer.explain(*encoded) if len(texts) == 2 else explainer.explain_triplet(*encoded)
        for explainer, encoded in zip(explainers, by_explainer, strict=True)
    ]


class Split:
    """How one pair's score splits: over tokens of one side, and over pairs of tokens.

    Parameters
    ----------
    outputs : both graphs' outputs for one pair, as `poolviz.training.matching.matcher.HeadMatcher`
        names them, without the batch axis: weights (H, T), payments (H, T, C), slopes (H × C,).
    """

    def __init__(self, outputs: Mapping[str, np.ndarray]):
        self.score, self.logit, self.scale, self.probability = (
            float(outputs[name]) for name in ("score", "logit", "scale", "probability")
        )
        self.weights = {side: outputs[f"weights_{side}"] for side in SIDES}
        self._payments = {side: outputs[f"payments_{side}"] for side in SIDES}
        self._vectors = {side: paid.sum(axis=1) for side, paid in self._payments.items()}  # (H, C)
        shape = self._vectors["a"].shape
        self._slopes = {side: outputs[f"slope_{side}"].reshape(shape) for side in SIDES}
        self._product = outputs["slope_product"].reshape(shape)

    def needed(self, probability: float) -> float | None:
        """The score that goes with a probability of a match; None for 0 and 1.

        The logit rises with the score along one line, the same for all pairs of a matcher.
        """
        if not 0 < probability < 1:
            return None
        wanted = math.log(probability / (1 - probability))
        return self.score + (wanted - self.logit) / self.scale

    @property
    def rest(self) -> float:
        """What the parts leave of the score."""
        return self.score - float(self.shares("a").sum())

    def shares(self, side: str) -> PerRowToken:
        """(H, T): what each token adds to the score, given the other sentence as it is.

        What the other sentence adds by itself is shared by weight.
        """
        other = "b" if side == "a" else "a"
        slope = self._slopes[side] + self._product * self._vectors[other]
        alone = (self._slopes[other] * self._vectors[other]).sum(axis=1, keepdims=True)
        own = (self._payments[side] * slope[:, None, :]).sum(axis=2)
        return own + self.weights[side] * alone

    def cells(self) -> PerTokenPair:
        """(tokens of a, tokens of b): what each pair of tokens adds to the score."""
        paid_a, paid_b = self._payments["a"], self._payments["b"]
        cells = np.einsum("hic,hjc->ij", paid_a * self._product[:, None, :], paid_b, optimize=True)
        alone_a = (paid_a * self._slopes["a"][:, None, :]).sum(axis=2)
        alone_b = (paid_b * self._slopes["b"][:, None, :]).sum(axis=2)
        cells += alone_a.T @ self.weights["b"]
        cells += self.weights["a"].T @ alone_b
        return cells
