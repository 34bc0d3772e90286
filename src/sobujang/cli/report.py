"""`sobujang report`: an HTML report of records that are there already, gold or predicted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sobujang.schema import Schema

REPORT_SUFFIX = ".html"


def report(
    records: Annotated[Path, typer.Argument(help="A .jsonl file of records, as `sobujang annotate` writes it.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The HTML file; by default beside the records.")
    ] = None,
    schema: Annotated[
        Path | None, typer.Option(help="A schema file (.toml) that says what the labels mean; by default the own one.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Heading of the page; by default the name of the file.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=0, help="Most documents whose text is shown; comparisons are of all.")
    ] = None,
) -> None:
    """Write an HTML report of records."""
    from sobujang.errors import OutputError
    from sobujang.outputs.jsonl import read_records
    from sobujang.outputs.report import DEFAULT_LIMIT, write_report

    target = output or records.with_suffix(REPORT_SUFFIX)
    if target.suffix.lower() != REPORT_SUFFIX:
        raise OutputError(f"{target}: a report is an HTML file; give a name that ends in {REPORT_SUFFIX}")
    write_report(
        read_records(records),
        Schema.default() if schema is None else Schema.from_toml(schema),
        target,
        title=records.stem if title is None else title,
        limit=DEFAULT_LIMIT if limit is None else limit,
    )
