"""Texts of any kind, for tests that must hold for all of them."""

from hypothesis import strategies as st

from poolviz.text.tokens import UNITS, has_visible

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

# Parts of texts that try to be more than text, of some of which a visible text is made.
_FRAGMENTS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></title></textarea>",
    "</text></svg>-->",
    "]]>",
    "&lt;b&gt;&#60;i&#62;",
    "[a](javascript:alert(1))",
    "![x](http://a.example/x.png)",
    "<http://a.example>",
    "`*_~|#",
    "$x^2$",
    "=cmd|' /C calc'!A0",
    "{{7*7}} ${x} %s {0}",
    "\\",
    "</script",
    "\u2028",
    "\u202e",
    "好",
    " a",
]
HOSTILE = (
    st.lists(st.sampled_from(_FRAGMENTS), min_size=1, max_size=5).map("".join).filter(has_visible)
)
