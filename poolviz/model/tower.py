"""What every matcher's tower and its read-out are made of, in numbers, without loading Keras."""

from __future__ import annotations

KERNELS = (2, 3, 4)  # widths of the three residual convolutions
WINDOW = (2, 4)  # neighbours that a position's vector reads: "same" pads an even kernel after it
LONGEST_WAVE = 10_000.0  # of the positions' sinusoids
NORM_EPSILON = 1e-3  # added to a variance that is divided by
SMALLEST_NORM = 1e-12  # of a vector, squared: one of zeros has a direction, too
