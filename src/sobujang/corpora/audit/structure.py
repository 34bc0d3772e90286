"""Rules on the form of a record: what the schema and the format demand. Offsets are checked when a record is built."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sobujang.coreference import clusters
from sobujang.corpora.audit.findings import Fault, document_rule, rule
from sobujang.corpora.markup import role_edges
from sobujang.document import Document, Relation
from sobujang.schema import Schema

_MARKUP = re.compile(r"\{([^\s{}]+) [^\s{}]+\}")


@rule("error")
def duplicate_ids(documents: Sequence[Document], schema: Schema) -> Iterator[Fault]:
    """Two documents share an id."""
    seen: set[str] = set()
    for number, document in enumerate(documents, start=1):
        if document.id in seen:
            yield Fault(document, f"the id stands twice, again at document {number}; give each document its own")
        seen.add(document.id)


@document_rule("error")
def leftover_markup(document: Document, schema: Schema) -> Iterator[Fault]:
    """The text still holds the mark of a mention: a bracket was missing when it was read."""
    for match in _MARKUP.finditer(document.text):
        if match[1] in schema.mentions:
            yield Fault(
                document, f"{match.group()!r} stands in the text; mend the brackets of its mention", *match.span()
            )


@document_rule("error")
def overlapping_spans(document: Document, schema: Schema) -> Iterator[Fault]:
    """Two spans share characters."""
    widest = None
    for span in sorted(document.spans, key=lambda s: (s.start, s.end)):
        if widest is not None and span.start < widest.end:
            yield Fault.at(document, span, f"overlaps {document.surface(widest.id)!r} ({widest.label} {widest.id})")
        if widest is None or span.end > widest.end:
            widest = span


@document_rule("error")
def unknown_labels(document: Document, schema: Schema) -> Iterator[Fault]:
    """A span, relation or role has a label that the schema does not declare."""
    for span in document.spans:
        if span.label not in schema.mentions:
            yield Fault.at(document, span, f"has a label that the schema lacks; it knows {', '.join(schema.labels)}")
    known = {edge.label for edge in schema.edges} | set(schema.no_relation)
    for edge in _edges(document, schema):
        if edge.label not in known:
            yield _edge_fault(document, edge, f"the schema knows no edge {edge.label}")


@document_rule("error")
def signatures(document: Document, schema: Schema) -> Iterator[Fault]:
    """An edge joins mentions that its signature does not admit, or a mention with itself."""
    types = {edge.label: edge for edge in schema.edges}
    for edge in _edges(document, schema):
        head, tail = document.span_by_id[edge.head].label, document.span_by_id[edge.tail].label
        if edge.head == edge.tail:
            yield _edge_fault(document, edge, "joins a mention with itself")
        elif edge.label in types and not types[edge.label].allows(head, tail):
            yield _edge_fault(document, edge, f"{edge.label} does not go from {head} to {tail}")


@document_rule("error")
def repeated_edges(document: Document, schema: Schema) -> Iterator[Fault]:
    """One edge stands twice (a symmetric one also in reverse), or one cue has two comparisons."""
    symmetric = {edge.label for edge in schema.edges if edge.symmetric}
    seen: set[tuple[str, str, str]] = set()
    for edge in _edges(document, schema):
        ends = sorted((edge.head, edge.tail)) if edge.label in symmetric else (edge.head, edge.tail)
        key = (edge.label, ends[0], ends[1])
        if key in seen:
            yield _edge_fault(document, edge, "stands twice; keep one")
        seen.add(key)
    cues: set[str] = set()
    for comparison in document.comparisons:
        if comparison.cue in cues:
            yield Fault.at(document, document.span_by_id[comparison.cue], "has two comparisons; one cue takes one")
        cues.add(comparison.cue)


@document_rule("warning")
def doubled_pairs(document: Document, schema: Schema) -> Iterator[Fault]:
    """Two relations join one pair of mentions, where each often is another view of one fact."""
    seen: dict[frozenset[str], Relation] = {}
    for edge in document.relations:
        pair = frozenset((edge.head, edge.tail))
        other = seen.setdefault(pair, edge)
        if other.label != edge.label:
            yield _edge_fault(document, edge, f"the pair has {other.label} as well; should both hold?")


@document_rule("error")
def coreference_links(document: Document, schema: Schema) -> Iterator[Fault]:
    """A coreference link does not lead to the nearest earlier mention of the same thing."""
    spans = document.span_by_id
    links = [edge for edge in document.relations if edge.label == schema.coreference]
    cluster_of = {member: cluster for cluster in clusters((e.head, e.tail) for e in links) for member in cluster}
    for edge in links:
        head, tail = spans[edge.head], spans[edge.tail]
        if head.start <= tail.start:
            if edge.head != edge.tail:  # that one is a breach of signature
                yield _edge_fault(document, edge, "must lead from a mention to an earlier one; turn it round")
            continue
        between = [
            span
            for member in cluster_of[edge.head]
            if tail.start < (span := spans[member]).start < head.start
        ]  # fmt: skip
        if between:
            nearest = max(between, key=lambda span: span.start)
            yield _edge_fault(
                document,
                edge,
                f"skips {document.surface(nearest.id)!r} ({nearest.id}); link to the nearest earlier mention",
            )


@document_rule("error")
def comparison_directions(document: Document, schema: Schema) -> Iterator[Fault]:
    """A comparison's cue is no cue, or its direction is not that of the cue's label."""
    for comparison in document.comparisons:
        cue = document.span_by_id[comparison.cue]
        frame = schema.frame_of_cue.get(cue.label)
        if frame is None:
            yield Fault.at(document, cue, "heads a comparison, but its label is no cue")
        elif frame.cues[cue.label] != comparison.direction:
            yield Fault.at(document, cue, f"says {frame.cues[cue.label]!r}, its comparison {comparison.direction!r}")


@document_rule("error")
def cues_without_roles(document: Document, schema: Schema) -> Iterator[Fault]:
    """A cue has no role at all: then it compares nothing."""
    filled = {c.cue for c in document.comparisons if any(c.roles.values())}
    for span in document.spans:
        if span.label in schema.frame_of_cue and span.id not in filled:
            yield Fault.at(document, span, "is a cue without any role; add its roles or take the mention out")


@document_rule("error")
def cues_without_required_roles(document: Document, schema: Schema) -> Iterator[Fault]:
    """A cue has roles, but not one that its frame requires: such a frame is never reported."""
    for comparison in document.comparisons:
        cue = document.span_by_id[comparison.cue]
        frame = schema.frame_of_cue.get(cue.label)
        if frame is None or not any(comparison.roles.values()):
            continue
        for role, declared in frame.roles.items():
            if declared.required and not comparison[role.lower()]:
                yield Fault.at(document, cue, f"is a cue without {role}, which its frame requires")


@document_rule("error")
def amounts_that_do_not_fit(document: Document, schema: Schema) -> Iterator[Fault]:
    """A cue has an amount, but its direction takes none: what differs by an amount is not equal."""
    for comparison in document.comparisons:
        cue = document.span_by_id[comparison.cue]
        frame = schema.frame_of_cue.get(cue.label)
        if frame is None or frame.amount is None or comparison.direction not in frame.without_amount:
            continue
        if comparison[frame.amount.lower()]:
            yield Fault.at(document, cue, f"says {comparison.direction!r} and has {frame.amount}; take one of them out")


def _edges(document: Document, schema: Schema) -> list[Relation]:
    return [*document.relations, *role_edges(document, schema)]


def _edge_fault(document: Document, edge: Relation, message: str) -> Fault:
    head, tail = document.span_by_id[edge.head], document.span_by_id[edge.tail]
    ends = f"{edge.label} {document.surface(head.id)!r} ({head.id}) -> {document.surface(tail.id)!r} ({tail.id})"
    return Fault(document, f"{ends}: {message}", head.start, head.end)
