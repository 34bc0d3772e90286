"""Which mentions are one and the same thing: what the links of an equivalence join."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

from sobujang.document import Document
from sobujang.schema import Schema

Node = TypeVar("Node", bound=Hashable)


def clusters(links: Iterable[tuple[Node, Node]]) -> list[set[Node]]:
    """Connected components of links. A link from a node to itself makes the node known.

    Example:
        >>> [sorted(cluster) for cluster in clusters([(3, 1), (5, 3), (4, 2), (7, 7)])]
        [[1, 3, 5], [2, 4], [7]]
    """
    group: dict[Node, set[Node]] = {}
    for a, b in links:
        small, large = sorted((group.setdefault(a, {a}), group.setdefault(b, {b})), key=len)
        if small is not large:
            # The smaller goes into the larger, so that no node moves more than log2(n) times.
            large |= small
            group.update(dict.fromkeys(small, large))
    return list({id(cluster): cluster for cluster in group.values()}.values())


def entity_clusters(document: Document, schema: Schema) -> list[set[str]]:
    """Span ids of each thing that a document speaks of, things mentioned once included, in text order.

    Mentions whose label the schema's coreference does not link are left out.

    Example:
        >>> from sobujang.document import Relation, Span
        >>> spans = [Span(id=f"T{n}", start=n, end=n + 1, label=label) for n, label in enumerate(("COMPANY",) * 3)]
        >>> document = Document(id="d", text="ABC", spans=tuple(spans), relations=(
        ...     Relation(head="T2", tail="T0", label="SAME_AS"),))
        >>> [sorted(cluster) for cluster in entity_clusters(document, Schema.default())]
        [['T0', 'T2'], ['T1']]
    """
    linked = linked_labels(schema)
    ordered = sorted(document.spans, key=lambda span: (span.start, span.end))
    known = {span.id for span in ordered if span.label in linked}
    links = [(span.id, span.id) for span in ordered if span.id in known]
    for relation in document.relations:
        if relation.label == schema.coreference and relation.head in known and relation.tail in known:
            links.append((relation.head, relation.tail))
    return clusters(links)


def linked_labels(schema: Schema) -> frozenset[str]:
    """The mention labels that the schema's coreference links; none where it declares no such relation."""
    return next((edge.heads for edge in schema.edges if edge.kind == "coreference"), frozenset())
