"""Commands that pages and errors suggest: each is one that the command line takes as it stands."""

import shlex
from dataclasses import replace

import pytest

from poolviz import program
from poolviz.checkpoints import own_rows
from poolviz.checkpoints.checkpoint import files_of, write
from poolviz.checkpoints.commands import command_for, train_more, training_command
from poolviz.checkpoints.selection import demand
from poolviz.cli.arguments import parser
from poolviz.cli.dashes import joined_to_flags
from poolviz.datasets import load
from poolviz.datasets.own.texts import load_own
from poolviz.errors import CheckpointError, DataError
from poolviz.model.kinds import KINDS
from tests import invented

NAMES = ("reviews.csv", "评论 (2) 'v1'.csv", "$(x) & -y.csv")


@pytest.fixture
def own(tmp_path, monkeypatch):
    """`own(name, flags)`: a model of somebody's own, trained on a file of this name."""
    monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path / "home"))

    def make(name=NAMES[0], flags="", task="my_reviews", **card):
        folder = tmp_path / "a folder"
        folder.mkdir(exist_ok=True)
        place = folder / name
        rows = [f"第{n}次来，很好,{'好' if n % 2 else '坏'}" for n in range(60)]
        place.write_text("\n".join(["text,label", *rows]), "utf-8")
        corpus = load_own(task, place)

        def fill(unfinished):
            for file in files_of("classification"):
                (unfinished / file).write_text("{}")
            own_rows.keep(corpus, unfinished)

        command = f"python -m poolviz train --dataset {task} {corpus.dataset.flags}{flags}"
        data = {"files": [{"name": place.name, "sha256": "0", "bytes": 1}]}
        fields = {**invented.CARD_FIELDS, "command": command, "data": data, **card}
        return write(tmp_path / "root", task, "max", fields, fill), place

    return make


def taken(command):
    """What the command line takes a suggested command for."""
    words = shlex.split(command.removeprefix(program.command()))
    return parser().parse_args(joined_to_flags(words))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_ones_own_is_named_with_its_folder(own, name):
    checkpoint, place = own(name, " --encoding gbk --label-column 'a b' --join-labels")
    for wanted in ("evaluate", "trust", "train"):
        flags = ("--head", "max") if wanted == "train" else ()
        found = taken(command_for(wanted, checkpoint, *flags))
        assert (found.command, found.dataset, found.csv) == (wanted, "my_reviews", place)
        assert (found.encoding, found.label_column, found.join_labels) == ("gbk", "a b", True)
    again = taken(training_command(checkpoint))
    assert (again.csv, again.unit, again.encoding) == (place, "character", "gbk")
    more = taken(train_more(checkpoint, "--head", "attention"))
    assert (more.csv, more.unit, more.head) == (place, "character", ("attention",))


def test_a_file_that_is_gone_is_named_alone(own, monkeypatch):
    checkpoint, place = own()
    place.unlink()
    assert str(taken(command_for("evaluate", checkpoint)).csv) == place.name
    assert str(taken(training_command(checkpoint)).csv) == place.name


def test_a_public_server_shows_no_folder(own, monkeypatch):
    checkpoint, place = own()
    monkeypatch.setenv("POOLVIZ_HIDE_ROWS", "1")
    assert str(place.parent) not in command_for("evaluate", checkpoint)


def test_a_card_with_another_command_is_shown_as_it_is(own):
    checkpoint, _place = own(command="python -m poolviz train 'open")
    assert training_command(checkpoint) == "python -m poolviz train 'open"
    assert taken(command_for("evaluate", checkpoint)).dataset == "my_reviews"
    assert training_command(replace(checkpoint, card={"command": "make"})) == "make"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("readout", [None, 1])
def test_what_is_not_trained_has_the_command_that_trains_it(kind, readout, monkeypatch):
    record = KINDS[kind]
    named = None if readout is None else list(record.readouts)[-1]
    head = [next(iter(record.heads))]
    with pytest.raises(CheckpointError) as lacking:
        demand([], "lcqmc", [kind], head, named)
    found = taken(lacking.value.values["command"])
    assert (found.command, found.dataset, found.kind) == ("train", "lcqmc", kind)
    assert found.head == (None if len(record.heads) == 1 else tuple(head))  # None: all
    assert found.readout in (None, named)


def test_of_ones_own_it_names_the_file(own):
    checkpoint, place = own()
    with pytest.raises(CheckpointError) as lacking:
        demand([checkpoint], "my_reviews", ["classification"], ["attention"])
    found = taken(lacking.value.values["command"])
    assert (found.csv, found.unit, found.head) == (place, "character", ("attention",))


def test_what_can_be_downloaded_is(tmp_path, monkeypatch):
    monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path))
    monkeypatch.delenv("POOLVIZ_DATA", raising=False)
    with pytest.raises(DataError) as missing:
        load("waimai_10k", tmp_path)
    found = taken(missing.value.values["command"])
    assert (found.command, found.key, found.download) == ("datasets", "waimai_10k", True)
    with pytest.raises(CheckpointError) as lacking:
        demand([], "waimai_10k", ["classification"])
    found = taken(lacking.value.values["command"])
    assert (found.head, found.download) == (None, True)
