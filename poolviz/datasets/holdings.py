"""What a data set holds, before anything is trained on it: classes, lengths, repeated texts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from poolviz.datasets import small
from poolviz.datasets.corpus import Corpus
from poolviz.datasets.dataset import SPLITS
from poolviz.datasets.readers.brought.rows import SHOWN_ROWS, OwnRows, read_rows
from poolviz.datasets.readers.reading import AS_FOUND, Wanted
from poolviz.datasets.split import assign_splits, drop_straddling, duplicate_counts, row_key
from poolviz.errors import DataError
from poolviz.language import N_, _, joined, listed, ngettext
from poolviz.text.pieces import shortened
from poolviz.watch import QUIET, Watch

if TYPE_CHECKING:
    import pandas as pd

# Why no training sees a row.
REASONS = {
    "malformed": N_("not in the published format"),
    "too many columns": N_("with too many columns"),
    "empty": N_("without any text"),
    "too long": N_("with too long a text"),
    "strange": N_("with a label that no row to train on has"),
    "unlabelled": N_("without a label"),
    "unnamed": N_("neither to train nor to test on"),
    "elsewhere": N_("whose text is a test or validation row, too"),
}
MAX_CLASSES = int(np.iinfo(np.int8).max)  # numbers of classes are int8 in a corpus
_SHOWN_LABEL = 40  # characters
_BLOCK = 10_000  # rows between two looks at a watch


@dataclass(frozen=True, eq=False)
class Holdings:
    """The rows of a data set, counted.

    Parameters
    ----------
    read : rows there are, with those that were left out.
    left_out : how many rows no training sees, by reason, a key of `REASONS`.
    classes : rows of each class, in the order of the classes.
    splits : rows of each of `poolviz.datasets.dataset.SPLITS`.
    lengths : (texts,) characters of each text; a pair of sentences has two texts.
    duplicates : rows that repeat the text of an earlier one.
    conflicting : rows whose text also stands under another label.
    sample : the first rows, as label and texts.
    absent : classes without a row, by split.
    """

    read: int
    left_out: Mapping[str, int]
    classes: Mapping[str, int]
    splits: Mapping[str, int]
    lengths: np.ndarray
    duplicates: int
    conflicting: int
    sample: Sequence[tuple[str, ...]]
    absent: Mapping[str, Sequence[str]]

    @property
    def rows(self) -> int:
        """How many rows there are to train, validate and test on."""
        return sum(self.classes.values())


def of_corpus(corpus: Corpus) -> Holdings:
    """What a data set at hand holds."""
    report, dataset, rows = corpus.report, corpus.dataset, corpus.rows
    columns = [rows[column] for column in dataset.text_columns]
    shown = zip(rows["label"][:SHOWN_ROWS], *(c[:SHOWN_ROWS] for c in columns), strict=True)
    return Holdings(
        read=report["rows_read"],
        left_out={
            "malformed": report["malformed"],
            "empty": report["empty"],
            "elsewhere": report["dropped_from_train"] + report["dropped_from_validation"],
        },
        classes=report["rows_per_class"],
        splits=report["rows_per_split"],
        lengths=np.concatenate([column.str.len().to_numpy(np.int64) for column in columns]),
        duplicates=report["duplicates"],
        conflicting=report["conflicting_rows"],
        sample=[(dataset.classes[label], *texts) for label, *texts in shown],
        absent=_absent(rows, dict(enumerate(dataset.classes))),
    )


def of_own(rows: OwnRows, watch: Watch = QUIET) -> Holdings:
    """What a file of somebody's own holds.

    Raises
    ------
    Cancelled : it was stopped.
    """
    import pandas as pd

    labels = rows.labels or ("",) * len(rows.texts)
    published = rows.splits or (None,) * len(rows.texts)
    used = [label != "" and split != "" for label, split in zip(labels, published, strict=True)]
    texts = list(compress(rows.texts, used))
    table = pd.DataFrame(
        {
            "key": _keys(texts, watch),
            "label": list(compress(labels, used)),
            "split": pd.Series(list(compress(published, used)), dtype=object),
        }
    )
    counts = duplicate_counts(table)
    table["split"], _rule = assign_splits(table["key"], table["split"])
    table, _dropped = drop_straddling(table)
    unlabelled = labels.count("")
    left_out = {
        **rows.left_out,
        "unlabelled": unlabelled,
        "unnamed": len(labels) - len(texts) - unlabelled,
        "elsewhere": len(texts) - len(table),
    }
    return Holdings(
        read=rows.read,
        left_out=left_out,
        classes={label: int((table["label"] == label).sum()) for label in rows.classes},
        splits={split: int((table["split"] == split).sum()) for split in SPLITS},
        lengths=np.fromiter(map(len, texts), np.int64, len(texts)),
        duplicates=counts["duplicates"],
        conflicting=counts["conflicting_rows"],
        sample=rows.sample,
        absent=_absent(table, {label: label for label in rows.classes}),
    )


@dataclass(frozen=True, eq=False)
class OwnFile:
    """A file of somebody's own, with what it holds."""

    rows: OwnRows
    holdings: Holdings

    @property
    def name(self) -> str:
        """Of the file."""
        return self.rows.name

    @property
    def texts(self) -> Sequence[str]:
        """All texts."""
        return self.rows.texts


def read_own(name: str, content: bytes, wanted: Wanted = AS_FOUND, watch: Watch = QUIET) -> OwnFile:
    """Read somebody's own file, and count what it holds.

    Raises
    ------
    ChoiceError, DataError, Cancelled : see `poolviz.datasets.readers.brought.rows.read_rows`.
    """
    rows = read_rows(name, content, wanted, watch)
    return OwnFile(rows, of_own(rows, watch))


def check_enough(found: Holdings) -> None:
    """Check that a classifier can be trained, chosen and tested on these rows.

    Raises
    ------
    DataError : it cannot.
    """
    if not found.rows:
        raise DataError("No row has a label; choose the column of labels, or add labels.")
    if len(found.classes) < 2:
        raise DataError(
            "Every labelled row ({count:,}) has the same label, “{label}”; choose another column "
            "of labels, or add rows of another class.",
            count=found.rows,
            label=shortened(next(iter(found.classes)), _SHOWN_LABEL),
        )
    if len(found.classes) > MAX_CLASSES:
        raise DataError(
            "There are {count:,} different labels, and a classifier can have up to {limit} "
            "classes; choose another column of labels.",
            count=len(found.classes),
            limit=MAX_CLASSES,
        )
    if not all(found.splits.values()):
        raise DataError(
            "{count:,} rows are too few: each row is for training, for choosing the epoch or for "
            "testing, and one of these has none; add labelled rows.",
            count=found.rows,
        )


def told(found: Holdings) -> list[str]:
    """Rows, what is left out and why, lengths, repeated texts: a line each, in sentences."""
    lines = [[_rows(found)]]
    if left_out := {reason: count for reason, count in found.left_out.items() if count}:
        reasons = listed(
            _("{reason}: {count:,}").format(reason=_(REASONS[reason]), count=count)
            for reason, count in left_out.items()
        )
        total = sum(left_out.values())
        said = ngettext(
            "Left out: {count:,} row ({reasons}).", "Left out: {count:,} rows ({reasons}).", total
        )
        lines.append([said.format(count=total, reasons=reasons)])
    lines.append([_duplicates(found.duplicates)])
    if found.conflicting:
        lines[-1].append(
            ngettext(
                "{count:,} row has a text that also stands under another label.",
                "{count:,} rows have a text that also stands under another label.",
                found.conflicting,
            ).format(count=found.conflicting)
        )
    if cautions := small.of_test(found.splits["test"], found.absent["test"]):
        lines.append(cautions)
    if cautions := small.of_training(None, found.absent["train"]):
        lines.append(cautions)
    return [joined(line) for line in lines]


def lengths_in_brief(found: Holdings) -> dict[str, int]:
    """Characters of the shortest text, the one in the middle and the longest; 0 without texts."""
    lengths = found.lengths if len(found.lengths) else np.zeros(1, np.int64)
    middle = round(float(np.median(lengths)))
    return {"shortest": int(lengths.min()), "median": middle, "longest": int(lengths.max())}


def told_of_lengths(found: Holdings) -> str:
    """How long the texts are, in one line."""
    return _(
        "Characters of a text: {shortest:,} at least, {median:,} in the middle, {longest:,} at most"
    ).format(**lengths_in_brief(found))


def _absent(rows: pd.DataFrame, classes: Mapping[Hashable, str]) -> dict[str, list[str]]:
    """By split the names of classes that none of its rows has, given names by label."""
    found = {}
    for split in SPLITS:
        present = set(rows.loc[rows["split"] == split, "label"])
        found[split] = [name for label, name in classes.items() if label not in present]
    return found


def _rows(found: Holdings) -> str:
    said = ngettext(
        "{rows:,} row of {read:,}: {train:,} to train on, {validation:,} to choose the epoch by, "
        "{test:,} to test on.",
        "{rows:,} rows of {read:,}: {train:,} to train on, {validation:,} to choose the epoch by, "
        "{test:,} to test on.",
        found.rows,
    )
    return said.format(rows=found.rows, read=found.read, **found.splits)


def _duplicates(count: int) -> str:
    if not count:
        return _("No text stands there twice.")
    return ngettext(
        "{count:,} row repeats the text of an earlier one.",
        "{count:,} rows repeat the text of an earlier one.",
        count,
    ).format(count=count)


def _keys(texts: Sequence[str], watch: Watch) -> list[str]:
    found = []
    for number, text in enumerate(texts):
        if number % _BLOCK == 0:
            watch.check()
            watch.progress(number, len(texts))
        found.append(row_key(text))
    return found
