"""A file of one's own as a data set: classes, splits, what is counted, what is refused."""

import pytest

from poolviz.datasets.own.texts import load_own
from poolviz.datasets.readers.reading import Wanted
from poolviz.errors import ChoiceError, DataError

ROWS = [("好", f"很好喝，第{number}次来") for number in range(60)]
ROWS += [("坏", f"太差了，第{number}次来") for number in range(60)]


@pytest.fixture
def file(tmp_path):
    """`file(rows, encoding=…)`: a CSV file of labels and texts."""

    def write(rows=ROWS, header="label,text", encoding="utf-8", name="own rows.csv"):
        place = tmp_path / name
        lines = [header, *(",".join(row) for row in rows)]
        place.write_bytes("\n".join(lines).encode(encoding))
        return place

    return write


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_classes_are_the_labels_and_splits_follow_from_the_texts(file, encoding):
    corpus = load_own("drinks", file(encoding=encoding))
    assert corpus.dataset.classes == ("坏", "好")
    assert corpus.rows["text"].tolist() == [text for _label, text in ROWS]
    assert corpus.rows["label"].tolist() == [1] * 60 + [0] * 60
    assert corpus.report["split_rule"] == "hash"
    assert all(corpus.report["rows_per_split"].values())
    assert [each["name"] for each in corpus.files] == ["own rows.csv"]
    fewer = load_own("drinks", file(ROWS[30:]))
    both = corpus.rows.merge(fewer.rows, on="key")
    assert len(both) == 90 and (both["split_x"] == both["split_y"]).all()


def test_rows_left_out_are_counted(file):
    rows = [*ROWS, ("", "没有标签"), ("好", " "), ("好", "x" * 100_001)]
    report = load_own("drinks", file(rows)).report
    assert (report["rows"], report["rows_read"]) == (120, 123)
    assert (report["malformed"], report["empty"]) == (2, 1)


def test_the_flags_name_the_file_for_a_shell(file):
    assert load_own("drinks", file(), "word").dataset.flags == "--csv 'own rows.csv' --unit word"
    wanted = Wanted("gbk", "text", "1", None, True)
    assert load_own("drinks", file(encoding="gbk"), "word", wanted).dataset.flags == (
        "--csv 'own rows.csv' --unit word --encoding gbk --text-column text --label-column 1 "
        "--join-labels"
    )


def test_labels_that_are_joined_are_one_class(file):
    rows = [("A" if n % 2 else "a", text) for n, (_label, text) in enumerate(ROWS)]
    assert len(load_own("drinks", file(rows)).dataset.classes) == 2
    rows += [("b", f"还可以，第{n}次来") for n in range(20)]
    corpus = load_own("drinks", file(rows), wanted=Wanted(join_labels=True))
    assert corpus.report["rows_per_class"] == {"a": 120, "b": 20}


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (
            {
                "rows": [(f"{n}.5 km", text) for n, (_, text) in enumerate(ROWS)],
                "header": "far,text",
            },
            "no column with labels that can be told .* one of far, text",
        ),
        ({"rows": [("", "好")]}, "no column with labels"),
        ({"rows": [(f"类{n}", "好") for n in range(128)]}, "128 different labels"),
        ({"rows": []}, "holds no row"),
        ({"rows": [("好", "x" * 50_000_000)]}, "more than 50 MB"),
    ],
)
def test_a_file_that_cannot_be_learned_from(file, written, sentence):
    with pytest.raises(DataError, match=sentence):
        load_own("drinks", file(**written))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        load_own("drinks", tmp_path / "none.csv")


def test_the_catalogue_keeps_its_names(file):
    with pytest.raises(ChoiceError, match="another name"):
        load_own("bbc_news", file())


def test_the_unit_is_that_of_the_texts_script_unless_it_is_said(file):
    assert load_own("drinks", file()).dataset.unit == "character"
    visits = [f"it didn't taste well on visit {n}" for n in range(5)]
    english = file([(label, visit) for visit in visits for label in "ab"])
    assert load_own("drinks", english).dataset.unit == "word"
    assert "--unit word" in load_own("drinks", english).dataset.flags
    assert load_own("drinks", english, "character").dataset.unit == "character"
