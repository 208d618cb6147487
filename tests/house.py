"""The house as it stands: `python -m tests.house` prints its rooms, floors and imports.

What the rules of `tests/test_imports.py` are checked on is computed here, from the sources alone.
"""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOP = "the ways in"

# From the ground up: what may be imported lies on a lower floor, or in the same room.
FLOORS = (
    (
        "batches",
        "errors",
        "json_types",
        "language",
        "locale",
        "memory",
        "places",
        "program",
        "queue",
        "scratch",
        "sessions",
        "version",
        "watch",
        "writing",
    ),
    ("text", "model"),
    ("values",),
    ("datasets", "encoders", "views"),
    ("checkpoints",),
    ("engine", "trainings"),
    ("evaluation",),
    ("training", "trust", "explore"),
    ("figures", "bulk"),
    ("live",),
    ("export",),
    ("ui", "cli", "api"),
    (TOP,),
)
GROUND = FLOORS[0]
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


PLACES = ("dashboard.py", "pages/*.py", "poolviz/**/*.py")
SOURCES = {
    module_name(path): path.read_text(encoding="utf-8")
    for place in PLACES
    for path in sorted(ROOT.glob(place))
}
PACKAGE_PREFIXES = {f"{module_name(path)}." for path in ROOT.glob("poolviz/**/__init__.py")}


def imports(source: str) -> set[str]:
    """Everything a source imports, at its top or within functions; `from a import b` gives both."""
    return _imports(ast.parse(source))


def imports_of_type_checkers(source: str) -> set[str]:
    """What a source imports for type checkers alone."""
    return {
        name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for name in _imports(node)
    }


def imports_of_functions(source: str) -> set[str]:
    """What a source imports no sooner than one of its functions is called."""
    return {
        name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for name in _imports(node)
    }


def _imports(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def room_of(name: str) -> str:
    """The room of a module: a folder of poolviz, a file of the ground floor, or the top floor."""
    first, _, rest = name.partition(".")
    if first != "poolviz" or rest in ("", "__main__"):
        return TOP
    return rest.partition(".")[0]


def module_of(name: str) -> str:
    """The module that an imported name is, or is taken from."""
    return name if name in SOURCES else name.rpartition(".")[0]


def imported_modules(source: str) -> set[str]:
    """The modules of this house that a source imports, without the packages they lie in."""
    tree, found = ast.parse(source), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {module_of(f"{node.module}.{alias.name}") for alias in node.names}
    return found & set(SOURCES)


def upward(name: str, source: str) -> set[str]:
    """What a module imports that does not lie below its own room."""
    room = room_of(name)
    return {
        other
        for other in imported_modules(source)
        if (room_of(other) != room or room == TOP)
        and not (room in GROUND and room_of(other) in GROUND)
        and FLOOR_OF[room_of(other)] >= FLOOR_OF[room]
    }


def folder_of(name: str) -> str:
    """The folder a module lies in; the ground floor and the ways in count as one each."""
    room = room_of(name)
    if room == TOP or room in GROUND:
        return TOP if room == TOP else "the ground floor"
    return name if f"{name}." in PACKAGE_PREFIXES else name.rpartition(".")[0]


def folder_graph() -> dict[str, set[str]]:
    """For each folder of the house the folders it imports from."""
    graph: dict[str, set[str]] = {folder_of(name): set() for name in SOURCES}
    for name, source in SOURCES.items():
        graph[folder_of(name)] |= {folder_of(other) for other in imported_modules(source)}
    return {folder: others - {folder} for folder, others in graph.items()}


def cycle(graph: dict[str, set[str]]) -> list[str] | None:
    """A way from some module or folder through its imports back to it, or None."""
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str] | None:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return None
        for other in sorted(graph[name]):
            if found := visit(other, [*path, name]):
                return found
        done.add(name)
        return None

    return next((found for name in graph if (found := visit(name, []))), None)


def statements(source: str) -> int:
    """Statements of a source: neither docstrings nor comments nor blank lines."""
    nodes = ast.walk(ast.parse(source))
    return sum(isinstance(node, ast.stmt) and not _is_docstring(node) for node in nodes)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def describe() -> str:
    """The house in words: each folder's floor, modules, statements, and what it imports from."""
    graph = folder_graph()
    modules = Counter(folder_of(name) for name in SOURCES)
    size: Counter[str] = Counter()
    for name, source in SOURCES.items():
        size[folder_of(name)] += statements(source)
    floors = {folder_of(name): FLOOR_OF[room_of(name)] for name in SOURCES}
    lines = [
        f"{floors[folder]:>2}  {folder}: {modules[folder]} modules, {size[folder]} statements"
        f"  <- {', '.join(sorted(graph[folder])) or 'nothing'}"
        for folder in sorted(graph, key=lambda folder: (-floors[folder], folder))
    ]
    arrows = sum(map(len, graph.values()))
    upwards = sum(len(upward(name, source)) for name, source in SOURCES.items())
    return "\n".join(
        [
            *lines,
            f"{len(graph)} folders, {arrows} arrows between them, {upwards} imports upwards, "
            f"circle: {cycle(graph) or 'none'}",
            f"{len(SOURCES)} modules, {size.total()} statements of product code",
        ]
    )


if __name__ == "__main__":
    print(describe())
