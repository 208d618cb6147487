"""The matchers of the Match page as rows, and why the chosen one decides as it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.engine.vectors import windows_of
from poolviz.evaluation.pair_verdict import baseline_accuracy
from poolviz.figures.pairs.partners import partners_html
from poolviz.figures.pairs.rows import Accuracy, match_rows_html
from poolviz.figures.pairs.token_places import MAX_TOKENS, can_draw
from poolviz.language import N_, _, joined, listed
from poolviz.model.kinds import OUTCOMES
from poolviz.text.pieces import html_text
from poolviz.ui.frame import explained, loaders, state
from poolviz.ui.input.boxes import DOUBTS
from poolviz.ui.tokens.token_rows import draw_rows_to_choose
from poolviz.values.interval import Interval
from poolviz.values.pairs import PairExplanation
from poolviz.views.captions import reading_sentence
from poolviz.views.doubts import doubts
from poolviz.views.matchers import count_of_matches, pair_row
from poolviz.views.pairs import title
from poolviz.views.panel import Panel
from poolviz.views.passages import part_at
from poolviz.views.reasons import reason_sentences

_FIGURES = {
    "accuracy": (N_("test accuracy {figure}"), Interval.as_share),
    "f1": (N_("F1 {figure}"), Interval.as_number),
    "macro_f1": (N_("macro-F1 {figure}"), Interval.as_number),
    "roc_auc": (N_("ROC-AUC {figure}"), Interval.as_number),
}


def draw_matchers(
    checkpoints: Sequence[Checkpoint],
    pairs: Sequence[PairExplanation],
    panels: Mapping[str, Panel],
    known: str | None,
) -> PairExplanation:
    """Draw the rows, and below them the reasons of one; returns that one's pair.

    Parameters
    ----------
    panels : `poolviz.views.pairs.sentence_panels` of `pairs`.
    known : the outcome the pair is known to have, or None.
    """
    texts = {name: each.text for name, each in zip(panels, pairs[0].sides, strict=True)}
    with st.container(key=DOUBTS):
        say_doubts(checkpoints, texts)
    chosen = chosen_of(pairs)
    headline = [count_of_matches(pairs)]
    if pairs[0].sides[0].text.strip() == pairs[0].sides[1].text.strip():
        headline.append(_("These sentences are the same."))
    content = match_rows_html(
        [pair_row(pair) for pair in pairs],
        panels,
        [accuracy(checkpoint) for checkpoint in checkpoints],
        chosen.sides[0].checkpoint,
        joined(headline),
        [*baseline_note(checkpoints), *long_notes(panels)],
        None if known is None else [known == OUTCOMES[bool(pair.matches)] for pair in pairs],
    )
    draw_rows_to_choose(content, choose)
    draw_reasons(chosen, pairs, _reverse(checkpoints[pairs.index(chosen)], chosen))
    return chosen


def accuracy(checkpoint: Checkpoint) -> Accuracy:
    """A matcher's test figures from its card."""
    test = checkpoint.card["test"]
    figures = [
        _(text).format(figure=written(Interval.read(test[name])))
        for name, (text, written) in _FIGURES.items()
        if name in test
    ]
    return Accuracy(f"{Interval.read(test['accuracy']).value:.1%}", listed(figures))


def baseline_note(checkpoints: Sequence[Checkpoint]) -> list[str]:
    """What the column of accuracies is to be compared with, in a sentence or none."""
    baseline = baseline_accuracy(checkpoints[0].card)
    if baseline is None:
        return []
    return [
        _("Accuracy is that on the test pairs; counting characters reaches {value:.1%}.").format(
            value=baseline.value
        )
    ]


def long_notes(panels: Mapping[str, Panel]) -> list[str]:
    """Which sentences are shown in part."""
    shown = {name: len(part_at(0, len(panel.tokens))) for name, panel in panels.items()}
    return [
        _(
            "{name}: the rows show the first {shown} of {count:,} tokens; the CSV and JSON files "
            "hold all of them."
        ).format(name=name, shown=shown[name], count=len(panel.tokens))
        for name, panel in panels.items()
        if shown[name] < len(panel.tokens)
    ]


def say_doubts(checkpoints: Sequence[Checkpoint], texts: Mapping[str, str]) -> None:
    """Say what the matchers cannot read of the sentences, or not at once; these have names here."""
    vocabulary = loaders.pair_explainer(checkpoints[0]).vocabulary
    found: dict[str, list[str]] = {}
    in_windows: list[str] = []
    for name, text in texts.items():
        read = explained.encoded(vocabulary, text)
        for sentence in doubts(read):
            found.setdefault(sentence, []).append(name)
        in_windows += reading_sentence(name, *windows_of(read))
    for sentence, names in found.items():
        st.warning(f"**{listed(names)}**: {sentence}", icon=":material/help:")
    if in_windows:
        st.caption(joined(in_windows))


def chosen_of(pairs: Sequence[PairExplanation], usual: str = "") -> PairExplanation:
    """The pair whose reasons are to be shown.

    Parameters
    ----------
    usual : whose, where nobody has chosen one; else the first one's.
    """
    by_name = {pair.sides[0].checkpoint: pair for pair in pairs}
    return by_name.get(st.session_state["matrix_of"]) or by_name.get(usual, pairs[0])


def choose(name: str) -> None:
    """For callbacks: show the reasons of this one."""
    st.session_state["matrix_of"] = name
    state.mark_choice()


def draw_reasons(
    chosen: PairExplanation, pairs: Sequence[PairExplanation], reverse: float | None = None
) -> None:
    """Whose reasons, which may be chosen here, too; a sentence; and the picture.

    Parameters
    ----------
    reverse : the score of the sentences in the other order, where it may be another.
    """
    titles = {pair.sides[0].checkpoint: title(pair) for pair in pairs}
    st.session_state["_matrix_of"] = chosen.sides[0].checkpoint
    whose, why = st.columns([1, 3], vertical_alignment="center")
    whose.selectbox(
        _("Why, under"),
        list(titles),
        format_func=titles.__getitem__,
        key="_matrix_of",
        help=_("Whose reasons are shown; a click on its row does the same."),
        on_change=state.copy_back,
        args=("matrix_of",),
    )
    sentences = joined(reason_sentences(chosen, reverse))
    why.html(f"<div>{html_text(sentences)}</div>")
    if can_draw(chosen):
        st.html(partners_html(chosen))
    elif chosen.cells is not None:
        st.caption(
            _("Lines between tokens are drawn for sentences of up to {count} tokens.").format(
                count=MAX_TOKENS
            )
        )


def _reverse(checkpoint: Checkpoint, pair: PairExplanation) -> float | None:
    """The score of (B, A) where it may be another than that of (A, B)."""
    if checkpoint.readout_record.symmetric:
        return None
    [found] = explained.pairs([checkpoint], [side.text for side in reversed(pair.sides)])
    return found.pairs[0].score
