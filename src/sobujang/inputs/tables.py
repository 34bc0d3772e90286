"""Tables with a text column, one document a row: `.csv`, `.tsv`, `.parquet`, and folders that `datasets` saved."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sobujang.document import Document
from sobujang.errors import DocumentError
from sobujang.inputs.encodings import EncodingError, decode
from sobujang.inputs.failed import FailedDocument
from sobujang.inputs.options import ReadOptions
from sobujang.inputs.packed import LIMIT, ending, read_all, unpacked
from sobujang.inputs.rows import document_of_row, without_surrogates

# Files of a folder that `datasets.Dataset.save_to_disk` wrote; a `DatasetDict` has one such folder a split.
DATASET_FILE = "dataset_info.json"
SPLITS_FILE = "dataset_dict.json"

_BATCH = 256


def read_csv(path: Path, name: str, options: ReadOptions) -> Iterator[Document | FailedDocument]:
    r"""Reads a table whose first line names the columns; `.tsv` has tabs between them, `.csv` commas or semicolons.

    Args:
        path: the file.
        name: with the row's number, from 1, the id of a document whose row brings none.
        options: encoding and text column.

    Raises:
        UnreadableError: the file cannot be read.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "news.csv")
        ...     _ = path.write_text("title,body\nValves,Hanbit makes valves.\n", encoding="utf-8")
        ...     [document] = read_csv(path, "news", ReadOptions(text_column="body"))
        >>> document.id, document.text, document.meta
        ('news-1', 'Hanbit makes valves.', {'title': 'Valves'})
    """
    try:
        text = decode(read_all(path), options.encoding, path)
    except EncodingError as error:
        yield FailedDocument(str(path), str(error))
        return
    header = text.partition("\n")[0]
    # Where commas stand for decimal points, programs write semicolons between the columns of a .csv.
    separator = "\t" if ending(path) == ".tsv" or "\t" in header else max(",;", key=header.count)
    csv.field_size_limit(LIMIT)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, restkey="", strict=True)
    try:
        yield from _documents(rows, path, name, options.text_column, rows.fieldnames or ())
    except csv.Error as error:  # the rows before it are documents; after it nothing can be told apart
        yield FailedDocument(f"{path}:{rows.line_num}", f"not a table of this kind: {error}; mend its quotes")


def read_parquet(path: Path, name: str, options: ReadOptions) -> Iterator[Document | FailedDocument]:
    """Reads a Parquet file, as `read_csv` reads a table, some hundred rows at a time.

    Raises:
        UnreadableError: the file cannot be read.
        ImportError: pyarrow is not there.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with unpacked(path) as plain:
        try:
            with pq.ParquetFile(plain) as table:
                batches = table.iter_batches(_BATCH)
                rows = (row for batch in batches for row in batch.to_pylist())
                yield from _documents(rows, path, name, options.text_column, table.schema_arrow.names)
        except (pa.ArrowException, OSError) as error:
            yield FailedDocument(str(path), f"damaged or no Parquet file: {error}")


def read_dataset(path: Path, name: str, options: ReadOptions) -> Iterator[Document | FailedDocument]:
    """Reads a folder that `save_to_disk` of the library `datasets` wrote; it stays on the disk while it is read.

    Raises:
        ImportError: `datasets` is not there.
    """
    from datasets import load_from_disk

    try:
        loaded = load_from_disk(str(path))
        for split, dataset in loaded.items() if isinstance(loaded, dict) else [("", loaded)]:
            whole = f"{name}-{split}" if split else name
            yield from _documents(dataset, path, whole, options.text_column, dataset.column_names)
    except (OSError, ValueError) as error:
        yield FailedDocument(str(path), f"damaged or no saved dataset: {error}")


def _documents(
    rows: Iterable[Mapping[str, Any]], path: Path, name: str, text_column: str, columns: Iterable[str]
) -> Iterator[Document | FailedDocument]:
    names = list(columns)
    if text_column not in names:
        there = ", ".join(map(repr, names)) or "none"
        yield FailedDocument(str(path), f"no column {text_column!r}; name the text's with --text-column, of {there}")
        return
    for number, row in enumerate(rows, start=1):
        try:
            yield _document(row, f"{name}-{number}", text_column)
        except DocumentError as error:
            yield FailedDocument(f"{path}: row {number}", str(error))


def _document(row: Mapping[str, Any], default_id: str, text_column: str) -> Document:
    if row[text_column] in (None, ""):
        raise DocumentError(f"{text_column!r} is empty")
    values = {key: _plain(value) for key, value in row.items() if key}
    values["id"] = values.get("id") or None
    values["lang"] = values.get("lang") or None
    return document_of_row(without_surrogates(values), default_id, text_column)


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    """A value that JSON can hold: dates, decimals and bytes become text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value)
