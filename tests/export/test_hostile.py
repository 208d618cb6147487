"""Texts that try to be more than texts: through every reader, and into every kind of file."""

import csv
import io
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poolviz.datasets.readers.brought.rows import read_rows
from poolviz.export.changes import with_changes
from poolviz.export.contents import compare_contents
from poolviz.export.formats import FORMATS
from poolviz.export.pairs import match_contents
from poolviz.views.changes import compare_texts
from poolviz.views.pairs import sentence_panels
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.datasets.readers.workbooks.test_xlsx import cell, row, workbook
from tests.datasets.readers.workbooks.written import ods, ods_row, ods_table, xls, xlsb
from tests.fakes import fake_explanation, fake_pair
from tests.texts import HOSTILE


def sheet(rows):
    return "".join(
        row(n, *(cell(f"{'AB'[k]}{n}", escape(value)) for k, value in enumerate(cells)))
        for n, cells in enumerate(rows, 1)
    )


def separated(rows):
    content = io.StringIO(newline="")
    csv.writer(content).writerows(rows)
    return content.getvalue().encode()


def by_place(rows):
    return {(n, k): value for n, cells in enumerate(rows) for k, value in enumerate(cells)}


def parquet(rows):
    names, *below = rows
    content = io.BytesIO()
    columns = zip(*below, strict=True)
    pq.write_table(pa.table(dict(zip(names, map(list, columns), strict=True))), content)
    return content.getvalue()


WRITERS = {
    "csv": separated,
    "jsonl": lambda rows: "\n".join(
        json.dumps(dict(zip(rows[0], each, strict=True))) for each in rows[1:]
    ).encode(),
    "xlsx": lambda rows: workbook({"S": sheet(rows)}),
    "ods": lambda rows: ods(
        ods_table("S", *(ods_row(*map(in_cell, each)) for each in rows)),
    ),
    "xls": lambda rows: xls({"S": by_place(rows)}),
    "xlsb": lambda rows: xlsb({"S": by_place(rows)}),
    "parquet": parquet,
}


def in_cell(value):
    """A cell of `ods_row`, which takes what begins with "<" for XML."""
    return f"<table:table-cell><text:p>{escape(value)}</text:p></table:table-cell>"


@pytest.mark.parametrize("ending", WRITERS)
@given(texts=st.lists(HOSTILE, min_size=1, max_size=4), labels=st.lists(HOSTILE, min_size=4))
def test_a_file_gives_back_what_was_written(ending, texts, labels):
    rows = [("text", "label"), *zip(texts, labels, strict=False)]
    found = read_rows(f"a.{ending}", WRITERS[ending](rows))
    assert found.texts == tuple(text.strip() for text in texts)
    assert found.labels == tuple(label.strip() for label in labels[: len(texts)])


class Elements(HTMLParser):
    """The kinds of elements of a page, with the names of their attributes; what scripts hold."""

    def __init__(self, page: str):
        super().__init__(convert_charrefs=True)
        self.found: set[tuple[str, str]] = set()
        self.scripts = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found |= {(tag, ""), *((tag, name) for name, _value in attrs)}
        self.scripts += tag == "script"


def contents_of(text: str):
    """What can be taken away of a text that is the name of a class, too."""
    found = explained(text, text)
    return compare_contents(found, panel(found, View("contribution", target=text)), text)


def contents_of_change(text: str):
    changes = compare_texts(explained(text, text), explained(f"好{text}", text), View())
    return with_changes(contents_of(text), changes)


def contents_of_pair(text: str):
    pairs = [fake_pair(text, f"乙{text}")]
    return match_contents(pairs, sentence_panels(pairs), [None])


def explained(text: str, name: str):
    classes = (name, "b")
    return [fake_explanation(text, head, classes=classes) for head in ("max", "multi-head")]


CONTENTS = [contents_of_change, contents_of_pair]  # the first holds those of one text, too


def pages(contents, charts: bool):
    """The pages of all pictures, the script of charts beside them."""
    for figure in contents.figures:
        if (figure.picture.kind == "chart") == charts:
            yield figure.part, figure.picture.linked_page().decode("utf-8")


@pytest.mark.parametrize("charts", [False, True])
@pytest.mark.parametrize("make", CONTENTS)
@settings(max_examples=10)
@given(HOSTILE)
def test_pages_have_the_elements_of_a_harmless_text(make, charts, text):
    harmless = dict(pages(make("好"), charts))
    for part, page in pages(make(text), charts):
        found, plain = Elements(page), Elements(harmless[part])
        assert found.found <= plain.found | LATER, part
        assert found.scripts == plain.scripts


# What a harmless text of one token does not need.
LATER = {("br", ""), ("wbr", ""), ("bdi", ""), ("span", ""), ("span", "class"), ("span", "style")}


@pytest.mark.parametrize("make", CONTENTS)
@settings(max_examples=15)
@given(HOSTILE)
def test_files_without_a_browser_hold_text_alone(make, text):
    for figure in make(text).figures:
        for name in ("svg", "svg-outlines", "html-inline", "md"):
            if FORMATS[name].kinds.get(figure.picture.kind) is not False:
                continue
            written = FORMATS[name].draw(figure.picture, None).decode("utf-8")
            if name.startswith("svg"):
                elements = list(ElementTree.fromstring(written).iter())
                tags = {element.tag.rpartition("}")[2] for element in elements}
                assert not tags & {"script", "image", "foreignObject", "a", "style"}
                names = {name for element in elements for name in element.attrib}
                assert not any(name.startswith("on") for name in names)
            else:
                if name == "md":  # there a sign behind a backslash begins nothing
                    written = re.sub(r"\\.", "", written)
                tags = {tag for tag, _name in Elements(written).found}
                assert not tags & {"script", "img", "svg", "style", "a", "title", "textarea"}


@pytest.mark.parametrize("make", CONTENTS)
@settings(max_examples=20)
@given(HOSTILE)
def test_tables_hold_the_text_and_no_formula(make, text):
    for table in make(text).tables:
        content = table.make()
        if table.format == "json":
            assert json.dumps(text, ensure_ascii=False) in json.dumps(
                json.loads(content), ensure_ascii=False
            )
            continue
        cells = [c for line in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for c in line]
        numbers = re.compile(r"-?[0-9.]+(e[-+]?[0-9]+)?")
        assert all(numbers.fullmatch(c) or not c.startswith(("=", "+", "-", "@")) for c in cells)
