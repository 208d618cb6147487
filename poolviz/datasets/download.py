"""Fetching one published file: checked by hash, resumed after a broken connection, cancellable.

The transfer is written out here: the libraries that download by hash start again from nothing
after a broken connection, and know neither git's blob hash nor how to be stopped.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import requests

from poolviz.datasets.dataset import PublishedFile
from poolviz.datasets.locate import is_known
from poolviz.errors import DataError

Progress = Callable[[int, int | None], None]
Cancelled = Callable[[], bool]

ATTEMPTS = 5
TIMEOUT = (10, 30)  # seconds to connect, seconds between two pieces
_CHUNK = 1 << 16
_one_at_a_time = threading.Lock()  # two threads must not write the same unfinished file


class _Broken(Exception):
    """The connection ended early; what has arrived is kept."""


def fetch(
    file: PublishedFile,
    target: Path,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Path:
    """Download a file to `target`, unless it already lies there.

    The bytes go to a neighbour named `….part`, which a later call resumes; `target` itself appears
    in one step, when the content's hash is right.

    Parameters
    ----------
    progress : called with the bytes done, and the file's size or None where the server is silent.
    cancelled : asked before every piece; True stops the download.

    Returns
    -------
    `target`.

    Raises
    ------
    DataError : out of reach, not the known content, or stopped.
    """
    with _one_at_a_time:
        if target.exists() and is_known(file, target):
            return target
        transfer = _Transfer(file, target, progress or _silent, cancelled or _never)
        transfer.run()
    return target


class _Transfer:
    def __init__(self, file: PublishedFile, target: Path, progress: Progress, cancelled: Cancelled):
        self.file = file
        self.target = target
        self.part = target.with_name(target.name + ".part")
        self.progress = progress
        self.cancelled = cancelled

    def run(self) -> None:
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            resumed = self._offset() > 0
            self._receive()
            if resumed and not is_known(self.file, self.part):
                self.part.unlink()  # the older piece was of another content
                self._receive()
        except OSError as error:  # requests' exceptions among them
            raise self._failure(str(error)) from error
        if not is_known(self.file, self.part):
            self.part.unlink()
            raise self._failure("the server sent another content than the published one")
        os.replace(self.part, self.target)

    def _receive(self) -> None:
        """Fill the unfinished file, going on where the connection broke."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._request()
            except _Broken as error:
                if attempt == ATTEMPTS:
                    raise self._failure(str(error)) from error

    def _request(self) -> None:
        offset = self._offset()
        # Ranges count bytes as stored, so no compression on the way.
        headers = {"Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        try:
            with requests.get(self.file.url, headers=headers, stream=True, timeout=TIMEOUT) as got:
                if offset and got.status_code == requests.codes.requested_range_not_satisfiable:
                    return  # nothing is left to send; the hash decides
                if got.status_code >= 500:
                    raise _Broken(f"status {got.status_code}")
                got.raise_for_status()
                self._store(got, offset)
        except (
            requests.ConnectionError,
            requests.Timeout,
            requests.exceptions.ChunkedEncodingError,
        ) as error:
            raise _Broken(str(error)) from error

    def _store(self, reply: requests.Response, offset: int) -> None:
        resumed = reply.status_code == requests.codes.partial_content
        done = offset if resumed else 0
        length = reply.headers.get("Content-Length")
        total = done + int(length) if length and length.isdigit() else None
        with self.part.open("ab" if resumed else "wb") as part:
            for piece in reply.iter_content(_CHUNK):
                if self.cancelled():
                    raise DataError(
                        "The download of {name} was stopped; start it again to go on with it.",
                        name=self.file.name,
                    )
                part.write(piece)
                done += len(piece)
                self.progress(done, total)

    def _offset(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _failure(self, reason: str) -> DataError:
        return DataError(
            "The file {name} could not be fetched from {url} ({reason}); put the file at {path} "
            "and try again.",
            name=self.file.name,
            url=self.file.url,
            reason=reason,
            path=self.target,
        )


def _silent(done: int, total: int | None) -> None:
    pass


def _never() -> bool:
    return False
