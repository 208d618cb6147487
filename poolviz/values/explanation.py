"""The values that travel between the parts: frozen, NumPy only, JSON in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from poolviz.errors import PoolvizError
from poolviz.json_types import is_object
from poolviz.text.tokens import MAX_CHARACTERS, Token, text_hash
from poolviz.values.json_fields import as_lists, flag, numbers, string, strings
from poolviz.values.shapes import PerClass, PerRowToken, PerRowTokenClass

SCHEMA_VERSION = 2  # what is written; what version 1 wrote is still read
MAX_REACH = 99  # neighbours a position may have read on one side, unless it has read all
WHOLE_TEXT = (MAX_CHARACTERS, MAX_CHARACTERS)  # the window of a position that has read all


@dataclass(frozen=True, eq=False)
class Explanation:
    """What one head of one checkpoint says about one text, and why.

    Shapes: H = weight rows of the head (1, or 4 for `multi-head`), T = tokens, K = classes.

    >>> import poolviz
    >>> [explanation] = poolviz.explain("房间很干净", "chnsenticorp_htl_all", heads="attention")
    >>> explanation.predicted, explanation.weights.shape, explanation.contributions.shape
    ('正面', (1, 5), (1, 5, 2))

    Parameters
    ----------
    text : the original text (lone surrogates replaced by U+FFFD).
    tokens : T tokens with their spans.
    head, readout : keys of the head table and of the read-out table.
    dataset, checkpoint : the task the model was trained on, and the checkpoint's name.
    checkpoint_hash : SHA-256 of the ONNX file that computed this.
    classes : K class names, in the order of the columns.
    probabilities : (K,), they sum to 1.
    weights : (H, T), each row sums to 1 over the tokens.
    contributions : (H, T, K), centred: their mean over the classes is 0, unless there is but one,
        a score. What the vector at each
        position adds to the centred logits, gradient × input where it is not `exact`. They are no
        Shapley values of the tokens, which also act through their neighbours.
    bias : (K,), centred: the centred logits less all contributions. Where these are `exact` it is
        the read-out's own, and the logits of a text whose tokens are all masked; else it is what
        the estimate leaves over, and no text's logits.
    offsets : (H, T), the mean over the classes that was taken away: raw = contributions + offsets.
    bias_offset : the same for the bias.
    values : (H, T, K) or None: each position's centred class values W_h h_t, for heads that pool a
        weighted mean; contributions = weights × values there.
    alternative : (H, T) or None: the head's other published definition of a weight ("activation"
        for max, "inverse-distance" for average), whose name is `alternative_name`.
    window : (before, after): how many neighbours a position's vector has read on each side;
        `WHOLE_TEXT` where it has read all.
    exact : True where contributions and the read-out's bias add up to the logits (linear read-out).
    folded : True where tokens are words folded from characters.
    """

    text: str
    tokens: tuple[Token, ...]
    head: str
    readout: str
    dataset: str
    checkpoint: str
    checkpoint_hash: str
    classes: tuple[str, ...]
    probabilities: PerClass
    weights: PerRowToken
    contributions: PerRowTokenClass
    bias: PerClass
    offsets: PerRowToken
    bias_offset: float
    values: PerRowTokenClass | None = None
    alternative: PerRowToken | None = None
    alternative_name: str | None = None
    window: tuple[int, int] = (1, 1)
    exact: bool = True
    folded: bool = False

    @classmethod
    def of_fields(cls, fields: dict[str, Any]) -> Explanation:
        """What `Explanation(**fields)` gives where all fields are named.

        A frozen class sets its fields one by one, which takes a tenth of the time in which a model
        reads a short text.
        """
        if fields.keys() != FIELDS:
            raise TypeError(f"not the fields of an explanation: {FIELDS ^ fields.keys()}")
        made = object.__new__(cls)
        vars(made).update(fields)
        return made

    @property
    def predicted_index(self) -> int:
        """Column of the most probable class (the first of equals)."""
        return int(np.argmax(self.probabilities))

    @property
    def predicted(self) -> str:
        """Name of the most probable class."""
        return self.classes[self.predicted_index]

    @property
    def logits(self) -> PerClass:
        """(K,) centred logits: what contributions and bias add up to."""
        return self.contributions.sum(axis=(0, 1)) + self.bias

    @property
    def text_hash(self) -> str:
        """First 12 hexadecimal digits of the text's SHA-256; used in file names."""
        return text_hash(self.text)

    def to_json(self) -> dict[str, Any]:
        """Plain lists and strings, ready for `json.dumps`; `from_json` reads it back.

        Each number stands there once, under the name of its attribute. What a token added under all
        of the head's rows is the sum of `contributions` over its first axis; what it was before
        centring is `contributions` + `offsets`, the raw bias is `bias` + `bias_offset`. Version 1
        held these as well: `contributions` was the sum, `head_contributions` its parts, `raw` both
        before centring.
        """
        return {
            "schema_version": SCHEMA_VERSION,
            "head": self.head,
            "readout": self.readout,
            "dataset": self.dataset,
            "checkpoint": self.checkpoint,
            "checkpoint_sha256": self.checkpoint_hash,
            "text": self.text,
            "tokens": [
                {"text": t.text, "start": t.start, "end": t.end, "known": t.known}
                for t in self.tokens
            ],
            "classes": list(self.classes),
            "probabilities": as_lists(self.probabilities),
            "predicted": self.predicted,
            "weights": as_lists(self.weights),
            "contributions": as_lists(self.contributions),
            "offsets": as_lists(self.offsets),
            "bias": as_lists(self.bias),
            "bias_offset": self.bias_offset,
            "values": None if self.values is None else as_lists(self.values),
            "alternative": None if self.alternative is None else as_lists(self.alternative),
            "alternative_name": self.alternative_name,
            "window": list(self.window),
            "exact": self.exact,
            "folded": self.folded,
        }

    @classmethod
    def from_json(cls, data: object) -> Explanation:
        """Read what `to_json` wrote, in this version or in version 1.

        Raises
        ------
        PoolvizError : another schema version, or a field is missing or has the wrong shape.
        """
        if not is_object(data) or data.get("schema_version") not in range(1, SCHEMA_VERSION + 1):
            raise PoolvizError(
                "This is no poolviz explanation of version {version} or older; export it again as "
                "JSON.",
                version=SCHEMA_VERSION,
            )
        try:
            return cls._read(data)
        except (KeyError, TypeError, ValueError) as error:
            raise PoolvizError(
                "The explanation file is damaged ({reason}); export it again as JSON.",
                reason=error,
            ) from error

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> Explanation:
        text = string(data, "text")
        tokens = _tokens(data["tokens"], text)
        classes = strings(data, "classes")
        rows = len(data["weights"])
        shape = (rows, len(tokens), len(classes))
        if data["schema_version"] == 1:
            data = _of_version_1(data, shape)
        values, alternative = data["values"], data["alternative"]
        name = None if data["alternative_name"] is None else string(data, "alternative_name")
        return cls(
            text=text,
            tokens=tokens,
            head=string(data, "head"),
            readout=string(data, "readout"),
            dataset=string(data, "dataset"),
            checkpoint=string(data, "checkpoint"),
            checkpoint_hash=string(data, "checkpoint_sha256"),
            classes=classes,
            probabilities=numbers(data, "probabilities", shape[2:]),
            weights=numbers(data, "weights", shape[:2]),
            contributions=numbers(data, "contributions", shape),
            bias=numbers(data, "bias", shape[2:]),
            offsets=numbers(data, "offsets", shape[:2]),
            bias_offset=float(numbers(data, "bias_offset", ())),
            values=None if values is None else numbers(data, "values", shape),
            alternative=None if alternative is None else numbers(data, "alternative", shape[:2]),
            alternative_name=name,
            window=_window(data),
            exact=flag(data, "exact"),
            folded=flag(data, "folded"),
        )


FIELDS = frozenset(field.name for field in fields(Explanation))


def _of_version_1(data: Mapping[str, Any], shape: tuple[int, int, int]) -> dict[str, Any]:
    """What version 1 wrote, under the names of today."""
    contributions = numbers(data, "head_contributions", shape)
    raw = numbers(data["raw"], "head_contributions", shape)
    bias_offset = numbers(data["raw"], "bias", shape[2:]) - numbers(data, "bias", shape[2:])
    return {
        **data,
        "contributions": contributions,
        "offsets": (raw - contributions).mean(axis=-1),
        "bias_offset": bias_offset.mean(),
    }


def _tokens(items: Any, text: str) -> tuple[Token, ...]:
    """Tokens as they were written: at least one, in order, each at its place in the text."""
    tokens: list[Token] = []
    end = 0
    for item in items:
        token = Token(string(item, "text"), item["start"], item["end"], flag(item, "known"))
        own = token.text and (token.special or text[token.start : token.end] == token.text)
        if not (end <= token.start <= token.end <= len(text) and own):
            raise ValueError("tokens")
        tokens.append(token)
        end = token.end
    if not tokens:
        raise ValueError("tokens")
    return tuple(tokens)


def _window(data: Mapping[str, Any]) -> tuple[int, int]:
    before, after = numbers(data, "window", (2,))
    if (before, after) != WHOLE_TEXT and not {before, after} <= set(range(MAX_REACH + 1)):
        raise ValueError("window")
    return int(before), int(after)
