"""From paths to documents: files, folders and patterns, expanded and read in order by the format of each ending."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sobujang.document import Document, clean_text
from sobujang.errors import InputError, MissingExtraError
from sobujang.inputs.encodings import check_encoding
from sobujang.inputs.failed import FailedDocument
from sobujang.inputs.html import read_html
from sobujang.inputs.jsonl import count_lines, read_jsonl
from sobujang.inputs.office import read_docx, read_hwp, read_pdf
from sobujang.inputs.options import ReadOptions
from sobujang.inputs.packed import SUFFIX, UnreadableError, ending, without_ending
from sobujang.inputs.tables import DATASET_FILE, SPLITS_FILE, read_csv, read_dataset, read_parquet
from sobujang.inputs.text_files import read_text_file

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Format:
    """How files of one ending are read.

    Attributes:
        read: takes path, name and options; yields documents. Raises `UnreadableError` where the file cannot be read.
        many: whether a file may hold more than one document.
        count: tells how many, where that is quickly told.
    """

    read: Callable[[Path, str, ReadOptions], Iterator[Document | FailedDocument]]
    many: bool = False
    count: Callable[[Path], int] | None = None


_FORMATS = {
    ".txt": Format(read_text_file),
    ".md": Format(read_text_file),
    ".jsonl": Format(read_jsonl, True, count_lines),
    ".csv": Format(read_csv, True),
    ".tsv": Format(read_csv, True),
    ".parquet": Format(read_parquet, True),
    ".html": Format(read_html),
    ".htm": Format(read_html),
    ".pdf": Format(read_pdf),
    ".docx": Format(read_docx),
    ".hwpx": Format(read_hwp),
    ".hwp": Format(read_hwp),
}
_DATASET = Format(read_dataset, True)
_ENDINGS_READ = f"endings read are {', '.join(_FORMATS)}, and {SUFFIX} after them"
_WILDCARDS = frozenset("*?[")


class Source(NamedTuple):
    """A file to read, or a folder with a saved dataset.

    Attributes:
        path: where it is.
        name: what its documents are named after: its path in the folder given, without endings.
        kind: how it is read; None where there is no such format.
    """

    path: Path
    name: str
    kind: Format | None


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

    A folder stands for all files in it at any depth that can be read, sorted, without hidden ones; one that `datasets`
    saved stands for its rows. A pattern (`'news/**/*.txt'`) stands for the files that match, `-` for standard input,
    which is read as plain text. A file given by name is kept whatever its ending is, so that reading it says what is
    wrong. A file found twice is read once.

    Args:
        paths: files, folders, patterns.
        exclude: files that are left out of folders and patterns: what the run itself writes.

    Raises:
        InputError: a path is not there, nothing is found, or a file given by name is among `exclude`.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Path(folder, "b").mkdir()
        ...     for name in ("b/x.txt.gz", "a.md", "c.xyz"):
        ...         Path(folder, name).touch()
        ...     found = find_sources([folder])
        >>> [source.name for source in found.files], dict(found.skipped)
        (['a', 'b/x'], {'.xyz': 1})
    """
    found = Sources()
    excluded = {path.resolve() for path in exclude}
    seen: set[Path] = set()
    for given in paths:
        if str(given) == STANDARD_INPUT:
            found.files.append(Source(Path("/dev/stdin"), "stdin", _FORMATS[".txt"]))
            continue
        for path, root, by_name in _expand(Path(given)):
            resolved = path.resolve()
            if resolved in excluded and by_name:
                raise InputError(f"{path}: the run would overwrite what it reads; name another output")
            if resolved in seen or resolved in excluded:
                continue
            kind = _DATASET if path.is_dir() else _FORMATS.get(ending(path))
            if by_name or kind is not None:
                seen.add(resolved)
                named = path if kind is _DATASET else without_ending(path)
                name = clean_text(named.relative_to(root).as_posix())
                found.files.append(Source(path, path.name if name == "." else name, kind))
            else:
                found.skipped[path.suffix or path.name] += 1
    if not found.files:
        given = ", ".join(str(path) for path in paths)
        others = f"; there are files ending in {', '.join(sorted(found.skipped))}" if found.skipped else ""
        raise InputError(f"{given}: no file to read; {_ENDINGS_READ}{others}")
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
    """Files of a folder at any depth, without hidden ones; a saved dataset stands for itself."""
    if _is_dataset(folder):
        return [folder]
    found: list[Path] = []
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        # Links to folders are not followed: they may lead round in a circle.
        if path.is_dir() and not path.is_symlink():
            found += _files_below(path)
        elif not path.is_dir():
            found.append(path)
    return sorted(found)


def _is_dataset(path: Path) -> bool:
    return any((path / name).is_file() for name in (DATASET_FILE, SPLITS_FILE))


def _parts_before_wildcard(pattern: Path) -> list[str]:
    parts: list[str] = []
    for part in pattern.parts[:-1]:
        if _WILDCARDS & set(part):
            break
        parts.append(part)
    return parts


def read_documents(
    sources: Iterable[Source], options: ReadOptions | None = None
) -> Iterator[Document | FailedDocument]:
    """Reads files one after the other, lazily. Ids are unique: a document whose id is taken is a failed one.

    Args:
        sources: what `find_sources` found.
        options: how they are read.

    Raises:
        InputError: there is no such encoding.
    """
    options = options or ReadOptions()
    check_encoding(options.encoding)
    return _read_documents(sources, options)


def _read_documents(sources: Iterable[Source], options: ReadOptions) -> Iterator[Document | FailedDocument]:
    taken: dict[str, str] = {}
    for source in sources:
        for document in _read_source(source, options):
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


def _read_source(source: Source, options: ReadOptions) -> Iterator[Document | FailedDocument]:
    path = source.path
    if source.kind is None:
        yield FailedDocument(str(path), f"ending {path.suffix!r} is not read; {_ENDINGS_READ}")
    elif path.exists() and not path.is_file() and source.kind is not _DATASET and source.name != "stdin":
        yield FailedDocument(str(path), f"not a regular file; {_ENDINGS_READ}")
    else:
        try:
            yield from source.kind.read(path, source.name, options)
        except UnreadableError as error:
            yield FailedDocument(str(path), str(error))
        except ImportError:
            yield FailedDocument(
                str(path), str(MissingExtraError(f"reading {ending(path) or 'datasets'}", "documents"))
            )


def count_documents(sources: Iterable[Source]) -> int | None:
    """How many documents, failed ones included, `read_documents` will yield; None where only reading tells.

    Reads files of many documents once.
    """
    total = 0
    for source in sources:
        if source.kind is None or not source.kind.many:
            total += 1
        elif source.kind.count is None:
            return None
        else:
            total += source.kind.count(source.path)
    return total
