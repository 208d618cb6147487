"""A home folder in which nothing can be written: what is lost is one sentence, the rest stands."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.trainings import control
from poolviz.trainings.control import list_trainings
from poolviz.ui.input import brought
from poolviz.ui.train import start
from tests.copies import copied
from tests.disks import read_only
from tests.pages_helpers import HOTEL, PAGES, highlights, open_page, sentences, table, typed

OWN = "my_reviews"
SOURCE = replace(read(places.SHIPPED_CHECKPOINTS / HOTEL / "attention"), task=OWN)
ROWS = "text,label\n" + "".join(
    f"{word}，第{n}次来,{label}\n" for n in range(20) for word, label in (("好喝", 1), ("太差", 0))
)


@pytest.fixture(autouse=True)
def home(nobodys_machine, monkeypatch) -> Iterator[None]:
    """A home with a model of one's own, and nothing of the cache or of trainings yet."""
    copied(SOURCE, nobodys_machine / "checkpoints")
    monkeypatch.setenv("POOLVIZ_TRAIN", "shared")
    monkeypatch.setattr(brought, "PATIENCE", 60.0)
    monkeypatch.setattr(start.control, "start", partial(control.start, wake=lambda: None))
    with read_only(nobodys_machine):
        yield


@pytest.mark.parametrize("page", PAGES)
def test_pages_show_what_is_there(page):
    at = open_page(page, dataset=OWN)
    assert OWN in at.selectbox(key="_dataset").options[-1]
    assert not [said for said in sentences(at) if "refuse" in said or "damaged" in said]


def test_compare_follows_a_text_and_folds_it_to_words():
    at = typed(open_page(dataset=OWN, words="1"), "前台很热情")
    assert "前台" in table(at) and not sentences(at)


def test_explore_says_that_predictions_cannot_be_kept():
    at = open_page("pages/explore.py", dataset=OWN)
    at.selectbox(key="_explore_source").set_value("file").run()
    at.file_uploader(key="explore_file").upload("rows.csv", ROWS.encode(), "text/csv").run()
    [button] = [button for button in at.button if button.label == "Predict all rows"]
    button.click().run()
    while not at.error:  # the work is done beside the page
        at.run()
    assert not at.exception
    [said] = [error.value for error in at.error]
    assert said.startswith("The server's system refuses (")
    assert any("太差" in html for html in highlights(at))


def test_train_says_that_nothing_can_begin():
    at = open_page("pages/train.py")
    at.file_uploader(key="train_file").upload("rows.csv", ROWS.encode(), "text/csv").run()
    at.button(key="train_start").click().run()
    assert not at.exception
    [said] = [error.value for error in at.error]
    assert said.startswith("The training cannot be put on disk")
    assert not list_trainings() and at.button(key="train_start")
