"""Hyper-parameters: their ranges, and the command line that repeats a training."""

import shlex
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.cli.arguments import parser
from poolviz.cli.flags.options import options_of
from poolviz.errors import ChoiceError, PoolvizError, TrainingError, check_choice
from poolviz.model.heads import HEADS, READOUTS
from poolviz.model.kinds import KINDS, MATCHER, kinds_of
from poolviz.model.options import (
    MatcherOptions,
    MatchingOptions,
    ModelOptions,
    TrainingOptions,
    rebuild_command,
)

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


MATCHERS = st.sampled_from(kinds_of(MATCHER)).flatmap(
    lambda kind: st.builds(
        MatcherOptions,
        kind=st.just(kind),
        head=st.sampled_from(list(KINDS[kind].heads)),
        readout=st.sampled_from(list(KINDS[kind].readouts)),
        width=COUNTS,
        dropout=SHARES,
        margin=st.floats(0, 2, exclude_min=True),
    )
)
MATCHINGS = st.builds(
    MatchingOptions,
    seed=st.integers(0, 2**32 - 1),
    epochs=COUNTS,
    patience=COUNTS,
    steady_epochs=COUNTS,
    learning_rate=st.floats(0, 1, exclude_min=True, exclude_max=True),
    decay=st.floats(0, 1, exclude_min=True),
    contrast=st.floats(0, 10),
    token_dropout=SHARES,
    texts_per_batch=COUNTS,
    min_frequency=COUNTS,
    together=st.sampled_from(["", "atec", "bq_corpus,atec"]),
)


@given(MATCHERS, MATCHINGS)
def test_the_rebuild_command_of_a_matcher_gives_the_same_options_again(model, training):
    words = shlex.split(rebuild_command("lcqmc", model, training, 1))
    arguments = parser().parse_args(words[3:])
    assert (arguments.kind, arguments.head) == (model.kind, (model.head,))
    given = {"kind": arguments.kind, "head": model.head}
    assert options_of(MatcherOptions, arguments, **given) == model
    assert options_of(MatchingOptions, arguments) == training


def test_flags_that_are_not_given_stand_for_the_defaults_of_what_is_trained():
    arguments = parser().parse_args(["train", "--dataset", "x", "--head", "max"])
    assert options_of(ModelOptions, arguments, head="max") == ModelOptions("max")
    assert options_of(TrainingOptions, arguments) == TrainingOptions()
    matcher = options_of(MatcherOptions, arguments, kind="siamese", head="max")
    assert matcher == MatcherOptions("siamese", "max")
    assert options_of(MatchingOptions, arguments) == MatchingOptions()


def test_a_matchers_fit_has_the_options_of_any_fit_and_its_own():
    shared = {f.name: f.metadata["meaning"] for f in fields(TrainingOptions)}
    whole = {f.name: f.metadata["meaning"] for f in fields(MatchingOptions)}
    assert shared.items() <= whole.items()
    assert set(whole) - set(shared) == {"steady_epochs", "decay", "contrast", "together"}


def test_the_step_size_falls_by_epochs():
    options = MatchingOptions(learning_rate=0.01, steady_epochs=3, decay=0.5)
    rates = [options.learning_rate_in(epoch) for epoch in (1, 2, 3, 4, 5)]
    assert rates == pytest.approx([0.01, 0.01, 0.01, 0.005, 0.0025])


def test_other_data_sets_are_listed_with_commas():
    assert MatchingOptions(together=" bq_corpus, atec,").others == ("bq_corpus", "atec")
    assert MatchingOptions().others == ()


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


@pytest.mark.parametrize("kind", [ModelOptions, TrainingOptions, MatcherOptions, MatchingOptions])
def test_every_field_but_the_head_says_what_it_means(kind):
    meanings = [f.metadata.get("meaning") for f in fields(kind) if f.name not in ("kind", "head")]
    assert meanings and all(meanings)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (ModelOptions, {"head": "max", "embedding": 0}),
        (ModelOptions, {"head": "max", "filters": 4_097}),
        (ModelOptions, {"head": "max", "dropout": 1.0}),
        (ModelOptions, {"head": "max", "dropout": float("nan")}),
        (TrainingOptions, {"seed": -1}),
        (MatcherOptions, {"kind": "siamese", "head": "max", "width": 0}),
        (MatcherOptions, {"kind": "siamese", "head": "max", "margin": 0.0}),
        (MatcherOptions, {"kind": "siamese", "head": "max", "dropout": -0.1}),
        (MatchingOptions, {"decay": 0.0}),
        (MatchingOptions, {"decay": 1.5}),
        (MatchingOptions, {"contrast": -0.1}),
        (MatchingOptions, {"contrast": float("nan")}),
        (MatchingOptions, {"learning_rate": 1.0}),
        (MatchingOptions, {"steady_epochs": 0}),
        (MatchingOptions, {"seed": -1}),
        (MatchingOptions, {"token_dropout": 1.0}),
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


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "twins", "head": "max"},
        {"kind": "classification", "head": "max"},
        {"kind": "siamese", "head": "additive"},
        {"kind": "interactive", "head": "max"},
        {"kind": "siamese", "head": "max", "readout": "linear"},
        {"kind": "triplet", "head": "max", "readout": "dense"},
    ],
)
def test_a_matcher_that_there_is_not(wrong):
    with pytest.raises(ChoiceError, match="choose one of"):
        MatcherOptions(**wrong)
