"""What a text's erasures say of one head, drawn: its curves, its disagreement, its rankings."""

from __future__ import annotations

import numpy as np

from poolviz.figures.figure import Figure
from poolviz.figures.trust.rankings import (
    agreement_matrix,
    erasure_curves,
    weight_against_contribution,
)
from poolviz.language import _
from poolviz.model.class_names import class_label
from poolviz.trust.tables import COMPARED, erasure_note, head_title, ties_note, units_note
from poolviz.trust.text.reading import Reading


def curves_figure(reading: Reading, inserting: bool) -> Figure:
    """The curves of every ranking of a text under one head."""
    explanation = reading.explanation
    heading = f"{head_title(explanation.head)}: {class_label(explanation.predicted)}"
    found = reading.trust.curves.items()
    values = {
        ranking: getattr(curves, "insertion" if inserting else "deletion")
        for ranking, curves in found
    }
    notes = [
        erasure_note(reading.how, explanation.window),
        *units_note(reading),
        ties_note(),
    ]
    if reading.apart() is None and reading.trust.ablation.count > 1:
        notes.append(_("Equal weights: only random orders differ from Uniform."))
    return erasure_curves(heading, values, inserting, notes)


def disagreement_figure(reading: Reading) -> Figure:
    """Weight against contribution of a text's units under one head."""
    explanation = reading.explanation
    return weight_against_contribution(
        _("{head}: weight against contribution to {name}").format(
            head=head_title(explanation.head), name=class_label(explanation.predicted)
        ),
        reading.unit_texts(),
        reading.score("weight"),
        reading.score("contribution"),
        1 / len(explanation.tokens),
        reading.apart(),
        [*units_note(reading), _("Dotted: the weight of average pooling.")],
    )


def agreement_figure(reading: Reading) -> Figure:
    """Kendall's tau between all rankings of a text under one head."""
    rankings = [ranking for ranking in COMPARED if ranking in reading.trust.scores]
    taus = np.array([[reading.agreement(a, b) for b in rankings] for a in rankings])
    return agreement_matrix(
        _("{head}: Kendall's tau between rankings").format(
            head=head_title(reading.explanation.head)
        ),
        rankings,
        taus,
        [erasure_note(reading.how, reading.explanation.window), *units_note(reading)],
    )
