"""Percentile bootstrap: how far a score would move with another draw of documents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_CONFIDENCE = (2.5, 97.5)
_CHUNK = 256  # resamples weighed at a time: bounds the memory on large corpora


def resampled_sums(counts: NDArray[np.float64], samples: int, seed: int) -> NDArray[np.float64]:
    """Sums of documents drawn with replacement, as many as there are.

    Args:
        counts: what each document adds, shape (documents, ...).
        samples: how many times to draw.
        seed: of the draws; the same seed and number of documents give the same draws.

    Returns:
        Shape (samples, ...).

    Example:
        >>> resampled_sums(np.array([[1.0, 10.0]] * 3), samples=2, seed=0)
        array([[ 3., 30.],
               [ 3., 30.]])
    """
    documents = len(counts)
    if not documents:
        return np.zeros((samples, *counts.shape[1:]))
    generator = np.random.default_rng(seed)
    flat = counts.reshape(documents, -1)
    sums = np.empty((samples, flat.shape[1]))
    for start in range(0, samples, _CHUNK):
        drawn = [
            np.bincount(generator.integers(documents, size=documents), minlength=documents)
            for _ in range(start, min(start + _CHUNK, samples))
        ]
        sums[start : start + len(drawn)] = np.array(drawn, dtype=np.float64) @ flat
    return sums.reshape(samples, *counts.shape[1:])


def percentile_interval(values: NDArray[np.float64]) -> tuple[float, float] | None:
    """The middle 95 percent of resampled scores; resamples without a score (nan) are left out.

    Example:
        >>> percentile_interval(np.arange(101.0))
        (2.5, 97.5)
        >>> percentile_interval(np.array([np.nan])) is None
        True
    """
    defined = values[~np.isnan(values)]
    if not len(defined):
        return None
    low, high = np.percentile(defined, _CONFIDENCE)
    return float(low), float(high)
