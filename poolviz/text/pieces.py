"""A text as pieces in reading order: its tokens, and what stands between them."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Sequence

import regex

from poolviz.text.tokens import Token

SIGNS = {"\n": "⏎", "\r": "⏎", "\t": "⇥"}
LABEL = 12  # characters of a token on an axis or in a title
_UNSEEN = regex.compile(r"[\p{Cc}\p{Cf}\p{Z}]")
_TURNS = regex.compile("[\u202a-\u202e\u2066-\u2069]")  # the direction of all that follows


def pieces(
    text: str, tokens: Sequence[Token], part: range | None = None
) -> Iterator[tuple[str, int | None]]:
    """Pairs of text and token index, None for what lies between tokens; joined, they are `text`.

    Tokens that stand for nothing in it have their names.
    With `part`, only those tokens, and what lies between them and the next part.
    """
    part = part or range(len(tokens))
    end = tokens[part.start].start if part.start else 0
    last = tokens[part.stop].start if part.stop < len(tokens) else len(text)
    for index in part:
        token = tokens[index]
        if token.start > end:
            yield text[end : token.start], None
        yield token.text, index
        end = token.end
    if end < last:
        yield text[end:last], None


def together(positions: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of the positions that follow one another, run by run.

    >>> together([2, 3, 4, 7])
    [(2, 4), (7, 7)]
    """
    found: list[tuple[int, int]] = []
    for position in positions:
        if found and found[-1][1] == position - 1:
            found[-1] = (found[-1][0], position)
        else:
            found.append((position, position))
    return found


def as_label(token: str, limit: int = LABEL) -> str:
    """A token for an axis or a label: line breaks made visible, long ones cut with an ellipsis."""
    visible = one_line(token)
    return shortened(visible if _UNSEEN.sub("", visible) else "·", limit)


def one_line(text: str) -> str:
    """A text with its line breaks and tabs made visible."""
    return "".join(SIGNS.get(character, character) for character in text)


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, the last of them an ellipsis where something was cut off."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def plotly_text(text: str) -> str:
    """Text made safe for Plotly, whose labels are a subset of HTML."""
    return html.escape(text, quote=False)


def html_text(text: str) -> str:
    """Text between the tags of HTML."""
    return html.escape(text, quote=False)


def html_piece(text: str) -> str:
    """A piece of a text between the tags of HTML: what turns its direction ends with it."""
    content = html_text(text)
    return f"<bdi>{content}</bdi>" if _TURNS.search(text) else content


def html_attribute(text: str) -> str:
    """Text within the quotation marks of an attribute.

    Sanitisers drop attributes that could close a comment or an element of raw text ("-->",
    "</style"); an invisible word joiner keeps them harmless and in place.
    """
    return html.escape(text.replace(">", "\u2060>").replace("</", "<\u2060/"))


def told_apart(labels: Sequence[str]) -> list[str]:
    """The labels, with its number behind each that others equal: rows may begin alike.

    >>> told_apart(["a", "b", "a"])
    ['a (1)', 'b', 'a (3)']
    """
    counts = Counter(labels)
    return [
        label if counts[label] == 1 else f"{label} ({number})"
        for number, label in enumerate(labels, 1)
    ]
