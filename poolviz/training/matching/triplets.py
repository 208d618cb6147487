"""Triplets from labelled pairs: anchor and positive of a match, and a negative for them."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from poolviz.datasets.pairs import Pairs


class TripletMaker:
    """Makes triplets of the pairs of a training batch.

    The positive is the anchor's partner in a match. The negative is a partner of the anchor in a
    pair that does not match, where there is one; else the sentence of the batch with the most
    characters in common with the anchor. A sentence that is known to match the anchor, over any
    chain of matches, is never its negative.

    Parameters
    ----------
    pairs : all training pairs.
    """

    def __init__(self, pairs: Pairs):
        self.pairs = pairs
        self.meanings = _meanings(pairs)
        self._rejected: dict[int, list[int]] = defaultdict(list)
        for a, b in zip(pairs.a[pairs.labels == 0], pairs.b[pairs.labels == 0], strict=True):
            if self.meanings[a] != self.meanings[b]:
                self._rejected[a].append(b)
                self._rejected[b].append(a)

    def of_batch(self, batch: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """(triplets, 3) numbers of sentences: a triplet for each match among these pairs.

        A match without any possible negative is left out.
        """
        matches = batch[self.pairs.labels[batch] == 1]
        swapped = rng.random(len(matches)) < 0.5
        a, b = self.pairs.a[matches], self.pairs.b[matches]
        anchors, positives = np.where(swapped, b, a), np.where(swapped, a, b)
        negatives = np.array([self._rejected_partner(anchor, rng) for anchor in anchors], np.int64)
        lacking = np.flatnonzero(negatives < 0)
        if len(lacking):
            present = np.unique(np.concatenate([self.pairs.a[batch], self.pairs.b[batch]]))
            negatives[lacking] = self._hardest(anchors[lacking], present)
        found = np.stack([anchors, positives, negatives], axis=1)
        return found[negatives >= 0]

    def _rejected_partner(self, anchor: int, rng: np.random.Generator) -> int:
        """A partner in a pair that does not match; -1 for none."""
        partners = self._rejected.get(anchor)
        return partners[int(rng.random() * len(partners))] if partners else -1

    def _hardest(self, anchors: np.ndarray, present: np.ndarray) -> np.ndarray:
        """For each anchor the sentence present with the most similar characters; -1 for none."""
        everything, place = np.unique(np.concatenate([anchors, present]), return_inverse=True)
        bags = _unit_bags([self.pairs.sentences[i] for i in everything])
        overlap = bags[place[: len(anchors)]] @ bags[place[len(anchors) :]].T
        overlap[self.meanings[anchors][:, None] == self.meanings[present][None, :]] = -1
        best = overlap.argmax(axis=1)
        return np.where(overlap[np.arange(len(anchors)), best] < 0, -1, present[best])


def _meanings(pairs: Pairs) -> np.ndarray:
    """(sentences,): the same number for sentences that a chain of matches links, and for repeats.

    Sentences with the same key mean the same, whatever their spelling of spaces and width.
    """
    parents = list(range(len(pairs.sentences)))

    def root(i: int) -> int:
        while parents[i] != i:
            parents[i] = i = parents[parents[i]]
        return i

    first: dict[str, int] = {}
    for number, key in enumerate(pairs.keys):
        parents[root(number)] = root(first.setdefault(key, number))
    matches = pairs.labels == 1
    for a, b in zip(pairs.a[matches], pairs.b[matches], strict=True):
        parents[root(int(a))] = root(int(b))
    return np.array([root(i) for i in range(len(parents))])


def _unit_bags(sentences: list[np.ndarray]) -> np.ndarray:
    """(sentences, distinct tokens): counts of tokens, as vectors of length 1."""
    tokens, columns = np.unique(np.concatenate(sentences), return_inverse=True)
    bags = np.zeros((len(sentences), len(tokens)), np.float32)
    rows = np.repeat(np.arange(len(sentences)), [len(ids) for ids in sentences])
    np.add.at(bags, (rows, columns), 1)
    return bags / np.linalg.norm(bags, axis=1, keepdims=True)
