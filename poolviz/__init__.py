"""poolviz: what text pooling heads look at, side by side on the same input.

Importing this package loads neither NumPy nor TensorFlow nor Streamlit. What scripts and notebooks
call (`poolviz.api`) is loaded when it is first asked for; everything else is a module of its own
(`poolviz.engine.texts`, `poolviz.training.fit`, …), imported where it is needed.
"""

from typing import Any

from poolviz.version import __version__ as __version__

_OFFERED = (
    *("explain", "explain_pair", "measure_trust", "load", "list_heads", "list_datasets"),
    "wrap",
    *("Comparison", "PairComparison", "TrustComparison", "Wrapped"),
)
__all__ = ["__version__", *_OFFERED]  # pyright: ignore[reportUnsupportedDunderAll] -- one list


def __getattr__(name: str) -> Any:
    if name not in _OFFERED:
        raise AttributeError(f"module 'poolviz' has no attribute '{name}'")
    from poolviz import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted(__all__)
