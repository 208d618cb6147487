"""The exact GELU and its derivative, written with erf because ONNX has no such operator.

GELU(x) = x Φ(x), of Hendrycks & Gimpel 2016 (arXiv 1606.08415); GELU'(x) = Φ(x) + x φ(x).
"""

from __future__ import annotations

import math

from keras import ops


def gelu(x):
    """x Φ(x), element by element.

    >>> [f"{value:.3f}" for value in gelu(ops.array([-1.0, 0.0, 2.0])).numpy()]
    ['-0.159', '0.000', '1.954']
    """
    return x * _normal_cdf(x)


def gelu_slope(x):
    """Φ(x) + x φ(x), element by element."""
    density = ops.exp(-0.5 * ops.square(x)) / math.sqrt(2 * math.pi)
    return _normal_cdf(x) + x * density


def _normal_cdf(x):
    return 0.5 * (1 + ops.erf(x / math.sqrt(2)))
