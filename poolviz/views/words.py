"""Characters folded to words, sums kept: jieba cuts the text, its characters' values are added."""

from __future__ import annotations

import logging
import os
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import regex

from poolviz import places
from poolviz.text.tokens import Token
from poolviz.values.explanation import Explanation

_GRAPHEME = regex.compile(r"\X")
_loading = Lock()
_cutter: Any = None  # a jieba.Tokenizer, once it is needed


def fold_words(explanation: Explanation) -> Explanation:
    """The same explanation with words for tokens.

    A word holds the tokens that start inside it, so a grapheme is never split; weights,
    contributions, offsets and alternative are sums over its tokens. `values` are dropped, since a
    word has no vector of its own. A word is known where all of its tokens are.

    Explanations that are folded already, or whose tokens are words, come back unchanged.
    """
    return fold_at(explanation, word_starts(explanation))


def fold_at(explanation: Explanation, starts: np.ndarray) -> Explanation:
    """`fold_words` with the words given; `starts` as `word_starts` finds them."""
    if len(starts) == len(explanation.tokens):
        return explanation
    ends = np.append(starts[1:], len(explanation.tokens))
    return replace(
        explanation,
        tokens=tuple(
            _joined(explanation.text, explanation.tokens[first:last])
            for first, last in zip(starts, ends, strict=True)
        ),
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


def fold_values(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Sums of (H, T) values over words, shape (H, words); `starts` as `word_starts` gives them."""
    return np.add.reduceat(values, starts, axis=-1)


def word_starts(explanation: Explanation) -> np.ndarray:
    """Index of the first token of each word, shape (words,).

    Every token is a word where the explanation is folded already or its unit is words.
    """
    tokens = explanation.tokens
    if explanation.folded or not all(_GRAPHEME.fullmatch(token.text) for token in tokens):
        return np.arange(len(tokens))
    ends = np.cumsum([len(word) for word in _load_cutter().cut(explanation.text)])
    words = np.searchsorted(ends, [token.start for token in tokens], side="right")
    return np.flatnonzero(np.diff(words, prepend=-1))


def _joined(text: str, tokens: tuple[Token, ...]) -> Token:
    start, end = tokens[0].start, tokens[-1].end
    return Token(text[start:end], start, end, all(token.known for token in tokens))


def _load_cutter() -> Any:
    """The process' one cutter: its dictionary costs about a second and 100 MB at first use."""
    global _cutter
    with _loading:
        if _cutter is None:
            import jieba

            jieba.setLogLevel(logging.WARNING)
            cutter = jieba.Tokenizer()
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
    return Path(tempfile.mkdtemp(prefix="poolviz-"))
