"""Files that are whole or not there: a run that is cut off leaves the old file as it was."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from sobujang.errors import FormatError


def write_atomically(path: str | Path, chunks: Iterable[bytes]) -> None:
    """Writes beside `path` and puts the finished file in its place.

    Args:
        path: the file to write; its folder must exist.
        chunks: what to write, taken one by one.

    Raises:
        FormatError: the place cannot be written to. Errors of `chunks` pass through; either way no part is left behind.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp(), "a.txt")
        >>> write_atomically(path, [b"one ", b"two"])
        >>> path.read_text(), [entry.name for entry in path.parent.iterdir()]
        ('one two', ['a.txt'])
    """
    path = Path(path)
    # The same folder, hence the same file system: only there is a rename one step. `tempfile` would make it private.
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        file = partial.open("xb")
    except OSError as error:
        raise FormatError(f"cannot write: {error.strerror}", path) from None
    try:
        with file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise FormatError(f"cannot write: {error.strerror}", path) from None
    finally:
        partial.unlink(missing_ok=True)
