"""What `import poolviz` offers to scripts and notebooks, loaded when it is first asked for."""

from poolviz.api.calls import (
    explain,
    explain_pair,
    list_datasets,
    list_heads,
    load,
    measure_trust,
)
from poolviz.api.shown import Comparison, PairComparison, TrustComparison
from poolviz.api.wrapped import Wrapped, wrap

__all__ = [
    "Comparison",
    "PairComparison",
    "TrustComparison",
    "Wrapped",
    "explain",
    "explain_pair",
    "list_datasets",
    "list_heads",
    "load",
    "measure_trust",
    "wrap",
]
