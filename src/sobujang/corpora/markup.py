r"""Gold documents as people write them: mentions marked in the text, edges listed below it.

    id: ko-0001
    lang: ko
    kind: wire
    topic: connectors

    [한빛정밀]{COMPANY c1}은 [황동]{MATERIAL m1}으로 만든 [커넥터]{PART p1}를 …
    ----
    MAKES c1 -> p1
    MADE_OF p1 -> m1

A line `====` stands between two documents of a file. The roles of a frame are edges whose head is the cue.
In the body a backslash keeps the next character from being read as markup: `\\`, `\[`, `\]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sobujang.document import Comparison, Document, Relation, Span
from sobujang.errors import DocumentError, FormatError
from sobujang.schema import Schema

SUFFIX = ".markup"

# An escape first: a mention whose bracket is escaped is none.
_MARK = re.compile(r"\\(.)|\[((?:[^\[\]\\]|\\.)*)\]\{([^\s{}]+) ([^\s{}]+)\}", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
# What may stand where: a label or head is a word, a tail or mention id also holds no comma.
_LABEL = re.compile(r"[^\s{}]+")
_MENTION_ID = re.compile(r"[^\s{},]+")
_EDGE = re.compile(r"(\S+) (\S+) -> (\S+(?:, *\S+)*)")
_BETWEEN_DOCUMENTS = "===="
_ABOVE_EDGES = "----"
_RULES = (_BETWEEN_DOCUMENTS, _ABOVE_EDGES)
_OWN_KEYS = ("id", "lang")


def read_markup(path: str | Path, schema: Schema) -> list[Document]:
    """Reads the documents of a file.

    Raises:
        FormatError: with file and line, where the markup is broken or an edge names a mention that is not there.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8")
    except OSError as error:
        raise FormatError(f"cannot read: {error.strerror}", path) from None
    except UnicodeDecodeError as error:
        raise FormatError(f"not UTF-8 at byte {error.start}; save the file as UTF-8", path) from None
    # Universal newlines would turn carriage returns of a text into line breaks: only a file saved with CRLF is mended.
    if text.partition("\n")[0].endswith("\r"):
        text = text.replace("\r\n", "\n")
    return list(parse_markup(text, schema, path))


def parse_markup(text: str, schema: Schema, path: str | Path | None = None) -> Iterator[Document]:
    r"""Reads documents from a string; `path` only serves the messages.

    Example:
        >>> text = "id: a\n\n[Hanbit]{COMPANY c1} makes [valves]{PART p1}.\n----\nMAKES c1 -> p1\n"
        >>> doc = next(parse_markup(text, Schema.default()))
        >>> doc.text, doc.relations[0].label
        ('Hanbit makes valves.', 'MAKES')
    """
    lines = text.removeprefix("\ufeff").split("\n")
    start = 0
    for number, line in enumerate([*lines, _BETWEEN_DOCUMENTS]):
        if line == _BETWEEN_DOCUMENTS:
            if any(part.strip() for part in lines[start:number]):
                yield _parse_document(lines[start:number], schema, path, start + 1)
            start = number + 1


def _parse_document(lines: list[str], schema: Schema, path: str | Path | None, first_line: int) -> Document:
    try:
        blank = lines.index("")
        rule = lines.index(_ABOVE_EDGES, blank)
    except ValueError:
        raise FormatError(
            f"a document needs header lines, an empty line, its text, and a line {_ABOVE_EDGES} above its edges",
            path, first_line,
        ) from None  # fmt: skip
    header = {}
    for offset, line in enumerate(lines[:blank]):
        key, colon, value = line.partition(":")
        if not colon:
            raise FormatError(f"header line {line!r} is not of the form 'key: value'", path, first_line + offset)
        header[key.strip()] = value.strip()
    if "id" not in header:
        raise FormatError("the header has no 'id:' line", path, first_line)
    text, spans = _parse_body("\n".join(lines[blank + 1 : rule]), path, first_line + blank + 1)
    labels = {span.id: span.label for span in spans}
    if len(labels) != len(spans):
        ids = [span.id for span in spans]
        twice = next(i for i in ids if ids.count(i) > 1)
        raise FormatError(f"document {header['id']}: mention id {twice!r} stands twice", path, first_line)
    edges: list[Relation] = []
    for offset, line in enumerate(lines[rule + 1 :], start=rule + 1):
        if line.strip():
            edges += _parse_edge(line, labels, path, first_line + offset)
    relations, comparisons = assemble_edges(edges, labels, schema)
    try:
        return Document(
            id=header["id"],
            lang=header.get("lang"),  # type: ignore[arg-type]  # checked on construction
            text=text,
            meta={key: value for key, value in header.items() if key not in _OWN_KEYS},
            spans=tuple(spans),
            relations=relations,
            comparisons=comparisons,
        )
    except DocumentError as error:
        raise FormatError(str(error), path, first_line) from None


def _parse_body(body: str, path: str | Path | None, first_line: int) -> tuple[str, list[Span]]:
    body = "\n".join(line[1:] if line[:1] == "\\" and line[1:] in _RULES else line for line in body.split("\n"))
    parts: list[str] = []
    spans: list[Span] = []
    length = at = 0
    for match in _MARK.finditer(body):
        escaped, surface, label, span_id = match.groups()
        plain = escaped if surface is None else _ESCAPE.sub(r"\1", surface)
        before = body[at : match.start()]
        length += len(before)
        if surface is not None:
            if not plain.strip():
                line = first_line + body.count("\n", 0, match.start())
                raise FormatError(f"mention {span_id!r} is empty", path, line)
            spans.append(Span(id=span_id, start=length, end=length + len(plain), label=label, text=plain))
        length += len(plain)
        parts += [before, plain]
        at = match.end()
    parts.append(body[at:])
    return "".join(parts), spans


def _parse_edge(line: str, labels: dict[str, str], path: str | Path | None, number: int) -> Iterator[Relation]:
    match = _EDGE.fullmatch(line.strip())
    if match is None:
        raise FormatError(f"{line!r} is not of the form 'LABEL head -> tail, tail'", path, number)
    label, head, tails = match.groups()
    for tail in re.split(r", *", tails):
        for end in (head, tail):
            if end not in labels:
                raise FormatError(f"{line!r} names mention {end!r}, which the text does not mark", path, number)
        yield Relation(head=head, tail=tail, label=label)


def assemble_edges(
    edges: Iterable[Relation], labels: dict[str, str], schema: Schema
) -> tuple[tuple[Relation, ...], tuple[Comparison, ...]]:
    """Sorts edges into relations and frames: one comparison for each cue among the mentions, with its roles.

    Args:
        edges: relations and roles alike, as they are written.
        labels: mention labels by id, in text order.
        schema: tells roles and cues from the rest; price fields are left to `sobujang.prices`.

    Returns:
        Relations and comparisons. A role whose head is no cue of its frame stays among the relations, where the audit
        names it, rather than being lost.
    """
    edges = list(edges)
    frames = {i: frame for i, label in labels.items() if (frame := schema.frame_of_cue.get(label)) is not None}
    comparisons = []
    for cue, frame in frames.items():
        filled = {
            role.lower(): tuple(e.tail for e in edges if e.head == cue and e.label == role) for role in frame.roles
        }
        comparisons.append(Comparison(cue=cue, direction=frame.cues[labels[cue]], roles=filled))
    relations = (e for e in edges if e.head not in frames or e.label not in frames[e.head].roles)
    return tuple(relations), tuple(comparisons)


def role_edges(document: Document, schema: Schema) -> Iterator[Relation]:
    """The role edges of a document's comparisons: what `assemble_edges` took apart."""
    for comparison in document.comparisons:
        frame = schema.frame_of_cue.get(document.span_by_id[comparison.cue].label)
        names = {role.lower(): role for role in frame.roles} if frame else {}
        for role, tails in comparison.roles.items():
            for tail in tails:
                yield Relation(head=comparison.cue, tail=tail, label=names.get(role, role.upper()))


def format_markup(documents: Iterable[Document], schema: Schema) -> str:
    """Writes documents so that `parse_markup` reads them back. Meta values are written as text.

    Raises:
        DocumentError: inline markup cannot show the document: two mentions overlap, a mention is white space, a label
            or id holds a character that the markup needs, or a header value a line break.
    """
    return f"{_BETWEEN_DOCUMENTS}\n".join(_format_document(document, schema) for document in documents)


def _format_document(document: Document, schema: Schema) -> str:
    parts: list[str] = []
    at = 0
    for span in sorted(document.spans, key=lambda s: s.start):
        surface = document.text[span.start : span.end]
        if span.start < at:
            raise DocumentError(f"document {document.id!r}: span {span.id!r} overlaps the one before it")
        if not surface.strip():
            raise DocumentError(f"document {document.id!r}: span {span.id!r} covers only white space")
        _check_word(document, "label", span.label, _LABEL)
        _check_word(document, "span id", span.id, _MENTION_ID)
        escaped = re.sub(r"([\\\[\]])", r"\\\1", surface)
        parts += [_escape_plain(document.text[at : span.start]), f"[{escaped}]{{{span.label} {span.id}}}"]
        at = span.end
    parts.append(_escape_plain(document.text[at:]))
    body = "\n".join("\\" + line if line in _RULES else line for line in "".join(parts).split("\n"))
    edges = [*document.relations, *role_edges(document, schema)]
    for edge in edges:
        _check_word(document, "label", edge.label, _LABEL)
    lines = [f"{e.label} {e.head} -> {e.tail}" for e in edges]
    return "\n".join([*_format_header(document), "", body, _ABOVE_EDGES, *lines, ""])


def _format_header(document: Document) -> Iterator[str]:
    for key in document.meta:
        if key in _OWN_KEYS or ":" in key or "\n" in key or key != key.strip():
            raise DocumentError(f"document {document.id!r}: meta key {key!r} cannot stand in a header; rename it")
    for key, value in {"id": document.id, "lang": document.lang, **document.meta}.items():
        text = str(value)
        if "\n" in text or text != text.strip():
            raise DocumentError(
                f"document {document.id!r}: {key} {text!r} cannot stand in a header line; "
                "take out its line breaks and outer white space"
            )
        if value is not None:
            yield f"{key}: {text}"


def _check_word(document: Document, what: str, word: str, form: re.Pattern[str]) -> None:
    if not form.fullmatch(word):
        raise DocumentError(
            f"document {document.id!r}: {what} {word!r} holds a character that the markup needs; rename it"
        )


def _escape_plain(text: str) -> str:
    """Escapes what would read as markup; an ordinary `[서울=통신]` stays as it is."""
    return re.sub(r"\](?=\{)", r"\\]", text.replace("\\", "\\\\"))
