"""The rules between the parts, in child processes and over the sources; and that they can fail."""

import ast
import subprocess
import sys

import pytest

from tests.house import (
    FLOOR_OF,
    ROOT,
    SOURCES,
    cycle,
    folder_graph,
    imported_modules,
    imports,
    imports_of_functions,
    imports_of_type_checkers,
    room_of,
    upward,
)

HEAVY = {"tensorflow", "keras"}
# They take long to load, or much memory: what does without them does not wait for them.
SLOW = {
    *("pandas", "pyarrow", "scipy", "h5py", "altair", "plotly", "jieba", "requests"),
    *("kaleido", "choreographer", "uharfbuzz", "fontTools"),
}
FIRST_PAGE = """
import sys, streamlit.web.bootstrap, streamlit.elements
from streamlit.testing.v1 import AppTest
before = set(sys.modules)
page = AppTest.from_file({page!r}, default_timeout=60).run()
assert not page.exception and page.get("html")
print(*{{name.partition(".")[0] for name in set(sys.modules) - before}})
"""
TRAINING_COMMANDS = (
    "poolviz.cli.commands.train",
    "poolviz.cli.commands.check_head",
    "poolviz.api.wrapped",
    "poolviz.cli.plugins",
    "poolviz.cli.work.queued",
    "poolviz.cli.work.streamed",
)
IMPORTABLE = [
    name
    for name in SOURCES
    if name.startswith("poolviz")
    and not name.startswith(("poolviz.ui", "poolviz.training"))
    and not name.endswith("__main__")
]


def loaded_by(code: str) -> set[str]:
    """Top-level packages that a fresh process has loaded after `code`."""
    return printed_by(f"{code}\nimport sys; print(*{{n.partition('.')[0] for n in sys.modules}})")


def printed_by(code: str) -> set[str]:
    """Words that a fresh process prints."""
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())


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

    def test_the_first_page_is_there_before_what_is_slow(self):
        loaded = printed_by(FIRST_PAGE.format(page=str(ROOT / "dashboard.py")))
        assert {"poolviz", "onnxruntime"} <= loaded
        assert not loaded & {*HEAVY, *SLOW}

    @pytest.mark.parametrize(
        ("code", "package"),
        [("import streamlit", "streamlit"), ("import poolviz.training.layers", "keras")],
    )
    def test_the_checks_above_can_fail(self, code, package):
        assert package in loaded_by(code)


class TestSources:
    @pytest.mark.parametrize("name", SOURCES)
    def test_only_training_imports_keras_or_tensorflow(self, name):
        assert room_of(name) == "training" or not imports_any(SOURCES[name], HEAVY)

    @pytest.mark.parametrize("name", SOURCES)
    def test_only_commands_that_train_import_training(self, name):
        allowed = room_of(name) == "training" or name in TRAINING_COMMANDS
        assert allowed or not imports_any(SOURCES[name], ["poolviz.training"])

    @pytest.mark.parametrize("name", SOURCES)
    def test_type_checkers_import_nothing_but_what_is_loaded_late(self, name):
        found = imports_of_type_checkers(SOURCES[name])
        late = {*HEAVY, *SLOW, "poolviz.training", *imports_of_functions(SOURCES[name])}
        assert all(any(within(each, part) for part in late) for each in found)

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

    @pytest.mark.parametrize("name", SOURCES)
    def test_imports_point_down(self, name):
        assert not upward(name, SOURCES[name])

    def test_every_room_has_a_floor(self):
        assert {room_of(name) for name in SOURCES} == set(FLOOR_OF)

    def test_no_folder_imports_itself_through_others(self):
        graph = folder_graph()
        assert {"poolviz.figures.texts", "poolviz.figures", "poolviz.ui.frame"} <= set(graph)
        assert cycle(graph) is None

    def test_no_module_imports_itself_through_others(self):
        assert cycle({n: imported_modules(source) - {n} for n, source in SOURCES.items()}) is None

    def test_no_folder_has_more_modules_than_one_can_overlook(self):
        for folder in ROOT.glob("poolviz/**/"):
            assert len(list(folder.glob("*.py"))) <= 16, folder


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

    def test_imports_of_functions_are_found(self):
        source = (
            "import a\ndef f():\n    import b\nclass C:\n    def g(self):\n        from c import d"
        )
        assert imports_of_functions(source) == {"b", "c", "c.d"}

    @pytest.mark.parametrize("test", ["TYPE_CHECKING", "typing.TYPE_CHECKING"])
    def test_imports_of_type_checkers_are_found(self, test):
        assert imports_of_type_checkers(f"import a\nif {test}:\n    import b") == {"b"}

    @pytest.mark.parametrize(
        ("name", "source"),
        [
            ("poolviz.text.tokens", "from poolviz.engine.texts import Explainer"),
            ("poolviz.text.tokens", "from poolviz.model import heads"),  # a room of the same floor
            ("poolviz.text.tokens", "def f():\n    import poolviz.ui.frame.state"),
            ("poolviz.errors", "from poolviz.text.tokens import Token"),
            ("poolviz.ui.frame.menu", "from poolviz.cli import main"),
            ("poolviz.cli", "from poolviz import __version__"),
            ("poolviz.trust.rows.survey", "if TYPE_CHECKING:\n    import poolviz.training.fit"),
        ],
    )
    def test_upward_imports_are_found(self, name, source):
        assert upward(name, source)

    @pytest.mark.parametrize(
        ("name", "source"),
        [
            ("poolviz.engine.texts", "from poolviz.engine.runtime import Engine"),
            ("poolviz.engine.texts", "from poolviz import places"),
            ("poolviz.language", "from poolviz.errors import PoolvizError"),
            ("dashboard", "from poolviz.ui.frame import state"),
        ],
    )
    def test_downward_ones_are_not(self, name, source):
        assert not upward(name, source)

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
