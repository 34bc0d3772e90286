"""Are scores probabilities? Pairs each score of a prediction with whether gold has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sobujang.coreference import entity_clusters
from sobujang.document import Document
from sobujang.evaluation.counts import MentionKey, frame_key, mention_keys, relation_key
from sobujang.schema import Schema


class Judged(NamedTuple):
    """Scores in [0, 1] and whether each prediction was right; both of shape (predictions,)."""

    scores: NDArray[np.float64]
    correct: NDArray[np.bool_]


def judge(gold: Sequence[Document], predicted: Sequence[Document], schema: Schema) -> dict[str, Judged]:
    """Judges every scored prediction strictly: spans with their labels, edges with both ends, frames whole.

    A coreference link is right when gold has both mentions in one cluster, however it chains them.

    Args:
        gold: what is true.
        predicted: the same documents in the same order.
        schema: tells coreference from other relations.

    Returns:
        By kind: `mention`, `relation`, `coreference`, `role`, `comparison`. A role has its comparison's score only in
        the model, not in the record, so that roles are judged where `Comparison.score` is all there is: not at all.
    """
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for truth, guess in zip(gold, predicted, strict=True):
        there, guessed = mention_keys(truth), mention_keys(guess)
        spans = set(there.values())
        cluster = _cluster_of(truth, schema)
        edges = {relation_key(relation, there, schema) for relation in truth.relations}
        frames = {frame_key(comparison, there) for comparison in truth.comparisons}
        found["mention"] += [(s.score or 0.0, guessed[s.id] in spans) for s in guess.spans]
        for relation in guess.relations:
            key = relation_key(relation, guessed, schema)
            if key is not None:
                found["relation"].append((relation.score or 0.0, key in edges))
            elif relation.label == schema.coreference:
                head, tail = guessed[relation.head], guessed[relation.tail]
                right = head in cluster and cluster[head] == cluster.get(tail)
                found["coreference"].append((relation.score or 0.0, right))
        found["comparison"] += [(c.score or 0.0, frame_key(c, guessed) in frames) for c in guess.comparisons]
    return {
        kind: Judged(np.array([score for score, _ in rows]), np.array([right for _, right in rows], dtype=bool))
        for kind, rows in found.items()
    }


def expected_calibration_error(judged: Judged, bins: int = 10) -> float:
    """Mean distance between score and share of right predictions, over bins of equal width, weighted by size.

    Naeini et al. (2015), "Obtaining well calibrated probabilities using Bayesian binning".

    Example:
        >>> expected_calibration_error(Judged(np.array([0.9, 0.9]), np.array([True, False])))
        0.4
    """
    if not len(judged.scores):
        return 0.0
    index = np.minimum((judged.scores * bins).astype(int), bins - 1)
    error = 0.0
    for number in range(bins):
        inside = index == number
        if inside.any():
            error += inside.mean() * abs(judged.scores[inside].mean() - judged.correct[inside].mean())
    return round(float(error), 6)


def _cluster_of(document: Document, schema: Schema) -> dict[MentionKey, int]:
    """A number for each mention, the same within a cluster."""
    keys = mention_keys(document)
    return {keys[i]: number for number, ids in enumerate(entity_clusters(document, schema)) for i in ids}
