"""`sobujang errors`: what a model gets wrong on gold documents, sorted into kinds, as a page."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from sobujang.cli.predictions import (
    GivenMentions,
    GoldCorpus,
    ModelFolder,
    ModelsSchema,
    RecordsFile,
    SplitName,
    read_predictions,
)
from sobujang.cli.terminal import tell
from sobujang.errors import OutputError

_PAGE_SUFFIX = ".html"


def errors(
    corpus: GoldCorpus,
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file.")],
    model: ModelFolder = None,
    records: RecordsFile = None,
    split: SplitName = None,
    schema: ModelsSchema = None,
    given_mentions: GivenMentions = False,
) -> None:
    """Write a page of errors: gold beside prediction, by kind and by label."""
    if output.suffix.lower() != _PAGE_SUFFIX:
        raise OutputError(f"{output}: the page is an HTML file; give a name that ends in {_PAGE_SUFFIX}")
    from sobujang.evaluation import by_document
    from sobujang.evaluation.differences import differences
    from sobujang.outputs.error_page import ErrorRow, write_error_page

    read = read_predictions(
        corpus, model=model, records=records, split=split, schema=schema, given_mentions=given_mentions
    )
    rows = [
        ErrorRow(found.document, found.kind, tuple(found.labels.split()), found.first, found.second, *found.context)
        for gold, predicted in by_document(read.gold, read.predicted)
        for found in differences(gold, predicted, read.schema)
    ]
    title = f"Errors: {(records or model or Path('shipped model')).name} on {split or corpus.name}"
    write_error_page(rows, output, title=title, documents=len(read.gold))
    kinds = ", ".join(f"{kind} {count}" for kind, count in Counter(row.kind for row in rows).most_common())
    tell(f"{len(read.gold)} documents, {len(rows)} errors{f' ({kinds})' * bool(kinds)}")
