"""`check-head`: hold a pooling head of one's own against the contract of a head."""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from poolviz.cli import terminal
from poolviz.cli.loading import load_training
from poolviz.training.own import plugin

if TYPE_CHECKING:
    from poolviz.training.head_contract import Report

SPLITS = {
    "weights": "parts that add up exactly, the pooled vector is the sum of weights × inputs",
    "payments": "parts that add up exactly, its payments sum to the pooled vector",
    "nothing": "approximate, the pooled vector is not the sum of weights × inputs and the class "
    "has no payments(inputs, mask)",
}


def run(arguments: Namespace) -> bool:
    """Say which rules hold and where the others are broken; True where all hold."""
    file, name = plugin.locate(arguments.layer)
    (head_contract,) = load_training("head_contract")
    with redirect_stdout(sys.stderr):  # what the file prints is no answer of this command
        report = head_contract.check(plugin.load_class(file, name))
    if arguments.json:
        terminal.write_json(_json(report))
    else:
        _write(report, {name: rule.says for name, rule in head_contract.RULES.items()})
    return not report.broken


def _json(report: Report) -> dict[str, object]:
    return {
        "class": report.name,
        "head": report.key,
        "exact": report.exact if report.splits else None,
        "splits": report.splits,
        "held": list(report.held),
        "broken": report.broken,
        "unchecked": list(report.unchecked),
    }


def _write(report: Report, meanings: dict[str, str]) -> None:
    for name in report.held:
        terminal.write(f"holds   {name}: {meanings[name]}")
    for name, sentence in report.broken.items():
        terminal.write(f"broken  {name}: {sentence}")
    if report.unchecked:
        terminal.write(f"not checked, since all else stands on it: {', '.join(report.unchecked)}")
    if report.splits:
        terminal.write(
            f"{report.name} keeps all {len(meanings)} rules. As a head its name is {report.key}; "
            f"contributions are {SPLITS[report.splits]}."
        )
    else:
        terminal.write(f"Broken: {len(report.broken)} of {len(meanings)} rules.")
