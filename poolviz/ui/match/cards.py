"""One card a matcher: its decision, the sentences it looks at, how good it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.evaluation.pair_verdict import baseline_accuracy
from poolviz.figures.texts.highlight import highlights_html
from poolviz.language import N_, _, ngettext
from poolviz.model.class_names import meaning_of
from poolviz.model.kinds import OUTCOMES
from poolviz.values.interval import Interval
from poolviz.values.pairs import PairExplanation, TripletExplanation
from poolviz.views.pairs import Explained, anchor_note, title
from poolviz.views.panel import Panel
from poolviz.views.passages import part_at

COLUMNS = 2
_SMALLEST_GAP = 0.0005  # smaller ones are shown as 0.000
_FIGURES = {
    "accuracy": (N_("test accuracy {figure}"), Interval.as_share),
    "f1": (N_("F1 {figure}"), Interval.as_number),
    "macro_f1": (N_("macro-F1 {figure}"), Interval.as_number),
    "roc_auc": (N_("ROC-AUC {figure}"), Interval.as_number),
}


def draw_match_cards(
    checkpoints: Sequence[Checkpoint],
    explained: Sequence[Explained],
    reversed_scores: Sequence[float | None],
    panels: Mapping[str, Panel],
    known: str | None,
) -> None:
    """Draw the cards, two in a row.

    Parameters
    ----------
    reversed_scores : for each pair the score of (B, A) where it may differ, else None.
    panels : `poolviz.views.pairs.sentence_panels` of `explained`.
    known : the outcome the pair is known to have, or None.
    """
    _note_long_sentences(panels)
    _note_unknown_sentences(panels)
    width = min(COLUMNS, len(explained))
    for start in range(0, len(explained), width):
        for column, index in zip(st.columns(width), range(start, start + width), strict=True):
            if index < len(explained):
                with column, st.container(border=True):
                    _verdict(checkpoints[index], explained[index], known)
                    st.html(highlights_html(panels, index, _parts(panels)))
                    _anchor(explained[index], panels)
                    _asymmetry(explained[index], reversed_scores[index])
                    st.caption(_test_figures(checkpoints[index]))


def decision(pair: PairExplanation) -> str:
    """The decision in words."""
    return meaning_of(OUTCOMES[pair.matches])


def score_text(pair: PairExplanation) -> str:
    """The score and what it is."""
    return f"{_(pair.readout_record.score)} {pair.score:.3f}"


def _verdict(checkpoint: Checkpoint, explained: Explained, known: str | None) -> None:
    kind, head = checkpoint.kind_record, checkpoint.head_record
    st.subheader(title(explained), anchor=False, help=f"{_(kind.meaning)} {_(head.meaning)}")
    st.markdown(_VERDICTS[explained.mode](explained, known))


def _verdict_on_pair(pair: PairExplanation, known: str | None) -> str:
    return " · ".join(_of_pair(pair, known))


def _verdict_on_triplet(triplet: TripletExplanation, _known: str | None) -> str:
    return "  \n".join(_of_triplet(triplet))


_VERDICTS = {"pair": _verdict_on_pair, "triplet": _verdict_on_triplet}


def _of_pair(pair: PairExplanation, known: str | None) -> list[str]:
    parts = [
        f"**{decision(pair)}**",
        _("probability of a match {probability:.1%}, threshold {threshold:.1%}").format(
            probability=pair.probability, threshold=pair.threshold
        ),
        score_text(pair),
    ]
    if known is not None:
        right = (known == OUTCOMES[1]) == pair.matches
        parts.append(
            f":green[:material/check: {_('right')}]"
            if right
            else f":red[:material/close: {_('wrong')}]"
        )
    return parts


def _of_triplet(triplet: TripletExplanation) -> list[str]:
    pairs = ((_("Positive"), triplet.positive), (_("Negative"), triplet.negative))
    return [
        _nearer(triplet),
        _gap(triplet),
        *(" · ".join([name, *_of_pair(pair, None)]) for name, pair in pairs),
    ]


def _nearer(triplet: TripletExplanation) -> str:
    """What a triplet is about: which of the two is nearer to the anchor."""
    if abs(triplet.gap) < _SMALLEST_GAP:
        return f"**{_('Both are equally near to the anchor')}**"
    if triplet.gap > 0:
        return f":green[:material/check:] **{_('The positive is nearer to the anchor')}**"
    return f":red[:material/close:] **{_('The negative is nearer to the anchor')}**"


def _gap(triplet: TripletExplanation) -> str:
    gap = _("Gap {gap:z.3f}, positive minus negative").format(gap=triplet.gap)
    if not triplet.positive.readout_record.bounded:  # a logit: margins are of cosines
        return gap
    if triplet.loss == 0:
        met = _("at least the margin of {margin:.2f}").format(margin=triplet.margin)
        return f"{gap} · :green[:material/check: {met}]"
    short = _("{loss:.3f} short of the margin of {margin:.2f}").format(
        loss=triplet.loss, margin=triplet.margin
    )
    return f"{gap} · :orange[:material/south: {short}]"


def _parts(panels: Mapping[str, Panel]) -> list[range]:
    """The tokens of each sentence that the highlights show; long ones are cut."""
    return [part_at(0, len(panel.tokens)) for panel in panels.values()]


def _note_long_sentences(panels: Mapping[str, Panel]) -> None:
    for (name, panel), part in zip(panels.items(), _parts(panels), strict=True):
        if len(part) < len(panel.tokens):
            st.caption(
                _(
                    "{name}: the cards show the first {shown} of {count:,} tokens; the CSV and "
                    "JSON files hold all of them."
                ).format(name=name, shown=len(part), count=len(panel.tokens))
            )


def _note_unknown_sentences(panels: Mapping[str, Panel]) -> None:
    """Say so where a score is not one of what a sentence says."""
    for name, panel in panels.items():
        rows = [row.explanation.tokens for row in panel.summaries]
        if not any(token.known for tokens in rows for token in tokens):
            st.warning(
                ngettext(
                    "{name}: none of its tokens is in the vocabulary. Any other sentence of "
                    "{count} unknown token has the same score.",
                    "{name}: none of its tokens is in the vocabulary. Any other sentence of "
                    "{count} unknown tokens has the same score.",
                    len(panel.tokens),
                ).format(name=name, count=len(panel.tokens))
            )


def _anchor(explained: Explained, panels: Mapping[str, Panel]) -> None:
    quantity = next(iter(panels.values())).view.quantity
    if note := anchor_note(explained, quantity):
        st.caption(note)


def _asymmetry(explained: Explained, reversed_score: float | None) -> None:
    if reversed_score is not None and isinstance(explained, PairExplanation):
        st.caption(
            _("In the other order, (B, A): {score:.3f}, a difference of {difference:.3f}.").format(
                score=reversed_score, difference=abs(reversed_score - explained.score)
            )
        )


def _test_figures(checkpoint: Checkpoint) -> str:
    test = checkpoint.card["test"]
    parts = [
        _(text).format(figure=written(Interval.read(test[name])))
        for name, (text, written) in _FIGURES.items()
        if name in test
    ]
    if baseline := baseline_accuracy(checkpoint.card):
        parts.append(_("cosine of character counts {value:.1%}").format(value=baseline.value))
    return " · ".join(parts)
