"""Changing a text by its tokens: some taken out, or replaced, while the others stay as they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from poolviz.errors import TextError
from poolviz.text.tokens import Token, has_visible, tokenize

# What can keep tokens apart that would grow together, the least conspicuous first. A line break
# always does.
SEPARATORS = ("", " ", "\n")


def without(
    text: str, tokens: Sequence[Token], positions: Collection[int], unit: str | None
) -> str:
    """A text without some of its tokens; the others stay the tokens they are.

    Their neighbours meet. Where these would then be one token ("a" and "b", left of "a/b"),
    white space keeps them apart; of two spaces that meet, one goes.

    >>> from poolviz.text.tokens import tokenize
    >>> without("not a good hotel", tokenize("not a good hotel", "word"), [1, 2], "word")
    'not hotel'

    Parameters
    ----------
    tokens : all of the text, as `poolviz.text.tokens.tokenize` cuts it, or an encoder.
    positions : which of them to take out, from 0; special tokens stay.
    unit : what a token is, one of `poolviz.text.tokens.UNITS`; None where they are an encoder's
        pieces, of which nothing keeps two apart.

    Raises
    ------
    TextError : no token is chosen, or none would be left.
    """
    positions = _own(tokens, positions)
    if len(positions) == sum(not token.special for token in tokens):
        raise TextError("Every token would be gone, and nothing left to read: leave at least one.")
    parts = _parts(text, tokens, positions)
    return _rejoined(parts, "", _wanted(tokens, positions, []), unit)


def replaced(
    text: str,
    tokens: Sequence[Token],
    positions: Collection[int],
    replacement: str,
    unit: str | None,
) -> str:
    """A text with each run of chosen tokens replaced by another text; as `without` for the rest.

    Raises
    ------
    TextError : no token is chosen, or the replacement has no visible character.
    """
    positions = _own(tokens, positions)
    if not has_visible(replacement):
        raise TextError(
            "Type what the chosen tokens become; to take them out without a replacement, delete "
            "them."
        )
    put_in = [token.text for token in tokenize(replacement, unit)] if unit else []
    parts = _parts(text, tokens, positions)
    return _rejoined(parts, replacement, _wanted(tokens, positions, put_in), unit)


def _own(tokens: Sequence[Token], positions: Collection[int]) -> set[int]:
    """The chosen tokens that stand for something in the text."""
    chosen = {position for position in positions if not tokens[position].special}
    if not chosen:
        raise TextError("Click the tokens to change first.")
    return chosen


def _parts(text: str, tokens: Sequence[Token], positions: Collection[int]) -> list[str]:
    """What stays of a text, cut where runs of chosen tokens were."""
    parts: list[str] = []
    end = 0
    chosen = sorted(set(positions))
    for number, position in enumerate(chosen):
        if not number or chosen[number - 1] != position - 1:  # a run begins
            parts.append(text[end : tokens[position].start])
        end = tokens[position].end
    return [*parts, text[end:]]


def _wanted(tokens: Sequence[Token], positions: Collection[int], put_in: list[str]) -> list[str]:
    """The tokens that the changed text must have, runs of chosen ones replaced by `put_in`."""
    chosen = set(positions)
    wanted: list[str] = []
    for position, token in enumerate(tokens):
        if position not in chosen:
            wanted.append(token.text)
        elif position - 1 not in chosen:
            wanted += put_in
    return wanted


def _rejoined(parts: Sequence[str], put_in: str, wanted: list[str], unit: str | None) -> str:
    """The parts with `put_in` between them, so that they have the wanted tokens."""
    candidates = [] if put_in else [_closed_up(parts)]
    for separator in SEPARATORS:
        between = f"{separator}{put_in}{separator}" if put_in else separator
        candidates.append(between.join(parts))
    if unit is None:
        return candidates[0]
    return next(
        (text for text in candidates if [t.text for t in tokenize(text, unit)] == wanted),
        candidates[-1],
    )


def _closed_up(parts: Sequence[str]) -> str:
    """The parts one after the other, one of two spaces that meet left out."""
    closed = parts[0]
    for part in parts[1:]:
        closed += part[1:] if closed.endswith(" ") and part.startswith(" ") else part
    return closed
