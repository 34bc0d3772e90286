"""What a run has annotated so far, so that one that was killed goes on where it ended.

A journal is a file of records, `<output>.part`, and the name of what made them beside it. A run that starts again finds
in it what the one before it has done, and takes that in place of annotating once more, as long as the same text stands
under the same id. The file always holds what an undisturbed run would have written up to there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sobujang.document import Document, clean_text
from sobujang.errors import DocumentError, OutputError
from sobujang.outputs.files import PART_SUFFIX
from sobujang.outputs.jsonl import format_record, read_records

_MADE_BY_SUFFIX = ".by"


class Journal:
    """Records in the order in which they were made; `open_journal` makes one.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        """Takes over a file opened for reading and writing, whose last line may be cut off."""
        self.path = path
        self._file = file
        # Where each record that the run before this one made stands, and how long it is.
        self._done: dict[str, tuple[int, int]] = {}
        self._end = self._at = 0
        with path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                try:
                    record = Document.from_json(line)
                except DocumentError:
                    break  # all that follows is not to be trusted either
                self._done[record.id] = self._end, len(line)
                self._end += len(line)

    def __bool__(self) -> bool:
        """Whether there is any record in it."""
        return self._end > 0

    def find(self, document: Document) -> Document | None:
        """The record that an earlier run made of this document: same id, text, language and meta."""
        if document.id not in self._done:
            return None
        at, length = self._done[document.id]
        self._file.seek(at)
        record = Document.from_json(self._file.read(length))
        same = (record.text, record.meta) == (clean_text(document.text), document.meta)
        return record if same and document.lang in (None, record.lang) else None

    def write(self, record: Document) -> None:
        """Appends a record, unless it stands there already; what stands there in its place is cut off.

        Raises:
            OutputError: the file cannot be written.
            DocumentError: the record holds a lone surrogate, which no UTF-8 file can hold.
        """
        line = format_record(record)
        if self._done.get(record.id, (None,))[0] == self._at:
            self._file.seek(self._at)
            if self._file.read(len(line)) == line:
                self._at += len(line)
                return
        try:
            if self._at < self._end:
                self._file.truncate(self._at)
                self._done = {key: place for key, place in self._done.items() if place[0] < self._at}
            self._file.seek(self._at)
            rest = memoryview(line)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            raise OutputError(f"{self.path}: cannot write: {error.strerror}") from None
        self._at += len(line)
        self._end = self._at

    def records(self) -> Iterator[Document]:
        """All records written, from the first."""
        return read_records(self.path)

    def finish(self) -> None:
        """Cuts off what an earlier run wrote and this one did not, and waits until all is on the disk.

        Raises:
            OutputError: the file cannot be written.
        """
        try:
            self._file.truncate(self._at)
            os.fsync(self._file.fileno())
        except OSError as error:
            raise OutputError(f"{self.path}: cannot write: {error.strerror}") from None


@contextmanager
def open_journal(output: str | Path, made_by: str) -> Iterator[Journal]:
    """Opens the journal of an output, with what an earlier run left in it.

    When the block ends by an exception the journal stays, and the exception gets a note that says so.

    Args:
        output: the file that it becomes when `keep` or `drop` of this module ends it.
        made_by: what makes the records; those that anything else made are dropped.

    Raises:
        OutputError: the file cannot be written.

    Example:
        >>> import tempfile
        >>> news = Document(id="d1", text="Hanbit makes valves.", lang="en")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     for run in ("first", "second"):
        ...         with open_journal(Path(folder, "x.jsonl"), "model 1") as journal:
        ...             print(run, journal.find(news) is not None)
        ...             journal.write(news)
        first False
        second True
    """
    output = Path(output)
    part = output.with_name(output.name + PART_SUFFIX)
    maker = part.with_name(part.name + _MADE_BY_SUFFIX)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        if output.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        if not (maker.is_file() and maker.read_text(encoding="utf-8") == made_by):
            part.unlink(missing_ok=True)
            maker.write_text(made_by, encoding="utf-8")
        # Without a buffer: what is written is in the system's hands, and closing cannot fail for it.
        file = part.open("r+b" if part.exists() else "w+b", buffering=0)
    except OSError as error:
        raise OutputError(f"{output}: cannot write: {error.strerror}; name another place") from None
    with file:
        journal = Journal(part, file)
        try:
            yield journal
        except BaseException as error:
            if journal:
                error.add_note(f"what was written so far is in {part}; the same command goes on from there")
            else:
                close_journal(output, keep=False)
            raise


def close_journal(output: str | Path, *, keep: bool) -> None:
    """Ends the journal of an output: it becomes the output, or goes.

    Raises:
        OutputError: the file cannot be moved.
    """
    output = Path(output)
    part = output.with_name(output.name + PART_SUFFIX)
    try:
        if keep:
            part.replace(output)
        else:
            part.unlink(missing_ok=True)
        part.with_name(part.name + _MADE_BY_SUFFIX).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{output}: cannot write: {error.strerror}") from None
