"""A text as models read it: cleaned once, cut once, looked up once."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from poolviz import places, program
from poolviz.errors import TextError
from poolviz.text.tokens import MAX_CHARACTERS, Token, clean_text, has_visible
from poolviz.text.vocabulary import UNKNOWN_ID, Vocabulary


@dataclass(frozen=True, eq=False)
class Encoded:
    """A text as the models of one vocabulary read it.

    Parameters
    ----------
    text : the cleaned text.
    tokens : its T tokens, flagged known or not.
    ids : (T,) int32, read-only.
    vocabulary : where the tokens were looked up.
    """

    text: str
    tokens: tuple[Token, ...]
    ids: np.ndarray
    vocabulary: Vocabulary = field(repr=False)

    def fits(self, vocabulary: Vocabulary) -> bool:
        """Whether a vocabulary gives the text these tokens and ids."""
        return self.vocabulary.identity == vocabulary.identity


def encode(text: str | Encoded, vocabulary: Vocabulary) -> Encoded:
    """Clean a text, cut it into tokens and look them up.

    What is encoded already comes back as it is where it fits the vocabulary; where only the
    entries are others, its tokens are looked up and not cut again.

    >>> vocabulary = Vocabulary.build(["房间干净", "早餐"], "character")
    >>> encoded = encode("房间 大", vocabulary)
    >>> [token.text for token in encoded.tokens], encoded.ids.tolist()
    (['房', '间', '大'], [4, 6, 1])

    Raises
    ------
    TextError : nothing visible in the text, or more than `most_characters()`.
    """
    if isinstance(text, str):
        return _encode(text, vocabulary)
    if text.fits(vocabulary):
        return text
    if not text.vocabulary.cuts_like(vocabulary):
        return _encode(text.text, vocabulary)
    ids = vocabulary.look_up(token.text for token in text.tokens)
    looked_up = zip(text.tokens, ids, strict=True)
    tokens = tuple(token._replace(known=number != UNKNOWN_ID) for token, number in looked_up)
    return Encoded(text.text, tokens, _array(ids), vocabulary)


def encode_each(text: str | Encoded, vocabularies: Iterable[Vocabulary]) -> list[Encoded]:
    """A text as each vocabulary reads it: equal ones share what one of them gave.

    Raises
    ------
    TextError : as `encode`.
    """
    found: dict[str, Encoded] = {}
    result: list[Encoded] = []
    for vocabulary in vocabularies:
        if vocabulary.identity not in found:
            text = found[vocabulary.identity] = encode(text, vocabulary)
        result.append(found[vocabulary.identity])
    return result


def encode_many(texts: Iterable[str], vocabulary: Vocabulary) -> list[np.ndarray]:
    """The ids of many texts: for each those that `encode` gives, without the tokens.

    Raises
    ------
    TextError : as `encode`, for the first text that it does not take.
    """
    result: list[np.ndarray] = []
    for text in texts:
        check_text(text)
        ids = vocabulary.ids_of(clean_text(text))
        if not len(ids):
            raise _nothing_left()
        result.append(ids)
    return result


def shares_unknown(encoded: Iterable[np.ndarray]) -> np.ndarray:
    """(texts,) float32: the share of unknown tokens in each of the texts of `encode_many`."""
    return np.array([(ids == UNKNOWN_ID).mean() for ids in encoded], np.float32)


def most_characters() -> int:
    """How many characters of a single text are read here: a server's setting may say fewer.

    Raises
    ------
    ChoiceError : the setting is no number.
    """
    said = None if program.is_command() else places.most_characters()
    return MAX_CHARACTERS if said is None else min(said, MAX_CHARACTERS)


def check_text(text: str) -> None:
    """Check that one of many texts can be explained.

    Raises
    ------
    TextError : nothing visible in the text, or more than `MAX_CHARACTERS` characters.
    """
    _check_length(text, MAX_CHARACTERS)
    if not has_visible(text):
        raise _nothing_visible()


def _check_length(text: str, limit: int) -> None:
    if len(text) > limit:
        raise TextError(
            "The text has {count:,} characters; shorten it to {limit:,} or fewer.",
            count=len(text),
            limit=limit,
        )


def _nothing_visible() -> TextError:
    return TextError("Type at least one visible character: the text is empty or only white space.")


def _nothing_left() -> TextError:
    return TextError(
        "Nothing of this text is left: these models were trained on texts without what it holds, "
        "such as digits, marks, @names or [codes]; type words, too."
    )


def _encode(text: str, vocabulary: Vocabulary) -> Encoded:
    _check_length(text, most_characters())
    text = clean_text(text)
    with _garbage_left():
        tokens, ids = vocabulary.read(text)
    if not ids:
        raise _nothing_left() if has_visible(text) else _nothing_visible()
    return Encoded(text, tokens, _array(ids), vocabulary)


@contextmanager
def _garbage_left() -> Generator[None]:
    """Look for no garbage meanwhile.

    A long text's tokens are looked through again and again as they grow in number, and all of them
    stay: that took three times as long as cutting.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _array(ids: list[int]) -> np.ndarray:
    array = np.array(ids, np.int32)
    array.setflags(write=False)
    return array
