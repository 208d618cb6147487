"""Class probabilities with all weight rows of a head, and without those that are switched off."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from poolviz.figures import colours
from poolviz.language import _, joined, ngettext
from poolviz.model.class_names import class_label
from poolviz.text.pieces import html_text
from poolviz.values.explanation import Explanation

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
_CLASSES = 5


def switched_html(explanation: Explanation, after: np.ndarray) -> str:
    """A bar for each class that is among the five most probable before or after.

    Parameters
    ----------
    after : (K,) probabilities without the rows.
    """
    before = explanation.probabilities
    chosen = _most_probable(before, after)
    lines = "".join(
        _line(explanation.classes[k], float(before[k]), float(after[k])) for k in chosen
    )
    notes = [_meaning(explanation)]
    if left := len(before) - len(chosen):
        notes.append(
            ngettext(
                "{count} less probable class is left out.",
                "{count} less probable classes are left out.",
                left,
            ).format(count=left)
        )
    return (
        f'<div class="pvw"><style>{_style()}</style>{lines}'
        f'<div class="pvw-foot">{html_text(joined(notes))}</div></div>'
    )


def _line(name: str, before: float, after: float) -> str:
    return (
        f'<div class="pvw-row"><div>{html_text(class_label(name))}</div><div class="pvw-axis">'
        f'<i style="width:{after:.2%}"></i><i class="pvw-before" style="width:{before:.2%}"></i>'
        f'</div><div class="pvw-number">{before:.1%} → <b>{after:.1%}</b></div></div>'
    )


def _meaning(explanation: Explanation) -> str:
    if explanation.exact:
        return _(
            "Dashed: with all weight rows. Exact: each logit is the bias and a sum over the weight "
            "rows, so a row that is switched off only takes its part away. With all rows off the "
            "bias is left."
        )
    return _(
        "Dashed: with all weight rows. Approximate: under this read-out a weight row's part in the "
        "logits is an estimate."
    )


def _most_probable(before: np.ndarray, after: np.ndarray) -> list[int]:
    """Columns among the most probable of either, by falling probability before."""
    top = {k for values in (before, after) for k in np.argsort(-values, kind="stable")[:_CLASSES]}
    return sorted((int(k) for k in top), key=lambda k: -before[k])


@cache
def _style() -> str:
    return _STYLE.replace("POINT", colours.POINT)
