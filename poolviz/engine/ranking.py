"""Many sentences through a matcher: pairs scored, a list ranked, texts put into classes.

Where a sentence's vector does not depend on the other one, it is computed once per distinct
sentence, and a pair then costs one comparison of vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.engine import bulk
from poolviz.engine.pairs import Outputs, PairExplainer
from poolviz.text.encoding import encode, encode_many
from poolviz.text.tokens import MAX_CHARACTERS, has_visible
from poolviz.values.shapes import IdsOfText, Lengths, Numbers, PerPair, PerTextClass
from poolviz.watch import QUIET, Watch

PAIRS_PER_BATCH = 2_048  # comparisons of vectors at once
_WANTED = ("score", "probability")


@dataclass(frozen=True, eq=False)
class Scores:
    """For each pair its score (see `PairExplanation.score`) and the probability of a match.

    Both are (pairs,) float32; NaN for a sentence that cannot be read: blank, or too long.
    """

    score: PerPair
    probability: PerPair

    @property
    def order(self) -> Numbers:
        """Numbers of the pairs, best first, equal ones in their order; NaN is left out."""
        order = np.argsort(-self.score, kind="stable")
        return order[: int(np.isfinite(self.score).sum())]


def score_pairs(
    explainer: PairExplainer,
    pairs: Sequence[tuple[str, str]],
    watch: Watch = QUIET,
) -> Scores:
    """Score pairs of sentences; `watch` counts sentences or pairs.

    Raises
    ------
    TextError : a sentence has no visible character, or is too long.
    """
    numbers = {text: i for i, text in enumerate(dict.fromkeys(t for pair in pairs for t in pair))}
    ids = encode_many(numbers, explainer.vocabulary)
    a, b = (np.array([numbers[pair[side]] for pair in pairs], np.int64) for side in range(2))
    if explainer.independent:
        vectors = _vectors(explainer, ids, watch)
        return _compared(explainer, vectors, a, vectors, b, watch)

    def work(batch: Numbers) -> Outputs:
        first, second = (explainer.encoder.run(bulk.padded(ids, side[batch])) for side in (a, b))
        return explainer.compare(first, second, _WANTED)

    lengths = bulk.lengths_of(ids)
    longest = np.maximum(lengths[a], lengths[b])
    return _gathered(work, longest, watch)


def rank(
    explainer: PairExplainer,
    query: str,
    sentences: Sequence[str],
    watch: Watch = QUIET,
) -> Scores:
    """Score each sentence against the query (the first side); `watch` counts distinct sentences.

    A sentence that is blank or too long has NaN. `Scores.order` gives the nearest first.

    >>> from poolviz.checkpoints.listing import list_checkpoints
    >>> matcher = PairExplainer(list_checkpoints(task="lcqmc")[1])
    >>> rank(matcher, "怎么注销账号", ["今天天气", "账号如何注销", ""]).order.tolist()
    [1, 0]

    Raises
    ------
    TextError : the query has no visible character, or is too long.
    """
    query_ids = encode(query, explainer.vocabulary).ids
    asked = explainer.encoder.run(query_ids[None, :])
    readable = [text for text in dict.fromkeys(sentences) if _is_readable(text)]
    # Looking up 100,000 sentences takes seconds, too.
    ids = encode_many(_watched(readable, watch), explainer.vocabulary)
    if explainer.independent:
        vectors = _vectors(explainer, ids, watch)
        everyone = np.arange(len(ids))
        first = np.zeros_like(everyone)
        found = _compared(explainer, asked["vector"], first, vectors, everyone, watch)
    else:
        # Every sentence of a batch needs the query beside it, so that its length counts, too.
        lengths = bulk.lengths_of(ids) + len(query_ids)

        def work(batch: Numbers) -> Outputs:
            state = explainer.encoder.run(bulk.stacked(ids, batch))
            repeated = {name: np.repeat(asked[name], len(batch), axis=0) for name in asked}
            return explainer.compare(repeated, state, _WANTED)

        found = _gathered(work, lengths, watch)
    place = {text: number for number, text in enumerate(readable)}
    where = np.array([place.get(text, -1) for text in sentences], np.int64)
    return Scores(
        *(np.append(values, np.nan)[where] for values in (found.score, found.probability))
    )


def class_probabilities(
    explainer: PairExplainer,
    ids: Sequence[IdsOfText],
    watch: Watch = QUIET,
) -> PerTextClass:
    """(texts, classes): the probability of a match with each class name.

    The classes' probabilities are each of their own pair and need not sum to 1.

    Parameters
    ----------
    explainer : of a `label` matcher.
    ids : int32 (tokens,) of each text.
    watch : counts texts.
    """
    names = encode_many(explainer.checkpoint.classes, explainer.vocabulary)
    labels = _vectors(explainer, names)
    vectors = _vectors(explainer, ids, watch)
    texts, classes = np.divmod(np.arange(len(ids) * len(names)), len(names))
    found = _compared(explainer, vectors, texts, labels, classes, watch)
    return found.probability.reshape(len(ids), len(names))


def _vectors(
    explainer: PairExplainer, ids: Sequence[IdsOfText], watch: Watch = QUIET
) -> np.ndarray:
    """(sentences, W)."""
    result = np.empty((0, 0), np.float32)
    for batch, outputs in bulk.run_many(explainer.encoder, ids, ["vector"], watch):
        if not result.size:
            result = np.empty((len(ids), outputs["vector"].shape[1]), np.float32)
        result[batch] = outputs["vector"]
    return result


def _compared(
    explainer: PairExplainer,
    vectors_a: np.ndarray,
    a: np.ndarray,
    vectors_b: np.ndarray,
    b: np.ndarray,
    watch: Watch,
) -> Scores:
    """Scores of rows `a` of the one against rows `b` of the other."""
    parts: list[Outputs] = []
    for start in range(0, len(a), PAIRS_PER_BATCH):
        watch.check()
        rows = slice(start, start + PAIRS_PER_BATCH)
        states = ({"vector": vectors_a[a[rows]]}, {"vector": vectors_b[b[rows]]})
        parts.append(explainer.compare(*states, _WANTED))
    empty = np.empty(0, np.float32)
    return Scores(*(np.concatenate([empty, *(part[name] for part in parts)]) for name in _WANTED))


def _gathered(work: Callable[[Numbers], Outputs], lengths: Lengths, watch: Watch) -> Scores:
    scores = Scores(*(np.empty(len(lengths), np.float32) for _ in _WANTED))
    for batch, outputs in bulk.in_batches(work, lengths, watch):
        for name in _WANTED:
            getattr(scores, name)[batch] = outputs[name]
    return scores


def _watched(texts: Iterable[str], watch: Watch) -> Iterator[str]:
    for text in texts:
        watch.check()
        yield text


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
    watch: Watch = QUIET,
) -> Ranking:
    """Rank a list; see `rank`.

    Raises
    ------
    TextError : the query has no visible character, or is too long.
    """
    scores = rank(explainer, query, sentences, watch)
    return Ranking(explainer.checkpoint, query, sentences, scores)
