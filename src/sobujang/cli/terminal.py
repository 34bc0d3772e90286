"""How the command line writes to a terminal."""

from __future__ import annotations


def one_line(text: str) -> str:
    r"""The text as one line that any terminal can show: line breaks and other control characters are spelt out.

    Example:
        >>> one_line("news\n\x1b[31m.txt")
        'news\\n\\x1b[31m.txt'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
