"""`sobujang split`: divides a corpus into training, development and test."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from sobujang.cli.schema_option import SchemaFile, declared_schema
from sobujang.cli.terminal import tell


def split(
    corpus: Annotated[Path, typer.Argument(help="Corpus folder; its splits.tsv is written, or added to.")],
    distinct: Annotated[
        list[str] | None,
        typer.Option(help="Mention label whose rare names may not stand in two splits; may be given several times."),
    ] = None,
    schema: SchemaFile = None,
    seed: Annotated[int, typer.Option(help="Of the division.")] = 1,
) -> None:
    """Divide a corpus 70 : 10 : 20, alike in language, kind and topic; documents that have a split keep it."""
    from sobujang.corpora.corpus import SPLITS_FILE, read_documents
    from sobujang.corpora.splits import make_splits, read_splits, write_splits

    declared = declared_schema(schema)
    path = corpus / SPLITS_FILE
    fixed = read_splits(path) if path.exists() else {}
    splits = make_splits(
        read_documents(corpus, declared), declared, seed=seed, distinct_labels=distinct or (), fixed=fixed
    )
    write_splits(path, splits)
    told = ", ".join(f"{name} {count}" for name, count in Counter(splits.values()).most_common())
    tell(f"{path}: {told}")
