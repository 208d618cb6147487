"""`trust --shapley`: a short text's contributions beside its Shapley values."""

from __future__ import annotations

import math
from argparse import Namespace
from typing import Any

from poolviz.cli import terminal
from poolviz.cli.inputs import TEXT_SHOWN, chosen_checkpoints
from poolviz.engine.texts import Explainer, encoded_each
from poolviz.errors import ChoiceError
from poolviz.model.kinds import CLASSIFIER, kinds_of
from poolviz.text.pieces import as_label
from poolviz.trust.ablation.erasure import ERASURES
from poolviz.trust.ablation.model import Model
from poolviz.trust.text.shapley import (
    ORDER_PAIRS,
    Comparison,
    Likeness,
    check_short,
    compare_all,
)
from poolviz.views.captions import contribution_sentence
from poolviz.watch import Watch


def run(arguments: Namespace) -> bool:
    """A table for each head, for people, or a JSON array with an object a head."""
    if arguments.csv or arguments.folder or arguments.labels:
        raise ChoiceError("--shapley reads no rows; leave out --csv, --folder and --labels.")
    chosen = chosen_checkpoints(arguments, kinds_of(CLASSIFIER))
    models = [Model(Explainer(checkpoint)) for checkpoint in chosen]
    texts = encoded_each([model.explainer for model in models], arguments.shapley)
    check_short(texts[0])
    told = "The work was stopped by Ctrl+C."
    with terminal.stop_on_interrupt(told) as cancelled, terminal.StatusLine() as status:
        progress = terminal.count_progress(status, "Shapley values")
        found = compare_all(models, texts, Watch(progress, cancelled))
    if arguments.json:
        terminal.write_json([_as_json(comparison) for comparison in found])
        return True
    terminal.write(as_label(texts[0].text, TEXT_SHOWN))
    for comparison in found:
        _write(comparison)
    _write_notes(found)
    return True


def _write(comparison: Comparison) -> None:
    explanation, target = comparison.explanation, comparison.explanation.predicted
    terminal.write()
    terminal.write(f"{explanation.checkpoint}: to {target}, in logits")
    columns = {how: comparison.values(target, how) for how in ERASURES}
    errors = {how: comparison.errors(target, how) for how in ERASURES}
    lines = [
        [number + 1, as_label(token.text), f"{own:+.3f}"]
        + [_value(columns[how][number], errors[how][number]) for how in ERASURES]
        for number, (token, own) in enumerate(
            zip(explanation.tokens, comparison.contributions(target), strict=True)
        )
    ]
    own = comparison.contributions(target).sum()
    lines.append(["", "sum", f"{own:+.3f}", *(f"{columns[how].sum():+.3f}" for how in ERASURES)])
    terminal.write_table(["#", "token", "contribution", *ERASURES], lines, "rlrrrr")
    for how in ERASURES:
        terminal.write(f"  {how}: {_likeness(comparison.likeness(target, how))}")


def _write_notes(found: list[Comparison]) -> None:
    terminal.write()
    terminal.write("mask, unknown, remove: Shapley values, and what becomes of erased tokens.")
    terminal.write(contribution_sentence(*(comparison.explanation for comparison in found)))
    if not found[0].shapley["mask"].exact:
        terminal.write(f"Sampled over {2 * ORDER_PAIRS} orders; ± one standard error.")


def _value(value: float, error: float) -> str:
    return f"{value:+.3f} ± {error:.3f}" if error else f"{value:+.3f}"


def _likeness(found: Likeness) -> str:
    r, tau = ("n/a" if math.isnan(value) else f"{value:.3f}" for value in (found.r, found.tau))
    return f"r {r}, tau {tau}, same sign {found.same_sign:.1%}"


def _as_json(comparison: Comparison) -> dict[str, Any]:
    explanation, target = comparison.explanation, comparison.explanation.predicted
    return {
        "task": explanation.dataset,
        "name": explanation.checkpoint,
        "class": target,
        "tokens": [token.text for token in explanation.tokens],
        "contributions": comparison.contributions(target).tolist(),
        "shapley": {
            how: {
                "values": comparison.values(target, how).tolist(),
                "standard_errors": comparison.errors(target, how).tolist(),
                "exact": comparison.shapley[how].exact,
                **{
                    name: None if math.isnan(value) else value
                    for name, value in vars(comparison.likeness(target, how)).items()
                },
            }
            for how in ERASURES
        },
    }
