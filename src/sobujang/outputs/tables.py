"""Records as tables: documents, mentions, relations, comparisons, entities, a row for each of what was found.

`.parquet` for DuckDB, pandas and the like; `.csv` for spreadsheets, with the mark by which Excel knows UTF-8. Each
table is a file of its own: `news.mentions.parquet` beside `news.relations.parquet`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from sobujang.document import Document
from sobujang.errors import MissingExtraError, OutputError
from sobujang.outputs.files import PART_SUFFIX, replacing
from sobujang.outputs.passages import sentence_around
from sobujang.quantities import parse_quantity
from sobujang.schema import Schema

TABLES = ("documents", "mentions", "relations", "comparisons", "entities")
SUFFIXES = (".parquet", ".csv")

Row = dict[str, Any]

# So many rows of a table are kept before they are written.
_BATCH = 4096
_BETWEEN = "; "


def table_path(path: Path, table: str) -> Path:
    """The file of one table.

    Example:
        >>> table_path(Path("out/news.csv"), "mentions").name
        'news.mentions.csv'
    """
    return path.with_name(f"{path.stem}.{table}{path.suffix.lower()}")


def table_columns(schema: Schema) -> dict[str, dict[str, type]]:
    """Column → type of its values, by table. Roles of the schema's frames are columns, in lower case.

    Example:
        >>> list(table_columns(Schema.default())["entities"])
        ['document', 'id', 'label', 'name', 'mentions']
    """
    roles = dict.fromkeys(role.lower() for frame in schema.frames.values() for role in frame.roles)
    ends: dict[str, type] = {}
    for end in ("head", "tail"):
        ends |= {end: str, f"{end}_label": str, f"{end}_text": str}
    return {
        "documents": {"id": str, "lang": str, "text": str, "meta": str},
        "mentions": {
            "document": str, "id": str, "start": int, "end": int, "label": str, "text": str,
            "value": float, "value_high": float, "currency": str, "entity": str, "score": float,
        },
        "relations": {"document": str, "label": str, **ends, "score": float},
        "comparisons": {
            "document": str, "direction": str, "cue": str, **dict.fromkeys(roles, list), "price_ratio": float,
            "price_difference": float, "currency": str, "sentence": str, "score": float,
        },
        "entities": {"document": str, "id": str, "label": str, "name": str, "mentions": list},
    }  # fmt: skip


def table_rows(document: Document, schema: Schema) -> dict[str, list[Row]]:
    """The rows of one document, by table.

    Example:
        >>> from sobujang.document import Span
        >>> found = Document(id="d", text="It costs $5.", spans=(Span(id="T1", start=9, end=11, label="MONEY"),))
        >>> table_rows(found, Schema.default())["mentions"][0]["value"]
        5.0
    """
    entity_of = {mention: entity.id for entity in document.entities for mention in entity.mentions}
    mentions, relations, comparisons = [], [], []
    for span in document.spans:
        surface = document.text[span.start : span.end]
        declared = schema.mentions.get(span.label)
        amount = parse_quantity(surface) if declared is not None and declared.quantity else None
        mentions.append({
            "document": document.id, "id": span.id, "start": span.start, "end": span.end, "label": span.label,
            "text": surface, "value": amount and amount.low, "value_high": amount and amount.high,
            "currency": amount and amount.currency, "entity": entity_of.get(span.id), "score": span.score,
        })  # fmt: skip
    for relation in document.relations:
        row: Row = {"document": document.id, "label": relation.label}
        for end, span_id in (("head", relation.head), ("tail", relation.tail)):
            span = document.span_by_id[span_id]
            row |= {end: span_id, f"{end}_label": span.label, f"{end}_text": document.surface(span_id)}
        relations.append({**row, "score": relation.score})
    for comparison in document.comparisons:
        passage = sentence_around(document.text, document.span_by_id[comparison.cue])
        difference = comparison.price_difference
        comparisons.append({
            "document": document.id, "direction": comparison.direction, "cue": document.surface(comparison.cue),
            **{role: [document.surface(i) for i in ids] for role, ids in comparison.roles.items()},
            "price_ratio": comparison.price_ratio, "price_difference": difference and difference.value,
            "currency": difference and difference.currency,
            "sentence": document.text[passage.start : passage.end], "score": comparison.score,
        })  # fmt: skip
    meta = json.dumps(document.meta, ensure_ascii=False) if document.meta else None
    return {
        "documents": [{"id": document.id, "lang": document.lang, "text": document.text, "meta": meta}],
        "mentions": mentions,
        "relations": relations,
        "comparisons": comparisons,
        "entities": [
            {"document": document.id, "id": e.id, "label": e.label, "name": e.name,
             "mentions": [document.surface(i) for i in e.mentions]}
            for e in document.entities
        ],
    }  # fmt: skip


def write_tables(path: str | Path, documents: Iterable[Document], schema: Schema) -> list[Path]:
    """Writes the tables of records, taking them one by one; each file appears when it is whole.

    Args:
        path: its ending says the format, its stem what the files are named after.
        documents: records.
        schema: what their labels mean.

    Returns:
        The files, in the order of `TABLES`.

    Raises:
        OutputError: a file cannot be written, or the ending is of no table.
        MissingExtraError: Parquet is asked for and pyarrow is not there.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise OutputError(f"{path}: tables are files that end in {' or '.join(SUFFIXES)}")
    opened = _parquet_writer if path.suffix.lower() == ".parquet" else _csv_writer
    columns = table_columns(schema)
    with ExitStack() as stack:
        writers = {table: stack.enter_context(opened(table_path(path, table), columns[table])) for table in TABLES}
        waiting: dict[str, list[Row]] = {table: [] for table in TABLES}
        for document in documents:
            for table, rows in table_rows(document, schema).items():
                waiting[table] += rows
                if len(waiting[table]) >= _BATCH:
                    writers[table](waiting.pop(table))
                    waiting[table] = []
        for table, rows in waiting.items():
            writers[table](rows)
    return [table_path(path, table) for table in TABLES]


@contextmanager
def _csv_writer(path: Path, columns: Mapping[str, type]) -> Iterator[Callable[[list[Row]], None]]:
    with replacing(path) as append:

        def write(rows: Iterable[Row]) -> None:
            text = io.StringIO(newline="")
            writer = csv.DictWriter(text, list(columns), extrasaction="ignore")
            writer.writerows(
                {key: _BETWEEN.join(v) if isinstance(v, list) else v for key, v in row.items()} for row in rows
            )
            append(text.getvalue().encode())

        append(b"\xef\xbb\xbf")
        write([{column: column for column in columns}])
        yield write


@contextmanager
def _parquet_writer(path: Path, columns: Mapping[str, type]) -> Iterator[Callable[[list[Row]], None]]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtraError("Parquet", "documents") from None

    types = {str: pa.string(), int: pa.int64(), float: pa.float64(), list: pa.list_(pa.string())}
    schema = pa.schema([(column, types[kind]) for column, kind in columns.items()])
    part = path.with_name(path.name + PART_SUFFIX)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(part, schema) as writer:
            yield lambda rows: writer.write_table(pa.Table.from_pylist(rows, schema))
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise OutputError(f"{path}: cannot write: {error.strerror or error}") from None
