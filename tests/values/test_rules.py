"""Rules for what was read as JSON, at their edges; the schema for other programs says the same.

`MOST`, a bound that nothing real comes near, has no test of its own value.
"""

import math
from dataclasses import FrozenInstanceError

import pytest

from poolviz.values.rules import (
    MOST,
    anything,
    empty_or,
    flag,
    list_of,
    mapping,
    none_or,
    number,
    one_of,
    record,
    text,
    whole,
)

SHARE = number(0, 1)


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (SHARE, [0, 1, 0.5, 0.0], [-1e-9, 1 + 1e-9, True, False, "1", None, math.nan, [1]]),
        (number(0, math.inf), [1e300], [math.inf]),
        (number(2, 4), [2, 3, 4], [1.9, 4.1, -math.inf]),
        (whole(), [0, 1, MOST], [-1, MOST + 1, 1.0, True, "1", None]),
        (whole(2, 4), [2, 4], [1, 5]),
        (text(2), ["", "好", "ab"], ["abc", 1, None, ["a"]]),
        (one_of(["a", "b"]), ["a", "b"], ["c", "", 1, None, ["a"]]),
        (none_or(SHARE), [None, 0.5], [2, False, {}]),
        (empty_or(SHARE), [{}, 0.5], [2, None, {"a": 1}, []]),
        (list_of(SHARE, 1, 2), [[0], [0, 1]], [[], [0, 0, 0], [2], {}, "0", None]),
        (list_of(SHARE), [[]], [[2]]),
        (mapping(SHARE), [{}, {"a": 1, "b": 0}], [{"a": 2}, [], None]),
        (record({"a": SHARE}), [{"a": 1}, {"a": 1, "c": "x"}], [{}, [], {"b": 1}]),
        (record({"a": SHARE}, {"b": SHARE}), [{"a": 1, "b": 0}], [{"a": 1, "b": 2}]),
        (flag, [True, False], [0, 1, None, "true"]),
        (anything, [None, 1, {}, math.nan], []),
    ],
)
def test_what_fits_and_what_does_not(rule, good, bad):
    assert [value for value in good if rule(value) is not None] == []
    assert [value for value in bad if rule(value) is None] == []


def test_a_misfit_has_its_place():
    rule = record({"rows": mapping(list_of(SHARE))}, {"more": SHARE})
    assert rule({"rows": {"a": [0, 1], "b": [1, 1, 2]}}) == "rows.b.2"
    assert rule({"rows": {}, "more": "x"}) == "more"
    assert rule({"more": 1}) == "rows" and rule(3) == ""


def test_schemas_say_the_same():
    assert SHARE.schema == {"type": "number", "minimum": 0, "maximum": 1}
    assert whole().schema == {"type": "integer", "minimum": 0, "maximum": MOST}
    assert text(5).schema == {"type": "string", "maxLength": 5}
    assert one_of(["a"]).schema == {"enum": ["a"]}
    assert none_or(flag).schema == {"anyOf": [{"type": "boolean"}, {"type": "null"}]}
    assert empty_or(flag).schema["anyOf"][1] == {"type": "object", "maxProperties": 0}
    assert list_of(flag, 1, 2).schema == {
        **{"type": "array", "items": {"type": "boolean"}},
        **{"minItems": 1, "maxItems": 2},
    }
    assert list_of(flag).schema["minItems"] == 0
    assert mapping(flag).schema == {"type": "object", "additionalProperties": {"type": "boolean"}}
    found = record({"a": flag}, {"b": anything}).schema
    assert found["required"] == ["a"] and found["properties"] == {"a": flag.schema, "b": {}}


def test_a_rule_stays_what_it_is():
    with pytest.raises(FrozenInstanceError):
        SHARE.schema = {}
