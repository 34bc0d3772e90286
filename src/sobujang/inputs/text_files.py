"""Plain text, one document a file (`.txt`, `.md`). The text is taken as it stands: every character, every line end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sobujang.document import Document, clean_text
from sobujang.inputs.encodings import EncodingError, decode
from sobujang.inputs.failed import FailedDocument
from sobujang.inputs.options import ReadOptions
from sobujang.inputs.packed import read_all


def read_text_file(path: Path, name: str, options: ReadOptions) -> Iterator[Document | FailedDocument]:
    """Reads a file as one document.

    Args:
        path: the file.
        name: the document's id.
        options: its encoding; a byte order mark is left out of the text.

    Yields:
        The document, with the path as `source` in its meta, or why there is none.

    Raises:
        UnreadableError: the file cannot be read.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "news.txt")
        ...     _ = path.write_bytes("한빛정밀은 커넥터를 만든다.".encode("cp949"))
        ...     [document] = read_text_file(path, "news", ReadOptions())
        >>> document.id, document.text
        ('news', '한빛정밀은 커넥터를 만든다.')
    """
    try:
        text = decode(read_all(path), options.encoding, path)
    except EncodingError as error:
        yield FailedDocument(str(path), str(error))
        return
    yield Document(id=name, text=text, meta={"source": clean_text(str(path))})
