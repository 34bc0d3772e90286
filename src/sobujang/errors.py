"""The errors of sobujang: one tree, so that a caller can catch them all at its root.

Every message says what is wrong, where, and the call or the edit that mends it: the command line prints it as it is.
"""

from __future__ import annotations

from pathlib import Path


class SobujangError(Exception):
    """Root of every error that this package raises on purpose.

    Example:
        >>> raise ModelError("models/base: weights are missing")
        Traceback (most recent call last):
            ...
        sobujang.errors.ModelError: models/base: weights are missing
    """


class DocumentError(SobujangError):
    """A record or a text that cannot be used: offsets outside the text, a relation to a span that is not there."""


class InputError(SobujangError):
    """What was asked to be read is not there, or cannot be read in the way asked for."""


class OutputError(SobujangError):
    """A file that cannot be written."""


class FormatError(SobujangError):
    """A file whose content is not of the expected form; says the file and the line."""

    def __init__(self, message: str, path: str | Path | None = None, line: int | None = None) -> None:
        """Joins place and message: `corpus.jsonl:12: not a JSON object …`."""
        place = ":".join(str(part) for part in (path, line) if part is not None)
        super().__init__(f"{place}: {message}" if place else message)


class SchemaError(SobujangError):
    """A schema that contradicts itself, or data that the schema does not allow."""


class ModelError(SobujangError):
    """A model folder that cannot be loaded: a file missing, truncated, or of another version."""


class RecipeError(SobujangError):
    """A training recipe with an unknown key, a wrong type, or a path that leads nowhere."""


class WorkerError(SobujangError):
    """A worker process that ended before its work did."""


class MissingExtraError(SobujangError):
    """A part of the package whose optional dependencies are not installed."""

    def __init__(self, what: str, extra: str) -> None:
        """Names the one line that installs what is missing."""
        super().__init__(f"{what} needs packages that are not installed; run: pip install 'sobujang[{extra}]'")
