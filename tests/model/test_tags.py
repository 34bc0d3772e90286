"""Tags: there and back, and the best consistent reading against all readings."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sobujang.model.tags import OUTSIDE, begin, decode_tags, encode_tags, inside, tag_count


def consistent(path: tuple[int, ...]) -> bool:
    before = OUTSIDE
    for tag in path:
        if tag != OUTSIDE and tag % 2 == 0 and before not in (tag, tag - 1):
            return False
        before = tag
    return True


def path_of(length: int, found: list[tuple[int, int, int, float]]) -> tuple[int, ...]:
    return tuple(encode_tags(length, [m[:3] for m in found]).tolist())


@given(
    hnp.arrays(np.float32, st.tuples(st.integers(1, 5), st.sampled_from([3, 5])), elements=st.floats(-4, 4, width=32))
)
def test_the_reading_is_the_best_consistent_one(logits: np.ndarray) -> None:
    length, tags = logits.shape
    log_p = logits.astype(float) - np.log(np.exp(logits.astype(float)).sum(axis=1, keepdims=True))
    total = {
        path: sum(log_p[i, tag] for i, tag in enumerate(path))
        for path in product(range(tags), repeat=length)
        if consistent(path)
    }
    found = decode_tags(logits)
    path = path_of(length, found)
    assert total[path] >= max(total.values()) - 1e-4
    for first, end, _, score in found:
        assert score == pytest.approx(np.exp(np.mean([log_p[i, path[i]] for i in range(first, end)])), rel=1e-3)
        assert 0 < score <= 1 + 1e-6


@given(hnp.arrays(np.float32, st.tuples(st.integers(0, 30), st.just(7)), elements=st.floats(-50, 50, width=32)))
def test_mentions_are_ascending_and_apart(logits: np.ndarray) -> None:
    before = 0
    for first, end, label, _ in decode_tags(logits):
        assert before <= first < end <= len(logits)
        assert 0 <= label < 3
        before = end


@given(st.data())
def test_what_was_encoded_is_decoded(data: st.DataObject) -> None:
    length = data.draw(st.integers(1, 20))
    cuts = sorted(data.draw(st.sets(st.integers(0, length), max_size=10)))
    mentions = [(a, b, data.draw(st.integers(0, 2))) for a, b in pairwise(cuts) if data.draw(st.booleans())]
    tags = encode_tags(length, mentions)
    logits = np.full((length, tag_count(3)), -20, dtype=np.float32)
    logits[np.arange(length), tags] = 20
    assert [m[:3] for m in decode_tags(logits)] == mentions
    assert all(m[3] == pytest.approx(1) for m in decode_tags(logits))


def test_inside_never_starts() -> None:
    logits = np.full((3, 5), -9, dtype=np.float32)
    logits[:, inside(0)] = 9  # wherever `inside` is likeliest, the first piece must still begin, or be outside
    logits[0, begin(0)] = 0
    assert [m[:3] for m in decode_tags(logits)] == [(0, 3, 0)]
    logits[1, [inside(0), inside(1)]] = -9, 9  # of another label: cannot follow
    assert path_of(3, decode_tags(logits))[1] != inside(1)


def test_tags_are_distinct() -> None:
    tags = [OUTSIDE, *(tag for label in range(4) for tag in (begin(label), inside(label)))]
    assert tags == list(range(tag_count(4)))
