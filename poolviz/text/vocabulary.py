"""The vocabulary that looks tokens up: ids, and the file that keeps them."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from poolviz.errors import CheckpointError
from poolviz.json_types import is_list, is_object
from poolviz.text.preparation import AS_IS, Preparation
from poolviz.text.tokens import (
    Token,
    check_unit,
    clean_text,
    cut_prepared,
    has_visible,
    lookup_form,
    placed,
)
from poolviz.writing import replacing

PADDING_ID = 0
UNKNOWN_ID = 1
VOCABULARY_VERSION = 1
RESERVED_IDS = 2  # padding and unknown come before the entries

_REMEMBERED = 50_000  # pieces whose ids a vocabulary remembers, so that no text makes it grow on
_REMEMBERED_LENGTH = 20  # code points of such a piece


@dataclass(frozen=True)
class Vocabulary:
    """Tokens a model knows: id 0 is padding, 1 is unknown, then the entries.

    Parameters
    ----------
    unit : what a token is, one of `UNITS`.
    min_frequency : how often a token had to occur to become an entry.
    entries : lookup forms by falling frequency, ties by code point; `entries[i]` has the id i + 2.
    preparation : how the texts were prepared in which the entries were counted.
    """

    unit: str
    min_frequency: int
    entries: tuple[str, ...]
    preparation: Preparation = AS_IS
    _ids: dict[str, int] = field(init=False, repr=False, compare=False)
    _remembered: _Remembered = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        check_unit(self.unit)
        ids = {entry: number for number, entry in enumerate(self.entries, RESERVED_IDS)}
        object.__setattr__(self, "_ids", ids)
        object.__setattr__(self, "_remembered", _Remembered(self.id_of))

    @classmethod
    def build(
        cls,
        texts: Iterable[str],
        unit: str,
        min_frequency: int = 1,
        preparation: Preparation = AS_IS,
    ) -> Vocabulary:
        """Count the tokens of all texts and keep those seen `min_frequency` times or more.

        Raises
        ------
        ChoiceError : the unit is not in `UNITS`.
        """
        surfaces: Counter[str] = Counter()
        for text in texts:
            surfaces.update(cut_prepared(clean_text(text), unit, preparation))
        counts: Counter[str] = Counter()
        for surface, count in surfaces.items():
            if has_visible(surface):
                counts[preparation.look_up_as(lookup_form(surface))] += count
        kept = [entry for entry, count in counts.items() if count >= min_frequency]
        entries = tuple(sorted(kept, key=lambda e: (-counts[e], e)))
        return cls(unit, min_frequency, entries, preparation)

    def __len__(self) -> int:
        """Number of ids, padding and unknown included: the rows of an embedding table."""
        return len(self.entries) + RESERVED_IDS

    @cached_property
    def identity(self) -> str:
        """SHA-256 of what decides which tokens and ids a text gets: all but `min_frequency`."""
        content = json.dumps([self.unit, self.entries, self.preparation.name])
        return hashlib.sha256(content.encode("ascii")).hexdigest()

    def cut(self, text: str) -> Sequence[str]:
        """All of a clean text in pieces: its tokens, and what gives none, left out or invisible."""
        return cut_prepared(text, self.unit, self.preparation)

    def cuts_like(self, other: Vocabulary) -> bool:
        """Whether another vocabulary cuts every text into the same tokens."""
        cut = (type(self), self.unit, self.preparation)
        return cut == (type(other), other.unit, other.preparation)

    def read(self, text: str) -> tuple[tuple[Token, ...], list[int]]:
        """The tokens of a clean text, flagged known or not, and their ids."""
        pieces = self.cut(text)
        ids = self.look_up(pieces)
        tokens = placed(pieces, [number != UNKNOWN_ID for number in ids])
        if PADDING_ID in ids:
            pairs = zip(tokens, ids, strict=True)
            tokens = (token for token, number in pairs if number != PADDING_ID)
            ids = [number for number in ids if number != PADDING_ID]
        return tuple(tokens), ids

    def ids_of(self, text: str) -> np.ndarray:
        """(tokens,) int32: the ids that `read` gives."""
        ids = np.array(self.look_up(self.cut(text)), np.int32)
        return ids[ids != PADDING_ID]

    def look_up(self, pieces: Iterable[str]) -> list[int]:
        """Ids of the pieces that `cut` gave.

        `UNKNOWN_ID` where there is no entry, `PADDING_ID` where there is nothing to see.
        """
        remembered = self._remembered
        return [remembered[piece] for piece in pieces]

    def id_of(self, token: str) -> int:
        """Id of one token's text; `UNKNOWN_ID` where there is no entry."""
        return self._ids.get(self.preparation.look_up_as(lookup_form(token)), UNKNOWN_ID)

    @property
    def special_ids(self) -> tuple[int, ...]:
        """Ids of tokens that stand for nothing in a text; only encoders have some."""
        return ()

    @property
    def masked_id(self) -> int:
        """What stands for a token that is masked: nothing, a position that does not count."""
        return PADDING_ID

    def token_of(self, number: int) -> str:
        """The lookup form with this id, which must be that of an entry."""
        return self.entries[number - RESERVED_IDS]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write as JSON in UTF-8; an older file at `path` is replaced in one step."""
        content = {
            "schema_version": VOCABULARY_VERSION,
            "unit": self.unit,
            "min_frequency": self.min_frequency,
            "entries": self.entries,
        }
        with replacing(Path(path)) as unfinished:
            unfinished.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: str | os.PathLike[str], preparation: Preparation = AS_IS) -> Vocabulary:
        """Read what `save` wrote, for texts of a preparation.

        Raises
        ------
        CheckpointError : the file is missing, damaged or of another version.
        """
        try:
            content = json.loads(Path(path).read_text(encoding="utf-8"))
            return replace(cls._read(content), preparation=preparation)
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise CheckpointError(
                "The vocabulary {path} cannot be read ({reason}); save the checkpoint again.",
                path=path,
                reason=error,
            ) from error

    @classmethod
    def _read(cls, content: object) -> Vocabulary:
        if not is_object(content) or content.get("schema_version") != VOCABULARY_VERSION:
            raise ValueError(f"no vocabulary of version {VOCABULARY_VERSION}")
        entries, min_frequency = content["entries"], content["min_frequency"]
        if not is_list(entries) or not all(isinstance(entry, str) for entry in entries):
            raise ValueError("entries")
        if len(set(entries)) != len(entries):
            raise ValueError("an entry occurs twice")
        if not isinstance(min_frequency, int):
            raise ValueError("min_frequency")
        return cls(content["unit"], min_frequency, tuple(entries))


class _Remembered(dict[str, int]):
    """Ids of pieces of texts as they are written, so that most are looked up once."""

    def __init__(self, id_of: Callable[[str], int]):
        super().__init__()
        self._id_of = id_of

    def __missing__(self, piece: str) -> int:
        number = self._id_of(piece) if has_visible(piece) else PADDING_ID
        if len(self) < _REMEMBERED and len(piece) <= _REMEMBERED_LENGTH:
            self[piece] = number
        return number
