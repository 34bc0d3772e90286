"""`sobujang annotate`: files in, records and a report out."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sobujang.cli.report import REPORT_SUFFIX
from sobujang.cli.terminal import one_line
from sobujang.document import Document, clean_text
from sobujang.errors import OutputError, SobujangError

if TYPE_CHECKING:
    from rich.console import Console

    from sobujang.extractor import Extractor
    from sobujang.inputs import FailedDocument, Source
    from sobujang.workers import ExtractorPool

    # Documents, what is there already of each, and the call that gives the records of the others.
    _Batch = tuple[
        list[Document | FailedDocument],
        list[Document | FailedDocument | None],
        Callable[[], list[Document | SobujangError]],
    ]

_RECORDS_SUFFIX = ".jsonl"
_TABLE_SUFFIXES = (".parquet", ".csv")
_DOCBIN_SUFFIX = ".spacy"
_RECORDS_NAME = "records.jsonl"
_REPORT_NAME = "report.html"
_ERRORS_NAME = "errors.jsonl"


def annotate(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="Files, folders, patterns in quotes; - for standard input."),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            help="X.jsonl: records. X.parquet, X.csv: tables. X.spacy: a DocBin. X.html: only the report. Else a "
            "folder with records. A report stands beside each.",
        ),
    ],
    model: Annotated[Path | None, typer.Option(help="A model folder; by default the model that is shipped.")] = None,
    batch_size: Annotated[int, typer.Option(min=1, help="Documents that are read at a time.")] = 32,
    workers: Annotated[
        int, typer.Option(min=1, help="Processes, one model each; worth it from about eight cores.")
    ] = 1,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of text files, such as cp949; by default each file's is found out.")
    ] = None,
    text_column: Annotated[str, typer.Option(help="Column of a table, or key of JSON lines, with the text.")] = "text",
    report: Annotated[Path | None, typer.Option(help="Where the report goes, if not beside the records.")] = None,
    no_report: Annotated[bool, typer.Option("--no-report", help="Write no report.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but what fails.")] = False,
) -> None:
    """Annotate documents: mentions, relations, cost comparisons.

    A run that was ended goes on where it stopped when the same command is given again. Exits with 1 when documents
    failed; the others are annotated all the same, and the failed ones are listed in a file of errors.
    """
    from rich.console import Console

    import sobujang
    from sobujang.inputs import ReadOptions, find_sources, read_documents
    from sobujang.outputs.journal import close_journal, open_journal
    from sobujang.outputs.report import Report

    started = time.monotonic()
    targets = choose_targets(output, report, no_report)
    sources = find_sources(paths, exclude=[targets.journal, targets.errors, *targets.files()])
    documents = read_documents(sources.files, ReadOptions(encoding, text_column))
    console = Console(stderr=True, highlight=False)
    if sources.skipped and not quiet:
        endings = ", ".join(f"{ending} ({count:,})" for ending, count in sorted(sources.skipped.items()))
        _print(console, f"skipped: files that are not read: {endings}")
    counts: Counter[str] = Counter()
    failed: list[FailedDocument] = []
    extraction = nullcontext(sobujang.load(model)) if workers == 1 else _pool(model, workers)
    with (
        extraction as extractor,
        open_journal(targets.journal, f"sobujang {sobujang.__version__}, model {extractor.fingerprint}") as journal,
    ):
        page = Report(extractor.schema, title=Path(paths[0]).name if len(paths) == 1 else "")
        found = annotate_documents(documents, extractor, batch_size, journal.find)
        for result in found if quiet else _with_progress(found, sources.files, console):
            if isinstance(result, Document):
                journal.write(result)
                if targets.report:
                    page.add(result)
                _count(counts, result, extractor.schema.coreference)
            else:
                failed.append(result)
                page.add_failed(result.source, result.reason)
                _print(console, f"failed: {result}")
        journal.finish()
        _write_errors(targets.errors, failed)
        if targets.tables:
            from sobujang.outputs.tables import write_tables

            write_tables(targets.tables, journal.records(), extractor.schema)
        if targets.docbin:
            from sobujang.pipeline import write_docbin

            write_docbin(targets.docbin, journal.records())
        if targets.report:
            page.write(targets.report)
    # Last of all: as long as the journal is there, whatever is missing is made from it.
    close_journal(targets.journal, keep=targets.records is not None)
    if not quiet:
        written = ", ".join(str(path) for path in targets.files())
        _print(console, f"{_summary(counts, len(failed))} in {time.monotonic() - started:.1f} s → {written}")
    if failed:
        raise typer.Exit(1)


def _pool(model: Path | None, workers: int) -> ExtractorPool:
    from sobujang.model.folder import shipped_model
    from sobujang.workers import ExtractorPool

    return ExtractorPool(shipped_model() if model is None else model, workers)


class Targets(NamedTuple):
    """What a run writes: at least one of the first four.

    Attributes:
        journal: the file of records, whose part the run goes on from; it is kept only where it is `records`.
        errors: where the documents that failed are listed, if any did.
    """

    journal: Path
    errors: Path
    records: Path | None = None
    tables: Path | None = None
    docbin: Path | None = None
    report: Path | None = None

    def files(self) -> list[Path]:
        """The outputs, in the order in which they are named to the user."""
        return [path for path in (self.records, self.tables, self.docbin, self.report) if path]


def choose_targets(output: str, report: Path | None, no_report: bool) -> Targets:
    """Tells from `--output` what is written where.

    Raises:
        OutputError: the ending is none that is written, or the options contradict each other.

    Example:
        >>> targets = choose_targets("news.jsonl", None, False)
        >>> str(targets.records), str(targets.report), str(targets.errors)
        ('news.jsonl', 'news.html', 'news.errors.jsonl')
    """
    path = Path(output)
    if report and no_report:
        raise OutputError(f"--report {report} and --no-report contradict each other; leave one out")
    if report and report.suffix.lower() != REPORT_SUFFIX:
        raise OutputError(f"--report {report}: a report is an HTML file; give a name that ends in {REPORT_SUFFIX}")
    if path.is_dir() or output.endswith(("/", "\\")) or not path.suffix:
        records = path / _RECORDS_NAME
        page = None if no_report else report or path / _REPORT_NAME
        return Targets(records, path / _ERRORS_NAME, records, report=page)
    suffix = path.suffix.lower()
    if suffix == REPORT_SUFFIX and (report or no_report):
        raise OutputError(f"-o {output} is a report already; with --report or --no-report name records: -o X.jsonl")
    page = None if no_report else report or path.with_suffix(REPORT_SUFFIX)
    targets = Targets(
        path.with_suffix(_RECORDS_SUFFIX),
        path.with_suffix(f".{_ERRORS_NAME}"),
        report=path if suffix == REPORT_SUFFIX else page,
    )
    if suffix == REPORT_SUFFIX:
        return targets
    if suffix == _RECORDS_SUFFIX:
        return targets._replace(journal=path, records=path)
    if suffix in _TABLE_SUFFIXES:
        return targets._replace(tables=path)
    if suffix == _DOCBIN_SUFFIX:
        return targets._replace(docbin=path)
    endings = ", ".join([_RECORDS_SUFFIX, *_TABLE_SUFFIXES, _DOCBIN_SUFFIX, REPORT_SUFFIX])
    raise OutputError(f"-o {output}: give a name that ends in {endings}, or a folder (with a / at its end)")


def annotate_documents(
    documents: Iterable[Document | FailedDocument],
    extractor: Extractor | ExtractorPool,
    batch_size: int,
    done: Callable[[Document], Document | None] = lambda document: None,
) -> Iterator[Document | FailedDocument]:
    """Annotates documents in their order; one that cannot be annotated becomes a failed one, and the others go on.

    Args:
        documents: as `read_documents` gives them.
        extractor: annotates them, here or in processes of its own.
        batch_size: documents that share a pass.
        done: the record that is there already of a document, if there is one.
    """
    from sobujang.inputs import FailedDocument

    for batch, there, extracted in _extracted_batches(documents, extractor, batch_size, done):
        results = iter(extracted())
        for item, record in zip(batch, there, strict=True):
            if record is not None or isinstance(item, FailedDocument):
                yield record or item
                continue
            found = next(results)
            yield FailedDocument(item.id, str(found)) if isinstance(found, SobujangError) else found


def _extracted_batches(
    documents: Iterable[Document | FailedDocument],
    extractor: Extractor | ExtractorPool,
    batch_size: int,
    done: Callable[[Document], Document | None],
) -> Iterator[_Batch]:
    """Batches in order, with what is there already and a call that gives the rest; some are under way before it."""
    from sobujang.inputs import FailedDocument
    from sobujang.workers import ExtractorPool, extract_each

    waiting = iter(documents)
    under_way: deque[_Batch] = deque()
    # While the results of one batch are written, each worker has another one.
    ahead = 2 * extractor.workers if isinstance(extractor, ExtractorPool) else 0
    while batch := list(islice(waiting, batch_size)):
        there = [item if isinstance(item, FailedDocument) else done(item) for item in batch]
        new = [item for item, record in zip(batch, there, strict=True) if record is None]
        to_extract = [item for item in new if isinstance(item, Document)]
        if isinstance(extractor, ExtractorPool):
            extracted = extractor.submit(to_extract).result
        else:
            extracted = partial(extract_each, extractor, to_extract)
        under_way.append((batch, there, extracted))
        if len(under_way) > ahead:
            yield under_way.popleft()
    yield from under_way


def _write_errors(path: Path, failed: Iterable[FailedDocument]) -> None:
    """Lists what failed, one JSON object a line; a list that an earlier run left goes where nothing did."""
    import msgspec

    from sobujang.outputs.files import replacing

    lines = [
        msgspec.json.encode({"source": clean_text(f.source), "reason": clean_text(f.reason)}) + b"\n" for f in failed
    ]
    if lines:
        with replacing(path) as append:
            append(b"".join(lines))
    elif path.is_file():
        path.unlink()


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


def _summary(counts: Counter[str], failed: int) -> str:
    found = ", ".join(f"{counts[what]:,} {what}" for what in ("mentions", "relations", "comparisons"))
    return f"{counts['documents']:,} documents annotated, {failed:,} failed: {found}"


def _print(console: Console, line: str) -> None:
    console.print(one_line(line), markup=False, emoji=False, soft_wrap=True)
