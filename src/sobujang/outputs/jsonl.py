"""Records as JSON, one object a line: the form that everything here writes and reads back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sobujang.document import Document
from sobujang.errors import DocumentError, FormatError
from sobujang.outputs.files import replacing


@contextmanager
def record_writer(path: str | Path) -> Iterator[Callable[[Document], None]]:
    """Opens a file for records; the block gets a function that writes one.

    The file appears under its name when the block ends. Each line is handed to the system at once, so that whatever
    ends the run leaves all records up to then in `<path>.part`.

    Raises:
        OutputError: the file cannot be written.

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
        yield lambda document: append(document.to_json() + b"\n")


def write_records(documents: Iterable[Document], path: str | Path) -> None:
    """Writes records in the order given.

    Raises:
        OutputError: the file cannot be written.
    """
    with record_writer(path) as write:
        for document in documents:
            write(document)


def read_records(path: str | Path) -> Iterator[Document]:
    """Reads what was written, lazily; empty lines are passed over.

    Raises:
        FormatError: the file cannot be read or, with its line, a record is broken.
    """
    path = Path(path)
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    try:
                        yield Document.from_json(line)
                    except DocumentError as error:
                        raise FormatError(str(error), path, number) from None
    except OSError as error:
        raise FormatError(f"cannot read: {error.strerror}", path) from None
