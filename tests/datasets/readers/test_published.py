import csv
import io

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from poolviz.datasets.readers import published
from poolviz.errors import DataError
from poolviz.text.preparation import AS_IS, PREPARATIONS
from tests.datasets_helpers import write, write_zip

REVIEW = published.comma_separated("label", "review")
PAIR = published.tab_separated(2, 0, 1, header=True)
NUMBERED_PAIR = published.tab_separated(3, 1, 2)


def rows(reader, tmp_path, content, name="file.csv"):
    return list(reader(write(tmp_path / name, content)))


def test_csv_quotes_are_taken_off_and_kept_inside(tmp_path):
    content = 'label,review\n1,"说是""好""的, 真的"\n0,他说"不"\n'
    assert rows(REVIEW, tmp_path, content) == [("1", '说是"好"的, 真的'), ("0", '他说"不"')]


def test_csv_review_of_several_lines_is_one_row(tmp_path):
    assert rows(REVIEW, tmp_path, 'label,review\r\n1,"上\r\n下"\r\n') == [("1", "上\n下")]


def test_csv_columns_are_found_by_name_behind_a_byte_order_mark(tmp_path):
    reader = published.comma_separated("cat", "review")
    content = "\ufeffreview,cat,label\n好,酒店,1\n"
    assert rows(reader, tmp_path, content) == [("酒店", "好")]


def test_csv_with_two_sentences(tmp_path):
    reader = published.comma_separated("label", "sentence1", "sentence2")
    content = "\ufeffsentence1,sentence2,label\n怎么还款,如何还款,1\n"
    assert rows(reader, tmp_path, content) == [("1", "怎么还款", "如何还款")]


def test_csv_in_a_zip(tmp_path):
    path = write_zip(tmp_path / "x.zip", {"x.csv": "\ufefflabel,review\n1,好\n", "read.me": ""})
    assert list(REVIEW(path)) == [("1", "好")]


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_the_last_line_counts_with_and_without_its_end(tmp_path, ending):
    assert rows(REVIEW, tmp_path, "label,review\n1,好" + ending) == [("1", "好")]
    assert rows(published.label_then_text, tmp_path, "体育\t赢了" + ending) == [("体育", "赢了")]


def test_csv_lines_with_other_columns_are_malformed(tmp_path):
    content = "label,review\n1\n\n1,好,多\n0,差\n"
    assert rows(REVIEW, tmp_path, content) == [None, None, None, ("0", "差")]


def test_lines_that_an_open_quote_swallows_are_malformed(tmp_path):
    content = 'label,review\n1,好\n0,"差\n1,好\n0,差\n'
    assert rows(REVIEW, tmp_path, content) == [("1", "好"), None, None, None]


def test_a_field_beyond_the_limit_is_malformed_and_reading_goes_on(tmp_path):
    content = "label,review\n1," + "长" * (csv.field_size_limit() + 1) + "\n0,差\n"
    assert rows(REVIEW, tmp_path, content) == [None, ("0", "差")]


def test_odd_characters_survive(tmp_path):
    content = "label,review\n1,\ufffd\n1,好\r差\n1,a\u2028b\x85c\n".encode() + b"1,\xff\n"
    assert rows(REVIEW, tmp_path, content) == [
        ("1", "\ufffd"),
        ("1", "好 差"),
        ("1", "a\u2028b\x85c"),
        ("1", "\ufffd"),
    ]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))))
def test_what_csv_writes_comes_back(tmp_path_factory, texts):
    buffer = io.StringIO()
    csv.writer(buffer).writerows([("label", "review"), *(("1", text) for text in texts)])
    path = write(tmp_path_factory.mktemp("csv") / "file.csv", buffer.getvalue())
    assert list(REVIEW(path)) == [("1", text) for text in texts]


def test_csv_without_the_column_is_not_in_the_published_format(tmp_path):
    with pytest.raises(DataError, match="file.csv has no column label in its first line"):
        rows(REVIEW, tmp_path, "1,好\n")
    with pytest.raises(DataError, match="has no column label"):
        rows(REVIEW, tmp_path, "")
    with pytest.raises(DataError, match="cannot be read"):
        rows(REVIEW, tmp_path, b"\0" * (csv.field_size_limit() + 1))


def test_tabs_with_a_header_line(tmp_path):
    content = 'text_a\ttext_b\tlabel\n"谁 \t是谁\t0\n好\t1\n好\t好\t1\t1\n\n怎样\t如何\t1\n'
    assert rows(PAIR, tmp_path, content) == [
        ("0", '"谁 ', "是谁"),
        None,
        None,
        None,
        ("1", "怎样", "如何"),
    ]


def test_tabs_with_a_number_in_front(tmp_path):
    content = "\ufeff1\t怎么还\t怎样还\t1\n2\t能还吗\t还了吗\t0\r\n"
    expected = [("1", "怎么还", "怎样还"), ("0", "能还吗", "还了吗")]
    assert rows(NUMBERED_PAIR, tmp_path, content) == expected


def test_label_then_text_keeps_tabs_of_the_text(tmp_path):
    content = "体育\t一\t二\n体育没有制表符\n\n 财经\t\n"
    assert rows(published.label_then_text, tmp_path, content) == [
        ("体育", "一\t二"),
        None,
        None,
        ("财经", ""),
    ]


def test_text_per_line_is_labelled_by_the_file(tmp_path):
    content = "很好\n\n不错"
    expected = [("pos", "很好"), ("pos", ""), ("pos", "不错")]
    assert rows(published.text_per_line, tmp_path, content, "pos.txt") == expected


def test_a_folder_of_documents_is_one_class(tmp_path):
    write(tmp_path / "体育" / "2.txt", "\ufeff标题\r\n正文\r\n")
    write(tmp_path / "体育" / "1.txt", "另一篇")
    write(tmp_path / "体育" / "note.md", "no document")
    found = list(published.documents_or_lines(tmp_path / "体育"))
    assert found == [("体育", "另一篇"), ("体育", "标题\n正文")]


def test_the_other_layout_is_a_file_of_lines(tmp_path):
    assert rows(published.documents_or_lines, tmp_path, "体育\t正文\n") == [("体育", "正文")]


@pytest.mark.parametrize("members", [{}, {"a.txt": "x"}, {"a.csv": "x", "b.csv": "x"}])
def test_a_zip_without_its_one_csv_is_a_sentence(tmp_path, members):
    path = write_zip(tmp_path / "x.zip", members)
    with pytest.raises(DataError, match="x.zip cannot be read .+ CSV files in the archive"):
        list(REVIEW(path))


def test_damaged_and_missing_files_are_sentences(tmp_path):
    whole = write_zip(tmp_path / "x.zip", {"x.csv": "label,review\n" + "1,好看\n" * 999})
    content = bytearray(whole.read_bytes())
    content[45:60] = b"\xff" * 15  # within the packed data
    for damaged in (content, content[:50], b"no archive"):
        with pytest.raises(DataError, match="cannot be read"):
            list(REVIEW(write(tmp_path / "y.zip", bytes(damaged))))
    with pytest.raises(DataError, match="cannot be read .*put the published file in its place"):
        list(REVIEW(tmp_path / "none.csv"))


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("太好了[哈哈][good]！", "太好了 ！"),
        ("[泪]", ""),
        ("好[ 泪] 差[抓狂 ]", "好 差"),
        ("[好] 太难了[抓", "太难了"),
        ("太难了[", "太难了"),
        ("见[1 2] [一二三四五六七八九十十一]", "见[1 2] [一二三四五六七八九十十一]"),
        ("//@小明_a-1: 转发", "转发"),
        ("一// @ 小明:转发//@??明?: 二", "一 转发 二"),
        ("回复@小明：好 ＠小红 再见", "回复 好 再见"),
        ("看http://t.cn/zWabc好看www.a.cn/?q=1 t.cn/xY9", "看 好看"),
        ("mail an.a+b@mail.example.com!", "mail !"),
        ("三@@ 9 @ 10", "三@@ 9 @ 10"),
    ],
)
def test_emoji_codes_and_mentions_go(text, cleaned):
    assert published.cleaner(PREPARATIONS["weibo-1"])(text) == cleaned


def test_what_is_stripped_is_the_entry_s_choice():
    text = "好[哈哈]  @小明 "
    assert published.cleaner(AS_IS)(text) == "好[哈哈]  @小明"
    assert published.cleaner(PREPARATIONS["weibo-codes-1"])(text) == "好[哈哈]"


def test_lone_surrogates_are_replaced():
    assert published.cleaner(AS_IS)("好\ud83d") == "好\ufffd"


# What the pattern of mentions was, in a form that takes a long text's square.
_PLAIN_MENTION = regex.compile(
    r"(?:https?://|www\.)[!-~]+|(?<![A-Za-z0-9.])t\.cn/[A-Za-z0-9]+"
    r"|[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|(?://\s*[@＠]\s*|[@＠])[\w·?-]+(?:\s*[:：])?"
)


@given(
    st.lists(
        st.sampled_from(
            [
                "@",
                "＠",
                "a",
                "b1",
                ".",
                "-",
                " ",
                "/",
                "//",
                "www.",
                "t.cn/",
                "http://",
                "好",
                ":",
                "_",
            ]
        )
    ).map("".join)
)
def test_mentions_are_found_as_by_the_plain_pattern(text):
    [mention] = PREPARATIONS["weibo-codes-1"]._patterns
    found = [match.span() for match in mention.finditer(text)]
    assert found == [match.span() for match in _PLAIN_MENTION.finditer(text)]
