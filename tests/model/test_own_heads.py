"""Heads as cards describe them: checked, with titles that no stranger can change."""

import pytest

from poolviz import language
from poolviz.model import own_heads
from poolviz.model.heads import HEADS, Head
from poolviz.model.own_heads import FIELD, as_fields, described, head_title, remember_title

GEM = Head("GeM", "GeM", "Its share of the powers.", False, True, rows=2, file="gem.py")
SAID = as_fields(GEM)


@pytest.fixture(autouse=True)
def no_titles(monkeypatch):
    monkeypatch.setattr(own_heads, "_titles", {})


def test_what_a_card_says_is_read_back():
    found = described({FIELD: SAID})
    assert found == GEM and found.own
    assert not any(head.own for head in HEADS.values())


@pytest.mark.parametrize(
    "change",
    [
        *({name: None} for name in SAID),
        *({name: []} for name in SAID),
        *({"title": title} for title in ("", " GeM", "<b>", "*", "a\nb", "[x](y)", "x" * 41, "()")),
        *({"title": title} for title in ("Max", "max", "multi-head attention", "$x$", "`x`")),
        *({"meaning": meaning} for meaning in ("", " ", "a\nb", "x" * 301, 7)),
        *({"rows": rows} for rows in (0, -1, 65, 1.0, True, "1")),
        *({name: 1} for name in ("exact", "weighted_mean", "file", "layer")),
        {"layer": "no class"},
        {"file": ""},
    ],
)
def test_what_is_not_as_it_should_be_is_no_head(change):
    assert described({FIELD: SAID | change}) is None


@pytest.mark.parametrize("said", [None, [], "GeM", {}, 7])
def test_a_card_without_a_description_has_none(said):
    assert described({FIELD: said}) is None
    assert described({}) is None


@pytest.mark.parametrize("title", ["GeM", "Top-k mean", "门控注意力", "L² norm (p=2)"[:7], "2-max"])
def test_titles_may_be_of_any_script(title):
    assert described({FIELD: SAID | {"title": title}}).title == title


def test_a_title_is_the_tables_or_the_cards_or_the_key():
    assert (head_title("max"), head_title("additive")) == ("Max", "Additive attention")
    language.use("zh_CN")
    assert head_title("max") != "Max"
    language.use("en")
    assert head_title("gem") == "gem"
    remember_title("gem", "one", "GeM")
    remember_title("gem", "one", "GeM 2")
    assert head_title("gem") == "GeM 2"


def test_a_second_card_can_neither_rename_nor_imitate():
    remember_title("gem", "mine", "GeM")
    remember_title("gem", "a stranger's", "Nonsense")
    assert head_title("gem") == "gem"
    remember_title("top", "mine", "Top")
    remember_title("imitation", "a stranger's", "Top")
    assert (head_title("top"), head_title("imitation")) == ("top", "imitation")
    remember_title("max", "a stranger's", "Nonsense")
    assert head_title("max") == "Max"
