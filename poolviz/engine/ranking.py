"""Many sentences through a matcher: pairs scored, a list ranked, texts put into classes.

Where a sentence's vector does not depend on the other one, it is computed once per distinct
sentence, and a pair then costs one comparison of vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.engine import bulk
from poolviz.engine.pairs import PairExplainer
from poolviz.text.encoding import encode, encode_many
from poolviz.text.tokens import MAX_CHARACTERS, has_visible

PAIRS_PER_BATCH = 2_048  # comparisons of vectors at once
_WANTED = ("score", "probability")


@dataclass(frozen=True, eq=False)
class Scores:
    """For each pair its score (see `PairExplanation.score`) and the probability of a match.

    Both are (pairs,) float32; NaN for a sentence that cannot be read: blank, or too long.
    """

    score: np.ndarray
    probability: np.ndarray

    @property
    def order(self) -> np.ndarray:
        """Numbers of the pairs, best first, equal ones in their order; NaN is left out."""
        order = np.argsort(-self.score, kind="stable")
        return order[: int(np.isfinite(self.score).sum())]


def score_pairs(
    explainer: PairExplainer,
    pairs: Sequence[tuple[str, str]],
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Scores | None:
    """Score pairs of sentences; None where `cancelled()` became True.

    `progress` is called with what is done and what there is to do, in sentences or pairs.

    Raises
    ------
    TextError : a sentence has no visible character, or is too long.
    """
    numbers = {text: i for i, text in enumerate(dict.fromkeys(t for pair in pairs for t in pair))}
    ids = encode_many(numbers, explainer.vocabulary)
    a, b = (np.array([numbers[pair[side]] for pair in pairs], np.int64) for side in range(2))
    if explainer.independent:
        vectors = _vectors(explainer, ids, progress, cancelled)
        return None if vectors is None else _compared(explainer, vectors, a, vectors, b, cancelled)

    def work(batch):
        states = (explainer.encoder.run(bulk.padded(ids, side[batch])) for side in (a, b))
        return explainer.compare(*states, _WANTED)

    lengths = bulk.lengths_of(ids)
    longest = np.maximum(lengths[a], lengths[b])
    return _gathered(work, longest, progress, cancelled)


def rank(
    explainer: PairExplainer,
    query: str,
    sentences: Sequence[str],
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Scores | None:
    """Score each sentence against the query (the first side); None where it was cancelled.

    A sentence that is blank or too long has NaN. `Scores.order` gives the nearest first.
    `progress` is called with the number of distinct sentences done and of all.

    Raises
    ------
    TextError : the query has no visible character, or is too long.
    """
    query_ids = encode(query, explainer.vocabulary).ids
    asked = explainer.encoder.run(query_ids[None, :])
    readable = [text for text in dict.fromkeys(sentences) if _is_readable(text)]
    # Looking up 100,000 sentences takes seconds, too.
    ids = encode_many(takewhile(lambda _text: not cancelled(), readable), explainer.vocabulary)
    if len(ids) < len(readable):
        return None
    if explainer.independent:
        vectors = _vectors(explainer, ids, progress, cancelled)
        everyone = np.arange(len(ids))
        found = (
            vectors
            if vectors is None
            else _compared(
                explainer, asked["vector"], np.zeros_like(everyone), vectors, everyone, cancelled
            )
        )
    else:
        # Every sentence of a batch needs the query beside it, so that its length counts, too.
        lengths = bulk.lengths_of(ids) + len(query_ids)

        def work(batch):
            state = explainer.encoder.run(np.stack([ids[i] for i in batch]))
            repeated = {name: np.repeat(asked[name], len(batch), axis=0) for name in asked}
            return explainer.compare(repeated, state, _WANTED)

        found = _gathered(work, lengths, progress, cancelled)
    if found is None:
        return None
    place = {text: number for number, text in enumerate(readable)}
    where = np.array([place.get(text, -1) for text in sentences], np.int64)
    return Scores(
        *(np.append(values, np.nan)[where] for values in (found.score, found.probability))
    )


def class_probabilities(
    explainer: PairExplainer,
    ids: Sequence[np.ndarray],
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> np.ndarray | None:
    """(texts, classes): the probability of a match with each class name; None where cancelled.

    The classes' probabilities are each of their own pair and need not sum to 1.

    Parameters
    ----------
    explainer : of a `label` matcher.
    ids : int32 (tokens,) of each text.
    """
    names = encode_many(explainer.checkpoint.classes, explainer.vocabulary)
    labels = _vectors(explainer, names)
    vectors = _vectors(explainer, ids, progress, cancelled)
    if vectors is None or labels is None:
        return None
    texts, classes = np.divmod(np.arange(len(ids) * len(names)), len(names))
    found = _compared(explainer, vectors, texts, labels, classes, cancelled)
    return None if found is None else found.probability.reshape(len(ids), len(names))


def _vectors(explainer, ids, progress=None, cancelled=lambda: False) -> np.ndarray | None:
    """(sentences, W); None where it was cancelled."""
    (width,) = explainer.encoder.run(np.ones((1, 1), np.int32), ["vector"])["vector"].shape[1:]
    result = np.full((len(ids), width), np.nan, np.float32)
    for batch, outputs in bulk.run_many(explainer.encoder, ids, ["vector"], progress, cancelled):
        result[batch] = outputs["vector"]
    return None if np.isnan(result[:, 0]).any() else result


def _compared(explainer, vectors_a, a, vectors_b, b, cancelled) -> Scores | None:
    """Scores of rows `a` of the one against rows `b` of the other."""
    parts = []
    for start in range(0, len(a), PAIRS_PER_BATCH):
        if cancelled():
            return None
        rows = slice(start, start + PAIRS_PER_BATCH)
        states = ({"vector": vectors_a[a[rows]]}, {"vector": vectors_b[b[rows]]})
        parts.append(explainer.compare(*states, _WANTED))
    empty = np.empty(0, np.float32)
    return Scores(*(np.concatenate([empty, *(part[name] for part in parts)]) for name in _WANTED))


def _gathered(work, lengths, progress, cancelled) -> Scores | None:
    scores = Scores(*(np.full(len(lengths), np.nan, np.float32) for _ in _WANTED))
    done = 0
    for batch, outputs in bulk.in_batches(work, lengths, progress, cancelled):
        for name in _WANTED:
            getattr(scores, name)[batch] = outputs[name]
        done += len(batch)
    return scores if done == len(lengths) else None


def _is_readable(text: str) -> bool:
    return len(text) <= MAX_CHARACTERS and has_visible(text)


@dataclass(frozen=True, eq=False)
class Ranking:
    """A list ranked by one matcher.

    Parameters
    ----------
    checkpoint : of the matcher.
    query : the first sentence of every pair.
    sentences : the second ones, in the order of the list.
    scores : of the pairs, in the order of the list.
    """

    checkpoint: Checkpoint
    query: str
    sentences: Sequence[str]
    scores: Scores

    @property
    def unreadable(self) -> int:
        """How many sentences were too long to be read."""
        return len(self.sentences) - len(self.scores.order)

    def best(self, count: int) -> list[tuple[str, float, float]]:
        """The nearest sentences, best first, each with its score and probability of a match."""
        return [self.line(number) for number in self.scores.order[:count]]

    def line(self, number: int) -> tuple[str, float, float]:
        """A sentence by its place in the list, with its score and probability of a match."""
        score, probability = self.scores.score[number], self.scores.probability[number]
        return self.sentences[number], float(score), float(probability)


def ranked(
    explainer: PairExplainer,
    query: str,
    sentences: Sequence[str],
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Ranking | None:
    """Rank a list; None where it was cancelled. See `rank`.

    Raises
    ------
    TextError : the query has no visible character, or is too long.
    """
    scores = rank(explainer, query, sentences, progress, cancelled)
    return None if scores is None else Ranking(explainer.checkpoint, query, sentences, scores)
