"""What characters cost by which encodings are told apart: golden figures of every encoding.

The shares behind them are estimates. What rests on them, that files are read as they were written,
is tried in tests/datasets/readers; a change of one shows here and is to be made with those in view.
`python -m tests.text.test_usual_characters` writes the figures anew.
"""

import json
from pathlib import Path

import pytest

from poolviz.text.usual_characters import USUAL, bits_of

GOLDEN = Path(__file__).with_name("golden_usual_characters.json")


def figures(encoding: str) -> dict:
    """How many characters are usual, what all cost together, and the first one of each cost."""
    costs = bits_of(encoding)
    firsts: dict[str, str] = {}
    for character, cost in costs.items():
        firsts.setdefault(f"{cost:.4f}", character)
    return {"count": len(costs), "sum": round(sum(costs.values()), 3), "firsts": firsts}


@pytest.mark.parametrize("encoding", USUAL)
def test_costs_are_those_that_were_kept(encoding):
    assert figures(encoding) == json.loads(GOLDEN.read_text(encoding="utf-8"))[encoding]


def test_every_encoding_has_its_costs():
    assert list(json.loads(GOLDEN.read_text(encoding="utf-8"))) == list(USUAL)


@pytest.mark.parametrize("encoding", USUAL)
def test_costs_are_computed_once_and_can_be_paid(encoding):
    assert bits_of(encoding) is bits_of(encoding)
    assert all(len(character) == 1 and cost > 0 for character, cost in bits_of(encoding).items())


def test_what_is_common_in_its_own_script_is_cheaper():
    simplified, traditional = bits_of("gb18030"), bits_of("big5")
    assert simplified["这"] < simplified["喵"] and traditional["這"] < traditional["瑜"]
    assert "這" not in simplified and "这" not in traditional


if __name__ == "__main__":
    kept = {encoding: figures(encoding) for encoding in USUAL}
    GOLDEN.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
