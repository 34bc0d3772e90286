"""CoNLL columns: a token a line, with its BIO tag and its offsets; edges go into a sidecar (`<name>.edges.tsv`).

    # id = ko-0001
    # lang = ko
    # text = "한빛정밀은 …"
    한빛정밀    B-COMPANY    0    4
    은         O            4    5

The comments hold what the columns cannot: the text itself, as a JSON string, and language and meta.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sobujang.corpora.markup import role_edges
from sobujang.document import Document, Relation, Span
from sobujang.errors import DocumentError, FormatError
from sobujang.interchange.parts import Lost, document_of_edges, losses, tokens
from sobujang.outputs.files import replacing
from sobujang.schema import Schema

EDGES_SUFFIX = ".edges.tsv"

_HEADER = "document\thead_start\tlabel\ttail_start"


def write_conll(path: Path, documents: Iterable[Document], schema: Schema) -> Lost:
    """Writes columns and sidecar; a mention is named there by the offset at which it begins.

    Returns:
        What the columns cannot carry: scores, ids, and of mentions that overlap the later ones with their edges.

    Raises:
        OutputError: a file cannot be written.
    """
    lost: Lost = Counter()
    edges = [_HEADER]
    with replacing(path) as append:
        for document in documents:
            lost += losses(document, "meta", "language")
            kept = _apart(document.spans)
            if len(kept) < len(document.spans):
                lost["mentions that overlap others"] += len(document.spans) - len(kept)
            lines, starts = _columns(document, kept)
            append("".join(f"{line}\n" for line in [*lines, ""]).encode())
            for edge in (*document.relations, *role_edges(document, schema)):
                if edge.head in starts and edge.tail in starts:
                    identity = json.dumps(document.id, ensure_ascii=False)
                    edges.append(f"{identity}\t{starts[edge.head]}\t{edge.label}\t{starts[edge.tail]}")
                else:
                    lost["edges of such mentions"] += 1
    with replacing(path.with_suffix(EDGES_SUFFIX)) as append:
        append("".join(f"{line}\n" for line in edges).encode())
    return lost


def read_conll(path: Path, schema: Schema) -> Iterator[Document]:
    """Reads columns, and the sidecar where there is one.

    Files of other origin, without offsets and comments, are read too: their text is the tokens with spaces between.

    Raises:
        FormatError: with file and line, where a line is no token.
    """
    edges = _read_edges(path.with_suffix(EDGES_SUFFIX))
    try:
        lines = path.read_bytes().decode().split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"cannot read: {error}", path) from None
    block: list[tuple[int, str]] = []
    count = 0
    for number, line in enumerate([*lines, ""], start=1):
        line = line.removesuffix("\r")
        if line.strip():
            block.append((number, line))
        elif block:
            count += 1
            yield _document(block, f"{path.stem}-{count}", edges, path, schema)
            block = []


def _apart(spans: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _columns(document: Document, spans: list[Span]) -> tuple[list[str], dict[str, int]]:
    values: dict[str, Any] = {"id": document.id, "lang": document.lang, "text": document.text, "meta": document.meta}
    lines = [
        f"# {key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value not in (None, {})
    ]
    waiting = iter(spans)
    span = next(waiting, None)
    for token in tokens(document):
        while span is not None and span.end <= token.start:
            span = next(waiting, None)
        tag = "O"
        if span is not None and span.start <= token.start:
            tag = f"{'B' if token.start == span.start else 'I'}-{span.label}"
        lines.append(f"{document.text[token.start : token.end]}\t{tag}\t{token.start}\t{token.end}")
    return lines, {span.id: span.start for span in spans}


def _read_edges(path: Path) -> dict[str, list[tuple[int, str, int]]]:
    found: dict[str, list[tuple[int, str, int]]] = {}
    if not path.is_file():
        return found
    for number, line in enumerate(path.read_bytes().decode().split("\n")[1:], start=2):
        if line.strip():
            try:
                identity, head, label, tail = line.removesuffix("\r").split("\t")
                found.setdefault(json.loads(identity), []).append((int(head), label, int(tail)))
            except ValueError:
                raise FormatError(f"{line!r} is not of the form {_HEADER!r}", path, number) from None
    return found


def _document(
    block: list[tuple[int, str]], default_id: str, edges: dict[str, list[tuple[int, str, int]]], path: Path,
    schema: Schema,
) -> Document:  # fmt: skip
    values: dict[str, Any] = {"id": default_id}
    rows: list[tuple[int, list[str]]] = []
    for number, line in block:
        key, equals, value = line.removeprefix("# ").partition(" = ")
        if line.startswith("# ") and equals:
            try:
                values[key] = json.loads(value)
            except ValueError:
                values[key] = value
        elif not line.startswith("#"):
            rows.append((number, line.split("\t") if "\t" in line else line.split()))
    words = [row[0] for _, row in rows]
    own_offsets = "text" in values
    text = values["text"] if own_offsets else " ".join(words)
    spans: list[Span] = []
    at = 0
    for number, row in rows:
        try:
            tag = row[1] if own_offsets else row[-1]
            start, end = (int(row[2]), int(row[3])) if own_offsets else (at, at + len(row[0]))
        except (ValueError, IndexError):
            raise FormatError(f"{row!r} is no line of token, tag and offsets", path, number) from None
        at = end + 1
        kind, _, label = tag.partition("-")
        if kind == "I" and spans and spans[-1].label == label:
            spans[-1] = spans[-1].__replace__(end=end)
        elif kind in ("B", "I"):
            spans.append(Span(id=f"T{len(spans) + 1}", start=start, end=end, label=label))
        elif tag != "O":
            raise FormatError(f"{tag!r} is no BIO tag", path, number)
    named = {span.start: span.id for span in spans}
    try:
        joined = [
            Relation(head=named[head], tail=named[tail], label=label)
            for head, label, tail in edges.get(values["id"], ())
        ]
        return document_of_edges(values, text, spans, joined, schema)
    except (KeyError, DocumentError) as error:
        raise FormatError(f"document {values['id']!r}: {error} does not fit its tokens", path, block[0][0]) from None
