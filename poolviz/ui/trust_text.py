"""The half of the Trust page about the text of the view: curves, numbers, stress tests."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from poolviz.checkpoints import Checkpoint
from poolviz.figures.trust import erasure_curves
from poolviz.heads import HEADS
from poolviz.language import N_, _
from poolviz.trust.erasure import ERASURES
from poolviz.trust.measures import MEASURES, measure_text, text_generator
from poolviz.trust.model import Model
from poolviz.trust.rankings import RANKINGS
from poolviz.trust.stress import EPSILON, SHUFFLES, Outcome, Stress
from poolviz.ui import loaders
from poolviz.ui.controls import Choice
from poolviz.ui.trust import IN_TABLES, NOT_DEFINED, measure_title

MEASURES_SHOWN = ("comprehensiveness", "sufficiency", "tau", "tau_effect", "flip")
STRESS_TESTS = {
    "permuted": N_("Weights shuffled"),
    "uniform": N_("Weights made uniform"),
    "heaviest": N_("Heaviest token dropped"),
    "different": N_("Most different weights"),
}

Found = list[tuple[Checkpoint, dict[str, Any]]]  # what was measured, for each checkpoint


def this_text(choice: Choice, text: str, how: str) -> None:
    """Curves, measures and stress tests of the text of the view."""
    bar = st.progress(0.0, text=_("Erasing tokens …"))
    found = []
    for number, checkpoint in enumerate(choice.checkpoints):
        found.append((checkpoint, measured(checkpoint, text, how)))
        bar.progress((number + 1) / len(choice.checkpoints), text=_title(checkpoint))
    bar.empty()
    _curves(found, how)
    _figures(found)
    st.subheader(_("What if the weights were others?"), anchor=False)
    _draw_stress(found)


def _curves(found: Found, how: str) -> None:
    """A figure for each head, two side by side."""
    direction = st.segmented_control(
        _("Curve"),
        ["deletion", "insertion"],
        default="deletion",
        required=True,
        format_func=lambda key: _("Deletion") if key == "deletion" else _("Insertion"),
        key="curve",
        help=_(
            "Deletion erases the text from the top of each ranking: the faster the probability "
            "falls, the better the ranking knew what the head uses. Insertion puts it in from the "
            "top: the faster it rises, the better."
        ),
    )
    columns = st.columns(2)
    for number, (checkpoint, measured) in enumerate(found):
        notes = [_("Tokens are {erasure}.").format(erasure=_(ERASURES[how]))]
        if measured["units"] < measured["tokens"]:
            notes.append(
                _("{tokens:,} tokens in {units} equal segments.").format(
                    tokens=measured["tokens"], units=measured["units"]
                )
            )
        heading = f"{_title(checkpoint)}: {measured['class']}"
        figure = erasure_curves(heading, measured[direction], direction == "insertion", notes)
        with columns[number % 2]:
            st.plotly_chart(
                figure,
                key=f"curves_{checkpoint.name}",
                config={"displaylogo": False},
                alt=figure.layout.meta["alt"],
            )


def _figures(found: Found) -> None:
    """The measures of this text, a line for each head and ranking."""
    lines = [
        {
            _("Head"): _title(checkpoint),
            _("Ranking"): _(RANKINGS[ranking]),
            **{
                measure_title(name): _shown(measured["figures"][ranking].get(name, math.nan))
                for name in MEASURES_SHOWN
            },
        }
        for checkpoint, measured in found
        for ranking in (*IN_TABLES[:2], "gradient", *IN_TABLES[2:])
        if ranking in measured["figures"]
    ]
    with st.expander(_("The numbers of this text")):
        st.dataframe(pd.DataFrame(lines), hide_index=True, key="text_figures")
        for name in MEASURES_SHOWN:
            st.caption(f"{measure_title(name)}: {_(MEASURES[name].meaning)}")


def _draw_stress(found: Found) -> None:
    """One stress test under every head, chosen by a button."""
    test = st.segmented_control(
        _("Stress test"),
        list(STRESS_TESTS),
        default="permuted",
        required=True,
        format_func=lambda key: _(STRESS_TESTS[key]),
        key="stress",
        label_visibility="collapsed",
    )
    lines = []
    for checkpoint, measured in found:
        outcome = measured["stress"][test]
        cells = [NOT_DEFINED] * 4
        if outcome:
            flips = outcome["class"] != measured["class"]
            cells = [
                f"{outcome['before']:.1%} → {outcome['after']:.1%}",
                _shown(outcome["distance"]),
                outcome["class"] if flips else _("no"),
                _shown(outcome["divergence"]),
            ]
        heads = (
            _("Probability of the class"),
            _("Total variation distance"),
            _("Another class"),
            _("Divergence of the weights (nats)"),
        )
        lines.append({_("Head"): _title(checkpoint), **dict(zip(heads, cells, strict=True))})
    st.dataframe(pd.DataFrame(lines), hide_index=True, key="stress_table")
    st.caption(
        _(
            "The vectors are held, only the pooling changes. Shuffled: the median of {shuffles} "
            "shuffles. Most different: the greatest Jensen-Shannon divergence found (at most ln 2 "
            "= 0.693) with a total variation distance of at most ε = {epsilon}. n/a: max does not "
            "multiply by its weights."
        ).format(shuffles=SHUFFLES, epsilon=EPSILON)
    )


def measured(checkpoint: Checkpoint, text: str, how: str) -> dict[str, Any]:
    """The measures of one text under one head: plain lists and numbers.

    Returns
    -------
    `units`, `tokens`; `deletion` and `insertion`, for each ranking (S + 1,) probabilities;
    `figures`, for each ranking its measures; `stress`, for each of `STRESS_TESTS` its outcome, or
    None where it has no meaning; `class`, the predicted one.

    Raises
    ------
    TextError : there is nothing to measure in the text.
    """
    return _measured(str(checkpoint.folder), checkpoint.onnx_hash, text, how, checkpoint)


@st.cache_data(max_entries=64, show_spinner=False)
def _measured(
    folder: str, onnx_hash: str, text: str, how: str, _checkpoint: Checkpoint
) -> dict[str, Any]:
    model = loaders.trust_model(_checkpoint)
    explanation = model.explainer.explain(text)
    ids = model.explainer.vocabulary.encode(explanation.tokens)
    found = measure_text(model, ids, explanation.weights, explanation.contributions, how)
    return {
        "units": found.ablation.count,
        "tokens": len(ids),
        "class": explanation.predicted,
        "deletion": {name: one.deletion for name, one in found.curves.items()},
        "insertion": {name: one.insertion for name, one in found.curves.items()},
        "figures": {name: dict(figures) for name, figures in found.figures.items()},
        "stress": _stress(model, ids, explanation.weights, explanation.classes),
    }


def _stress(
    model: Model, ids: np.ndarray, weights: np.ndarray, classes: Sequence[str]
) -> dict[str, dict[str, Any] | None]:
    tests = model.stress(ids, weights)
    if tests is None:
        return dict.fromkeys(STRESS_TESTS)
    outcomes = {
        "permuted": tests.permuted(text_generator(ids)),
        "uniform": tests.uniform(),
        "heaviest": tests.without_heaviest(),
        "different": tests.most_different(),
    }
    return {name: _plain(outcome, tests, classes) for name, outcome in outcomes.items()}


def _plain(outcome: Outcome | None, tests: Stress, classes: Sequence[str]) -> dict[str, Any] | None:
    if outcome is None:
        return None
    before = int(tests.probabilities.argmax())
    return {
        "class": classes[int(outcome.probabilities.argmax())],
        "before": float(tests.probabilities[before]),
        "after": float(outcome.probabilities[before]),
        "distance": outcome.distance,
        "divergence": outcome.divergence,
    }


def _title(checkpoint: Checkpoint) -> str:
    """The head's name in the language of the page."""
    return _(HEADS[checkpoint.head].title)


def _shown(value: float) -> str:
    """A number, or that there is none."""
    return NOT_DEFINED if math.isnan(value) else f"{value:.3f}"
