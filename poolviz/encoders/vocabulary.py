"""The numbers of an encoder's tokenizer as the ids of a vocabulary, for models on its vectors."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from poolviz.encoders.encoder import Encoder, cannot_be_loaded
from poolviz.encoders.folder import TOKENIZER
from poolviz.encoders.pieces import Pieces, Tokenizer
from poolviz.text.preparation import AS_IS, Preparation
from poolviz.text.tokens import Token, lookup_form
from poolviz.text.vocabulary import RESERVED_IDS, UNKNOWN_ID, VOCABULARY_VERSION, Vocabulary
from poolviz.values.shapes import Ids, IdsOfText
from poolviz.writing import replacing

_MASKS = ("[MASK]", "<mask>")
_MOST = 2  # tokenizers in memory


@dataclass(frozen=True)
class EncoderVocabulary(Vocabulary):
    """What an encoder's tokenizer knows: id 0 is padding, 1 is unknown, then number n is id n + 2.

    Its tokens are pieces of words, and special ones as [CLS] around them, each a position of the
    model. A character that is written with several numbers is the first one's; the others stand
    for nothing in the text, as special tokens do.

    Parameters
    ----------
    encoder : whose tokenizer it is.
    """

    encoder: Encoder = field(kw_only=True)

    @classmethod
    def of(cls, encoder: Encoder, unit: str, preparation: Preparation = AS_IS) -> EncoderVocabulary:
        """That of an encoder.

        Parameters
        ----------
        unit : what is counted as a token of the data set elsewhere, where no encoder is.

        Raises
        ------
        CheckpointError : the tokenizer's file cannot be read.
        """
        return _vocabulary(encoder, unit, preparation)

    @cached_property
    def identity(self) -> str:
        """SHA-256 of what decides which tokens and ids a text gets."""
        content = json.dumps([self.encoder.hash, self.preparation.name])
        return hashlib.sha256(content.encode("ascii")).hexdigest()

    def cuts_like(self, other: Vocabulary) -> bool:
        """Whether another vocabulary cuts every text into the same tokens."""
        return self.identity == other.identity

    def cut(self, text: str) -> Sequence[str]:
        """The tokens of a clean text, special ones among them."""
        return [token.text for token in self.read(text)[0]]

    def read(self, text: str) -> tuple[tuple[Token, ...], list[int]]:
        """The tokens of a clean text, flagged known or not, and their ids."""
        pieces = self._pieces(text)
        return (self._each(pieces), self._ids_of(pieces).tolist()) if _has_own(pieces) else ((), [])

    def ids_of(self, text: str) -> IdsOfText:
        """(tokens,) int32: the ids that `read` gives."""
        pieces = self._pieces(text)
        return self._ids_of(pieces) if _has_own(pieces) else np.empty(0, np.int32)

    def id_of(self, token: str) -> int:
        """Id of a piece as the tokenizer writes it, or as text; `UNKNOWN_ID` where it has none."""
        return self._ids.get(token, self._ids.get(lookup_form(token), UNKNOWN_ID))

    @property
    def special_ids(self) -> tuple[int, ...]:
        """Ids of the special tokens that stand around every text."""
        numbers = np.concatenate(around(self.encoder)) + RESERVED_IDS
        return tuple(numbers.tolist())

    @property
    def masked_id(self) -> int:
        """That of [MASK]; an encoder without one reads its unknown token in its place."""
        return next((self._ids[name] for name in _MASKS if name in self._ids), UNKNOWN_ID)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write whose tokenizer it is, as JSON in UTF-8."""
        content = {
            "schema_version": VOCABULARY_VERSION,
            "unit": self.unit,
            "encoder": {"name": self.encoder.name, "hash": self.encoder.hash},
        }
        with replacing(Path(path)) as unfinished:
            unfinished.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    def _pieces(self, text: str) -> Pieces:
        return _tokenizer(self.encoder).cut(self.preparation.blanked(text))

    def _ids_of(self, pieces: Pieces) -> IdsOfText:
        unknown = _tokenizer(self.encoder).unknown
        known = pieces.ids != (-1 if unknown is None else unknown)
        return np.where(known, pieces.ids + RESERVED_IDS, UNKNOWN_ID).astype(np.int32)

    def _each(self, pieces: Pieces) -> tuple[Token, ...]:
        """A token for each number."""
        if len(pieces.tokens) == len(pieces.ids):
            return pieces.tokens
        found = dict(zip(pieces.starts.tolist(), pieces.tokens, strict=True))
        tokens: list[Token] = []
        end = 0
        for place, number in enumerate(pieces.ids.tolist()):
            token = found.get(place) or Token(self.entries[number], end, end)
            tokens.append(token)
            end = token.end
        return tuple(tokens)


def encoder_of(vocabulary: Vocabulary) -> Encoder | None:
    """The encoder whose vectors models of this vocabulary read; None where they make their own."""
    return vocabulary.encoder if isinstance(vocabulary, EncoderVocabulary) else None


def numbers_of(encoder: Encoder, ids: Ids) -> Ids:
    """The tokenizer's numbers of ids (T,), int64: what the encoder's graph reads."""
    unknown = _tokenizer(encoder).unknown or 0
    return np.where(ids >= RESERVED_IDS, ids - RESERVED_IDS, unknown).astype(np.int64)


def around(encoder: Encoder) -> tuple[Ids, Ids]:
    """Numbers of the special tokens that stand before and behind every text."""
    pieces = _tokenizer(encoder).cut("a")
    return pieces.ids[: pieces.before], pieces.ids[len(pieces.ids) - pieces.after :]


def _has_own(pieces: Pieces) -> bool:
    """Whether there is anything beside special tokens."""
    return len(pieces.ids) > pieces.before + pieces.after


@lru_cache(_MOST)
def _vocabulary(encoder: Encoder, unit: str, preparation: Preparation) -> EncoderVocabulary:
    names = _tokenizer(encoder).names
    return EncoderVocabulary(unit, 1, names, preparation, encoder=encoder)


@lru_cache(_MOST)
def _tokenizer(encoder: Encoder) -> Tokenizer:
    try:
        return Tokenizer(encoder.path(TOKENIZER))
    except Exception as error:  # the library raises types of its own
        raise cannot_be_loaded(encoder, error) from error
