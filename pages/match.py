"""The Match page: two or three sentences under every matcher, and the nearest of a list."""

from collections.abc import Sequence

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.selection import choose
from poolviz.errors import PoolvizError
from poolviz.evaluation.pair_verdict import baseline_accuracy, best_of, none_beats_baseline
from poolviz.export.pairs import match_contents
from poolviz.language import N_, _
from poolviz.model.kinds import MATCHER, kinds_of
from poolviz.text.tokens import clean_text
from poolviz.trust.ablation.selfcheck import PaddedRun, pair_padding_check
from poolviz.ui.frame import explained, loaders, state
from poolviz.ui.frame.controls import controls, dataset_title
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.exports import draw_exports
from poolviz.ui.input.pair_input import PairInput, pair_input
from poolviz.ui.match.cards import draw_match_cards
from poolviz.ui.match.nearest import draw_nearest
from poolviz.ui.match.token_pairs import token_pairs
from poolviz.ui.trust.padding import draw_padding
from poolviz.values.interval import Interval
from poolviz.values.pairs import PairExplanation
from poolviz.views.pairs import Explained, check_sentences, sentence_panels

QUANTITIES = {"weight": N_("Weight"), "contribution": N_("Contribution")}


def warn_of_baseline(matchers: list[Checkpoint]) -> None:
    """Say so where counting characters does as well as every matcher of the data set."""
    if not none_beats_baseline(matchers):
        return
    best = best_of(matchers)
    own, baseline = Interval.read(best.card["test"]["accuracy"]), baseline_accuracy(best.card)
    assert baseline is not None, "it was measured beside these matchers"
    st.warning(
        _(
            "No matcher of this data set is better than counting characters by more than the 95 % "
            "interval. The best, {name}, is right on {own} of the test pairs, the cosine "
            "of character counts on {baseline:.1%}."
        ).format(
            name=best.title,
            own=own.as_share(),
            baseline=baseline.value,
        )
    )


def explain(checkpoint: Checkpoint, given: PairInput) -> tuple[Explained, float | None]:
    """What a matcher says; and the score of (B, A) where it may be another than that of (A, B)."""
    [found] = explained.pairs([checkpoint], given.texts)
    if len(given.texts) > 2 or checkpoint.readout_record.symmetric:
        return found, None
    [reverse] = explained.pairs([checkpoint], given.texts[::-1])
    assert isinstance(reverse, PairExplanation), "two sentences were given"
    return found, reverse.score


def padded_runs(matchers: Sequence[Checkpoint], texts: Sequence[str]) -> dict[str, list[PaddedRun]]:
    """The first two sentences at several padded lengths under every chosen matcher."""
    found = {}
    for checkpoint in matchers:
        explainer = loaders.pair_explainer(checkpoint)
        a, b = (explained.encoded(explainer.vocabulary, text).ids for text in texts[:2])
        found[checkpoint.title] = pair_padding_check(explainer, a, b)
    return found


choice = controls("match")
st.header(
    _("Do these sentences match? {title}").format(title=dataset_title(choice.dataset)),
    anchor=False,
)
warn_of_baseline(choose(loaders.all_checkpoints(), choice.dataset, kinds_of(MATCHER)))
given = pair_input(choice)
quantity = state.switch(
    "match_quantity",
    _("Show"),
    QUANTITIES,
    help=_(
        "A weight is what the head multiplies by (for max: the share of channels won). A "
        "contribution is what the position added to the centred logit of a match, given the other "
        "sentence."
    ),
)
try:
    check_sentences(given.mode, given.texts)
    found = [explain(checkpoint, given) for checkpoint in choice.checkpoints]
except PoolvizError as error:
    st.info(error_sentence(error))
else:
    matched = [each for each, _reversed in found]
    panels = sentence_panels(matched, quantity)
    if len({clean_text(text).strip() for text in given.texts}) == 1:
        st.info(_("These sentences are the same."))
    draw_match_cards(
        choice.checkpoints, matched, [score for _e, score in found], panels, given.known
    )
    shared = token_pairs(matched)
    st.subheader(_("Does padding leak?"), anchor=False)
    if st.toggle(_("Check the padding"), key="check_padding"):
        draw_padding(_("Matcher"), padded_runs(choice.checkpoints, given.texts))
    if given.share.open:
        with given.share:
            draw_exports(
                match_contents(matched, panels, shared),
                subject=(given.texts, quantity, st.session_state["common"], choice.checkpoints),
            )
draw_nearest(choice, given.texts[0])
