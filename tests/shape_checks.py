"""While tests run, calls and values of these rooms are held to the types that they name.

jaxtyping compares the lengths of axes (`poolviz.values.shapes`), beartype all else. A module that
was imported before this one stays unchecked, as do the readers of foreign files, which refuse what
is wrong by themselves.
"""

from jaxtyping import install_import_hook

ROOMS = (
    "poolviz.values.explanation",
    "poolviz.values.pairs",
    "poolviz.views",
    "poolviz.engine",
    "poolviz.trust",
)

# An int is a float here as it is to type checkers.
install_import_hook(ROOMS, "beartype.beartype(conf=beartype.BeartypeConf(is_pep484_tower=True))")
