"""The memory: bounded in entries and bytes, shared by threads, free of failures."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from poolviz.memory import Memory


@pytest.fixture
def found() -> list:
    """The keys that were looked for, in order."""
    return []


def recall(memory: Memory, found: list, key, size: int = 1):
    def find():
        found.append(key)
        return f"value of {key}"

    assert memory.recall(key, find, lambda value: size) == f"value of {key}"


def test_what_was_found_is_not_looked_for_again(found):
    memory = Memory(entries=3, size=100)
    for key in "abab":
        recall(memory, found, key)
    assert found == ["a", "b"]
    assert (len(memory), memory.size) == (2, 2)


def test_what_was_not_asked_for_longest_goes_first(found):
    memory = Memory(entries=2, size=100)
    for key in "abacab":
        recall(memory, found, key)
    assert found == ["a", "b", "c", "b"]
    assert len(memory) == 2


def test_bytes_are_bounded_too(found):
    memory = Memory(entries=10, size=10)
    for key, size in (("a", 4), ("b", 4), ("c", 5), ("large", 11), ("b", 4), ("c", 5)):
        recall(memory, found, key, size)
    assert found == ["a", "b", "c", "large"]
    assert (len(memory), memory.size) == (2, 9)


def test_a_failure_is_not_kept(found):
    memory = Memory(entries=2, size=10)

    def fail():
        raise ValueError("not today")

    with pytest.raises(ValueError, match="not today"):
        memory.recall("a", fail, len)
    recall(memory, found, "a")
    assert found == ["a"]


def test_many_threads_get_what_they_asked_for(found):
    memory = Memory(entries=5, size=50)

    def ask(number: int) -> None:
        recall(memory, found, number % 9, number % 9 + 1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(2_000)))
    assert len(memory) <= 5
    assert memory.size == sum(size for _value, size in memory._kept.values()) <= 50


def test_two_that_find_the_same_at_once_are_counted_once():
    memory = Memory(entries=5, size=50)

    def find():
        memory.recall("a", lambda: "first", lambda value: 7)
        return "second"

    assert memory.recall("a", find, lambda value: 7) == "second"
    assert (len(memory), memory.size) == (1, 7)
