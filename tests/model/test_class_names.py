"""What readers call the classes."""

import pytest

from poolviz import language
from poolviz.datasets import CATALOGUE
from poolviz.model.class_names import class_label, meaning_of

SHIPPED = {name for dataset in CATALOGUE.values() for name in dataset.classes}


@pytest.fixture(autouse=True)
def english_again():
    yield
    language.use("en")


@pytest.mark.parametrize("name", sorted(SHIPPED))
@pytest.mark.parametrize("spoken", ["en", "zh_CN"])
def test_every_class_of_the_catalogue_can_be_read_in_every_language(name, spoken):
    language.use(spoken)
    is_chinese = any("\u4e00" <= character <= "\u9fff" for character in meaning_of(name))
    assert is_chinese == (spoken == "zh_CN")


def test_a_name_stands_beside_its_meaning_once():
    assert class_label("负面") == "负面 negative"
    assert class_label("匹配") == "match"
    assert class_label("tech") == "tech"
    assert class_label("<b>my own</b>") == "<b>my own</b>"
    language.use("zh_CN")
    assert class_label("负面") == "负面"
