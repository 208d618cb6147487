"""Characters folded to words, sums kept: a text is cut by its script, its characters' values added.

Chinese is cut by jieba, scripts with spaces between words by these, with the accents and
apostrophes that stand in words; other scripts without spaces stay characters.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any, cast

import numpy as np
import regex

from poolviz import places
from poolviz.memory import Memory
from poolviz.scratch import new_folder
from poolviz.text.tokens import TOKEN_BYTES, Token, cut
from poolviz.values.explanation import WHOLE_TEXT, Explanation
from poolviz.values.shapes import WordStarts

_GRAPHEME = regex.compile(r"\X")
_HAN = regex.compile(r"\p{Han}")
_LONGEST = 500  # characters: longer than people write without a mark or a space
_UNBROKEN = regex.compile(rf"[\u4E00-\u9FD5a-zA-Z0-9+#&._%-]{{{_LONGEST}}}")
_loading = Lock()
_cutter: Any = None  # a jieba.Tokenizer, once it is needed
_remembered = Memory(entries=128, size=64 * 1024 * 1024)


@dataclass(frozen=True, eq=False)
class Words:
    """The W words of a text.

    Parameters
    ----------
    starts : (W,), index of the first token of each.
    tokens : what they are when they are tokens themselves.
    """

    starts: WordStarts
    tokens: tuple[Token, ...]


def fold_words(explanation: Explanation) -> Explanation:
    """The same explanation with words for tokens.

    A word holds the tokens that start inside it, so a grapheme is never split. Weights,
    contributions, offsets and alternative are sums over its tokens. `values` are dropped, since a
    word has no vector of its own. A word is known where all of its tokens are.

    Tokens that are words stay as they are; what is folded already comes back unchanged. The tokens
    of an encoder are pieces of words, which are joined; those that stand for nothing in the text
    stay by themselves.
    """
    return fold_at(explanation, words_of(explanation))


def fold_at(explanation: Explanation, words: Words) -> Explanation:
    """`fold_words` with the words given, as `words_of` finds them."""
    starts = words.starts
    if len(starts) == len(explanation.tokens):
        return explanation
    return replace(
        explanation,
        tokens=words.tokens,
        weights=fold_values(explanation.weights, starts),
        contributions=np.add.reduceat(explanation.contributions, starts, axis=1),
        offsets=fold_values(explanation.offsets, starts),
        alternative=(
            None
            if explanation.alternative is None
            else fold_values(explanation.alternative, starts)
        ),
        values=None,
        folded=True,
    )


def fold_values(values: np.ndarray, starts: WordStarts) -> np.ndarray:
    """Sums of (H, T) values over words, shape (H, words); `starts` as in `Words`."""
    return np.add.reduceat(values, starts, axis=-1)


def words_of(explanation: Explanation) -> Words:
    """The words of an explanation's text, found once for each text and remembered.

    Every token is a word where the explanation is folded already.
    """
    text, tokens = explanation.text, explanation.tokens
    if explanation.folded:
        return Words(np.arange(len(tokens)), tokens)
    pieces = explanation.window == WHOLE_TEXT  # of an encoder
    key = (text, tokens, pieces)
    return _remembered.recall(key, lambda: _find_words(text, tokens, pieces), _size)


def is_word(token: Token) -> bool:
    """Whether a token is more than one character already."""
    return len(token.text) > 1 and not _GRAPHEME.fullmatch(token.text)


def _find_words(text: str, tokens: tuple[Token, ...], pieces: bool) -> Words:
    ends = _remembered.recall(text, lambda: _word_ends(text), lambda ends: ends.nbytes)
    numbers = np.searchsorted(ends, [token.start for token in tokens], side="right")
    alone = (token.special if pieces else is_word(token) for token in tokens)
    whole = np.fromiter(alone, bool, len(tokens))
    begins = np.diff(numbers, prepend=-1) != 0
    begins |= whole
    begins[1:] |= whole[:-1]
    starts = np.flatnonzero(begins)
    starts.setflags(write=False)
    stops = np.append(starts[1:], len(tokens))
    joined = (_joined(text, tokens[a:b]) for a, b in zip(starts, stops, strict=True))
    return Words(starts, tuple(joined))


def _word_ends(text: str) -> np.ndarray:
    """Where each word ends, in code points."""
    pieces = cut(text, "word")
    ends = np.cumsum([len(piece) for piece in pieces])
    if not _HAN.search(text):
        return ends
    cutter = _load_cutter()
    of_jieba = np.cumsum([len(word) for part in _cuttable(text) for word in cutter.cut(part)])
    # Within a word of another script jieba ends one at every accent and apostrophe.
    return np.intersect1d(of_jieba, ends, assume_unique=True)


def _cuttable(text: str) -> Iterator[str]:
    """The text in parts without a long unbroken run, on which jieba's time grows as the square."""
    start = 0
    for run in _UNBROKEN.finditer(text):
        yield text[start : run.end()]
        start = run.end()
    yield text[start:]


def _size(words: Words) -> int:
    """Bytes, with the text and its tokens, of which every word has one at least."""
    last = words.tokens[-1].end
    return words.starts.nbytes + 4 * last + TOKEN_BYTES * (len(words.tokens) + last)


def _joined(text: str, tokens: tuple[Token, ...]) -> Token:
    if len(tokens) == 1:
        return tokens[0]
    start, end = tokens[0].start, tokens[-1].end
    return Token(text[start:end], start, end, all(token.known for token in tokens))


def _load_cutter() -> Any:
    """The process' one cutter: its dictionary costs about a second and 100 MB at first use."""
    global _cutter
    with _loading:
        if _cutter is None:
            import jieba  # pyright: ignore[reportMissingTypeStubs]

            untyped = cast(Any, jieba)
            untyped.setLogLevel(logging.WARNING)
            cutter = untyped.Tokenizer()
            cutter.tmp_dir = str(_cache_folder())
            cutter.initialize()
            _cutter = cutter
        return _cutter


def _cache_folder() -> Path:
    """Where jieba keeps its compiled dictionary, a file that must belong to the user alone."""
    folder = places.cache()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if os.access(folder, os.W_OK):
        return folder
    return new_folder()
