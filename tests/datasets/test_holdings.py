"""What a data set holds is counted right, for files of one's own and for data sets at hand."""

import pytest

from poolviz.datasets.holdings import lengths_in_brief, of_corpus, read_own, told
from poolviz.datasets.own.texts import load_own
from poolviz.watch import Cancelled, Watch

ROWS = [
    *((f"很好喝，第{n}次来", "好") for n in range(70)),
    *((f"太差了，第{n}次来", "坏") for n in range(30)),
    ("很好喝， 第1次来".replace(" ", ""), "好"),  # repeats a text
    ("太差了，第2次来", "好"),  # and this one under another label
    ("没有标签", ""),
    (" ", "好"),
    ("长" * 100_001, "坏"),
]


def content(rows) -> bytes:
    return "\n".join(["text,label", *(",".join(row) for row in rows)]).encode()


@pytest.fixture(scope="module")
def found():
    return read_own("own.csv", content(ROWS)).holdings


def test_every_row_is_accounted_for(found):
    assert (found.read, found.rows) == (105, 102)
    left_out = {reason: count for reason, count in found.left_out.items() if count}
    assert left_out == {"empty": 1, "too long": 1, "unlabelled": 1}
    assert found.read == found.rows + sum(found.left_out.values())
    assert found.classes == {"坏": 30, "好": 72}


def test_repeated_and_conflicting_texts_are_counted(found):
    assert (found.duplicates, found.conflicting) == (2, 2)


def test_lengths_are_those_of_the_texts(found):
    assert sorted(found.lengths) == sorted(len(text) for text, label in ROWS[:102])
    assert lengths_in_brief(found) == {"shortest": 8, "median": 9, "longest": 9}


def test_splits_are_those_of_the_training(found, tmp_path):
    (tmp_path / "own.csv").write_bytes(content(ROWS))
    corpus = load_own("own", tmp_path / "own.csv")
    assert found.splits == corpus.report["rows_per_split"]
    trained = of_corpus(corpus)
    assert (trained.rows, trained.classes, trained.duplicates, trained.conflicting) == (
        *(found.rows, found.classes, found.duplicates, found.conflicting),
    )
    assert trained.sample == found.sample and len(found.sample) == 3


def test_pairs_have_two_texts_a_row(pair_corpus):
    found = of_corpus(pair_corpus)
    assert found.rows == len(pair_corpus.rows)
    assert len(found.lengths) == 2 * found.rows
    assert all(len(row) == 3 for row in found.sample)


def test_it_is_told_in_sentences(found):
    rows, left_out, repeated, caution = told(found)
    assert "rows to test on, so that other rows" in caution
    assert rows.startswith("102 rows of 105: ") and rows.endswith("to test on.")
    assert left_out == (
        "Left out: 3 rows (without any text: 1, with too long a text: 1, without a label: 1)."
    )
    assert repeated == (
        "2 rows repeat the text of an earlier one. "
        "2 rows have a text that also stands under another label."
    )


def test_a_file_without_labels_has_nothing_to_train_on():
    found = read_own("own.txt", "一\n二\n".encode()).holdings
    assert (found.rows, found.left_out["unlabelled"], dict(found.classes)) == (0, 2, {})
    assert lengths_in_brief(found) == {"shortest": 0, "median": 0, "longest": 0}
    assert told(found)[0].startswith("0 rows of 2: 0 to train on")


def test_it_can_be_stopped():
    stopped = Watch(cancelled=lambda: True)
    with pytest.raises(Cancelled):
        read_own("own.csv", content(ROWS), watch=stopped)
