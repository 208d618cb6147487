"""How classifiers do on another public sample than their own: `shifted.json` beside each card.

A test set that comes from the same sample as the training rows flatters: its interval speaks of
rows like these only. Here all rows of a second data set with the same classes are read, each text
once, but for texts that also stand in the classifiers' own data set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path
from typing import Any

from poolviz.checkpoints import beside
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import Corpus, dataset_title
from poolviz.evaluation.comparison import Comparison, between, from_counts
from poolviz.evaluation.texts import Pass
from poolviz.language import _
from poolviz.text.tokens import is_left
from poolviz.values.interval import Interval

FILE = "shifted.json"
VERSION = 1


@dataclass(frozen=True)
class Shift:
    """What some heads of one data set do on the rows of another.

    Parameters
    ----------
    sample : key of the other data set.
    rows : of it that were read.
    accuracy, macro_f1 : by head, with intervals over these rows.
    comparisons : of every pair of the heads on these rows: McNemar's test, corrected by Holm.
        `better` stays None: only one training of each head was measured here.
    """

    sample: str
    rows: int
    accuracy: Mapping[str, Interval]
    macro_f1: Mapping[str, Interval]
    comparisons: Sequence[Comparison]

    def bears_out(self, own: Comparison) -> bool:
        """Whether the head that is better on their own test rows is shown to be better here, too.

        The two trained models must differ here as well, and to the same side.
        """
        found = between(self.comparisons, own.first, own.second)
        return found is not None and found.differ and found.ahead == own.better


def rows_from_elsewhere(other: Corpus, own: Corpus) -> tuple[Corpus, int, int]:
    """All rows of another data set as rows to test on, and how many of its texts were left out.

    Parameters
    ----------
    own : what the classifiers learned from and were tested on.

    Returns
    -------
    The rows; how many texts were left out because they stand in `own`, too; and how many because
    nothing is left to read of them after `own`'s preparation.
    """
    once = other.rows.drop_duplicates("key")
    shared = once["key"].isin(own.rows["key"])
    new = once[~shared]
    left = [is_left(text, own.dataset.preparation) for text in new["text"]]
    rows = new[left].assign(split="test").reset_index(drop=True)
    return replace(other, rows=rows), int(shared.sum()), len(new) - len(rows)


def summaries(passes: Sequence[Pass], left_out: int) -> list[dict[str, Any]]:
    """What each classifier does on rows from elsewhere, ready for JSON, free of texts.

    Parameters
    ----------
    passes : of each classifier, over the same rows.
    left_out : texts that were left out.

    Returns
    -------
    For each `files` (name and SHA-256 of what was read), `rows`, `left_out`, `accuracy` and
    `macro_f1` with intervals, and `against`: by the ONNX hash of each other classifier how many
    rows only this one, and how many only that one gets right.
    """
    right = [found.probabilities.argmax(axis=1) == found.labels for found in passes]
    against: list[dict[str, list[int]]] = [{} for _ in passes]
    for i, j in permutations(range(len(passes)), 2):
        counts = [int((right[i] & ~right[j]).sum()), int((right[j] & ~right[i]).sum())]
        against[i][passes[j].checkpoint.onnx_hash] = counts
    result = []
    for found, counts in zip(passes, against, strict=True):
        figures = found.figures()
        result.append(
            {
                "files": beside.provenance(found.checkpoint, found.corpus)["files"],
                "rows": figures["rows"],
                "left_out": left_out,
                "accuracy": figures["accuracy"],
                "macro_f1": figures["macro_f1"],
                "against": counts,
            }
        )
    return result


def write(checkpoint: Checkpoint, sample: str, found: Mapping[str, Any]) -> Path:
    """Put one of `summaries` beside the checkpoint's card; what other samples gave stays."""
    content = {"onnx_sha256": checkpoint.onnx_hash, "samples": {**_read(checkpoint), sample: found}}
    return beside.write_json(checkpoint, FILE, VERSION, content)


def shifts(checkpoints: Sequence[Checkpoint]) -> list[Shift]:
    """What these classifiers, one a head, do on each sample that was measured, the largest first.

    Parameters
    ----------
    checkpoints : of one data set; those that were not measured on a sample are left out of it.
    """
    found = [(checkpoint, _read(checkpoint)) for checkpoint in checkpoints]
    samples = dict.fromkeys(sample for _checkpoint, each in found for sample in each)
    measured = [
        _shift(sample, [(c, each[sample]) for c, each in found if sample in each])
        for sample in samples
    ]
    return sorted(measured, key=lambda shift: -shift.rows)


def in_words(found: Sequence[Shift], own: Sequence[Comparison]) -> list[str]:
    """Of which rows the intervals speak, and what becomes of accuracy and of "better" on others.

    Parameters
    ----------
    own : the heads' comparisons on their own test rows.
    """
    said = [_("The intervals speak of rows like these only.")]
    better = [comparison for comparison in own if comparison.better]
    for shift in found:
        shares = sorted(figure.value for figure in shift.accuracy.values())
        ends = dict.fromkeys(f"{share:.1%}" for share in (shares[0], shares[-1]))
        said.append(
            _("On {rows:,} rows of “{title}”, which no head has seen, accuracy is {ends}.").format(
                rows=shift.rows, title=dataset_title(shift.sample), ends=" – ".join(ends)
            )
        )
        if better:
            kept = sum(map(shift.bears_out, better))
            said.append(
                _(
                    "Borne out there: {kept} of {count} pairs in which one head is shown to be "
                    "better here."
                ).format(kept=kept, count=len(better))
            )
    return said


def _read(checkpoint: Checkpoint) -> dict[str, Any]:
    return (beside.read_json(checkpoint, FILE, VERSION) or {}).get("samples", {})


def _shift(sample: str, found: Sequence[tuple[Checkpoint, Mapping[str, Any]]]) -> Shift:
    heads = {checkpoint.onnx_hash: checkpoint.head for checkpoint, _each in found}
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for checkpoint, each in found:
        for other, (own, theirs) in each["against"].items():
            pair = (checkpoint.head, heads.get(other, ""))
            if all(pair) and pair[::-1] not in counts:
                counts[pair] = (own, theirs)
    return Shift(
        sample,
        max(each["rows"] for _checkpoint, each in found),
        {c.head: Interval.read(each["accuracy"]) for c, each in found},
        {c.head: Interval.read(each["macro_f1"]) for c, each in found},
        from_counts(counts),
    )
