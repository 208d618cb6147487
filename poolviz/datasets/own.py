"""A data set of somebody's own: one CSV file with a column of texts and one of labels."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import numpy as np

from poolviz.datasets.catalogue import CATALOGUE
from poolviz.datasets.corpus import Corpus, read_files
from poolviz.datasets.dataset import Dataset, PublishedFile
from poolviz.datasets.locate import Files
from poolviz.datasets.readers.published import RawRow
from poolviz.datasets.upload import LABEL_COLUMNS, Upload, check_size, read_upload
from poolviz.errors import ChoiceError, DataError

MAX_CLASSES = int(np.iinfo(np.int8).max)  # numbers of classes are int8 in a corpus


def load_own(key: str, path: Path, unit: str = "character") -> Corpus:
    """The rows of a file of one's own, split by the hashes of their texts.

    Parameters
    ----------
    key : the name that the data set is given.
    path : CSV, or a ZIP with one CSV, as `poolviz.datasets.upload.read_upload` reads it; the
        classes are its labels in the order of their code points.
    unit : one of `poolviz.text.tokens.UNITS`.

    Raises
    ------
    ChoiceError : the key is one of the catalogue's.
    DataError : the file cannot be read, or has no labels, or too many different ones.
    """
    if key in CATALOGUE:
        raise ChoiceError(
            "{key} is a data set of the catalogue; give your own another name.", key=key
        )
    upload = _upload(path)
    file = PublishedFile(path.name)
    dataset = Dataset(
        key=key,
        title=key,
        kind="classification",
        unit=unit,
        classes=_classes(upload),
        files=(file,),
        reader=lambda _path: _rows(upload),
        origin="A CSV file of somebody's own.",
        terms="Known to whoever trained on it.",
        flags=f"--csv {shlex.quote(path.name)} --unit {unit}",
    )
    return read_files(dataset, Files({file: path}, ()))


def _upload(path: Path) -> Upload:
    try:
        check_size(path.name, path.stat().st_size)
        return read_upload(path.name, path.read_bytes())
    except OSError as error:
        raise DataError(
            "The file {path} cannot be read ({reason}); give the path of a CSV file.",
            path=path,
            reason=error.strerror,
        ) from error


def _classes(upload: Upload) -> tuple[str, ...]:
    classes = tuple(sorted(set(upload.labels or ()) - {""}))
    if not classes:
        raise DataError(
            "{name} has no column with labels; name one of them {columns} in the first line.",
            name=upload.name,
            columns=" / ".join(LABEL_COLUMNS),
        )
    if len(classes) > MAX_CLASSES:
        raise DataError(
            "{name} has {count} different labels; a classifier can have up to {limit} classes.",
            name=upload.name,
            count=len(classes),
            limit=MAX_CLASSES,
        )
    return classes


def _rows(upload: Upload) -> Iterator[RawRow | None]:
    """(label, text) of each row; what was left out stands first, to be counted."""
    labels = upload.labels or ()
    yield from repeat(None, upload.malformed)
    yield from repeat((next(filter(None, labels)), ""), upload.empty)
    yield from zip(labels, upload.texts, strict=True)
