"""Records on disk: one JSON object a line (`.jsonl`, UTF-8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sobujang.corpora.atomic import write_atomically
from sobujang.document import Document
from sobujang.errors import DocumentError, FormatError

SUFFIX = ".jsonl"

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_records(path: str | Path) -> Iterator[Document]:
    """Reads records one by one, so that a file may be larger than memory. Empty lines are skipped.

    Raises:
        FormatError: with file and line, where a line is not UTF-8, no JSON object or no valid record; with the file
            where it cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            for number, line in enumerate(file, start=1):
                if number == 1:
                    line = line.removeprefix(_BYTE_ORDER_MARK)
                if line.strip():
                    yield _parse_record(line, path, number)
    except OSError as error:
        raise FormatError(f"cannot read: {error.strerror}", path) from None


def _parse_record(line: bytes, path: str | Path, number: int) -> Document:
    try:
        return Document.from_json(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise FormatError(
            f"not UTF-8 at byte {error.start} of the line; save the file as UTF-8", path, number
        ) from None
    except DocumentError as error:
        raise FormatError(str(error), path, number) from None


def write_records(path: str | Path, documents: Iterable[Document]) -> None:
    """Writes records, taking them one by one; the file appears, or is replaced, when all are written.

    Raises:
        FormatError: the place cannot be written to.
        DocumentError: a text holds a lone surrogate, which no UTF-8 file can hold.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp(), "gold.jsonl")
        >>> write_records(path, [Document(id="a", text="한빛정밀은 커넥터를 만든다.")])
        >>> [document.text for document in read_records(path)]
        ['한빛정밀은 커넥터를 만든다.']
    """
    write_atomically(path, (_format_record(document) for document in documents))


def _format_record(document: Document) -> bytes:
    try:
        return document.to_json() + b"\n"
    except UnicodeEncodeError:
        raise DocumentError(
            f"document {document.id!r} holds a lone surrogate, which UTF-8 cannot; pass its text through clean_text"
        ) from None
