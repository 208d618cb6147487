"""Token vectors that were kept on disk, float16, so that all heads and seeds need one reading.

`$POOLVIZ_HOME/cache/vectors/<encoder>/` holds a part for each set of texts that was read, written
whole: `vectors.npy` (tokens of all texts, channels), `keys.npy` (texts,) in ascending order, and
`spans.npy` (texts, 2), where each text's vectors begin and end.
"""

from __future__ import annotations

import hashlib
import math
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from poolviz import places, program
from poolviz.encoders.encoder import Encoder
from poolviz.errors import ChoiceError, DataError
from poolviz.values.shapes import IdsOfText, TokenVectors
from poolviz.writing import replacing

LIMIT = 4.0  # GB, unless `$POOLVIZ_VECTORS_GB` says another
GB = 1e9
DTYPE = np.float16
_DIGITS = 12  # of the encoder's hash
_KEYS, _SPANS, _VECTORS = FILES = ("keys.npy", "spans.npy", "vectors.npy")


@dataclass(frozen=True, eq=False)
class _Part:
    keys: np.ndarray
    spans: np.ndarray
    vectors: np.ndarray

    def find(self, key: np.uint64) -> TokenVectors | None:
        place = int(np.searchsorted(self.keys, key))
        if place == len(self.keys) or self.keys[place] != key:
            return None
        start, stop = self.spans[place].tolist()
        return self.vectors[start:stop]


class Store:
    """The vectors that were kept of one encoder; others may add some meanwhile."""

    def __init__(self, encoder: Encoder):
        self._encoder = encoder
        self._parts: dict[str, _Part] = {}
        self._changed = -1

    def find(self, ids: IdsOfText) -> TokenVectors | None:
        """(tokens, channels) float16, not read into memory yet; None where a text was not kept."""
        self._look()
        key = _key(ids)
        found = (part.find(key) for part in self._parts.values())
        return next((vectors for vectors in found if vectors is not None), None)

    def keep(self, texts: Sequence[IdsOfText], read: Iterable[tuple[int, TokenVectors]]) -> None:
        """Write the vectors of texts.

        Parameters
        ----------
        texts : distinct ones.
        read : numbers of texts and their vectors, in any order.

        Raises
        ------
        DiskFull, OSError : there is no room, or no right to write.
        """
        keys = np.array([_key(ids) for ids in texts], np.uint64)
        order = np.argsort(keys)
        place = _folder(self._encoder) / hashlib.sha256(keys[order].tobytes()).hexdigest()[:_DIGITS]
        place.parent.mkdir(parents=True, exist_ok=True)
        spans = np.zeros((len(texts), 2), np.int64)
        with replacing(place) as folder:
            folder.mkdir()
            shape = (sum(map(len, texts)), self._encoder.width)
            vectors = np.lib.format.open_memmap(folder / _VECTORS, "w+", DTYPE, shape)
            done = 0
            for number, found in read:
                spans[number] = done, done + len(found)
                vectors[done : done + len(found)] = found
                done += len(found)
            vectors.flush()
            np.save(folder / _KEYS, keys[order])
            np.save(folder / _SPANS, spans[order])
        self._changed = -1

    def _look(self) -> None:
        """Open the parts that others have added, and let those go that are no longer there."""
        folder = _folder(self._encoder)
        try:
            changed = os.stat(folder).st_mtime_ns
        except OSError:
            self._parts, self._changed = {}, -1
            return
        if changed == self._changed:
            return
        opened = {path.name: self._parts.get(path.name) or _opened(path) for path in _parts(folder)}
        self._parts = {name: part for name, part in opened.items() if part}
        self._changed = changed


def size_of(texts: Iterable[IdsOfText], encoder: Encoder) -> int:
    """Bytes that the vectors of texts take."""
    return sum(map(len, texts)) * encoder.width * np.dtype(DTYPE).itemsize


def check_room(size: int) -> None:
    """Check that so many bytes may be kept beside what is kept already.

    Raises
    ------
    DataError : they are more than the limit allows.
    ChoiceError : the limit that is set is no number.
    """
    kept, most = sum(kept_bytes().values()), limit()
    if kept + size > most * GB:
        raise DataError(
            "The token vectors of these texts take {size:.2f} GB and those that are kept take "
            "{kept:.2f} GB, more than the {limit:g} GB that POOLVIZ_VECTORS_GB allows; set it "
            "higher, or clear those that are kept: {command}",
            size=size / GB,
            kept=kept / GB,
            limit=most,
            command=program.command("encoder", "clear"),
        )


def limit() -> float:
    """How many GB are kept at most, of all encoders.

    Raises
    ------
    ChoiceError : the setting is no number.
    """
    said = places.vectors_limit()
    try:
        found = float(said) if said else LIMIT
    except ValueError:
        found = math.nan
    if not 0 <= found < math.inf:
        raise ChoiceError(
            "{word} is no size; POOLVIZ_VECTORS_GB takes a number of gigabytes.", word=repr(said)
        )
    return found


def kept_bytes() -> Mapping[str, int]:
    """What is kept of each encoder, by the first digits of its hash."""
    return {folder.name: _bytes(folder) for folder in _folders(places.vectors())}


def kept_of(encoder: Encoder) -> int:
    """Bytes that are kept of one encoder."""
    return kept_bytes().get(encoder.hash[:_DIGITS], 0)


def clear(encoder: Encoder | None = None) -> int:
    """Delete what is kept of an encoder, or of all; returns how many bytes that were."""
    folder = places.vectors() if encoder is None else _folder(encoder)
    size = _bytes(folder)
    shutil.rmtree(folder, ignore_errors=True)
    return size


def _folder(encoder: Encoder) -> Path:
    return places.vectors() / encoder.hash[:_DIGITS]


def _key(ids: IdsOfText) -> np.uint64:
    digest = hashlib.blake2b(ids.astype("<i4").tobytes(), digest_size=8)
    return np.frombuffer(digest.digest(), np.uint64)[0]


def _opened(folder: Path) -> _Part | None:
    """A part; None where it is damaged, and its texts have to be read again."""
    try:
        keys, spans = (np.load(folder / name) for name in (_KEYS, _SPANS))
        vectors = np.load(folder / _VECTORS, mmap_mode="r")
    except (OSError, ValueError, EOFError):
        return None
    fits = len(keys) == len(spans) and vectors.ndim == 2 and spans.max(initial=0) <= len(vectors)
    return _Part(keys, spans, vectors) if fits else None


def _parts(folder: Path) -> list[Path]:
    return [path for path in _folders(folder) if all((path / name).is_file() for name in FILES)]


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
