"""Max pooling channel by channel: which token each one takes, and what it does with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from poolviz.trust.ablation.network import Network
from poolviz.trust.ablation.pooling import shares_of_maximum
from poolviz.values.shapes import Ids


@dataclass(frozen=True, eq=False)
class Channels:
    """What the C channels of max pooling take of one text of T tokens.

    Parameters
    ----------
    shares : (T, C) of each channel's maximum; tied positions share equally. Of a channel that is 0
        everywhere no token has a share.
    maxima : (C,), never negative.
    slopes : (C, K) how the centred logit of each class rises with each channel: under a linear
        read-out its weight for the class.
    """

    shares: np.ndarray
    maxima: np.ndarray
    slopes: np.ndarray

    @property
    def parts(self) -> np.ndarray:
        """(C, K): what each channel adds to the centred logits, as maximum × slope."""
        return self.maxima[:, None] * self.slopes

    def sorted(self, target: int) -> np.ndarray:
        """Numbers of the channels that are not 0: by the first token taken, then by falling part.

        Parameters
        ----------
        target : number of the class whose parts count.
        """
        order = np.lexsort((-self.parts[:, target], (self.shares > 0).argmax(axis=0)))
        return order[self.maxima[order] > 0]


def channels(network: Network, ids: Ids) -> Channels:
    """Of one text (T,), none of its ids 0, under a classifier that pools by the maximum."""
    vectors = network.vectors(ids)
    maxima = vectors.max(axis=0)
    shares = shares_of_maximum(vectors) * (maxima > 0)
    return Channels(shares, maxima, network.channel_slopes(maxima))
