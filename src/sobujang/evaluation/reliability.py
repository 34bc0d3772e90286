"""Are scores probabilities? Pairs each score of a prediction with whether gold has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sobujang.coreference import entity_clusters
from sobujang.document import Comparison, Document
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
        place = {s.id: (s.start, s.end, s.label) for s in truth.spans}
        guessed = {s.id: (s.start, s.end, s.label) for s in guess.spans}
        spans = set(place.values())
        cluster = _cluster_of(truth, schema)
        edges = {(place[r.head], place[r.tail], r.label) for r in truth.relations}
        frames = {_frame(c, place) for c in truth.comparisons}
        found["mention"] += [(s.score or 0.0, guessed[s.id] in spans) for s in guess.spans]
        for r in guess.relations:
            head, tail = guessed[r.head], guessed[r.tail]
            if r.label == schema.coreference:
                right = head in cluster and cluster[head] == cluster.get(tail)
                found["coreference"].append((r.score or 0.0, right))
            else:
                found["relation"].append((r.score or 0.0, (head, tail, r.label) in edges))
        found["comparison"] += [(c.score or 0.0, _frame(c, guessed) in frames) for c in guess.comparisons]
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


Place = tuple[int, int, str]


def _frame(comparison: Comparison, place: Mapping[str, Place]) -> tuple[object, ...]:
    roles = frozenset((role, place[i]) for role, ids in comparison.roles.items() for i in ids)
    return place[comparison.cue], comparison.direction, roles


def _cluster_of(document: Document, schema: Schema) -> dict[Place, int]:
    """A number for each mention, the same within a cluster."""
    place = {s.id: (s.start, s.end, s.label) for s in document.spans}
    return {place[i]: number for number, ids in enumerate(entity_clusters(document, schema)) for i in ids}
