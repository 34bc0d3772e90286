"""What stands in a stream of documents where one could not be read, so that the others go on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FailedDocument:
    """A document that could not be read or annotated.

    Attributes:
        source: where it stands: a path, a path with a line, or the id of a document that was read.
        reason: what is wrong and how to mend it, in one line.

    Example:
        >>> str(FailedDocument("news.jsonl:3", "has no 'text'"))
        "news.jsonl:3: has no 'text'"
    """

    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"
