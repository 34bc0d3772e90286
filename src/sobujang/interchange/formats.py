"""The formats that annotation comes and goes in, by name and by ending."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sobujang.corpora.markup import format_markup, read_markup
from sobujang.document import Document
from sobujang.errors import FormatError
from sobujang.interchange.brat import read_brat, write_brat
from sobujang.interchange.conll import read_conll, write_conll
from sobujang.interchange.label_studio import read_label_studio, write_label_studio
from sobujang.interchange.parts import Lost, count_scores
from sobujang.interchange.prodigy import read_prodigy, write_prodigy
from sobujang.outputs.files import replacing
from sobujang.outputs.jsonl import read_records, write_records
from sobujang.pipeline import read_docbin, write_docbin
from sobujang.prices import with_price
from sobujang.schema import Schema


class Format(NamedTuple):
    """A format.

    Attributes:
        read: takes a path and the schema.
        write: takes a path, documents and the schema; tells what it could not carry.
        ending: by which it is known; none of the others has it.
    """

    read: Callable[[Path, Schema], Iterable[Document]]
    write: Callable[[Path, Iterable[Document], Schema], Lost]
    ending: str | None = None


def _write_records(path: Path, documents: Iterable[Document], schema: Schema) -> Lost:
    write_records(path, documents)
    return Counter()


def _read_markup(path: Path, schema: Schema) -> Iterator[Document]:
    return (with_price(document, schema) for document in read_markup(path, schema))


def _write_markup(path: Path, documents: Iterable[Document], schema: Schema) -> Lost:
    lost: Lost = Counter()

    def counted() -> Iterator[Document]:
        for document in documents:
            if scores := count_scores(document):
                lost["scores"] += scores
            yield document

    with replacing(path) as append:
        append(format_markup(counted(), schema).encode())
    return lost


def _write_docbin(path: Path, documents: Iterable[Document], schema: Schema) -> Lost:
    write_docbin(path, documents)
    return Counter()


FORMATS = {
    "records": Format(lambda path, schema: read_records(path), _write_records, ".jsonl"),
    "markup": Format(_read_markup, _write_markup, ".markup"),
    "brat": Format(read_brat, write_brat),
    "label-studio": Format(read_label_studio, write_label_studio, ".json"),
    "prodigy": Format(read_prodigy, write_prodigy),
    "conll": Format(read_conll, write_conll, ".conll"),
    "docbin": Format(lambda path, schema: read_docbin(path), _write_docbin, ".spacy"),
}


def format_of(path: Path, name: str | None) -> Format:
    """The format of a given name, else the one that the ending tells; a folder is brat's.

    Raises:
        FormatError: there is no such format, or the ending tells none.
    """
    if name is not None:
        if name not in FORMATS:
            raise FormatError(f"format {name!r} is unknown; there are {', '.join(FORMATS)}")
        return FORMATS[name]
    if path.is_dir() or not path.suffix:
        return FORMATS["brat"]
    found = next((known for known in FORMATS.values() if known.ending == path.suffix.lower()), None)
    if found is None:
        raise FormatError(f"its ending tells no format; name it with --from or --to: {', '.join(FORMATS)}", path)
    return found
