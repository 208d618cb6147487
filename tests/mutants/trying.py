"""Tries the mutants of a part, in the copy of the project in which it is started.

Libraries are loaded once, and each mutant gets a process forked from here. It runs the tests that
reach the changed function, then the rest of their files (values that fixtures keep are made in one
test and looked at in another), until one fails or it has used far more time than they took.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
import importlib
import json
import os
import shutil
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.mutants.drawing import MEASURED, PARTS, ROOT, SESSION, Part

PRELOADED = (
    *("pytest", "hypothesis", "playwright.sync_api", "filelock", "jaxtyping", "beartype"),
    *("numpy", "scipy.stats", "pandas", "pyarrow.parquet", "onnx", "onnxruntime", "jieba"),
)
OUTPUT = ROOT / "output.txt"
WHOLE = ROOT / "whole"  # the modules as they were: a run that is killed leaves one changed
SLACK = 20.0  # s that loading takes beside the tests, at most
TIMES = 5.0  # as long as its tests took a mutant may take
WAITING = 10.0  # times as long may pass while it waits for something, or for a processor


@dataclass
class Measured:
    """What the tests did with nothing changed; a test is its function, whatever its parameters."""

    seconds: dict[str, float] = field(default_factory=dict)
    reached: dict[str, dict[int, list[str]]] = field(default_factory=dict)  # module, line: tests

    @classmethod
    def read(cls, path: Path) -> Measured:
        """What `measured` has written."""
        kept = json.loads(path.read_text(encoding="utf-8"))
        reached = {
            module: {int(line): tests for line, tests in lines.items()}
            for module, lines in kept["reached"].items()
        }
        return cls(kept["seconds"], reached)


class Clock:
    """A plugin of pytest: how long each test took, setting up included."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report) -> None:
        self.seconds[_function(report.nodeid)] += report.duration


def main() -> None:
    """Measure the tests of a part, where that is to do, and try its mutants."""
    part = PARTS[sys.argv[1]]
    os.environ |= {"OMP_NUM_THREADS": "1", "COVERAGE_FILE": str(ROOT / ".coverage")}
    # As one of several processes it leaves what it trains for those that come after it.
    os.environ["PYTEST_XDIST_WORKER"] = "gw0"
    for name in PRELOADED:
        importlib.import_module(name)
    _restore(part)
    if not (ROOT / MEASURED).exists():
        _measure(part)
    _try_all(part, Measured.read(ROOT / MEASURED))


def chosen(measured: Measured, module: str, source: str, line: int) -> list[str]:
    """The tests that may notice a change of this line, those that reach it quickly first.

    What stands outside of functions is run by an import: any test may notice it.
    """
    lines = measured.reached.get(module, {})
    body = _function_lines(source, line)
    reaching = {test for at in body or lines for test in lines.get(at, ())}
    files = {_file(test) for test in reaching} if body else set(map(_file, measured.seconds))
    others = [test for test in measured.seconds if test not in reaching and _file(test) in files]
    return [*_by_file(reaching, measured.seconds), *_by_file(others, measured.seconds)]


def _function(test: str) -> str:
    """A test's function, of its name with parameters and, from coverage, the phase it was in."""
    return test.partition("[")[0].partition("|")[0]


def _file(test: str) -> str:
    return test.partition("::")[0]


def _by_file(tests: Sequence[str] | set[str], seconds: dict[str, float]) -> list[str]:
    """Tests of one file together, since they may share what is made once; quick files first."""
    total: dict[str, float] = defaultdict(float)
    for test in tests:
        total[_file(test)] += seconds[test]
    return sorted(tests, key=lambda test: (total[_file(test)], _file(test), seconds[test]))


def _function_lines(source: str, line: int) -> range:
    """The lines of the smallest function around a line, without its first; empty outside of all."""
    around = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and min(part.lineno for part in (node, *node.decorator_list)) <= line <= node.end_lineno
    ]
    if not around:
        return range(0)
    smallest = max(around, key=lambda node: node.lineno)
    return range(smallest.body[0].lineno, smallest.end_lineno + 1)


def _measure(part: Part) -> None:
    from coverage import CoverageData

    def run() -> int:
        clock = Clock()
        code = _pytest(["--cov=poolviz", "--cov-context=test", "--cov-report=", *part.tests], clock)
        kept = asdict(Measured(seconds=dict(clock.seconds)))
        (ROOT / MEASURED).write_text(json.dumps(kept), encoding="utf-8")
        return code

    if _in_child(run, None):
        (ROOT / MEASURED).unlink(missing_ok=True)
        sys.exit(f"Tests fail with nothing changed, see {OUTPUT}.")
    found = CoverageData()
    found.read()
    measured = Measured.read(ROOT / MEASURED)
    for module in part.modules(ROOT):
        lines = found.contexts_by_lineno(str(ROOT / module))
        measured.reached[str(module)] = {
            line: sorted({_function(test) for test in tests if test})
            for line, tests in lines.items()
        }
    (ROOT / MEASURED).write_text(json.dumps(asdict(measured)), encoding="utf-8")


def _try_all(part: Part, measured: Measured) -> None:
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator
    from cosmic_ray.work_db import WorkDB, use_db
    from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkResult

    with use_db(str(ROOT / SESSION), WorkDB.Mode.open) as found:
        for item in list(found.pending_work_items):
            mutation = item.mutations[0]
            module = mutation.module_path.relative_to(ROOT)
            source = (WHOLE / module).read_text(encoding="utf-8")
            operator = get_operator(mutation.operator_name)(**mutation.operator_args)
            changed = mutate_code(source, operator, mutation.occurrence)
            tests = chosen(measured, str(module), source, mutation.start_pos[0])
            began = time.perf_counter()
            noticed = _noticed(ROOT / module, changed, tests, measured)
            took = time.perf_counter() - began
            outcome = TestOutcome.KILLED if noticed else TestOutcome.SURVIVED
            diff = difflib.unified_diff(
                *(text.splitlines() for text in (source, changed)), str(module), "", lineterm=""
            )
            result = WorkResult(WorkerOutcome.NORMAL, None, outcome, "\n".join(diff))
            found.set_result(item.job_id, result)
            place = f"{module}:{mutation.start_pos[0]}"
            words = f"{found.num_results} {outcome.value} {place} {len(tests)} tests {took:.1f} s"
            print(words, flush=True)


def _noticed(module: Path, changed: str, tests: list[str], measured: Measured) -> bool:
    """Whether one of the tests fails on the changed module, or never ends."""
    if not tests:
        return False
    module.write_text(changed, encoding="utf-8")
    try:
        seconds = SLACK + TIMES * sum(measured.seconds[test] for test in tests)
        return _in_child(lambda: _pytest(["-x", *tests], compiled=False), seconds) != 0
    finally:
        shutil.copy2(WHOLE / module.relative_to(ROOT), module)


def _restore(part: Part) -> None:
    """Every module as it was; the first time they are kept for that."""
    for module in part.modules(ROOT):
        kept = WHOLE / module
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / module, kept)
        shutil.copy2(kept, ROOT / module)


def _pytest(words: list[str], *plugins: object, compiled: bool = True) -> int:
    import pytest

    # A changed module may be as old and as large as the one before: it leaves nothing compiled.
    sys.dont_write_bytecode = not compiled
    temporary = ROOT / "temporary"
    temporary.mkdir(exist_ok=True)
    words = ["-q", "-p", "no:cacheprovider", f"--basetemp={temporary / 'base'}", *words]
    return int(pytest.main(words, plugins))


def _in_child(run, seconds: float | None) -> int:
    """The exit code of a function in a forked process; -1 where it ends by a signal.

    `seconds` of a processor it may use, and wait a multiple of them.
    """
    import resource

    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setsid()
            if seconds is not None:
                resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
                signal.alarm(int(seconds * WAITING))
            output = os.open(OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(output, 1)
            os.dup2(output, 2)
            code = run()
            sys.stdout.flush()
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    _end_group(child)
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1


def _end_group(leader: int) -> None:
    """End what a test has started and left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


if __name__ == "__main__":
    main()
