"""A queue of work: how much is done at once, in which order, and who leaves it."""

import threading

from poolviz.queue import Queue


def test_no_more_is_done_at_once_than_there_are_places():
    queue, together = Queue(places=2), threading.Barrier(3)
    most, at_work, lock = [0], [0], threading.Lock()

    def piece():
        with lock:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        together.wait(60)
        with lock:
            at_work[0] -= 1

    for _number in range(6):
        queue.join(lambda: piece())
    for _pair in range(3):
        together.wait(60)  # two pieces and this test: a third piece would break the count below
    assert most[0] == 2


def test_pieces_are_done_in_the_order_they_came():
    queue, done, end = Queue(places=1), [], threading.Event()
    for number in range(5):
        queue.join(lambda number=number: done.append(number))
    queue.join(end.set)
    assert end.wait(60) and done == [0, 1, 2, 3, 4]


def test_who_leaves_is_passed_over():
    queue, begun, go, end = Queue(places=1), threading.Event(), threading.Event(), threading.Event()
    never = threading.Event()

    def first():
        begun.set()
        go.wait(60)

    queue.join(first)
    assert begun.wait(60)
    queue.join(never.set)
    queue.join(end.set)
    assert [queue.before(piece) for piece in (first, never.set, end.set)] == [None, 1, 2]
    assert queue.leave(never.set) and not queue.leave(first) and not queue.leave(never.set)
    go.set()
    assert end.wait(60) and not never.is_set()


def test_a_queue_that_was_empty_begins_anew():
    queue = Queue(places=1)
    for _number in range(3):
        end = threading.Event()
        queue.join(end.set)
        assert end.wait(60)
