"""What a model was trained on: rows with their splits, classes, unit and preparation, as a hash.

A pretrained encoder, whose token vectors were trained on, belongs to it as well.

Models of the same identity can stand side by side: they are of one *run*. Options, read-out and
seed do not split a run.
"""

# pandas says nothing of its types, and nothing else here is unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from poolviz.datasets import Corpus
from poolviz.json_types import is_list, is_object
from poolviz.text.preparation import AS_IS

DIGITS = 12  # of a hash, in folders and addresses
RUN = "run"  # the entry of a card

_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Rows:
    """What tells whether rows are those that a model was trained and tested on.

    Parameters
    ----------
    hash : see `rows_hash`.
    files : SHA-256 of the files that were read.
    """

    hash: str
    files: tuple[str, ...]
    classes: tuple[str, ...]

    @classmethod
    def of(cls, corpus: Corpus) -> Rows:
        """Those of a corpus."""
        files = tuple(sorted(file["sha256"] for file in corpus.files))
        return cls(rows_hash(corpus), files, tuple(corpus.dataset.classes))

    def are_of(self, card: Mapping[str, Any]) -> bool:
        """Whether a card tells these rows; one without an identity, these files and classes."""
        entry = card.get(RUN)
        told = entry.get("rows") if is_object(entry) else None
        if told is not None:
            return told == self.hash
        files = file_hashes(card)[0]
        return list(self.classes) == card.get("classes") and files in ([], list(self.files))


def run_entry(
    corpus: Corpus, others: Sequence[Corpus] = (), encoder: str | None = None
) -> dict[str, str]:
    """What a card says of its run: `identity`, and the hash of the data set's own `rows`.

    Parameters
    ----------
    others : data sets whose rows were trained on as well.
    encoder : hash of the pretrained encoder whose token vectors were trained on.
    """
    dataset, rows = corpus.dataset, rows_hash(corpus)
    together = sorted(map(rows_hash, others))
    facts = [rows, together, list(dataset.classes), dataset.unit, dataset.preparation.name]
    if encoder:
        facts.append(encoder)
    return {"identity": _hash(facts), "rows": rows}


def rows_hash(corpus: Corpus) -> str:
    """SHA-256 of the rows in whatever order: split, name of the class, and texts of each.

    Of rows that are not all in memory it is made in another way.
    """
    if corpus.digest:
        return corpus.digest
    classes = corpus.dataset.classes
    texts = [name for name in corpus.rows.columns if name not in ("split", "label", "key")]
    columns = [corpus.rows[name] for name in ("split", "label", *texts)]
    rows = (
        _hash([str(split), classes[label], *texts])
        for split, label, *texts in zip(*columns, strict=True)
    )
    return _hash(sorted(rows))


def identity_of(card: Mapping[str, Any]) -> str | None:
    """The identity that a card tells; None on one that was written before there was any."""
    entry = card.get(RUN)
    found = entry.get("identity") if is_object(entry) else None
    return found if isinstance(found, str) and _SHA256.fullmatch(found) else None


def facts_of(card: Mapping[str, Any]) -> str:
    """SHA-256 of what any card records of its data, which tells runs apart almost as well.

    Those are the hashes of the files, the rows of each split and class, classes, unit and
    preparation.
    """
    data: Any = card.get("data")
    report: Any = data.get("report") if is_object(data) else None
    counted = ("rows_per_split", "rows_per_class")
    return _hash(
        [
            file_hashes(card),
            [report.get(name) if is_object(report) else None for name in counted],
            card.get("classes"),
            card.get("unit"),
            card.get("preparation", AS_IS.name),
        ]
    )


def run_ids(cards: Sequence[Mapping[str, Any]]) -> list[str]:
    """Which run each of a data set's cards is of, by the first digits of its identity.

    One without an identity is of the run whose cards record the same data, where there is just
    one such run; else of a run with those that record the same.
    """
    identities: dict[str, set[str]] = {}
    for card in cards:
        if found := identity_of(card):
            identities.setdefault(facts_of(card), set()).add(found)
    return [_run_id(card, identities) for card in cards]


def _run_id(card: Mapping[str, Any], identities: Mapping[str, set[str]]) -> str:
    if found := identity_of(card):
        return found[:DIGITS]
    facts = facts_of(card)
    alike = identities.get(facts, ())
    return (next(iter(alike)) if len(alike) == 1 else facts)[:DIGITS]


def file_hashes(card: Mapping[str, Any]) -> list[list[str]]:
    """SHA-256 of the files that a card names: those of its data set, and of each other one."""
    together: Any = card.get("together")
    return [
        sorted(str(file.get("sha256")) for file in _objects(_files(data)))
        for data in (card.get("data"), *_objects(together))
    ]


def file_names(card: Mapping[str, Any]) -> list[str]:
    """Names of the files of its data set that a card tells."""
    return [str(file.get("name")) for file in _objects(_files(card.get("data")))]


def _files(data: Any) -> Any:
    return data.get("files") if is_object(data) else None


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if is_object(each)] if is_list(value) else []


def _hash(value: Any) -> str:
    """SHA-256 of what JSON can hold."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode("ascii")).hexdigest()
