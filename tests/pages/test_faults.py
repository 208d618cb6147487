"""What is wrong with a model, or a file beside it, is a sentence; the rest of each page stands."""

from dataclasses import replace

import pytest

from poolviz import places
from poolviz.checkpoints.checkpoint import ONNX, read, write
from poolviz.checkpoints.schemas import SCHEMAS, TABLES
from tests.copies import copied, without_numbers
from tests.engine.test_runtime import wide_graph
from tests.pages_helpers import HOTEL, PAGES, open_page, sentences

pytestmark = pytest.mark.usefixtures("nobodys_machine")
OWN = "my_reviews"
SOURCE = replace(read(places.SHIPPED_CHECKPOINTS / HOTEL / "attention"), task=OWN)
OF_FIGURES = ("pages/results.py", "pages/heads.py", "pages/trust.py", "pages/explore.py")


def asking_for_160_gigabytes(source, root):
    """A checkpoint, sound by its hashes, of which one value would be as large."""

    def make(folder):
        for file in source.card["files"]:
            content = wide_graph("Expand") if file == ONNX else source.path(file).read_bytes()
            (folder / file).write_bytes(content)

    return write(root, source.task, source.name, source.card, make)


@pytest.mark.parametrize("page", PAGES)
def test_files_beside_a_card_that_are_damaged(page, nobodys_machine):
    own = copied(SOURCE, nobodys_machine / "checkpoints")
    for name in (*SCHEMAS, *TABLES):
        (own.folder / name).write_bytes(b"[")
    at = open_page(page, dataset=OWN)
    said = [sentence for sentence in sentences(at) if "is damaged; measure it again" in sentence]
    named = {sentence.partition("/attention/")[2].partition(" ")[0] for sentence in said}
    assert named == ({*SCHEMAS, *TABLES} if page in OF_FIGURES else set())


@pytest.mark.parametrize("page", ["dashboard.py", "pages/heads.py", "pages/trust.py"])
@pytest.mark.parametrize(
    ("made", "said"),
    [(without_numbers, "no number (NaN)"), (asking_for_160_gigabytes, "160.0 GB")],
)
def test_models_that_give_no_numbers_or_ask_for_too_much(page, made, said, nobodys_machine):
    made(SOURCE, nobodys_machine / "checkpoints")
    at = open_page(page, dataset=OWN)
    assert any(said in sentence for sentence in sentences(at)), sentences(at)
