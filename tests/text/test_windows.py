"""Windows: what they must hold for any document."""

from __future__ import annotations

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sobujang.text.windows import Window, windows


@st.composite
def documents(draw: st.DrawFn) -> tuple[list[int], list[int], int, int]:
    """Sentence starts, token starts, limit, overlap."""
    limit = draw(st.integers(1, 24))
    overlap = draw(st.integers(0, limit - 1))
    # Of one size mostly, now and then beyond the limit.
    token = st.one_of(st.integers(1, 3), st.integers(1, 40))
    sizes = draw(st.lists(st.lists(token, min_size=1, max_size=12), max_size=10))
    tokens = [0, *accumulate(size for sentence in sizes for size in sentence)]
    sentences = [0, *accumulate(sum(sentence) for sentence in sizes)]
    return sentences, tokens, limit, overlap


@given(documents())
def test_windows_cover_a_document(document: tuple[list[int], list[int], int, int]) -> None:
    sentences, tokens, limit, overlap = document
    found = windows(sentences, tokens, limit, overlap)
    total = sentences[-1]
    assert [i for w in found for i in range(w.own_start, w.own_end)] == list(range(total))
    for w in found:
        assert 0 < w.end - w.start <= limit
        assert w.start <= w.own_start < w.own_end <= w.end
    for a, b in pairwise(found):
        assert a.start < b.start <= a.end < b.end  # each window brings something new


@given(documents())
def test_sentences_and_tokens_that_fit_are_never_cut(document: tuple[list[int], list[int], int, int]) -> None:
    sentences, tokens, limit, overlap = document
    found = windows(sentences, tokens, limit, overlap)
    edges = {edge for w in found for edge in (w.start, w.end, w.own_start, w.own_end)}
    for units in (sentences, tokens):
        for start, end in pairwise(units):
            if end - start <= limit:
                assert not any(start < edge < end for edge in edges)


@given(documents())
def test_no_overlap_means_none(document: tuple[list[int], list[int], int, int]) -> None:
    sentences, tokens, limit, _ = document
    for w in windows(sentences, tokens, limit, 0):
        assert (w.start, w.end) == (w.own_start, w.own_end)


@given(st.lists(st.integers(1, 10), max_size=30), st.integers(20, 30), st.integers(1, 12))
def test_neighbours_share_a_sentence_at_least(sizes: list[int], limit: int, overlap: int) -> None:
    sentences = [0, *accumulate(sizes)]
    found = windows(sentences, list(range(sentences[-1] + 1)), limit, overlap)
    longest = max(sizes, default=0)
    for a, b in pairwise(found):
        shared = a.end - b.start
        assert 0 < shared <= max(overlap, longest)
        # As many as `overlap` allows: one more sentence would be too many, or would not leave room for a new one.
        longer = sentences[sentences.index(b.start) - 1]
        following = sentences[sentences.index(a.end) + 1]
        assert a.end - longer > overlap or following - longer > limit


@pytest.mark.parametrize("overlap", [1, 10, 30])
def test_the_parts_of_a_long_sentence_give_each_other_context(overlap: int) -> None:
    found = windows([0, 1000], list(range(1001)), limit=64, overlap=overlap)
    for a, b in pairwise(found):
        assert 0 < a.end - b.start <= 32
        assert a.end - b.start == 32 or b is found[-1]
        assert b.start <= a.own_end <= a.end


def test_a_token_between_half_a_window_and_a_window_is_not_cut() -> None:
    found = windows([0, 35], [0, 5, 24, 30, 35], limit=20, overlap=4)
    assert found[0][:2] == (0, 5)
    assert (5, 24) in [(w.start, w.end) for w in found]


def test_a_token_beyond_a_window_is_cut() -> None:
    found = windows([0, 100], [0, 100], limit=10, overlap=0)
    assert [(w.start, w.end) for w in found] == [(i, i + 10) for i in range(0, 100, 10)]


def test_a_short_document_is_one_window() -> None:
    assert windows([0, 4, 9], list(range(10)), limit=9, overlap=3) == [Window(0, 9, 0, 9)]
    assert windows([0], [0], limit=9, overlap=3) == []


@pytest.mark.parametrize(("limit", "overlap"), [(4, 4), (4, 5), (4, -1), (0, 0)])
def test_impossible_sizes(limit: int, overlap: int) -> None:
    with pytest.raises(ValueError, match="overlap"):
        windows([0, 4], [0, 4], limit, overlap)
