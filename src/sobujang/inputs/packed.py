"""Bytes of files, gzipped (`.gz`) or not, and never more of them than a document can hold."""

from __future__ import annotations

import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

SUFFIX = ".gz"
# More text than any document has; a packed file may claim a thousand times its own size.
LIMIT = 128 * 1024 * 1024
_CHUNK = 1024 * 1024

# What reading a packed file that is damaged, or is no such file at all, may raise.
_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)


class UnreadableError(Exception):
    """A file that cannot be read; the message says why and how to mend it."""


def is_packed(path: Path) -> bool:
    """Whether the name says that the file is gzipped."""
    return path.suffix.lower() == SUFFIX


def ending(path: Path) -> str:
    """The ending that tells the format, in lower case: `.txt` of `News.TXT.gz`."""
    return (path.with_suffix("") if is_packed(path) else path).suffix.lower()


def without_ending(path: Path) -> Path:
    """The path without the endings that tell the format."""
    return (path.with_suffix("") if is_packed(path) else path).with_suffix("")


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Opens a file, unpacked as it is read.

    Raises:
        UnreadableError: it cannot be opened, or what is read turns out damaged.
    """
    try:
        with cast(BinaryIO, gzip.open(path)) if is_packed(path) else path.open("rb") as file:
            yield file
    except _DAMAGED as error:
        raise UnreadableError(f"damaged gzip file: {error}; fetch it again, or unpack what is left of it") from None
    except OSError as error:
        raise UnreadableError(f"cannot read: {error.strerror or error}") from None


def read_all(path: Path) -> bytes:
    """All bytes of a file.

    Raises:
        UnreadableError: it cannot be read, or is larger than `LIMIT`.
    """
    with opened(path) as file:
        content = file.read(LIMIT + 1)
    if len(content) > LIMIT:
        raise _too_large()
    return content


def read_lines(path: Path) -> Iterator[bytes]:
    """Lines of a file, their ends included.

    Raises:
        UnreadableError: it cannot be read, or a line is longer than `LIMIT`.
    """
    with opened(path) as file:
        while line := file.readline(LIMIT + 1):
            if len(line) > LIMIT:
                raise _too_large()
            yield line


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """A file that is not gzipped, for libraries that want a path: the file itself or, for the block, a copy.

    Raises:
        UnreadableError: it cannot be read, or is larger than `LIMIT`.
    """
    if not is_packed(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="sobujang-") as folder:
        copy = Path(folder, "unpacked").with_suffix(ending(path))
        left = LIMIT
        with opened(path) as file, copy.open("wb") as target:
            while chunk := file.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise _too_large()
                target.write(chunk)
        yield copy


def check_archive(path: Path) -> None:
    """Checks a file that is a zip archive of its own (`.docx`, `.hwpx`) before a library unpacks it.

    Raises:
        UnreadableError: it is no zip archive, or would unpack to more than `LIMIT`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except OSError as error:
        raise UnreadableError(f"cannot read: {error.strerror}") from None
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise UnreadableError(
            f"damaged, protected by a password, or of another format than its ending says ({error}); open it in its "
            "own program and save it again"
        ) from None
    if size > LIMIT:
        raise _too_large()


def _too_large() -> UnreadableError:
    return UnreadableError(f"holds more than {LIMIT // 1024**2} MB, more than a document; split it")
