"""What a corpus holds, counted: for cards, reports and the choice of splits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sobujang.coreference import entity_clusters
from sobujang.corpora.span_edges import is_name
from sobujang.document import Document
from sobujang.schema import Schema
from sobujang.text.tokens import tokenize

_TOKENIZED_AT_ONCE = 256
_UNKNOWN = "unknown"


def statistics(documents: Iterable[Document], schema: Schema, named: Iterable[str] = ()) -> dict[str, Any]:
    """Counts documents, sentences, characters, mentions, relations, comparisons and entities.

    Args:
        documents: taken one by one.
        schema: gives the order of the labels; one that it lacks is counted after them.
        named: labels whose different names are to be told from descriptions ("the company", 이 회사) and counted.

    Returns:
        Plain values, as JSON holds them: the counts of all documents and, under `by_language` and `by_kind`, of the
        documents of each language and kind (`meta["kind"]`). Labels that do not occur are counted 0. An entity is what
        the document lists, or where it lists none what coreference joins, things mentioned once included. `surfaces`
        counts the different wordings of each label, whatever their case, `names` those that are names, `flags` the
        documents that carry each flag (`meta["flags"]`), `priced` the comparisons with a price ratio or difference.

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
    named = tuple(named)
    by_language: defaultdict[str, _Counts] = defaultdict(_Counts)
    by_kind: defaultdict[str, _Counts] = defaultdict(_Counts)
    for document, sentences in _with_sentences(documents):
        kind = str(document.meta.get("kind", _UNKNOWN))
        for counts in (total, by_language[document.lang or _UNKNOWN], by_kind[kind]):
            counts.add(document, sentences, schema)
    return {
        **total.to_dict(schema, named),
        "by_language": {name: by_language[name].to_dict(schema, named) for name in sorted(by_language)},
        "by_kind": {name: by_kind[name].to_dict(schema, named) for name in sorted(by_kind)},
    }


def seen_surfaces(train: Iterable[Document], test: Iterable[Document], schema: Schema) -> dict[str, dict[str, Any]]:
    """Which of the different wordings of the test split also stand in the training split, by label.

    Returns:
        For each mention label, `test`: how many different surfaces there are in test, whatever their case; `seen`:
        those of them that the training split has under the same label, sorted.

    Example:
        >>> from sobujang.document import Span
        >>> documents = [Document(id=text, text=text, spans=(Span(id="T", start=0, end=len(text), label="PART"),))
        ...              for text in ("valves", "Valves", "pumps")]
        >>> seen_surfaces(documents[:1], documents[1:], Schema.default())["PART"]
        {'test': 2, 'seen': ['Valves']}
    """
    known, asked = _surfaces(train), _surfaces(test)
    found: dict[str, dict[str, Any]] = {}
    for label in schema.labels:
        ours, theirs = _folded(asked[label]), _folded(known[label])
        found[label] = {"test": len(ours), "seen": [ours[key] for key in sorted(ours.keys() & theirs.keys())]}
    return found


def _surfaces(documents: Iterable[Document]) -> defaultdict[str, set[str]]:
    """The surfaces of each label."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for document in documents:
        for span in document.spans:
            found[span.label].add(document.surface(span.id))
    return found


def _folded(surfaces: Iterable[str]) -> dict[str, str]:
    """Different surfaces, whatever their case, each with one way to write it."""
    return {surface.casefold(): surface for surface in sorted(surfaces)}


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
        self.flags: Counter[str] = Counter()
        self.surfaces: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, document: Document, sentences: int, schema: Schema) -> None:
        entities = len(document.entities) or len(entity_clusters(document, schema))
        self.sizes.update(documents=1, sentences=sentences, characters=len(document.text), entities=entities)
        self.mentions.update(span.label for span in document.spans)
        self.relations.update(relation.label for relation in document.relations)
        self.comparisons.update(comparison.direction for comparison in document.comparisons)
        self.flags.update(str(document.meta.get("flags", "")).split())
        self.sizes["priced"] += sum(
            comparison.price_ratio is not None or comparison.price_difference is not None
            for comparison in document.comparisons
        )
        for label, surfaces in _surfaces([document]).items():
            self.surfaces[label] |= surfaces

    def to_dict(self, schema: Schema, named: tuple[str, ...]) -> dict[str, Any]:
        directions = [direction for frame in schema.frames.values() for direction in frame.cues.values()]
        return {
            **{name: self.sizes[name] for name in ("documents", "sentences", "characters", "entities", "priced")},
            "flags": dict(sorted(self.flags.items())),
            "mentions": _ordered(self.mentions, schema.labels),
            "relations": _ordered(self.relations, schema.relations),
            "comparisons": _ordered(self.comparisons, directions),
            "surfaces": _ordered(
                Counter({label: len(_folded(found)) for label, found in self.surfaces.items()}), schema.labels
            ),
            "names": {label: len(_folded(filter(is_name, self.surfaces[label]))) for label in named},
        }


def _ordered(counts: Counter[str], known: Iterable[str]) -> dict[str, int]:
    return {label: counts[label] for label in dict.fromkeys([*known, *sorted(counts)])}
