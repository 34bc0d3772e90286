"""`sobujang convert`: annotation from one format into another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from sobujang.cli.schema_option import SchemaFile, declared_schema
from sobujang.cli.terminal import tell
from sobujang.document import Document
from sobujang.errors import OutputError

_FORMATS = "records, markup, brat, label-studio, prodigy, conll, docbin"


def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A file; of brat a folder.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="A file; of brat a folder.")],
    source_format: Annotated[
        str | None, typer.Option("--from", help=f"{_FORMATS}; by default as the ending tells.")
    ] = None,
    target_format: Annotated[str | None, typer.Option("--to", help="Likewise.")] = None,
    schema: SchemaFile = None,
) -> None:
    """Convert annotation: mentions, relations, coreference, comparisons.

    What the target cannot carry is counted in a warning.
    """
    from sobujang.interchange.formats import format_of

    if source.resolve() == target.resolve():
        raise OutputError(f"{target}: the same as the input; name another output")
    declared = declared_schema(schema)
    count = 0

    def counted(documents: Iterable[Document]) -> Iterator[Document]:
        nonlocal count
        for document in documents:
            count += 1
            yield document

    reads, writes = format_of(source, source_format), format_of(target, target_format)
    lost = writes.write(target, counted(reads.read(source, declared)), declared)
    if lost:
        counts = ", ".join(f"{number:,} {what}" for what, number in sorted(lost.items()))
        tell(f"warning: left out, because {target} cannot carry it: {counts}")
    typer.echo(f"{count:,} documents → {target}")
