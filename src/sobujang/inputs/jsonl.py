"""One JSON object a line (`.jsonl`): `text`, and where there are any `id`, `lang` and other keys, which go to the meta.

A file of records is read too: its annotation is left out. A line that cannot be used is one failed document.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from pathlib import Path

from sobujang.document import Document
from sobujang.errors import DocumentError
from sobujang.inputs.encodings import EncodingError, decode
from sobujang.inputs.failed import FailedDocument
from sobujang.inputs.options import ReadOptions
from sobujang.inputs.packed import UnreadableError, read_lines
from sobujang.inputs.rows import document_of_row, example, json_type, without_surrogates


def read_jsonl(path: Path, name: str, options: ReadOptions) -> Iterator[Document | FailedDocument]:
    r"""Reads a file line by line; empty lines count but are no documents.

    Args:
        path: the file.
        name: with the line's number the id of a document that brings none: `news-3`.
        options: encoding of the file (a byte order mark of UTF-8 is left out), and the key of the text.

    Raises:
        UnreadableError: the file cannot be read.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "news.jsonl")
        ...     _ = path.write_text('{"text": "a", "page": 7}\n[]\n', encoding="utf-8")
        ...     good, bad = read_jsonl(path, "news", ReadOptions())
        >>> good.id, good.meta, bad.reason
        ('news-1', {'page': 7}, 'an array, not an object; write {"text": "…", "id": "…"}')
    """
    encoding = options.encoding or "utf-8"  # JSON is UTF-8 where nobody says otherwise
    if "\n".encode(codecs.lookup(encoding).name.removesuffix("-sig")) != b"\n":
        yield FailedDocument(
            str(path), f"{encoding} has no lines of single bytes; convert it: iconv -f {encoding} -t utf-8 {path}"
        )
        return
    offset = 0
    for number, line in enumerate(read_lines(path), start=1):
        if line.strip():
            source = f"{path}:{number}"
            try:
                yield _read_line(decode(line, encoding, path, offset), f"{name}-{number}", options.text_column)
            except (EncodingError, DocumentError) as error:
                yield FailedDocument(source, str(error))
        offset += len(line)


def count_lines(path: Path) -> int:
    """How many documents, failed ones included, `read_jsonl` will yield; 1 where the file cannot be read."""
    try:
        return sum(1 for line in read_lines(path) if line.strip())
    except UnreadableError:
        return 1


def _read_line(line: str, default_id: str, text_column: str) -> Document:
    try:
        values = json.loads(line)
    except json.JSONDecodeError as error:
        raise DocumentError(f"not JSON at column {error.colno}: {error.msg}; write {example(text_column)}") from None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, thousands of brackets
        raise DocumentError(f"not JSON that can be read: {error}") from None
    if not isinstance(values, dict):
        raise DocumentError(f"{json_type(values)}, not an object; write {example(text_column)}")
    return document_of_row(without_surrogates(values), default_id, text_column)
