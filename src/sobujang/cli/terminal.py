"""How the command line writes to a terminal."""

from __future__ import annotations

import typer
from rich.console import Console

# Where no terminal sets the width, rich would cut long labels off at 80 columns.
_FILE_WIDTH = 200


def one_line(text: str) -> str:
    r"""The text as one line that any terminal can show: line breaks and other control characters are spelt out.

    Example:
        >>> one_line("news\n\x1b[31m.txt")
        'news\\n\\x1b[31m.txt'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def tell(text: str) -> None:
    """Writes one line to the standard error stream: whatever is not the result that was asked for."""
    typer.echo(one_line(text), err=True)


def output_console() -> Console:
    """The standard output, for tables and lines. Labels, ids and texts come from files: none is read as rich markup."""
    console = Console(markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, _FILE_WIDTH)
    return console
