"""What a user may say of the files that are read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are read.

    Attributes:
        encoding: of text files; None has each file's found out.
        text_column: the column, or the key of a JSON object, that holds the text.
    """

    encoding: str | None = None
    text_column: str = "text"
