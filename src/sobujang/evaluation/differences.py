"""Where two annotations of one text part, sorted into kinds: what two annotators settle and what a model gets wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from sobujang.coreference import entity_clusters
from sobujang.document import Document
from sobujang.evaluation.counts import MentionKey, mention_keys
from sobujang.schema import Schema

Kind = Literal["boundary", "label", "mention", "relation", "coreference", "comparison"]
_EDGE_KINDS: tuple[Kind, ...] = ("relation", "coreference", "comparison")
_CONTEXT = 40  # characters on either side


class Difference(NamedTuple):
    """One disagreement.

    Attributes:
        document: its id.
        kind: `boundary` (one label, overlapping spans), `label` (one span, two labels), `mention` (only one side has
            it), `relation`, `coreference`, `comparison` (its ends are mentions of both sides, the edge is not).
        first, second: what each side has; empty where it has nothing.
        context: the text around, the place in brackets.
    """

    document: str
    kind: Kind
    first: str
    second: str
    context: str


def differences(first: Document, second: Document, schema: Schema) -> list[Difference]:
    """Compares two annotations of one text.

    Edges are only compared between mentions that both have: a relation that is missing because its mention is missing
    is no disagreement of its own.

    Raises:
        ValueError: the texts differ.

    Example:
        >>> from sobujang.document import Span
        >>> one = Document(id="d", text="reclaimed wafers", spans=(Span(id="a", start=0, end=16, label="MATERIAL"),))
        >>> other = Document(id="d", text="reclaimed wafers", spans=(Span(id="b", start=10, end=16, label="MATERIAL"),))
        >>> [tuple(found) for found in differences(one, other, Schema.default())]
        [('d', 'boundary', 'MATERIAL reclaimed wafers', 'MATERIAL wafers', '[reclaimed wafers]')]
    """
    if first.text != second.text:
        raise ValueError(f"document {first.id!r}: two texts cannot be compared")
    ours, theirs = set(mention_keys(first).values()), set(mention_keys(second).values())
    both = ours & theirs
    found = list(_mentions(first, sorted(ours - both), sorted(theirs - both)))
    sides = [_Edges(document, schema, both) for document in (first, second)]
    for kind in _EDGE_KINDS:
        one, other = (side.of_kind[kind] for side in sides)
        for anchor in sorted(one.keys() | other.keys()):
            mine, yours = one.get(anchor, ()), other.get(anchor, ())
            if mine != yours:
                only_mine, only_yours = (
                    ", ".join(edge for edge in xs if edge not in ys) for xs, ys in ((mine, yours), (yours, mine))
                )
                found.append(Difference(first.id, kind, only_mine, only_yours, _context(first.text, anchor)))
    return found


def _mentions(document: Document, first: Sequence[MentionKey], second: Sequence[MentionKey]) -> Iterator[Difference]:
    """Pairs what overlaps; of several the first."""

    def told(key: MentionKey | None) -> str:
        return f"{key.label} {document.text[key.start : key.end]}" if key else ""

    left = list(second)
    for key in first:
        partner = next((other for other in left if other.start < key.end and key.start < other.end), None)
        if partner is not None:
            left.remove(partner)
        same_span = partner is not None and (partner.start, partner.end) == (key.start, key.end)
        kind: Kind = "mention" if partner is None else "label" if same_span else "boundary"
        yield Difference(document.id, kind, told(key), told(partner), _context(document.text, key))
    for key in left:
        yield Difference(document.id, "mention", "", told(key), _context(document.text, key))


class _Edges:
    """The edges of one side among the mentions of both, in words, by the mention that they are told of."""

    def __init__(self, document: Document, schema: Schema, both: set[MentionKey]) -> None:
        self._keys = {span_id: key for span_id, key in mention_keys(document).items() if key in both}
        self._document = document
        self.of_kind: Mapping[Kind, dict[MentionKey, tuple[str, ...]]] = {
            "relation": self._relations(schema),
            "coreference": self._links(schema),
            "comparison": self._frames(),
        }

    def _surface(self, span_id: str) -> str:
        return self._document.surface(span_id)

    def _relations(self, schema: Schema) -> dict[MentionKey, tuple[str, ...]]:
        found: dict[MentionKey, set[str]] = {}
        for relation in self._document.relations:
            known = relation.head in self._keys and relation.tail in self._keys
            if known and relation.label != schema.coreference and relation.label not in schema.no_relation:
                told = f"{relation.label} {self._surface(relation.head)} → {self._surface(relation.tail)}"
                found.setdefault(self._keys[relation.head], set()).add(told)
        return {key: tuple(sorted(told)) for key, told in found.items()}

    def _links(self, schema: Schema) -> dict[MentionKey, tuple[str, ...]]:
        found: dict[MentionKey, tuple[str, ...]] = {}
        for cluster in entity_clusters(self._document, schema):
            members = sorted((self._keys[i], i) for i in cluster if i in self._keys)
            # A mention is told with the one before it: two chains that part at one place differ at one place.
            for (_, before), (key, _) in pairwise(members):
                found[key] = (f"= {self._surface(before)} ({self._keys[before].start})",)
        return found

    def _frames(self) -> dict[MentionKey, tuple[str, ...]]:
        found = {}
        for comparison in self._document.comparisons:
            if comparison.cue in self._keys:
                found[self._keys[comparison.cue]] = tuple(
                    f"{role} {self._surface(i)}"
                    for role, ids in sorted(comparison.roles.items())
                    for i in sorted(ids, key=lambda i: self._document.span_by_id[i].start)
                    if i in self._keys
                )
        return found


def _context(text: str, key: MentionKey) -> str:
    before, after = text[max(0, key.start - _CONTEXT) : key.start], text[key.end : key.end + _CONTEXT]
    return " ".join(f"{before}[{text[key.start : key.end]}]{after}".split())
