"""`sobujang build`: a corpus in the form that `datasets.load_dataset` reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sobujang.cli.schema_option import SchemaFile, declared_schema
from sobujang.cli.terminal import tell


def build(
    corpus: Annotated[Path, typer.Argument(help="Corpus folder.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write.")],
    schema: SchemaFile = None,
) -> None:
    """Write a corpus as records, one .jsonl file a split, beside its card: load_dataset("OUTPUT") reads the folder."""
    from sobujang.corpora.corpus import load_corpus
    from sobujang.outputs.files import replacing
    from sobujang.outputs.jsonl import SUFFIX, write_records

    read = load_corpus(corpus, declared_schema(schema))
    # Without splits all is training material; `load_dataset` knows files by these names.
    for name in sorted(set(read.splits.values())) or ["train"]:
        documents = read.split(name) if read.splits else list(read.documents)
        write_records(output / f"{name}{SUFFIX}", documents)
        tell(f"{output / f'{name}{SUFFIX}'}: {len(documents)} documents")
    card = corpus / "README.md"
    if card.is_file():
        with replacing(output / card.name) as append:
            append(card.read_bytes())
