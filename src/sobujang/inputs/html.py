"""Web pages (`.html`, `.htm`): their main text, without menus, advertisements and the like."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sobujang.document import Document, clean_text
from sobujang.inputs.encodings import EncodingError, decode
from sobujang.inputs.failed import FailedDocument
from sobujang.inputs.options import ReadOptions
from sobujang.inputs.packed import read_all


def read_html(path: Path, name: str, options: ReadOptions) -> Iterator[Document | FailedDocument]:
    """Reads a page as one document: its heading, and its main text as trafilatura finds it.

    Args:
        path: the file.
        name: the document's id.
        options: its encoding; where none is given, the one that the page names.

    Yields:
        The document, with `source`, `title`, `date` and `url` in its meta where the page has them.

    Raises:
        UnreadableError: the file cannot be read.
        ImportError: trafilatura is not there.
    """
    from trafilatura import bare_extraction

    content = read_all(path)
    try:
        page: str | bytes = decode(content, options.encoding, path) if options.encoding else content
    except EncodingError as error:
        yield FailedDocument(str(path), str(error))
        return
    found = bare_extraction(page, include_comments=False, include_tables=True, with_metadata=True)
    # An older form of the library's answer is a dict, which it promises here no longer.
    if found is None or isinstance(found, dict) or not (text := (found.text or "").strip()):
        yield FailedDocument(str(path), "no main text was found in the page; save its text as .txt")
        return
    meta = {"source": str(path), "title": found.title, "date": found.date, "url": found.url}
    yield Document(
        id=name, text=clean_text(text), meta={key: clean_text(value) for key, value in meta.items() if value}
    )
