"""Candidate pairs of mentions and what is known of each pair before the network sees it.

Training and inference call the same functions, so that the network meets the same pairs in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sobujang.schema import Schema

# Distances in mentions, in sentences: the last bucket takes everything beyond.
_SENTENCE_BUCKETS = 6
_MENTION_BUCKETS = np.array([1, 2, 3, 4, 6, 9, 14])


class Likeness(IntEnum):
    """How alike two surfaces are, capitals left aside."""

    UNLIKE = 0
    SAME_ENDING = 1
    TAIL_WITHIN_HEAD = 2
    HEAD_WITHIN_TAIL = 3
    EQUAL = 4


# Order of the mentions × distance: each feature is one small vocabulary.
FEATURE_SIZES = (2 * len(_MENTION_BUCKETS), 2 * _SENTENCE_BUCKETS, len(Likeness))


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
        features = pair_features(heads - tails, sentence[heads] - sentence[tails], _likeness(surfaces)[heads, tails])
        return Pairs(heads, tails, features, allowed[heads, tails])


def pair_features(mentions: ArrayLike, sentences: ArrayLike, likeness: ArrayLike) -> NDArray[np.int64]:
    """What the network is told of pairs.

    Args:
        mentions: how many mentions the head stands behind the tail, negative where it stands before it, shape (pairs,).
        sentences: likewise in sentences.
        likeness: of the surfaces, 0 to 4, see `Likeness`.

    Returns:
        One row a pair, each column an index into a vocabulary of `FEATURE_SIZES`.
    """
    mentions = np.asarray(mentions, dtype=np.int64)
    later = (mentions > 0).astype(np.int64)
    apart = np.digitize(np.abs(mentions), _MENTION_BUCKETS[:-1], right=False)
    lines = np.minimum(np.abs(np.asarray(sentences, dtype=np.int64)), _SENTENCE_BUCKETS - 1)
    columns = [apart * 2 + later, lines * 2 + later, np.asarray(likeness, dtype=np.int64)]
    return np.stack(columns, axis=1).reshape(-1, len(FEATURE_SIZES))


def _likeness(surfaces: Sequence[str]) -> NDArray[np.int64]:
    """How alike the surfaces are, of each pair: see `Likeness`."""
    folded = [surface.casefold() for surface in surfaces]
    found = np.zeros((len(folded), len(folded)), dtype=np.int64)
    for i, head in enumerate(folded):
        for j, tail in enumerate(folded):
            if head == tail:
                found[i, j] = Likeness.EQUAL
            elif head in tail:
                found[i, j] = Likeness.HEAD_WITHIN_TAIL
            elif tail in head:
                found[i, j] = Likeness.TAIL_WITHIN_HEAD
            elif head[-2:] == tail[-2:]:
                found[i, j] = Likeness.SAME_ENDING
    return found
