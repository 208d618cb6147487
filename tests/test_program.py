"""How suggested commands are called, and that no other module spells that out."""

import ast
import shlex
import subprocess
import sys
import tomllib
from importlib import import_module

import pytest

from poolviz import places, program
from poolviz.__main__ import run
from tests.house import ROOT, SOURCES


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """`installed(folder)`: as if this Python had an installed command beside it."""

    def install(folder="bin"):
        place = tmp_path / folder
        place.mkdir()
        script = place / "poolviz"
        script.write_text("#!/bin/sh\n")
        script.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(place / "python"))
        return place

    return install


def test_the_installed_command_is_named_if_a_shell_finds_it(installed, monkeypatch):
    place = installed()
    monkeypatch.setenv("PATH", str(place))
    assert program.command("train", "--csv", "a b.csv") == "poolviz train --csv 'a b.csv'"
    assert program.as_called_here("python -m poolviz train -x") == "poolviz train -x"


def test_else_by_its_path(installed, monkeypatch):
    place = installed("with space")
    monkeypatch.setenv("PATH", "/nowhere")
    assert program.command("datasets") == f"'{place}/poolviz' datasets"


def test_without_an_installed_command_it_works_from_any_folder(tmp_path, monkeypatch):
    real, alone = sys.executable, tmp_path / "bin"
    alone.mkdir()
    (alone / "python").symlink_to(real)
    monkeypatch.setattr(sys, "executable", str(alone / "python"))
    said = program.command("--version")
    assert said == f"cd {ROOT} && {alone}/python -m poolviz --version"
    monkeypatch.setattr(sys, "executable", real)
    run = subprocess.run(
        ["sh", "-c", said.replace(f"{alone}/python", shlex.quote(real))],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == program_version()


def test_a_public_server_does_not_show_its_folders(installed, monkeypatch):
    installed()
    monkeypatch.setenv("POOLVIZ_HIDE_ROWS", "1")
    assert program.command("datasets") == "python -m poolviz datasets"


def test_no_other_module_spells_the_command_out():
    for name, source in SOURCES.items():
        if name == "poolviz.program":
            continue
        tree = ast.parse(source)
        documented = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said = "python -m poolviz " in node.value
                assert not said or id(node) in documented, f"{name}: {node.value}"


def test_what_pip_installs_is_the_command_and_the_checkpoints():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    module, _colon, function = settings["project"]["scripts"]["poolviz"].partition(":")
    assert getattr(import_module(module), function) is run
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["poolviz"]
    assert wheel["force-include"] == {"checkpoints": f"poolviz/{places.INSTALLED_CHECKPOINTS}"}
    assert settings["tool"]["hatch"]["version"]["path"] == "poolviz/version.py"
    files = settings["tool"]["hatch"]["metadata"]["hooks"]["requirements_txt"]["files"]
    assert files == ["requirements.txt"]


def program_version() -> str:
    return import_module("poolviz.version").__version__
