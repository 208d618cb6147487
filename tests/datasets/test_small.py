"""Little data is followed by a word of caution, enough data by none."""

import pytest

from poolviz.checkpoints.listing import list_checkpoints
from poolviz.cli import FINE
from poolviz.datasets import small
from poolviz.datasets.holdings import read_own, told
from poolviz.places import SHIPPED_CHECKPOINTS

pytest_plugins = ["tests.cli_fixtures"]

CARD = {
    "classes": ["neg", "pos"],
    "vocabulary": {"size": 7},
    "test": {"rows": 5, "confusion": [[5, 0], [0, 0]]},
}


def test_few_rows_few_tokens_and_an_untested_class():
    rows, untested, tokens = small.of_card(CARD)
    assert "only 5 rows to test on" in rows
    assert "no row to test on has the class “pos”" in untested
    assert "only 5 tokens are known" in tokens
    assert small.of_cards([CARD, CARD]) == [rows, untested, tokens]
    (rows,) = small.of_test(1)
    assert "only 1 row to test on" in rows
    (nothing,) = small.of_test(0, ["neg", "pos"])
    assert "no row to test on, so" in nothing


def test_enough_is_followed_by_nothing():
    card = {
        "classes": ["neg", "pos"],
        "vocabulary": {"size": 900},
        "test": {"rows": 60, "confusion": [[30, 0], [0, 30]]},
    }
    assert small.of_card(card) == []
    shipped = list_checkpoints([SHIPPED_CHECKPOINTS])
    assert shipped and not small.of_cards(c.card for c in shipped if not c.damage)


@pytest.mark.parametrize("name", ["neg\n*x*", "类别"])
def test_names_stand_as_they_are(name):
    assert name[:3] in small.of_test(99, [name])[0]
    assert "…" in small.of_training(None, [f"{name}{n}" for n in range(9)])[0]


def test_a_file_is_followed_by_it_before_the_training():
    lines = ["text,label,split", *(f"很好喝，第{n}次来,好,train" for n in range(40))]
    lines += [f"太差了，第{n}次来,坏,test" for n in range(6)]
    found = read_own("rows.csv", "\n".join(lines).encode())
    said = " ".join(told(found.holdings))
    assert "only 6 rows to test on" in said
    assert "no row to test on has the class “好”" in said
    assert "no row to train on has the class “坏”" in said


def test_on_the_command_line(call, tmp_path):
    place = tmp_path / "mine.csv"
    rows = [f"{'好' if n % 2 else '坏'},字{n}" for n in range(60)]
    place.write_text("\n".join(["label,text", *rows]), "utf-8")
    code, out, _err = call("train", "--csv", place, "--dry-run")
    assert code == FINE and "rows to test on, so that" in out and "tokens are known" in out
    words = ("--dataset", "mine", "--csv", place, "--head", "average")
    tiny = ("--epochs", "1", "--embedding", "2", "--filters", "2")
    code, out, _err = call("train", *words, *tiny, "--output", tmp_path / "root")
    assert code == FINE and "rows to test on, so that" in out and "tokens are known" in out
    code, out, _err = call("evaluate", *words, "--root", tmp_path / "root")
    assert code == FINE and "rows to test on, so that" in out
