"""Which of the two languages a text is in. They differ in script, so counting letters decides."""

from __future__ import annotations

import re

from sobujang.document import Language

_HANGUL = re.compile(r"[\uac00-\ud7a3]")
# Latin names stand in every Korean text; only runs of words are English. Possessive and from a word's first letter:
# a long run of letters (base64) would otherwise take time in the square of its length.
_LATIN_WORDS = re.compile(r"(?<![A-Za-z])[A-Za-z]{2,}+(?:[ ,'-]++[A-Za-z]{2,}+){3,}+")
_MIXED_SHARE = 0.15


def detect_language(text: str) -> Language | None:
    """`ko`, `en`, or `mixed` where at least 15 percent is in either; None where a text has no letters of both.

    Example:
        >>> detect_language("한빛정밀은 SK Siltron에 웨이퍼를 납품한다."), detect_language("Hanbit sells wafers.")
        ('ko', 'en')
    """
    hangul = len(_HANGUL.findall(text))
    if not hangul:
        return "en" if re.search(r"[A-Za-z]", text) else None
    # A Hangul syllable carries about as much as two and a half Latin letters.
    korean = 2.5 * hangul
    english = sum(len(run) for run in _LATIN_WORDS.findall(text))
    share = english / (english + korean)
    if share < _MIXED_SHARE:
        return "ko"
    return "mixed" if share < 1 - _MIXED_SHARE else "en"
