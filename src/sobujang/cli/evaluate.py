"""`sobujang evaluate`: a model's scores on gold documents, or those of records that it wrote earlier."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sobujang.cli.figures import write_figures
from sobujang.cli.terminal import output_console
from sobujang.errors import SobujangError


def evaluate(
    corpus: Annotated[Path, typer.Option(help="Gold: a corpus folder, a .markup or a .jsonl file.")],
    model: Annotated[Path | None, typer.Option(help="Model folder; by default the shipped model.")] = None,
    records: Annotated[Path | None, typer.Option(help="Score these records (.jsonl) instead of a model.")] = None,
    split: Annotated[str | None, typer.Option(help="Split of the corpus; by default all of it.")] = None,
    schema: Annotated[Path | None, typer.Option(help="Schema file; by default the model's own.")] = None,
    given_mentions: Annotated[
        bool, typer.Option("--given-mentions", help="Give the model gold mentions; only edges are predicted.")
    ] = False,
    bootstrap: Annotated[int, typer.Option(min=0, help="Resamples for the 95 percent intervals; 0 for none.")] = 1000,
    labels: Annotated[bool, typer.Option("--labels", help="Also a row for each label.")] = False,
    json: Annotated[Path | None, typer.Option(help="Write all figures to this file.")] = None,
) -> None:
    """Score a model, or records, against gold documents."""
    from sobujang import load
    from sobujang.corpora.corpus import load_corpus
    from sobujang.evaluation import evaluate as score
    from sobujang.evaluation import render
    from sobujang.outputs.jsonl import read_records
    from sobujang.schema import Schema

    if records is not None and (model is not None or given_mentions):
        raise SobujangError(f"--records {records} are predictions already; leave --model and --given-mentions out")
    extractor = load(model) if records is None else None
    if schema is not None:
        declared = Schema.from_toml(schema)
    else:
        declared = extractor.schema if extractor is not None else Schema.default()
    read = load_corpus(corpus, declared)
    gold = read.split(split) if split else list(read.documents)
    if records is not None:
        # Only what is known to be of another split is left out: records of another corpus are an error, not a zero.
        others = {document.id for document in read.documents} - {document.id for document in gold}
        predicted = [document for document in read_records(records) if document.id not in others]
    elif extractor is not None:
        predicted = list(extractor.relate(gold) if given_mentions else extractor.stream(gold))
    evaluation = score(gold, predicted, declared, bootstrap=bootstrap)
    output_console().print(render(evaluation, labels=labels))
    if json is not None:
        write_figures(json, evaluation.to_dict())
