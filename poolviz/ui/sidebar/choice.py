"""What the sidebar holds."""

from __future__ import annotations

from dataclasses import dataclass

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.encoders.encoder import Encoder
from poolviz.model.kinds import Kind


@dataclass(frozen=True)
class Choice:
    """What the sidebar holds: a data set, and its chosen checkpoints.

    Those are classifiers of the chosen heads and read-out, or, on pages of matchers, matchers.

    Parameters
    ----------
    offered : all of the data set that one could choose from.
    """

    dataset: str
    checkpoints: tuple[Checkpoint, ...]
    offered: tuple[Checkpoint, ...]

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names of the data set's models."""
        return self.checkpoints[0].classes

    @property
    def unit(self) -> str:
        """What a token is: "character" or "word"."""
        return self.checkpoints[0].card["unit"]

    @property
    def cut_by(self) -> str | None:
        """The same for edits; None where tokens are the pieces of an encoder."""
        return None if self.checkpoints[0].on_encoder else self.unit

    @property
    def kind(self) -> Kind:
        """What the table says of the first model's kind, which says what rows fit."""
        return self.checkpoints[0].kind_record


@dataclass(frozen=True)
class EncoderChoice:
    """What the sidebar of the Match page holds where an encoder was chosen instead of a data set.

    Parameters
    ----------
    poolings : keys of `poolviz.model.poolings.POOLINGS`, at least one.
    """

    encoder: Encoder
    poolings: tuple[str, ...]
