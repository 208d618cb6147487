"""`train` with a list of seeds: a model with each, and one table of how all of them went."""

import pytest

from poolviz.cli import BAD_INPUT, FINE
from tests import invented

pytest_plugins = ["tests.cli_fixtures"]


def words(data, *more):
    small = (f"--{name}={value}" for name, value in invented.MODEL.items())
    return ("train", "--dataset", "invented", "--folder", data, "--head", "max", *small, *more)


def test_a_list_of_seeds_makes_a_model_with_each(call, data, tmp_path):
    root = tmp_path / "root"
    code, out, err = call(*words(data, "--epochs", "1", "--seeds", "2,0", "--output", root))
    assert code == FINE
    names = [folder.name for folder in sorted(root.glob("invented/run-*/*")) if folder.is_dir()]
    assert names == ["max", "max-s2"]
    heading, *table = out.splitlines()[-3:]
    assert heading.split("  ")[0] == "checkpoint" and "validation accuracy" in heading
    assert [line.split()[0] for line in table] == ["max-s2", "max"]
    assert "max, seed 2, epoch 1 of 1: loss" in err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--seeds", "0,1", "--seed", "1"), "--seed is for one seed"),
        (("--seeds", "0,1", "--background"), "--seeds with a list is not for --background"),
        (("--engine", "dask", "--background"), "--engine is not for --background"),
        (("--scheduler", "tcp://127.0.0.1:9"), "--scheduler is for --engine dask"),
    ],
)
def test_flags_that_do_not_fit(call, data, more, said):
    code, out, err = call(*words(data, *more))
    assert (code, out) == (BAD_INPUT, "") and said in err


def test_what_is_no_list_of_seeds(call, data):
    with pytest.raises(SystemExit) as raised:
        call(*words(data, "--seeds", "0,eins"))
    assert raised.value.code == BAD_INPUT
