"""Read numbers written in digits, in Korean and in English words, exactly (as fractions).

Example:
    >>> read_number("1조 2,300억") == 1_230_000_000_000
    True
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import Final

from sobujang.quantities import number_tables as tables

# Python refuses integers of some thousand digits; no amount of money needs thirty.
_LITERAL_DIGITS_MAX: Final = 30
_TEXT_MAX: Final = 200
_LITERAL: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_SINO: Final = "".join(tables.SINO_DIGITS)
_SMALL_SCALES: Final = "".join(tables.SINO_SMALL_SCALES)
_LARGE_SCALES: Final = "".join(tables.SINO_LARGE_SCALES)

_LITERAL_RE: Final = re.compile(_LITERAL)
_KOREAN_CHARS_RE: Final = re.compile(rf"(?:[0-9.,]|[{_SINO}{_SMALL_SCALES}{_LARGE_SCALES}점])+")
_LARGE_GROUPS_RE: Final = re.compile(
    "".join(rf"(?:(?P<{name}>[^{_LARGE_SCALES}]*){name})?" for name in tables.SINO_LARGE_SCALES)
    + rf"(?P<rest>[^{_LARGE_SCALES}]*)"
)
_SMALL_GROUP_RE: Final = re.compile(
    "".join(rf"(?:(?P<{name}>{_LITERAL}|[{_SINO}]?){name})?" for name in tables.SINO_SMALL_SCALES)
    + rf"(?P<rest>{_LITERAL}|[{_SINO}])?"
)
# "1억2천 원" is 100,002,000 by the rules and 120 million in speech.
_CLIPPED_TAIL_RE: Final = re.compile(rf"[조억](?:[0-9]+|[{_SINO}])?[{_SMALL_SCALES}]")
_POINT_RE: Final = re.compile(rf"(?P<whole>[0-9{_SINO}{_SMALL_SCALES}]+)점(?P<decimals>[0-9]+|[{_SINO}]+)")
_APPROXIMATE_INFIX_RE: Final = re.compile(rf"(?<=[0-9{_SMALL_SCALES}{_LARGE_SCALES}])여(?![섯덟])")
_DIGIT_GAP_RE: Final = re.compile(rf"[0-9{_SINO}] +[0-9{_SINO}]")
_NATIVE_RE: Final = re.compile(
    rf"(?P<tens>{'|'.join(tables.NATIVE_TENS)})? ?(?P<ones>{'|'.join(sorted(tables.NATIVE_ONES, key=len)[::-1])})?"
)
_KOREAN_FRACTION_RE: Final = re.compile(r"(?P<denominator>.+?) ?분의 ?(?P<numerator>.+)")
_SLASH_FRACTION_RE: Final = re.compile(
    r"(?:(?P<whole>[0-9]{1,6})[ -])?(?P<numerator>[0-9]{1,6}) ?[/\u2044] ?(?P<denominator>[0-9]{1,6})(?:rds?|ths?)?"
)
_TWO_LITERALS_RE: Final = re.compile(rf"{_LITERAL} *(?:-| ) *[0-9]")
_ENGLISH_TOKEN_RE: Final = re.compile(rf"{_LITERAL}|[a-z]+|[ -]+")
_ENGLISH_FRACTION_RE: Final = re.compile(
    rf"(?:(?P<numerator>[a-z]+|[0-9]{{1,3}})[ -])?(?P<name>{'|'.join(tables.ENGLISH_DENOMINATORS)})(?P<plural>s?)"
)
_MIXED_NUMBER_RE: Final = re.compile(r"(?P<whole>.+?)[ -]and[ -]an?[ -](?P<part>[a-z]+)(?P<scales>(?:[ -][a-z]+)*)")
_FRACTION_OF_SCALE_RE: Final = re.compile(r"(?P<part>.+?) (?:of )?(?P<rest>an? .+)")

_CHARACTERS: Final = (
    {ord(c): "-" for c in tables.DASHES}
    | {ord(c): "~" for c in tables.TILDES}
    | {ord(c): None for c in tables.INVISIBLES}
    | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {ord(c): plain for c, plain in tables.WIDE_SYMBOLS.items()}
)
_VULGAR_FRACTION_RE: Final = re.compile("[\u00bc-\u00be\u2150-\u215e\u2189]")


def normalise(text: str) -> str:
    """Fold the spelling variants that do not change an amount: width, case, dashes, tildes, spaces, ``½``.

    Superscripts are left alone, so that a footnote mark or an exponent is never read as a digit.

    Example:
        >>> normalise("２０∼３０％")
        '20~30%'
    """
    text = unicodedata.normalize("NFC", text).translate(_CHARACTERS)
    text = _VULGAR_FRACTION_RE.sub(lambda m: " " + unicodedata.normalize("NFKC", m[0]), text)
    return " ".join(text.split()).lower().replace("u.s.", "us")


def read_number(text: str, *, abbreviations: bool = False) -> Fraction | None:
    """Read one number; ``text`` must be normalised and hold nothing else.

    Args:
        text: The number in digits, Korean words, English words or a mixture ("1천200억", "2.5 million", "서른").
        abbreviations: Whether "m", "bn", "k" … count as scales; only a currency beside them makes that safe.

    Returns:
        The exact value, or None where the text is no number or could be more than one.

    Example:
        >>> read_number("2만5천"), read_number("two and a half"), read_number("10m")
        (Fraction(25000, 1), Fraction(5, 2), None)
    """
    text = text.strip()
    if not text or len(text) > _TEXT_MAX:
        return None
    for reader in (_read_literal, _read_korean, _read_native, _read_slash_fraction):
        value = reader(text)
        if value is not None:
            return value
    return _read_english(text, abbreviations)


def read_pair(text: str) -> tuple[Fraction, Fraction] | None:
    """Read a Korean word for two neighbouring numbers.

    Example:
        >>> read_pair("서너"), read_pair("이삼십")
        ((Fraction(3, 1), Fraction(4, 1)), (Fraction(20, 1), Fraction(30, 1)))
    """
    text = text.replace(" ", "")
    if text in tables.NATIVE_PAIRS:
        low, high = tables.NATIVE_PAIRS[text]
        return Fraction(low), Fraction(high)
    ends = tables.SINO_PAIRS.get(text[:2])
    if ends is None:
        return None
    first, second = (read_number(digit + text[2:]) for digit in ends.split())
    return None if first is None or second is None else (first, second)


def read_fraction(text: str) -> Fraction | None:
    """Read a proper fraction: ``3분의 1``, ``1/3``, "one-third", "a quarter", "tenth".

    A bare ordinal is read as a fraction, because articles stay outside a marked mention ("a `third`").

    Example:
        >>> read_fraction("10분의 1"), read_fraction("two-thirds"), read_fraction("thirds")
        (Fraction(1, 10), Fraction(2, 3), None)
    """
    found = _KOREAN_FRACTION_RE.fullmatch(text)
    if found:
        denominator, numerator = read_number(found["denominator"]), read_number(found["numerator"])
        return _proper(numerator, denominator)
    if "/" in text or "\u2044" in text:
        value = _read_slash_fraction(text)
        return value if value is not None and value < 1 else None
    found = _ENGLISH_FRACTION_RE.fullmatch(text)
    if not found or (found["plural"] and not found["numerator"]):
        return None
    name = found["numerator"] or "one"
    count = Fraction(1) if name in ("a", "an") else read_number(name)
    return _proper(count, Fraction(tables.ENGLISH_DENOMINATORS[found["name"]]))


def _proper(numerator: Fraction | None, denominator: Fraction | None) -> Fraction | None:
    if numerator is None or denominator is None or not 0 < numerator < denominator:
        return None
    return numerator / denominator


def _read_literal(text: str) -> Fraction | None:
    if len(text) > _LITERAL_DIGITS_MAX or not _LITERAL_RE.fullmatch(text):
        return None
    return Fraction(text.replace(",", ""))


def _read_slash_fraction(text: str) -> Fraction | None:
    found = _SLASH_FRACTION_RE.fullmatch(text)
    if not found:
        return None
    part = _proper(Fraction(found["numerator"]), Fraction(found["denominator"]))
    return None if part is None else part + Fraction(found["whole"] or 0)


def _read_korean(text: str) -> Fraction | None:
    # A gap between two digits may hide an enumeration ("3 4억"), so such text is no number.
    if _DIGIT_GAP_RE.search(text):
        return None
    # 여 inside a number ("100여억") only says "about"; the number stands.
    text = _APPROXIMATE_INFIX_RE.sub("", text.replace(" ", ""))
    if not _KOREAN_CHARS_RE.fullmatch(text) or (_CLIPPED_TAIL_RE.search(text) and _ends_clipped(text)):
        return None
    groups = _LARGE_GROUPS_RE.fullmatch(text)
    if not groups:
        return None
    total, ceiling = Fraction(0), None
    for name, scale in (*tables.SINO_LARGE_SCALES.items(), ("rest", 1)):
        group = groups[name]
        if group is None or (name == "rest" and not group):
            continue
        # A bare 만 at the head is ten thousand; 억 and 조 alone are what is left of a vague "수십억".
        value = Fraction(1) if name == "만" and text.startswith("만") else _read_small_group(group)
        if value is None or (ceiling is not None and value * scale >= ceiling):
            return None
        total, ceiling = total + value * scale, scale
    return total


def _ends_clipped(text: str) -> bool:
    tail = re.split(r"[조억]", text)[-1]
    return bool(tail) and "만" not in tail and tail[-1] in _SMALL_SCALES


def _read_small_group(text: str) -> Fraction | None:
    point = _POINT_RE.fullmatch(text)
    if point:
        whole = _read_small_group(point["whole"])
        decimals = "".join(str(tables.SINO_DIGITS.get(c, c)) for c in point["decimals"])
        return None if whole is None else whole + Fraction(f"0.{decimals}")
    found = _SMALL_GROUP_RE.fullmatch(text)
    if not found or not text:
        return None
    total, ceiling = Fraction(0), None
    for name, scale in (*tables.SINO_SMALL_SCALES.items(), ("rest", 1)):
        written = found[name]
        if written is None:
            continue
        value = Fraction(tables.SINO_DIGITS[written]) if written in tables.SINO_DIGITS else _literal_or_one(written)
        if value is None or (ceiling is not None and value * scale >= ceiling):
            return None
        total, ceiling = total + value * scale, scale
    return total


def _literal_or_one(written: str) -> Fraction | None:
    return _read_literal(written) if written else Fraction(1)


def _read_native(text: str) -> Fraction | None:
    found = _NATIVE_RE.fullmatch(text)
    if not found:
        return None
    return Fraction(tables.NATIVE_TENS.get(found["tens"] or "", 0) + tables.NATIVE_ONES.get(found["ones"] or "", 0))


def _read_english(text: str, abbreviations: bool) -> Fraction | None:
    scales = tables.ENGLISH_SCALES | (tables.SCALE_ABBREVIATIONS if abbreviations else {})
    mixed = _MIXED_NUMBER_RE.fullmatch(text)
    if mixed:
        whole, part = _sum_english(mixed["whole"], scales), read_fraction(mixed["part"])
        factor = Fraction(1)
        for word in re.findall(r"[a-z]+", mixed["scales"]):
            if word not in scales:
                return None
            factor *= scales[word]
        return None if whole is None or part is None else (whole + part) * factor
    share = _FRACTION_OF_SCALE_RE.fullmatch(text)
    if share:
        part, rest = read_fraction(share["part"]), _sum_english(share["rest"], scales)
        if part is not None and rest is not None:
            return part * rest
    return _sum_english(text, scales)


def _sum_english(text: str, scales: dict[str, int]) -> Fraction | None:
    """Add up English number words; ``room`` is what the next word must stay under (after "forty": ten)."""
    tokens = _ENGLISH_TOKEN_RE.findall(text)
    if "".join(tokens) != text or text != text.strip(" -") or _TWO_LITERALS_RE.search(text):
        return None
    words = [token for token in tokens if token.strip(" -")]
    total, group = Fraction(0), Fraction(0)
    room, ceiling = Fraction(10**_LITERAL_DIGITS_MAX), Fraction(10**_LITERAL_DIGITS_MAX)
    for position, word in enumerate(words):
        following = words[position + 1] if position + 1 < len(words) else ""
        literal = _read_literal(word)
        if literal is not None and group == 0 and literal < room:
            group, room = literal, Fraction(0)
        elif word in tables.ENGLISH_SMALL and (tables.ENGLISH_SMALL[word] or text == word):
            value = tables.ENGLISH_SMALL[word]
            if value >= room:
                return None
            group, room = group + value, Fraction(10 if value >= 20 else 0)
        elif word in ("a", "an") and group == 0 and (following in scales or following == "hundred"):
            group = Fraction(1)
        elif word == "hundred" and (0 < group < 100 or text == "hundred"):
            group, room = max(group, Fraction(1)) * 100, Fraction(100)
        elif word in scales and group > 0 and group * scales[word] < ceiling:
            total, ceiling = total + group * scales[word], Fraction(scales[word])
            group, room = Fraction(0), ceiling
        elif not (word == "and" and position and words[position - 1] in (*scales, "hundred") and following):
            return None
    return total + group if words else None
