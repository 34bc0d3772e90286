"""Looking gold documents over: a list of rules, each a small function, and what they find.

A new rule is a function in one of the modules here, marked with `@rule` or `@document_rule`, and its name in `RULES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sobujang.corpora.audit import consistency, structure, surfaces
from sobujang.corpora.audit.findings import Finding, Rule, Severity
from sobujang.document import Document
from sobujang.schema import Schema

__all__ = ["RULES", "Finding", "Rule", "Severity", "audit"]

RULES: tuple[Rule, ...] = (
    structure.duplicate_ids,
    structure.leftover_markup,
    structure.overlapping_spans,
    structure.unknown_labels,
    structure.signatures,
    structure.repeated_edges,
    structure.doubled_pairs,
    structure.coreference_links,
    structure.comparison_directions,
    structure.cues_without_roles,
    structure.cues_without_required_roles,
    structure.amounts_that_do_not_fit,
    surfaces.unclean_ends,
    surfaces.leading_words,
    surfaces.trailing_particle,
    surfaces.unread_amounts,
    surfaces.uncut_ends,
    consistency.missed_in_document,
    consistency.missed_across_documents,
    consistency.label_conflicts,
    consistency.unlinked_repeats,
    consistency.near_duplicates,
)


def audit(documents: Iterable[Document], schema: Schema, rules: Sequence[Rule] = RULES) -> list[Finding]:
    r"""Applies rules to a collection of documents.

    Args:
        documents: gold, all that belong together: some rules compare documents.
        schema: what the annotation is held against.
        rules: those to apply.

    Returns:
        The findings by document, in the order of the documents, each document's by place.

    Example:
        >>> from sobujang.corpora.markup import parse_markup
        >>> schema = Schema.default()
        >>> text = "id: a\n\n[The firm]{COMPANY c1} makes [valves]{PART p1}.\n----\nMAKES p1 -> c1\n"
        >>> for finding in audit(parse_markup(text, schema), schema):
        ...     print(finding)
        a:0-8: warning: 'The firm' (COMPANY c1) begins with the article 'The'; leave it outside [leading-words]
        a:15-21: error: MAKES 'valves' (p1) -> 'The firm' (c1): MAKES does not go from PART to COMPANY [signatures]
    """
    documents = list(documents)
    order: dict[str, int] = {}
    for document in documents:
        order.setdefault(document.id, len(order))
    found = [finding for rule in rules for finding in rule(documents, schema)]
    return sorted(found, key=lambda f: (order[f.document_id], -1 if f.start is None else f.start))
