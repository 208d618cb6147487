"""What is wrong with a model, or a file beside it, is a sentence; the rest of each page stands."""

from dataclasses import replace

import pytest

from poolviz import places
from poolviz.checkpoints.checkpoint import ONNX, read, write
from poolviz.checkpoints.schemas import SCHEMAS, TABLES
from tests.copies import copied, without_numbers
from tests.engine.test_runtime import wide_graph
from tests.pages_helpers import HOTEL, MATCH_PAGE, PAGES, highlights, open_page, sentences

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


def test_results_of_a_model_that_gives_no_numbers_are_those_of_its_card(nobodys_machine):
    without_numbers(SOURCE, nobodys_machine / "checkpoints")
    at = open_page("pages/results.py", dataset=OWN)
    assert not any("NaN" in sentence for sentence in sentences(at))
    assert any(f"{SOURCE.card['test']['accuracy']['value']:.1%}" in html for html in highlights(at))


def test_rows_that_a_model_gives_no_numbers_for(nobodys_machine):
    without_numbers(SOURCE, nobodys_machine / "checkpoints")
    at = open_page("pages/explore.py", dataset=OWN)
    at.selectbox(key="_explore_source").set_value("file").run()
    at.file_uploader(key="explore_file").upload("a.txt", "好\n坏".encode(), "text/plain").run()
    [button] = [button for button in at.button if button.label == "Predict all rows"]
    button.click().run()
    while not at.error:  # the work is done beside the page
        at.run()
    [said] = [sentence for sentence in sentences(at) if "no number (NaN)" in sentence]
    assert not at.exception and any("坏" in html for html in highlights(at))


def test_a_matcher_that_gives_no_numbers(nobodys_machine):
    source = read(places.SHIPPED_CHECKPOINTS / "lcqmc" / "siamese-average")
    without_numbers(replace(source, task="my_pairs"), nobodys_machine / "checkpoints")
    at = open_page(MATCH_PAGE, pairs="my_pairs")
    assert any("no number (NaN)" in sentence for sentence in sentences(at)), sentences(at)
    assert at.text_area(key="_sentence_a").value
