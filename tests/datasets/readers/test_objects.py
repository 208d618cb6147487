"""JSON as people and their tools write it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.datasets.readers.brought.files import read_table
from poolviz.datasets.readers.reading import Wanted
from poolviz.errors import ChoiceError, DataError
from poolviz.watch import Cancelled, Watch

PAIRS = [("房间很干净", "pos"), ("空调太吵了", "neg")]


def pairs(name, content, wanted=None):
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    found = read_table(name, text.encode(), wanted or Wanted())
    return list(zip(found.column(found.text), found.column(found.label), strict=True))


def lines(entries):
    return "\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries) + "\n"


PLAIN = [{"text": text, "label": label} for text, label in PAIRS]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        lines(PLAIN),
        lines(PLAIN).replace("\n", "\r\n\r\n"),
        json.dumps(PLAIN, indent=2),
        {"version": "1", "data": PLAIN},
        {"text": ["房间很干净", "空调太吵了"], "label": ["pos", "neg"]},
        {"text": {"0": "房间很干净", "1": "空调太吵了"}, "label": {"0": "pos", "1": "neg"}},
        lines({"id": n, "text": text, "label": [label]} for n, (text, label) in enumerate(PAIRS)),
        lines({"id": n, "data": text, "label": [label]} for n, (text, label) in enumerate(PAIRS)),
        [
            {
                "id": n,
                "data": {"text": text},
                "annotations": [
                    {"was_cancelled": True, "result": [{"value": {"choices": ["other"]}}]},
                    {"result": [{"type": "choices", "value": {"choices": [label]}}]},
                ],
            }
            for n, (text, label) in enumerate(PAIRS)
        ],
        [{"id": 1, "text": text, "sentiment": {"choices": [label]}} for text, label in PAIRS],
        lines([list(pair) for pair in PAIRS * 4]),
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_shapes_in_which_rows_come(name, content):
    assert set(pairs(name, content)) == set(PAIRS)


@pytest.mark.parametrize("content", [PLAIN, lines(PLAIN), json.dumps(PLAIN, indent=2)])
def test_json_is_known_by_its_first_entry(content):
    assert pairs("a.txt", content) == PAIRS


def test_lists_of_strings_are_texts():
    found = read_table("a.json", '["房间很干净", "早餐一般"]'.encode())
    assert (found.column("text"), found.label) == (["房间很干净", "早餐一般"], None)


def test_values_keep_the_form_in_which_they_are_written():
    content = '{"text":"a","label":1.0}\n{"text":"b","label":1}\n{"text":"c","label":null}\n'
    content += '{"text":"d","label":true}\n{"text":"e"}\n{"text":"f","label":["x","y"]}\n'
    found = read_table("a.jsonl", content.encode())
    assert found.column("label") == ["1.0", "1", "", "true", "", "x|y"]
    assert found.lines.tolist() == [1, 2, 3, 4, 5, 6]


def test_a_number_of_any_length_is_a_cell():
    number = "9" * 5_000
    assert read_table("a.json", f'[{{"text": "a", "n": {number}}}]'.encode()).column("n") == [
        number
    ]


def test_a_lone_surrogate_is_replaced():
    assert read_table("a.json", b'[{"text": "a\\ud83d"}]').column("text") == ["a\ufffd"]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
@pytest.mark.parametrize("content", ["{", "[", "[1, ", '{"a": 1}\n{', "[" * 100_000, "nothing"])
def test_what_is_no_json_is_a_sentence(name, content):
    with pytest.raises(DataError, match=f"{name} is no JSON that can be read, from entry"):
        read_table(name, content.encode())


def test_too_many_names_are_a_sentence():
    content = json.dumps([{f"c{n}": "x" for n in range(501)}])
    with pytest.raises(DataError, match="501 columns"):
        read_table("a.json", content.encode())


def test_columns_that_somebody_names():
    content = [{"a": "很好", "b": "x"}, {"a": "很差", "b": "y"}]
    assert pairs("a.json", content, Wanted(text="a", label="b")) == [("很好", "x"), ("很差", "y")]
    with pytest.raises(ChoiceError, match="no column c"):
        pairs("a.json", content, Wanted(text="c"))


def test_reading_can_be_stopped():
    content = lines({"text": str(n)} for n in range(3_000)).encode()
    told = []
    read_table("a.jsonl", content, watch=Watch(lambda *step: told.append(step)))
    assert told and all(done <= total for done, total in told)
    with pytest.raises(Cancelled):
        read_table("a.jsonl", content, watch=Watch(cancelled=lambda: True))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@given(VALUES | st.lists(VALUES, min_size=1))
def test_any_json_is_a_table(value):
    found = read_table("a.json", json.dumps(value).encode())
    assert all(len(column) == len(found) for column in found.columns.values())


def test_lines_that_are_no_json_are_counted_and_the_others_read():
    lines = [f'{{"text": "第{n}次", "label": {n % 2}}}' for n in range(30)]
    lines[4], lines[9], lines[-1] = '{"text": "ab', "-- 10 --", lines[-1][:20]
    found = read_table("a.jsonl", "\n".join(lines).encode())
    assert len(found) == 27 and found.lines.tolist()[3:6] == [4, 6, 7]
    (said,) = found.findings
    assert (said.kind, said.count, said.lines) == ("unread entries", 3, (5, 10, 30))
    for wrong in (lines[4:5] + lines, [lines[0], *lines[4:5] * 9], ["[", *lines]):
        with pytest.raises(DataError, match="no JSON that can be read"):
            read_table("a.jsonl", "\n".join(wrong).encode())
