"""From bytes to characters: the encoding that is asked for, or the one that the bytes show."""

from __future__ import annotations

import codecs
from pathlib import Path

from sobujang.errors import InputError

# UTF-32 first: its mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What Korean and English files that are no UTF-8 are written in; cp949 holds euc-kr.
_OTHERS = ["cp949", "cp1252", "utf_16_le", "utf_16_be"]
# Enough to tell encodings apart.
_SAMPLE = 64 * 1024


class EncodingError(Exception):
    """Bytes that are not in the encoding; the message says where, and how to mend it."""


def check_encoding(encoding: str | None) -> None:
    """Checks that Python can read text in an encoding; None, which has it found out, is always good.

    Raises:
        InputError: it cannot.
    """
    try:
        "text".encode(encoding or "utf-8")
    except (LookupError, UnicodeError):
        raise InputError(f"encoding {encoding!r} is unknown; use for example utf-8, cp949 or utf-16") from None


def find_encoding(content: bytes) -> str | None:
    """The encoding that bytes seem to be in: by their mark, else UTF-8 if they are, else the likeliest of a few.

    Args:
        content: the beginning of a file is enough.

    Returns:
        A name that `bytes.decode` knows; None where none of the encodings fits.

    Example:
        >>> find_encoding("값이 싸다".encode("cp949")), find_encoding("half the price".encode())
        ('cp949', 'utf-8')
    """
    from charset_normalizer import from_bytes

    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return encoding
    sample = content[:_SAMPLE]
    if _decodes(sample, "utf-8"):
        return "utf-8"
    best = from_bytes(sample, cp_isolation=_OTHERS).best()
    # A guess that leaves more than one character in ten a control character has read no text.
    if best is None or sum(ord(c) < 32 and not c.isspace() for c in str(best)) * 10 > len(str(best)):
        return None
    return best.encoding


def decode(content: bytes, encoding: str | None, path: Path, offset: int = 0) -> str:
    """Characters of a file, without a byte order mark.

    Args:
        content: bytes of the file.
        encoding: of the file; None has it found out.
        path: named in the command that mends it.
        offset: where in the file `content` begins.

    Raises:
        EncodingError: it is not in that encoding, or in none that is tried.

    Example:
        >>> decode("값이 싸다".encode("cp949"), None, Path("a.txt"))
        '값이 싸다'
    """
    found = encoding or find_encoding(content)
    if found is None:
        raise EncodingError(
            "in no encoding that is tried (UTF-8, UTF-16, cp949, cp1252): if it is text, name its own: --encoding NAME"
        )
    try:
        return content.decode(found).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise EncodingError(_wrong_encoding(path, content, found, offset + error.start)) from None


def _wrong_encoding(path: Path, content: bytes, encoding: str, at: int) -> str:
    guess = find_encoding(content)
    if guess is None or codecs.lookup(guess) == codecs.lookup(encoding):
        return f"not {encoding} at byte {at}; name the file's encoding: --encoding NAME"
    mend = f"use --encoding {guess}"
    if guess not in ("utf-8", "utf-8-sig"):
        mend += f", or convert it: iconv -f {guess} -t utf-8 {path}"
    return f"not {encoding} at byte {at}; it looks like {guess}: {mend}"


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        # Incremental, because the sample may end inside a character.
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True
