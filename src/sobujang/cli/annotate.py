"""`sobujang annotate`: files in, records and a report out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sobujang.cli.report import REPORT_SUFFIX
from sobujang.cli.terminal import one_line
from sobujang.document import Document
from sobujang.errors import SobujangError

if TYPE_CHECKING:
    from rich.console import Console

    from sobujang.extractor import Extractor
    from sobujang.inputs import FailedDocument, Source

_RECORDS_SUFFIX = ".jsonl"
_RECORDS_NAME = "records.jsonl"
_REPORT_NAME = "report.html"


def annotate(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files (.txt, .md, .jsonl), folders, or patterns in quotes.")
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", help="X.jsonl: records, and a report beside them. X.html: only the report. Else a folder."
        ),
    ],
    model: Annotated[Path | None, typer.Option(help="A model folder; by default the model that is shipped.")] = None,
    batch_size: Annotated[int, typer.Option(min=1, help="Documents that are read at a time.")] = 32,
    encoding: Annotated[str, typer.Option(help="Encoding of the files, such as cp949.")] = "utf-8",
    report: Annotated[Path | None, typer.Option(help="Where the report goes, if not beside the records.")] = None,
    no_report: Annotated[bool, typer.Option("--no-report", help="Write records only.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but what fails.")] = False,
) -> None:
    """Annotate documents: mentions, relations, cost comparisons.

    Exits with 1 when documents failed; the others are annotated all the same.
    """
    from rich.console import Console

    import sobujang
    from sobujang.inputs import find_sources, read_documents
    from sobujang.outputs.files import replacing
    from sobujang.outputs.jsonl import record_writer
    from sobujang.outputs.report import Report

    started = time.monotonic()
    targets = choose_targets(output, report, no_report)
    sources = find_sources(paths, exclude=[path for path in targets if path])
    documents = read_documents(sources.files, encoding)
    console = Console(stderr=True, highlight=False)
    if sources.skipped and not quiet:
        endings = ", ".join(f"{ending} ({count:,})" for ending, count in sorted(sources.skipped.items()))
        _print(console, f"skipped: files that are not read: {endings}")
    counts: Counter[str] = Counter()
    with replacing(targets.report) if targets.report else nullcontext() as append_report:
        with record_writer(targets.records) if targets.records else nullcontext() as write_record:
            extractor = sobujang.load(model)
            page = Report(extractor.schema, title=Path(paths[0]).name if len(paths) == 1 else "")
            found = annotate_documents(documents, extractor, batch_size)
            for result in found if quiet else _with_progress(found, sources.files, console):
                if isinstance(result, Document):
                    if write_record:
                        write_record(result)
                    if append_report:
                        page.add(result)
                    _count(counts, result, extractor.schema.coreference)
                else:
                    counts["failed"] += 1
                    page.add_failed(result.source, result.reason)
                    _print(console, f"failed: {result}")
        if append_report:
            append_report(page.to_html().encode())
    if not quiet:
        written = ", ".join(str(path) for path in targets if path)
        _print(console, f"{_summary(counts)} in {time.monotonic() - started:.1f} s → {written}")
    if counts["failed"]:
        raise typer.Exit(1)


class Targets(NamedTuple):
    """The files that a run writes."""

    records: Path | None
    report: Path | None


def choose_targets(output: str, report: Path | None, no_report: bool) -> Targets:
    """Tells from `--output` what is written where.

    Raises:
        OutputError: the ending is neither of records nor of a report, or the options contradict each other.

    Example:
        >>> targets = choose_targets("news.jsonl", None, False)
        >>> str(targets.records), str(targets.report)
        ('news.jsonl', 'news.html')
    """
    from sobujang.errors import OutputError

    path = Path(output)
    if report and no_report:
        raise OutputError(f"--report {report} and --no-report contradict each other; leave one out")
    if report and report.suffix.lower() != REPORT_SUFFIX:
        raise OutputError(f"--report {report}: a report is an HTML file; give a name that ends in {REPORT_SUFFIX}")
    if path.is_dir() or output.endswith(("/", "\\")) or not path.suffix:
        return Targets(path / _RECORDS_NAME, None if no_report else report or path / _REPORT_NAME)
    suffix = path.suffix.lower()
    if suffix == _RECORDS_SUFFIX:
        return Targets(path, None if no_report else report or path.with_suffix(REPORT_SUFFIX))
    if suffix == REPORT_SUFFIX and not (report or no_report):
        return Targets(None, path)
    if suffix == REPORT_SUFFIX:
        raise OutputError(f"-o {output} is a report already; with --report or --no-report name records: -o X.jsonl")
    raise OutputError(f"-o {output}: give {_RECORDS_SUFFIX}, {REPORT_SUFFIX}, or a folder (with a / at its end)")


def annotate_documents(
    documents: Iterable[Document | FailedDocument], extractor: Extractor, batch_size: int
) -> Iterator[Document | FailedDocument]:
    """Annotates documents in their order; one that cannot be annotated becomes a failed one, and the others go on."""
    from sobujang.inputs import FailedDocument

    waiting = iter(documents)
    while batch := list(islice(waiting, batch_size)):
        results = iter(_extract(extractor, [item for item in batch if isinstance(item, Document)]))
        for item in batch:
            yield item if isinstance(item, FailedDocument) else next(results)


def _extract(extractor: Extractor, documents: list[Document]) -> list[Document | FailedDocument]:
    from sobujang.inputs import FailedDocument

    try:
        return list(extractor.stream(documents, max(1, len(documents))))
    except SobujangError:
        pass  # which of them it was shows when each goes alone
    found: list[Document | FailedDocument] = []
    for document in documents:
        try:
            found += extractor.stream([document], 1)
        except SobujangError as error:
            found.append(FailedDocument(document.id, str(error)))
    return found


def _with_progress(
    results: Iterable[Document | FailedDocument], sources: list[Source], console: Console
) -> Iterator[Document | FailedDocument]:
    """Passes results on and shows a bar while they come; nothing where the stream is no terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from sobujang.inputs import count_documents

    if not console.is_terminal:
        yield from results
        return
    columns = (TextColumn("annotating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield from progress.track(results, total=count_documents(sources))


def _count(counts: Counter[str], document: Document, coreference: str | None) -> None:
    counts["documents"] += 1
    counts["mentions"] += len(document.spans)
    counts["relations"] += sum(relation.label != coreference for relation in document.relations)
    counts["comparisons"] += len(document.comparisons)


def _summary(counts: Counter[str]) -> str:
    found = ", ".join(f"{counts[what]:,} {what}" for what in ("mentions", "relations", "comparisons"))
    return f"{counts['documents']:,} documents annotated, {counts['failed']:,} failed: {found}"


def _print(console: Console, line: str) -> None:
    console.print(one_line(line), markup=False, emoji=False, soft_wrap=True)
