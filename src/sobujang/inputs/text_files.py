"""Plain text, one document a file (`.txt`, `.md`). The text is taken as it stands: every character, every line end."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from sobujang.document import Document, clean_text
from sobujang.inputs.failed import FailedDocument

# What a text that is not in the encoding expected most often is, in the order tried.
_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_GUESSES = ("utf-8", "cp949")
# Enough to tell encodings apart.
_SAMPLE = 64 * 1024


def read_text_file(path: Path, name: str, encoding: str) -> Iterator[Document | FailedDocument]:
    """Reads a file as one document.

    Args:
        path: the file.
        name: the document's id.
        encoding: of the file; a byte order mark of UTF-8 is left out of the text.

    Yields:
        The document, with the path as `source` in its meta, or why there is none.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "news.txt")
        ...     _ = path.write_bytes("한빛정밀은 커넥터를 만든다.".encode())
        ...     [document] = read_text_file(path, "news", "utf-8")
        >>> document.id, document.text
        ('news', '한빛정밀은 커넥터를 만든다.')
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        yield FailedDocument(str(path), f"cannot read: {error.strerror}")
        return
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        yield FailedDocument(str(path), wrong_encoding(path, content, encoding, error.start))
        return
    yield Document(id=name, text=text.removeprefix("\ufeff"), meta={"source": clean_text(str(path))})


def wrong_encoding(path: Path, content: bytes, encoding: str, at: int) -> str:
    """Says where a file leaves its encoding and how to mend it.

    Args:
        path: named in the command that mends it.
        content: bytes of the file by which its encoding is guessed.
        encoding: the one that was expected.
        at: offset in the file of the first byte that does not fit.

    Example:
        >>> wrong_encoding(Path("a.txt"), "값이 싸다".encode("cp949"), "utf-8", 0)
        'not utf-8 at byte 0; it looks like cp949: use --encoding cp949, or convert it: iconv -f cp949 -t utf-8 a.txt'
    """
    guess = _guess_encoding(content, encoding)
    if guess is None:
        return f"not {encoding} at byte {at}; name the file's encoding: --encoding NAME"
    mend = f"use --encoding {guess}"
    if guess != "utf-8":
        mend += f", or convert it: iconv -f {guess} -t utf-8 {path}"
    return f"not {encoding} at byte {at}; it looks like {guess}: {mend}"


def _guess_encoding(content: bytes, failed: str) -> str | None:
    sample = content[:_SAMPLE]
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if sample.startswith(mark)), None)
    for guess in (marked,) if marked else _GUESSES:
        if codecs.lookup(guess) != codecs.lookup(failed) and _decodes(sample, guess):
            return guess
    return None


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        # Incremental, because the sample may end inside a character.
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True
