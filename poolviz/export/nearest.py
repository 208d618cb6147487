"""Nearest questions as a file."""

from __future__ import annotations

from poolviz.engine.ranking import Ranking
from poolviz.export.files import csv_file
from poolviz.export.names import file_stem
from poolviz.text.tokens import text_hash


def nearest_file_name(ranking: Ranking) -> str:
    """A safe name for the table of a whole ranking."""
    task, name = ranking.checkpoint.task, ranking.checkpoint.name
    return f"{file_stem(task, [name], 'nearest', text_hash(ranking.query))}.csv"


def nearest_to_csv(ranking: Ranking) -> bytes:
    """All sentences that could be read, best first."""
    header = ["rank", "sentence", "score", "probability"]
    order = ranking.scores.order
    return csv_file(header, ([n, *ranking.line(i)] for n, i in enumerate(order, 1)))
