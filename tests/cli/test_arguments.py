"""Commands that look: help and flags, `explain`, `checkpoints`."""

import io
import json
import re
import shlex

import numpy as np
import pytest

from poolviz.checkpoints.checkpoint import read
from poolviz.cli import BAD_INPUT, FAILED, FINE, main, terminal
from poolviz.cli.arguments import parser
from poolviz.datasets.readers import reading
from poolviz.engine.texts import Explainer
from poolviz.text.width import width_units
from poolviz.views.words import fold_words
from tests.cli_helpers import TEXT, explain

pytest_plugins = ["tests.cli_fixtures"]

COMMANDS = (
    "datasets",
    "train",
    "evaluate",
    "trust",
    "explain",
    "export",
    "checkpoints",
    "pack",
    "unpack",
    "check-head",
    "encoder",
    "match",
    "rank",
)


# --- help and flags


@pytest.mark.parametrize("command", COMMANDS)
def test_the_examples_of_the_help_are_commands_that_parse(command, capsys):
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == FINE
    examples = re.findall(r"^  python -m poolviz (.*)$", capsys.readouterr().out, re.MULTILINE)
    assert examples
    for example in examples:
        words = shlex.split(example.partition(" < ")[0])
        assert parser().parse_args(words).command == command


def test_the_help_says_how_it_was_called(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["/opt/bin/poolviz", "train"])
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    out = capsys.readouterr().out
    assert "usage: poolviz train" in out and "  poolviz train --csv reviews.csv" in out
    assert "python -m" not in out


def test_the_help_names_every_command(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capsys.readouterr().out
    assert all(command in out for command in COMMANDS)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["predict"],
        ["explain", "--dataset", "invented"],
        ["explain", "--dataset", "invented", "--text", "a", "--text-file", "b"],
        ["explain", "--dataset", "invented", "--text", "a", "--top", "0"],
        ["train", "--dataset", "invented", "--head", "max", "--seeds", "0"],
        ["train", "--dataset", "invented", "--head", "max", "--epochs", "many"],
        ["export", "--dataset", "invented", "--text", "a", "--output", "x", "--format", "gif"],
    ],
)
def test_flags_that_do_not_fit_exit_with_2(words, capsys):
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == BAD_INPUT
    assert "error:" in capsys.readouterr().err


def test_matchers_are_listed_by_their_data_set(call):
    code, out, _err = call("checkpoints", "--task", "lcqmc")
    assert (code, "siamese-max" in out) == (FINE, True)


# --- explain


def test_json_is_what_the_pages_compute(call, root):
    code, out, err = call(*explain(root, "--text", TEXT, "--json"))
    assert (code, err) == (FINE, "")
    found = json.loads(out)
    assert [one["head"] for one in found] == ["max", "attention"]
    for one in found:
        same = Explainer(read(root / "invented" / one["head"])).explain(TEXT)
        assert one == json.loads(json.dumps(same.to_json()))


def test_json_has_the_fields_and_shapes_that_are_promised(call, root):
    one = json.loads(call(*explain(root, "--text", TEXT, "--json", "--head", "attention"))[1])[0]
    tokens, classes = len(one["tokens"]), len(one["classes"])
    assert np.shape(one["weights"]) == (1, tokens)
    assert np.shape(one["contributions"]) == (1, tokens, classes)
    assert np.shape(one["offsets"]) == (1, tokens)
    assert np.shape(one["bias"]) == (classes,) and np.shape(one["bias_offset"]) == ()
    assert one["predicted"] == one["classes"][int(np.argmax(one["probabilities"]))]
    assert one["text"] == TEXT


def test_words_are_folded(call, root):
    out = call(*explain(root, "--text", TEXT, "--json", "--head", "max", "--words"))[1]
    folded = fold_words(Explainer(read(root / "invented" / "max")).explain(TEXT))
    assert json.loads(out) == [json.loads(json.dumps(folded.to_json()))]
    assert folded.folded


def test_the_tables_show_prediction_and_top_tokens_in_aligned_columns(call, root):
    code, out, _err = call(*explain(root, "--text", TEXT, "--top", "3", "--head", "attention"))
    explanation = Explainer(read(root / "invented" / "attention")).explain(TEXT)
    lines = out.splitlines()
    start = next(i for i, line in enumerate(lines) if line.lstrip().startswith("#"))
    table = lines[start : start + 4]
    assert code == FINE
    assert f"Attention: {explanation.predicted}" in lines
    assert {width_units(line) for line in table} == {width_units(table[0])}
    heaviest = int(explanation.weights[0].argmax())
    first = table[1].split()
    assert first[:2] == [str(heaviest + 1), explanation.tokens[heaviest].text]
    assert first[2] == f"{explanation.weights[0, heaviest]:.4f}"


def test_unknown_tokens_are_marked(call, root):
    out = call(*explain(root, "--text", "好吃Q", "--head", "max"))[1]
    assert "Q (unknown)" in out
    assert "3 tokens, 1 not in the vocabulary" in out


def test_text_cannot_command_the_terminal(call, root):
    out = call(*explain(root, "--text", "\x1b[2J好吃\u202e菜", "--head", "max"))[1]
    assert "\x1b" not in out
    assert "\u202e" not in out


@pytest.mark.parametrize(
    "content",
    [TEXT, TEXT + "\n", TEXT + "\r\n", "\ufeff" + TEXT],
    ids=["plain", "line end", "Windows line end", "byte-order mark"],
)
def test_a_file_and_stdin_are_as_the_text_itself(call, root, tmp_path, monkeypatch, content):
    wanted = call(*explain(root, "--text", TEXT, "--json"))[1]
    file = tmp_path / "text.txt"
    file.write_bytes(content.encode())
    assert call(*explain(root, "--text-file", file, "--json"))[1] == wanted
    for words in (["-"], ["--text-file", "-"]):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
        assert call(*explain(root, *words, "--json"))[1] == wanted


def test_a_text_in_another_encoding_is_read_and_said_to_be(call, root, tmp_path):
    wanted = call(*explain(root, "--text", TEXT, "--json"))[1]
    for encoding, told in (("gbk", "guessed from the bytes: GB18030"), ("utf-16", "")):
        file = tmp_path / "text.txt"
        file.write_bytes(TEXT.encode(encoding))
        code, out, err = call(*explain(root, "--text-file", file, "--json"))
        assert (code, out) == (FINE, wanted)
        assert told in err


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "cannot be read"), (bytes(range(256)), "text in no known encoding")],
    ids=["no file", "no text"],
)
def test_a_file_that_is_no_text_is_bad_input(call, root, tmp_path, content, told):
    if content:
        (tmp_path / "text.txt").write_bytes(content)
    code, out, err = call(*explain(root, "--text-file", tmp_path / "text.txt"))
    assert (code, out) == (BAD_INPUT, "")
    assert told in err


def test_lines_are_texts_with_their_numbers(root, call, tmp_path, monkeypatch):
    texts = {1: "这家店的菜很好吃", 3: "难吃", 5: "ไทย"}
    file = tmp_path / "lines.txt"
    file.write_bytes("\r\n".join(texts.get(n, " ") for n in range(1, 7)).encode("gb18030"))
    code, out, err = call(*explain(root, "--text-file", file, "--lines", "--json"))
    found = json.loads(out)
    assert code == FINE
    assert [(one["line"], one["text"]) for one in found] == [
        each for each in texts.items() for _head in ("max", "attention")
    ]
    alone = json.loads(call(*explain(root, "--text", texts[3], "--json"))[1])
    assert [{"line": 3, **one} for one in alone] == found[2:4]
    assert "Line 5: This text is written in Thai letters" in err
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    assert json.loads(call(*explain(root, "-", "--lines", "--json"))[1]) == found
    _code, out, _err = call(*explain(root, "--text-file", file, "--lines", "--words"))
    assert re.findall("^Line .*$", out, re.MULTILINE) == ["Line 1", "Line 3", "Line 5"]


def test_a_line_that_is_too_long_is_named_and_the_others_are_explained(root, call, tmp_path):
    file = tmp_path / "lines.txt"
    file.write_text("难吃\n" + "长" * 100_001, "utf-8")
    code, out, err = call(*explain(root, "--text-file", file, "--lines", "--json"))
    assert code == FAILED and "Line 2: The text has 100,001 characters" in err
    assert {one["line"] for one in json.loads(out)} == {1}


@pytest.mark.parametrize("content", ["", " \n\n", "a\n" * 1_001])
def test_no_lines_and_too_many_are_refused(root, call, tmp_path, content):
    file = tmp_path / "lines.txt"
    file.write_text(content)
    code, out, err = call(*explain(root, "--text-file", file, "--lines"))
    assert (code, out) == (BAD_INPUT, "") and "lines with a text" in err


def test_lines_are_of_a_file_and_for_classifiers(root, call):
    code, _out, err = call(*explain(root, "--text", "好", "--lines"))
    assert code == BAD_INPUT and "--lines is for --text-file" in err
    code, _out, err = call(
        "explain", "--dataset", "lcqmc", "--text", "a", "--other", "b", "--lines"
    )
    assert code == BAD_INPUT and "--lines is for classifiers" in err


def test_a_text_file_that_is_too_large_is_refused(root, call, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 1)
    file = tmp_path / "large.txt"
    file.write_text("a" * 11)
    code, _out, err = call(*explain(root, "--text-file", file))
    assert code == BAD_INPUT and "large.txt holds more than" in err
    file.write_text("好a" * 2)  # more than a page takes, and no more than a command does
    assert call(*explain(root, "--text-file", file))[0] == FINE


@pytest.mark.parametrize(
    "text", ["", " \n\u200b", "好" * 100_001], ids=["empty", "invisible", "too long"]
)
def test_a_text_that_cannot_be_explained_is_bad_input(call, root, text):
    code, out, err = call(*explain(root, "--text", text))
    assert (code, out, err.count("\n")) == (BAD_INPUT, "", 1)


def test_wrong_names_are_answered_with_the_list_or_the_command(call, root):
    code, _out, err = call("explain", "--dataset", "hotels", "--root", root, "--text", TEXT)
    assert (code, err.count("\n")) == (BAD_INPUT, 1)
    assert "chnsenticorp_htl_all" in err
    code, _out, err = call(*explain(root, "--text", TEXT, "--head", "average"))
    assert code == FAILED
    assert "train --dataset invented --head average" in err
    code, _out, err = call(*explain(root / "nowhere", "--text", TEXT))
    assert code == BAD_INPUT
    assert "--root" in err


def test_a_damaged_checkpoint_is_named_and_the_others_go_on(call, broken):
    code, out, err = call(*explain(broken, "--text", TEXT, "--json"))
    assert code == FINE
    assert [one["head"] for one in json.loads(out)] == ["attention"]
    assert "invented/max is damaged" in err
    code, out, err = call(*explain(broken, "--text", TEXT, "--head", "max"))
    assert (code, out) == (FAILED, "")
    assert "invented/max is damaged" in err


# --- checkpoints


def test_checkpoints_are_listed_with_what_the_card_says(call, root):
    code, out, err = call("checkpoints", "--root", root, "--verify")
    assert (code, err) == (FINE, "")
    card = read(root / "invented" / "max").card
    line = next(line for line in out.splitlines() if " max " in line)
    assert f"{card['test']['accuracy']['value']:.1%}" in line
    assert f"{card['parameters']:,}" in line
    assert str(root / "invented" / "max") in line


def test_damaged_checkpoints_are_listed_and_fail_when_asked_to_verify(call, broken):
    code, out, err = call("checkpoints", "--root", broken)
    assert code == FINE
    assert "damaged" in out
    assert "another size" in err
    code, out, _err = call("checkpoints", "--root", broken, "--verify", "--json")
    assert code == FAILED
    by_name = {one["name"]: one for one in json.loads(out)}
    assert by_name["attention"]["damage"] is None
    assert by_name["attention"]["head"] == "attention"
    assert "another size" in by_name["max"]["damage"]


def test_checkpoints_of_one_task(call, root, tmp_path):
    (tmp_path / "empty").mkdir()
    assert json.loads(call("checkpoints", "--root", root, "--task", "bbc_news", "--json")[1]) == []
    assert call("checkpoints", "--root", root, "--task", "hotels")[0] == BAD_INPUT
    code, out, err = call("checkpoints", "--root", tmp_path / "empty")
    assert (code, out) == (FINE, "")
    assert "train" in err


def test_an_error_of_the_system_is_one_sentence(call, root, monkeypatch):
    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(terminal, "write_json", full)
    code, _out, err = call(*explain(root, "--text", TEXT, "--json"))
    assert (code, err.count("\n")) == (FAILED, 1)
    assert "No space left on device" in err


@pytest.mark.parametrize("head", ["max,sum", "sum", "", "max,", "../max"])
def test_a_head_that_is_nowhere_is_named_with_those_that_are(head, capsys):
    words = ["explain", "--dataset", "chnsenticorp_htl_all", "--text", "a", "--head", head]
    assert main(words) == BAD_INPUT
    said = capsys.readouterr().err
    assert "Unknown pooling head" in said and "max, average, min-variance" in said
