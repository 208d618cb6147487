"""`explain`: what each head predicts for a text, and which tokens it looks at."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

import numpy as np

from poolviz.cli import terminal, tinted
from poolviz.cli.commands import explain_sentences
from poolviz.cli.flags.bulk import OF_COLUMNS, OF_ROWS, check_rows
from poolviz.cli.inputs import (
    TEXT_SHOWN,
    chosen_explainers,
    explanations,
    family_for,
    the_lines,
    the_text,
)
from poolviz.cli.work import bulk
from poolviz.errors import ChoiceError, TextError
from poolviz.figures.method import method
from poolviz.language import error_message
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
    check_rows(arguments, (*OF_ROWS, *OF_COLUMNS, "outputs"), ("lines", "other", "words"))
    family = family_for(arguments)
    if arguments.lines:
        if family is not CLASSIFIER:
            raise ChoiceError("--lines is for classifiers; leave it out for matchers.")
        return _run_lines(arguments)
    if arguments.input is not None:
        return ROWS_BY_FAMILY[family](arguments)
    return BY_FAMILY[family](arguments)


def _run_one_text(arguments: Namespace) -> bool:
    text = the_text(arguments)
    found = explanations(chosen_explainers(arguments), text)
    if arguments.json:
        terminal.write_json(_as_json(arguments, found))
    else:
        _write(arguments, found)
    return True


def _run_lines(arguments: Namespace) -> bool:
    """Each line as a text, with its number; False where one of them cannot be read."""
    lines, explainers = the_lines(arguments), chosen_explainers(arguments)
    objects, good = [], True
    for number, line in lines:
        where = f"Line {number:,}: "
        try:
            found = explanations(explainers, line, where)
        except TextError as error:
            terminal.note(where + error_message(error))
            good = False
            continue
        if arguments.json:
            objects += [{"line": number, **each} for each in _as_json(arguments, found)]
        else:
            terminal.write(f"Line {number:,}")
            _write(arguments, found)
            terminal.write()
    if arguments.json:
        terminal.write_json(objects)
    return good


def _as_json(arguments: Namespace, found: Sequence[Explanation]) -> list[dict]:
    folded = [fold_words(each) if arguments.words else each for each in found]
    return [explanation.to_json() for explanation in folded]


def _write(arguments: Namespace, found: Sequence[Explanation]) -> None:
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


ROWS_BY_FAMILY = {CLASSIFIER: bulk.explain, MATCHER: bulk.match}
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
    for sentence in captions.special_sentence(explanation.tokens):
        terminal.write(sentence)


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
