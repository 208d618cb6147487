"""Rationales that a person marked: spans, files of them, and how heads agree with them."""

import json
import math
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.errors import DataError
from poolviz.text.tokens import tokenize
from poolviz.trust.marks import plausibility
from poolviz.trust.marks.plausibility import average_precision, chance, token_overlap
from poolviz.trust.marks.rationales import (
    MAX_TEXTS,
    Rationale,
    marked_tokens,
    occurrences,
    read_rationales,
)
from poolviz.watch import Cancelled, Watch
from tests.pages_helpers import HOTEL, explainer

TEXT = "房间很干净，但是早餐难吃。"  # written for this test
HAND = "👍🏻"  # two characters, four units of UTF-16


def read(name, content):
    """The rationales of a file, of which there is nothing to say."""
    found = read_rationales(name, content)
    assert all(finding.kind == "guessed encoding" for finding in found.findings)
    return list(found.rationales)


def dumped(*entries) -> bytes:
    return "\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries).encode()


def passages(found):
    return [[r.text[start:end] for start, end in r.spans] for r in found.rationales]


def test_a_token_is_marked_where_a_span_touches_it():
    tokens = tokenize("the breakfast was bad", "word")
    assert marked_tokens(tokens, [(6, 9)]).tolist() == [False, True, False, False]
    assert marked_tokens(tokens, [(2, 5)]).tolist() == [True, True, False, False]
    assert marked_tokens(tokens, [(3, 4)]).sum() == 0  # white space only
    assert marked_tokens(tokens, []).sum() == 0


def test_every_occurrence_of_a_passage_is_found():
    assert occurrences("哈哈哈哈好", "哈哈") == [(0, 2), (2, 4)]
    assert occurrences("哈好哈", "哈") == [(0, 1), (2, 3)]
    assert occurrences("好", "坏") == occurrences("好", "") == []


def test_csv_and_json_say_the_same():
    wanted = [Rationale(TEXT, ((2, 5), (10, 12))), Rationale("好", ())]
    table = f"id,text,rationale\n1,{TEXT},难吃|很干净\n2,好,\n\n".encode()
    spans = [{"text": TEXT, "spans": [[10, 12], [2, 5]]}, {"text": "好", "spans": []}]
    passages = [{"text": TEXT, "rationale": ["难吃", "很干净"]}, {"text": "好", "rationale": []}]
    lines = "\n".join(json.dumps(entry, ensure_ascii=False) for entry in passages)
    assert read("r.csv", table) == wanted
    assert read("r.json", json.dumps(spans).encode()) == wanted
    assert read("r.jsonl", f"\ufeff{lines}\n".encode()) == wanted
    assert read("r.jsonl", lines.replace("\n", "\r\n\r\n").encode()) == wanted
    assert read("R.CSV", table.decode().encode("gb18030")) == wanted
    assert read("r.json", json.dumps(spans[0]).encode()) == wanted[:1]


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85"])
def test_a_text_may_hold_any_line_break(character):
    entry = json.dumps({"text": f"好{character}坏", "spans": [[2, 3]]}, ensure_ascii=False)
    content = f"{entry}\n{entry}\n".encode()
    assert read("r.jsonl", content) == [Rationale(f"好{character}坏", ((2, 3),))] * 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"text\nx\n", "no columns text and rationale"),
        ("a.csv", b"", "no columns text and rationale"),
        ("a.csv", b"text,rationale\n,\n", "holds no entry"),
        ("a.csv", "text,rationale\n好,坏\n".encode(), "entry 1: “坏” does not stand"),
        ("a.json", b"[", "is no JSON that can be read"),
        ("a.json", b"\xff\xfe\xff", "is no JSON that can be read"),
        ("a.json", b"[" * 100_000, "is no JSON that can be read"),
        ("a.json", b"[]", "holds no entry"),
        ("a.json", b"3", "entry 1: it has no text"),
        ("a.json", b'[{"text": 3}]', "entry 1: it has no text"),
        ("a.json", b'[{"text": " "}]', "entry 1: the text is empty"),
        ("a.json", b'[{"text": "ab"}]', "neither spans nor a rationale"),
        ("a.json", b'[{"text": "ab", "label": "x"}]', "neither spans nor a rationale"),
        ("a.json", b'[{"text": "ab", "rationale": "a"}]', "neither spans nor a rationale"),
        ("a.json", b'[{"text": "ab", "rationale": [1]}]', "“1” does not stand"),
        ("a.json", b'[{"text": "ab", "rationale": [""]}]', "does not stand"),
        ("a.json", b'[{"text": "ab", "spans": [[0, 3]]}]', "in characters, from 0 to 2"),
        ("a.json", b'[{"text": "ab", "spans": [[1, 1]]}]', "pairs of a start and an end"),
        ("a.json", b'[{"text": "ab", "spans": [[-1, 1]]}]', "pairs of a start and an end"),
        ("a.json", b'[{"text": "ab", "spans": [[0, true]]}]', "pairs of a start and an end"),
        ("a.json", b'[{"text": "ab", "spans": [[0.0, 1]]}]', "pairs of a start and an end"),
        ("a.json", b'[{"text": "ab", "spans": 4}]', "pairs of a start and an end"),
        ("a.json", b'{"text": "a", "spans": []}\n' * (MAX_TEXTS + 1), "2,001 texts"),
    ],
)
def test_whatever_is_wrong_is_a_sentence(name, content, said):
    with pytest.raises(DataError, match="^a\\.") as caught:
        read_rationales(name, content)
    assert said in str(caught.value)


RESULT = {"type": "labels", "value": {"start": 10, "end": 12, "text": "难吃", "labels": ["NEG"]}}
SPAN = {"start": 10, "end": 12, "label": "NEG"}


@pytest.mark.parametrize(
    "entry",
    [
        {"text": TEXT, "spans": [[10, 12]]},
        {"text": TEXT, "spans": [[10, 12, "NEG"]]},
        {"id": 1, "text": TEXT, "label": [[10, 12, "NEG"]]},
        {"id": 1, "data": TEXT, "label": [[10, 12, "NEG"]]},
        {
            "text": TEXT,
            "entities": [{"id": 3, "start_offset": 10, "end_offset": 12}],
            "relations": [],
        },
        {"data": {"text": TEXT}, "annotations": [{"result": [RESULT]}]},
        {
            "data": {"review": TEXT},
            "annotations": [{"was_cancelled": True, "result": []}, {"result": [RESULT]}],
        },
        {"text": TEXT, "id": 1, "label": [RESULT["value"]]},
        {"text": TEXT, "spans": [SPAN | {"token_start": 5, "token_end": 6}], "answer": "accept"},
        {"text": TEXT, "annotation": [SPAN], "prediction": [{"start": 0, "end": 1}]},
        {
            "fields": {"text": TEXT},
            "responses": {"marks": [{"value": [SPAN], "status": "submitted"}]},
            "suggestions": {"marks": {"value": [{"start": 0, "end": 1}]}},
        },
        {"text": TEXT, "marks.responses": [[SPAN]], "marks.suggestion": [{"start": 0, "end": 1}]},
        {"text": TEXT, "marks.suggestion": [SPAN]},
        {"text": TEXT, "rationale": ["难吃"]},
    ],
)
def test_files_of_other_tools(entry):
    for content in (dumped(entry), dumped([entry]), dumped(entry).decode().encode("gbk")):
        assert read("r.json", content) == [Rationale(TEXT, ((10, 12),))]


def test_entries_that_somebody_rejected_are_left_out_and_counted():
    entry = {"text": TEXT, "spans": [SPAN]}
    found = read_rationales(
        "r.jsonl", dumped(entry | {"answer": "reject"}, entry | {"answer": "accept"})
    )
    assert passages(found) == [["难吃"]]
    assert [(f.kind, f.count) for f in found.findings] == [("rejected entries", 1)]


@pytest.mark.parametrize(
    ("content", "marked"),
    [
        (f"Text,Rationale\n{TEXT},难吃\n", ["难吃"]),
        (f"文本;理由\n{TEXT};难吃｜很干净\n", ["很干净", "难吃"]),
        (f"text\trationale\n{TEXT}\t难吃\n", ["难吃"]),
        ("text,rationale\nThe breakfast was BAD,bad\n", ["BAD"]),
        ('text,rationale\r\n"房间很干净。\r\n但是早餐难吃。",难吃\r\n', ["难吃"]),
    ],
)
def test_tables_as_people_have_them(content, marked):
    assert passages(read_rationales("r.csv", content.encode())) == [marked]


class TestOffsets:
    def test_units_of_javascript_are_understood_where_they_alone_are_possible(self):
        entries = [
            {"text": f"{HAND}早餐难吃", "spans": [[6, 8]]},  # beyond the six characters
            {"text": f"{HAND}{TEXT}", "spans": [[14, 16]]},
            {"text": TEXT, "spans": [[10, 12]]},
        ]
        found = read_rationales("r.jsonl", dumped(*entries))
        assert passages(found) == [["难吃"]] * 3
        assert [(f.kind, f.count, f.lines) for f in found.findings] == [
            ("units of UTF-16", 2, (1, 2))
        ]

    def test_the_text_of_a_mark_tells_what_its_offsets_count(self):
        for shift, kinds in ((0, []), (2, ["units of UTF-16"])):
            value = {"start": 6 + shift, "end": 8 + shift, "text": "难吃", "labels": []}
            found = read_rationales(
                "r.json", dumped([{"text": f"{HAND}房间早餐难吃，不好", "label": [value]}])
            )
            assert passages(found) == [["难吃"]]
            assert [finding.kind for finding in found.findings] == kinds

    def test_where_it_cannot_be_told_it_is_said(self):
        found = read_rationales("r.jsonl", dumped({"text": f"{HAND}{TEXT}", "spans": [[12, 14]]}))
        assert passages(found) == [["难吃"]]
        assert [f.kind for f in found.findings] == ["marks behind emoji"]
        found = read_rationales("r.jsonl", dumped({"text": f"{TEXT}{HAND}", "spans": [[10, 12]]}))
        assert not found.findings

    @pytest.mark.parametrize(
        ("entries", "said"),
        [
            (
                [{"text": TEXT, "label": [RESULT["value"] | {"text": "好吃"}]}],
                "does not stand where",
            ),
            ([{"text": "👍好吃吗", "spans": [[1, 5]]}], "in characters, from 0 to 4"),
            (
                [
                    {"text": "👍好吃吗", "label": [{"start": 1, "end": 3, "text": "好吃"}]},
                    {"text": "👍好吃吗", "label": [{"start": 2, "end": 4, "text": "好吃"}]},
                ],
                "the marks of entry 1 count characters, those of entry 2 units",
            ),
        ],
    )
    def test_what_cannot_be_right_is_refused(self, entries, said):
        with pytest.raises(DataError, match=said):
            read_rationales("r.json", dumped(*entries))

    @given(st.text(st.sampled_from("好a👍🏻é"), min_size=1, max_size=12), st.data())
    def test_either_way_of_counting_gives_the_same_marks(self, text, data):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))

        def units(place):
            return len(text[:place].encode("utf-16-le")) // 2

        for a, b in ((start, end), (units(start), units(end))):
            mark = {"start": a, "end": b, "text": text[start:end]}
            found = read_rationales("r.json", dumped([{"text": text, "label": [mark]}]))
            assert text[slice(*found.rationales[0].spans[0])] == text[start:end]


def test_chance_by_hand():
    # Two of three marked: the top two always share at least one with them.
    found = chance(3, 2)
    assert found["f1"] == pytest.approx(2 / 3)
    assert found["iou"] == pytest.approx(1 / 3 * 1 + 2 / 3 * 1 / 3)
    assert found["auprc"] == pytest.approx((1 + (1 + 2 / 3) / 2 + (1 / 2 + 2 / 3) / 2) / 3)
    assert chance(1, 1) == {"iou": 1, "f1": 1, "auprc": 1}
    assert all(math.isnan(value) for value in chance(4, 0).values())


@pytest.mark.parametrize("count", [2, 4, 5])
def test_chance_is_the_mean_over_all_orders(count):
    orders = np.array(list(permutations(range(1, count + 1))), float)
    for marks in range(1, count + 1):
        for chosen in list(combinations(range(count), marks))[:2]:
            marked = np.isin(np.arange(count), chosen)
            overlaps = [token_overlap(scores, marked) for scores in orders]
            wanted = chance(count, marks)
            for name in ("iou", "f1"):
                assert np.mean([o[name] for o in overlaps]) == pytest.approx(wanted[name])
            precisions = [average_precision(scores, marked) for scores in orders]
            assert np.mean(precisions) == pytest.approx(wanted["auprc"])


@given(st.integers(1, 3000), st.data())
def test_chance_stays_within_its_range(count, data):
    found = chance(count, data.draw(st.integers(1, count)))
    assert all(0 <= value <= 1 + 1e-9 for value in found.values())
    assert found["iou"] <= found["f1"] + 1e-9


def rationales() -> list[Rationale]:
    return [
        Rationale(TEXT, ((2, 5), (10, 12))),
        Rationale("早餐很好", ((2, 4),)),
        Rationale("好", ()),
    ]


def test_many_texts_have_the_numbers_of_one():
    explainers = {head: explainer(HOTEL, head) for head in ("max", "attention")}
    seen = []
    watch = Watch(lambda *step: seen.append(step))
    table = plausibility.over_texts(explainers, rationales(), watch)
    assert seen[-1] == (6, 6) and seen == sorted(seen)
    assert table["head"].tolist() == ["max"] * 3 + ["attention"] * 3
    assert table["marked"].tolist() == [5, 2, 0] * 2
    for (_index, line), rationale in zip(table[3:].iterrows(), rationales(), strict=True):
        e = explainers["attention"].explain(rationale.text)
        marked = marked_tokens(e.tokens, rationale.spans)
        wanted = plausibility.agreement(e.weights, e.contributions, e.predicted_index, marked)
        for ranking, figures in wanted.items():
            for name, value in figures.items():
                assert line[f"{ranking}.{name}"] == pytest.approx(value, nan_ok=True, abs=1e-5)


def test_means_leave_out_texts_without_marks():
    table = plausibility.over_texts({"max": explainer(HOTEL, "max")}, rationales())
    figure = plausibility.means(table)["max"]["weight.auprc"]
    assert figure["n"] == 2
    assert figure["value"] == pytest.approx(table["weight.auprc"].mean(), abs=1e-5)
    assert figure["low"] is figure["high"] is None, "two texts have no interval"


def test_many_texts_can_be_cancelled():
    watch = Watch(cancelled=lambda: True)
    with pytest.raises(Cancelled):
        plausibility.over_texts({"max": explainer(HOTEL, "max")}, rationales(), watch)
