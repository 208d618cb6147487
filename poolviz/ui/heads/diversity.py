"""What it does to a head to keep its rows of weights apart in training, as far as it was tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from poolviz.evaluation.retraining.diversity import Effect, effects
from poolviz.language import N_, _, joined
from poolviz.model.own_heads import head_title
from poolviz.ui.frame.markdown import plain


def draw_diversity(found: Mapping[str, Any]) -> None:
    """Two sentences, and a line for each weight of the penalty.

    Parameters
    ----------
    found : what `poolviz.evaluation.diversity.read` gave.
    """
    by_weight = effects(found)
    st.markdown(f"**{plain(_sentence(head_title(found['head']), by_weight))}**")
    st.dataframe(
        pd.DataFrame([_line(weight, of) for weight, of in by_weight.items()]),
        hide_index=True,
        key="diversity",
    )
    st.caption(
        _(
            "Means of {seeds} trainings with other seeds; in brackets what the penalty changes, "
            "with the 95 % interval over other trainings. Rows apart: mean Jensen-Shannon "
            "divergence of two rows of a test text, from 0 to 0.693 nats. Believed: how good the "
            "order of the weights is for erasing tokens, 0 the worst order and 1 the best, on "
            "{rows} test rows. None of these trainings is kept; a model is trained so with "
            "--diversity."
        ).format(seeds=len(found["trainings"][0]["seeds"]), rows=found["trust_rows"])
    )


def _sentence(head: str, by_weight: Mapping[float, Mapping[str, Effect]]) -> str:
    """What the strongest penalty that was tried does to all three measures."""
    without, *_between, strongest = by_weight.values()
    return joined(
        [
            _(
                "With the penalty on rows that are alike, at weight {weight:g}, the rows of {head} "
                "are {apart:.2f} nats apart instead of {before:.2f}."
            ).format(
                weight=max(by_weight),
                head=head,
                apart=strongest["apart"].mean,
                before=without["apart"].mean,
            ),
            _("Test accuracy {change}; how far the weights can be believed {other_change}.").format(
                change=_(_change(strongest["accuracy"])),
                other_change=_(_change(strongest["believed"])),
            ),
        ]
    )


def _change(effect: Effect) -> str:
    """Whether other trainings can be told to change alike, by the interval."""
    if effect.difference is None or effect.difference.low <= 0 <= effect.difference.high:
        return N_("is not shown to change")
    return N_("rises") if effect.difference.value > 0 else N_("falls")


def _line(weight: float, of: Mapping[str, Effect]) -> dict[str, str]:
    return {
        _("Weight of the penalty"): f"{weight:g}",
        _("Rows apart (nats)"): _cell(of["apart"], 3),
        _("Test accuracy"): _cell(of["accuracy"], 3),
        _("Believed"): _cell(of["believed"], 3),
    }


def _cell(effect: Effect, digits: int) -> str:
    """The mean, and the difference to the trainings without penalty."""
    mean, change = f"{effect.mean:.{digits}f}", effect.difference
    if change is None:
        return mean
    low, high = (f"{end:+.{digits}f}" for end in (change.low, change.high))
    return f"{mean} ({change.value:+.{digits}f}, {low} – {high})"
