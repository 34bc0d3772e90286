"""Thresholds and calibration, both chosen on the development split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from sobujang.document import Document
from sobujang.evaluation import evaluate
from sobujang.evaluation.reliability import Judged, judge
from sobujang.extractor import Extractor
from sobujang.model.backend import Backend
from sobujang.model.config import Calibration, ModelConfig
from sobujang.model.subwords import Subwords
from sobujang.schema import Schema

_GRID = np.round(np.arange(0.2, 0.81, 0.05), 2)
# Roles by themselves count too: by whole frames alone the best threshold is one that leaves most roles empty.
_CHOSEN_BY = {
    "relation": ("relations_f1",),
    "coreference": ("coreference_f1",),
    "role": ("comparisons_f1", "roles_f1"),
}
# F1 that a hundred documents cannot tell apart: the curves are flat, and their highest point is a matter of chance.
_NOISE = 0.003
# Fewer judged predictions than this say too little; scores then stay as the network gave them.
_FEWEST = 30
# Below this raw score an edge is never of interest; above it the curve is fitted.
_FLOOR = 0.05


def calibrate(config: ModelConfig, subwords: Subwords, backend: Backend, dev: Sequence[Document]) -> ModelConfig:
    """Chooses the threshold of each kind of edge by F1, then maps raw scores to probabilities.

    Args:
        config: its thresholds and calibration are replaced.
        subwords: the vocabulary.
        backend: the network's scores; one that remembers windows saves time.
        dev: gold documents that training has not seen.

    Returns:
        A configuration with `thresholds` and `calibration`.
    """
    schema = Schema.from_dict(config.schema)
    config = config.__replace__(thresholds={}, calibration={})

    def extract(candidate: ModelConfig) -> list[Document]:
        return list(Extractor(candidate, subwords, backend).stream(dev))

    for kind in dict.fromkeys(edge.kind for edge in schema.edges):
        scored = {}
        for threshold in _GRID.tolist():
            candidate = config.__replace__(thresholds={**config.thresholds, kind: threshold})
            summary = evaluate(dev, extract(candidate), schema).summary()
            scored[threshold] = sum(summary.get(name, 0.0) for name in _CHOSEN_BY[kind])
        config = config.__replace__(thresholds={**config.thresholds, kind: _choose(scored)})

    low = config.__replace__(thresholds=dict.fromkeys(config.thresholds, _FLOOR))
    judged = judge(dev, extract(low), schema)
    curves = {kind: curve for kind in ("mention", "relation", "coreference") if (curve := _curve(judged.get(kind)))}
    if "relation" in curves and "role" in config.thresholds:
        # Roles and relations come from one head; a role's own scores are not in the record.
        curves["role"] = curves["relation"]
    config = config.__replace__(calibration=curves)
    comparisons = judge(dev, extract(config), schema).get("comparison")
    if curve := _curve(comparisons):
        config = config.__replace__(calibration={**curves, "comparison": curve})
    return config


def _choose(scored: Mapping[float, float]) -> float:
    """Of the thresholds that are as good as the best the one nearest to an even chance.

    Example:
        >>> _choose({0.25: 0.561, 0.4: 0.55, 0.55: 0.560, 0.8: 0.54})
        0.55
    """
    enough = max(scored.values()) - _NOISE
    return min((threshold for threshold, f1 in scored.items() if f1 >= enough), key=lambda t: (abs(t - 0.5), t))


def _curve(judged: Judged | None) -> Calibration | None:
    """Platt scaling: a logistic curve over the log-odds of raw scores, kept as its knots."""
    if judged is None or len(judged.scores) < _FEWEST or judged.correct.all() or not judged.correct.any():
        return None
    model = LogisticRegression(C=10.0).fit(_log_odds(judged.scores), judged.correct)
    grid = np.concatenate([[0.0], np.linspace(0.01, 0.99, 99), [0.995, 0.999, 1.0]])
    probability = model.predict_proba(_log_odds(grid))[:, 1]
    return Calibration(tuple(grid.round(4).tolist()), tuple(np.maximum.accumulate(probability).round(5).tolist()))


def _log_odds(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of shape (scores, 1), as scikit-learn takes features."""
    clipped = np.clip(scores, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(clipped / (1 - clipped)))[:, None]
