"""Parse one mention of money, a percentage or a multiple into a :class:`Quantity`.

Example:
    >>> parse_quantity("1천200억원")
    Quantity(kind='money', low=120000000000.0, high=120000000000.0, currency='KRW')
    >>> parse_quantity("수백억원") is None
    True
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from sobujang.quantities import number_tables as tables
from sobujang.quantities.numerals import normalise, read_fraction, read_number, read_pair

QuantityKind = Literal["money", "percent", "multiple"]

_TEXT_MAX: Final = 200
_SCALE_WORDS: Final = "|".join(
    sorted((*tables.ENGLISH_SCALES, *tables.SCALE_ABBREVIATIONS, *tables.SINO_LARGE_SCALES), key=len, reverse=True)
)
# The scale words at the end of a number: the large ones, and with the small Korean one before them ("천억").
_LARGE_SCALES_END_RE: Final = re.compile(rf"(?:[ -]?(?:{_SCALE_WORDS}))+$")
_ALL_SCALES_END_RE: Final = re.compile(rf"[{''.join(tables.SINO_SMALL_SCALES)}]?(?:[ -]?(?:{_SCALE_WORDS}))+$")
_HALF_AFTER_UNIT_RE: Final = re.compile(r"(?P<whole>.+?) ?배 ?반")


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount as written: a single number or a range from ``low`` to ``high``.

    Percentages keep the percent number (30.0 for "30 percent"), multiples are plain factors (0.5 for "half"),
    money is in units of ``currency`` (ISO 4217), which is None for the other two kinds.

    Example:
        >>> Quantity("percent", 20.0, 30.0, None).value is None
        True
    """

    kind: QuantityKind
    low: float
    high: float
    currency: str | None

    @property
    def value(self) -> float | None:
        """The number, or None for a range, which has no single value.

        Example:
            >>> Quantity("multiple", 0.5, 0.5, None).value
            0.5
        """
        return self.low if self.low == self.high else None


class _Affixed(NamedTuple):
    """A number text with what its affixes say; kind None where it has none (one end of a range)."""

    number: str
    kind: QuantityKind | None
    currency: str | None
    factor: Fraction


class _Unit(NamedTuple):
    kind: QuantityKind
    currency: str | None
    factor: Fraction


def _unit_table() -> dict[str, _Unit]:
    one = Fraction(1)
    units = {unit: _Unit("percent", None, Fraction(factor)) for unit, factor in tables.PERCENT_UNITS.items()}
    units |= {unit: _Unit("multiple", None, Fraction(factor)) for unit, factor in tables.MULTIPLE_UNITS.items()}
    units |= {unit: _Unit("money", code, one) for unit, code in tables.CURRENCY_SUFFIXES.items()}
    units |= {unit: _Unit("money", code, Fraction(1, 100)) for unit, code in tables.CENT_SUFFIXES.items()}
    return units


def _longest_first(table: Mapping[str, object]) -> str:
    return "|".join(re.escape(key) for key in sorted(table, key=len, reverse=True))


_UNITS: Final = _unit_table()
# A Latin unit must not begin or end inside a word ("swon"); "fold" alone may follow a number word ("tenfold").
_SUFFIX_RE: Final = re.compile(
    rf"(?P<number>.+?)(?:[ -]|(?<![a-z])|(?=fold$|[^a-z]))(?P<unit>{_longest_first(_UNITS)})"
)
_PREFIX_RE: Final = re.compile(
    rf"(?P<unit>{_longest_first(tables.CURRENCY_PREFIXES)})(?: |(?<![a-z])|(?![a-z]))(?P<number>.+)"
)


def parse_quantity(text: str) -> Quantity | None:
    """Parse an amount of money, a percentage, or a multiple or fraction, in Korean, English or both.

    "$", "dollars" and ``달러`` without a country are US dollars by convention (``number_tables`` lists the
    conventions). ``여`` inside a number is read as "about": the stated number stands. Whatever can be read in two
    ways or names no number is None: "several million dollars", ``수십%``, "$5m to 10", ``¥300`` (yen or yuan), "10m"
    and numbers without a unit. A sign makes a change of an amount, so "-30%" is None as well.

    Args:
        text: One mention, without the sentence around it.

    Returns:
        The amount, or None.

    Example:
        >>> parse_quantity("10 to 25 percent")
        Quantity(kind='percent', low=10.0, high=25.0, currency=None)
        >>> parse_quantity("3분의 1").value == 1 / 3
        True
        >>> parse_quantity("US$1.2bn").value, parse_quantity("두 배").value
        (1200000000.0, 2.0)
    """
    if len(text) > _TEXT_MAX:
        return None
    text = normalise(text)
    return _parse_single(text) or _parse_range(text)


def _parse_single(text: str) -> Quantity | None:
    multiple = _read_unitless_multiple(text)
    if multiple is not None:
        return _quantity("multiple", multiple, multiple, None)
    for affixed in _split_affixes(text):
        if affixed.kind is None:
            continue
        value = _read_end(affixed.number, affixed.kind)
        pair = (value, value) if value is not None else read_pair(affixed.number)
        if pair is not None:
            return _quantity(affixed.kind, pair[0] * affixed.factor, pair[1] * affixed.factor, affixed.currency)
    return None


def _read_unitless_multiple(text: str) -> Fraction | None:
    if text in tables.MULTIPLE_WORDS:
        return Fraction(tables.MULTIPLE_WORDS[text])
    for lead in tables.MULTIPLE_LEADS:
        if text.startswith(lead):
            return read_number(text.removeprefix(lead))
    half = _HALF_AFTER_UNIT_RE.fullmatch(text)
    if half:
        whole = read_number(half["whole"])
        return None if whole is None else whole + Fraction(1, 2)
    return read_fraction(text)


def _read_end(number: str, kind: QuantityKind) -> Fraction | None:
    if kind == "percent" and number.startswith("half"):
        # "half a percent", "half a percentage point"
        return Fraction(1, 2) if number in ("half a", "half") else None
    return read_number(number, abbreviations=kind == "money")


def _split_affixes(text: str) -> Iterator[_Affixed]:
    """Yield every way to take currency marks or a unit off the number, the longest marks first."""
    prefix = _PREFIX_RE.fullmatch(text)
    prefix_currency = tables.CURRENCY_PREFIXES[prefix["unit"]] if prefix else None
    body = prefix["number"] if prefix else text
    suffix = _SUFFIX_RE.fullmatch(body)
    if suffix:
        unit = _UNITS[suffix["unit"]]
        # "$10 million dollars" says it twice; "A$10 dollars" contradicts itself.
        if prefix_currency in (None, unit.currency):
            yield _Affixed(suffix["number"], *unit)
    if prefix:
        yield _Affixed(body, "money", prefix_currency, Fraction(1))
    elif not suffix:
        yield _Affixed(text, None, None, Fraction(1))


def _parse_range(text: str) -> Quantity | None:
    separators: tuple[str, ...] = tables.RANGE_SEPARATORS
    for lead, separator in tables.RANGE_LEADS.items():
        if text.startswith(lead):
            text, separators = text.removeprefix(lead), (separator,)
    for separator in separators:
        for found in re.finditer(re.escape(separator), text):
            for low in _split_affixes(text[: found.start()].strip()):
                for high in _split_affixes(text[found.end() :].strip()):
                    quantity = _join_ends(low, high)
                    if quantity is not None:
                        return quantity
    return None


def _join_ends(low: _Affixed, high: _Affixed) -> Quantity | None:
    """Join two ends of a range; a unit, a currency or a scale written once holds for both ("$60-80", "3~4조원")."""
    kind = low.kind or high.kind
    if kind is None:
        first, last = _read_unitless_multiple(low.number), _read_unitless_multiple(high.number)
        return _quantity("multiple", first, last, None) if first and last and first <= last else None
    # A unit after the number closes the range; only a currency sign may stand before both ("$60-80").
    if (low.kind and high.kind and low[1:] != high[1:]) or (high.kind is None and kind != "money"):
        return None
    factor = low.factor if low.kind else high.factor
    last = _read_end(high.number, kind)
    if last is None:
        return None
    for number in _spellings_of_low_end(low.number, high.number):
        first = _read_end(number, kind)
        if first is not None and first <= last:
            return _quantity(kind, first * factor, last * factor, low.currency or high.currency)
    return None


def _spellings_of_low_end(low: str, high: str) -> list[str]:
    """Spell out the low end: "3" before "4천억" is "3천억", "1천" before "2천억" is "1천억"; last, as it stands."""
    if _LARGE_SCALES_END_RE.search(low):
        # "$5 million to 10" leaves the second scale to be guessed.
        return [low] if _LARGE_SCALES_END_RE.search(high) else []
    ends = (pattern.search(high) for pattern in (_ALL_SCALES_END_RE, _LARGE_SCALES_END_RE))
    return [low + end[0] for end in ends if end] + [low]


def _quantity(kind: QuantityKind, low: Fraction, high: Fraction, currency: str | None) -> Quantity:
    return Quantity(kind, float(low), float(high), currency)
