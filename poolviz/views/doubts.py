"""What a reader has to know of a text before believing a picture: models that cannot read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poolviz.language import _, ngettext
from poolviz.text.encoding import Encoded
from poolviz.text.scripts import CALLED, script_of, scripts_of
from poolviz.text.tokens import Token

SAID_FROM = 0.2  # the least share of unknown tokens that stands beside a prediction
MOST = 0.5  # the share of unknown tokens from which a prediction deserves no belief
FOREIGN = 0.3  # below this share of the models' own script a text is in another one


@dataclass(frozen=True)
class Said:
    """What is said, before names and numbers are put in.

    Parameters
    ----------
    foreign : of a text in another script.
    none_known : of a text without any known token: of one token, and of several.
    few_known : of a text with few known tokens.
    """

    foreign: str
    none_known: Sequence[str]
    few_known: str


def doubts(read: Encoded) -> list[str]:
    """Sentences that say why the models cannot read a text; none where they can."""
    return [*_of_script(read), *_of_unknown(read.tokens)]


def share_unknown(tokens: Sequence[Token]) -> float:
    """The share of tokens that are not in the vocabulary."""
    return sum(not token.known for token in tokens) / len(tokens)


def said() -> Said:
    """The sentences in the language of the context."""
    return Said(
        foreign=_(
            "This text is written in {foreign}, and these models were trained on texts in {own}: "
            "what they say of it means little."
        ),
        none_known=[
            ngettext(
                "None of its tokens is in the vocabulary. Any other text of {count} unknown token "
                "gets the same answer.",
                "None of its tokens is in the vocabulary. Any other text of {count} unknown tokens "
                "gets the same answer.",
                count,
            )
            for count in (1, 2)
        ],
        few_known=_(
            "{share:.0%} of its tokens are not in the vocabulary, and to the models these are "
            "all the same: what they say rests on the few others."
        ),
    )


def _of_script(read: Encoded) -> list[str]:
    own, found = script_of(read.vocabulary), scripts_of(read.text)
    if own is None or not found or found.get(own, 0) >= FOREIGN * sum(found.values()):
        return []
    foreign = max((name for name in found if name != own), key=found.__getitem__)
    return [said().foreign.format(foreign=_(CALLED[foreign]), own=_(CALLED[own]))]


def _of_unknown(tokens: Sequence[Token]) -> list[str]:
    share = share_unknown(tokens)
    if share == 1:
        return [said().none_known[len(tokens) > 1].format(count=len(tokens))]
    return [said().few_known.format(share=share)] if share >= MOST else []
