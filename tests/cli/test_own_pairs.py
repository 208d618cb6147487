"""Own pairs on the command line: looked at, trained on, evaluated, explained, named in commands."""

import json

import pytest

from poolviz.checkpoints import own_rows
from poolviz.checkpoints.commands import command_for, train_more
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import kinds_for
from poolviz.cli import BAD_INPUT, FINE
from poolviz.datasets.own_pairs.corpus import load_pairs
from poolviz.model.kinds import OUTCOMES
from tests import invented_pairs

pytest_plugins = ["tests.cli_fixtures"]

SMALL = ("--epochs", "1", "--width", "8", "--min-frequency", "1", "--texts-per-batch", "32")
A, B, C = "请问怎么去机场", "坐飞机要多少钱", "帮我租房子吧"


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """A file of pairs with names and labels as people have them."""
    folder = tmp_path_factory.mktemp("pairs")
    lines = invented_pairs.write_rows(folder).read_text("utf-8").splitlines()[:240]
    words = {"0": "不同", "1": "相同"}
    cells = [line.split("\t") for line in lines]
    place = folder / "我的 pairs.csv"
    written = [f"{a},{b},{words[label]}" for a, b, label in cells]
    place.write_bytes("\n".join(["句子1,句子2,关系", *written]).encode("gb18030"))
    return place


@pytest.fixture(scope="module")
def triplets(tmp_path_factory):
    place = tmp_path_factory.mktemp("triplets") / "t.tsv"
    lines = [f"怎么去第{n}站\t第{n}站如何走\t第{n}家饭馆在哪" for n in range(60)]
    place.write_text("\n".join(["anchor\tpositive\tnegative", *lines]), "utf-8")
    return place


def test_a_look_says_columns_outcomes_splits_and_three_pairs(call, rows):
    code, out, err = call("train", "--csv", rows, "--kind", "siamese", "--dry-run")
    assert (code, err) == (FINE, "")
    assert "texts: 句子1, 句子2; labels: 关系; unit: character" in out
    assert "that mean a match: “相同”; none: “不同”." in out
    assert "no sentence in common" in out
    assert len(out.splitlines()[-3:]) == 3 and "相同" in out.splitlines()[-2]
    found = json.loads(call("train", "--csv", rows, "--kind", "triplet", "--dry-run", "--json")[1])
    assert found["outcomes"] == {"不同": 0, "相同": 1} and found["kept_apart"] == "sentences"
    assert found["text_columns"] == ["句子1", "句子2"] and len(found["sample"]) == 3
    assert sum(found["rows_per_split"].values()) == found["rows"] == 240


def test_a_look_at_triplets(call, triplets):
    code, out, _err = call("train", "--csv", triplets, "--kind", "triplet", "--dry-run")
    assert code == FINE
    assert "anchor is the anchor, positive matches it, negative does not" in out
    assert "120 rows of 120" in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--kind", "siamese", "--other-column", "z"), "no column z; choose one of 句子1"),
        (("--kind", "siamese", "--match", "是"), "Unknown label 是; choose one of 不同, 相同"),
        (("--kind", "siamese", "--join-labels"), "--join-labels is for classes"),
        (("--other-column", "句子2"), "--other-column, --negative-column and --match are for"),
        (("--kind", "label", "--match", "相同"), "--match are for pairs"),
    ],
)
def test_what_is_said_of_another_kind_of_file(call, rows, words, sentence):
    code, out, err = call("train", "--csv", rows, *words, "--dry-run")
    assert (code, out) == (BAD_INPUT, "")
    assert sentence in err and err.count("\n") == 1


class TestTrained:
    """One matcher trained on the file, for all that comes after it."""

    @pytest.fixture(scope="class")
    def root(self, tmp_path_factory):
        return tmp_path_factory.mktemp("root")

    @pytest.fixture
    def matcher(self, call, rows, root):
        if not list_checkpoints([root]):
            words = ("--dataset", "mine", "--csv", rows, "--kind", "siamese", "--head", "average")
            code, out, err = call("train", *words, *SMALL, "--output", root)
            assert code == FINE and "no sentence in common" in err
        (found,) = list_checkpoints([root])
        return found

    def test_its_card_says_threshold_rows_and_what_it_must_beat(self, matcher):
        card = matcher.card
        assert 0 < card["threshold"] < 1 and card["rows"]["test_with_a_sentence_in_training"] == 0
        assert "character-cosine" in card["baselines"] and card["classes"] == list(OUTCOMES)
        assert "--kind siamese" in card["command"] and "--csv '我的 pairs.csv'" in card["command"]

    def test_some_of_its_test_pairs_are_kept(self, matcher, rows):
        kept = own_rows.read(matcher)
        assert kept.files == (str(rows),)
        tested = load_pairs("mine", rows).split("test")
        known = set(zip(tested["text_a"], tested["text_b"], strict=True))
        assert kept.rows and all(row[1:] in known and row[0] in OUTCOMES for row in kept.rows)

    def test_it_is_evaluated_on_its_file_without_being_told_the_kind(
        self, call, matcher, rows, root
    ):
        words = ("evaluate", "--dataset", "mine", "--csv", rows, "--root", root, "--json")
        code, out, _err = call(*words)
        (found,) = json.loads(out)
        assert code == FINE
        assert found["accuracy"] == matcher.card["test"]["accuracy"]
        assert found["baselines"] == matcher.card["baselines"]
        assert kinds_for("mine", present=[matcher]) == ("siamese", "interactive", "triplet")

    def test_it_explains_two_sentences_and_three(self, call, matcher, root):
        words = ("explain", "--dataset", "mine", "--root", root, "--text", A, "--other", B)
        assert "Sentence A – Sentence B: " in call(*words)[1]
        assert "Anchor – Negative: " in call(*words, "--other", C)[1]
        code, _out, err = call(*words[:-2])
        assert code == BAD_INPUT and "give --other once" in err

    def test_commands_name_its_file(self, matcher, rows):
        assert f"--csv '{rows}'" in command_for("evaluate", matcher)
        assert "--unit character" in train_more(matcher, "--kind", "siamese")

    def test_other_pairs_are_not_those_of_its_run(self, call, matcher, triplets, root):
        words = ("evaluate", "--dataset", "mine", "--csv", triplets, "--root", root)
        code, _out, err = call(*words)
        assert code == BAD_INPUT and "not those that the run" in err


def test_triplets_train_a_matcher_of_triplets(call, triplets, tmp_path):
    words = ("--dataset", "three", "--csv", triplets, "--kind", "triplet", "--head", "max")
    code, _out, _err = call("train", *words, *SMALL, "--output", tmp_path)
    assert code == FINE
    (found,) = list_checkpoints([tmp_path])
    assert found.kind == "triplet" and sum(found.card["rows"][s] for s in ("train", "test")) > 80
