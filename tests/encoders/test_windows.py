"""Windows over long texts: every token once, from where it has read most on both sides."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from poolviz.encoders.windows import OVERLAP, windows


@given(count=st.integers(0, 300), room=st.integers(4, 64))
def test_every_token_is_kept_once_from_a_window_that_has_read_it(count, room):
    found = windows(count, room)
    assert [token for window in found for token in window.kept] == list(range(count))
    for window in found:
        assert len(window.read) <= room and set(window.kept) <= set(window.read)


@given(count=st.integers(0, 300), room=st.integers(4, 64))
def test_a_text_that_fits_is_read_at_once_and_others_in_windows_that_overlap(count, room):
    found = windows(count, room)
    assert (len(found) == 1) == (count <= room)
    for first, second in pairwise(found):
        assert len(range(second.read.start, first.read.stop)) >= room // OVERLAP


@given(count=st.integers(20, 300), room=st.integers(8, 64))
def test_a_token_has_neighbours_in_its_window_on_both_sides(count, room):
    for window in windows(count, room):
        before = window.kept.start - window.read.start
        after = window.read.stop - window.kept.stop
        assert window.read.start == 0 or before >= room // OVERLAP // 2
        assert window.read.stop == count or after >= room // OVERLAP // 2
