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

__all__ = [
    "Comparison",
    "PairComparison",
    "TrustComparison",
    "explain",
    "explain_pair",
    "list_datasets",
    "list_heads",
    "load",
    "measure_trust",
]
