"""Stretches of a document as they are shown: where mentions stand in them, and the sentence around a mention."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sentencex import get_sentence_boundaries

from sobujang.document import Span, clean_text

# A sentence longer than this is shown in part.
_REACH = 160
# How far from the mention sentences are looked for; a line may be a whole book.
_CONTEXT = 1000
_LINE_ENDS = "\r\n\u2028\u2029"


class Segment(NamedTuple):
    """Characters that belong to one mention, or to none; `inside` are mentions that overlap it and cannot be shown."""

    text: str
    span: Span | None = None
    inside: tuple[Span, ...] = ()


def segments(text: str, spans: Iterable[Span], start: int = 0, end: int | None = None) -> list[Segment]:
    """Cuts a stretch of a text at the mentions that lie in it.

    Args:
        text: the whole text.
        spans: its mentions, in any order. Of two that overlap the one that starts first, or is longer, is shown.
        start: where the stretch begins; mentions that stand out of it are left out.
        end: where it ends; by default with the text.

    Example:
        >>> [s.text for s in segments("Hanbit sells valves.", [Span(id="T1", start=13, end=19, label="PART")])]
        ['Hanbit sells ', 'valves', '.']
    """
    end = len(text) if end is None else end
    found: list[Segment] = []
    at = start
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if span.start < start or span.end > end:
            continue
        if span.start < at:
            found[-1] = found[-1]._replace(inside=(*found[-1].inside, span))
            continue
        if span.start > at:
            found.append(Segment(text[at : span.start]))
        found.append(Segment(text[span.start : span.end], span))
        at = span.end
    if at < end:
        found.append(Segment(text[at:end]))
    return found


class Passage(NamedTuple):
    """Offsets of a stretch of text, and whether its sentence goes on before or after it."""

    start: int
    end: int
    cut_before: bool = False
    cut_after: bool = False


def sentence_around(text: str, span: Span) -> Passage:
    r"""The sentence in which a mention stands, as far as punctuation and line breaks tell; of a long one a part.

    Example:
        >>> text = "It grew. Its wafers are 30% cheaper. Rivals wait.\nEnd"
        >>> passage = sentence_around(text, Span(id="k", start=28, end=35, label="COST_LOWER"))
        >>> text[passage.start:passage.end]
        'Its wafers are 30% cheaper.'
    """
    left, right = max(0, span.start - _CONTEXT), min(len(text), span.end + _CONTEXT)
    start = max(left, *(text.rfind(mark, left, span.start) + 1 for mark in _LINE_ENDS))
    end = min(place if place >= 0 else right for place in (text.find(mark, span.end, right) for mark in _LINE_ENDS))
    for boundary in get_sentence_boundaries("en", clean_text(text[start:end])):
        first, last = start + boundary["start_index"], start + boundary["end_index"]
        if first <= span.start < last:
            start, end = first, max(last, span.end)
            break
    while start < span.start and text[start].isspace():
        start += 1
    while end > span.end and text[end - 1].isspace():
        end -= 1
    cut_before, cut_after = start < span.start - _REACH, end > span.end + _REACH
    if cut_before:
        near = span.start - _REACH
        start = max(text.find(" ", near, span.start) + 1, near)
    if cut_after:
        near = span.end + _REACH
        space = text.rfind(" ", span.end, near)
        end = space if space > 0 else near
    return Passage(start, end, cut_before, cut_after)
