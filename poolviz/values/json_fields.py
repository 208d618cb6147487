"""Reading and writing the fields of JSON files that a user may have edited.

Each reader raises KeyError, TypeError or ValueError where the field is missing or not of its type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from poolviz.json_types import is_list

_SURROGATE = re.compile("[\ud800-\udfff]")


def as_lists(values: np.ndarray) -> list[Any]:
    """An array as nested lists of numbers."""
    return np.asarray(values, dtype=np.float64).tolist()


def string(data: Mapping[str, Any], name: str) -> str:
    """A string without lone surrogates."""
    value = data[name]
    if not isinstance(value, str) or _SURROGATE.search(value):
        raise ValueError(name)
    return value


def strings(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list of strings, at least one."""
    values = data[name]
    if not is_list(values) or not values:
        raise ValueError(name)
    return tuple(string({name: value}, name) for value in values)


def flag(data: Mapping[str, Any], name: str) -> bool:
    """True or false."""
    if not isinstance(data[name], bool):
        raise ValueError(name)
    return data[name]


def numbers(data: Mapping[str, Any], name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Finite numbers of exactly this shape; strings of digits are none."""
    try:
        values = np.asarray(data[name])
    except ValueError:  # rows of different lengths
        values = np.empty(0)
    if (
        not np.issubdtype(values.dtype, np.number)
        or values.shape != shape
        or not np.isfinite(values).all()
    ):
        raise ValueError(name)
    return values.astype(np.float64)
