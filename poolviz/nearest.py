"""Nearest questions: a list ranked by how well each sentence matches one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from poolviz.checkpoints import Checkpoint
from poolviz.export import csv_file, safe_stem
from poolviz.matching import PairExplainer
from poolviz.ranking import Scores, rank
from poolviz.text import text_hash


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
    def file_name(self) -> str:
        """A safe name for the table of all of it."""
        task, name = self.checkpoint.task, self.checkpoint.name
        return f"{safe_stem(task, name, 'nearest', text_hash(self.query))}.csv"

    @property
    def unreadable(self) -> int:
        """How many sentences were too long to be read."""
        return len(self.sentences) - len(self.scores.order)

    def best(self, count: int) -> list[tuple[str, float, float]]:
        """The nearest sentences, best first, each with its score and probability of a match."""
        return [self._line(number) for number in self.scores.order[:count]]

    def to_csv(self) -> bytes:
        """All sentences that could be read, best first."""
        header = ["rank", "sentence", "score", "probability"]
        order = self.scores.order
        return csv_file(header, ([n, *self._line(i)] for n, i in enumerate(order, 1)))

    def _line(self, number: int) -> tuple[str, float, float]:
        score, probability = self.scores.score[number], self.scores.probability[number]
        return self.sentences[number], float(score), float(probability)


def ranked(
    explainer: PairExplainer,
    query: str,
    sentences: Sequence[str],
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Ranking | None:
    """Rank a list; None where it was cancelled. See `poolviz.ranking.rank`.

    Raises
    ------
    TextError : the query has no visible character, or is too long.
    """
    scores = rank(explainer, query, sentences, progress, cancelled)
    return None if scores is None else Ranking(explainer.checkpoint, query, sentences, scores)
