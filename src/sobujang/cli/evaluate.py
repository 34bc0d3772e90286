"""`sobujang evaluate`: a model's scores on gold documents, or those of records that it wrote earlier."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sobujang.cli.figures import write_figures
from sobujang.cli.predictions import (
    GivenMentions,
    GoldCorpus,
    ModelFolder,
    ModelsSchema,
    RecordsFile,
    SplitName,
    read_predictions,
)
from sobujang.cli.terminal import output_console


def evaluate(
    corpus: GoldCorpus,
    model: ModelFolder = None,
    records: RecordsFile = None,
    split: SplitName = None,
    schema: ModelsSchema = None,
    given_mentions: GivenMentions = False,
    bootstrap: Annotated[int, typer.Option(min=0, help="Resamples for the 95 percent intervals; 0 for none.")] = 1000,
    labels: Annotated[bool, typer.Option("--labels", help="Also a row for each label.")] = False,
    json: Annotated[Path | None, typer.Option(help="Write all figures to this file.")] = None,
) -> None:
    """Score a model, or records, against gold documents."""
    from sobujang.evaluation import evaluate as score
    from sobujang.evaluation import render

    read = read_predictions(
        corpus, model=model, records=records, split=split, schema=schema, given_mentions=given_mentions
    )
    evaluation = score(read.gold, read.predicted, read.schema, bootstrap=bootstrap)
    output_console().print(render(evaluation, labels=labels))
    if json is not None:
        write_figures(json, evaluation.to_dict())
