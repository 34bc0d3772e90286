"""BIO tags over pieces, and the way back from tag scores to spans."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

OUTSIDE = 0


def begin(label: int) -> int:
    """The tag of a mention's first piece."""
    return 1 + 2 * label


def inside(label: int) -> int:
    """The tag of a mention's further pieces."""
    return 2 + 2 * label


def tag_count(labels: int) -> int:
    """How many tags a schema with so many labels needs."""
    return 1 + 2 * labels


def encode_tags(length: int, mentions: Iterable[tuple[int, int, int]]) -> NDArray[np.int64]:
    """Tags for mentions given as (first piece, end piece, label index)."""
    tags = np.zeros(length, dtype=np.int64)
    for first, end, label in mentions:
        tags[first:end] = inside(label)
        tags[first] = begin(label)
    return tags


def decode_tags(logits: NDArray[np.float32]) -> list[tuple[int, int, int, float]]:
    """The best consistent reading of one window's tag scores.

    Viterbi over the tags with one constraint: `inside` follows `begin` or `inside` of its own label.

    Args:
        logits: shape (pieces, tags).

    Returns:
        (first piece, end piece, label index, score) of each mention in text order; the score is the geometric mean of
        the probabilities of its pieces' tags, not yet calibrated.

    Example:
        >>> scores = np.log(np.array([[.1, .8, .1], [.2, .1, .7], [.9, .05, .05]], dtype=np.float32))
        >>> [(a, b, label, round(score, 2)) for a, b, label, score in decode_tags(scores)]
        [(0, 2, 0, 0.75)]
    """
    if not len(logits):
        return []
    log_probabilities = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    path = _viterbi(log_probabilities)
    found = []
    first = 0
    while first < len(path):
        end = first + 1
        if path[first] != OUTSIDE:
            label = (int(path[first]) - 1) // 2
            while end < len(path) and path[end] == inside(label):
                end += 1
            chosen = log_probabilities[np.arange(first, end), path[first:end]]
            found.append((first, end, label, float(np.exp(chosen.mean()))))
        first = end
    return found


def _viterbi(log_probabilities: NDArray[np.float32]) -> NDArray[np.int64]:
    """Because only `inside` tags are constrained, one step costs O(tags), not O(tags²)."""
    length, tags = log_probabilities.shape
    inside_tags = np.arange(2, tags, 2)
    came_from = np.zeros((length, tags), dtype=np.int64)
    score = log_probabilities[0].copy()
    score[inside_tags] = -np.inf
    for i in range(1, length):
        best = int(score.argmax())
        reached = np.full(tags, score[best])
        came_from[i] = best
        from_begin = score[inside_tags - 1] >= score[inside_tags]
        before = np.where(from_begin, inside_tags - 1, inside_tags)
        reached[inside_tags] = score[before]
        came_from[i, inside_tags] = before
        score = reached + log_probabilities[i]
    path = np.zeros(length, dtype=np.int64)
    path[-1] = score.argmax()
    for i in range(length - 1, 0, -1):
        path[i - 1] = came_from[i, path[i]]
    return path
