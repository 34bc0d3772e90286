"""Where two annotations of one text part, sorted into kinds: what two annotators settle and what a model gets wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from sobujang.coreference import entity_clusters
from sobujang.document import Document, clean_text
from sobujang.evaluation.counts import MentionKey, mention_keys
from sobujang.schema import Schema

Kind = Literal["boundary", "label", "mention", "relation", "coreference", "comparison"]
_EDGE_KINDS: tuple[Kind, ...] = ("relation", "coreference", "comparison")
_CONTEXT = 40  # characters on either side
_BLANKS = re.compile(r"\s+")


class Context(NamedTuple):
    """A place and the text around it, on one line; as a string the place stands in brackets."""

    before: str
    place: str
    after: str

    def __str__(self) -> str:
        return f"{self.before}[{self.place}]{self.after}"


class Difference(NamedTuple):
    """One disagreement.

    Attributes:
        document: its id.
        kind: `boundary` (one label, overlapping spans), `label` (one span, two labels), `mention` (only one side has
            it), `relation`, `coreference`, `comparison` (its ends are mentions of both sides, the edge is not).
        labels: the labels, or roles, that it is about, joined by spaces.
        first, second: what each side has; empty where it has nothing.
        context: the mention that it is told of, in its text.
    """

    document: str
    kind: Kind
    labels: str
    first: str
    second: str
    context: Context


class _Edge(NamedTuple):
    """An edge of a mention: its label, or role, and the whole of it in words."""

    label: str
    told: str


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
        >>> [tuple(found[:5]) for found in differences(one, other, Schema.default())]
        [('d', 'boundary', 'MATERIAL', 'MATERIAL reclaimed wafers', 'MATERIAL wafers')]
    """
    # The extractor gives lone surrogates back as U+FFFD.
    if clean_text(first.text) != clean_text(second.text):
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
                    [edge for edge in xs if edge not in ys] for xs, ys in ((mine, yours), (yours, mine))
                )
                labels = " ".join(dict.fromkeys(edge.label for edge in (*only_mine, *only_yours)))
                one_told, other_told = (", ".join(edge.told for edge in edges) for edges in (only_mine, only_yours))
                found.append(Difference(first.id, kind, labels, one_told, other_told, _context(first.text, anchor)))
    return found


def _mentions(document: Document, first: Sequence[MentionKey], second: Sequence[MentionKey]) -> Iterator[Difference]:
    """Pairs what overlaps; of several the first."""

    def told(key: MentionKey | None) -> str:
        return f"{key.label} {document.text[key.start : key.end]}" if key else ""

    def labels(*keys: MentionKey | None) -> str:
        return " ".join(dict.fromkeys(key.label for key in keys if key))

    left = list(second)
    for key in first:
        partner = next((other for other in left if other.start < key.end and key.start < other.end), None)
        if partner is not None:
            left.remove(partner)
        same_span = partner is not None and (partner.start, partner.end) == (key.start, key.end)
        kind: Kind = "mention" if partner is None else "label" if same_span else "boundary"
        context = _context(document.text, key)
        yield Difference(document.id, kind, labels(key, partner), told(key), told(partner), context)
    for key in left:
        yield Difference(document.id, "mention", labels(key), "", told(key), _context(document.text, key))


class _Edges:
    """The edges of one side among the mentions of both, in words, by the mention that they are told of."""

    def __init__(self, document: Document, schema: Schema, both: set[MentionKey]) -> None:
        self._keys = {span_id: key for span_id, key in mention_keys(document).items() if key in both}
        self._document = document
        self.of_kind: Mapping[Kind, dict[MentionKey, tuple[_Edge, ...]]] = {
            "relation": self._relations(schema),
            "coreference": self._links(schema),
            "comparison": self._frames(),
        }

    def _surface(self, span_id: str) -> str:
        return self._document.surface(span_id)

    def _relations(self, schema: Schema) -> dict[MentionKey, tuple[_Edge, ...]]:
        found: dict[MentionKey, set[_Edge]] = {}
        for relation in self._document.relations:
            known = relation.head in self._keys and relation.tail in self._keys
            if known and relation.label != schema.coreference and relation.label not in schema.no_relation:
                told = f"{relation.label} {self._surface(relation.head)} → {self._surface(relation.tail)}"
                found.setdefault(self._keys[relation.head], set()).add(_Edge(relation.label, told))
        return {key: tuple(sorted(edges)) for key, edges in found.items()}

    def _links(self, schema: Schema) -> dict[MentionKey, tuple[_Edge, ...]]:
        found: dict[MentionKey, tuple[_Edge, ...]] = {}
        for cluster in entity_clusters(self._document, schema):
            members = sorted((self._keys[i], i) for i in cluster if i in self._keys)
            # A mention is told with the one before it: two chains that part at one place differ at one place.
            for (_, before), (key, _) in pairwise(members):
                told = f"= {self._surface(before)} ({self._keys[before].start})"
                found[key] = (_Edge(schema.coreference or "", told),)
        return found

    def _frames(self) -> dict[MentionKey, tuple[_Edge, ...]]:
        found = {}
        for comparison in self._document.comparisons:
            if comparison.cue in self._keys:
                found[self._keys[comparison.cue]] = tuple(
                    _Edge(role, f"{role} {self._surface(i)}")
                    for role, ids in sorted(comparison.roles.items())
                    for i in sorted(ids, key=lambda i: self._document.span_by_id[i].start)
                    if i in self._keys
                )
        return found


def _context(text: str, key: MentionKey) -> Context:
    before, after = text[max(0, key.start - _CONTEXT) : key.start], text[key.end : key.end + _CONTEXT]
    # A break of lines is a space; those at the seams stay.
    return Context(*(_BLANKS.sub(" ", part) for part in (before, text[key.start : key.end], after)))
