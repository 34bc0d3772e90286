"""More to learn from: copies of gold documents whose names, things and amounts are exchanged for others.

A network that has seen each name once learns the name. One that has seen ten names in its place learns the place.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import inflect
import msgspec

from sobujang.coreference import entity_clusters, linked_labels
from sobujang.corpora.glossary import Concept
from sobujang.corpora.markup import role_edges
from sobujang.document import Document, Span
from sobujang.schema import Schema
from sobujang.text.particles import agreeing_particle

_HANGUL = re.compile("[가-힣]")
_LATIN = re.compile("[A-Za-z]")
_ARTICLE = re.compile(r"\b([Aa]n?) $")


class _Edit(NamedTuple):
    """Characters `start:end` of a text become `text`."""

    start: int
    end: int
    text: str


class Swapper:
    """Makes documents anew with other mentions in the same sentences.

    Three kinds of mention are exchanged. Things take the names of another concept of the glossary, all mentions of one
    thing together. Names, which are surfaces of the chosen labels that one gold document alone uses, take another such
    name. Amounts, which coreference does not link, take another amount, unless a frame holds them: there "70 percent
    of the cost" says something else than "130 percent of the cost".

    The grammar follows: Korean particles agree with the new word, English articles and plurals too.
    """

    def __init__(
        self, documents: Sequence[Document], schema: Schema, labels: Iterable[str], glossary: Sequence[Concept] = ()
    ) -> None:
        """Collects what can be put in.

        Args:
            documents: gold documents to learn from; of no other split, or its names would leak into training.
            schema: their labels.
            labels: mention labels that are exchanged with other mentions of the same label.
            glossary: concepts that take each other's place; a label that has some is not exchanged otherwise.
        """
        self._schema = schema
        self._concepts: dict[str, list[Concept]] = defaultdict(list)
        for concept in glossary:
            self._concepts[concept.label].append(concept)
        self._labels = frozenset(labels) - self._concepts.keys()
        self._homes = Counter(
            (label, surface)
            for document in documents
            for label, surface in {(span.label, document.surface(span.id)) for span in document.spans}
        )
        self._linked = linked_labels(schema)
        self._pools: dict[tuple[str, str], list[str]] = defaultdict(list)
        for (label, surface), homes in sorted(self._homes.items()):
            if label in self._labels and (homes == 1 or label not in self._linked):
                self._pools[label, _script(surface)].append(surface)
        self._english = inflect.engine()

    def swap(self, document: Document, share: float, seed: int | str) -> Document:
        """A copy in which about `share` of what can be exchanged is.

        Args:
            document: gold; its relations and comparisons stay as they are.
            share: of its entities and amounts, from 0 to 1.
            seed: the same seed gives the same copy.

        Returns:
            A document with the same ids of spans, whose texts and offsets are new.
        """
        choice = random.Random(f"{document.id} {seed}")
        surfaces: dict[str, str] = {}
        in_frames = {edge.tail for edge in role_edges(document, self._schema)}
        for cluster in entity_clusters(document, self._schema):
            spans = sorted((document.span_by_id[i] for i in cluster), key=lambda span: span.start)
            if choice.random() < share:
                surfaces |= self._entity(document, spans, choice)
        for span in document.spans:
            if span.label in self._labels - self._linked and span.id not in in_frames and choice.random() < share:
                pool = self._pools[span.label, _script(document.surface(span.id))]
                surfaces[span.id] = choice.choice(pool)
        return _rewritten(document, surfaces, self._english)

    def _entity(self, document: Document, spans: Sequence[Span], choice: random.Random) -> dict[str, str]:
        """New surfaces for the mentions of one entity: the same one where the old ones are the same."""
        label = spans[0].label
        new: dict[str, str] = {}
        unused: dict[str, list[str]] = {}
        concept = choice.choice(self._concepts[label]) if label in self._concepts else None
        for span in spans:
            old = document.surface(span.id)
            script = _script(old)
            if old in new:
                continue
            if concept is not None:
                # Another surface of the same thing takes another name of the concept, as far as there are some.
                if not unused.get(script):
                    names = _names_like(old, concept, document)
                    unused[script] = choice.sample(names, len(names))
                name = unused[script].pop() if unused[script] else None
            elif label in self._labels and self._homes[label, old] == 1:
                name = choice.choice(self._pools[label, script])
            else:
                name = None
            if name is not None:
                new[old] = self._inflected(old, name) if _script(name) == "latin" else name
        return {span.id: new[document.surface(span.id)] for span in spans if document.surface(span.id) in new}

    def _inflected(self, old: str, name: str) -> str:
        """`name` in the number and with the first letter that `old` has."""
        head = name.split()[-1]
        if self._is_plural(old) and head.islower() and not self._is_plural(name):
            name = name[: len(name) - len(head)] + self._english.plural_noun(head)
        return name[0].upper() + name[1:] if old[0].isupper() and name[:2].islower() else name

    def _is_plural(self, words: str) -> bool:
        last = words.split()[-1]
        return last.islower() and last.endswith("s") and bool(self._english.singular_noun(last))


def swapped_copies(
    swapper: Swapper, documents: Sequence[Document], copies: int, share: float, seed: int
) -> Iterator[Document]:
    """`copies` new documents for each one, with ids of their own."""
    for number in range(1, copies + 1):
        for document in documents:
            copy = swapper.swap(document, share, f"{seed} {number}")
            yield msgspec.structs.replace(copy, id=f"{document.id}+{number}")


def _names_like(old: str, concept: Concept, document: Document) -> list[str]:
    """The names of a concept that can stand where `old` stands, the commonest first."""
    if _script(old) == "hangul":
        return [name for name in concept.ko if _script(name) == "hangul"]
    if _script(old) == "latin" and document.lang == "ko":
        # In Korean text only abbreviations are written in Latin letters.
        return [name for name in concept.names if _script(name) == "latin" and not name.islower()]
    return list(concept.en) if _script(old) == "latin" else []


def _script(surface: str) -> str:
    if _HANGUL.search(surface):
        return "both" if _LATIN.search(surface) else "hangul"
    return "latin" if _LATIN.search(surface) else "other"


def _rewritten(document: Document, surfaces: Mapping[str, str], english: inflect.engine) -> Document:
    """The document with new surfaces for some spans; what agrees with them in the text around changes too."""
    edits: list[_Edit] = []
    spans = sorted(document.spans, key=lambda span: span.start)
    for number, span in enumerate(spans):
        new = surfaces.get(span.id)
        old = document.surface(span.id)
        if new is None or new == old:
            continue
        before = spans[number - 1].end if number else 0
        article = _ARTICLE.search(document.text, before, span.start)
        if article:
            fitting = str(english.a(new)).split()[0]
            edits.append(_Edit(article.start(1), article.end(1), fitting.title() if article[1].istitle() else fitting))
        edits.append(_Edit(span.start, span.end, new))
        particle = agreeing_particle(document.text, span.end, old, new)
        if particle and (number + 1 == len(spans) or spans[number + 1].start >= span.end + particle[0]):
            edits.append(_Edit(span.end, span.end + particle[0], particle[1]))
    if not edits:
        return document
    text: list[str] = []
    at = 0
    # Where the text behind each edit has moved to.
    ends, moved = [0], [0]
    for edit in edits:
        text += [document.text[at : edit.start], edit.text]
        at = edit.end
        ends.append(edit.end)
        moved.append(moved[-1] + len(edit.text) - (edit.end - edit.start))
    text.append(document.text[at:])
    whole = "".join(text)

    new_spans = []
    for span in document.spans:
        start = span.start + moved[bisect_right(ends, span.start) - 1]
        length = len(surfaces.get(span.id, document.surface(span.id)))
        new_spans.append(
            Span(
                id=span.id, start=start, end=start + length, label=span.label, text=whole[start : start + length]
            )
        )  # fmt: skip
    return msgspec.structs.replace(document, text=whole, spans=tuple(new_spans))
