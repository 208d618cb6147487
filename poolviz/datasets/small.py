"""Words of caution where little was trained or tested on, in sentences of the language spoken."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from poolviz.language import _, listed, ngettext
from poolviz.text.vocabulary import RESERVED_IDS

FEW_TESTED = 50  # rows: with fewer the interval of an accuracy near 0.9 is wider than 0.17
FEW_TOKENS = 50
_NAMED = 5  # classes in a sentence


def of_test(rows: int, untested: Collection[str] = ()) -> list[str]:
    """What a test on so many rows does not show.

    Parameters
    ----------
    untested : classes without a row among them.
    """
    if not rows:
        return [_("Caution: no row to test on, so that nothing says how good a model is.")]
    said = []
    if rows < FEW_TESTED:
        sentence = ngettext(
            "Caution: only {count:,} row to test on, so that other rows may give quite another "
            "accuracy.",
            "Caution: only {count:,} rows to test on, so that other rows may give quite another "
            "accuracy.",
            rows,
        )
        said.append(sentence.format(count=rows))
    if untested:
        sentence = _("Caution: no row to test on has the class {classes}; it was never tested.")
        said.append(sentence.format(classes=_some(untested)))
    return said


def of_training(tokens: int | None, unlearned: Collection[str] = ()) -> list[str]:
    """What so small a training cannot know.

    Parameters
    ----------
    tokens : that the models know; None where that is not known yet.
    unlearned : classes without a row to train on.
    """
    said = []
    if tokens is not None and tokens < FEW_TOKENS:
        sentence = ngettext(
            "Caution: only {count:,} token is known, so that most of any text is not.",
            "Caution: only {count:,} tokens are known, so that most of any text is not.",
            tokens,
        )
        said.append(sentence.format(count=tokens))
    if unlearned:
        sentence = _("Caution: no row to train on has the class {classes}; it is never learned.")
        said.append(sentence.format(classes=_some(unlearned)))
    return said


def of_card(card: Mapping[str, Any]) -> list[str]:
    """What to be careful with in the test figures of a card."""
    size = card.get("vocabulary", {}).get("size")
    known = size - RESERVED_IDS if isinstance(size, int) else None
    return of_figures(card["test"], card["classes"]) + of_training(known)


def of_cards(cards: Iterable[Mapping[str, Any]]) -> list[str]:
    """The same of several cards, each sentence once."""
    return list(dict.fromkeys(said for card in cards for said in of_card(card)))


def of_figures(figures: Mapping[str, Any], classes: Sequence[str]) -> list[str]:
    """What to be careful with in test figures, as a card has them."""
    counts = figures.get("confusion", ())
    untested = [name for name, row in zip(classes, counts, strict=False) if not sum(row)]
    return of_test(figures["rows"], untested)


def _some(classes: Collection[str]) -> str:
    named = [f"“{name[:40]}”" for name in list(classes)[:_NAMED]]
    return listed(named) + (" …" if len(classes) > _NAMED else "")
