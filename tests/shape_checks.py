"""While tests run, arrays of these rooms are held to the shapes that they are said to have.

jaxtyping compares the lengths of axes (`poolviz.values.shapes`) within a call or a value. A module
that was imported before this one stays unchecked. So does what is no array: tests put fakes where
an engine stands.
"""

from collections.abc import Callable
from typing import Any, get_args

from beartype import BeartypeConf, beartype
from jaxtyping import AbstractArray, install_import_hook

ROOMS = (
    "poolviz.values.explanation",
    "poolviz.values.pairs",
    "poolviz.views",
    "poolviz.engine",
    "poolviz.trust",
)


def arrays_only(function: Callable) -> Callable:
    """The function with those of its annotations checked that name an array."""
    function.__annotations__ = {
        name: annotation
        for name, annotation in function.__annotations__.items()
        if _names_array(annotation)
    }
    # An int is a float here as it is to type checkers.
    return beartype(conf=BeartypeConf(is_pep484_tower=True))(function)


def _names_array(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, AbstractArray):
        return True
    return any(_names_array(part) for part in get_args(annotation))


install_import_hook(ROOMS, "tests.shape_checks.arrays_only")
