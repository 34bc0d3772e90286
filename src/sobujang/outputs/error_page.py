"""The error page: where predictions part from gold, counted by kind and label and listed, in one HTML file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from jinja2 import Template

from sobujang.outputs.files import replacing
from sobujang.outputs.templates import environment

Fault = Literal["missed", "spurious", "wrong"]
FAULTS: Sequence[Fault] = ("missed", "spurious", "wrong")


class ErrorRow(NamedTuple):
    """One error.

    Attributes:
        document: its id.
        kind: of what sort it is: a boundary, a label, a relation.
        labels: those that it is about.
        gold, predicted: what each has, in words; empty where it has nothing.
        before, place, after: the mention that it is told of, in its text.
    """

    document: str
    kind: str
    labels: tuple[str, ...]
    gold: str
    predicted: str
    before: str
    place: str
    after: str

    @property
    def fault(self) -> Fault:
        """`missed`: only gold has it; `spurious`: only the prediction; `wrong`: both have something else."""
        if not self.predicted:
            return "missed"
        return "wrong" if self.gold else "spurious"


def write_error_page(rows: Sequence[ErrorRow], path: str | Path, *, title: str, documents: int) -> None:
    """Writes the page; nothing in it is fetched, and it can be filtered by kind, fault, label and words.

    Args:
        rows: the errors, in the order in which they are listed.
        path: the HTML file.
        title: its heading.
        documents: how many were compared, those without an error too.

    Raises:
        OutputError: the file cannot be written.
    """
    kinds = Counter(row.kind for row in rows)
    labels = Counter((label, row.kind) for row in rows for label in row.labels)
    totals = Counter(label for row in rows for label in row.labels)
    stream = _template().stream(
        title=title,
        documents=documents,
        rows=rows,
        faults=FAULTS,
        kinds=kinds.most_common(),
        by_fault=Counter((row.kind, row.fault) for row in rows),
        labels=totals.most_common(),
        by_label=labels,
    )
    stream.enable_buffering(256)
    with replacing(path) as append:
        for part in stream:
            append(part.encode())


@cache
def _template() -> Template:
    return environment().get_template("errors.html.jinja")
