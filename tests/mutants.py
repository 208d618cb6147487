"""Do tests notice when the code is wrong? `python -m tests.mutants text` changes it and runs them.

Needs `pip install -r requirements-measuring.txt`. Takes an hour a part and is no part of the test
run; stopped, it goes on where it was. It works on a copy below `.mutants/`. Of all mutants of a
part the same ones are drawn each time. Those of annotations are left out: nothing evaluates them.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import sys
from pathlib import Path

from tests.house import ROOT

PARTS = {  # what is changed, and the tests that should notice
    "text": ("poolviz/text", "tests/text"),
    "values": ("poolviz/values", "tests/values tests/checkpoints/test_schemas.py"),
    "layers": ("poolviz/training/layers.py", "tests/training/test_layers.py"),
    "trust": ("poolviz/trust", "tests/trust"),
    "checkpoints": ("poolviz/checkpoints", "tests/checkpoints"),
    "engine": ("poolviz/engine", "tests/engine"),
}
MOST = 300  # mutants of a part
SEED = 0
SECONDS = 600.0  # that the tests of a part may take
FOLDER = ROOT / ".mutants"
_COPIED = ("poolviz", "pages", "tests", "docs", ".streamlit")


def main() -> None:
    """Try what is left to try of a part, and say which mutants survived."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("part", choices=PARTS)
    words.add_argument("--report", action="store_true", help="only say what was found so far")
    words.add_argument("--anew", action="store_true", help="forget what was found, copy the code")
    given = words.parse_args()
    project = FOLDER / given.part
    if given.anew or not project.exists():
        _begin(given.part, project)
    if not given.report:
        _go_on(given.part, project)
    _report(given.part)


def in_annotations(source: str, line: int, column: int) -> bool:
    """Whether a place of a source stands in an annotation; lines from 1, columns from 0."""
    spans = [
        annotation
        for node in ast.walk(ast.parse(source))
        for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if isinstance(annotation, ast.expr)
    ]
    return any(
        (span.lineno, span.col_offset) <= (line, column) < (span.end_lineno, span.end_col_offset)
        for span in spans
    )


def _session(part: str) -> str:
    return str(FOLDER / f"{part}.sqlite")


def _begin(part: str, project: Path) -> None:
    from cosmic_ray.commands import init
    from cosmic_ray.work_db import WorkDB, use_db

    shutil.rmtree(project, ignore_errors=True)
    project.mkdir(parents=True)
    for name in _COPIED:
        shutil.copytree(ROOT / name, project / name)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, project)
    os.symlink(ROOT / "checkpoints", project / "checkpoints")
    os.chdir(project)
    changed = Path(PARTS[part][0])
    modules = sorted(changed.rglob("*.py")) if changed.is_dir() else [changed]
    with use_db(_session(part), WorkDB.Mode.create) as found:
        init(modules, found, {})
        sources = {module: module.read_text(encoding="utf-8") for module in modules}
        items = [
            item
            for item in found.work_items
            if not in_annotations(
                sources[item.mutations[0].module_path], *item.mutations[0].start_pos
            )
        ]
        items.sort(key=lambda item: str(item.mutations))
        chosen = random.Random(SEED).sample(items, min(MOST, len(items)))
        found.clear()
        found.add_work_items(chosen)


def _go_on(part: str, project: Path) -> None:
    from cosmic_ray.commands import execute
    from cosmic_ray.config import ConfigDict
    from cosmic_ray.work_db import WorkDB, use_db

    os.chdir(project)
    tests = f"{sys.executable} -m pytest -q -x -p no:cacheprovider {PARTS[part][1]}"
    config = ConfigDict(
        {"timeout": SECONDS, "test-command": tests, "distributor": {"name": "local"}}
    )
    with use_db(_session(part), WorkDB.Mode.open) as found:
        execute(found, config)


def _report(part: str) -> None:
    from cosmic_ray.work_db import WorkDB, use_db

    with use_db(_session(part), WorkDB.Mode.open) as found:
        results = list(found.completed_work_items)
        survived = [result for _item, result in results if not result.is_killed]
        for result in survived:
            print(result.diff)
        killed = len(results) - len(survived)
        share = f" ({killed / len(results):.0%})" if results else ""
        print(f"{part}: {killed} of {len(results)} killed{share}, {found.num_work_items} drawn")


if __name__ == "__main__":
    main()
