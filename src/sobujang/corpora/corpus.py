"""A corpus: gold documents of a folder or a file, with the split of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from sobujang.corpora import markup
from sobujang.corpora.splits import SHARES, read_splits
from sobujang.document import Document
from sobujang.errors import FormatError
from sobujang.outputs import jsonl
from sobujang.prices import with_price
from sobujang.schema import Schema

SPLITS_FILE = "splits.tsv"

_DOCUMENTS = "documents"
_SUFFIXES = (markup.SUFFIX, jsonl.SUFFIX)


@dataclass(frozen=True)
class Corpus:
    """Gold documents.

    Attributes:
        documents: in the order of the files' names.
        splits: split by document id; empty where the corpus has no `splits.tsv`, else complete.
        path: where the corpus was read, for messages.

    Example:
        >>> corpus = Corpus((Document(id="a", text="x"), Document(id="b", text="y")), {"a": "train", "b": "test"})
        >>> [document.id for document in corpus.split("test")]
        ['b']
    """

    documents: tuple[Document, ...]
    splits: Mapping[str, str] = field(default_factory=dict)
    path: Path | None = None

    def split(self, name: str) -> list[Document]:
        """The documents of a split.

        Raises:
            FormatError: there is no such split; the message names those that there are.
        """
        if name not in (known := sorted(set(self.splits.values()))):
            there = f"there are {', '.join(known)}" if known else f"there are none; write a {SPLITS_FILE}"
            raise FormatError(f"no split is called {name!r}; {there}", self.path)
        return [document for document in self.documents if self.splits.get(document.id) == name]


def load_corpus(path: str | Path, schema: Schema) -> Corpus:
    """Reads gold: a folder, or one `.markup` or `.jsonl` file.

    Of a folder all such files of its `documents/` are read, or of the folder itself where it has none, and the splits
    from its `splits.tsv` where there is one. In a folder of `train.jsonl`, `dev.jsonl` and `test.jsonl`, as
    `sobujang build` writes it, the files are the splits. Relations that the schema calls none (`no_relation`) are
    dropped and comparisons get their price fields.

    Raises:
        FormatError: nothing to read, a file that is broken, an id in two places, or splits that are not those of the
            documents.
    """
    path = Path(path)
    table = path / SPLITS_FILE
    if path.is_dir() and not table.is_file() and (files := _split_files(path)):
        home: dict[str, Path] = {}
        documents = tuple(_read_files(files, schema, home))
        return Corpus(documents, {document: file.stem for document, file in home.items()}, path)
    documents = read_documents(path, schema)
    if not table.is_file():
        return Corpus(documents, path=path)
    splits = read_splits(table)
    ids = {document.id for document in documents}
    if lacking := [document.id for document in documents if document.id not in splits]:
        raise FormatError(f"no line for {_some(lacking)}; make the splits anew with these kept", table)
    if strange := [id_ for id_ in splits if id_ not in ids]:
        raise FormatError(
            f"no document is called {_some(strange)}; take the line out or bring the document back", table
        )
    return Corpus(documents, splits, path)


def read_documents(path: str | Path, schema: Schema) -> tuple[Document, ...]:
    """Reads the gold documents that `load_corpus` reads, whatever their splits.

    Raises:
        FormatError: nothing to read, a file that is broken, or an id in two places.
    """
    return tuple(_read_files(_corpus_files(Path(path)), schema))


def _split_files(folder: Path) -> list[Path]:
    """The files of a folder when each is named for a split and there are several; else none."""
    files = _corpus_files(folder)
    built = all(file.suffix == jsonl.SUFFIX and file.stem in SHARES for file in files)
    return files if built and len(files) > 1 else []


def _corpus_files(path: Path) -> list[Path]:
    if path.is_file():
        if path.suffix not in _SUFFIXES:
            raise FormatError(f"gold is read from {' and '.join(_SUFFIXES)} files", path)
        return [path]
    if not path.is_dir():
        raise FormatError("no such file or folder", path)
    folder = path / _DOCUMENTS if (path / _DOCUMENTS).is_dir() else path
    if files := sorted(file for file in folder.iterdir() if file.suffix in _SUFFIXES and file.is_file()):
        return files
    raise FormatError(f"holds no {' or '.join(_SUFFIXES)} file", folder)


def _read_files(files: list[Path], schema: Schema, home: dict[str, Path] | None = None) -> Iterator[Document]:
    """Reads the documents; `home` comes to hold the file of each by its id."""
    home = {} if home is None else home
    for file in files:
        found = markup.read_markup(file, schema) if file.suffix == markup.SUFFIX else jsonl.read_records(file)
        for document in found:
            if document.id in home:
                raise FormatError(
                    f"document {document.id!r} also stands in {home[document.id]}; give each its own id", file
                )
            home[document.id] = file
            yield with_price(_without_null_relations(document, schema), schema)


def _without_null_relations(document: Document, schema: Schema) -> Document:
    kept = tuple(relation for relation in document.relations if relation.label not in schema.no_relation)
    if len(kept) == len(document.relations):
        return document
    return msgspec.structs.replace(document, relations=kept)


def _some(ids: list[str]) -> str:
    more = f" and {len(ids) - 3} more" if len(ids) > 3 else ""
    return ", ".join(map(repr, ids[:3])) + more
