"""What `pointing.js` needs around it: where the numbers of a token stand, and its words."""

from __future__ import annotations

from collections.abc import Mapping

from poolviz.language import N_, _

DETAIL = """
<div class="detail"><span class="numbers" aria-live="polite"></span>
<span class="actions" hidden><button></button><input size="8"><button></button></span></div>
"""
DETAIL_STYLE = """
.detail{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:center;min-height:2rem;
font-size:.9rem;color:var(--st-text-color)}
.actions{display:inline-flex;gap:.4rem;align-items:center}
.actions[hidden]{display:none}
.detail button,.detail input{font:inherit;color:inherit;background:var(--st-background-color);
border:1px solid var(--st-border-color);border-radius:6px;padding:.15rem .55rem}
.detail button{cursor:pointer}
.detail button:hover,.detail button:focus-visible,.detail input:focus{
border-color:var(--st-primary-color)}
"""
_TO_EDIT = {
    "hint": N_(
        "Point at a token, or step with the arrow keys, for its number under every head. Click "
        "tokens (several with Shift), then delete or replace them to see what changes."
    ),
    "delete": N_("Delete “{tokens}”"),
    "replace": N_("Replace"),
    "replacement": N_("by …"),
}


def words_to_edit() -> dict[str, object]:
    """For rows whose tokens can be taken out and replaced."""
    return {**_words(_TO_EDIT), "edits": True}


def words_to_choose() -> dict[str, object]:
    """For rows of which one is chosen.

    >>> words_to_choose()["position"]
    'position {position} of {count}'
    """
    hint = N_(
        "Point at a token, or step with the arrow keys, for its number in every row. Click a "
        "row, or press Enter in it, for its reasons below."
    )
    return {**_words({"hint": hint}), "chooses": True}


def _words(messages: Mapping[str, str]) -> dict[str, object]:
    place = N_("position {position} of {count}")
    return {name: _(message) for name, message in {"position": place, **messages}.items()}
