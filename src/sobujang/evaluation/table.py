"""Evaluations as tables: for the terminal and for model cards. For JSON there is `Evaluation.to_dict`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from rich import box
from rich.table import Table
from rich.text import Text

from sobujang.evaluation.scores import ALL, Accuracy, Evaluation, Figures, TaskScores

_NONE = "–"  # what cannot be measured: nothing to find, or nothing found
_HEADERS = ("Task", "Lang", "P", "R", "F1", "95%", "Macro", "Relaxed", "Support")
_LEFT = 2  # columns that hold words
_LINES: tuple[tuple[str, Callable[[Mapping[str, TaskScores]], TaskScores | Figures | None]], ...] = (
    ("Mentions", lambda tasks: tasks["mentions"]),
    ("Relations", lambda tasks: tasks["relations"]),
    ("Coreference MUC", lambda tasks: tasks["coreference"]),
    ("Coreference B³", lambda tasks: tasks["coreference"].bcubed),
    ("Comparisons", lambda tasks: tasks["comparisons"]),
    ("Comparison roles", lambda tasks: tasks["comparisons"].roles),
)


class _Row(NamedTuple):
    """The cells of one line; `opens` says that a new task begins."""

    cells: tuple[str, ...]
    opens: bool


def render(evaluation: Evaluation, *, labels: bool = False) -> Table:
    """A table for the terminal: a row for each task and language, in percent.

    Args:
        evaluation: what `evaluate` returned.
        labels: also a row for each label, over all documents.

    Example:
        >>> from sobujang.evaluation import evaluate
        >>> from sobujang.schema import Schema
        >>> table = render(evaluate([], [], Schema.default()))
        >>> table.row_count, table.columns[2].header
        (6, 'P')
    """
    # Narrow: a line with an interval fits a terminal of 80 columns.
    table = Table(
        caption="\n".join(_notes(evaluation)) or None, caption_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for place, header in enumerate(_HEADERS):
        table.add_column(header, justify="left" if place < _LEFT else "right", no_wrap=True)
    for row in _rows(evaluation, labels):
        if row.opens and table.row_count:
            table.add_section()
        table.add_row(*map(Text, row.cells))
    return table


def to_markdown(evaluation: Evaluation, *, labels: bool = False) -> str:
    """The same table for a model card, with its notes below.

    Example:
        >>> from sobujang.document import Document, Span
        >>> from sobujang.evaluation import evaluate
        >>> from sobujang.schema import Schema
        >>> gold = Document(id="d", text="Hanbit", spans=(Span(id="T1", start=0, end=6, label="COMPANY"),))
        >>> print(to_markdown(evaluate([gold], [gold], Schema.default())).splitlines()[2])
        | Mentions | all | 100.0 | 100.0 | 100.0 | – | 100.0 | 100.0 | 1 |
    """
    rule = ["---"] * _LEFT + ["---:"] * (len(_HEADERS) - _LEFT)
    lines = [_HEADERS, rule, *(row.cells for row in _rows(evaluation, labels))]
    table = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
    return "\n\n".join([table, *_notes(evaluation)]) + "\n"


def _rows(evaluation: Evaluation, labels: bool) -> Iterator[_Row]:
    for title, pick in _LINES:
        for group, tasks in evaluation.scores.items():
            found = pick(tasks)
            if isinstance(found, TaskScores):
                yield _row(title, group, found.strict, found.relaxed, found.strict_macro_f1, opens=group == ALL)
            elif found is not None:
                yield _row(title, group, found, opens=group == ALL)
        over_all = pick(evaluation.scores[ALL])
        if labels and isinstance(over_all, TaskScores):
            for name, scores in over_all.labels.items():
                yield _row(f"  {name}", ALL, scores.strict, scores.relaxed)


def _row(
    title: str, group: str, strict: Figures, relaxed: Figures | None = None, macro: float | None = None,
    *, opens: bool = False,
) -> _Row:  # fmt: skip
    there = strict.support > 0
    cells = (
        title,
        group,
        _percent(strict.precision if strict.predicted else None),
        _percent(strict.recall if there else None),
        _percent(strict.f1 if there else None),
        _interval(strict.interval),
        _percent(macro if there else None),
        _percent(relaxed.f1 if relaxed and there else None),
        str(strict.support) if there else _NONE,
    )
    return _Row(cells, opens)


def _notes(evaluation: Evaluation) -> Iterator[str]:
    comparisons = evaluation.scores[ALL]["comparisons"]
    documents = evaluation.documents[ALL]
    sampled = f"; intervals from {evaluation.bootstrap} resamples of documents" if evaluation.bootstrap else ""
    counted = f"{documents} {'document' if documents == 1 else 'documents'}"
    yield f"{counted}{sampled}. P, R, F1 and macro F1 over strict spans; Relaxed: F1 over overlapping ones."
    found = [
        f"{what} in {accuracy.right} of {accuracy.total} {among} ({_accuracy(accuracy)})"
        for what, accuracy, among in (
            ("direction right", comparisons.direction, "cues found"),
            ("price ratio right", comparisons.price_ratio, "comparisons found exactly"),
        )
        if accuracy is not None and accuracy.total
    ]
    if found:
        yield f"Comparisons: {'; '.join(found)}."


def _accuracy(accuracy: Accuracy) -> str:
    interval = f", {_interval(accuracy.interval)}" if accuracy.interval else ""
    return f"{_percent(accuracy.value)}{interval}"


def _percent(value: float | None) -> str:
    return _NONE if value is None else f"{100 * value:.1f}"


def _interval(interval: tuple[float, float] | None) -> str:
    return _NONE if interval is None else f"{_percent(interval[0])}–{_percent(interval[1])}"
