"""The door to the library `tokenizers`: a text cut as its encoder was trained on, spans kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from poolviz.text.tokens import Token
from poolviz.values.shapes import Ids


class _Cut(Protocol):
    """What is used of a `tokenizers.Encoding`."""

    ids: Sequence[int]
    tokens: Sequence[str]
    offsets: Sequence[tuple[int, int]]
    special_tokens_mask: Sequence[int]


@dataclass(frozen=True, eq=False)
class Pieces:
    """A text as an encoder's tokenizer cuts it: V numbers, and what they stand for.

    Parameters
    ----------
    ids : (V,) what the encoder reads.
    tokens : D tokens with their spans in the text. A special token, as [CLS], has an empty span
        and its own name.
    starts : (D,) the first of the numbers that each token stands for: several where a character
        is written with more than one.
    before, after : how many special tokens stand before and behind the text's own.
    """

    ids: Ids
    tokens: tuple[Token, ...]
    starts: Ids
    before: int
    after: int


class Tokenizer:
    """The tokenizer of an encoder, without the cutting off and the padding that its file may ask.

    Attributes
    ----------
    unknown : the number of what its vocabulary lacks; None where it lacks nothing.

    Raises
    ------
    Exception : of the library's, where it cannot read the file.
    """

    def __init__(self, path: Path):
        import tokenizers  # loads a library of several megabytes: with the first encoder

        content: Any = json.loads(path.read_text(encoding="utf-8"))
        library: Any = tokenizers
        self._tokenizer: Any = library.Tokenizer.from_str(json.dumps(content))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.unknown = self._unknown_id(content["model"])

    @property
    def names(self) -> tuple[str, ...]:
        """What each number stands for, one name for each."""
        numbers: dict[str, int] = self._tokenizer.get_vocab(with_added_tokens=True)
        names = {number: name for name, number in numbers.items()}
        return tuple(names.get(number, f"[{number}]") for number in range(max(names) + 1))

    def cut(self, text: str) -> Pieces:
        """A clean text in pieces, special tokens around them."""
        found: _Cut = self._tokenizer.encode(text)
        special = np.array(found.special_tokens_mask, bool)
        own = np.flatnonzero(~special)
        first, last = (own[0], own[-1] + 1) if len(own) else (len(special), len(special))
        tokens, starts = self._placed(text, found)
        return Pieces(
            np.array(found.ids, np.int64),
            tokens,
            starts,
            int(first),
            int(len(special) - last),
        )

    def _placed(self, text: str, found: _Cut) -> tuple[tuple[Token, ...], Ids]:
        """Tokens in order, none over another; what begins within one is a part of it."""
        tokens: list[Token] = []
        starts: list[int] = []
        end = 0
        numbers = zip(
            found.ids, found.tokens, found.offsets, found.special_tokens_mask, strict=True
        )
        for place, (number, name, (start, stop), special) in enumerate(numbers):
            known = number != self.unknown
            if special or stop <= start:
                tokens.append(Token(name, end, end, known))
            elif stop <= end:
                continue
            else:
                start = _without_space(text, max(start, end), stop)
                tokens.append(Token(text[start:stop], start, stop, known))
                end = stop
            starts.append(place)
        return tuple(tokens), np.array(starts, np.int64)

    def _unknown_id(self, model: dict[str, Any]) -> int | None:
        name = model.get("unk_token")
        if isinstance(name, str):
            return self._tokenizer.token_to_id(name)
        return model.get("unk_id")


def _without_space(text: str, start: int, stop: int) -> int:
    """Where a token begins that some tokenizers give the space before it.

    >>> _without_space("a cat", 1, 5)
    2
    """
    own = text[start:stop].lstrip()
    return stop - len(own) if own else start
