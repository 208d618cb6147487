"""Labels of tokens that can be clicked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from poolviz.text.pieces import as_label
from poolviz.text.tokens import Token
from poolviz.ui.frame.markdown import plain

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
# No token holds it, so no two labels are alike; and Streamlit takes no emoji out as an icon.
_JOINER = "\N{WORD JOINER}"


def token_labels(tokens: Sequence[Token]) -> list[str]:
    """A label for each token, in Markdown without a meaning of its own.

    The second of equal ones has a small 2 and so on: Streamlit tells options by their labels.
    """
    met: Counter[str] = Counter()
    labels = []
    for token in tokens:
        name = as_label(token.text)
        met[name] += 1
        number = f"\N{THIN SPACE}{met[name]}".translate(_SUBSCRIPTS) if met[name] > 1 else ""
        labels.append(f"{_JOINER}{plain(name)}{_JOINER}{number}")
    return labels
