"""Labels as people write them: which are none, which are one and the same, which are too few."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from poolviz.datasets.readers.columns import is_number
from poolviz.datasets.readers.reading import Counted, Finding

NOTHING = {"nan", "null", "n/a", "#n/a", "<na>"}  # what programs write where there is no label
FEW_ROWS = 10  # of a class: fewer cannot stand in training, validation and test
_NAMED = 5  # labels that a sentence names
_SEPARATORS = ("|", ";", "；", ",", "，", "、")


def read(
    cells: Iterable[str], lines: Sequence[int] | np.ndarray, join: bool
) -> tuple[tuple[str, ...], list[Finding]]:
    """The labels of the cells, "" where there is none, and what there is to say of them.

    Parameters
    ----------
    lines : (cells,) where each stands.
    join : those that differ only in capitals, spaces or the form of a number become one.
    """
    unlabelled = Counted()
    labels: list[str] = []
    known: dict[str, str] = {}  # one string for all rows of a class
    for cell, line in zip(cells, lines, strict=True):
        label = written(cell)
        if not label:
            unlabelled.add(int(line))
        labels.append(known.setdefault(label, label))
    findings = unlabelled.finding("unlabelled")
    counts = Counter(label for label in labels if label)
    groups = alike(counts)
    if groups and join:
        spelled = {label: label for label in labels}
        for group in groups:
            spelled |= dict.fromkeys(group, max(group, key=lambda label: counts[label]))
        labels = [spelled[label] for label in labels]
        counts = Counter(label for label in labels if label)
        findings.append(Finding("labels joined", len(groups), values=_shown(groups), grave=False))
    elif groups:
        findings.append(Finding("labels alike", len(groups), values=_shown(groups)))
    if several := _several(counts):
        findings.append(Finding("several labels", len(several), values=named(several)))
    if len(counts) > 1 and (few := [label for label in counts if counts[label] < FEW_ROWS]):
        findings.append(Finding("few rows", len(few), values=named(few)))
    if len(counts) == 1:
        findings.append(Finding("one label", values=named(counts)))
    return tuple(labels), findings


def written(cell: str) -> str:
    """The label in a cell, "" where there is none.

    >>> written(" 1 "), written("NaN")
    ('1', '')
    """
    plain = cell.strip()
    return "" if plain.casefold() in NOTHING else plain


def alike(labels: Iterable[str]) -> list[list[str]]:
    """Groups of labels that differ only in capitals, spaces or the form of a number.

    >>> alike(["1", "1.0", "Good", "good", "bad"])
    [['1', '1.0'], ['Good', 'good']]
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for label in labels:
        groups[_folded(label)].append(label)
    return [group for group in groups.values() if len(group) > 1]


def spelled_as(labels: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """How the known labels spell others that differ only in capitals, spaces or a number's form.

    >>> spelled_as(["GOOD", "1.0", "bad"], ["good", "1"])
    {'GOOD': 'good', '1.0': '1', 'bad': 'bad'}
    """
    spelled = {_folded(label): label for label in known}
    return {label: spelled.get(_folded(label), label) for label in labels}


def in_order(labels: Iterable[str]) -> list[str]:
    """Labels in the order of their code points, in which a model numbers its classes."""
    return sorted(labels)


def _folded(label: str) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", label).casefold().split())
    if is_number(plain) and not plain.endswith("%"):
        try:
            return repr(float(plain.replace(",", ".")))
        except OverflowError:
            return plain
    return plain


def _several(counts: Mapping[str, int]) -> list[str]:
    """Labels that look like several each: written as a list, or of parts that others have, too."""
    parts = {label: _parts(label) for label in counts}
    found = Counter(part for of_label in parts.values() for part in of_label)
    return [
        label
        for label, of_label in parts.items()
        if len(of_label) > 1 and (_is_a_list(label) or any(found[p] > 1 for p in of_label))
    ]


def _is_a_list(label: str) -> bool:
    """Whether it is written as a list is: lists of JSON become parts with | between them."""
    return label.startswith("[") or "|" in label


def _parts(label: str) -> frozenset[str]:
    """What stands between the signs that lists are written with; of no list the label itself."""
    plain = label.strip("[]").replace('"', "").replace("'", "")
    for separator in _SEPARATORS:
        parts = [part.strip() for part in plain.split(separator)]
        if len(parts) > 1:
            return frozenset(filter(None, parts))
    return frozenset([plain])


def _shown(groups: Sequence[Sequence[str]]) -> dict[str, str]:
    shown = "; ".join(" = ".join(f"“{label}”" for label in group) for group in groups[:_NAMED])
    return {"labels": shown + (" …" if len(groups) > _NAMED else "")}


def named(labels: Iterable[str]) -> dict[str, str]:
    """The first labels, for a sentence."""
    every = list(labels)
    shown = ", ".join(f"“{label[:40]}”" for label in every[:_NAMED])
    return {"labels": shown + (" …" if len(every) > _NAMED else "")}
