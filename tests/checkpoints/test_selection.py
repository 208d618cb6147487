"""Which checkpoints a choice stands for; no file is read."""

from dataclasses import replace
from pathlib import Path

import pytest

from poolviz.checkpoints import selection
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.marks import RunMark
from poolviz.checkpoints.names import checkpoint_name
from poolviz.checkpoints.selection import (
    Which,
    check_task,
    choose,
    demand,
    kinds_for,
    select,
    with_head,
)
from poolviz.errors import CheckpointError, ChoiceError
from poolviz.model.heads import HEADS
from poolviz.model.kinds import CLASSIFIER, MATCHER, kinds_of

TASK = "waimai_10k"
CLASSIFIERS, MATCHERS = kinds_of(CLASSIFIER), kinds_of(MATCHER)


def sound(head, readout="linear", seed=0, task=TASK, kind="classification"):
    name = checkpoint_name(head, readout, seed, kind)
    card = {"kind": kind, "head": head, "readout": readout, "seed": seed}
    return Checkpoint(Path(task) / name, task, name, card)


def damaged(name, task=TASK):
    return Checkpoint(Path(task) / name, task, name, damage=CheckpointError(f"{name} is broken"))


def names(chosen):
    return [checkpoint.name for checkpoint in chosen]


def test_all_heads_come_in_the_order_of_the_table():
    listed = [sound(head) for head in sorted(HEADS)]
    assert names(select(listed, TASK, CLASSIFIERS)) == list(HEADS)


def test_the_order_asked_for_does_not_matter():
    listed = [sound(head) for head in HEADS]
    assert names(select(listed, TASK, CLASSIFIERS, ["attention", "max"])) == ["max", "attention"]


def test_the_lowest_seed_counts():
    listed = [sound("max", seed=7), sound("max", seed=3), sound("attention", seed=1)]
    assert names(select(listed, TASK, CLASSIFIERS)) == ["max-s3", "attention-s1"]


def test_only_the_read_out_and_the_data_set_asked_for():
    listed = [sound("max"), sound("max", "mlp"), sound("attention"), sound("average", task="other")]
    assert names(select(listed, TASK, CLASSIFIERS, readout="mlp")) == ["max-mlp"]
    assert names(select(listed, TASK, CLASSIFIERS)) == ["max", "attention"]


def test_a_damaged_one_is_left_out_where_all_are_wanted():
    assert names(select([sound("max"), damaged("attention")], TASK, CLASSIFIERS)) == ["max"]


def test_a_damaged_one_that_is_wanted_says_what_is_wrong_with_it():
    with pytest.raises(CheckpointError, match="attention is broken"):
        select([sound("max"), damaged("attention")], TASK, CLASSIFIERS, ["attention"])


def test_where_all_are_damaged_the_damage_is_told():
    with pytest.raises(CheckpointError, match="max is broken"):
        select([damaged("max")], TASK, CLASSIFIERS)


def test_a_model_of_another_kind_is_no_classifier():
    with pytest.raises(CheckpointError, match="has no checkpoint"):
        select([sound("max", kind="siamese")], TASK, CLASSIFIERS)


@pytest.mark.parametrize(
    ("listed", "heads", "readout", "command"),
    [
        ([], None, "linear", "train --dataset waimai_10k --download --head all"),
        ([sound("max")], ["max", "average", "attention"], "linear", "--head average,attention"),
        ([sound("max")], None, "mlp", "--head all --readout mlp"),
    ],
)
def test_what_was_not_trained_is_answered_with_the_command(
    listed, heads, readout, command, monkeypatch
):
    monkeypatch.setattr(selection, "available", lambda task: False)
    with pytest.raises(CheckpointError) as caught:
        select(listed, TASK, CLASSIFIERS, heads, readout)
    assert str(caught.value).endswith(command)


@pytest.mark.parametrize(
    ("task", "heads", "readout", "listed_in_answer"),
    [
        ("hotels", None, "linear", "chnsenticorp_htl_all"),
        (TASK, ["sum"], "linear", "multi-head"),
        (TASK, None, "rbf", "mlp"),
        ("lcqmc", None, "linear", "sentence pairs"),
    ],
)
def test_a_wrong_name_is_answered_with_the_list(task, heads, readout, listed_in_answer):
    with pytest.raises(ChoiceError, match=listed_in_answer):
        select([sound("max")], task, CLASSIFIERS, heads, readout)


def test_trained_matchers_do_not_make_pairs_a_task_for_classifiers():
    listed = [sound("attention", "cosine", task="lcqmc", kind="siamese")]
    for heads in (None, ["max"]):
        with pytest.raises(ChoiceError, match="holds sentence pairs"):
            select(listed, "lcqmc", CLASSIFIERS, heads)
    check_task(listed, "lcqmc")  # what is there can be listed all the same


def test_a_data_set_of_texts_is_none_for_matchers_of_pairs():
    with pytest.raises(
        ChoiceError, match="holds single texts; choose a data set of sentence pairs"
    ):
        select([sound("max")], TASK, ["siamese"])
    with pytest.raises(CheckpointError, match="--kind label --head all"):
        select([sound("max")], TASK, ["label"])


def test_a_task_that_only_its_user_knows_is_listed():
    check_task([sound("max", task="mine")], "mine")
    with pytest.raises(ChoiceError, match="mine"):
        check_task([sound("max", task="mine")], "yours")


def matcher(kind, head, readout="cosine", seed=0, task="lcqmc"):
    return sound(head, readout, seed, task, kind)


class TestMatchers:
    LISTED = (
        matcher("interactive", "additive"),
        matcher("siamese", "attention", "dense"),
        matcher("siamese", "attention", seed=1),
        matcher("siamese", "attention"),
        matcher("siamese", "max"),
        matcher("triplet", "max", task="atec"),
        sound("max", task="lcqmc"),
        damaged("siamese-average", task="lcqmc"),
    )

    def test_all_in_the_order_of_the_tables(self):
        wanted = [
            "siamese-max",
            "siamese-attention",
            "siamese-attention-dense",
            "interactive-additive",
        ]
        assert names(choose(self.LISTED, "lcqmc", MATCHERS)) == wanted
        assert names(choose(self.LISTED, "lcqmc", MATCHERS[::-1])) == wanted
        assert names(select(self.LISTED, "lcqmc", MATCHERS)) == wanted

    def test_of_one_kind_head_or_read_out(self):
        assert names(choose(self.LISTED, "lcqmc", ["interactive"])) == ["interactive-additive"]
        assert names(choose(self.LISTED, "lcqmc", ["siamese"], ["max"])) == ["siamese-max"]
        of_dense = choose(self.LISTED, "lcqmc", MATCHERS, readout="dense")
        assert names(of_dense) == ["siamese-attention-dense"]

    def test_none(self):
        for wanted in (
            ("lcqmc", ["label"]),
            ("lcqmc", MATCHERS, ["min-variance"]),
            ("x", MATCHERS),
        ):
            assert choose(self.LISTED, *wanted) == []
            with pytest.raises(CheckpointError, match="has no checkpoint"):
                demand(self.LISTED, *wanted)

    def test_each_head_that_was_asked_for_must_be_there(self):
        with pytest.raises(CheckpointError, match="--kind siamese --head min-variance$"):
            demand(self.LISTED, "lcqmc", MATCHERS, ["max", "min-variance"])
        with pytest.raises(CheckpointError, match="siamese-average is broken"):
            demand(self.LISTED, "lcqmc", MATCHERS, ["max", "average"])

    def test_a_matcher_is_never_taken_for_a_classifier(self):
        listed = [matcher("label", "max", task=TASK), sound("attention")]
        assert names(select(listed, TASK, CLASSIFIERS)) == ["attention"]
        with pytest.raises(CheckpointError):
            select(listed, TASK, CLASSIFIERS, ["max"])


def test_the_rows_of_a_data_set_say_which_kinds_are_meant():
    assert kinds_for("lcqmc") == ("siamese", "interactive", "triplet")
    for task in (TASK, "somebody's own"):
        assert kinds_for(task) == ("classification",)
        assert kinds_for(task, "label") == ("label",)


def of_run(checkpoint, run, day, name=None):
    card = {**checkpoint.card, "trained": f"2026-11-{day:02}T10:00:00"}
    return replace(checkpoint, card=card, run=RunMark(run), name=name or checkpoint.name)


class TestSeveralTrainings:
    def test_never_two_runs_beside_each_other(self):
        listed = [of_run(sound(head), "aaa", 1) for head in HEADS]
        listed.append(of_run(sound("max"), "bbb", 2))
        assert [c.run.id for c in select(listed, TASK, CLASSIFIERS)] == ["bbb"]
        found = select(listed, TASK, CLASSIFIERS, which=Which("aaa"))
        assert {c.run.id for c in found} == {"aaa"}
        assert names(found) == list(HEADS)
        assert {c.run.id for c in with_head(listed, found[1:], "max")} == {"aaa"}

    def test_a_run_without_models_of_the_kind_is_none(self):
        listed = [
            of_run(sound("max"), "aaa", 1),
            of_run(sound("max", "cosine", kind="label"), "bbb", 2),
        ]
        assert names(choose(listed, TASK, CLASSIFIERS)) == ["max"]
        assert names(choose(listed, TASK, ["label"])) == ["label-max"]

    def test_a_run_that_is_not_there(self):
        with pytest.raises(ChoiceError, match="choose one of aaa"):
            select([of_run(sound("max"), "aaa", 1)], TASK, CLASSIFIERS, which=Which("b"))

    def test_a_seed_is_that_of_all(self):
        listed = [sound("max"), sound("max", seed=3), sound("attention", seed=3), sound("average")]
        chosen = choose(listed, TASK, CLASSIFIERS, which=Which(seed=3))
        assert names(chosen) == ["max-s3", "attention-s3"]
        with pytest.raises(CheckpointError, match="--head average --seed 3$"):
            select(listed, TASK, CLASSIFIERS, ["average"], which=Which(seed=3))

    def test_a_model_that_is_named_is_taken_instead_of_the_better_one(self):
        listed = [sound("max"), sound("max", seed=3), sound("attention")]
        chosen = select(listed, TASK, CLASSIFIERS, which=Which(names=("max-s3",)))
        assert names(chosen) == ["max-s3", "attention"]
        assert names(with_head(listed, chosen[:1], "attention")) == ["max-s3", "attention"]
        with pytest.raises(ChoiceError, match="Unknown model max.2; choose one of max, "):
            select(listed, TASK, CLASSIFIERS, which=Which(names=("max.2",)))
