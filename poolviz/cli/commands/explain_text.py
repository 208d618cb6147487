"""`explain`: what each head predicts for a text, and which tokens it looks at."""

from __future__ import annotations

from argparse import Namespace

import numpy as np

from poolviz.cli import terminal, tinted
from poolviz.cli.commands import explain_sentences
from poolviz.cli.inputs import TEXT_SHOWN, explanations, family_for
from poolviz.figures.method import method
from poolviz.model.kinds import CLASSIFIER, MATCHER
from poolviz.text.pieces import as_label
from poolviz.values.explanation import Explanation
from poolviz.views import captions
from poolviz.views.panel import Row, panel, top_tokens
from poolviz.views.tints import tint_power
from poolviz.views.view import View
from poolviz.views.words import fold_words


def run(arguments: Namespace) -> bool:
    """Explain the text or texts; tables for people, or a JSON array with an object a model."""
    return BY_FAMILY[family_for(arguments.dataset, arguments.kind, arguments.other)](arguments)


def _run_one_text(arguments: Namespace) -> bool:
    found = explanations(arguments)
    if arguments.json:
        folded = [fold_words(e) if arguments.words else e for e in found]
        terminal.write_json([explanation.to_json() for explanation in folded])
        return True
    weights, contributions = (
        panel(found, View(quantity=quantity, words=arguments.words))
        for quantity in ("weight", "contribution")
    )
    _write_text(weights.summaries[0].explanation, arguments.words)
    for weight, contribution in zip(weights.summaries, contributions.summaries, strict=True):
        _write_head(weight, contribution, arguments.top)
        for shown, row in ((weights, weight), (contributions, contribution)):
            if tinted.colours_of_terminal():
                terminal.write(f"  {row.unit}:")
                tinted.write_tinted(row, tint_power(shown))
    return True


BY_FAMILY = {CLASSIFIER: _run_one_text, MATCHER: explain_sentences.run}


def _write_text(explanation: Explanation, words: bool) -> None:
    unknown = sum(not token.known for token in explanation.tokens)
    what = "words" if explanation.folded else "tokens"
    terminal.write(as_label(explanation.text, TEXT_SHOWN))
    terminal.write(f"{len(explanation.tokens):,} {what}, {unknown:,} not in the vocabulary")
    if words:
        terminal.write(captions.folding(explanation))
    terminal.write(method(explanation))
    terminal.write(captions.contribution_sentence(explanation))


def _write_head(weight: Row, contribution: Row, count: int) -> None:
    """One head: the predicted class, all probabilities, and the top tokens in two rankings."""
    explanation = weight.explanation
    order = np.argsort(-explanation.probabilities, kind="stable")
    shares = [f"{explanation.classes[k]} {explanation.probabilities[k]:.1%}" for k in order]
    terminal.write()
    terminal.write(f"{weight.label}: {explanation.predicted}")
    terminal.write(f"  {', '.join(shares)}")
    unit = "word" if explanation.folded else "token"
    rankings = [
        [_cells(entry, form) for entry in top_tokens(row, count)]
        for row, form in ((weight, ".4f"), (contribution, "+.4f"))
    ]
    terminal.write_table(
        ["", "#", unit, weight.unit, "", "#", unit, contribution.unit],
        [["", *left, "", *right] for left, right in zip(*rankings, strict=True)],
        "lrlrlrlr",
    )


def _cells(entry: dict, form: str) -> list[str]:
    token = as_label(entry["token"])
    if not entry["known"]:
        token += " (unknown)"
    return [str(entry["position"]), token, format(entry["value"], form)]
