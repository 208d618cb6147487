"""The rules between the parts, in child processes and over the sources; and that they can fail."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"tensorflow", "keras"}
_CLASSIFIERS = ("layers", "activations", "models", "training", "recipe")
_MATCHERS = ("match_readouts", "matchers", "matcher_training", "label_training", "matcher_recipe")
TRAINING = {f"poolviz.{name}" for name in (*_CLASSIFIERS, *_MATCHERS)}

# A part, and what its modules may never import: always upwards in the direction of the data.
ABOVE = {
    "poolviz.values.explanation": (
        "poolviz.datasets",
        "poolviz.text.tokens",
        "poolviz.engine.runtime",
        "poolviz.model.heads",
    ),
    "poolviz.text.tokens": (
        "poolviz.datasets",
        "poolviz.checkpoints.checkpoint",
        "poolviz.engine.runtime",
    ),
    "poolviz.datasets": (
        "poolviz.checkpoints.checkpoint",
        "poolviz.engine.runtime",
        "poolviz.engine.texts",
    ),
    "poolviz.training.layers": (
        "poolviz.training.classifier",
        "poolviz.training.fit",
        "poolviz.training.recipe",
        "poolviz.engine.runtime",
    ),
    "poolviz.training.classifier": (
        "poolviz.training.fit",
        "poolviz.training.recipe",
        "poolviz.engine.runtime",
        "poolviz.datasets",
    ),
    "poolviz.checkpoints.checkpoint": (
        "poolviz.datasets",
        "poolviz.engine.runtime",
        "poolviz.engine.texts",
    ),
    "poolviz.engine.runtime": ("poolviz.engine.texts", "poolviz.engine.bulk", "poolviz.datasets"),
    "poolviz.engine.pairs": (
        "poolviz.engine.ranking",
        "poolviz.evaluation.texts",
        "poolviz.datasets",
    ),
    "poolviz.training.matcher": (
        "poolviz.training.classifier",
        "poolviz.training.fit",
        "poolviz.training.recipe",
        "poolviz.engine.runtime",
    ),
    "poolviz.figures": (
        "poolviz.checkpoints.checkpoint",
        "poolviz.datasets",
        "poolviz.engine.runtime",
        "poolviz.engine.texts",
        "poolviz.export.files",
    ),
    "poolviz.export.files": (
        "poolviz.checkpoints.checkpoint",
        "poolviz.engine.runtime",
        "poolviz.engine.texts",
    ),
}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


PLACES = ("dashboard.py", "pages/*.py", "poolviz/**/*.py")
SOURCES = {
    module_name(path): path.read_text(encoding="utf-8")
    for place in PLACES
    for path in sorted(ROOT.glob(place))
}
IMPORTABLE = [
    name
    for name in SOURCES
    if name.startswith("poolviz")
    and name not in TRAINING
    and not name.startswith("poolviz.ui")
    and not name.endswith("__main__")
]


def loaded_by(code: str) -> set[str]:
    """Top-level packages that a fresh process has loaded after `code`."""
    code += "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())


def imports(source: str) -> set[str]:
    """Everything a source imports, at its top or within functions; `from a import b` gives both."""
    return _imports(ast.parse(source))


def imports_when_running(source: str) -> set[str]:
    """The same without what only type checkers import."""
    tree = ast.parse(source)
    return imports(source) - {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
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


def imports_any(source: str, parts) -> bool:
    return any(within(name, part) for name in imports(source) for part in parts)


def within(name: str, part: str) -> bool:
    return name == part or name.startswith(f"{part}.")


def reads_environment(source: str) -> bool:
    names = {f"{node.value.id}.{node.attr}" for node in _attributes(source)}
    return bool(
        {"os.environ", "os.getenv"} & names or {"os.environ", "os.getenv"} & imports(source)
    )


def _attributes(source: str):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node


def is_page(name: str) -> bool:
    return name == "dashboard" or name.startswith("pages.")


class TestProcess:
    def test_the_package_alone_loads_next_to_nothing(self):
        loaded = loaded_by("import poolviz")
        assert "poolviz" in loaded
        assert not loaded & {*HEAVY, "streamlit", "numpy", "pandas", "onnxruntime", "plotly"}

    def test_looking_loads_neither_tensorflow_nor_streamlit(self):
        assert {"poolviz.engine.texts", "poolviz.engine.runtime", "poolviz.datasets"} <= set(
            IMPORTABLE
        )
        assert {"poolviz.views.panel", "poolviz.figures", "poolviz.export.files"} <= set(IMPORTABLE)
        assert {"poolviz.cli", "poolviz.cli.commands.train"} <= set(IMPORTABLE)
        loaded = loaded_by("\n".join(f"import {name}" for name in IMPORTABLE))
        assert "onnxruntime" in loaded
        assert not loaded & {*HEAVY, "streamlit", "jieba"}

    def test_the_dashboards_parts_do_not_load_tensorflow(self):
        names = [name for name in SOURCES if name.startswith("poolviz.ui")]
        loaded = loaded_by("\n".join(f"import {name}" for name in names))
        assert "streamlit" in loaded
        assert not loaded & HEAVY

    @pytest.mark.parametrize(
        ("code", "package"),
        [("import streamlit", "streamlit"), ("import poolviz.training.layers", "keras")],
    )
    def test_the_checks_above_can_fail(self, code, package):
        assert package in loaded_by(code)


class TestSources:
    @pytest.mark.parametrize("name", SOURCES)
    def test_only_training_imports_keras_or_tensorflow(self, name):
        assert name in TRAINING or not imports_any(SOURCES[name], HEAVY)

    @pytest.mark.parametrize("name", SOURCES)
    def test_only_training_and_its_command_import_training(self, name):
        allowed = name in TRAINING or name == "poolviz.cli.commands.train"
        assert allowed or not imports_any(SOURCES[name], TRAINING)

    @pytest.mark.parametrize("name", SOURCES)
    def test_only_the_dashboard_imports_streamlit(self, name):
        allowed = is_page(name) or within(name, "poolviz.ui")
        assert allowed or not imports_any(SOURCES[name], ["streamlit", "poolviz.ui"])

    @pytest.mark.parametrize("name", SOURCES)
    def test_only_entry_points_read_the_environment(self, name):
        entry_points = ("poolviz.places", "poolviz.cli", "poolviz.__main__", "poolviz.ui")
        allowed = any(within(name, part) for part in entry_points)
        assert allowed or not reads_environment(SOURCES[name])

    @pytest.mark.parametrize("name", SOURCES)
    def test_pages_do_not_import_each_other_and_nothing_imports_pages(self, name):
        assert not imports_any(SOURCES[name], ["pages", "dashboard"])

    @pytest.mark.parametrize("name", SOURCES)
    def test_only_the_command_imports_the_command_line(self, name):
        allowed = within(name, "poolviz.cli") or name == "poolviz.__main__"
        assert allowed or not imports_any(SOURCES[name], ["poolviz.cli"])

    @pytest.mark.parametrize("part", ABOVE)
    def test_no_part_imports_what_stands_above_it(self, part):
        members = [name for name in SOURCES if within(name, part)]
        assert members
        for name in members:
            assert not imports_any(SOURCES[name], ABOVE[part]), name

    def test_no_module_imports_itself_through_others(self):
        graph = {
            name: (imports_when_running(source) & set(SOURCES)) - {name}
            for name, source in SOURCES.items()
        }
        assert cycle(graph) is None


def cycle(graph: dict[str, set[str]]) -> list[str] | None:
    """A way from some module through its imports back to it, or None.

    A package's `__init__` may import its members although they import the package.
    """
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str] | None:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return None
        for other in sorted(graph[name]):
            if not within(name, other) and (found := visit(other, [*path, name])):
                return found
        done.add(name)
        return None

    return next((found for name in graph if (found := visit(name, []))), None)


class TestTheRulesCanFail:
    @pytest.mark.parametrize(
        "source",
        [
            "import keras",
            "import keras.layers as kl",
            "from keras import ops",
            "from keras.layers import Dense",
            "def f():\n    import keras",
            "try:\n    import keras\nexcept ImportError:\n    keras = None",
            "if TYPE_CHECKING:\n    from keras import Model",
        ],
    )
    def test_imports_are_found(self, source):
        assert imports_any(source, ["keras"])

    @pytest.mark.parametrize("source", ["import kerasx", "x = 'import keras'", "# import keras"])
    def test_others_are_not(self, source):
        assert not imports_any(source, ["keras"])

    def test_imports_of_type_checkers_can_be_left_out(self):
        source = "import a\nif TYPE_CHECKING:\n    import b"
        assert (imports(source), imports_when_running(source)) == ({"a", "b"}, {"a"})

    def test_members_are_found_by_either_spelling(self):
        for source in (
            "from poolviz import ui",
            "import poolviz.ui.frame.state",
            "from poolviz.ui import x",
        ):
            assert imports_any(source, ["poolviz.ui"])

    @pytest.mark.parametrize(
        "source",
        ["import os\nos.environ['X']", "import os\nos.getenv('X')", "from os import environ"],
    )
    def test_the_environment_is_found(self, source):
        assert reads_environment(source)
        assert not reads_environment("import os\nos.replace('a', 'b')")

    def test_a_cycle_is_found(self):
        assert cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
        assert cycle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) is None
        assert cycle({"p": {"p.a"}, "p.a": {"p"}}) is None
