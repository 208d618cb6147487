"""Fixtures of the command line's tests: a way to call it, tiny checkpoints, invented rows."""

import shutil
from pathlib import Path

import pytest

from poolviz.checkpoints.checkpoint import ONNX
from poolviz.cli import main
from poolviz.datasets import CATALOGUE
from tests import invented


@pytest.fixture
def _own_place(monkeypatch, tmp_path):
    """Nothing of this machine: an empty home, no data, and the invented data set in the table."""
    monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("POOLVIZ_DATA", raising=False)
    monkeypatch.setitem(CATALOGUE, "invented", invented.dataset())


@pytest.fixture(scope="session")
def root(trained, tmp_path_factory) -> Path:
    """A folder that holds two checkpoints and nothing else."""
    folder = tmp_path_factory.mktemp("root")
    for head in ("max", "attention"):
        shutil.copytree(trained(head).folder, folder / "invented" / head)
    return folder


@pytest.fixture
def broken(root, tmp_path) -> Path:
    """The same folder with a damaged `max`."""
    shutil.copytree(root, tmp_path / "broken")
    (tmp_path / "broken" / "invented" / "max" / ONNX).write_bytes(b"no graph")
    return tmp_path / "broken"


@pytest.fixture
def data(tmp_path) -> Path:
    """A folder with the invented rows."""
    invented.write_rows(tmp_path)
    return tmp_path


@pytest.fixture
def call(capsys, _own_place):
    """`call("explain", …)` runs a command: (exit code, stdout, stderr)."""

    def run(*words) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in words])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return code, printed.out, printed.err

    return run
