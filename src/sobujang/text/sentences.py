"""Sentences of Korean, English and mixed text.

sentencex splits at punctuation (it knows `Co. Ltd.` and `U.S.`); Korean sentences that end without any
(headlines, captions, `…밝혔다 이어`) are found by Kiwi when the tokens are cut, see `sobujang.text.tokens`.
"""

from __future__ import annotations

import re

from sentencex import get_sentence_boundaries

# Kiwi's time per character grows with the length of its input, and one line may be a whole book.
MAX_SEGMENT = 1000

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_SPACE = re.compile(r"\s")


def split_at_punctuation(text: str) -> list[tuple[int, int]]:
    r"""Spans of sentences, as far as punctuation and line breaks tell; white space around them is left out.

    No span is longer than `MAX_SEGMENT` characters: a longer run is cut at white space where there is some.

    Example:
        >>> split_at_punctuation("Hanbit Co. Ltd. grew.  It sells valves.\n제목")
        [(0, 21), (23, 39), (40, 42)]
    """
    found = []
    for line in _LINE.finditer(text):
        for boundary in get_sentence_boundaries("en", line.group()):
            start, end = line.start() + boundary["start_index"], line.start() + boundary["end_index"]
            found += [span for part in _bounded(text, start, end) if (span := strip_span(text, *part)) is not None]
    return found


def strip_span(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without white space at its ends, or None when nothing else is in it."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _bounded(text: str, start: int, end: int) -> list[tuple[int, int]]:
    parts = []
    while end - start > MAX_SEGMENT:
        spaces = [m.end() for m in _SPACE.finditer(text, start + MAX_SEGMENT // 2, start + MAX_SEGMENT)]
        cut = spaces[-1] if spaces else start + MAX_SEGMENT
        parts.append((start, cut))
        start = cut
    return [*parts, (start, end)]
