"""From paths to documents: files, folders and patterns, expanded and read in order by the format of each ending."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sobujang.document import Document, clean_text
from sobujang.errors import InputError
from sobujang.inputs.failed import FailedDocument
from sobujang.inputs.jsonl import count_lines, read_jsonl
from sobujang.inputs.text_files import read_text_file


@dataclass(frozen=True, slots=True)
class Format:
    """How files of one ending are read.

    Attributes:
        read: takes path, name and encoding; yields documents.
        count: tells how many documents a file holds, where that is not one.
    """

    read: Callable[[Path, str, str], Iterator[Document | FailedDocument]]
    count: Callable[[Path], int] | None = None


_FORMATS = {
    ".txt": Format(read_text_file),
    ".md": Format(read_text_file),
    ".jsonl": Format(read_jsonl, count_lines),
}
_WILDCARDS = frozenset("*?[")


class Source(NamedTuple):
    """A file to read, and the name that its documents get: its path in the folder given, without ending."""

    path: Path
    name: str


@dataclass(slots=True)
class Sources:
    """What `find_sources` found.

    Attributes:
        files: to be read, in order.
        skipped: how many files of a folder have an ending that is not read, by ending.
    """

    files: list[Source] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def find_sources(paths: Iterable[str | Path], exclude: Collection[Path] = ()) -> Sources:
    """Finds the files that paths stand for.

    A folder stands for all files in it at any depth that can be read, sorted, without hidden ones. A pattern
    (`'news/**/*.txt'`) stands for the files that match. A file given by name is kept whatever its ending is, so that
    reading it says what is wrong. A file found twice is read once.

    Args:
        paths: files, folders, patterns.
        exclude: files that are left out of folders and patterns: what the run itself writes.

    Raises:
        InputError: a path is not there, nothing is found, or a file given by name is among `exclude`.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Path(folder, "b").mkdir()
        ...     for name in ("b/x.txt", "a.md", "c.docx"):
        ...         Path(folder, name).touch()
        ...     found = find_sources([folder])
        >>> [source.name for source in found.files], dict(found.skipped)
        (['a', 'b/x'], {'.docx': 1})
    """
    found = Sources()
    excluded = {path.resolve() for path in exclude}
    seen: set[Path] = set()
    for given in paths:
        for path, root, by_name in _expand(Path(given)):
            resolved = path.resolve()
            if resolved in excluded and by_name:
                raise InputError(f"{path}: the run would overwrite what it reads; name another output")
            if resolved in seen or resolved in excluded:
                continue
            if by_name or path.suffix.lower() in _FORMATS:
                seen.add(resolved)
                name = clean_text(path.relative_to(root).with_suffix("").as_posix())
                found.files.append(Source(path, name))
            else:
                found.skipped[path.suffix or path.name] += 1
    if not found.files:
        given = ", ".join(str(path) for path in paths)
        others = f"; there are files ending in {', '.join(sorted(found.skipped))}" if found.skipped else ""
        raise InputError(f"{given}: no file to read; endings read are {', '.join(_FORMATS)}{others}")
    return found


def _expand(given: Path) -> Iterator[tuple[Path, Path, bool]]:
    """The files that one path stands for, the folder their names are relative to, and if the path names the file."""
    if given.is_dir():
        for path in _files_below(given):
            yield path, given, False
    elif given.exists() or given.is_symlink():
        yield given, given.parent, True
    elif _WILDCARDS & set(str(given)):
        root = Path(*_parts_before_wildcard(given))
        # Not Path.glob: like the shell's, these patterns match no hidden files.
        matches = sorted(Path(match) for match in glob.iglob(str(given), recursive=True))  # noqa: PTH207
        if not matches:
            raise InputError(f"{given}: no file matches")
        for match in matches:
            for path in _files_below(match) if match.is_dir() else [match]:
                yield path, root, False
    else:
        raise InputError(f"{given}: no such file or folder")


def _files_below(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if not path.is_dir() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _parts_before_wildcard(pattern: Path) -> list[str]:
    parts: list[str] = []
    for part in pattern.parts[:-1]:
        if _WILDCARDS & set(part):
            break
        parts.append(part)
    return parts


def read_documents(sources: Iterable[Source], encoding: str = "utf-8") -> Iterator[Document | FailedDocument]:
    """Reads files one after the other, lazily. Ids are unique: a document whose id is taken is a failed one.

    Args:
        sources: what `find_sources` found.
        encoding: of all files.

    Raises:
        InputError: there is no such encoding.
    """
    check_encoding(encoding)
    return _read_documents(sources, encoding)


def _read_documents(sources: Iterable[Source], encoding: str) -> Iterator[Document | FailedDocument]:
    taken: dict[str, str] = {}
    for source in sources:
        kind = _FORMATS.get(source.path.suffix.lower())
        if kind is None or (source.path.exists() and not source.path.is_file()):
            what = f"ending {source.path.suffix!r} is not read" if kind is None else "not a regular file"
            yield FailedDocument(str(source.path), f"{what}; endings read are {', '.join(_FORMATS)}")
            continue
        for document in kind.read(source.path, source.name, encoding):
            if isinstance(document, Document):
                if document.id in taken:
                    yield FailedDocument(
                        str(source.path),
                        f"id {document.id!r} is already taken by a document of {taken[document.id]}; give each its own "
                        f"(files get theirs from their path in the folder that is given)",
                    )
                    continue
                taken[document.id] = str(source.path)
            yield document


def check_encoding(encoding: str) -> None:
    """Checks that Python can read text in an encoding.

    Raises:
        InputError: it cannot.
    """
    try:
        "text".encode(encoding)
    except (LookupError, UnicodeError):
        raise InputError(f"encoding {encoding!r} is unknown; use for example utf-8, cp949 or utf-16") from None


def count_documents(sources: Iterable[Source]) -> int:
    """How many documents, failed ones included, `read_documents` will yield. Reads files of many documents once."""
    total = 0
    for source in sources:
        kind = _FORMATS.get(source.path.suffix.lower())
        total += 1 if kind is None or kind.count is None else kind.count(source.path)
    return total
