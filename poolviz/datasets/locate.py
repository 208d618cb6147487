"""Where a data set's files lie, and whether they are the published ones.

Looked in, in this order: a folder given explicitly (then nowhere else: what a run reads must not
depend on what happens to lie elsewhere), `$POOLVIZ_DATA`, an installed Python package that carries
the files, and the user's cache, into which downloads go. The cache lies in `$POOLVIZ_HOME` where
that is set.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from poolviz import places
from poolviz.datasets.dataset import Dataset, PublishedFile
from poolviz.datasets.readers.published import document_paths
from poolviz.errors import DataError

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Identity:
    """What a file on disk is: `published` is True for the published content, False for the known
    sample or substitute, None for a file whose hash is not known."""

    sha256: str
    size: int
    published: bool | None


@dataclass(frozen=True)
class Files:
    """The files of one layout of a data set: those found, with their paths, and the others."""

    found: dict[PublishedFile, Path]
    absent: tuple[PublishedFile, ...]

    @property
    def complete(self) -> bool:
        """Whether the files found are enough to train and to test with."""
        if any(file.split is None and not file.optional for file in self.absent):
            return False
        splits = {file.split for file in self.found}
        if not any(file.split for file in (*self.found, *self.absent)):
            return bool(self.found)
        return "test" in splits and bool(splits & {"train", "validation"})


def find(dataset: Dataset, folder: str | os.PathLike[str] | None = None) -> Files:
    """Look for the files of a data set, without any download.

    Parameters
    ----------
    folder : the files' own folder, or one that holds a folder per data set.

    Returns
    -------
    The files of the first layout that is complete; else of the first of which any file is there.
    """
    layouts = [_find_layout(dataset, layout, folder) for layout in _layouts(dataset)]
    return next(
        (files for files in layouts if files.complete),
        next((files for files in layouts if files.found), layouts[0]),
    )


def inspect(file: PublishedFile, path: Path) -> Identity:
    """Hash a file, or all documents of a folder, and say whether it is the published one.

    Raises
    ------
    OSError : it cannot be read.
    """
    if path.is_dir():
        return _inspect_folder(path)
    size = path.stat().st_size
    sha256 = hashlib.sha256()
    git_sha1 = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK):
            sha256.update(chunk)
            git_sha1.update(chunk)
    published: bool | None = None
    if sha256.hexdigest() == file.sha256 or git_sha1.hexdigest() == file.git_sha1:
        published = True
    elif sha256.hexdigest() == file.sample_sha256:
        published = False
    return Identity(sha256.hexdigest(), size, published)


def identify(file: PublishedFile, path: Path) -> Identity:
    """`inspect`, kept in memory until the file changes.

    Raises
    ------
    DataError : the file cannot be read.
    """
    try:
        if path.is_dir():
            return inspect(file, path)
        state = path.stat()
        return _inspected(file, path, (state.st_ino, state.st_mtime_ns, state.st_size))
    except OSError as error:
        raise DataError(
            "The file {path} cannot be read ({reason}); put the published file in its place.",
            path=path,
            reason=error.strerror,
        ) from error


def is_known(file: PublishedFile, path: Path) -> bool:
    """Whether a file has a known content; True also where no content is known of it.

    Raises
    ------
    DataError : the file cannot be read.
    """
    return not file.has_hash or identify(file, path).published is not None


def cache_path(dataset: Dataset, file: PublishedFile) -> Path:
    """Where a download of the file goes."""
    return places.downloads() / dataset.folder_name / file.name


def wanted_path(
    dataset: Dataset, file: PublishedFile, folder: str | os.PathLike[str] | None = None
) -> Path:
    """Where a user may put the file so that it is found."""
    if folder is not None:
        return Path(folder) / file.name
    data = places.data_folder()
    return data / dataset.folder_name / file.name if data else cache_path(dataset, file)


def _layouts(dataset: Dataset) -> list[str]:
    return list(dict.fromkeys(file.layout for file in dataset.files))


def _find_layout(dataset: Dataset, layout: str, folder: str | os.PathLike[str] | None) -> Files:
    files = [file for file in dataset.files if file.layout == layout]
    found = {file: path for file in files if (path := _find_file(dataset, file, folder))}
    return Files(found, tuple(file for file in files if file not in found))


def _find_file(
    dataset: Dataset, file: PublishedFile, folder: str | os.PathLike[str] | None
) -> Path | None:
    for looked_in, any_content in _folders(dataset, folder):
        path = looked_in / file.name
        if path.exists() and (any_content or is_known(file, path)):
            return path
    return None


def _folders(
    dataset: Dataset, folder: str | os.PathLike[str] | None
) -> Iterator[tuple[Path, bool]]:
    """Folders to look in, and whether a file of the right name there may have any content."""
    if folder is not None:
        yield Path(folder), True
        yield Path(folder) / dataset.folder_name, True
        return
    if data := places.data_folder():
        yield data / dataset.folder_name, True
        yield data, False  # "train.txt" alone does not say which data set it belongs to
    if package := _package_folder(dataset):
        yield package, True
    yield places.downloads() / dataset.folder_name, False


def _package_folder(dataset: Dataset) -> Path | None:
    name, _, subfolder = dataset.package.partition("/")
    specification = find_spec(name) if name else None  # finds a top-level package, imports nothing
    if specification is None or specification.origin is None:
        return None
    return Path(specification.origin).parent / subfolder


@lru_cache(maxsize=256)
def _inspected(file: PublishedFile, path: Path, state: tuple[int, int, int]) -> Identity:
    return inspect(file, path)


def _inspect_folder(folder: Path) -> Identity:
    """Hash of all documents' names and hashes; nothing is known to compare it with."""
    digest = hashlib.sha256()
    size = 0
    for document in document_paths(folder):
        content = document.read_bytes()
        size += len(content)
        digest.update(f"{document.name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return Identity(digest.hexdigest(), size, None)
