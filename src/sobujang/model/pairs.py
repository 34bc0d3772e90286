"""Candidate pairs of mentions and what is known of each pair before the network sees it.

Training and inference call the same functions, so that the network meets the same pairs in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sobujang.schema import Schema

# Distances in mentions, in sentences: the last bucket takes everything beyond.
_SENTENCE_BUCKETS = 6
_MENTION_BUCKETS = np.array([1, 2, 3, 4, 6, 9, 14])
# Order of the mentions × distance: each feature is one small vocabulary.
FEATURE_SIZES = (2 * len(_MENTION_BUCKETS), 2 * _SENTENCE_BUCKETS, 5)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Ordered pairs of mentions of one window.

    Attributes:
        heads, tails: indices into the window's mentions, shape (pairs,).
        features: bucketed distance in mentions, in sentences, and likeness of the surfaces, shape (pairs, 3).
        allowed: which edges the schema admits, shape (pairs, edges).
    """

    heads: NDArray[np.int64]
    tails: NDArray[np.int64]
    features: NDArray[np.int64]
    allowed: NDArray[np.bool_]


class PairFinder:
    """Lists the pairs that the schema admits."""

    def __init__(self, schema: Schema) -> None:
        """Tabulates the schema's signatures by label index."""
        labels = schema.labels
        self._allowed = np.array(
            [[[edge.allows(head, tail) for edge in schema.edges] for tail in labels] for head in labels], dtype=bool
        ).reshape(len(labels), len(labels), len(schema.edges))
        self._symmetric = np.array([edge.symmetric for edge in schema.edges], dtype=bool)

    def __call__(self, labels: ArrayLike, sentences: ArrayLike, surfaces: Sequence[str]) -> Pairs:
        """Lists pairs.

        Args:
            labels: label index of each mention, in text order.
            sentences: index of the sentence that holds it.
            surfaces: its characters.
        """
        count = len(surfaces)
        label = np.asarray(labels, dtype=np.int64)
        allowed = self._allowed[label[:, None], label[None, :]].reshape(count, count, self._symmetric.size)
        # A symmetric edge is asked for once: from the later mention to the earlier one.
        forward = np.triu(np.ones((count, count), dtype=bool))
        allowed = allowed & ~(forward[:, :, None] & self._symmetric)
        allowed[np.arange(count), np.arange(count)] = False
        heads, tails = np.nonzero(allowed.any(axis=2))
        sentence = np.asarray(sentences, dtype=np.int64)
        later = (heads > tails).astype(np.int64)
        apart = np.digitize(np.abs(heads - tails), _MENTION_BUCKETS[:-1], right=False)
        lines = np.minimum(np.abs(sentence[heads] - sentence[tails]), _SENTENCE_BUCKETS - 1)
        likeness = _likeness(surfaces)
        features = np.stack(
            [apart * 2 + later, lines * 2 + later, likeness[heads, tails]], axis=1
        ).reshape(-1, 3)  # fmt: skip
        return Pairs(heads, tails, features, allowed[heads, tails])


def _likeness(surfaces: Sequence[str]) -> NDArray[np.int64]:
    """How alike the surfaces are: 4 equal, 3 head within tail, 2 tail within head, 1 same ending, 0 neither."""
    folded = [surface.casefold() for surface in surfaces]
    found = np.zeros((len(folded), len(folded)), dtype=np.int64)
    for i, head in enumerate(folded):
        for j, tail in enumerate(folded):
            if head == tail:
                found[i, j] = 4
            elif head in tail:
                found[i, j] = 3
            elif tail in head:
                found[i, j] = 2
            elif head[-2:] == tail[-2:]:
                found[i, j] = 1
    return found
