"""Which places of a part are changed, and the copy of the project in which that happens.

Of all mutants of a part the same ones are drawn each time. Those of annotations are left out:
nothing evaluates them.
"""

from __future__ import annotations

import ast
import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cosmic_ray.work_db import WorkDB

ROOT = Path(__file__).resolve().parent.parent.parent  # in the copy, the copy
MOST = 300  # mutants of a part
SEED = 0
SESSION = "mutants.sqlite"  # in the copy: what was drawn and found
MEASURED = "measured.json"  # in the copy: what each test takes and reaches
_COPIED = ("poolviz", "pages", "tests", "docs", ".streamlit")


@dataclass(frozen=True)
class Part:
    """What is changed, and the tests that should notice; paths in the project."""

    name: str
    changed: str
    tests: tuple[str, ...]

    @property
    def project(self) -> Path:
        """The copy that is changed. Only where it is made this is its place: it lies in ROOT."""
        return ROOT / ".mutants" / self.name

    @property
    def session(self) -> Path:
        """What was drawn and found, in the copy."""
        return self.project / SESSION

    def modules(self, root: Path) -> list[Path]:
        """The modules that are changed, as paths within `root`."""
        changed = root / self.changed
        found = sorted(changed.rglob("*.py")) if changed.is_dir() else [changed]
        return [module.relative_to(root) for module in found]


PARTS = {
    part.name: part
    for part in (
        Part("text", "poolviz/text", ("tests/text",)),
        Part("values", "poolviz/values", ("tests/values", "tests/checkpoints/test_schemas.py")),
        Part("layers", "poolviz/training/layers.py", ("tests/training/test_layers.py",)),
        Part("trust", "poolviz/trust", ("tests/trust",)),
        Part("checkpoints", "poolviz/checkpoints", ("tests/checkpoints",)),
        Part("engine", "poolviz/engine", ("tests/engine",)),
    )
}


def opened(part: Part, new: bool = False) -> WorkDB:
    """What was drawn and found, as a context; `new` makes it."""
    from cosmic_ray.work_db import WorkDB, use_db

    return use_db(str(part.session), WorkDB.Mode.create if new else WorkDB.Mode.open)


def begin(part: Part) -> None:
    """Copy the project, and draw what will be changed in the copy."""
    from cosmic_ray.commands import init

    shutil.rmtree(part.project, ignore_errors=True)
    part.project.mkdir(parents=True)
    for name in _COPIED:
        shutil.copytree(ROOT / name, part.project / name)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, part.project)
    (part.project / "checkpoints").symlink_to(ROOT / "checkpoints")
    modules = [part.project / module for module in part.modules(ROOT)]
    with opened(part, new=True) as found:
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


def renew_tests(part: Part) -> None:
    """Take today's tests into the copy; what they reach is measured again."""
    shutil.rmtree(part.project / "tests")
    shutil.copytree(ROOT / "tests", part.project / "tests")
    (part.project / MEASURED).unlink(missing_ok=True)


def forget_survivors(part: Part) -> None:
    """Make those mutants that no test noticed ones that are still to be tried."""
    with opened(part) as found:
        results = [(item, result) for item, result in found.completed_work_items]
        items = [item for item, _result in results] + list(found.pending_work_items)
        found.clear()
        found.add_work_items(items)
        for item, result in results:
            if result.is_killed:
                found.set_result(item.job_id, result)


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
