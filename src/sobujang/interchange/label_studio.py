"""Label Studio: a JSON file of tasks, and the labelling interface that shows them.

Gold goes into the tasks' annotations, what a model found (anything with a score) into their predictions. A frame is
relations from its cue. Offsets count code points, as Label Studio has done since 1.5; of older exports, whose offsets
count UTF-16 units, the text of each region tells.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from sobujang.corpora.markup import role_edges
from sobujang.document import Document, Relation, Span
from sobujang.errors import DocumentError, FormatError
from sobujang.interchange.parts import Lost, document_of_edges, losses
from sobujang.outputs.files import replacing
from sobujang.schema import Schema

INTERFACE_SUFFIX = ".interface.xml"

_MODEL = "sobujang"


def write_label_studio(path: Path, documents: Iterable[Document], schema: Schema) -> Lost:
    """Writes tasks, and beside them the interface (`<name>.interface.xml`), which goes into the project's settings.

    Returns:
        What Label Studio cannot carry.

    Raises:
        OutputError: a file cannot be written.
    """
    lost: Lost = Counter()
    tasks = []
    for number, document in enumerate(documents, start=1):
        lost += losses(document, "scores", "meta", "language")
        tasks.append(_task(document, number, schema))
    with replacing(path) as append:
        append(json.dumps(tasks, ensure_ascii=False, indent=1).encode())
    with replacing(path.with_suffix(INTERFACE_SUFFIX)) as append:
        append(labelling_interface(schema).encode())
    return lost


def read_label_studio(path: Path, schema: Schema) -> Iterator[Document]:
    """Reads tasks, as exported (JSON) or as `write_label_studio` wrote them; of several annotations the last counts.

    Raises:
        FormatError: the file is no such JSON, or a task has no text.
    """
    try:
        tasks = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise FormatError(f"no JSON of Label Studio: {error}", path) from None
    if not isinstance(tasks, list):
        raise FormatError("holds no array of tasks; export the project as JSON, not as JSON-MIN", path)
    for number, task in enumerate(tasks, start=1):
        try:
            yield _document(task, number, schema)
        except (DocumentError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise FormatError(f"task {number}: {error!r} is missing or of the wrong kind", path) from None


def labelling_interface(schema: Schema) -> str:
    """The labelling interface of a schema, as Label Studio's settings take it."""
    labels = "".join(
        f"    <Label value={quoteattr(label)} background={quoteattr(mention.color)}/>\n"
        for label, mention in schema.mentions.items()
    )
    relations = "".join(f"    <Relation value={quoteattr(edge.label)}/>\n" for edge in schema.edges)
    return (
        f"<View>\n  <Relations>\n{relations}  </Relations>\n"
        f'  <Labels name="label" toName="text">\n{labels}  </Labels>\n'
        '  <Text name="text" value="$text" granularity="symbol"/>\n</View>\n'
    )


def _task(document: Document, number: int, schema: Schema) -> dict[str, Any]:
    result: list[dict[str, Any]] = []
    for span in document.spans:
        value = {
            "start": span.start, "end": span.end, "text": document.text[span.start : span.end], "labels": [span.label],
        }  # fmt: skip
        result.append({"id": span.id, "from_name": "label", "to_name": "text", "type": "labels", "value": value})
        if span.score is not None:
            result[-1]["score"] = span.score
    frame_scores = {comparison.cue: comparison.score for comparison in document.comparisons}
    for edge in (*document.relations, *role_edges(document, schema)):
        found: dict[str, Any] = {
            "from_id": edge.head, "to_id": edge.tail, "type": "relation", "direction": "right", "labels": [edge.label],
        }  # fmt: skip
        is_role = edge.head in frame_scores and edge.score is None
        score = frame_scores[edge.head] if is_role else edge.score
        result.append(found if score is None else {**found, "score": score})
    scored = any("score" in item for item in result)
    data = {"text": document.text, "id": document.id, "lang": document.lang, "meta": dict(document.meta)}
    answer = {"result": result, **({"model_version": _MODEL} if scored else {})}
    return {"id": number, "data": data, "predictions" if scored else "annotations": [answer]}


def _document(task: Mapping[str, Any], number: int, schema: Schema) -> Document:
    data = task["data"]
    answers = [a for a in task.get("annotations") or () if not a.get("was_cancelled")] or task.get("predictions") or ()
    result = answers[-1]["result"] if answers else []
    text = data["text"]
    spans = [_span(item, text) for item in result if item["type"] == "labels"]
    edges = [
        Relation(head=item["from_id"], tail=item["to_id"], label=label, score=item.get("score"))
        for item in result
        if item["type"] == "relation"
        for label in item.get("labels") or ()
    ]
    values = {"id": str(data.get("id") or task.get("id") or number), "lang": data.get("lang"), "meta": data.get("meta")}
    document = document_of_edges(values, text, spans, edges, schema)
    scores = {edge.head: edge.score for edge in edges}
    return document.__replace__(comparisons=tuple(c.__replace__(score=scores.get(c.cue)) for c in document.comparisons))


def _span(item: Mapping[str, Any], text: str) -> Span:
    value = item["value"]
    start, end, surface = int(value["start"]), int(value["end"]), value.get("text")
    if surface is not None and text[start:end] != surface:
        units = text.encode("utf-16-le")
        before, inside = units[: 2 * start].decode("utf-16-le", "replace"), units[2 * start : 2 * end]
        if inside.decode("utf-16-le", "replace") == surface:
            start, end = len(before), len(before) + len(surface)
    return Span(id=str(item["id"]), start=start, end=end, label=value["labels"][0], score=item.get("score"))
