"""Which files are meant: one, a folder's, those of a pattern; here, or wherever fsspec looks."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from fsspec.core import has_magic, url_to_fs

from poolviz.errors import ChoiceError, DataError

_FORMATS = ("parquet", "csv", "tsv", "txt", "json", "jsonl", "ndjson", "xlsx")
ENDINGS = tuple(f".{ending}{packed}" for packed in ("", ".gz", ".zip") for ending in _FORMATS)


@dataclass(frozen=True)
class Input:
    """One file.

    Parameters
    ----------
    system : the fsspec file system that it lies on.
    path : where it lies there.
    name : what it is called in the results: its path below the folder that all files share.
    size : in bytes.
    """

    system: Any
    path: str
    name: str
    size: int

    def open(self) -> BinaryIO:
        """The file, to be read.

        Raises
        ------
        DataError : it cannot be.
        """
        try:
            return self.system.open(self.path, "rb")
        except Exception as error:  # each file system has errors of its own
            raise _unreadable(self.path, error) from error


def inputs_of(place: str) -> list[Input]:
    """The files that a path, a pattern or a URL stands for, in the order of their paths.

    In a folder those count whose names end as a table's do; names that begin with a dot or an
    underscore are left out.

    Raises
    ------
    ChoiceError : there is no such file.
    DataError : nobody can look.
    """
    try:
        system, path = url_to_fs(place)
        folder = bool(place) and system.isdir(path)  # no name at all is that of this folder
        if folder:
            found = [each for each in system.find(path) if _is_table(each, path)]
        elif has_magic(path) and not system.exists(path):
            found = [each for each in system.glob(path) if system.isfile(each)]
        else:
            found = [path] if place and system.isfile(path) else []
        found.sort()
        sizes = [int(system.size(each) or 0) for each in found]
    except Exception as error:  # each file system has errors of its own
        raise _unreadable(place, error) from error
    if not found:
        raise ChoiceError(
            "{place} is no file, no folder with tables and no pattern that fits one; give "
            "--input one of those, or a URL.",
            place=place or '""',
        )
    shared = path if folder else _shared(found)
    return [
        Input(system, each, posixpath.relpath(each, shared), size)
        for each, size in zip(found, sizes, strict=True)
    ]


def _is_table(path: str, folder: str) -> bool:
    parts = posixpath.relpath(path, folder).split("/")
    hidden = any(part.startswith((".", "_")) for part in parts)
    return path.lower().endswith(ENDINGS) and not hidden


def _shared(paths: Sequence[str]) -> str:
    return posixpath.commonpath([posixpath.dirname(path) for path in paths])


def _unreadable(place: str, error: Exception) -> DataError:
    reason = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, ImportError):
        return DataError("{place} cannot be read: {reason}.", place=place, reason=reason)
    return DataError(
        "{place} cannot be read ({reason}); give the path or the URL of tables.",
        place=place,
        reason=reason,
    )
