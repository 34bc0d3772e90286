"""What a corpus holds, counted: for cards, reports and the choice of splits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sobujang.coreference import entity_clusters
from sobujang.document import Document
from sobujang.schema import Schema
from sobujang.text.tokens import tokenize

_TOKENIZED_AT_ONCE = 256
_UNKNOWN = "unknown"


def statistics(documents: Iterable[Document], schema: Schema) -> dict[str, Any]:
    """Counts documents, sentences, characters, mentions, relations, comparisons and entities.

    Args:
        documents: taken one by one.
        schema: gives the order of the labels; one that it lacks is counted after them.

    Returns:
        Plain values, as JSON holds them: the counts of all documents and, under `by_language` and `by_kind`, of the
        documents of each language and kind (`meta["kind"]`). Labels that do not occur are counted 0. An entity is what
        the document lists, or where it lists none what coreference joins, things mentioned once included.

    Example:
        >>> from sobujang.document import Span
        >>> document = Document(id="a", lang="en", text="Hanbit sells valves.", spans=(
        ...     Span(id="T1", start=0, end=6, label="COMPANY"), Span(id="T2", start=13, end=19, label="PART")))
        >>> counted = statistics([document], Schema.default())
        >>> counted["sentences"], counted["mentions"]["PART"], counted["entities"]
        (1, 1, 2)
        >>> counted["by_language"]["en"]["documents"]
        1
    """
    total = _Counts()
    by_language: defaultdict[str, _Counts] = defaultdict(_Counts)
    by_kind: defaultdict[str, _Counts] = defaultdict(_Counts)
    for document, sentences in _with_sentences(documents):
        kind = str(document.meta.get("kind", _UNKNOWN))
        for counts in (total, by_language[document.lang or _UNKNOWN], by_kind[kind]):
            counts.add(document, sentences, schema)
    return {
        **total.to_dict(schema),
        "by_language": {name: by_language[name].to_dict(schema) for name in sorted(by_language)},
        "by_kind": {name: by_kind[name].to_dict(schema) for name in sorted(by_kind)},
    }


def _with_sentences(documents: Iterable[Document]) -> Iterator[tuple[Document, int]]:
    remaining = iter(documents)
    while batch := list(islice(remaining, _TOKENIZED_AT_ONCE)):
        for document, tokens in zip(batch, tokenize(document.text for document in batch), strict=True):
            yield document, len(tokens.sentences)


class _Counts:
    def __init__(self) -> None:
        self.sizes: Counter[str] = Counter()
        self.mentions: Counter[str] = Counter()
        self.relations: Counter[str] = Counter()
        self.comparisons: Counter[str] = Counter()

    def add(self, document: Document, sentences: int, schema: Schema) -> None:
        entities = len(document.entities) or len(entity_clusters(document, schema))
        self.sizes.update(documents=1, sentences=sentences, characters=len(document.text), entities=entities)
        self.mentions.update(span.label for span in document.spans)
        self.relations.update(relation.label for relation in document.relations)
        self.comparisons.update(comparison.direction for comparison in document.comparisons)

    def to_dict(self, schema: Schema) -> dict[str, Any]:
        directions = [direction for frame in schema.frames.values() for direction in frame.cues.values()]
        return {
            **{name: self.sizes[name] for name in ("documents", "sentences", "characters", "entities")},
            "mentions": _ordered(self.mentions, schema.labels),
            "relations": _ordered(self.relations, schema.relations),
            "comparisons": _ordered(self.comparisons, directions),
        }


def _ordered(counts: Counter[str], known: Iterable[str]) -> dict[str, int]:
    return {label: counts[label] for label in dict.fromkeys([*known, *sorted(counts)])}
