"""What the ends of a mention may not hold and what may follow it, in the words of each language.

The words are data: `resources/span_edges.toml`. Latin and Hangul words do not clash, so a text in both needs no choice.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

_HANGUL = re.compile(r"[\uac00-\ud7a3]")
# Four digits and more without a comma are a designation: `6016 합금`.
_BARE_COUNT = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]+)?(?:개|대|곳|종|명|개사|개국|여 ?개)? (?=\S)")
_FIRST_SYLLABLE = 0xAC00
_FINALS = 28  # syllables that differ in nothing but their final consonant, the first of them having none
_RIEUL = 8


class LeadingWord(NamedTuple):
    """A word that begins a mention and should not: `("the", "article")`."""

    word: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Words:
    leading: dict[str, str]
    keep: frozenset[str]
    role_nouns: tuple[str, ...]
    abbreviations: frozenset[str]
    particles: tuple[tuple[str, str], ...]  # with what it follows: consonant, vowel or any; longest first
    follows: re.Pattern[str]


@cache
def _words() -> _Words:
    text = resources.files("sobujang.corpora").joinpath("resources/span_edges.toml").read_text(encoding="utf-8")
    english, korean = (data := tomllib.loads(text))["en"], data["ko"]
    particles = [
        (particle, after)
        for key, after in (
            ("particles_after_consonant", "consonant"),
            ("particles_after_vowel", "vowel"),
            ("particles", "any"),
        )
        for particle in korean[key]
    ]
    particles.sort(key=lambda pair: -len(pair[0]))
    forms = [*(particle for particle, _ in particles), *korean["copulas"]]
    alternatives = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    suffixes = "|".join(map(re.escape, korean["suffixes"]))
    return _Words(
        leading={
            word: kind for table in (english, korean) for kind, words in table["leading"].items() for word in words
        },
        keep=frozenset(word.casefold() for word in (*english["keep"], *korean["keep"])),
        role_nouns=(*korean["role_nouns"], *(form for noun in english["role_nouns"] for form in (noun, _plural(noun)))),
        abbreviations=frozenset(english["abbreviations"]),
        particles=tuple(particles),
        follows=re.compile(rf"(?:{suffixes})?(?:{alternatives}){{0,2}}(?![\uac00-\ud7a3])"),
    )


def _plural(noun: str) -> str:
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"


def leading_word(surface: str) -> LeadingWord | None:
    """The article, possessive, demonstrative, numeral or quality word that begins a mention, if one does.

    A capital before another capital begins a name.

    Example:
        >>> leading_word("the wafers"), leading_word("The Wafer Company"), leading_word("이 회사")
        (LeadingWord(word='the', kind='article'), None, None)
        >>> leading_word("두 업체").kind
        'numeral'
    """
    words = _words()
    first, _, rest = surface.strip().partition(" ")
    if not rest or surface.casefold() in words.keep:
        return None
    if (first[0].isupper() and rest[0].isupper()) or (len(first) > 1 and first.isupper()):
        return None
    if kind := words.leading.get(first.casefold()):
        return LeadingWord(first, kind)
    if match := _BARE_COUNT.match(surface):
        return LeadingWord(match.group().strip(), "numeral")
    return None


def trailing_particles(surface: str) -> list[tuple[str, str]]:
    """The ways to read a mention as a stem and a particle that fits its last sound, the longest particle first.

    Example:
        >>> trailing_particles("웨이퍼에서"), trailing_particles("네온을"), trailing_particles("네온를")
        ([('웨이퍼', '에서')], [('네온', '을')], [])
    """
    words = _words()
    if surface in words.keep:
        return []
    found = []
    for particle, after in words.particles:
        stem = surface.removesuffix(particle)
        if stem and stem != surface and not stem[-1].isspace() and _follows(stem[-1], particle, after):
            found.append((stem, particle))
    return found


def _follows(last: str, particle: str, after: str) -> bool:
    if after == "any" or not _HANGUL.match(last):
        return True  # how a Latin word or a number is read aloud is not written
    final = (ord(last) - _FIRST_SYLLABLE) % _FINALS
    open_ended = final == 0 or (final == _RIEUL and particle.startswith("로"))
    return open_ended == (after == "vowel")


def is_continuation(text: str, end: int) -> bool:
    """Whether the Hangul after `end`, if any, leaves the word before it the word that it is: particles and suffixes.

    Example:
        >>> is_continuation("네온을", 2), is_continuation("네온사인", 2), is_continuation("네온 ", 2)
        (True, False, True)
    """
    return _words().follows.match(text, end) is not None


def is_name(surface: str) -> bool:
    """Whether a mention looks like a name: a capital or Hangul, and no description that many things share.

    Example:
        >>> [is_name(surface) for surface in ("SK실트론", "Hanbit", "wafers", "이 회사", "Makers", "장비업체")]
        [True, True, False, False, False, False]
    """
    folded = surface.casefold()
    if not (_HANGUL.search(surface) or folded != surface):
        return False
    nouns = _words().role_nouns
    return not folded.endswith(nouns) if _HANGUL.search(surface) else folded.split()[-1] not in nouns


def ends_in_abbreviation(surface: str) -> bool:
    """Whether a full stop at the end belongs to the last word.

    Example:
        >>> [ends_in_abbreviation(surface) for surface in ("Hanbit Co., Ltd.", "the U.S.", "wafers.")]
        [True, True, False]
    """
    last = surface.casefold().split()[-1]
    return last in _words().abbreviations or re.fullmatch(r"(?:[^\W\d_]\.){2,}", last) is not None
