"""What benchmarks keep, and the table that README shows of it."""

from importlib import import_module

import pytest

from tests import readme
from tests.benchmarks import report
from tests.benchmarks.__main__ import NAMES
from tests.benchmarks.length import slope


@pytest.fixture
def kept(monkeypatch, tmp_path):
    """An empty place for what is measured."""
    monkeypatch.setattr(report, "KEPT", tmp_path / "measured.json")
    monkeypatch.setattr(report, "printed", [])


def test_what_is_printed_is_remembered(kept, capsys):
    report.print_table([report.Figure("an edit", "1.6 ×", "≤ 1.7 ×"), report.Figure("a", "2 ms")])
    assert report.printed == [("an edit", "1.6 ×", "≤ 1.7 ×"), ("a", "2 ms", "")]
    assert "≤ 1.7 ×" in capsys.readouterr().out


def test_readme_shows_the_figures_that_have_a_goal(kept):
    assert report.read() == {}
    run = {
        "machine": {"load": 0.4},
        "figures": [["an edit", "1.6 ×", "≤ 1.7 ×"], ["a", "2 ms", ""]],
    }
    report.write({"pages": run})
    assert report.read() == {"pages": run}
    *_head, line = readme.benchmarks_table()
    assert line == "| `pages` | an edit | 1.6 × | ≤ 1.7 × | 0.4 |"


def test_readme_shows_all_figures_of_many_rows(kept):
    machine = {"load": 0.4}
    report.write(
        {
            "pages": {"machine": machine, "figures": [["an edit", "1.6 ×", "≤ 1.7 ×"]]},
            "files": {"machine": machine, "figures": [["a row", "46 bytes", ""]]},
        }
    )
    *_head, line = readme.far_table()
    assert line == "| `files` | a row | 46 bytes |"


def test_every_benchmark_is_run_by_the_command():
    folder = report.KEPT.parent
    runs = {path.stem for path in folder.glob("*.py") if "__main__" in path.read_text("utf-8")}
    assert runs == {*NAMES, "__main__"}


@pytest.mark.parametrize("power", [1.0, 1.5])
def test_a_slope_is_the_power_of_the_length(power):
    assert slope([length**power for length in (100, 1_000, 5_000, 10_000, 50_000, 100_000)]) == (
        pytest.approx(power)
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_benchmark_still_finds_what_it_imports(name):
    assert callable(import_module(f"tests.benchmarks.{name}").main)
