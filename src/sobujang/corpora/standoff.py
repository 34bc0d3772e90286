"""Gold annotation that stands off from its text: for third-party sentences, which this project must not hold.

One JSON object a line: a record whose `text` is left out, and `sentences`, the SHA-256 of each sentence that the text
is joined from by single spaces. Whoever has the sentences gets the records back; nobody gets a text out of them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sobujang.document import Document
from sobujang.errors import DocumentError, FormatError
from sobujang.outputs.files import replacing

_SENTENCES = "sentences"


def fingerprint(sentence: str) -> str:
    """What stands for a sentence: the SHA-256 of its words, whatever the white space between them.

    Example:
        >>> fingerprint("Hanbit  makes valves.") == fingerprint("Hanbit makes valves.")
        True
    """
    return hashlib.sha256(" ".join(sentence.split()).encode()).hexdigest()


def write_standoff(path: str | Path, documents: Mapping[Sequence[str], Document]) -> None:
    """Writes annotation without its text: spans, relations and comparisons, no scores, entities or `meta`.

    Args:
        path: file to write.
        documents: each under the sentences that its text is joined from.

    Raises:
        ValueError: a text is not its sentences, joined by single spaces.
        OutputError: the file cannot be written.
    """
    with replacing(path) as append:
        for sentences, document in documents.items():
            if document.text != " ".join(sentences):
                raise ValueError(f"document {document.id!r} is not its sentences, joined by single spaces")
            record = document.to_dict()
            row: dict[str, Any] = {
                key: record[key] for key in ("id", "lang", "relations", "comparisons") if key in record
            }
            # Offsets alone: surfaces and the names of entities are pieces of the text.
            row["spans"] = [{key: span[key] for key in ("id", "start", "end", "label")} for span in record["spans"]]
            row[_SENTENCES] = [fingerprint(sentence) for sentence in sentences]
            append(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def read_standoff(path: str | Path, texts: str | Path) -> tuple[Document, ...]:
    r"""Reads annotation and puts it back on its text.

    Args:
        path: file that `write_standoff` wrote.
        texts: folder of sentence files: `.tsv.gz`, the sentence in the last column, or `.jsonl.gz`, in `text`.

    Raises:
        FormatError: a file cannot be read, a line is no such record, or a sentence is not among the texts.

    Example:
        >>> import tempfile
        >>> sentence = "Hanbit makes valves."
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with gzip.open(Path(folder, "en.tsv.gz"), "wt") as file:
        ...         _ = file.write(f"news\tCC-BY-4.0\t{sentence}\n")
        ...     write_standoff(Path(folder, "gold.jsonl"), {(sentence,): Document(id="a", text=sentence)})
        ...     [document.text for document in read_standoff(Path(folder, "gold.jsonl"), folder)]
        ['Hanbit makes valves.']
    """
    rows = list(_rows(Path(path)))
    wanted = {key for _, row in rows for key in row[_SENTENCES]}
    found = {key: sentence for sentence in _read_sentences(Path(texts)) if (key := fingerprint(sentence)) in wanted}
    return tuple(_with_text(row, found, Path(path), number) for number, row in rows)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"cannot read: {error}", path) from None
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise FormatError(f"not JSON: {error}", path, number) from None
        if not isinstance(row, dict) or not isinstance(row.get(_SENTENCES), list):
            raise FormatError(f"no object with a list {_SENTENCES!r}", path, number)
        yield number, row


def _with_text(row: Mapping[str, Any], found: Mapping[str, str], path: Path, number: int) -> Document:
    keys = row[_SENTENCES]
    if lacking := [key for key in keys if key not in found]:
        raise FormatError(f"the texts hold no sentence with the SHA-256 {str(lacking[0])[:12]}…", path, number)
    text = " ".join(found[key] for key in keys)
    rest = {key: value for key, value in row.items() if key != _SENTENCES}
    try:
        return Document.from_json(json.dumps({**rest, "text": text}).encode())
    except DocumentError as error:
        raise FormatError(str(error), path, number) from None


def _read_sentences(folder: Path) -> Iterator[str]:
    """All sentences of a folder, white space made even."""
    try:
        for path in sorted(folder.glob("*.gz")):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    sentence = json.loads(line)["text"] if ".jsonl" in path.name else line.rpartition("\t")[2]
                    yield " ".join(sentence.split())
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise FormatError(f"cannot read its sentences: {error}", folder) from None
