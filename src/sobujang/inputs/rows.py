"""A row of a table, or an object of a JSON file, as a document: what the formats with many documents a file share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sobujang.document import Document, clean_text
from sobujang.errors import DocumentError

_OWN_KEYS = frozenset(Document.__struct_fields__)


def document_of_row(values: Mapping[str, Any], default_id: str, text_column: str = "text") -> Document:
    """Builds a document from named values: its text, `id` and `lang` where there are any; the others go to the meta.

    Args:
        values: plain values, such as JSON has.
        default_id: of a row that brings none.
        text_column: which of them is the text.

    Raises:
        DocumentError: there is no text, or a value is of the wrong type.

    Example:
        >>> document_of_row({"body": "a", "page": 7}, "news-1", "body").meta
        {'page': 7}
    """
    if text_column not in values:
        keys = ", ".join(map(repr, values)) or "none"
        name = "" if text_column == "text" else f"; --text-column names the text, by default {'text'!r}"
        raise DocumentError(f"has no {text_column!r} (its keys: {keys}){name}; write {example(text_column)}")
    text = values[text_column]
    if not isinstance(text, str):
        raise DocumentError(f"{text_column!r} is {json_type(text)}, not a string; write {example(text_column)}")
    own_id = values.get("id")
    if own_id is None:
        own_id = default_id
    elif isinstance(own_id, bool) or not isinstance(own_id, str | int) or own_id == "":
        raise DocumentError(f"'id' is {json_type(own_id)}; give a string or a whole number, or leave it out")
    # A record brings its meta as an object; any other file may have a key of that name.
    meta = values.get("meta", {})
    meta = dict(meta) if isinstance(meta, dict) else {"meta": meta}
    meta.update((key, value) for key, value in values.items() if key not in _OWN_KEYS and key != text_column)
    return Document(id=str(own_id), text=text, lang=values.get("lang"), meta=meta)


def example(text_column: str = "text") -> str:
    """What a line of JSON looks like."""
    return f'{{"{text_column}": "…", "id": "…"}}'


def without_surrogates(values: dict[str, Any]) -> dict[str, Any]:
    r"""Half of a pair, as in `"\ud800"`, is legal JSON but no character; it becomes U+FFFD wherever it stands."""
    text = json.dumps(values, ensure_ascii=False)
    cleaned = clean_text(text)
    return values if cleaned == text else dict(json.loads(cleaned))


def json_type(value: object) -> str:
    """What JSON calls a value, with its article.

    Example:
        >>> json_type([]), json_type(None)
        ('an array', 'null')
    """
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return "a string" if value else "an empty string"
    if isinstance(value, int | float):
        return "a number"
    return "an array" if isinstance(value, list) else "an object"
