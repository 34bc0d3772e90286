"""Candidate pairs against a loop over the schema's signatures."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sobujang.model.pairs import FEATURE_SIZES, PairFinder
from sobujang.schema import Schema

SMALL = Schema.from_dict(
    {
        "name": "small",
        "mentions": {"A": {}, "B": {}, "C": {}, "CUE": {}},
        "relations": {
            "R": {"head": ["A"], "tail": ["A", "B"]},
            "S": {"head": ["A", "B"], "tail": ["A", "B"], "symmetric": True},
            "E": {
                "head": ["A", "B"],
                "tail": ["A", "B"],
                "symmetric": True,
                "transitive": True,
                "same_label": True,
            },
        },
        "frames": {"F": {"cues": {"CUE": "up"}, "roles": {"ROLE": {"tail": ["B", "C"]}}}},
    }
)
SCHEMAS = [SMALL, Schema.default(), Schema.from_dict({"name": "flat", "mentions": {"A": {}, "B": {}}})]
SURFACES = st.sampled_from(["a", "A", "ab", "b", "xab", "yab", "한빛", "한빛정밀", "", "정밀"])


@given(st.sampled_from(SCHEMAS), st.data())
def test_pairs_are_those_that_the_schema_admits(schema: Schema, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, 12))
    labels = data.draw(st.lists(st.integers(0, len(schema.labels) - 1), min_size=count, max_size=count))
    sentences = sorted(data.draw(st.lists(st.integers(0, 40), min_size=count, max_size=count)))
    surfaces = data.draw(st.lists(SURFACES, min_size=count, max_size=count))
    pairs = PairFinder(schema)(labels, sentences, surfaces)
    expected = {}
    for head in range(count):
        for tail in range(count):
            row = [
                head != tail
                and edge.allows(schema.labels[labels[head]], schema.labels[labels[tail]])
                and (not edge.symmetric or head > tail)
                for edge in schema.edges
            ]
            if any(row):
                expected[head, tail] = row
    found = list(zip(pairs.heads.tolist(), pairs.tails.tolist(), strict=True))
    assert len(found) == len(set(found))
    assert dict(zip(found, pairs.allowed.tolist(), strict=True)) == expected
    assert pairs.features.shape == (len(found), len(FEATURE_SIZES))
    assert pairs.allowed.shape == (len(found), len(schema.edges))
    assert (pairs.features >= 0).all()
    assert (pairs.features < np.array(FEATURE_SIZES)).all()


@given(st.integers(2, 60), st.integers(0, 500))
def test_features_stay_in_range_however_far_apart(count: int, step: int) -> None:
    pairs = PairFinder(SMALL)([0] * count, [i * step for i in range(count)], ["x"] * count)
    assert (pairs.features < np.array(FEATURE_SIZES)).all()
    order = pairs.features[:, 0] % 2
    np.testing.assert_array_equal(order, pairs.heads > pairs.tails)
    # Of pairs with the same order the nearer never falls into a later bucket.
    apart = np.abs(pairs.heads - pairs.tails)
    for column in (0, 1):
        for later in (0, 1):
            chosen = order == later
            bucket = pairs.features[chosen, column][np.argsort(apart[chosen], kind="stable")]
            assert (np.diff(bucket) >= 0).all()


def test_likeness_of_surfaces() -> None:
    surfaces = ["Hanbit", "hanbit", "Hanbit Precision", "Daehan Precision", "valves"]
    pairs = PairFinder(SMALL)([0] * 5, [0] * 5, surfaces)
    like = {(h, t): f for h, t, f in zip(pairs.heads, pairs.tails, pairs.features[:, 2].tolist(), strict=True)}
    assert (like[0, 1], like[0, 2], like[2, 0], like[2, 3], like[0, 4]) == (4, 3, 2, 1, 0)
