"""`sobujang agreement`: how far two annotators of the same documents agree."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from sobujang.cli.figures import write_figures
from sobujang.cli.schema_option import SchemaFile, declared_schema
from sobujang.cli.terminal import output_console, tell
from sobujang.errors import SobujangError


def agreement(
    first: Annotated[Path, typer.Argument(help="Gold: a corpus folder, a .markup or a .jsonl file.")],
    second: Annotated[Path, typer.Argument(help="A second annotation of some of its documents, likewise.")],
    schema: SchemaFile = None,
    bootstrap: Annotated[int, typer.Option(min=0, help="Resamples for the 95 percent intervals; 0 for none.")] = 1000,
    differences: Annotated[Path | None, typer.Option(help="Write each disagreement to this .tsv file.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write all figures to this file.")] = None,
) -> None:
    """Compare two annotations of the same documents: F1, which is the same whichever of them is taken for gold."""
    from sobujang.corpora.corpus import read_documents
    from sobujang.evaluation import evaluate, render
    from sobujang.evaluation.differences import Difference
    from sobujang.evaluation.differences import differences as compare
    from sobujang.outputs.files import replacing

    declared = declared_schema(schema)
    theirs = {document.id: document for document in read_documents(second, declared)}
    ours = [document for document in read_documents(first, declared) if document.id in theirs]
    if lacking := sorted(theirs.keys() - {document.id for document in ours}):
        raise SobujangError(f"{second}: {first} has no document {lacking[0]!r}; give both the same ids")
    evaluation = evaluate(ours, [theirs[document.id] for document in ours], declared, bootstrap=bootstrap)
    output_console().print(render(evaluation, labels=True))
    found = [row for document in ours for row in compare(document, theirs[document.id], declared)]
    kinds = ", ".join(f"{kind} {count}" for kind, count in Counter(row.kind for row in found).most_common())
    tell(f"{len(ours)} documents, {len(found)} disagreements{f' ({kinds})' * bool(kinds)}")
    if differences is not None:
        table = io.StringIO()
        writer = csv.writer(table, delimiter="\t", lineterminator="\n")
        writer.writerow(Difference._fields)
        writer.writerows(found)
        with replacing(differences) as append:
            append(table.getvalue().encode())
    if json is not None:
        write_figures(json, evaluation.to_dict())
