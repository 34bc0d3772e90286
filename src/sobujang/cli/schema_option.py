"""The option `--schema`, which all verbs that read gold share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sobujang.schema import Schema

SchemaFile = Annotated[Path | None, typer.Option(help="Schema file; by default the package's own.")]


def declared_schema(path: Path | None) -> Schema:
    """The schema of a file, or the package's own.

    Raises:
        SchemaError: the file cannot be read or contradicts itself.
    """
    from sobujang.schema import Schema

    return Schema.from_toml(path) if path else Schema.default()
