"""Texts of any kind, for tests that must hold for all of them."""

from hypothesis import strategies as st

from poolviz.text.tokens import UNITS

# Parts that stick to each other in one way or another, so that clusters form across examples.
STICKY = st.lists(
    st.sampled_from(
        [
            "a",
            "B",
            "é",
            "e\u0301",
            "中",
            "ー",
            "ガ",
            "ｶﾞ",
            "'",
            "’",
            " ",
            "\r\n",
            "\t",
            "1",
            "\u20e3",
        ]
        + ["👍", "🏽", "👩", "\u200d", "\ufe0f", "🇩", "🇪", "\u0600", "\u0d4e", "ㅤ", "\ud83d", "."]
    )
).map("".join)
ANY_TEXT = st.one_of(STICKY, st.text(st.characters()), st.text(st.characters(categories=["Cs"])))
ANY_UNIT = st.sampled_from(UNITS)
