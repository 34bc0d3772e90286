"""One JSON object a line (`.jsonl`): `text`, and where there are any `id`, `lang` and other keys, which go to the meta.

A file of records is read too: its annotation is left out. A line that cannot be used is one failed document.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sobujang.document import Document, clean_text
from sobujang.errors import DocumentError
from sobujang.inputs.failed import FailedDocument
from sobujang.inputs.text_files import wrong_encoding

_OWN_KEYS = frozenset(Document.__struct_fields__)
_EXAMPLE = '{"text": "…", "id": "…"}'


def read_jsonl(path: Path, name: str, encoding: str) -> Iterator[Document | FailedDocument]:
    r"""Reads a file line by line; empty lines count but are no documents.

    Args:
        path: the file.
        name: with the line's number the id of a document that brings none: `news-3`.
        encoding: of the file; a byte order mark of UTF-8 is left out.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "news.jsonl")
        ...     _ = path.write_text('{"text": "a", "page": 7}\n[]\n', encoding="utf-8")
        ...     good, bad = read_jsonl(path, "news", "utf-8")
        >>> good.id, good.meta, bad.reason
        ('news-1', {'page': 7}, 'an array, not an object; write {"text": "…", "id": "…"}')
    """
    if "\n".encode(codecs.lookup(encoding).name.removesuffix("-sig")) != b"\n":
        yield FailedDocument(
            str(path), f"{encoding} has no lines of single bytes; convert it: iconv -f {encoding} -t utf-8 {path}"
        )
        return
    offset = 0
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _read_line(line, path, name, number, encoding, offset)
                offset += len(line)
    except OSError as error:
        yield FailedDocument(str(path), f"cannot read: {error.strerror}")


def count_lines(path: Path) -> int:
    """How many documents, failed ones included, `read_jsonl` will yield; 1 where the file cannot be read."""
    try:
        with path.open("rb") as lines:
            return sum(1 for line in lines if line.strip())
    except OSError:
        return 1


def _read_line(
    line: bytes, path: Path, name: str, number: int, encoding: str, offset: int
) -> Document | FailedDocument:
    source = f"{path}:{number}"
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError as error:
        return FailedDocument(source, wrong_encoding(path, line, encoding, offset + error.start))
    try:
        values = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        return FailedDocument(source, f"not JSON at column {error.colno}: {error.msg}; write {_EXAMPLE}")
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, thousands of brackets
        return FailedDocument(source, f"not JSON that can be read: {error}")
    if not isinstance(values, dict):
        return FailedDocument(source, f"{_json_type(values)}, not an object; write {_EXAMPLE}")
    try:
        return _as_document(_without_surrogates(values), f"{name}-{number}")
    except DocumentError as error:
        return FailedDocument(source, str(error))


def _as_document(values: Mapping[str, Any], default_id: str) -> Document:
    if "text" not in values:
        keys = ", ".join(map(repr, values)) or "none"
        raise DocumentError(f"has no 'text' (its keys: {keys}); write {_EXAMPLE}")
    text = values["text"]
    if not isinstance(text, str):
        raise DocumentError(f"'text' is {_json_type(text)}, not a string; write {_EXAMPLE}")
    own_id = values.get("id")
    if own_id is None:
        own_id = default_id
    elif isinstance(own_id, bool) or not isinstance(own_id, str | int) or own_id == "":
        raise DocumentError(f"'id' is {_json_type(own_id)}; give a string or a whole number, or leave it out")
    # A record brings its meta as an object; any other file may have a key of that name.
    meta = values.get("meta", {})
    meta = dict(meta) if isinstance(meta, dict) else {"meta": meta}
    meta.update((key, value) for key, value in values.items() if key not in _OWN_KEYS)
    return Document(id=str(own_id), text=text, lang=values.get("lang"), meta=meta)


def _without_surrogates(values: dict[str, Any]) -> dict[str, Any]:
    r"""Half of a pair, as in `"\ud800"`, is legal JSON but no character; it becomes U+FFFD wherever it stands."""
    text = json.dumps(values, ensure_ascii=False)
    cleaned = clean_text(text)
    return values if cleaned == text else dict(json.loads(cleaned))


def _json_type(value: object) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return "a string" if value else "an empty string"
    if isinstance(value, int | float):
        return "a number"
    return "an array" if isinstance(value, list) else "an object"
