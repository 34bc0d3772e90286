"""Files that appear whole or not at all: written beside their target and moved into place at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sobujang.errors import OutputError

PART_SUFFIX = ".part"


@contextmanager
def replacing(path: str | Path) -> Iterator[Callable[[bytes], None]]:
    """Opens a file that takes the place of `path` when the block ends; the block gets a function that appends to it.

    Until then the file is `<path>.part`, and what is appended is handed to the system at once. When the block ends by
    an exception, what was appended stays there, and the exception gets a note that says so. Folders that are not there
    are made.

    Raises:
        OutputError: the file cannot be written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "out", "x.txt")
        ...     with replacing(path) as append:
        ...         append(b"whole")
        ...     path.read_bytes(), [p.name for p in path.parent.iterdir()]
        (b'whole', ['x.txt'])
    """
    path = Path(path)
    part = path.with_name(path.name + PART_SUFFIX)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        # Without a buffer: what is appended is in the system's hands, and closing cannot fail for it.
        file = part.open("wb", buffering=0)
    except OSError as error:
        raise OutputError(f"{path}: cannot write: {error.strerror}; name another place") from None

    begun = False

    def append(content: bytes) -> None:
        nonlocal begun
        rest = memoryview(content)
        try:
            while rest:
                rest = rest[file.write(rest) :]
                begun = True
        except OSError as error:
            raise OutputError(f"{path}: cannot write: {error.strerror}") from None

    try:
        with file:
            yield append
            try:
                os.fsync(file.fileno())
            except OSError as error:
                raise OutputError(f"{path}: cannot write: {error.strerror}") from None
        _move(part, path)
    except BaseException as error:
        if begun:
            error.add_note(f"what was written so far is in {part}")
        else:
            part.unlink(missing_ok=True)
        raise


def _move(part: Path, path: Path) -> None:
    try:
        part.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot write: {error.strerror}") from None
