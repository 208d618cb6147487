"""The command line as a process of its own: imports, signals, pipes, encodings, exit codes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from poolviz.checkpoints.checkpoint import CARD

ROOT = Path(__file__).resolve().parents[2]
TEXT = "这家店的菜好吃。"
HEAVY = ("tensorflow", "keras", "streamlit")


@pytest.fixture
def environment(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POOLVIZ")}
    return {**kept, "PYTHONPATH": str(ROOT), "POOLVIZ_HOME": str(tmp_path / "home")}


@pytest.fixture
def explain_words(trained):
    head = trained("max")
    chosen = ["explain", "--dataset", head.task, "--root", str(head.folder.parents[2])]
    return [*chosen, "--head", "max", "--text", TEXT]


def run(words, environment, **more):
    command = [sys.executable, "-m", "poolviz", *words]
    return subprocess.run(
        command, env=environment, capture_output=True, timeout=120, check=False, **more
    )


def imported(words, environment) -> set[str]:
    """Names of the top-level modules that a command has loaded when it is done."""
    code = (
        "import sys\n"
        "from poolviz.cli import main\n"
        "try:\n"
        "    main(sys.argv[1:])\n"
        "except SystemExit:\n"
        "    pass\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=True)
    return set(done.stderr.decode().split())


def test_explaining_loads_neither_tensorflow_nor_streamlit(explain_words, environment):
    loaded = imported(explain_words, environment)
    assert "onnxruntime" in loaded
    assert loaded.isdisjoint(HEAVY)


@pytest.mark.parametrize("words", [["--help"], ["train", "--help"], ["evaluate", "--help"]])
def test_help_loads_nothing_heavy(words, environment):
    loaded = imported(words, environment)
    assert "argparse" in loaded
    assert loaded.isdisjoint({*HEAVY, "pandas", "onnxruntime", "requests", "kaleido", "jieba"})


def test_a_module_that_a_command_loads_is_seen(environment):
    assert "regex" in imported(["datasets"], environment)


def test_bad_input_exits_with_2_and_one_sentence(environment):
    done = run(["explain", "--dataset", "hotels", "--text", TEXT], environment)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith("Unknown data set hotels; choose one of ")
    assert done.stderr.count(b"\n") == 1


def test_a_damaged_checkpoint_exits_with_1(environment, tmp_path):
    folder = tmp_path / "root" / "mine" / "max"
    folder.mkdir(parents=True)
    (folder / CARD).write_text("{")
    done = run(["checkpoints", "--verify", "--root", str(tmp_path / "root")], environment)
    assert done.returncode == 1
    assert b"mine/max is damaged" in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8"])
def test_any_terminal_can_show_the_answer(explain_words, environment, encoding):
    environment["PYTHONIOENCODING"] = encoding
    done = run(explain_words, environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "#  token" in done.stdout.decode(encoding)
    done = run([*explain_words, "--json"], environment)
    assert json.loads(done.stdout.decode(encoding))[0]["text"] == TEXT


def test_a_reader_that_has_enough_is_no_error_message(environment):
    command = [sys.executable, "-m", "poolviz", "datasets", "--json"]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=120) == 1


def test_ctrl_c_ends_a_training_and_leaves_nothing(environment, tmp_path):
    lines = [f"{number % 2},{'好坏'[number % 2]}{'饭菜' * (number % 9)}" for number in range(400)]
    (tmp_path / "waimai_10k.csv").write_text("\n".join(["label,review", *lines]), "utf-8")
    words = ["train", "--dataset", "waimai_10k", "--head", "max", "--folder", str(tmp_path)]
    words += ["--epochs", "100000", "--patience", "100000", "--output", str(tmp_path / "own")]
    process = subprocess.Popen(
        [sys.executable, "-m", "poolviz", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while "epoch" not in (line := process.stderr.readline()):
        assert line, "the training ended before its first epoch"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (130, "")
    assert err.splitlines()[-1].startswith("Training was stopped by Ctrl+C;")
    assert "Traceback" not in err
    assert list((tmp_path / "own").iterdir()) == []
