"""Checkpoints in a ZIP: everything of them that another machine needs, and nothing else."""

import io
import zipfile

import pytest

from poolviz import places
from poolviz.checkpoints import film
from poolviz.checkpoints.beside import MEASURED
from poolviz.checkpoints.checkpoint import CARD, FILES
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.packing import README, pack
from poolviz.evaluation import measurements, predictions, shifted
from poolviz.evaluation.retraining import kept
from poolviz.evaluation.texts import ANATOMY
from poolviz.trust.rows import results
from poolviz.watch import Cancelled, Watch
from tests.copies import copied


@pytest.fixture(scope="module")
def chosen():
    found = list_checkpoints([places.SHIPPED_CHECKPOINTS], "bbc_news")
    return [checkpoint for checkpoint in found if checkpoint.name in ("max", "average")]


def members(content: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {name: archive.read(name) for name in archive.namelist()}


def test_what_is_measured_beside_a_card_is_what_measures_call_it():
    assert set(MEASURED) == {
        *(ANATOMY, measurements.MEASURED, predictions.PREDICTIONS),
        *(results.SUMMARY, results.ROWS, shifted.FILE, kept.FILE),
    }


def test_models_lie_as_on_disk(chosen, tmp_path):
    models = [copied(checkpoint, tmp_path) for checkpoint in chosen]
    for checkpoint in models:
        for file in MEASURED:
            checkpoint.path(file).write_text(f"{file} of {checkpoint.name}")
    found = members(pack(models))
    names = {f"{c.task}/{c.name}/{file}" for c in models for file in (CARD, *FILES, *MEASURED)}
    assert set(found) == {README, *names}
    for checkpoint in models:
        for file in (CARD, *FILES, *MEASURED):
            place = f"{checkpoint.task}/{checkpoint.name}/{file}"
            assert found[place] == checkpoint.path(file).read_bytes()
        assert checkpoint.card["command"] in found[README].decode()


def test_what_else_lies_beside_a_model_stays_there(chosen, tmp_path):
    alone = copied(chosen[0], tmp_path)
    (alone.folder / "notes.txt").write_text("about somebody")
    alone.path(film.NAME).write_bytes(b"sentences")
    names = {f"{alone.task}/{alone.name}/{file}" for file in (CARD, *FILES)}
    assert set(members(pack([alone]))) == {README, *names}
    film_of_it = f"{alone.task}/{alone.name}/{film.NAME}"
    assert set(members(pack([alone], films=True))) == {README, *names, film_of_it}


def test_the_same_models_give_the_same_archive(chosen):
    assert pack(chosen) == pack(chosen)


def test_it_counts_files_and_can_be_stopped(chosen):
    told = []
    pack(chosen, Watch(lambda *step: told.append(step)))
    assert told[-1] == (len(told), len(told))
    with pytest.raises(Cancelled):
        pack(chosen, Watch(cancelled=lambda: True))
