"""README's tables of results, made from what is shipped: `python -m tests.readme` rewrites them.

It also takes the commands into the Chinese README, which has the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from poolviz import places
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import choose
from poolviz.datasets import CATALOGUE
from poolviz.evaluation import exactness, measurements, shifted
from poolviz.evaluation.retraining import chosen
from poolviz.evaluation.retraining import results as retraining
from poolviz.model.kinds import CLASSIFIER, MATCHER, kinds_of
from poolviz.values.interval import Interval
from tests.benchmarks import report

README = places.SHIPPED_CHECKPOINTS.parent / "README.md"
CHINESE = README.with_name("README.zh-CN.md")
_BLOCK = re.compile(r"```\w+\n.*?\n```", re.DOTALL)
_FAR = ("files", "larger")  # benchmarks of many rows
NOT_MEASURED = "–"


def main() -> None:
    """Rewrite the tables in place, and the commands in the Chinese README."""
    text = with_tables(README.read_text(encoding="utf-8"))
    README.write_text(text, encoding="utf-8")
    CHINESE.write_text(with_blocks(CHINESE.read_text(encoding="utf-8"), text), encoding="utf-8")


def with_blocks(text: str, source: str) -> str:
    """A text with the blocks of commands and code of another one, which has as many."""
    blocks = _BLOCK.findall(source)
    assert len(_BLOCK.findall(text)) == len(blocks), "the two READMEs need as many blocks"
    remaining = iter(blocks)
    return _BLOCK.sub(lambda _match: next(remaining), text)


def with_tables(text: str) -> str:
    """README with its tables as they should be."""
    shipped = _shipped()
    tables = {
        "results": _results(shipped),
        "shifted": _shifted(shipped),
        "comparisons": _comparisons(shipped),
        "chosen": _chosen(),
        "matchers": _matchers(),
        "benchmarks": benchmarks_table(),
        "far": far_table(),
    }
    for name, table in tables.items():
        block = "\n".join([f"<!-- {name} -->", *table, f"<!-- end of {name} -->"])
        pattern = rf"<!-- {name} -->.*?<!-- end of {name} -->"
        text, count = re.subn(pattern, lambda _match, new=block: new, text, flags=re.DOTALL)
        assert count == 1, f"README needs the marks of {name}"
    return text


def _shipped() -> dict[str, list[Checkpoint]]:
    """The shipped linear checkpoints of each data set, in the order of catalogue and heads."""
    listed = list_checkpoints([places.SHIPPED_CHECKPOINTS])
    found = {}
    for task in CATALOGUE:
        own = choose(listed, task, kinds_of(CLASSIFIER), readout="linear")
        if own:
            found[task] = own
    return found


def _results(shipped: Mapping[str, Sequence[Checkpoint]]) -> list[str]:
    columns = (
        "data set",
        "head",
        "test accuracy (95 %)",
        "over seeds",
        "macro-F1 (95 %)",
        "test rows",
        "parameters",
        "training",
        "explaining",
        "rows over 512 tokens",
    )
    return _table(columns, [_line(c) for checkpoints in shipped.values() for c in checkpoints])


def _line(checkpoint: Checkpoint) -> list[str]:
    card, test = checkpoint.card, checkpoint.card["test"]
    measured = measurements.read(checkpoint)
    long = measured["long_rows"]
    return [
        f"`{checkpoint.task}`",
        f"`{checkpoint.head}`",
        _written(test["accuracy"]),
        f"{card['seeds']['mean_accuracy']:.3f}",
        _written(test["macro_f1"]),
        f"{test['rows']:,}",
        f"{card['parameters']:,}",
        f"{card['fit']['seconds']:.0f} s",
        f"{measured['explain']['milliseconds']:.2f} ms",
        f"{_written(long['accuracy'])}, n {long['rows']}" if long else NOT_MEASURED,
    ]


def _shifted(shipped: Mapping[str, Sequence[Checkpoint]]) -> list[str]:
    columns = (
        "data set",
        "on rows of",
        "rows",
        "head",
        "accuracy on its own test rows",
        "accuracy there (95 %)",
        "macro-F1 there (95 %)",
    )
    lines = [
        [
            f"`{task}`",
            f"`{shift.sample}`",
            f"{shift.rows:,}",
            f"`{c.head}`",
            f"{c.card['test']['accuracy']['value']:.3f}",
            shift.accuracy[c.head].as_number(),
            shift.macro_f1[c.head].as_number(),
        ]
        for task, checkpoints in shipped.items()
        for shift in shifted.shifts(checkpoints)
        for c in checkpoints
        if c.head in shift.accuracy
    ]
    return _table(columns, lines)


def _comparisons(shipped: Mapping[str, Sequence[Checkpoint]]) -> list[str]:
    columns = (
        "data set",
        "weights between heads",
        "between seeds",
        "heads shown to differ more than retraining",
        "pairs in which a head is better over trainings",
        "`linear`",
        "`mlp`",
        "`mlp` − `linear`, points (95 %)",
        "p, Holm",
    )
    lines = []
    read = {task: exactness.read(checkpoints) for task, checkpoints in shipped.items()}
    adjusted = exactness.adjusted({task: pairs for task, pairs in read.items() if pairs})
    for task, checkpoints in shipped.items():
        spread = measurements.spread(checkpoints)
        cells = [f"`{task}`", f"{spread.heads:.3f}", f"{spread.seeds:.3f}"]
        cells += [_further(checkpoints), _fought(checkpoints)]
        if pairs := read[task]:
            cost = exactness.mean_cost(pairs)
            difference = cost.difference.as_points()
            if len(pairs) < len(checkpoints):
                difference += f", {len(pairs)} of {len(checkpoints)} heads"
            cells += [f"{cost.exact:.3f}", f"{cost.estimate:.3f}", difference]
            cells.append(f"{adjusted[task]:.3f}")
        else:
            cells += [NOT_MEASURED] * 4
        lines.append(cells)
    return _table(columns, lines)


def _further(checkpoints: Sequence[Checkpoint]) -> str:
    """Of how many heads it is shown that other heads lie further away than their retraining."""
    found = retraining.read(checkpoints)
    if found is None:
        return NOT_MEASURED
    return f"{sum(each.further is True for each in found.heads.values())} of {len(found.heads)}"


def _fought(checkpoints: Sequence[Checkpoint]) -> str:
    """In how many pairs of heads one is shown to be better over several trainings."""
    found = retraining.read(checkpoints)
    if found is None or not found.duels:
        return NOT_MEASURED
    return f"{sum(each.better is not None for each in found.duels)} of {len(found.duels)}"


def _chosen() -> list[str]:
    """The shipped models beside those whose settings were chosen anew, both read-outs."""
    columns = (
        "data set",
        "head",
        "read-out",
        "test accuracy as shipped (95 %)",
        "setting chosen anew",
        "test accuracy with it (95 %)",
        "p, Holm",
    )
    listed = list_checkpoints([places.SHIPPED_CHECKPOINTS])
    lines = [
        [
            f"`{task}`",
            f"`{line['head']}`",
            f"`{line['readout']}`",
            line["accuracy"].as_number(),
            line["setting"],
            line["accuracy, chosen anew"].as_number(),
            f"{line['p, chosen anew']:.3f}",
        ]
        for task in CATALOGUE
        for line in chosen.lines(choose(listed, task, kinds_of(CLASSIFIER)))
    ]
    return _table(columns, lines)


def _matchers() -> list[str]:
    columns = (
        "data set",
        "matcher",
        "test accuracy (95 %)",
        "F1 (95 %)",
        "ROC-AUC (95 %)",
        "accuracy without sentences of the training (95 %)",
        "parameters",
        "training",
    )
    listed = list_checkpoints([places.SHIPPED_CHECKPOINTS])
    lines = []
    matchers = kinds_of(MATCHER)
    for task in sorted({c.task for c in listed if c.kind in matchers}):
        own = choose(listed, task, matchers)
        for name, baseline in own[0].card.get("baselines", {}).items():
            lines.append(
                [f"`{task}`", f"`{name}`", *_of_pairs(baseline), NOT_MEASURED, NOT_MEASURED]
            )
        for checkpoint in own:
            card = checkpoint.card
            cost = [f"{card['parameters']:,}", f"{card['fit']['seconds']:.0f} s"]
            lines.append([f"`{task}`", f"`{checkpoint.name}`", *_of_pairs(card), *cost])
    return _table(columns, lines)


def _of_pairs(measured: Mapping) -> list[str]:
    """Cells of a card or of a baseline; a `label` matcher's F1 is that of its classes."""
    test, unseen = measured["test"], measured.get("test_unseen")
    f1 = test["f1"] if "f1" in test else test["macro_f1"]
    return [
        _written(test["accuracy"]),
        _written(f1),
        _written(test["roc_auc"]) if "roc_auc" in test else NOT_MEASURED,
        _written(unseen["accuracy"]) if unseen else NOT_MEASURED,
    ]


def benchmarks_table() -> list[str]:
    """Of every benchmark the figures that have a goal."""
    lines = [
        [f"`{name}`", figure.name, figure.measured, figure.wanted, f"{run['machine']['load']}"]
        for name, run in report.read().items()
        for figure in (report.Figure(*each) for each in run["figures"])
        if figure.wanted
    ]
    return _table(("benchmark", "figure", "measured", "wanted", "load before"), lines)


def far_table() -> list[str]:
    """Everything that the benchmarks of many rows have measured."""
    lines = [
        [f"`{name}`", *figure[:2]]
        for name, run in report.read().items()
        if name in _FAR
        for figure in run["figures"]
    ]
    return _table(("benchmark", "figure", "measured"), lines)


def _table(columns: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    return [_row(columns), "|" + "---|" * len(columns), *map(_row, lines)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _written(figure: Mapping[str, float]) -> str:
    return Interval.read(figure).as_number()


if __name__ == "__main__":
    main()
