"""Rows of text files: separators, quotes, line ends, headers, and what is damaged."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.datasets.readers.brought.files import read_table
from poolviz.datasets.readers.columns import kind_of, label_place, plain_name, text_place
from poolviz.datasets.readers.reading import AS_FOUND, Wanted
from poolviz.datasets.readers.separated import rows as separated
from poolviz.errors import ChoiceError, DataError
from poolviz.watch import Cancelled, Watch

PAIRS = [
    ("房间很干净，服务也热情", "1"),
    ("空调太吵，一夜没睡好", "0"),
    ("早餐丰富", "1"),
    ("态度差", "0"),
]
LINE_ENDS = ("\n", "\r\n", "\r", "\r\r\n")
SEPARATORS = (",", ";", "\t", "|", "，")


def table(text, name="a.csv", wanted=AS_FOUND):
    return read_table(name, text.encode(), wanted)


def pairs(found):
    return list(zip(found.column(found.text), found.column(found.label), strict=True))


def kinds(found):
    return {finding.kind: (finding.count, finding.lines) for finding in found.findings}


def written(rows, separator, end="\n"):
    content = io.StringIO(newline="")
    csv.writer(content, delimiter=separator, lineterminator=end).writerows(rows)
    return content.getvalue()


@pytest.mark.parametrize("end", LINE_ENDS)
@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("header", [[("text", "label")], []])
def test_separators_and_line_ends(separator, end, header):
    found = table(written([*header, *PAIRS], separator, end))
    assert pairs(found) == PAIRS
    assert (found.how.separator, found.how.header) == (separator, bool(header))
    assert found.lines.tolist() == [n + len(header) for n in range(1, 5)]
    assert not found.findings


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_line_may_say_what_separates(separator):
    text = f"sep={separator}\n" + written([("foo", "bar"), *PAIRS], separator)
    found = table(text)
    assert pairs(found) == PAIRS
    assert found.how.separator == separator


@pytest.mark.parametrize("separator", ["~", "^", "\x01", "；", "、", ":", "#"])
def test_other_signs_separate_where_they_stand_between_known_names(separator):
    found = table(written([("文本", "标签"), *PAIRS], separator))
    assert pairs(found) == PAIRS and found.how.separator == separator
    lines = ["text:label", "no sign here", "nor here"]
    assert table("\n".join(lines)).how.separator is None


@pytest.mark.parametrize("blank", ["", "\n"])
@pytest.mark.parametrize(
    "above", [["My reviews"], ["# from a tool", "# on a day"], ["评论,"], ["", "x", ""]]
)
def test_lines_above_the_names_of_columns_are_no_rows(blank, above):
    text = blank + "\n".join([*above, written([("text", "label"), *PAIRS], ",")])
    found = table(text)
    assert pairs(found) == PAIRS
    (said,) = found.findings
    assert (said.kind, said.count) == ("above", len([line for line in above if line]))
    first = text.splitlines().index("text,label") + 1
    assert found.lines.tolist() == list(range(first + 1, first + 5))


def test_a_blank_line_above_the_sign_that_separates():
    assert pairs(table("\nsep=;\n" + written([("foo", "bar"), *PAIRS], ";"))) == PAIRS


def test_a_row_of_words_that_are_names_is_no_header():
    lines = ["评论,极性", "好的,坏", "text,label", "坏的,好"]
    assert len(table("\n".join(lines))) == 3


class TestFastText:
    def test_labels_and_texts(self):
        lines = ["__label__好 房间, 很干净", " __label__a __label__b  both", "", "none"]
        lines += [f"__label__好\tx{n}" for n in range(20)]
        found = table("\n".join(lines), "train.txt")
        assert (found.text, found.label, found.how.form) == ("text", "label", "fastText")
        assert found.column("text")[:2] == ["房间, 很干净", "both"]
        assert found.column("label")[:3] == ["好", "a|b", ""]
        assert found.lines.tolist()[:3] == [1, 2, 4]

    def test_a_text_that_speaks_of_it_is_a_text(self):
        found = table("\n".join(["in __label__x form", "__label__a b", "c", "d"]), "a.txt")
        assert found.how.form == "lines"


@given(
    st.sampled_from(SEPARATORS),
    st.sampled_from(["\n", "\r\n"]),
    st.lists(
        st.tuples(
            st.text(
                st.sampled_from("好坏,;|\t，\"' a.\n")
                | st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]),
                min_size=1,
            ).filter(str.strip),
            st.sampled_from(["pos", "neg"]),
        ),
        min_size=1,
    ),
)
def test_what_a_csv_writer_quotes_comes_back(separator, end, rows):
    found = table(written([("text", "label"), *rows], separator, end))
    assert found.how.separator == separator
    assert pairs(found) == rows
    assert not found.findings


def test_a_text_of_several_lines_is_one_row():
    found = table('text,label\r\n"好，""真"", 好\r\n第二行",1\r\n坏,0\r\n')
    assert pairs(found) == [('好，"真", 好\n第二行', "1"), ("坏", "0")]
    assert found.lines.tolist() == [2, 4]


def test_lines_of_a_text_with_commas_are_no_rows():
    text = "He came, then left\nAnd so, we go\nAt last, peace"
    others = [(f"no {n}", "good" if n % 2 else "bad") for n in range(8)]
    found = table(written([("text", "label"), (text, "good"), *others], ","))
    assert pairs(found)[0] == (text, "good")
    assert not found.findings


@pytest.mark.parametrize(
    ("lines", "opened"),
    [
        (['"很好的酒店,1', "房间很小,0", "早餐不错,1", "太吵了,0"], (2,)),
        (['"很好的酒店,1', "房间很小,0", '"早餐不错,1', "太吵了,0", "位置好,1"], (2, 4)),
        (["房间很小,0", '"很好的酒店,1', '"早餐不错,1', "太吵了,0", "位置好,1"], (3, 4)),
        (["房间很小,0", "太吵了,0", '"很好的酒店,1'], (4,)),
    ],
)
def test_a_quote_that_is_never_closed_swallows_no_rows(lines, opened):
    found = table("\n".join(["text,label", *lines]) + "\n")
    wanted = [tuple(line.strip('"').split(",")) for line in lines]
    assert pairs(found) == wanted
    assert kinds(found) == {"open quote": (len(opened), opened)}


def test_lines_in_a_cell_that_may_be_rows_are_said():
    rows = [f"问题{n}怎么办,答案{n}在这里" for n in range(9)]
    rows[3] = f'"{rows[3]}'
    rows[7] = f'{rows[7]}"'
    found = table("\n".join(["问题,答案", *rows]) + "\n")
    assert len(found) == 5
    assert kinds(found)["lines like rows"] == (1, (5,))
    found = table('问题,答案\n"一\n二\n三",四\n五,六\n')
    assert not found.findings


def test_half_of_the_rows_are_not_lost_to_open_quotes():
    lines = [f'{n % 2},"第{n}次来' if n % 20 == 3 else f"{n % 2},第{n}次来" for n in range(160)]
    found = table("label,text\n" + "\n".join(lines))
    assert len(found) == 160
    assert kinds(found)["open quote"][0] == 8


def test_quotes_within_a_text_belong_to_it():
    found = table('text,label\n他说"很好"就走了,1\n"太吵"的房间,0\n"""真的""好",1\n')
    assert [text for text, _label in pairs(found)] == [
        '他说"很好"就走了',
        '"太吵"的房间',
        '"真的"好',
    ]
    assert not found.findings


def test_backslashes_before_quotes_are_no_part_of_the_text():
    found = table('text,label\n"\\"很好\\" 他说",1\n"他说\\"太吵\\"，走了",0\n普通,1\n')
    assert found.column("text") == ['"很好" 他说', '他说"太吵"，走了', "普通"]


def test_spaces_before_a_quote_are_no_part_of_the_cell():
    assert pairs(table('"text", "label"\n"好, 的", "1"\n')) == [("好, 的", "1")]


def test_separators_without_quotes_stay_in_the_text():
    found = table("text,label\n很好,很干净,1\n太吵,0\n一,二,三,四,1\n")
    assert pairs(found) == [("很好,很干净", "1"), ("太吵", "0"), ("一,二,三,四", "1")]
    assert kinds(found) == {"joined": (2, (2, 4))}
    found = table("label,text\n1,很好,很干净\n0,太吵\n")
    assert pairs(found)[0] == ("很好,很干净", "1")


def test_rows_whose_surplus_cells_cannot_be_told_are_left_out():
    rows = ["标题一,正文一,1", "标题二,正文,二,1", "标题三,正文三,0", "标,题,正文,0"]
    found = table("\n".join(["title,content,label", *rows]))
    assert found.column("content") == ["正文一", "正文,二", "正文三", "题,正文"]
    found = table("title,content\n标题一,正文一\n标,题,正文\n")
    assert kinds(found) == {"too many columns": (1, (3,))}
    assert len(found) == 1


def test_short_rows_are_filled_up_and_empty_surplus_cells_go():
    found = table("text,label,note\n好,1,x,,,\n坏\n")
    assert found.column("label") == ["1", ""]
    assert kinds(found) == {"too few columns": (1, (3,))}


def test_blank_lines_are_no_rows():
    found = table("text,label\n\n好,1\n \n\r\n坏,0\n\n")
    assert pairs(found) == [("好", "1"), ("坏", "0")]
    assert not found.findings


def test_nul_characters_do_not_end_a_file():
    assert pairs(table("text,label\n好\0的,1\n坏,0\n"))[0] == ("好\0的", "1")


class TestTextFiles:
    def test_each_line_is_a_text_whatever_it_holds(self):
        lines = ['他说"好, 的', "I like it, really", "a;b;c", "1|2"]
        found = table("\n".join(lines), "a.txt")
        assert found.column(found.text) == lines
        assert (found.how.separator, found.how.header, found.label) == (None, False, None)

    def test_a_label_and_a_text_between_tabs(self):
        lines = [f"{'体育' if n % 2 else '财经'}\t第{n}条，新闻" for n in range(6)]
        found = table("\n".join(lines), "train.txt")
        assert pairs(found) == [tuple(line.split("\t")[::-1]) for line in lines]

    @pytest.mark.parametrize(
        "lines", [["好"], ["房间很干净，", "早餐一般。"], ["怎么退款", "如何注销"]]
    )
    def test_the_first_line_is_no_name_unless_it_is_one(self, lines):
        for name in ("a.txt", "a.csv"):
            found = table("\n".join(lines), name)
            assert found.column(found.text) == lines
        assert table("\n".join(["问题", *lines])).column("问题") == lines


@pytest.mark.parametrize(
    ("header", "text", "label"),
    [
        ("text,label", "text", "label"),
        ("Text,Label", "Text", "Label"),
        (" Content ,CAT", "Content", "CAT"),
        ("评论内容,情感标签", "评论内容", "情感标签"),
        ("文本,标签", "文本", "标签"),
        ("评论,情感", "评论", "情感"),
        ("v2,v1", "v2", "v1"),
        ("sentence,category", "sentence", "category"),
        ("comment,rating", "comment", "rating"),
        ("review,sentiment", "review", "sentiment"),
        ("Review Text,star_rating", "Review Text", "star_rating"),
        ("reviewBody,overall_rating", "reviewBody", "overall_rating"),
        ("words,colour", "words", "colour"),
    ],
)
def test_columns_by_the_names_that_people_give_them(header, text, label):
    rows = [f"第{n}次来，房间很干净,{'好' if n % 2 else '坏'}" for n in range(8)]
    found = table("\n".join([header, *rows]))
    assert (found.text, found.label) == (text, label)
    assert len(found) == 8


def test_columns_by_what_stands_in_them():
    rows = [f"{n},{'好' if n % 2 else '坏'},第{n}次来，房间很干净" for n in range(30)]
    found = table("\n".join(["label,class,text", *rows]))  # running numbers are no labels
    assert (found.text, found.label) == ("text", "class")
    rows = [f"编号{n},第{n}次来，房间很干净,{n % 2}" for n in range(30)]
    found = table("\n".join(["text,text,label", *rows]))
    assert found.text == "text (2)"
    found = table("\n".join(f'"第{n}次来，房间很干净",{n % 2}' for n in range(6)))
    assert (found.text, found.label, found.how.header) == ("1", "2", False)


def test_where_several_columns_may_be_labels_none_is_taken():
    rows = [f"第{n}次来,{n % 2},{n % 3}" for n in range(12)]
    assert table("\n".join(["text,foo,bar", *rows])).label is None


def test_columns_that_somebody_names():
    text = "\n".join(["a,b,c", *(f"{n % 2},第{n}次来,{n % 3}" for n in range(12))])
    for name in ("c", "C", "3"):
        assert table(text, wanted=Wanted(text="b", label=name)).label == "c"
    assert table(text, wanted=Wanted(text="a")).text == "a"
    with pytest.raises(ChoiceError, match="a.csv has no column d; choose one of a, b, c"):
        table(text, wanted=Wanted(label="d"))


def test_names_without_capitals_spaces_and_signs():
    assert plain_name("Review_Text ") == plain_name("reviewText") == "reviewtext"
    assert plain_name("评论（内容）") == "评论内容"
    assert text_place([], []) is None
    assert label_place(["text"], [kind_of(["a"])], 0) is None


def test_what_is_too_large_is_told_before_the_work(monkeypatch):
    def parse(*arguments):
        raise AssertionError("nothing was to be parsed")

    monkeypatch.setattr(separated._Reader, "columns", parse)
    for text, said in (
        ("text" + ",c" * 2_000 + "\n" + "a\n" * 100, "2,001 columns; up to 500"),
        ("text\n" + "a\n" * 1_100_000, "1,100,001 lines; up to 1,000,000"),
        ("text\n" + "\n" * 1_100_000, "1,100,001 lines"),
        ("text" + ",c" * 400 + "\n" + "a\n" * 100_000, "up to 10,000,000 cells"),
    ):
        with pytest.raises(DataError, match=said):
            table(text)


def test_reading_can_be_stopped_and_tells_how_far_it_is():
    text = "text,label\n" + "好,1\n" * 50_000
    told = []
    read_table("a.csv", text.encode(), watch=Watch(lambda *step: told.append(step)))
    assert told and all(done <= total for done, total in told)
    with pytest.raises(Cancelled):
        read_table("a.csv", text.encode(), watch=Watch(cancelled=lambda: True))


@given(st.text(st.sampled_from("a好,;\"\t\r\n|，' 1") | st.characters(exclude_categories=["Cs"])))
def test_any_text_is_a_table(text):
    for name in ("a.csv", "a.txt", "a.tsv"):
        found = table(text, name)
        assert all(len(column) == len(found) for column in found.columns.values())
        assert sorted(set(found.lines.tolist())) == found.lines.tolist()


@pytest.mark.parametrize("line", ['"a', '1,"a', '"a,b', '"a" b,"'])
@pytest.mark.parametrize("closed_after", [0, 90, 900])
def test_the_work_grows_with_the_text(monkeypatch, line, closed_after):
    """Cells that open and never close, or only much later, and for many of them."""
    steps = []
    cut = separated.fields_of

    class Counting(list):
        def __getitem__(self, place):
            found = super().__getitem__(place)
            steps.append(len(found) if isinstance(place, slice) else 1)
            return found

    def counting(*given):
        steps.append(1)
        return cut(*given)

    def work(count):
        lines = ["text,label", *[line] * count]
        if closed_after:
            lines[closed_after::closed_after] = ['x"'] * len(lines[closed_after::closed_after])
        dialect = separated.dialect.find(lines[:100], False)
        shape = separated.find_shape("a", lines[:100], dialect, AS_FOUND)
        steps.clear()
        separated._Reader(Counting(lines), shape, Watch()).columns()
        return sum(steps)

    monkeypatch.setattr(separated, "fields_of", counting)
    assert work(8_000) < 3 * work(4_000)
