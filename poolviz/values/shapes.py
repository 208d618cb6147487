"""The axes of public arrays, spelled out once; the letters are those of docstrings.

A name says what an array has an entry for. While tests run, an axis has one length within a call or
a value, and floats are no whole numbers (`tests/shape_checks.py`); otherwise nothing is checked,
and all of these are plain arrays. float32 and float64 both occur.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int, Int32, Real, Shaped

# One text under one head: H weight rows, T tokens, K classes.
PerClass = Float[np.ndarray, "classes"]  # (K,)
PerToken = Float[np.ndarray, "tokens"]  # (T,)
PerRowToken = Float[np.ndarray, "heads tokens"]  # (H, T)
PerRowTokenClass = Float[np.ndarray, "heads tokens classes"]  # (H, T, K)
PerTokenPair = Float[np.ndarray, "tokens_a tokens_b"]  # of two sentences
Marked = Bool[np.ndarray, "tokens"]  # (T,)
TokenRanking = Real[np.ndarray, "tokens"]  # (T,), whose order alone counts
Ids = Int[np.ndarray, "tokens"]  # (T,)

# One text under a pretrained encoder, whose vectors have C channels.
TokenVectors = Float[np.ndarray, "vectors channels"]  # (V, C)
PerVector = Float[np.ndarray, "vectors"]  # (V,)
Pooled = Float[np.ndarray, "channels"]  # (C,)

# Tokens folded to words.
WordStarts = Int[np.ndarray, "words"]
PerRowColumn = Float[np.ndarray, "heads columns"]  # tokens, or words
PerColumn = Float[np.ndarray, "columns"]

# Batches and lists: B texts of one length.
IdBatch = Int[np.ndarray, "batch tokens"]  # (B, T)
PerTextClass = Float[np.ndarray, "batch classes"]  # (B, K)
PerText = Float[np.ndarray, "batch"]  # (B,)
Output = Shaped[np.ndarray, "batch ..."]  # what a graph says of each text
IdsOfText = Int32[np.ndarray, "_"]  # of one of several texts, each of its own length
Lengths = Int[np.ndarray, "texts"]
Numbers = Int[np.ndarray, "_"]  # of some of the texts
PerPair = Float[np.ndarray, "pairs"]

# One text taken apart: S units, R orders of them, D draws, S + 1 steps from the whole to nothing.
Units = Int[np.ndarray, "tokens"]  # the unit of each token
PerUnit = Float[np.ndarray, "units"]  # (S,)
UnitRanking = Real[np.ndarray, "units"]  # (S,), whose order alone counts
PerUnitClass = Float[np.ndarray, "units classes"]  # (S, K)
PerDrawUnit = Float[np.ndarray, "draws units"]  # (D, S)
Orders = Int[np.ndarray, "orders units"]  # (R, S)
ErasedTokens = Bool[np.ndarray, "batch tokens"]  # (B, T)
Erased = Bool[np.ndarray, "batch units"]  # (B, S)
PerOrderStepClass = Float[np.ndarray, "orders steps classes"]  # (R, S + 1, K)
PerStep = Float[np.ndarray, "steps"]  # (S + 1,)
