"""What several test files share: tiny checkpoints trained on invented rows, and test settings."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from filelock import FileLock
from hypothesis import settings
from playwright.sync_api import Browser, Playwright, sync_playwright

import tests.shape_checks  # noqa: F401, before anything of poolviz
from poolviz import places
from poolviz.checkpoints.checkpoint import Checkpoint, read
from poolviz.datasets import CATALOGUE, Corpus, load
from poolviz.encoders.adding import add
from poolviz.export import render
from tests import invented, invented_english, invented_english_pairs, invented_pairs, tiny_encoder

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
NO_BROWSER = (
    "NO BROWSER: these tests need Chromium and a font with Chinese characters. Install Debian's "
    "packages chromium and fonts-noto-cjk, or run: python -m playwright install chromium"
)

settings.register_profile(
    "repeatable", deadline=None, derandomize=True, database=None, max_examples=30
)
settings.load_profile("repeatable")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their argument: what packs them may write the time into them."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture
def nobodys_machine(tmp_path, monkeypatch) -> Path:
    """A machine without data sets and without anything of one's own: the empty home folder."""
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("POOLVIZ_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def no_browser(monkeypatch) -> None:
    """A machine without a browser; one that other tests have left running would draw as well."""
    render.end_browser()
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chrome")


@pytest.fixture(scope="session")
def corpus(tmp_path_factory) -> Corpus:
    """The invented corpus, loaded as any data set is."""
    return _loaded(invented, tmp_path_factory.mktemp("invented"))


@pytest.fixture(scope="session")
def prepared(corpus):
    """The invented corpus in ids (`recipe.Prepared`); loads TensorFlow, as all below do."""
    from poolviz.training.kinds import recipes

    return recipes.prepare(corpus, "classification", invented.TRAINING.min_frequency)


@pytest.fixture(scope="session")
def trained_once(tmp_path_factory) -> Callable[..., Checkpoint]:
    """`trained_once(name, train)`: a copy of what `train(root)` gives.

    Of processes that test at once the one that asks first trains for all.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "trained"
    own = tmp_path_factory.mktemp("checkpoints")

    def get(name: str, train: Callable[[Path], Checkpoint]) -> Checkpoint:
        shared.mkdir(exist_ok=True)
        root, place = shared / "checkpoints", shared / f"{name}.txt"
        with FileLock(shared / f"{name}.lock"):
            if not place.exists():
                place.write_text(str(train(root).folder.relative_to(root)), encoding="utf-8")
        folder = place.read_text(encoding="utf-8")
        shutil.copytree(root / folder, own / folder)
        return read(own / folder)

    return get


@pytest.fixture(scope="session")
def trained(prepared, trained_once) -> Callable[..., Checkpoint]:
    """`trained(head, readout="linear")`: a tiny checkpoint, trained when first asked for."""
    from poolviz.model.options import ModelOptions
    from poolviz.training import recipe

    @cache
    def train(head: str, readout: str) -> Checkpoint:
        options = ModelOptions(head, readout, **invented.MODEL)
        return trained_once(
            f"{head}-{readout}",
            lambda root: recipe.train_checkpoint(prepared, options, invented.TRAINING, root),
        )

    # The cache tells a default from the same value given, and a second one would replace the first.
    return lambda head, readout="linear": train(head, readout)


@pytest.fixture(scope="session")
def encoder_home(tmp_path_factory) -> Path:
    """A home folder to which the tiny encoder was added; `$POOLVIZ_HOME` has to say it."""
    home = tmp_path_factory.mktemp("encoder_home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POOLVIZ_HOME", str(home))
        add("tiny", tiny_encoder.write_folder(home / "brought"))
    return home


@pytest.fixture
def with_encoder(encoder_home, monkeypatch) -> Path:
    """A machine that has the tiny encoder: its home folder."""
    monkeypatch.setenv("POOLVIZ_HOME", str(encoder_home))
    return encoder_home


@pytest.fixture(scope="session")
def encoder_corpus(tmp_path_factory) -> Corpus:
    """Invented rows in words that the tiny encoder knows, loaded as any data set is."""
    return _loaded(invented_english, tmp_path_factory.mktemp("invented_english"))


@pytest.fixture(scope="session")
def encoder_pairs(tmp_path_factory) -> Corpus:
    """Invented pairs in words that the tiny encoder knows, loaded as any data set is."""
    return _loaded(invented_english_pairs, tmp_path_factory.mktemp("invented_english_pairs"))


@pytest.fixture(scope="session")
def trained_on_encoder(encoder_home, encoder_corpus) -> Callable[..., Checkpoint]:
    """`trained_on_encoder(head, readout="linear")`: tiny, on the tiny encoder's token vectors."""
    from poolviz.model.options import ModelOptions

    @cache
    def train(head: str, readout: str) -> Checkpoint:
        options = ModelOptions(head, readout, encoder="tiny")
        return _on_encoder(encoder_home, encoder_corpus, options, invented_english.TRAINING)

    return lambda head, readout="linear": train(head, readout)


@pytest.fixture(scope="session")
def matcher_on_encoder(encoder_home, encoder_corpus, encoder_pairs) -> Callable[..., Checkpoint]:
    """`matcher_on_encoder(kind, head, readout="cosine")`: tiny, on the tiny encoder's vectors."""
    from poolviz.model.options import MatcherOptions

    @cache
    def train(kind: str, head: str, readout: str) -> Checkpoint:
        options = MatcherOptions(kind, head, readout, encoder="tiny")
        corpus = encoder_corpus if kind == "label" else encoder_pairs
        return _on_encoder(encoder_home, corpus, options, invented_english_pairs.TRAINING)

    return lambda kind, head, readout="cosine": train(kind, head, readout)


def _on_encoder(home: Path, corpus: Corpus, model, options) -> Checkpoint:
    from poolviz.training import recipe
    from poolviz.training.kinds import recipes

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POOLVIZ_HOME", str(home))
        patch.delitem(CATALOGUE, corpus.dataset.key, raising=False)
        prepared = recipes.prepare(corpus, model.kind, 1, encoder=model.encoder)
        return recipe.train_checkpoint(prepared, model, options, places.user_checkpoints())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium: the system's, else Playwright's own; without one the tests fail.

    There is one for all tests: a process can hold only one Playwright.
    """
    with sync_playwright() as playwright:
        browser = _launched(playwright)
        yield browser
        browser.close()


def _launched(playwright: Playwright) -> Browser:
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    path = found or playwright.chromium.executable_path
    if not Path(path).exists():
        pytest.fail(NO_BROWSER, pytrace=False)
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


@pytest.fixture(scope="session")
def pair_corpus(tmp_path_factory) -> Corpus:
    """The invented pairs, loaded as any data set is."""
    return _loaded(invented_pairs, tmp_path_factory.mktemp("invented_pairs"))


def _loaded(source: ModuleType, folder: Path) -> Corpus:
    """The data set of a module as `tests.invented`, its rows written to a folder."""
    source.write_rows(folder)
    dataset = source.dataset()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CATALOGUE, dataset.key, dataset)
        return load(dataset.key, folder)


@pytest.fixture(scope="session")
def prepared_pairs(pair_corpus):
    """The invented pairs in ids (`matcher_recipe.PreparedPairs`); loads TensorFlow."""
    from poolviz.training.kinds import recipes

    minimum = invented_pairs.TRAINING.min_frequency
    return recipes.prepare(pair_corpus, "siamese", minimum)


@pytest.fixture(scope="session")
def trained_matcher(prepared_pairs, corpus, trained_once) -> Callable[..., Checkpoint]:
    """`trained_matcher(kind, head, readout="cosine")`: tiny, trained when first asked for."""
    from poolviz.model.options import MatcherOptions
    from poolviz.training import recipe
    from poolviz.training.kinds import recipes

    @cache
    def train(kind: str, head: str, readout: str) -> Checkpoint:
        options = MatcherOptions(kind, head, readout, **invented_pairs.MODEL)
        given = recipes.prepare(corpus, kind, 1) if kind == "label" else prepared_pairs
        with pytest.MonkeyPatch.context() as patch:
            # All share it, so it is trained as on a file of one's own, whatever the test that asks
            # first has put into the catalogue.
            patch.delitem(CATALOGUE, given.corpus.dataset.key, raising=False)
            return trained_once(
                f"{kind}-{head}-{readout}",
                lambda root: recipe.train_checkpoint(given, options, invented_pairs.TRAINING, root),
            )

    return lambda kind, head, readout="cosine": train(kind, head, readout)
