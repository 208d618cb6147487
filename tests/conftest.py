"""What several test files share: tiny checkpoints trained on invented rows, and test settings."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from poolviz.checkpoints import Checkpoint
from poolviz.datasets import CATALOGUE, Corpus, load
from tests import invented

settings.register_profile(
    "repeatable", deadline=None, derandomize=True, database=None, max_examples=30
)
settings.load_profile("repeatable")


@pytest.fixture
def nobodys_machine(tmp_path, monkeypatch) -> Path:
    """A machine without data sets and without anything of one's own: the empty home folder."""
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("POOLVIZ_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def corpus(tmp_path_factory) -> Corpus:
    """The invented corpus, loaded as any data set is."""
    folder = tmp_path_factory.mktemp("invented")
    invented.write_rows(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CATALOGUE, "invented", invented.dataset())
        return load("invented", folder)


@pytest.fixture(scope="session")
def prepared(corpus):
    """The invented corpus in ids (`recipe.Prepared`); loads TensorFlow, as all below do."""
    from poolviz import recipe

    return recipe.prepare(corpus, invented.TRAINING.min_frequency)


@pytest.fixture(scope="session")
def trained_root(tmp_path_factory) -> Path:
    """The folder in which `trained` puts its checkpoints."""
    return tmp_path_factory.mktemp("checkpoints")


@pytest.fixture(scope="session")
def trained(prepared, trained_root) -> Callable[..., Checkpoint]:
    """`trained(head, readout="linear")`: a tiny checkpoint, trained when first asked for."""
    from poolviz import recipe
    from poolviz.options import ModelOptions

    @cache
    def train(head: str, readout: str = "linear") -> Checkpoint:
        options = ModelOptions(head, readout, **invented.MODEL)
        return recipe.train_checkpoint(prepared, options, invented.TRAINING, trained_root)

    return train
