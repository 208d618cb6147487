"""The search for the tokens without which each head decides otherwise, beside the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.engine.texts import encoded_each
from poolviz.language import _, joined, listed, ngettext
from poolviz.model.class_names import class_label
from poolviz.text.edits import without
from poolviz.text.pieces import one_line, shortened, together
from poolviz.trust.ablation.erasure import MOST_UNITS
from poolviz.trust.text.counterfactual import Removal, smallest_removals
from poolviz.ui.frame import jobs, loaders
from poolviz.ui.frame.markdown import plain
from poolviz.ui.sidebar.choice import Choice
from poolviz.values.explanation import Explanation

JOB = "flips"
_NAMED = 6  # pieces of the text that are quoted


def draw_search(
    choice: Choice, explanation: Explanation, change: Callable[[str, str], None]
) -> None:
    """Draw the search for the text of the view: a button, its progress, what was found.

    Parameters
    ----------
    explanation : of the text of the view, by any of the heads.
    change : called with the text and what is left of it when somebody takes the tokens out.
    """
    subject = (explanation.text, tuple(c.onnx_hash for c in choice.checkpoints))
    st.caption(_meaning(len(explanation.tokens)))
    finished = jobs.draw(JOB, _("Taking out tokens …"), subject)
    if finished:
        for checkpoint, removal in zip(choice.checkpoints, finished.result, strict=True):
            _draw(choice, checkpoint, explanation, removal, change)
    elif not jobs.job(JOB, subject) and st.button(
        _("Search under every head"),
        icon=":material/search:",
        key="find_flips",
        help=_("A moment for a sentence, longer for a long text; it can be cancelled."),
    ):
        models = [loaders.trust_model(checkpoint) for checkpoint in choice.checkpoints]
        encoded = encoded_each([model.explainer for model in models], explanation.text)
        ids, special = [each.ids for each in encoded], encoded[0].vocabulary.special_ids
        jobs.start(JOB, partial(smallest_removals, models, ids, special_ids=special), subject)
        st.rerun()


def _meaning(count: int) -> str:
    sentences = [
        _(
            "Searches the text above for the smallest set of tokens without which a head decides "
            "otherwise. Tokens are taken out, so their neighbours meet: first the one that costs "
            "the class most, then the next, until the decision flips; then every token that is "
            "not needed is put back. A smaller set of others may exist."
        )
    ]
    if count > MOST_UNITS:
        sentences.append(
            _(
                "This text has {count:,} tokens: it is searched in {units} equal segments, then "
                "what was found in finer ones, down to single tokens."
            ).format(count=count, units=MOST_UNITS)
        )
    return joined(sentences)


def _draw(
    choice: Choice,
    checkpoint: Checkpoint,
    explanation: Explanation,
    removal: Removal | None,
    change: Callable[[str, str], None],
) -> None:
    """What was found for one head, and a button that takes it out."""
    name = f"**{checkpoint.head_title}**"
    if removal is None:
        st.markdown(_("{head}: no such set was found.").format(head=name))
        return
    total = len(explanation.tokens)
    count = ngettext("{count} of {total:,} token", "{count} of {total:,} tokens", total).format(
        count=len(removal.positions), total=total
    )
    if removal.minimal:
        count = _("{count}: no smaller set exists").format(count=count)
    sentence = _("{head}: **{predicted}** with {share:.1%} without {tokens} ({count})").format(
        head=name,
        predicted=plain(class_label(checkpoint.classes[int(removal.probabilities.argmax())])),
        share=removal.probabilities.max(),
        tokens=_quoted(explanation, removal.positions),
        count=count,
    )
    words, button = st.columns([5, 1], vertical_alignment="center")
    words.markdown(sentence)
    button.button(
        _("Take out"),
        icon=":material/delete:",
        key=f"take_out_{checkpoint.name}",
        help=_("The text without these tokens is compared with the text as it is."),
        on_click=_take_out,
        args=(explanation, removal.positions, choice.cut_by, change),
    )


def _take_out(
    explanation: Explanation,
    positions: Sequence[int],
    unit: str | None,
    change: Callable[[str, str], None],
) -> None:
    text = explanation.text
    change(text, without(text, explanation.tokens, positions, unit))


def _quoted(explanation: Explanation, positions: Sequence[int]) -> str:
    """The tokens in quotation marks, those that stand together in one."""
    tokens = explanation.tokens
    pieces = [
        explanation.text[tokens[first].start : tokens[last].end]
        for first, last in together(positions)
    ]
    named = [f"“{plain(shortened(one_line(piece), 24))}”" for piece in pieces[:_NAMED]]
    return listed([*named, "…"] if len(pieces) > _NAMED else named)
