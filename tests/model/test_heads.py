"""Names of heads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.model.heads import dashed, head_key

LETTERS = st.text(st.sampled_from("abzABZ019_éÉß词"), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("TopKMean", "top-k-mean"),
        ("GeMPooling", "ge-m-pooling"),
        ("LSEPooling2D", "lse-pooling2-d"),
        ("HTTPHead", "http-head"),
        ("LogSumExp", "log-sum-exp"),
        ("GatedAttention", "gated-attention"),
        ("Attention1D", "attention1-d"),
        ("P2PHead", "p2-p-head"),
        ("max", "max"),
        ("MAX", "max"),
        ("A", "a"),
        ("AB", "ab"),
        ("ABc", "a-bc"),
        ("", ""),
    ],
)
def test_names_in_dashes(name, key):
    assert dashed(name) == key


@given(name=LETTERS)
def test_a_dash_stands_before_capitals_that_begin_something_and_nowhere_else(name):
    place, pieces = 0, dashed(name).split("-")
    assert "".join(pieces) == name.lower()
    assert all(pieces)
    begins = []
    for piece in pieces[:-1]:
        place += len(piece)
        begins.append(place)
    wanted = [
        i
        for i in range(1, len(name))
        if name[i].isupper()
        and (
            name[i - 1].islower()
            or name[i - 1].isdigit()
            or (name[i - 1].isupper() and name[i + 1 : i + 2].islower())
        )
    ]
    assert begins == wanted


@given(name=LETTERS)
def test_a_name_in_dashes_stays_as_it_is(name):
    assert dashed(dashed(name)) == dashed(name)


class TopKMean: ...


class Named:
    key = "mine"


@pytest.mark.parametrize("key", ["", None, 7])
def test_the_key_is_the_classs_own_where_it_is_a_name(key):
    assert head_key(TopKMean) == head_key(TopKMean()) == "top-k-mean"
    assert head_key(Named) == "mine"
    assert head_key(type("TopKMean", (), {"key": key})) == "top-k-mean"
