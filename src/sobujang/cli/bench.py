"""`sobujang bench`: how fast a model is on this machine, and where its time goes."""

from __future__ import annotations

from itertools import cycle, islice
from pathlib import Path
from typing import Annotated

import typer

from sobujang.cli.figures import write_figures
from sobujang.cli.terminal import output_console, tell
from sobujang.document import Document
from sobujang.errors import InputError


def bench(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Texts to run on, as `annotate` reads them.")],
    model: Annotated[Path | None, typer.Option(help="A model folder; by default the model that is shipped.")] = None,
    documents: Annotated[
        int | None, typer.Option(min=1, help="How many documents to run on; fewer texts are run on several times.")
    ] = None,
    batch_size: Annotated[int, typer.Option(min=1, help="Documents that share a pass.")] = 32,
    text_column: Annotated[str, typer.Option(help="Column of a table, or key of JSON lines, with the text.")] = "text",
    threads: Annotated[int | None, typer.Option(min=1, help="By default the cores this process may use.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write all figures to this file.")] = None,
) -> None:
    """Measure documents, words and sub-words a second, the share of each stage, latency, load time and memory."""
    from rich.table import Table

    import sobujang
    from sobujang.inputs import ReadOptions, find_sources, read_documents
    from sobujang.speed import load_seconds, measure, peak_memory

    texts = []
    for item in read_documents(find_sources(paths).files, ReadOptions(text_column=text_column)):
        if isinstance(item, Document):
            texts.append(item.text)
        else:
            tell(f"failed: {item}")
    if not any(text.split() for text in texts):
        raise InputError(f"{', '.join(paths)}: no words to read; give texts")
    if documents is not None:
        texts = list(islice(cycle(texts), documents))
    loaded_in = load_seconds(model)
    speed = measure(sobujang.load(model, threads), texts, batch_size)
    memory = peak_memory()
    rest = speed.seconds - sum(speed.stages.values())
    figures = {
        "documents": f"{speed.documents:,}",
        "words": f"{speed.words:,}",
        "documents a second": f"{speed.documents / speed.seconds:,.1f}",
        "words a second": f"{speed.words_per_second:,.0f}",
        "sub-words a second": f"{speed.pieces / speed.seconds:,.0f}",
        "bare encoder, words a second": f"{speed.words / speed.bare_seconds:,.0f}",
        "share of the bare encoder's rate": f"{speed.share_of_bare:.0%}",
        **{f"time for {stage}": f"{seconds / speed.seconds:.0%}" for stage, seconds in speed.stages.items()},
        "time for all else": f"{max(0.0, rest) / speed.seconds:.0%}",
        "one text of 100 words, median": f"{1000 * speed.latency:.0f} ms",
        "import and load": f"{loaded_in:.2f} s",
        "peak memory": "not known" if memory is None else f"{memory / 1e6:,.0f} MB",
    }
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, figure in figures.items():
        table.add_row(name, figure)
    output_console().print(table)
    if json is not None:
        write_figures(json, {**speed._asdict(), "load_seconds": loaded_in, "peak_memory": memory})
