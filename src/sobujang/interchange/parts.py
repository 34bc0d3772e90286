"""What all formats share: documents from spans and edges, tokens, and the account of what a format cannot carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from sobujang.corpora.markup import assemble_edges
from sobujang.document import Document, Relation, Span
from sobujang.prices import with_price
from sobujang.schema import Schema
from sobujang.text.tokens import tokenize

# What was left out, and how often: "scores" → 12.
Lost = Counter[str]


class Token(NamedTuple):
    """A token: half-open offsets, and whether white space follows it."""

    start: int
    end: int
    space: bool


def document_of_edges(
    values: Mapping[str, Any], text: str, spans: Sequence[Span], edges: Iterable[Relation], schema: Schema
) -> Document:
    """Builds a document whose frames are written as edges from their cues.

    A cue from which no role leads makes no comparison.

    Args:
        values: `id`, and `lang` and `meta` where there are any.
        text: the document's.
        spans: its mentions.
        edges: relations and roles alike.
        schema: tells which edges are roles.

    Raises:
        DocumentError: the parts contradict each other.
    """
    relations, comparisons = assemble_edges(edges, {span.id: span.label for span in spans}, schema)
    document = Document(
        id=values["id"], text=text, lang=values.get("lang"), meta=values.get("meta") or {}, spans=tuple(spans),
        relations=relations, comparisons=tuple(c for c in comparisons if any(c.roles.values())),
    )  # fmt: skip
    return with_price(document, schema)


def losses(document: Document, *kept: str) -> Lost:
    """What of a document is lost in a format that keeps mentions, edges, and what is named.

    Args:
        document: any.
        kept: of `scores`, `meta`, `language` those that the format carries.

    Example:
        >>> losses(Document(id="d", text="ab", lang="ko"), "meta")
        Counter({'languages': 1})
    """
    lost: Lost = Counter()
    if "scores" not in kept and (scores := count_scores(document)):
        lost["scores"] = scores
    if "meta" not in kept and document.meta:
        lost["meta values"] = len(document.meta)
    if "language" not in kept and document.lang is not None:
        lost["languages"] = 1
    if empty := sum(not any(comparison.roles.values()) for comparison in document.comparisons):
        lost["comparisons without roles"] = empty
    return lost


def count_scores(document: Document) -> int:
    """How many mentions, relations and comparisons have a score."""
    return sum(
        part.score is not None for parts in (document.spans, document.relations, document.comparisons) for part in parts
    )


def tokens(document: Document) -> list[Token]:
    """Tokens of a text, cut wherever a mention begins or ends; white space belongs to none."""
    ends = {offset for span in document.spans for offset in (span.start, span.end)}
    return list(_tokens(document.text, ends))


def _tokens(text: str, ends: set[int]) -> Iterator[Token]:
    cuts = sorted(ends)
    (cut,) = tokenize([text])
    for start, end in cut.spans:
        places = [start, *(place for place in cuts if start < place < end), end]
        for first, last in pairwise(places):
            if text[first:last].strip():
                yield Token(first, last, text[last : last + 1].isspace())
