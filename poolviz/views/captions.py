"""Sentences and numbers that go with a panel: range, what was done to the values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from poolviz.language import _, joined, listed, ngettext
from poolviz.model.kinds import SCORE
from poolviz.text.scripts import UNSPACED, scripts_of
from poolviz.text.tokens import Token, has_visible
from poolviz.values.explanation import WHOLE_TEXT, Explanation
from poolviz.views.panel import Panel, Row
from poolviz.views.words import is_word


def number(value: float) -> str:
    """A value as people read it: three significant digits, never "-0".

    >>> number(0.012345), number(-0.0)
    ('0.0123', '0')
    """
    return f"{value:.3g}" if value else "0"


class MayBeExact(Protocol):
    """An explanation, or a model that explains."""

    @property
    def exact(self) -> bool: ...

    @property
    def classes(self) -> Sequence[str]: ...


def contribution_sentence(*shown: MayBeExact) -> str:
    """What a contribution is, and what it is not."""
    if tuple(shown[0].classes) == (SCORE,):
        return _(
            "Contribution: what the vector at each position adds to the cosine; the parts sum "
            "exactly. It is not what the text would lose without the token, which all others have "
            "read."
        )
    if all(each.exact for each in shown):
        if any(isinstance(each, Explanation) and each.window == WHOLE_TEXT for each in shown):
            return _(
                "Contribution: what the token vector at each position adds to the logit; the parts "
                "sum exactly. It is not what the text would lose without the token, which all "
                "others have read."
            )
        return _(
            "Contribution: what the vector at each position adds to the logit; the parts sum "
            "exactly. The token itself also acts through its neighbours."
        )
    return _(
        "Contribution: gradient × input, an estimate of what the vector at each position adds to "
        "the logit. The bias is what is left then, and no text's logit."
    )


def caption(panel: Panel) -> str:
    """The range of the colours in the panel's rows, and what was done to the numbers."""
    return joined([_range_sentence(panel), *treatment(panel)])


def treatment(panel: Panel) -> list[str]:
    """What was done to the numbers before they are shown, a sentence each."""
    view = panel.view
    sentences: list[str] = []
    if view.effective_scale == "uniform":
        sentences.append(_("1 is what average pooling gives."))
    if view.spread:
        sentences.append(_("Each value is spread over the window its position has read."))
    if view.words:
        sentences.append(folding(panel.rows[0].explanation, view.effective_scale != "uniform"))
    if panel.per_column > 1:
        sentences.append(_bin_sentence(panel))
    return sentences


def folding(explanation: Explanation, sums: bool = True) -> str:
    """What folding to words did to a text, or why it did nothing.

    Parameters
    ----------
    explanation : as it was folded.
    sums : whether the values of a word are sums.
    """
    scripts = scripts_of(explanation.text)
    unspaced = {name for name in scripts if name in UNSPACED}
    if not explanation.folded:
        if any(map(is_word, explanation.tokens)):
            return _("Tokens are words already.")
        if unspaced - {"Han"}:
            return _("Nothing is folded to words: no spaces show where they end.")
        return _("Nothing is folded: every word is one character.")
    if explanation.window == WHOLE_TEXT:  # of an encoder
        return (
            _("Pieces of words are joined, sums kept.")
            if sums
            else _("Pieces of words are joined.")
        )
    ways = [_("Chinese by jieba")] if "Han" in scripts else []
    if len(scripts) > len(unspaced):
        ways.append(_("scripts with spaces by these"))
    if unspaced - {"Han"}:
        ways.append(_("other scripts not at all"))
    said = (
        _("Characters are folded to words, sums kept: {ways}.")
        if sums
        else _("Characters are folded to words: {ways}.")
    )
    return said.format(ways=listed(ways))


def reading_notes(panel: Panel, row: Row) -> list[str]:
    """What one must know to read a head's highlight, a sentence each."""
    notes = [_scale_sentence(panel), *treatment(panel)]
    if any(row.explanation.window):
        notes.append(window_sentence(row.explanation.window))
    if panel.view.quantity == "contribution":
        notes.append(contribution_sentence(row.explanation))
    notes += special_sentence(row.explanation.tokens)
    notes += left_out_sentence(row.explanation)
    if any(not token.known for token in row.explanation.tokens):
        notes.append(_("Dotted underline: not in the vocabulary."))
    return notes


def left_out_sentence(explanation: Explanation) -> list[str]:
    """What the grey parts of a text are, where it has some."""
    ends = [0, *(token.end for token in explanation.tokens)]
    starts = [*(token.start for token in explanation.tokens), len(explanation.text)]
    gaps = zip(ends, starts, strict=True)
    if not any(has_visible(explanation.text[end:start]) for end, start in gaps if start > end):
        return []
    return [_("Grey: left out; these models were trained on texts without it.")]


def special_sentence(tokens: Iterable[Token]) -> list[str]:
    """What the tokens are that stand for nothing in a text, where it has some."""
    special = dict.fromkeys(token.text for token in tokens if token.special)
    if not special:
        return []
    return [
        _("{tokens} stand for nothing in the text and count as other tokens do.").format(
            tokens=listed(special)
        )
    ]


def reading_sentence(name: str, windows: int, overlap: int) -> list[str]:
    """That an encoder has read a text in several windows; none where it was read at once.

    Parameters
    ----------
    name : what the text is called.
    overlap : tokens that two neighbouring windows share at least.
    """
    if windows == 1:
        return []
    return [
        ngettext(
            "{name} is longer than the encoder reads at once: it was read in {count} window, with "
            "an overlap of {overlap} tokens or more.",
            "{name} is longer than the encoder reads at once: it was read in {count} windows, with "
            "an overlap of {overlap} tokens or more.",
            windows,
        ).format(name=name, count=windows, overlap=overlap)
    ]


def window_sentence(window: tuple[int, int]) -> str:
    """How far a position's vector reads."""
    if window == WHOLE_TEXT:
        return _("Each position has read the whole text.")
    return _("Each position has read its neighbours: {before} before, {after} after.").format(
        before=window[0], after=window[1]
    )


def _scale_sentence(panel: Panel) -> str:
    if panel.view.effective_scale == "head":
        return _("Colour scale of this head alone.")
    if panel.texts > 1:
        return _("One colour scale for all texts shown here.")
    if panel.one_scale:
        return _("One colour scale for all heads.")
    return _("One colour scale for heads with the same kind of weight.")


def _range_sentence(panel: Panel) -> str:
    if panel.view.effective_scale == "head":
        highs = [row.high for row in panel.rows]
        return _("Each row has its own colour scale; it ends between {low} and {high}.").format(
            low=number(min(highs)), high=number(max(highs))
        )
    if panel.one_scale:
        ends = _range(panel.unit, panel.rows[0])
        return _("One colour scale for all rows; {range}.").format(range=ends)
    ranges = "; ".join(dict.fromkeys(_range(row.unit, row) for row in panel.rows))
    return _("One colour scale for each kind of weight; {ranges}.").format(ranges=ranges)


def _range(unit: str, row: Row) -> str:
    return f"{unit}: {number(row.low)} – {number(row.high)}"


def _bin_sentence(panel: Panel) -> str:
    if panel.view.quantity == "contribution":
        return _("{count} tokens per column, their sum.").format(count=panel.per_column)
    return _("{count} tokens per column, their mean.").format(count=panel.per_column)
