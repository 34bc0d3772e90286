"""The glossary: concepts of the trade with their Korean and English names."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sobujang.errors import FormatError

COLUMNS = ("label", "ko", "en", "topic")
_BETWEEN_NAMES = " | "


class Concept(NamedTuple):
    """One thing with the names it goes by, the commonest first, and the sub-field that uses it.

    Example:
        >>> Concept("PART", ("정전척", "ESC"), ("electrostatic chuck", "ESC"), "esc").names
        ('정전척', 'ESC', 'electrostatic chuck', 'ESC')
    """

    label: str
    ko: tuple[str, ...]
    en: tuple[str, ...]
    topic: str

    @property
    def names(self) -> tuple[str, ...]:
        """Korean names, then English ones."""
        return self.ko + self.en


def read_glossary(path: str | Path) -> tuple[Concept, ...]:
    """Reads a glossary: tab-separated, a header line, names of one language divided by ` | `.

    Raises:
        FormatError: the file is missing, has other columns, or a row lacks a cell or repeats a concept.
    """
    path = Path(path)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(_concepts(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE), path))
    except OSError as error:
        raise FormatError(f"cannot read the glossary: {error.strerror}", path) from None
    except UnicodeDecodeError as error:
        raise FormatError(f"not UTF-8: {error.reason} at byte {error.start}", path) from None


def _concepts(rows: Iterator[list[str]], path: Path) -> Iterator[Concept]:
    if (header := next(rows, [])) != list(COLUMNS):
        raise FormatError(f"the first line must name the columns {', '.join(COLUMNS)}, not {', '.join(header)}", path)
    seen: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows, start=2):
        if len(row) != len(COLUMNS) or not all(map(str.strip, row)):
            raise FormatError(f"wants {len(COLUMNS)} cells, none of them empty, but has {row}", path, number)
        label, ko, en, topic = row
        concept = Concept(label, tuple(ko.split(_BETWEEN_NAMES)), tuple(en.split(_BETWEEN_NAMES)), topic)
        if (first := seen.setdefault((concept.ko[0], concept.en[0]), number)) != number:
            raise FormatError(f"{concept.ko[0]} ({concept.en[0]}) already stands in line {first}", path, number)
        yield concept
