"""Prodigy: one JSON task a line, as its recipes `ner.manual`, `spans.manual` and `rel.manual` read and write them.

A frame is relations from its cue. Beyond what Prodigy itself reads, a span keeps its id and score.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sobujang.corpora.markup import role_edges
from sobujang.document import Document, Relation, Span
from sobujang.errors import DocumentError, FormatError
from sobujang.interchange.parts import Lost, document_of_edges, losses, tokens
from sobujang.outputs.files import replacing
from sobujang.schema import Schema

_OWN_META = ("id", "lang")


def write_prodigy(path: Path, documents: Iterable[Document], schema: Schema) -> Lost:
    """Writes tasks.

    Returns:
        What Prodigy cannot carry.

    Raises:
        OutputError: the file cannot be written.
    """
    lost: Lost = Counter()
    with replacing(path) as append:
        for document in documents:
            lost += losses(document, "scores", "meta", "language")
            append(json.dumps(_task(document, schema), ensure_ascii=False).encode() + b"\n")
    return lost


def read_prodigy(path: Path, schema: Schema) -> Iterator[Document]:
    """Reads tasks, without those that were rejected or passed over.

    Raises:
        FormatError: with file and line, where a line is no task.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise FormatError(f"cannot read: {error.strerror}", path) from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            task = json.loads(line)
            if task.get("answer", "accept") == "accept":
                yield _document(task, f"{path.stem}-{number}", schema)
        except (DocumentError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise FormatError(f"no task of Prodigy: {error!r}", path, number) from None


def _task(document: Document, schema: Schema) -> dict[str, Any]:
    cut = tokens(document)
    first_at = {token.start: number for number, token in enumerate(cut)}
    last_at = {token.end: number for number, token in enumerate(cut)}
    spans: dict[str, dict[str, Any]] = {}
    for span in document.spans:
        # A mention of white space, or one that begins with it, has no token of its own there.
        first = first_at.get(span.start, 0)
        spans[span.id] = {
            "start": span.start, "end": span.end, "token_start": first, "token_end": last_at.get(span.end, first),
            "label": span.label, "id": span.id,
        }  # fmt: skip
    scores = {span.id: span.score for span in document.spans}
    frames = {comparison.cue: comparison.score for comparison in document.comparisons}
    relations = []
    for is_role, edges in ((False, document.relations), (True, role_edges(document, schema))):
        for edge in edges:
            head, tail = spans[edge.head], spans[edge.tail]
            found = {
                "head": head["token_end"], "child": tail["token_end"], "head_span": head, "child_span": tail,
                "label": edge.label,
            }  # fmt: skip
            score = frames[edge.head] if is_role else edge.score
            relations.append(found if score is None else {**found, "score": score})
    return {
        "text": document.text,
        "meta": {"id": document.id, "lang": document.lang, **document.meta},
        "tokens": [
            {"text": document.text[t.start : t.end], "start": t.start, "end": t.end, "id": number, "ws": t.space}
            for number, t in enumerate(cut)
        ],
        "spans": [
            span if scores[span_id] is None else {**span, "score": scores[span_id]} for span_id, span in spans.items()
        ],
        "relations": relations,
    }


def _document(task: Mapping[str, Any], default_id: str, schema: Schema) -> Document:
    spans: list[Span] = []
    ids: dict[tuple[int, int, str], str] = {}
    for number, value in enumerate(task.get("spans") or (), start=1):
        place = int(value["start"]), int(value["end"]), str(value["label"])
        ids.setdefault(place, str(value.get("id") or f"T{number}"))
        span_id = str(value.get("id") or ids[place])
        spans.append(Span(id=span_id, start=place[0], end=place[1], label=place[2], score=value.get("score")))

    def end_of(value: Mapping[str, Any]) -> str:
        return str(value.get("id") or ids[int(value["start"]), int(value["end"]), str(value["label"])])

    edges = [
        Relation(
            head=end_of(value["head_span"]), tail=end_of(value["child_span"]), label=value["label"],
            score=value.get("score"),
        )
        for value in task.get("relations") or ()
    ]  # fmt: skip
    meta = dict(task.get("meta") or {})
    values = {
        "id": str(meta.get("id", default_id)), "lang": meta.get("lang"),
        "meta": {key: value for key, value in meta.items() if key not in _OWN_META},
    }  # fmt: skip
    document = document_of_edges(values, task["text"], spans, edges, schema)
    scores = {edge.head: edge.score for edge in edges}
    return document.__replace__(comparisons=tuple(c.__replace__(score=scores.get(c.cue)) for c in document.comparisons))
