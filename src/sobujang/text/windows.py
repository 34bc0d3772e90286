"""Windows: runs of whole sentences that fit the encoder, overlapping, so that nothing of a long document is lost."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple


class Window(NamedTuple):
    """A run of pieces that the encoder sees at once.

    Attributes:
        start, end: the half-open range of pieces.
        own_start, own_end: the part of it whose mentions this window decides; the rest is context. Owned parts of a
            document's windows follow each other without gap or overlap.
    """

    start: int
    end: int
    own_start: int
    own_end: int


def windows(sentence_starts: Sequence[int], token_starts: Sequence[int], limit: int, overlap: int) -> list[Window]:
    """Covers a document.

    Args:
        sentence_starts: index of each sentence's first piece, ascending; the last entry is the number of pieces.
        token_starts: the same for tokens: where a sentence longer than `limit` may be cut.
        limit: most pieces in a window.
        overlap: about how many pieces two neighbours share: whole sentences, one at least where it takes no more than
            half a window; none where 0.

    Example:
        >>> windows([0, 4, 8, 12], list(range(13)), limit=8, overlap=4)
        [Window(start=0, end=8, own_start=0, own_end=4), Window(start=4, end=12, own_start=4, own_end=12)]
    """
    if not 0 <= overlap < limit:
        raise ValueError(f"overlap must be at least 0 and less than limit, but overlap={overlap} and limit={limit}")
    total = sentence_starts[-1]
    if total == 0:
        return []
    # Half a window at most, so that the neighbours of a long sentence's parts still give context.
    cuts = _bounded_units(sentence_starts, token_starts, max(1, limit // 2 if overlap else limit), limit)
    ranges: list[tuple[int, int]] = []  # of units
    first = 0
    while True:
        last = bisect_right(cuts, cuts[first] + limit) - 1
        ranges.append((first, last))
        if last == len(cuts) - 1:
            break
        shared = bisect_left(cuts, cuts[last] - overlap)
        if overlap and shared == last and cuts[last] - cuts[last - 1] <= limit // 2:
            shared = last - 1
        # A window that does not reach past its neighbour's end would decide nothing with more context.
        first = max(shared, bisect_left(cuts, cuts[last + 1] - limit))
    found = []
    own_start = 0
    for (first, last), after in zip(ranges, [*ranges[1:], None], strict=True):
        # The shared part is divided in its middle: each mention is decided where it has most context.
        own_end = total if after is None else cuts[(after[0] + last) // 2]
        found.append(Window(cuts[first], cuts[last], own_start, own_end))
        own_start = own_end
    return found


def _bounded_units(sentences: Sequence[int], tokens: Sequence[int], part: int, limit: int) -> list[int]:
    """Starts of sentences, a sentence of more than `limit` pieces being cut into parts of about `part`."""
    cuts = [0]
    for start, end in pairwise(sentences):
        # The last part too is no longer than `part`, so that it can be shared.
        longest = part if end - start > limit else limit
        while end - start > longest:
            token = bisect_right(tokens, start + part) - 1
            if tokens[token] <= start:
                token += 1
            # One token of more pieces than a window holds can only be cut inside.
            start = tokens[token] if tokens[token] - start <= limit else start + part
            cuts.append(start)
        if end > cuts[-1]:
            cuts.append(end)
    return cuts
