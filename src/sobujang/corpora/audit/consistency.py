"""Rules across the mentions of a document and across documents: what is annotated here and not, or otherwise, there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from sobujang.coreference import entity_clusters
from sobujang.corpora.audit.findings import Fault, document_rule, rule
from sobujang.corpora.audit.occurrences import SurfaceIndex
from sobujang.corpora.span_edges import is_name
from sobujang.document import Document, Span
from sobujang.schema import Schema

# How sure the other documents must be before one is called inconsistent.
_LEAST_ELSEWHERE = 5
_LEAST_SHARE = 0.8
_LIKENESS = 0.8


def _is_worth_finding(document: Document, span: Span, schema: Schema) -> bool:
    """Cues depend on what stands around them, and so do amounts in words ("half")."""
    mention = schema.mentions.get(span.label)
    if mention is None or span.label in schema.frame_of_cue:
        return False
    return mention.quantity is None or any(character.isdigit() for character in document.surface(span.id))


def _surfaces(document: Document, schema: Schema) -> Counter[str]:
    return Counter(document.surface(s.id) for s in document.spans if _is_worth_finding(document, s, schema))


@document_rule("warning")
def missed_in_document(document: Document, schema: Schema) -> Iterator[Fault]:
    """A surface is annotated in one place of a document and not in another."""
    marked = _surfaces(document, schema)
    for start, end in SurfaceIndex(marked).unmarked(document):
        surface = document.text[start:end]
        yield Fault(
            document, f"{surface!r} is marked {marked[surface]} times in this document, but not here", start, end
        )


@rule("warning")
def missed_across_documents(documents: Sequence[Document], schema: Schema) -> Iterator[Fault]:
    """A surface that other documents nearly always annotate is not annotated in a document."""
    marked = [_surfaces(document, schema) for document in documents]
    totals: Counter[str] = Counter()
    for counts in marked:
        totals.update(counts)
    index = SurfaceIndex(surface for surface, count in totals.items() if count >= _LEAST_SHARE * _LEAST_ELSEWHERE)
    places = [list(index.unmarked(document)) for document in documents]
    unmarked = [Counter(d.text[a:b] for a, b in found) for d, found in zip(documents, places, strict=True)]
    missed: Counter[str] = Counter()
    for counts in unmarked:
        missed.update(counts)
    for number, document in enumerate(documents):
        for start, end in places[number]:
            surface = document.text[start:end]
            if marked[number][surface]:
                continue  # that is inconsistency within the document
            elsewhere = totals[surface] + missed[surface] - unmarked[number][surface]
            if elsewhere >= _LEAST_ELSEWHERE and totals[surface] >= _LEAST_SHARE * elsewhere:
                message = f"{surface!r} is marked in {totals[surface]} of {elsewhere} places elsewhere, but not here"
                yield Fault(document, message, start, end)


@rule("warning")
def label_conflicts(documents: Sequence[Document], schema: Schema) -> Iterator[Fault]:
    """A surface has another label here than mostly elsewhere."""
    labels: defaultdict[str, Counter[str]] = defaultdict(Counter)
    mentions = [
        (document, span, document.surface(span.id).casefold())
        for document in documents
        for span in document.spans
        if span.label in schema.mentions and span.label not in schema.frame_of_cue
    ]
    for _, span, surface in mentions:
        labels[surface][span.label] += 1
    reported: set[tuple[str, str, str]] = set()
    for document, span, surface in mentions:
        counts = labels[surface].most_common()
        key = (document.id, surface, span.label)
        if len(counts) > 1 and span.label != counts[0][0] and key not in reported:
            reported.add(key)
            listed = ", ".join(f"{label} {count}" for label, count in counts)
            yield Fault.at(document, span, f"has several labels in these documents: {listed}")


@document_rule("warning")
def unlinked_repeats(document: Document, schema: Schema) -> Iterator[Fault]:
    """A name stands twice without a coreference link between."""
    cluster_of = {i: n for n, cluster in enumerate(entity_clusters(document, schema)) for i in cluster}
    last: dict[tuple[str, str], Span] = {}
    for span in sorted(document.spans, key=lambda s: s.start):
        surface = document.surface(span.id)
        if span.id not in cluster_of or not is_name(surface):
            continue
        before = last.get((span.label, surface))
        last[span.label, surface] = span
        if before is not None and cluster_of[before.id] != cluster_of[span.id]:
            yield Fault.at(document, span, f"repeats {before.id} without {schema.coreference} between them")


@rule("warning")
def near_duplicates(documents: Sequence[Document], schema: Schema) -> Iterator[Fault]:
    """A document's text is nearly that of an earlier one."""
    written = [document for document in documents if document.text.strip()]
    if len(written) < 2:
        return
    # Here, because the other rules need not load it.
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.neighbors import NearestNeighbors

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True).fit_transform(
        [document.text for document in written]
    )
    finder = NearestNeighbors(radius=1 - _LIKENESS, metric="cosine").fit(vectors)
    distances, neighbours = finder.radius_neighbors(vectors)
    for number, document in enumerate(written):
        for distance, other in sorted(zip(distances[number].tolist(), neighbours[number].tolist(), strict=True)):
            if other < number:
                yield Fault(document, f"is nearly the same as {written[other].id!r} (likeness {1 - distance:.2f})")
