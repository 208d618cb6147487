"""Several trainings, here and on a cluster: the same weights, written by the caller alone."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from poolviz.bulk import engines
from poolviz.checkpoints.checkpoint import KERAS
from poolviz.model.options import ModelOptions
from poolviz.training import many
from poolviz.watch import Cancelled, Watch
from tests import invented
from tests.clusters import kill_one, nothing, two_workers


@pytest.fixture(scope="module")
def jobs():
    model = ModelOptions(head="max", **invented.MODEL)
    options = replace(invented.TRAINING, epochs=1)
    return [many.Job(model, replace(options, seed=seed)) for seed in (0, 1)]


@pytest.fixture(scope="module")
def here(prepared, jobs, tmp_path_factory):
    """By name what is trained in this process."""
    root = tmp_path_factory.mktemp("here")
    return {c.name: c for _job, c in many.train_here(prepared, jobs, root)}


def weights(checkpoint):
    model = keras.saving.load_model(checkpoint.path(KERAS))
    return [np.asarray(each) for each in model.weights]


def test_each_seed_is_a_model_of_its_own(here, jobs):
    assert list(here) == ["max", "max-s1"]
    first, second = (weights(checkpoint)[0] for checkpoint in here.values())
    assert not np.allclose(first, second)


def test_a_cluster_gives_the_same_and_a_lost_worker_is_replaced(prepared, jobs, here, tmp_path):
    told, killed = [], []
    with two_workers() as address, engines.dask_client(address) as client:

        def progress(job, progress):
            told.append((job.options.seed, progress.epoch))
            if not killed:
                killed.append(kill_one(address))

        made = dict(
            (checkpoint.name, checkpoint)
            for _job, checkpoint in many.train_on(
                client, prepared, jobs, tmp_path, nothing, Watch(progress)
            )
        )
    assert killed and sorted(made) == sorted(here)
    assert {seed for seed, _epoch in told} == {0, 1}
    for name, checkpoint in made.items():
        assert checkpoint.damage is None and checkpoint.folder.is_relative_to(tmp_path)
        for found, expected in zip(weights(checkpoint), weights(here[name]), strict=True):
            assert np.array_equal(found, expected)


def test_what_was_finished_stays_where_it_is_stopped(prepared, jobs, tmp_path):
    made = []
    with pytest.raises(Cancelled):
        for _job, checkpoint in many.train_here(
            prepared, jobs, tmp_path, Watch(cancelled=lambda: bool(made))
        ):
            made.append(checkpoint)
    assert [checkpoint.name for checkpoint in made] == ["max"]
    assert made[0].folder.is_dir()
