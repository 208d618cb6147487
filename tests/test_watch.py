"""A watch hands on what work says, and stops it."""

import pytest

from poolviz.errors import PoolvizError
from poolviz.watch import QUIET, Cancelled, Watch


def test_work_goes_on_until_it_is_stopped():
    answers = iter([False, True])
    watch = Watch(cancelled=lambda: next(answers))
    watch.check()
    with pytest.raises(Cancelled):
        watch.check()


def test_what_makes_the_best_of_errors_lets_a_stop_pass():
    assert not issubclass(Cancelled, PoolvizError)


def test_the_quiet_one_is_never_stopped_and_tells_nobody():
    QUIET.progress(1, 2)
    QUIET.check()


def test_a_part_counts_on_and_is_stopped_with_the_whole():
    steps, stopped = [], []
    whole = Watch(lambda *step: steps.append(step), lambda: bool(stopped))
    part = whole.part(10, 30).part(5, 20)  # the part of a part counts within that part
    part.progress(1, 2)
    whole.part(20, 30).progress(10, 10)
    assert steps == [(16, 30), (30, 30)]
    part.check()
    stopped.append(True)
    with pytest.raises(Cancelled):
        part.check()
