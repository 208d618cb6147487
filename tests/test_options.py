"""Hyper-parameters: their ranges, and the command line that repeats a training."""

import shlex
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.cli.arguments import options_of, parser
from poolviz.errors import ChoiceError, PoolvizError, TrainingError
from poolviz.heads import HEADS, READOUTS
from poolviz.options import ModelOptions, TrainingOptions, check_choice, rebuild_command

COUNTS = st.integers(1, 4_096)
SHARES = st.floats(0, 1, exclude_max=True)
MODELS = st.builds(
    ModelOptions,
    head=st.sampled_from(list(HEADS)),
    readout=st.sampled_from(list(READOUTS)),
    embedding=COUNTS,
    filters=COUNTS,
    dropout=SHARES,
)
TRAININGS = st.builds(
    TrainingOptions,
    seed=st.integers(0, 2**32 - 1),
    epochs=COUNTS,
    patience=COUNTS,
    learning_rate=st.floats(0, 1, exclude_min=True, exclude_max=True),
    token_dropout=SHARES,
    texts_per_batch=COUNTS,
    min_frequency=COUNTS,
)


@given(MODELS, TRAININGS, st.integers(1, 9))
def test_the_rebuild_command_gives_the_same_options_again(model, training, seeds):
    command = rebuild_command("waimai_10k", model, training, seeds)
    words = shlex.split(command)
    assert words[:3] == ["python", "-m", "poolviz"]
    arguments = parser().parse_args(words[3:])
    assert (arguments.command, arguments.dataset) == ("train", "waimai_10k")
    assert arguments.head == (model.head,)
    assert options_of(ModelOptions, arguments, head=model.head) == model
    assert options_of(TrainingOptions, arguments) == training
    assert arguments.seeds == seeds


def test_the_rebuild_command_names_only_what_is_not_the_default():
    command = rebuild_command("bbc_news", ModelOptions("max", dropout=0.0), TrainingOptions(), 1)
    assert command == "python -m poolviz train --dataset bbc_news --head max --dropout 0.0"


@pytest.mark.parametrize("kind", [ModelOptions, TrainingOptions])
def test_every_field_but_the_head_says_what_it_means(kind):
    meanings = [f.metadata.get("meaning") for f in fields(kind) if f.name != "head"]
    assert meanings and all(meanings)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (ModelOptions, {"head": "max", "embedding": 0}),
        (ModelOptions, {"head": "max", "filters": 4_097}),
        (ModelOptions, {"head": "max", "dropout": 1.0}),
        (ModelOptions, {"head": "max", "dropout": float("nan")}),
        (TrainingOptions, {"seed": -1}),
        (TrainingOptions, {"seed": 2**32}),
        (TrainingOptions, {"epochs": 0}),
        (TrainingOptions, {"patience": 0}),
        (TrainingOptions, {"learning_rate": 0.0}),
        (TrainingOptions, {"learning_rate": float("inf")}),
        (TrainingOptions, {"token_dropout": -0.1}),
        (TrainingOptions, {"texts_per_batch": 0}),
        (TrainingOptions, {"min_frequency": 0}),
    ],
)
def test_a_number_out_of_range_is_refused(kind, wrong):
    with pytest.raises(TrainingError, match="must"):
        kind(**wrong)


@pytest.mark.parametrize("wrong", [{"head": "sum"}, {"head": "max", "readout": "rbf"}])
def test_an_unknown_name_is_answered_with_the_list(wrong):
    with pytest.raises(ChoiceError, match="choose one of"):
        ModelOptions(**wrong)


def test_check_choice_is_silent_about_what_is_on_the_list():
    check_choice("colour", "red", ("red", "green"))
    with pytest.raises(PoolvizError, match="Unknown colour blue; choose one of red, green."):
        check_choice("colour", "blue", ("red", "green"))
