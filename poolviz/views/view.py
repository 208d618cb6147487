"""What to show of explanations: the choice that a panel answers."""

from __future__ import annotations

from dataclasses import dataclass

from poolviz.errors import check_choice
from poolviz.language import N_

QUANTITIES = ("weight", "alternative", "contribution")
SCALES = ("shared", "head", "uniform")
# Their names on pages, in the order of the switches.
QUANTITY_NAMES = {
    "weight": N_("Weight"),
    "contribution": N_("Contribution"),
    "alternative": N_("Alternative weight"),
}
SCALE_NAMES = {
    "uniform": N_("× average"),
    "shared": N_("One scale"),
    "head": N_("Each head its own"),
}


@dataclass(frozen=True)
class View:
    """What to show of explanations.

    Parameters
    ----------
    quantity : "weight", "alternative" (the head's other published weight; the weight itself where
        it has none) or "contribution" to the centred logit of a class.
    target : the class contributions go to, one for all heads; None lets
        `poolviz.views.decisions.named_class` name it.
    against : the class whose contributions are subtracted, or None.
    spread : share each position's value equally among the positions it has read.
    words : fold characters to words.
    scale : "shared" by all rows, per "head" (each row its own), or relative to "uniform": 1 is
        what average pooling gives. Contributions have no such scale; they are shown on the shared
        one then.

    Raises
    ------
    ChoiceError : a quantity or scale that does not exist.
    """

    quantity: str = "weight"
    target: str | None = None
    against: str | None = None
    spread: bool = False
    words: bool = False
    scale: str = "shared"

    def __post_init__(self):
        check_choice(N_("quantity"), self.quantity, QUANTITIES)
        check_choice(N_("scale"), self.scale, SCALES)

    @property
    def effective_scale(self) -> str:
        """The scale that is used: contributions cannot be relative to uniform."""
        uniform = self.scale == "uniform" and self.quantity == "contribution"
        return "shared" if uniform else self.scale
