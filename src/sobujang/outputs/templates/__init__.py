"""Pages for people: the templates and how values stand in them. Every text is escaped."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader

# HTML has no place for most control characters, and UTF-8 none for lone surrogates.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@cache
def environment() -> Environment:
    """What reads the templates of this folder; `number` is a filter in all of them."""
    found = Environment(
        loader=PackageLoader(__name__, ""), autoescape=True, finalize=_visible, trim_blocks=True, lstrip_blocks=True
    )
    found.filters["number"] = "{:,}".format
    return found


def _visible(value: object) -> object:
    """Puts a sign in place of each character that a page cannot hold; markup is made of such texts."""
    return _INVISIBLE.sub(_sign, value) if type(value) is str else value


def _sign(match: re.Match[str]) -> str:
    code = ord(match.group())
    return chr(0x2400 + code) if code < 0x20 else "\N{REPLACEMENT CHARACTER}"
