"""Gold documents and what a model, or records that it wrote earlier, says of them: what two verbs begin with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from sobujang.document import Document
from sobujang.errors import SobujangError
from sobujang.schema import Schema

GoldCorpus = Annotated[Path, typer.Option(help="Gold: a corpus folder, a .markup or a .jsonl file.")]
ModelFolder = Annotated[Path | None, typer.Option(help="Model folder; by default the shipped model.")]
RecordsFile = Annotated[Path | None, typer.Option(help="Score these records (.jsonl) instead of a model.")]
SplitName = Annotated[str | None, typer.Option(help="Split of the corpus; by default all of it.")]
ModelsSchema = Annotated[Path | None, typer.Option(help="Schema file; by default the model's own.")]
GivenMentions = Annotated[
    bool, typer.Option("--given-mentions", help="Give the model gold mentions; only edges are predicted.")
]


class Predictions(NamedTuple):
    """Gold documents, and predictions by document in the order in which they came."""

    gold: Sequence[Document]
    predicted: Sequence[Document]
    schema: Schema


def read_predictions(
    corpus: Path,
    *,
    model: Path | None,
    records: Path | None,
    split: str | None,
    schema: Path | None,
    given_mentions: bool,
) -> Predictions:
    """Reads gold documents and has them predicted, or reads the predictions.

    Raises:
        SobujangError: options that do not go together, or a file that cannot be read.
    """
    from sobujang import load
    from sobujang.corpora.corpus import load_corpus
    from sobujang.outputs.jsonl import read_records

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
    return Predictions(gold, predicted, declared)
