"""Writing in one step: the old one or the new one, never a half."""

import errno
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from poolviz import writing
from poolviz.checkpoints import beside
from poolviz.errors import DiskFull
from poolviz.text.vocabulary import Vocabulary
from poolviz.writing import put, replacing, room_for


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def write_half(place: Path) -> None:
    """A writer that breaks down in the middle of a file."""
    with replacing(place) as unfinished:
        unfinished.write_text("ha")
        raise OSError("no space left")


def test_a_new_file_appears_when_it_is_whole(tmp_path):
    place = tmp_path / "a.txt"
    with replacing(place) as unfinished:
        unfinished.write_text("new")
        assert not place.exists()
        assert unfinished.suffix == ".txt"  # writers that go by the name write the same format
    assert place.read_text() == "new"
    assert names(tmp_path) == ["a.txt"]


def test_it_may_be_read_by_whoever_may_read_others(tmp_path):
    (tmp_path / "plain.txt").write_text("")
    with replacing(tmp_path / "a.txt") as unfinished:
        unfinished.write_text("new")
    plain, new = ((tmp_path / name).stat().st_mode for name in ("plain.txt", "a.txt"))
    assert new == plain


@pytest.mark.parametrize("older", [None, "old"])
def test_a_failure_midway_leaves_what_was_there(tmp_path, older):
    place = tmp_path / "a.txt"
    if older:
        place.write_text(older)
    with pytest.raises(OSError, match="no space"):
        write_half(place)
    assert names(tmp_path) == (["a.txt"] if older else [])
    assert not older or place.read_text() == older


def test_so_does_one_in_the_last_step(tmp_path, monkeypatch):
    place = tmp_path / "a.txt"
    place.write_text("old")

    def refuse(source, target):
        raise PermissionError("in use")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError), replacing(place) as unfinished:
        unfinished.write_text("new")
    assert place.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_content_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    order = []
    flush, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda file: (order.append("flush"), flush(file)))
    monkeypatch.setattr(os, "replace", lambda a, b: (order.append("replace"), replace(a, b)))
    with replacing(tmp_path / "folder") as unfinished:
        unfinished.mkdir()
        (unfinished / "one").write_text("1")
        (unfinished / "two").write_text("2")
    assert order == ["flush", "flush", "replace"]


def save_vocabulary(place: Path, number: int) -> None:
    Vocabulary(unit="character", min_frequency=1, entries=tuple(map(str, range(number)))).save(
        place
    )


def save_json(place: Path, number: int) -> None:
    beside.save_json(place, 1, {"numbers": list(range(number))})


def save_text(place: Path, number: int) -> None:
    with replacing(place) as unfinished:
        unfinished.write_text("x" * number)


@pytest.mark.parametrize("save", [save_text, save_json, save_vocabulary])
def test_two_writers_at_once_leave_one_of_both(tmp_path, save, monkeypatch):
    expected = []
    for number in (3, 3_000):
        save(tmp_path / "alone", number)
        expected.append((tmp_path / "alone").read_bytes())
    (tmp_path / "alone").unlink()

    both = threading.Barrier(2, timeout=20)

    def together(finished, place):
        both.wait()  # neither moves its file before the other has written
        put(finished, place)

    monkeypatch.setattr(writing, "put", together)
    place = tmp_path / "a"
    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(save, place, number) for number in (3, 3_000)]
        assert all(each.result() is None for each in done)
    assert place.read_bytes() in expected
    assert names(tmp_path) == ["a"]


def test_a_folder_takes_the_place_of_an_older_one(tmp_path):
    place = tmp_path / "folder"
    for content in ("old", "new"):
        with replacing(place) as unfinished:
            unfinished.mkdir()
            (unfinished / content).write_text(content)
    assert names(tmp_path) == ["folder", "folder/new"]


def test_a_place_in_no_folder_is_an_error(tmp_path):
    with pytest.raises(OSError), replacing(tmp_path / "none" / "a.txt"):
        pytest.fail("there is nowhere to write")


class TestFullDisk:
    """The path, how much of it was written, and what is free, whoever finds out."""

    @staticmethod
    def full(*_arguments, **_more):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def test_a_file_that_has_no_room_is_named(self, tmp_path):
        place = tmp_path / "a.txt"
        with pytest.raises(DiskFull) as raised, replacing(place) as unfinished:
            unfinished.write_bytes(b"x" * 2_500_000)
            self.full()
        assert str(place) in str(raised.value) and "2.5 MB of it were" in str(raised.value)
        assert isinstance(raised.value, OSError) and names(tmp_path) == []

    def test_so_is_a_folder_that_has_none_in_the_last_step(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "fsync", self.full)
        with pytest.raises(DiskFull, match="1.0 MB of it were"), replacing(tmp_path / "b") as made:
            made.mkdir()
            (made / "c").write_bytes(b"x" * 1_000_000)
        assert names(tmp_path) == []

    def test_a_library_may_say_it_in_its_own_way(self, tmp_path):
        with pytest.raises(DiskFull, match="a.txt"), room_for(tmp_path / "no" / "a.txt"):
            raise RuntimeError("Can't write data (error message = 'No space left on device')")

    def test_other_failures_stay_what_they_are(self, tmp_path):
        with pytest.raises(PermissionError), room_for(tmp_path / "a.txt"):
            raise PermissionError(errno.EACCES, "no")
        with pytest.raises(ValueError, match="else"), room_for(tmp_path / "a.txt"):
            raise ValueError("something else")
