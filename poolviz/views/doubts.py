"""What a reader has to know of a text before believing a picture: models that cannot read it."""

from __future__ import annotations

from collections.abc import Sequence

from poolviz.language import _, ngettext
from poolviz.text.encoding import Encoded
from poolviz.text.scripts import called, script_of, scripts_of
from poolviz.text.tokens import Token

SAID_FROM = 0.2  # the least share of unknown tokens that stands beside a prediction
MOST = 0.5  # the share of unknown tokens from which a prediction deserves no belief
FOREIGN = 0.3  # below this share of the models' own script a text is in another one


def doubts(read: Encoded) -> list[str]:
    """Sentences that say why the models cannot read a text; none where they can."""
    return [*_of_script(read), *_of_unknown(read.tokens)]


def share_unknown(tokens: Sequence[Token]) -> float:
    """The share of tokens that are not in the vocabulary."""
    return sum(not token.known for token in tokens) / len(tokens)


def _of_script(read: Encoded) -> list[str]:
    own, found = script_of(read.vocabulary), scripts_of(read.text)
    if own is None or not found or found.get(own, 0) >= FOREIGN * sum(found.values()):
        return []
    foreign = max((name for name in found if name != own), key=found.__getitem__)
    return [
        _(
            "This text is written in {foreign}, and these models were trained on texts in {own}: "
            "what they say of it means little."
        ).format(foreign=_(called(foreign)), own=_(called(own)))
    ]


def _of_unknown(tokens: Sequence[Token]) -> list[str]:
    share = share_unknown(tokens)
    if share == 1:
        return [
            ngettext(
                "None of its tokens is in the vocabulary. Any other text of {count} unknown token "
                "gets the same answer.",
                "None of its tokens is in the vocabulary. Any other text of {count} unknown tokens "
                "gets the same answer.",
                len(tokens),
            ).format(count=len(tokens))
        ]
    if share >= MOST:
        return [
            _(
                "{share:.0%} of its tokens are not in the vocabulary, and to the models these are "
                "all the same: what they say rests on the few others."
            ).format(share=share)
        ]
    return []
