"""Korean particles whose form hangs on the sound before them: 커넥터는, but 단자은 is wrong and 필름은 right."""

from __future__ import annotations

import re

# (after a consonant, after a vowel)
_PAIRS = (("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("으로", "로"))
_AFTER_CONSONANT = {consonant: vowel for consonant, vowel in _PAIRS}
_AFTER_VOWEL = {vowel: consonant for consonant, vowel in _PAIRS}
# A particle ends the word, or another one follows it (`으로는`, `와의`, `로부터`).
_PARTICLE = re.compile("(으로|로|과|와|은|는|이|가|을|를)(?:(?=는|도|의|만|부터|서|써)(?<=로|과|와)|(?![가-힣]))")
_HANGUL_SYLLABLE = re.compile("[가-힣]")
_RIEUL = 8  # index of ㄹ among the final consonants; 로, not 으로, follows it
# As they are read aloud in Korean: 엘, 엠, 엔, 알; 영, 일, 삼, 육, 칠, 팔.
_SPOKEN_FINAL = {
    "l": _RIEUL,
    "r": _RIEUL,
    "m": 16,
    "n": 4,
    "0": 21,
    "1": _RIEUL,
    "3": 16,
    "6": 1,
    "7": _RIEUL,
    "8": _RIEUL,
}


def final_consonant(word: str) -> int | None:
    """The index of the final consonant that a word is spoken with, 0 for none; `None` where that cannot be known.

    Example:
        >>> [final_consonant(word) for word in ("커넥터", "필름", "PCB", "LCD 패널", "3D)")]
        [0, 16, 0, 8, None]
    """
    last = word[-1:]
    if _HANGUL_SYLLABLE.match(last):
        return (ord(last) - 0xAC00) % 28
    return _SPOKEN_FINAL.get(last.lower(), 0) if last.isascii() and last.isalnum() else None


def agreeing_particle(text: str, start: int, before: str, after: str) -> tuple[int, str] | None:
    """The particle that must stand at `start` when the word in front of it changes.

    Args:
        text: the text as it is.
        start: where the old word ends.
        before: the old word; a syllable that does not agree with it is no particle.
        after: the new word.

    Returns:
        How many characters to replace and by what; `None` where nothing changes.

    Example:
        >>> agreeing_particle("필름은 얇다", 2, "필름", "커넥터")
        (1, '는')
        >>> agreeing_particle("필름은행", 2, "필름", "커넥터")
    """
    old, new = final_consonant(before), final_consonant(after)
    found = _PARTICLE.match(text, start)
    if old is None or new is None or not found:
        return None
    particle = found[1]
    if particle in ("으로", "로"):
        agrees = (particle == "로") == (old in (0, _RIEUL))
        wanted = "로" if new in (0, _RIEUL) else "으로"
    else:
        agrees = particle in (_AFTER_CONSONANT if old else _AFTER_VOWEL)
        wanted = particle
        if bool(old) != bool(new):
            wanted = (_AFTER_CONSONANT if old else _AFTER_VOWEL).get(particle, particle)
    return (len(particle), wanted) if agrees and wanted != particle else None
