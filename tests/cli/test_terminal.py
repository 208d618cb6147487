"""Writing to a terminal: progress in one line, aligned tables, signals."""

import io
import json
import os
import signal
import threading

import pytest

from poolviz.cli import terminal
from poolviz.text.width import width_units
from poolviz.watch import Watch


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def on_terminal(monkeypatch) -> Terminal:
    """A terminal of 40 columns for stderr; called in the test, for pytest sets its own before."""
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("COLUMNS", "40")
    return stream


def test_on_a_terminal_one_line_is_rewritten_and_gone_at_the_end(monkeypatch):
    screen = on_terminal(monkeypatch)
    with terminal.StatusLine() as status:
        status.show("a longer first line", milestone=True)
        status.show("second", milestone=True)
    written = screen.getvalue()
    assert "\n" not in written
    states = written.split("\r")[1:]
    assert states[0] == "a longer first line"
    assert states[1] == "second".ljust(len(states[0]))
    assert states[2].strip() == "" and len(states[2]) == len("second")


def test_on_a_terminal_updates_are_thinned_out_but_not_milestones(monkeypatch):
    screen = on_terminal(monkeypatch)
    with terminal.StatusLine() as status:
        for number in range(1_000):
            status.show(f"batch {number}")
        status.show("epoch 1", milestone=True)
    assert screen.getvalue().count("batch") < 1_000
    assert "epoch 1" in screen.getvalue()


def test_a_line_never_wraps(monkeypatch):
    screen = on_terminal(monkeypatch)
    with terminal.StatusLine() as status:
        status.show("好" * 100, milestone=True)
    shown = screen.getvalue().split("\r")[1]
    assert shown == "好" * 19
    assert width_units(shown) < 40


def test_elsewhere_only_milestones_are_lines(capsys):
    with terminal.StatusLine() as status:
        status.show("batch 1")
        status.show("epoch 1", milestone=True)
    assert capsys.readouterr().err == "epoch 1\n"


def test_a_download_has_four_milestones(capsys):
    with terminal.StatusLine() as status:
        report = terminal.download_progress(status)
        for done in range(0, 2_000_001, 1_000):
            report(done, 2_000_000)
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition("] ")[2] for line in lines] == [
        f"{size} of 2.0 MB" for size in ("0.5", "1.0", "1.5", "2.0")
    ]


def test_a_download_of_unknown_size_counts_megabytes(capsys):
    with terminal.StatusLine() as status:
        report = terminal.download_progress(status)
        for done in range(0, 25_000_000, 500_000):
            report(done, None)
    assert capsys.readouterr().err.splitlines() == ["Downloading: 10.0 MB", "Downloading: 20.0 MB"]


@pytest.mark.parametrize(("done", "full"), [(0, 0), (1, 1), (10, 10), (19, 19), (20, 20), (25, 20)])
def test_the_bar_fills_up(done, full):
    assert terminal.bar(done, 20) == "[" + "#" * full + "." * (20 - full) + "]"


def test_columns_are_aligned_by_what_the_eye_sees(capsys):
    terminal.write_table(["token", "value"], [["好吃", "1"], ["👨‍👩‍👧", "10"], ["abc", "-3"]], "lr")
    assert capsys.readouterr().out.splitlines() == [
        "token  value",
        "好吃       1",
        "👨‍👩‍👧        10",
        "abc       -3",
    ]


@pytest.mark.parametrize("character", ["\x1b", "\x07", "\r", "\n", "\x9b", "\u202e", "\u2028"])
def test_what_could_command_the_terminal_is_replaced(capsys, character):
    terminal.write(f"a{character}b")
    terminal.write_table(["head"], [[f"a{character}b"]], "l")
    assert capsys.readouterr().out == "a\ufffdb\nhead\na\ufffdb\n"


@pytest.mark.parametrize(("encoding", "ascii_only"), [("utf-8", False), ("gbk", True)])
def test_json_is_ascii_where_the_terminal_speaks_no_utf8(monkeypatch, encoding, ascii_only):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr("sys.stdout", stream)
    terminal.write_json(["好\ufffd"])
    stream.flush()
    line = stream.buffer.getvalue().decode(encoding)
    assert json.loads(line) == ["好\ufffd"]
    assert line.isascii() == ascii_only


def test_the_first_interrupt_is_a_wish_and_the_second_an_order(capfd):
    before = signal.getsignal(signal.SIGINT)
    with terminal.stop_on_interrupt("It was stopped.") as cancelled:
        assert not cancelled()
        os.kill(os.getpid(), signal.SIGINT)
        assert cancelled()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
    assert "again to stop at once" in capfd.readouterr().err


def test_work_that_was_stopped_is_an_interrupt_with_its_sentence():
    before = signal.getsignal(signal.SIGINT)
    with (
        pytest.raises(KeyboardInterrupt, match="^It was stopped.$"),
        terminal.stop_on_interrupt("It was stopped.") as cancelled,
    ):
        os.kill(os.getpid(), signal.SIGINT)
        Watch(cancelled=cancelled).check()
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_can_work_without_signals():
    states = []

    def work():
        with terminal.stop_on_interrupt("It was stopped.") as cancelled:
            states.append(cancelled())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert states == [False]
