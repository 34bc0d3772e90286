"""brat standoff: a folder with `<id>.txt`, `<id>.ann`, and the configuration that brat needs to show them.

Mentions are text-bound annotations, relations and coreference binary relations, frames events whose trigger is the cue.
Ids and scores stand in the annotator notes, which brat keeps as they are. See https://brat.nlplab.org/standoff.html.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sobujang.document import Comparison, Document, Relation, Span
from sobujang.errors import DocumentError, FormatError
from sobujang.interchange.parts import Lost, losses
from sobujang.outputs.files import replacing
from sobujang.prices import with_price
from sobujang.schema import Schema

_NOTE = "AnnotatorNotes"
_EVENT_ARGUMENT = re.compile(r"(.+?)\d*:(\S+)")


def write_brat(folder: Path, documents: Iterable[Document], schema: Schema) -> Lost:
    """Writes documents and configuration into a folder.

    Returns:
        What brat cannot carry.

    Raises:
        OutputError: a file cannot be written.
    """
    lost: Lost = Counter()
    for name, content in (("annotation.conf", _annotation_conf(schema)), ("visual.conf", _visual_conf(schema))):
        _write(folder / name, content)
    for document in documents:
        lost += losses(document, "scores")
        stem = quote(document.id, safe=" ")
        _write(folder / f"{stem}.txt", document.text)
        _write(folder / f"{stem}.ann", "".join(f"{line}\n" for line in _lines(document, schema)))
    return lost


def read_brat(folder: Path, schema: Schema) -> Iterator[Document]:
    """Reads the documents of a folder, whoever annotated them.

    Raises:
        FormatError: with file and line, where an annotation is broken.
    """
    files = sorted(folder.glob("*.ann"))
    if not files:
        raise FormatError("holds no .ann file; give a folder of brat documents", folder)
    for file in files:
        text_file = file.with_suffix(".txt")
        try:
            text = text_file.read_bytes().decode()
            lines = file.read_bytes().decode().split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise FormatError(f"cannot read the document: {error}", file) from None
        yield _parse(unquote(file.stem), text, lines, file, schema)


def _write(path: Path, content: str) -> None:
    with replacing(path) as append:
        append(content.encode())


def _lines(document: Document, schema: Schema) -> Iterator[str]:
    names = {span.id: f"T{number}" for number, span in enumerate(document.spans, start=1)}
    notes: list[tuple[str, dict[str, Any]]] = []
    for span in document.spans:
        surface = document.text[span.start : span.end]
        # A mention over a line break is one of several pieces, for the file has a line for each.
        pieces = [(m.start() + span.start, m.end() + span.start) for m in re.finditer(r"[^\n]+", surface)]
        offsets = ";".join(f"{start} {end}" for start, end in pieces)
        yield f"{names[span.id]}\t{span.label} {offsets}\t{' '.join(document.text[s:e] for s, e in pieces)}"
        notes.append((names[span.id], {"id": span.id, "score": span.score}))
    for number, relation in enumerate(document.relations, start=1):
        yield f"R{number}\t{relation.label} Arg1:{names[relation.head]} Arg2:{names[relation.tail]}"
        notes.append((f"R{number}", {"score": relation.score}))
    for number, comparison in enumerate(document.comparisons, start=1):
        label = document.span_by_id[comparison.cue].label
        frame = schema.frame_of_cue.get(label)
        roles = {role.lower(): role for role in frame.roles} if frame else {}
        filled = [
            f"{roles.get(role, role.upper())}{place if place > 1 else ''}:{names[span_id]}"
            for role, ids in comparison.roles.items()
            for place, span_id in enumerate(ids, start=1)
        ]
        yield f"E{number}\t{' '.join([f'{label}:{names[comparison.cue]}', *filled])}"
        notes.append((f"E{number}", {"score": comparison.score}))
    for number, (target, values) in enumerate(notes, start=1):
        kept = {key: value for key, value in values.items() if value is not None and value != target}
        if kept:
            yield f"#{number}\t{_NOTE} {target}\t{json.dumps(kept, ensure_ascii=False)}"


def _parse(document_id: str, text: str, lines: list[str], path: Path, schema: Schema) -> Document:
    notes: dict[str, dict[str, Any]] = defaultdict(dict)
    parsed: list[tuple[int, str, list[str], str]] = []
    for number, line in enumerate(lines, start=1):
        name, _, rest = line.rstrip("\r").partition("\t")
        kind, _, comment = rest.partition("\t")
        if name.startswith("#"):
            notes[kind.partition(" ")[2]] |= _own_note(comment)
        elif name[:1] in ("T", "R", "E"):
            parsed.append((number, name, kind.split(" "), comment))
    spans, relations, comparisons = [], [], []
    number = 1
    ids = {name: str(notes[name].get("id", name)) for _, name, _, _ in parsed}
    try:
        for number, name, parts, _ in parsed:  # noqa: B007 - the message below names the line that failed
            note = notes[name]
            if name[0] == "T":
                offsets = [int(offset) for piece in " ".join(parts[1:]).split(";") for offset in piece.split(" ")]
                span = Span(id=ids[name], start=offsets[0], end=offsets[-1], label=parts[0], score=note.get("score"))
                spans.append(span)
            elif name[0] == "R":
                head, tail = (ids[end.partition(":")[2]] for end in parts[1:3])
                relations.append(Relation(head=head, tail=tail, label=parts[0], score=note.get("score")))
            else:
                comparisons.append(_comparison([p for p in parts if p], ids, schema, note.get("score")))
        document = Document(
            id=document_id, text=text, spans=tuple(spans), relations=tuple(relations), comparisons=tuple(comparisons)
        )
    except (ValueError, KeyError, IndexError) as error:
        raise FormatError(f"{lines[number - 1]!r} is no annotation of brat ({error})", path, number) from None
    except DocumentError as error:
        raise FormatError(str(error), path) from None
    return with_price(document, schema)


def _comparison(parts: list[str], ids: dict[str, str], schema: Schema, score: float | None) -> Comparison:
    label, _, trigger = parts[0].partition(":")
    frame = schema.frame_of_cue[label]
    roles: dict[str, list[str]] = {role.lower(): [] for role in frame.roles}
    for part in parts[1:]:
        match = _EVENT_ARGUMENT.fullmatch(part)
        if match is None:
            raise ValueError(part)
        roles[match[1].lower()].append(ids[match[2]])
    filled = {role: tuple(tails) for role, tails in roles.items()}
    return Comparison(cue=ids[trigger], direction=frame.cues[label], roles=filled, score=score)


def _own_note(comment: str) -> dict[str, Any]:
    """Ids and scores that `write_brat` noted; what an annotator notes is left alone."""
    try:
        values = json.loads(comment)
    except ValueError:
        return {}
    return values if isinstance(values, dict) and values.keys() <= {"id", "score"} else {}


def _annotation_conf(schema: Schema) -> str:
    cues = schema.frame_of_cue
    lines = ["[entities]", *(label for label in schema.mentions if label not in cues), "", "[relations]"]
    for edge in schema.edges:
        if edge.kind != "role":
            lines.append(f"{edge.label}\tArg1:{'|'.join(sorted(edge.heads))}, Arg2:{'|'.join(sorted(edge.tails))}")
    lines += ["", "[events]"]
    for cue, frame in cues.items():
        # `+` and `*`: at least one, any number.
        roles = [
            f"{role}{'+' if declared.required else '*'}:{'|'.join(declared.tail)}"
            for role, declared in frame.roles.items()
        ]
        lines.append(f"{cue}\t{', '.join(roles)}")
    return "\n".join([*lines, "", "[attributes]", ""])


def _visual_conf(schema: Schema) -> str:
    names = [f"{label} | {label}" for label in schema.mentions]
    drawn = [f"{label}\tbgColor:{mention.color}" for label, mention in schema.mentions.items()]
    return "\n".join(["[labels]", *names, "", "[drawing]", *drawn, ""])
