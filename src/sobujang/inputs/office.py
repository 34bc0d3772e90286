"""Documents of office programs: `.pdf`, `.docx`, and Hangul's `.hwpx` and `.hwp`. Offsets refer to the text taken out.

Their readers raise whatever a damaged file leads them to; at this border every such error is one failed document.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sobujang.document import Document, clean_text
from sobujang.inputs.failed import FailedDocument
from sobujang.inputs.options import ReadOptions
from sobujang.inputs.packed import UnreadableError, check_archive, unpacked

# How an OLE file begins: old .doc and .hwp, and what Office makes of a .docx that has a password.
_OLE = b"\xd0\xcf\x11\xe0"
_PROTECTED = "protected by a password; save it without one"


def read_pdf(path: Path, name: str, options: ReadOptions) -> Iterator[Document | FailedDocument]:
    """Reads the text of all pages; `pages` in the meta says at which character each begins.

    Raises:
        UnreadableError: the file cannot be read.
        ImportError: pypdf is not there.
    """
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it has to say of a file, it says once more as an error

    def texts(plain: Path) -> list[str]:
        with pypdf.PdfReader(plain) as reader:
            if reader.is_encrypted and not reader.decrypt(""):
                raise UnreadableError(_PROTECTED)
            return [page.extract_text() for page in reader.pages]

    yield _read(path, name, texts, "\n\n", "pages", "holds no text; where its pages are pictures, run OCR first")


def read_docx(path: Path, name: str, options: ReadOptions) -> Iterator[Document | FailedDocument]:
    """Reads paragraphs and tables, a line each; `paragraphs` in the meta says at which character each begins.

    Raises:
        UnreadableError: the file cannot be read.
        ImportError: python-docx is not there.
    """
    import docx
    from docx.table import Table

    def lines(plain: Path) -> list[str]:
        if _begins(plain, _OLE):
            raise UnreadableError(f"an old .doc, or {_PROTECTED}")
        check_archive(plain)
        found = []
        for block in docx.Document(str(plain)).iter_inner_content():
            if isinstance(block, Table):
                found += ["\t".join(cell.text for cell in row.cells) for row in block.rows]
            else:
                found.append(block.text)
        return found

    yield _read(path, name, lines, "\n", "paragraphs", "holds no text")


def read_hwp(path: Path, name: str, options: ReadOptions) -> Iterator[Document | FailedDocument]:
    """Reads a document of the word processor Hangul, of either format.

    Raises:
        UnreadableError: the file cannot be read.
        ImportError: hwp-hwpx-parser is not there.
    """
    from hwp_hwpx_parser import Reader

    def lines(plain: Path) -> list[str]:
        if plain.suffix.lower() == ".hwpx":
            check_archive(plain)
        elif not _begins(plain, _OLE):
            raise UnreadableError("not of the format HWP 5, which Hangul writes since 2002; save it as .hwpx")
        with Reader(plain) as reader:
            if reader.is_encrypted:
                raise UnreadableError(_PROTECTED)
            return str(reader.text).split("\n")

    yield _read(path, name, lines, "\n", "paragraphs", "holds no text")


def _read(
    path: Path, name: str, take_out: Callable[[Path], Sequence[str]], between: str, what: str, empty: str
) -> Document | FailedDocument:
    """Joins the parts that `take_out` finds into one document and notes where each begins."""
    with unpacked(path) as plain:
        try:
            parts = [clean_text(part) for part in take_out(plain)]
        except (UnreadableError, ImportError, KeyboardInterrupt):
            raise
        except Exception as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            return FailedDocument(
                str(path), f"damaged, or of another format than its ending says ({reason}); open it in its own program"
            )
    if not any(part.strip() for part in parts):
        return FailedDocument(str(path), empty)
    begins, at = [], 0
    for part in parts:
        begins.append(at)
        at += len(part) + len(between)
    return Document(id=name, text=between.join(parts), meta={"source": clean_text(str(path)), what: begins})


def _begins(path: Path, mark: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(mark)) == mark
    except OSError as error:
        raise UnreadableError(f"cannot read: {error.strerror}") from None
