"""Records as JSON, one object a line (`.jsonl`, UTF-8): the form that everything here writes and reads back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sobujang.document import Document
from sobujang.errors import DocumentError, FormatError
from sobujang.outputs.files import replacing

SUFFIX = ".jsonl"

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@contextmanager
def record_writer(path: str | Path) -> Iterator[Callable[[Document], None]]:
    """Opens a file for records; the block gets a function that writes one.

    The file appears under its name when the block ends. Each line is handed to the system at once, so that whatever
    ends the run leaves all records up to then in `<path>.part`.

    Raises:
        OutputError: the file cannot be written.
        DocumentError: a document holds a lone surrogate, which no UTF-8 file can hold.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "records.jsonl")
        ...     with record_writer(path) as write:
        ...         write(Document(id="d1", text="Hanbit makes valves."))
        ...     [document.id for document in read_records(path)]
        ['d1']
    """
    with replacing(path) as append:
        yield lambda document: append(format_record(document))


def write_records(path: str | Path, documents: Iterable[Document]) -> None:
    """Writes records in the order given, taking them one by one.

    Raises:
        OutputError: the file cannot be written.
        DocumentError: a document holds a lone surrogate, which no UTF-8 file can hold.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "gold.jsonl")
        ...     write_records(path, [Document(id="a", text="한빛정밀은 커넥터를 만든다.")])
        ...     [document.text for document in read_records(path)]
        ['한빛정밀은 커넥터를 만든다.']
    """
    with record_writer(path) as write:
        for document in documents:
            write(document)


def format_record(document: Document) -> bytes:
    """The line of a record.

    Raises:
        DocumentError: it holds a lone surrogate, which no UTF-8 file can hold.
    """
    try:
        return document.to_json() + b"\n"
    except UnicodeEncodeError:
        raise DocumentError(
            f"document {document.id!r} holds a lone surrogate, which UTF-8 cannot; pass its text through clean_text"
        ) from None


def read_records(path: str | Path) -> Iterator[Document]:
    """Reads records one by one, so that a file may be larger than memory. Empty lines are skipped.

    Raises:
        FormatError: with file and line, where a line is not UTF-8, no JSON object or no valid record; with the file
            where it cannot be read.
    """
    try:
        with Path(path).open("rb") as lines:
            for number, line in enumerate(lines, start=1):
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
