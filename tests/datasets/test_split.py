import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.datasets.split import assign_splits, drop_straddling, duplicate_counts, row_key

KEYS = pd.Series([row_key(f"invented text {number}") for number in range(4_000)])


def published(*splits):
    return pd.Series(splits, dtype=object)


def rows(*triples):
    return pd.DataFrame(triples, columns=["key", "split", "label"])


def test_key_is_the_sha256_of_the_normalised_text():
    # printf "ab c" | sha256sum
    known = "bd1b09f907871923193bb63452854c85de56d36a51cc3137ebb4928a3228bf82"
    assert row_key(" ＡB\u3000\n c ") == row_key("ab c") == known != row_key("abc")


def test_key_of_a_pair_covers_both_in_either_order():
    # printf "a\nb" | sha256sum
    known = "7e18f737311b2dc3b2f269dd78396b0351f14fb66efa879f768cb23181883c78"
    assert row_key("a", "b") == row_key("B ", "a") == known
    assert row_key("ab", "c") != row_key("a", "bc")
    assert row_key("a b") != known


def test_rows_without_a_published_split_are_split_by_hash():
    splits, rule = assign_splits(KEYS, published(*[None] * len(KEYS)))
    shares = splits.value_counts(normalize=True)
    assert rule == "hash"
    assert shares["train"] == pytest.approx(0.7, abs=0.03)
    assert shares["validation"] == pytest.approx(0.1, abs=0.03)
    assert shares["test"] == pytest.approx(0.2, abs=0.03)


@given(st.sets(st.integers(0, len(KEYS) - 1), min_size=1))
def test_a_sample_is_split_like_the_whole(numbers):
    whole, _ = assign_splits(KEYS, published(*[None] * len(KEYS)))
    chosen = sorted(numbers)
    sample, _ = assign_splits(KEYS[chosen], pd.Series([None] * len(chosen), index=chosen))
    assert sample.tolist() == whole[chosen].tolist()


def test_a_published_split_is_kept():
    wanted = published("train", "validation", "test", "train")
    splits, rule = assign_splits(KEYS[:4], wanted)
    assert splits.tolist() == wanted.tolist()
    assert rule == "published"


@pytest.mark.parametrize("training", ["train", "validation"])
def test_validation_rows_are_drawn_from_the_one_file_for_training(training):
    wanted = published(*[training] * 3_000, *["test"] * 1_000)
    splits, rule = assign_splits(KEYS, wanted)
    assert rule == "published test"
    assert set(splits[3_000:]) == {"test"}
    shares = splits[:3_000].value_counts(normalize=True)
    assert set(shares.index) == {"train", "validation"}
    assert shares["validation"] == pytest.approx(0.125, abs=0.03)


def test_rows_that_stand_in_two_splits_leave_the_earlier_one():
    kept, counts = drop_straddling(
        rows(
            ("in all", "train", 0),
            ("in all", "validation", 0),
            ("in all", "test", 0),
            ("in all", "test", 0),
            ("train and validation", "train", 0),
            ("train and validation", "train", 0),
            ("train and validation", "validation", 0),
            ("validation and test", "validation", 0),
            ("validation and test", "test", 0),
            ("train", "train", 0),
        )
    )
    assert list(zip(kept["key"], kept["split"], strict=True)) == [
        ("in all", "test"),
        ("in all", "test"),
        ("train and validation", "validation"),
        ("validation and test", "test"),
        ("train", "train"),
    ]
    assert kept.index.tolist() == list(range(5))
    assert counts == {
        "test_rows_in_train": 2,
        "test_rows_in_validation": 3,
        "validation_rows_in_train": 2,
        "dropped_from_train": 3,
        "dropped_from_validation": 2,
    }


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["train", "validation", "test"])))
)
def test_afterwards_no_text_stands_in_two_splits(pairs):
    frame = rows(*[(key, split, 0) for key, split in pairs])
    kept, _ = drop_straddling(frame)
    assert (kept.groupby("key")["split"].nunique() == 1).all()
    assert set(kept["key"]) == {key for key, _ in pairs}
    assert (kept["split"] == "test").sum() == (frame["split"] == "test").sum()


def test_duplicates_and_conflicting_labels_are_counted():
    frame = rows(("a", "train", 0), ("a", "test", 0), ("b", "train", 0), ("b", "train", 1))
    assert duplicate_counts(frame) == {
        "duplicates": 2,
        "conflicting_texts": 1,
        "conflicting_rows": 2,
    }
