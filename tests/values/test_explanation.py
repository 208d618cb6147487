"""The values that travel between the parts: JSON in and out, and nothing hostile gets in."""

import copy
import dataclasses
import hashlib
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.errors import PoolvizError, TextError
from poolviz.model.heads import HEADS, READOUTS
from poolviz.text.tokens import text_hash
from poolviz.values.explanation import MAX_REACH, SCHEMA_VERSION, WHOLE_TEXT, Explanation
from poolviz.values.pairs import PairExplanation, TripletExplanation
from tests.fakes import fake_explanation

VERSION_1 = Path(__file__).parent / "version_1"
TEXT = "早餐👍🏽很好，\n房间 干净。"


def as_json(**changes) -> dict:
    return json.loads(json.dumps(fake_explanation(TEXT, "multi-head").to_json())) | changes


class TestExplanation:
    def test_is_frozen(self):
        with pytest.raises(dataclasses.FrozenInstanceError):
            fake_explanation().head = "max"

    def test_is_made_of_its_fields(self):
        explanation = fake_explanation()
        made = Explanation.of_fields(vars(explanation))
        assert type(made) is Explanation
        assert all(getattr(made, name) is value for name, value in vars(explanation).items())
        with pytest.raises(dataclasses.FrozenInstanceError):
            made.head = "max"
        with pytest.raises(TypeError, match="weights"):
            Explanation.of_fields({n: v for n, v in vars(made).items() if n != "weights"})
        with pytest.raises(TypeError, match="shade"):
            Explanation.of_fields(vars(made) | {"shade": 1})

    def test_predicted_is_the_first_of_the_most_probable(self):
        explanation = fake_explanation(classes=("a", "b", "c"))
        tied = dataclasses.replace(explanation, probabilities=np.array([0.2, 0.4, 0.4]))
        assert (tied.predicted_index, tied.predicted) == (1, "b")

    def test_logits_are_what_contributions_and_bias_add_up_to(self):
        made = fake_explanation(head="multi-head")
        ones = np.ones_like(made.contributions) * [1, -1]
        explanation = dataclasses.replace(made, contributions=ones, bias=np.array([0.5, -0.5]))
        count = 4 * len(made.tokens)
        assert explanation.logits.tolist() == [count + 0.5, -count - 0.5]

    def test_text_hash(self):
        digest = hashlib.sha256("好".encode()).hexdigest()
        assert text_hash("好") == digest[:12]
        assert dataclasses.replace(fake_explanation(), text="好").text_hash == digest[:12]
        assert len(text_hash("\ud800")) == 12


class TestJson:
    @pytest.mark.parametrize("head", HEADS)
    @pytest.mark.parametrize("readout", READOUTS)
    def test_round_trip(self, head, readout):
        explanation = fake_explanation(TEXT, head, readout=readout, window=(2, 4))
        again = Explanation.from_json(json.loads(json.dumps(explanation.to_json())))
        for name, value in vars(explanation).items():
            if isinstance(value, np.ndarray | float):
                np.testing.assert_allclose(getattr(again, name), value, atol=1e-12, err_msg=name)
            else:
                assert getattr(again, name) == value, name

    def test_holds_each_number_once(self):
        explanation = fake_explanation(TEXT, "multi-head")
        data = explanation.to_json()
        arrays = {n: v for n, v in vars(explanation).items() if isinstance(v, np.ndarray)}
        for name, array in arrays.items():
            assert data[name] == array.tolist()
        assert data["bias_offset"] == explanation.bias_offset
        assert data["predicted"] == explanation.predicted
        assert data["schema_version"] == SCHEMA_VERSION == 2
        places = explanation.weights.size * (1 + 2 + 2 + 1) + 2 + 2  # no alternative here
        assert len(re.findall(r"-?\d+\.\d+(?:e-?\d+)?", json.dumps(data))) == places + 1

    def test_is_strict_json(self):
        json.dumps(fake_explanation().to_json(), allow_nan=False)

    def test_single_precision_is_read_back(self):
        explanation = fake_explanation()
        single = dataclasses.replace(explanation, weights=explanation.weights.astype(np.float32))
        again = Explanation.from_json(json.loads(json.dumps(single.to_json())))
        assert np.array_equal(again.weights, single.weights)

    @pytest.mark.parametrize(
        "data",
        [None, [], "text", 1, {}, {"schema_version": 3}, {"schema_version": 0}, {"text": TEXT}],
        ids=str,
    )
    def test_another_version_or_no_explanation_at_all(self, data):
        with pytest.raises(PoolvizError, match="no poolviz explanation of version 2 or older"):
            Explanation.from_json(data)


def nested(depth: int) -> list:
    value = []
    for _ in range(depth):
        value = [value]
    return value


NUMBERS = (
    "probabilities",
    "weights",
    "contributions",
    "offsets",
    "bias",
    "bias_offset",
    "values",
    "alternative",
    "window",
)
STRINGS = ("text", "head", "readout", "dataset", "checkpoint", "checkpoint_sha256")
FIELDS = (*NUMBERS, *STRINGS, "tokens", "classes", "exact", "folded", "alternative_name")
MAY_BE_NULL = ("values", "alternative", "alternative_name")


class TestDamagedJson:
    def refused(self, data):
        with pytest.raises(PoolvizError, match="explanation file is damaged") as raised:
            Explanation.from_json(data)
        assert len(str(raised.value)) < 300

    def test_the_whole_one_is_read(self):
        Explanation.from_json(as_json())

    @pytest.mark.parametrize("name", FIELDS)
    def test_missing(self, name):
        data = as_json()
        del data[name]
        self.refused(data)

    @pytest.mark.parametrize("name", FIELDS)
    @pytest.mark.parametrize(
        "value",
        [17, {}, {"0": 1}, True, math.inf, nested(3), nested(900), ["x"], [None]],
        ids=["number", "empty", "object", "true", "inf", "nested", "deep", "strings", "nulls"],
    )
    def test_another_kind(self, name, value):
        right = {"exact": True, "folded": True, "classes": ["x"], "bias_offset": 17}
        if name not in right or value != right[name]:
            self.refused(as_json(**{name: value}))

    @pytest.mark.parametrize("name", [name for name in FIELDS if name not in MAY_BE_NULL])
    def test_null(self, name):
        self.refused(as_json(**{name: None}))

    @pytest.mark.parametrize("name", NUMBERS)
    def test_strings_for_numbers(self, name):
        data = as_json()
        as_strings = np.array(data[name] or data["weights"]).astype(str).tolist()
        self.refused(data | {name: as_strings})

    @pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, 10**400])
    @pytest.mark.parametrize("name", ["probabilities", "bias"])
    def test_no_finite_number(self, name, wrong):
        data = as_json()
        data[name][0] = wrong
        self.refused(data)

    @pytest.mark.parametrize("name", ["weights", "contributions", "offsets", "values", "bias"])
    def test_one_entry_too_few(self, name):
        data = as_json()
        data[name].pop()
        self.refused(data)

    @pytest.mark.parametrize("name", ["weights", "contributions", "offsets", "values"])
    def test_ragged(self, name):
        data = as_json()
        data[name][0].pop()
        self.refused(data)

    def test_classes_and_probabilities_of_other_numbers(self):
        self.refused(as_json(classes=["a", "b", "c"]))
        self.refused(as_json(probabilities=[1]))
        self.refused(as_json(classes=[]))
        self.refused(as_json(classes="ab"))
        self.refused(as_json(classes=[1, 2]))

    @pytest.mark.parametrize("window", [[-1, 1], [1, 1.5], [1, 1, 1], [1], [0, 10**9]], ids=str)
    def test_window(self, window):
        self.refused(as_json(window=window))

    @pytest.mark.parametrize("window", [(MAX_REACH, 0), (0, MAX_REACH), WHOLE_TEXT], ids=str)
    def test_the_widest_windows_are_read(self, window):
        found = Explanation.from_json(as_json(window=list(window)))
        assert found.window == window and type(found.window[0]) is int

    @pytest.mark.parametrize("window", [[MAX_REACH + 1, 0], [0, MAX_REACH + 1], [0, WHOLE_TEXT[1]]])
    def test_wider_ones_are_not(self, window):
        self.refused(as_json(window=window))

    def test_a_special_token_is_at_a_place_and_not_of_the_text(self):
        first = {"text": "[CLS]", "start": 0, "end": 0, "known": True}
        data = as_json()
        tokens = [first, *data["tokens"][1:]]
        assert Explanation.from_json({**data, "tokens": tokens}).tokens[0].special

    @pytest.mark.parametrize(
        ("number", "changes"),
        [
            (0, {"start": -1}),
            (0, {"end": 10**30}),
            (0, {"text": "餐"}),
            (0, {"text": None}),
            (1, {"start": 0, "end": 1, "text": "早"}),
            (1, {"start": "1"}),
            (1, {"start": 1.0}),
            (1, {"end": None}),
            (1, {"end": 1, "text": ""}),
            (1, {"known": "yes"}),
        ],
        ids=str,
    )
    def test_tokens_that_are_not_in_the_text(self, number, changes):
        data = as_json()
        data["tokens"][number] |= changes
        self.refused(data)

    @pytest.mark.parametrize("tokens", [[], {}, "早餐", [None], [[]], [{"text": "早"}]], ids=str)
    def test_tokens_of_another_kind(self, tokens):
        self.refused(as_json(tokens=tokens))

    def test_lone_surrogate(self):
        self.refused(as_json(text=TEXT + "\ud800"))
        self.refused(as_json(classes=["\udfff", "b"]))

    @given(st.data())
    def test_anything_anywhere_gives_a_value_or_one_sentence(self, data):
        values = st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
            max_leaves=6,
        )
        hostile = copy.deepcopy(as_json())
        place = hostile
        key = data.draw(st.sampled_from(sorted(FIELDS)))
        while data.draw(st.booleans()) and isinstance(place[key], list | dict) and place[key]:
            place = place[key]
            keys = sorted(place) if isinstance(place, dict) else range(len(place))
            key = data.draw(st.sampled_from(keys))
        place[key] = data.draw(values)
        try:
            explanation = Explanation.from_json(hostile)
        except PoolvizError:
            return
        json.dumps(explanation.to_json(), allow_nan=False)


class TestVersion1:
    """Files that people saved before each number stood in them once."""

    @pytest.fixture
    def saved(self):
        return json.loads((VERSION_1 / "explanation.json").read_text(encoding="utf-8"))

    def test_is_read(self, saved):
        explanation = Explanation.from_json(saved)
        assert saved["schema_version"] == 1
        assert explanation.text == saved["text"] == "早餐👍🏽很好"
        assert [token.text for token in explanation.tokens] == ["早", "餐", "👍🏽", "很", "好"]
        assert explanation.contributions.shape == (4, 5, 2)
        assert explanation.contributions.tolist() == saved["head_contributions"]
        raw = explanation.contributions + explanation.offsets[..., None]
        np.testing.assert_allclose(raw, saved["raw"]["head_contributions"], atol=1e-9)
        raw_bias = explanation.bias + explanation.bias_offset
        np.testing.assert_allclose(raw_bias, saved["raw"]["bias"], atol=1e-9)
        sums = explanation.contributions.sum(axis=0)
        np.testing.assert_allclose(sums, saved["contributions"], atol=1e-5)
        assert explanation.weights.tolist() == saved["weights"]
        assert (explanation.window, explanation.predicted) == ((2, 4), saved["predicted"])

    def test_is_written_as_the_version_of_today(self, saved):
        explanation = Explanation.from_json(saved)
        again = Explanation.from_json(json.loads(json.dumps(explanation.to_json())))
        assert explanation.to_json()["schema_version"] == 2
        assert again.to_json() == explanation.to_json()

    @pytest.mark.parametrize(
        "change",
        [
            {"raw": {"bias": [0.1, 0.2]}},
            {"raw": []},
            {"raw": None},
            {"head_contributions": [[1.0]]},
            {"head_contributions": "many"},
        ],
        ids=str,
    )
    def test_a_damaged_one_is_refused(self, saved, change):
        for damaged in (saved | change, {n: v for n, v in saved.items() if n not in change}):
            with pytest.raises(PoolvizError, match="explanation file is damaged"):
                Explanation.from_json(damaged)

    def test_a_bias_of_another_length_is_refused(self, saved):
        saved["raw"]["bias"].append(0.5)
        with pytest.raises(PoolvizError, match="explanation file is damaged"):
            Explanation.from_json(saved)

    @pytest.mark.filterwarnings("ignore:overflow")
    def test_numbers_too_large_to_subtract_are_refused(self, saved):
        saved["raw"]["head_contributions"][0][0] = [1e308, 1e308]
        saved["head_contributions"][0][0] = [-1e308, -1e308]
        with pytest.raises(PoolvizError, match="explanation file is damaged"):
            Explanation.from_json(saved)

    def test_a_pair_is_read(self):
        saved = json.loads((VERSION_1 / "pair.json").read_text(encoding="utf-8"))
        pair = PairExplanation.from_json(saved)
        assert [side.text for side in pair.sides] == ["改密码", "换密码"]
        assert (pair.score, pair.rest) == (saved["score"], 0.25)
        assert pair.cells.tolist() == saved["cells"]
        for side, written in zip(pair.sides, saved["sides"], strict=True):
            assert side.contributions.tolist() == written["head_contributions"]
        assert pair.to_json()["pair_schema_version"] == 2
        again = PairExplanation.from_json(json.loads(json.dumps(pair.to_json())))
        assert again.to_json() == pair.to_json()

    def test_a_triplet_is_read(self):
        saved = json.loads((VERSION_1 / "triplet.json").read_text(encoding="utf-8"))
        triplet = TripletExplanation.from_json(saved)
        assert triplet.gap == pytest.approx(saved["gap"], abs=1e-5)
        assert triplet.positive.sides[1].text == "换密码"
        assert triplet.negative.sides[1].text == "注册"
        again = TripletExplanation.from_json(json.loads(json.dumps(triplet.to_json())))
        assert again.to_json() == triplet.to_json()


class TestErrors:
    def test_message_is_the_filled_template(self):
        error = TextError("{count:,} characters are {what}.", count=1234, what="too many")
        assert str(error) == "1,234 characters are too many."
        assert error.template == "{count:,} characters are {what}."
        assert error.values == {"count": 1234, "what": "too many"}

    def test_values_are_not_templates(self):
        assert str(PoolvizError("{name} is unknown.", name="{name!r}")) == "{name!r} is unknown."

    def test_one_tree(self):
        from poolviz import errors

        kinds = [
            kind
            for kind in vars(errors).values()
            if isinstance(kind, type) and kind.__module__ == errors.__name__
        ]
        assert len(kinds) > 5
        assert all(issubclass(kind, PoolvizError) for kind in kinds)
        assert issubclass(TextError, ValueError)
