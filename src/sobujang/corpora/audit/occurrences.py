"""Where known surfaces stand in a text as words of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sobujang.corpora.span_edges import is_continuation
from sobujang.document import Document


class SurfaceIndex:
    """Finds many surfaces at once: the time grows with the text, not with the number of surfaces.

    Example:
        >>> index = SurfaceIndex(["네온", "neon", "neon gas"])
        >>> text = "네온을 네온사인에, neon gas not neon-free"
        >>> [text[start:end] for start, end in index.occurrences(text)]
        ['네온', 'neon gas']
    """

    def __init__(self, surfaces: Iterable[str]) -> None:
        """Takes the surfaces; those of one character are left out, they stand in too much."""
        self._surfaces = frozenset(surface for surface in surfaces if len(surface) > 1)
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for surface in self._surfaces:
            lengths[surface[:2]].add(len(surface))
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}

    def occurrences(self, text: str) -> Iterator[tuple[int, int]]:
        """Half-open spans of the surfaces in a text, the longest at each place, without overlap."""
        free = 0
        for start in range(len(text) - 1):
            lengths = self._lengths.get(text[start : start + 2])
            if start < free or lengths is None or not _begins_word(text, start):
                continue
            for length in lengths:
                if text[start : start + length] in self._surfaces and _ends_word(text, start + length):
                    free = start + length
                    yield start, free
                    break

    def unmarked(self, document: Document) -> Iterator[tuple[int, int]]:
        """Occurrences that no span of the document touches."""
        covered = {place for span in document.spans for place in range(span.start, span.end)}
        for start, end in self.occurrences(document.text):
            if covered.isdisjoint(range(start, end)):
                yield start, end


def _begins_word(text: str, start: int) -> bool:
    if start == 0:
        return True
    before, first = text[start - 1], text[start]
    if before.isalnum() and first.isalnum():
        return False
    # "1.30%", "non-glass", "co/wafer" are other words.
    return not (before in ".,-/·_'’@&" and start > 1 and text[start - 2].isalnum() and first.isalnum())


def _ends_word(text: str, end: int) -> bool:
    if end >= len(text):
        return True
    after = text[end]
    if "\uac00" <= after <= "\ud7a3":
        return is_continuation(text, end)
    if after.isalnum():
        return False
    following = text[end + 1 : end + 2]
    joined = after in "-/·_@&" or (after in ".," and text[end - 1].isdigit() and following.isdigit())
    return not (joined and following.isalnum())
