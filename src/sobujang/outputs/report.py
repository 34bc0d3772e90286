"""The report: one HTML file for people, which needs nothing but a browser.

It shows the comparisons of all documents, then relations, entities and the texts themselves with what was found in
them. Labels, roles and colours are those of the schema; every text is escaped; nothing is fetched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Template

from sobujang.document import Comparison, Document, Relation
from sobujang.outputs.files import replacing
from sobujang.outputs.passages import Passage, Segment, segments, sentence_around
from sobujang.outputs.report_words import WORDS
from sobujang.outputs.templates import environment
from sobujang.schema import FrameType, MentionType, Schema

# More texts than this make a page that browsers are slow with.
DEFAULT_LIMIT = 1000

_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]+")
_NO_COLOR = MentionType().color
_META_SHOWN = 4
_META_LENGTH = 60
_DOCUMENTS_LISTED = 8


class Place(NamedTuple):
    """Characters of a document and the anchor that leads to them; without one where the text is not shown."""

    text: str
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class _ComparisonRow:
    document: Place
    roles: Sequence[Sequence[Place]]
    cue: Place
    direction: str
    ratio: float | None
    difference: str | None
    score: float | None
    passage: Passage
    evidence: Sequence[Segment]


@dataclass(frozen=True, slots=True)
class _RelationRow:
    document: Place
    label: str
    head: Place
    tail: Place
    score: float | None


@dataclass(frozen=True, slots=True)
class _Table:
    """The comparisons of one frame: a column for each role."""

    name: str
    description: str
    roles: Sequence[str]
    has_price: bool
    rows: list[_ComparisonRow] = field(default_factory=list)


@dataclass(slots=True)
class _EntityRow:
    name: str
    mentions: int = 0
    documents: dict[Place, None] = field(default_factory=dict)  # kept in order


@dataclass(frozen=True, slots=True)
class _DocumentView:
    anchor: str
    id: str
    lang: str | None
    meta: Mapping[str, str]
    segments: Sequence[Segment]
    anchors: Mapping[str, str]
    comparisons: Sequence[tuple[_Table, _ComparisonRow]]
    relations: Mapping[str, Sequence[_RelationRow]]


class Report:
    """Collects records and writes the page.

    Counts and comparisons cover all records; relations, entities and texts those of the first `limit` documents, and
    the page says so where that is not all.

    Example:
        >>> from sobujang.document import Span
        >>> report = Report(Schema.default(), title="Wafers")
        >>> report.add(Document(id="d1", text="Hanbit makes valves.",
        ...                     spans=(Span(id="T1", start=0, end=6, label="COMPANY"),)))
        >>> "Hanbit" in report.to_html()
        True
    """

    def __init__(self, schema: Schema, *, title: str = "", limit: int = DEFAULT_LIMIT) -> None:
        """Begins an empty report.

        Args:
            schema: gives labels, colours, frames and their roles. A label that it lacks is shown all the same.
            title: heading of the page.
            limit: most documents whose text is shown.
        """
        self._schema = schema
        self._title = title
        self._limit = limit
        self._counts: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._labels: Counter[str] = Counter()
        self._tables: dict[str, _Table] = {}
        self._relations: dict[str, list[_RelationRow]] = {label: [] for label in schema.relations}
        self._entities: dict[str, dict[str, _EntityRow]] = {label: {} for label in schema.mentions}
        self._documents: list[_DocumentView] = []
        self._failed: list[tuple[str, str]] = []
        self._has_scores = False

    def add(self, document: Document) -> None:
        """Adds a record."""
        number = self._counts["documents"]
        self._counts["documents"] += 1
        self._counts["mentions"] += len(document.spans)
        # Mentions of one thing are told by its entity.
        told = self._schema.coreference if document.entities else None
        relations = [relation for relation in document.relations if relation.label != told]
        self._counts["relations"] += len(relations)
        self._counts["comparisons"] += len(document.comparisons)
        self._counts["entities"] += len(document.entities)
        self._languages[document.lang or ""] += 1
        self._labels.update(span.label for span in document.spans)
        self._has_scores |= any(span.score is not None for span in document.spans)
        shown = number < self._limit
        anchors = {span.id: f"d{number}-{place}" for place, span in enumerate(document.spans)} if shown else {}
        home = Place(document.id, f"d{number}" if shown else None)
        comparisons = []
        for comparison in document.comparisons:
            table = self._table_of(document, comparison)
            table.rows.append(_comparison_row(document, comparison, home, anchors, table.roles))
            comparisons.append((table, table.rows[-1]))
        if not shown:
            return
        by_label: dict[str, list[_RelationRow]] = {}
        for relation in relations:
            row = _relation_row(document, relation, home, anchors)
            by_label.setdefault(row.label, []).append(row)
            self._relations.setdefault(row.label, []).append(row)
        for entity in document.entities:
            rows = self._entities.setdefault(entity.label, {})
            found = rows.setdefault(entity.name.casefold(), _EntityRow(entity.name))
            found.mentions += len(entity.mentions)
            anchor = anchors[entity.mentions[0]] if entity.mentions else home.anchor
            found.documents.setdefault(Place(home.text, anchor))
        self._documents.append(
            _DocumentView(
                anchor=f"d{number}", id=home.text, lang=document.lang, meta=_short_meta(document.meta),
                segments=segments(document.text, document.spans), anchors=anchors,
                comparisons=comparisons, relations=by_label,
            )
        )  # fmt: skip

    def add_failed(self, source: str, reason: str) -> None:
        """Adds a document that could not be read: where it stands and why."""
        self._counts["failed"] += 1
        self._failed.append((source, reason))

    def to_html(self) -> str:
        """The page as a string."""
        return "".join(self._render())

    def write(self, path: str | Path) -> None:
        """Writes the page.

        Raises:
            OutputError: the file cannot be written.
        """
        with replacing(path) as append:
            for part in self._render():
                append(part.encode())

    def _render(self) -> Iterable[str]:
        labels = [*self._schema.mentions, *sorted(self._labels.keys() - self._schema.mentions.keys())]
        stream = _template().stream(
            title=self._title,
            schema=self._schema,
            counts=self._counts,
            languages=self._languages,
            labels=[self._legend_entry(label) for label in labels],
            label_number={label: number for number, label in enumerate(labels)},
            tables=[table for table in self._tables.values() if table.rows],
            relations={label: rows for label, rows in self._relations.items() if rows},
            entities={label: _most_documents(rows.values()) for label, rows in self._entities.items() if rows},
            documents=self._documents,
            failed=self._failed,
            has_scores=self._has_scores,
            listed=_DOCUMENTS_LISTED,
            words=WORDS,
            word=lambda key: WORDS[key][0],
        )
        stream.enable_buffering(256)
        return stream

    def _legend_entry(self, label: str) -> tuple[str, str, str, int]:
        """Label, colour, description and count."""
        kind = self._schema.mentions.get(label, MentionType())
        color = kind.color if _COLOR.fullmatch(kind.color) else _NO_COLOR
        return label, color, kind.description, self._labels[label]

    def _table_of(self, document: Document, comparison: Comparison) -> _Table:
        """The table of the frame that the cue's label tells; a frame that the schema lacks gets the roles it brings."""
        cue = document.span_by_id[comparison.cue]
        for name, frame in self._schema.frames.items():
            if cue.label in frame.cues:
                return self._tables.setdefault(name, _table(name, frame))
        name = f"{cue.label}: {', '.join(comparison.roles)}"
        return self._tables.setdefault(name, _Table(name, "", tuple(comparison.roles), has_price=True))


def write_report(
    documents: Iterable[Document], schema: Schema, path: str | Path, *, title: str = "", limit: int = DEFAULT_LIMIT
) -> None:
    """Writes a report of records, which are read once.

    Args:
        documents: any records: an extractor's, or gold.
        schema: what their labels mean.
        path: the HTML file.
        title: heading of the page.
        limit: most documents whose text is shown.

    Raises:
        OutputError: the file cannot be written.
    """
    report = Report(schema, title=title, limit=limit)
    for document in documents:
        report.add(document)
    report.write(path)


@cache
def _template() -> Template:
    pages = environment().overlay()
    pages.filters = pages.filters | {"score": _score, "ratio": _ratio, "change": _change}
    return pages.get_template("report.html.jinja")


def _table(name: str, frame: FrameType) -> _Table:
    return _Table(name, frame.description, tuple(frame.roles), has_price=frame.amount is not None)


def _place(document: Document, span_id: str, anchors: Mapping[str, str]) -> Place:
    return Place(document.surface(span_id), anchors.get(span_id))


def _comparison_row(
    document: Document, comparison: Comparison, home: Place, anchors: Mapping[str, str], roles: Sequence[str]
) -> _ComparisonRow:
    cue = document.span_by_id[comparison.cue]
    passage = sentence_around(document.text, cue)
    taking_part = {comparison.cue, *(span_id for ids in comparison.roles.values() for span_id in ids)}
    difference = comparison.price_difference
    place = _place(document, comparison.cue, anchors)
    return _ComparisonRow(
        document=Place(home.text, place.anchor),
        # A role's key in a record is its label in lower case.
        roles=[[_place(document, i, anchors) for i in comparison[role] or comparison[role.lower()]] for role in roles],
        cue=place,
        direction=comparison.direction,
        ratio=comparison.price_ratio,
        difference=None if difference is None else f"{_signed(difference.value)} {difference.currency}",
        score=comparison.score,
        passage=passage,
        evidence=segments(
            document.text, [s for s in document.spans if s.id in taking_part], passage.start, passage.end
        ),
    )


def _relation_row(document: Document, relation: Relation, home: Place, anchors: Mapping[str, str]) -> _RelationRow:
    head, tail = (_place(document, span_id, anchors) for span_id in (relation.head, relation.tail))
    return _RelationRow(home, relation.label, head, tail, relation.score)


def _short_meta(meta: Mapping[str, Any]) -> dict[str, str]:
    """The first few short values: enough to tell a document from others."""
    found = {key: str(value) for key, value in meta.items() if isinstance(value, str | int | float)}
    return dict([(key, value) for key, value in found.items() if 0 < len(value) <= _META_LENGTH][:_META_SHOWN])


def _most_documents(rows: Iterable[_EntityRow]) -> list[_EntityRow]:
    return sorted(rows, key=lambda row: (-len(row.documents), -row.mentions))


def _score(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _ratio(value: float) -> str:
    return f"{value:.2f}" if value >= 0.01 else f"{value:.2g}"


def _change(ratio: float) -> str:
    """The ratio as a change of price in percent; a decimal only where it matters."""
    change = 100 * (ratio - 1)
    return f"{_signed(round(change, 1) if abs(change) < 10 else round(change))}%"


def _signed(value: float) -> str:
    written = f"{value:+,.2f}".rstrip("0").rstrip(".")
    return "±0" if float(value) == 0 else written.replace("-", "−")
