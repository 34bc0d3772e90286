"""Mentions that no window holds together and that read alike: a name that comes back pages later.

The network sees pairs within a window. Of all others only these are worth a look, and few of them: every mention asks
for the nearest earlier one that reads like it, and none where a window has shown it one already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from sobujang.model.pairs import Likeness
from sobujang.text.windows import Window

_AFFIX = 2  # characters that a surface shares with a longer one that begins or ends with it


class FarPair(NamedTuple):
    """A mention and the nearest earlier one that reads like it, in different windows; both by number."""

    head: int
    tail: int
    likeness: Likeness


def far_pairs(
    ranges: Sequence[tuple[int, int]],
    labels: Sequence[int],
    surfaces: Sequence[str],
    windows: Sequence[Window],
    linked: Collection[int],
) -> list[FarPair]:
    """Lists them, in text order of the later one.

    Args:
        ranges: first and end piece of each mention, in text order.
        labels: label index of each mention.
        surfaces: its characters.
        windows: of the document.
        linked: indices of the labels that coreference links.

    Returns:
        At most one pair for each mention: with a mention of the same surface, else with one whose surface begins or
        ends with the other's. The tail is the earlier one.

    Example:
        >>> two = [Window(0, 8, 0, 8), Window(8, 16, 8, 16)]
        >>> far_pairs([(1, 3), (9, 10)], [0, 0], ["Calder Works", "Calder"], two, {0})
        [FarPair(head=1, tail=0, likeness=<Likeness.HEAD_WITHIN_TAIL: 3>)]
    """
    if len(windows) < 2:
        return []
    starts, ends = [window.start for window in windows], [window.end for window in windows]
    firsts = np.searchsorted(ends, [end for _, end in ranges], side="left")
    lasts = np.searchsorted(starts, [first for first, _ in ranges], side="right") - 1
    latest: dict[tuple[int, str], int] = {}
    with_affix: dict[tuple[int, str], set[str]] = defaultdict(set)
    found = []
    for number, (label, surface) in enumerate(zip(labels, surfaces, strict=True)):
        if label not in linked or firsts[number] > lasts[number]:  # longer than a window
            continue
        folded = surface.casefold()
        alike = [folded] if (label, folded) in latest else _longer_or_shorter(folded, label, with_affix)
        if alike:
            nearest = max(latest[label, other] for other in alike)
            # Windows stand in order: if the nearest is in none of this mention's, no other one is.
            if lasts[nearest] < firsts[number]:
                found.append(FarPair(number, nearest, _likeness(folded, surfaces[nearest].casefold())))
        latest[label, folded] = number
        for affix in {folded[:_AFFIX], folded[-_AFFIX:]}:
            with_affix[label, affix].add(folded)
    return found


def _longer_or_shorter(surface: str, label: int, with_affix: dict[tuple[int, str], set[str]]) -> list[str]:
    """Known surfaces of a label that begin or end with this one, or that it begins or ends with."""
    if len(surface) < _AFFIX:
        return []
    begun, ended = (with_affix.get((label, affix), set()) for affix in (surface[:_AFFIX], surface[-_AFFIX:]))
    return [other for other in begun if other.startswith(surface) or surface.startswith(other)] + [
        other for other in ended if other.endswith(surface) or surface.endswith(other)
    ]


def _likeness(head: str, tail: str) -> Likeness:
    if head == tail:
        return Likeness.EQUAL
    return Likeness.HEAD_WITHIN_TAIL if head in tail else Likeness.TAIL_WITHIN_HEAD
