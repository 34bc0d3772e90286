"""Pairs across windows against a search over all pairs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sobujang.model.far_pairs import far_pairs
from sobujang.model.pairs import Likeness
from sobujang.text.windows import Window, windows

SURFACES = st.sampled_from(["Calder Works", "calder works", "Calder", "한빛", "한빛정밀", "정밀", "빛", "", "A"])


def together(a: tuple[int, int], b: tuple[int, int], spread: list[Window]) -> bool:
    return any(w.start <= a[0] and a[1] <= w.end and w.start <= b[0] and b[1] <= w.end for w in spread)


def in_a_window(mention: tuple[int, int], spread: list[Window]) -> bool:
    return together(mention, mention, spread)


def alike(a: str, b: str) -> bool:
    """Whether one begins or ends with the other; a single character tells nothing."""
    short, long = sorted((a, b), key=len)
    return len(short) >= 2 and (long.startswith(short) or long.endswith(short))


@given(st.data())
def test_the_nearest_that_reads_like_it(data: st.DataObject) -> None:
    sentences = [0, *sorted(data.draw(st.sets(st.integers(1, 60), min_size=1, max_size=25)))]
    spread = windows(sentences, list(range(sentences[-1] + 1)), limit=12, overlap=data.draw(st.integers(0, 6)))
    places = sorted(data.draw(st.sets(st.integers(0, sentences[-1] - 1), max_size=14)))
    ranges = [(start, min(start + data.draw(st.integers(1, 3)), sentences[-1])) for start in places]
    labels = data.draw(st.lists(st.integers(0, 2), min_size=len(places), max_size=len(places)))
    surfaces = data.draw(st.lists(SURFACES, min_size=len(places), max_size=len(places)))
    folded = [surface.casefold() for surface in surfaces]
    linked = {0, 1}
    usable = [i for i in range(len(places)) if labels[i] in linked and in_a_window(ranges[i], spread)]
    expected = {}
    for head in usable:
        earlier = [tail for tail in usable if tail < head and labels[tail] == labels[head]]
        same = [tail for tail in earlier if folded[tail] == folded[head]]
        like = same or [tail for tail in earlier if alike(folded[tail], folded[head])]
        if like and not any(together(ranges[head], ranges[tail], spread) for tail in like):
            expected[head] = max(like)
    found = far_pairs(ranges, labels, surfaces, spread, linked)
    assert {pair.head: pair.tail for pair in found} == expected
    for pair in found:
        head, tail = folded[pair.head], folded[pair.tail]
        assert (pair.likeness == Likeness.EQUAL) == (head == tail)
        assert (pair.likeness == Likeness.HEAD_WITHIN_TAIL) == (head != tail and head in tail)


def test_one_window_has_none() -> None:
    assert far_pairs([(1, 2), (3, 4)], [0, 0], ["A1", "A1"], [Window(0, 8, 0, 8)], {0}) == []
