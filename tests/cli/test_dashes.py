import pytest

from poolviz.cli import FINE
from poolviz.cli.dashes import joined_to_flags


@pytest.mark.parametrize(
    ("words", "joined"),
    [
        (["--text", "-5分，房间太差"], ["--text=-5分，房间太差"]),
        (["--text", "--很差", "--json"], ["--text=--很差", "--json"]),
        (["--text", "—好", "--other", "-a b"], ["--text", "—好", "--other=-a b"]),
        (["--text", "--json"], ["--text", "--json"]),
        (["--text", "-", "-h"], ["--text", "-", "-h"]),
        (["--text", "--head=max"], ["--text", "--head=max"]),
        (["--head", "-5"], ["--head", "-5"]),
        (["--text"], ["--text"]),
    ],
)
def test_a_text_that_begins_with_a_dash_belongs_to_its_flag(words, joined):
    assert joined_to_flags(words) == joined


def test_such_a_text_is_explained(call):
    words = ("explain", "--dataset", "chnsenticorp_htl_all", "--head", "max", "--text")
    code, out, _err = call(*words, "-5分，房间太差")
    assert code == FINE
    assert out.startswith("-5分，房间太差\n")
