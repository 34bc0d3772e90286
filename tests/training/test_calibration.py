"""Thresholds and curves chosen on a development split."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sobujang.document import Document
from sobujang.evaluation.reliability import Judged, expected_calibration_error
from sobujang.extractor import Extractor
from sobujang.model.config import Calibration, ModelConfig
from sobujang.model.network import Network
from sobujang.model.subwords import Subwords
from sobujang.schema import Schema
from sobujang.training.backend import RememberingBackend, TorchBackend
from sobujang.training.calibration import _curve, calibrate

TEXTS = [
    "한빛정밀은 황동으로 만든 커넥터를 일본산의 절반 가격에 납품했다. 이 회사 웨이퍼는 30% 저렴하다.",
    "the wafers are 30 percent cheaper than the valves, and the firm sells wafers, valves and films.",
    "the firm makes the films.\nthe films are dearer.",
]


@pytest.fixture(scope="module")
def backend(make_network: Callable[..., Network], schema: Schema) -> TorchBackend:
    return TorchBackend(make_network(schema))


def configuration(schema: Schema, **changes: object) -> ModelConfig:
    return ModelConfig(name="t", schema=schema.to_dict(), window=64, overlap=16, **changes)  # type: ignore[arg-type]


def edges(document: Document) -> set[tuple[str, str, str]]:
    return {(r.head, r.tail, r.label) for r in document.relations}


@pytest.mark.parametrize("wanted", [{"relation": 0.45, "coreference": 0.5}, {"relation": 0.55, "coreference": 0.45}])
def test_the_threshold_that_gives_gold_is_found(
    schema: Schema, subwords: Subwords, backend: TorchBackend, wanted: dict[str, float]
) -> None:
    """Gold is what the network itself says at certain thresholds, so that no others give all of it and no more."""
    truth = Extractor(configuration(schema, thresholds={**wanted, "role": 0.5}), subwords, backend)
    dev = list(truth.stream(Document(id=f"d{i}", text=text) for i, text in enumerate(TEXTS)))
    assert sum(len(d.relations) for d in dev) > 20
    assert any(r.label == schema.coreference for d in dev for r in d.relations)
    before = configuration(schema, thresholds={"relation": 0.9}, calibration={"mention": Calibration()})
    found = calibrate(before, subwords, RememberingBackend(backend), dev)
    assert found.threshold("relation") == wanted["relation"]
    # Coreference scores of a network that knows nothing lie close together: another threshold may say the same.
    again = Extractor(found.__replace__(calibration={}), subwords, backend)
    assert [edges(d) for d in again.stream(dev)] == [edges(d) for d in dev]
    assert set(found.thresholds) == {"relation", "coreference", "role"}
    # All mentions are right, which is nothing to fit a curve to; of relations at the floor only some are.
    assert "mention" not in found.calibration
    assert "relation" in found.calibration
    assert found.calibration["role"] == found.calibration["relation"]


def test_a_schema_without_edges(subwords: Subwords, make_network: Callable[..., Network]) -> None:
    schema = Schema.from_dict({"name": "flat", "mentions": {"A": {}}})
    dev = [Document(id=str(i), text=text) for i, text in enumerate(TEXTS)]
    found = calibrate(configuration(schema), subwords, TorchBackend(make_network(schema)), dev)
    assert found.thresholds == {}


def test_curves_are_monotone_probabilities_that_calibrate() -> None:
    random = np.random.default_rng(0)
    scores = random.uniform(0.2, 1, 4000)
    judged = Judged(scores, random.uniform(size=4000) < scores**3)  # far too sure of itself
    curve = _curve(judged)
    assert curve is not None
    grid = curve(np.linspace(0, 1, 500))
    assert (np.diff(grid) >= 0).all()
    assert 0 <= grid.min() <= grid.max() <= 1
    after = Judged(curve(scores), judged.correct)
    assert expected_calibration_error(judged) > 0.15
    assert expected_calibration_error(after) < 0.04


@pytest.mark.parametrize(
    "judged",
    [
        None,
        Judged(np.array([]), np.array([], dtype=bool)),
        Judged(np.full(29, 0.5), np.arange(29) % 2 == 0),
        Judged(np.full(99, 0.5), np.ones(99, dtype=bool)),
        Judged(np.full(99, 0.5), np.zeros(99, dtype=bool)),
    ],
)
def test_too_little_says_nothing(judged: Judged | None) -> None:
    assert _curve(judged) is None


def test_what_is_remembered_is_what_was_computed(schema: Schema, make_network: Callable[..., Network]) -> None:
    windows = [np.array([0, n, n + 1, 2]) for n in (5, 9, 5)]
    backend = TorchBackend(make_network(schema))
    remembering = RememberingBackend(backend)
    for _ in range(2):
        for ours, theirs in zip(remembering.encode(windows), backend.encode(windows), strict=True):
            np.testing.assert_array_equal(ours.hidden, theirs.hidden)
            np.testing.assert_array_equal(ours.tags, theirs.tags)
    assert remembering.encode(windows[:1])[0].hidden is remembering.encode(windows[2:])[0].hidden
