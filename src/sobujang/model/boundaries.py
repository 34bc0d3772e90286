"""Where mentions begin and end: runs of pieces that the tags gave, put right by what the text says.

Runs are half-open ranges of pieces; `spans` has the characters of each piece, shape (pieces, 2).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sobujang.model.subwords import Pieces
from sobujang.text.windows import Window

# What joins a mention to the words after it and never ends one.
_JOINING = frozenset("(·,-–")
# What stands between two names in one pair of brackets.
_SEPARATORS = frozenset([",", "·", "/", ";", ":", ""])

Run = tuple[int, int, int, float]  # first piece, end piece, label, score


def joined_in_brackets(runs: Sequence[Run], spans: NDArray[np.int32], text: str) -> list[Run]:
    """Makes one run of two of the same label where the first opens a bracket and the second stands in it to its end.

    A name with its abbreviation or translation in brackets is one mention, also where there are two of these.

    Example:
        >>> text = "chuck (ESC, E-chuck)"
        >>> spans = np.array([(i, i + 1) for i in range(len(text))], dtype=np.int32)
        >>> joined_in_brackets([(0, 10, 0, 0.9), (12, 20, 0, 0.8)], spans, text)
        [(0, 20, 0, 0.8)]
    """
    found: list[Run] = []
    for run in runs:
        if found:
            before = found[-1]
            stop, start, end = spans[before[1] - 1, 1], spans[run[0], 0], spans[run[1] - 1, 1]
            opened = _open_brackets(text[spans[before[0], 0] : stop]) > 0
            closes = _open_brackets(text[start:end]) < 0 or text[end : end + 1] == ")"
            if before[2] == run[2] and opened and closes and text[stop:start].strip() in _SEPARATORS:
                found[-1] = (before[0], run[1], run[2], min(before[3], run[3]))
                continue
        found.append(run)
    return found


def trimmed(first: int, end: int, spans: NDArray[np.int32]) -> tuple[int, int]:
    """A run of pieces without those at its ends that stand for no character of it.

    At the end that is the bare mark of the word that follows, at the beginning what is left of a token before.
    """
    while first < end and spans[end - 1, 0] == spans[end - 1, 1]:
        end -= 1
    body = first
    while body < end and spans[body, 0] == spans[body, 1]:
        body += 1
    while first < body and spans[first, 0] < spans[body, 0]:
        first += 1
    return first, end


def whole_words(first: int, end: int, pieces: Pieces, text: str, window: Window) -> tuple[int, int]:
    """A run of pieces, widened where it begins or ends inside a word of another script than Hangul.

    Only Hangul glues particles to names, so only there a mention may end between the pieces of a token.
    """
    if first == end:
        return first, end
    begins, ends = np.searchsorted(pieces.token_starts, [first, end - 1], side="right") - 1
    if text[pieces.spans[first, 0]].isascii():
        first = max(int(pieces.token_starts[begins]), window.start)
    if text[pieces.spans[end - 1, 0]].isascii():
        end = min(int(pieces.token_starts[ends + 1]), window.end)
    return first, end


def balanced(first: int, end: int, spans: NDArray[np.int32], text: str) -> tuple[int, int]:
    """A run of pieces whose brackets are all its own: the last one closed if that is the next piece, or left out.

    A joining mark at the end is left out too, and with it the bare mark of a word that began with it.
    """

    def piece(number: int) -> str:
        return text[spans[number, 0] : spans[number, 1]].strip()

    def opened() -> int:
        return _open_brackets(text[spans[first, 0] : spans[end - 1, 1]]) if first < end else 0

    def without_joining_marks() -> int:
        last = end
        while first < last and (not piece(last - 1) or piece(last - 1) in _JOINING):
            last -= 1
        return last

    end = without_joining_marks()
    if opened() > 0 and end < len(spans) and piece(end) == ")":
        end += 1
    while opened() < 0 and piece(end - 1) == ")":
        end -= 1
        end = without_joining_marks()
    while opened() > 0 and piece(first) == "(":
        first += 1
    while opened() > 0:
        last = max(n for n in range(first, end) if "(" in piece(n))
        if piece(last) != "(":  # more than a bracket: left as it is
            break
        end = last
        end = without_joining_marks()
    return trimmed(first, end, spans)


def _open_brackets(text: str) -> int:
    return text.count("(") - text.count(")")
