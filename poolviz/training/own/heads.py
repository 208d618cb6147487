"""Heads of people's own files: checked against the contract, then in this process' table of heads.

>>> from pathlib import Path
>>> from poolviz.training.own import plugin
>>> sorted(classes(plugin.load([Path("tests/plugins/gem.py")])))
['gem']
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import keras

from poolviz import program
from poolviz.errors import ChoiceError
from poolviz.model.heads import ASKED_HEADS, HEADS, Head, head_key
from poolviz.training.head_contract import check
from poolviz.training.heads import OWN


def classes(modules: Sequence[ModuleType]) -> dict[str, type[keras.layers.Layer]]:
    """By key the layers that files hold: classes of theirs with a `call`, but for `_private` ones.

    Raises
    ------
    ChoiceError : two have one key, or one has that of a head of poolviz.
    """
    found: dict[str, type[keras.layers.Layer]] = {}
    for module in modules:
        for name, value in vars(module).items():
            if not name.startswith("_") and _is_own_layer(value, module):
                key = head_key(value)
                _check_free(key, value, found)
                found[key] = value
    return found


def enter(key: str, layer: type[keras.layers.Layer]) -> Head:
    """Check a layer, and put it into the table of heads of this process.

    Raises
    ------
    ChoiceError : it breaks a rule of the contract; the sentence says which.
    """
    place = Path(inspect.getfile(layer)).absolute()
    report = check(layer)
    for rule, sentence in report.broken.items():
        raise ChoiceError(
            "{head} breaks the rule {rule}: {sentence} All rules: {command}",
            head=key,
            rule=repr(rule),
            sentence=sentence,
            command=program.command("check-head", f"{place}:{layer.__name__}"),
        )
    assert report.rows is not None
    head = Head(
        layer=layer.__name__,
        title=report.title,
        meaning=report.meaning,
        weighted_mean=report.splits == "weights",
        exact=report.exact,
        rows=report.rows,
        file=place.name,
    )
    HEADS[key] = head
    OWN[head] = layer
    return head


def _is_own_layer(value: object, module: ModuleType) -> bool:
    return (
        isinstance(value, type)
        and issubclass(value, keras.layers.Layer)
        and value.__module__ == module.__name__
        and value.call is not keras.layers.Layer.call
    )


def _check_free(key: str, layer: type, found: dict[str, type[keras.layers.Layer]]) -> None:
    known = HEADS.get(key) or ASKED_HEADS.get(key)
    if (known and not known.own) or found.get(key, layer) is not layer:
        raise ChoiceError(
            "There are two heads of the name {key}; give the class {layer} another key.",
            key=key,
            layer=layer.__name__,
        )
