"""`sobujang statistics`: what a corpus holds, counted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from sobujang.cli.figures import write_figures
from sobujang.cli.schema_option import SchemaFile, declared_schema
from sobujang.cli.terminal import output_console, tell


def statistics(
    corpus: Annotated[Path, typer.Argument(help="Gold: a corpus folder, a .markup or a .jsonl file.")],
    schema: SchemaFile = None,
    names: Annotated[
        list[str] | None,
        typer.Option(help="Mention label whose names are counted, descriptions left out; may be given several times."),
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write all figures to this file.")] = None,
    plots: Annotated[Path | None, typer.Option(help="Draw the figures as .svg files in this folder.")] = None,
) -> None:
    """Count documents, sentences, mentions, relations and comparisons by language."""
    from sobujang.corpora.corpus import load_corpus
    from sobujang.corpora.plots import write_plots
    from sobujang.corpora.statistics import seen_surfaces
    from sobujang.corpora.statistics import statistics as count

    declared = declared_schema(schema)
    read = load_corpus(corpus, declared)
    found = count(read.documents, declared, names or ())
    groups = {"all": found, **found["by_language"]}
    table = Table("", *groups, box=None, padding=(0, 2, 0, 0))
    for name in ("documents", "sentences", "characters", "entities"):
        table.add_row(name, *(f"{group[name]:,}" for group in groups.values()))
    for name in ("mentions", "relations", "comparisons"):
        table.add_row(name, *(f"{sum(group[name].values()):,}" for group in groups.values()), style="bold")
        for label in found[name]:
            table.add_row(f"  {label}", *(_count(group[name], label) for group in groups.values()))
    table.add_row("comparisons with a price", *(f"{group['priced']:,}" for group in groups.values()))
    for flag in found["flags"]:
        table.add_row(f"documents with {flag}", *(_count(group["flags"], flag) for group in groups.values()))
    for name in ("surfaces", "names"):
        if found[name]:
            table.add_row(
                f"different {name}", *(f"{sum(group[name].values()):,}" for group in groups.values()), style="bold"
            )
        for label in found[name]:
            table.add_row(f"  {label}", *(_count(group[name], label) for group in groups.values()))
    output_console().print(table)
    if {"train", "test"} <= set(read.splits.values()):
        found["seen"] = seen_surfaces(read.split("train"), read.split("test"), declared)
        table = Table("different surfaces of test", "in train too", "in all", box=None, padding=(0, 2, 0, 0))
        for label, counts in found["seen"].items():
            table.add_row(f"  {label}", f"{len(counts['seen']):,}", f"{counts['test']:,}")
        output_console().print(table)
    if json is not None:
        write_figures(json, found)
    if plots is not None:
        plots.mkdir(parents=True, exist_ok=True)
        for path in write_plots(found, plots):
            tell(str(path))


def _count(counts: dict[str, Any], label: str) -> str:
    return f"{counts.get(label, 0):,}"
