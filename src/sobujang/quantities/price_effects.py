"""Work out what a price comparison says in numbers: the price ratio item ÷ baseline, or a difference in money.

Example:
    >>> sentence = "재생 웨이퍼는 일본산의 70% 가격에 팔린다."
    >>> price_effect("lower", "70%", cue="가격", context=sentence).ratio
    0.7
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Final, Literal

from sobujang.quantities import comparison_tables as tables
from sobujang.quantities.amounts import Quantity, parse_quantity
from sobujang.quantities.number_tables import MULTIPLE_LEADS, POINT_UNITS
from sobujang.quantities.numerals import normalise, read_number

Direction = Literal["lower", "higher", "equal"]
Span = tuple[int, int]

# The wordings stand next to the amount; a longer window only costs time.
_WINDOW: Final = 120
_DENOMINATOR_MAX: Final = 10**6
_MARKS_RE: Final = re.compile(r"[<>{}]")
_HANGUL_RE: Final = re.compile("[가-힣]")
_POINTS_RE: Final = re.compile(rf"(?:{'|'.join(POINT_UNITS)})$")


@dataclass(frozen=True, slots=True)
class PriceEffect:
    """What a comparison says in numbers; every field is None where the text gives no single value.

    ``ratio`` is price of the item ÷ price of the baseline. ``difference`` is item − baseline in units of ``currency``
    (ISO 4217), negative when the item is cheaper.

    Example:
        >>> PriceEffect(ratio=0.7, difference=None, currency=None).ratio
        0.7
    """

    ratio: float | None
    difference: float | None
    currency: str | None


_OPPOSITES: Final[tuple[Direction, ...]] = ("lower", "higher")
_UNKNOWN: Final = PriceEffect(None, None, None)


class _Reading(Enum):
    CHANGE = "change"
    SHARE = "share"
    FACTOR = "factor"
    EITHER = "either"
    GAP = "gap"
    UNUSABLE = "unusable"


class _Wordings:
    """A table of patterns, compiled once."""

    def __init__(self, *tables_: Iterable[str]) -> None:
        self._patterns = tuple(re.compile(pattern) for table in tables_ for pattern in table)

    def begin(self, text: str) -> bool:
        return any(pattern.match(text) for pattern in self._patterns)

    def end(self, text: str) -> bool:
        return any(pattern.search(text) for pattern in self._patterns)


_PRICE_WORD_RE: Final = re.compile(tables.PRICE_WORD)
_DIRECTED_PRICE_WORD_RE: Final = re.compile(tables.DIRECTED_PRICE_WORD)
_AFTER_SKIPPED: Final = tuple(re.compile(pattern) for pattern in tables.AFTER_SKIPPED)
_BOUND_BEFORE: Final = _Wordings(tables.BOUND_BEFORE)
_BOUND_AFTER: Final = _Wordings(tables.BOUND_AFTER)
_GAP_BEFORE: Final = _Wordings(tables.GAP_BEFORE)
_GAP_AFTER: Final = _Wordings(tables.GAP_AFTER)
_UNUSABLE_AFTER: Final = _Wordings(tables.UNUSABLE_AFTER)
_UNUSABLE_AFTER_FACTOR: Final = _Wordings(tables.UNUSABLE_AFTER_FACTOR)
_FACTOR_OF_BEFORE: Final = _Wordings(tables.FACTOR_OF_BEFORE)
_CHANGE_BEFORE: Final = {
    "lower": _Wordings(tables.BY_BEFORE, tables.LOWER_BY_BEFORE),
    "higher": _Wordings(tables.BY_BEFORE, tables.HIGHER_BY_BEFORE),
}
_CHANGE_AFTER: Final = {
    "lower": _Wordings(tables.CUE_BY_AFTER, tables.LOWER_BY_AFTER),
    "higher": _Wordings(tables.CUE_BY_AFTER, tables.HIGHER_BY_AFTER),
}
_CUE_BY_BEFORE: Final = _Wordings(tables.CUE_BY_BEFORE)
_EITHER_AFTER: Final = _Wordings(tables.EITHER_AFTER)
_SHARE_AFTER: Final = _Wordings(tables.SHARE_AFTER)
_SHARE_AFTER_FACTOR: Final = _Wordings(tables.SHARE_AFTER_FACTOR)
_SHARE_BEFORE: Final = _Wordings(tables.SHARE_BEFORE)
_SHARE_BEFORE_FACTOR_AT_END: Final = _Wordings(tables.SHARE_BEFORE_FACTOR_AT_END)
_AT_END: Final = _Wordings(tables.AT_END)


def price_effect(
    direction: Direction,
    amount: str,
    *,
    cue: str,
    context: str,
    amount_span: Span | None = None,
    cue_span: Span | None = None,
) -> PriceEffect:
    """Work out price ratio or money difference of one comparison from its amount and the wording around it.

    Approximations ("about", 약, 가량, 여) leave the stated number. Bounds ("up to", "at least", "under", 최대, 이상)
    and ranges give no value, and neither does a wording that can be read in two ways: "three times cheaper",
    "1.5 times more expensive", ``2배 더 비싸다``, ``30% 수준으로 저렴``. A money amount gives a difference only where
    the text calls it one; a stated price ("at $60") gives none.

    Args:
        direction: What the cue says of the item's price.
        amount: The amount as written, or "" where the text gives none.
        cue: The cue as written.
        context: The sentence or passage that holds both.
        amount_span: Offsets of the amount in ``context``. Left out, the occurrence nearest to the cue is taken.
        cue_span: Offsets of the cue in ``context``, likewise.

    Returns:
        The effect; all None where the text gives no single value.

    Raises:
        ValueError: A span does not hold the text that it is said to hold.

    Example:
        >>> price_effect("lower", "30 percent", cue="cheaper", context="They are 30 percent cheaper.").ratio
        0.7
        >>> price_effect("lower", "$5", cue="cheaper", context="Each is $5 cheaper than a chuck from Kyoto.")
        PriceEffect(ratio=None, difference=-5.0, currency='USD')
        >>> price_effect("equal", "", cue="same price", context="It sells at the same price.").ratio
        1.0
    """
    for text, span in ((amount, amount_span), (cue, cue_span)):
        if span is not None and context[span[0] : span[1]] != text:
            raise ValueError(f"span {span} of the context holds {context[span[0] : span[1]]!r}, not {text!r}")
    if not amount:
        return PriceEffect(1.0, None, None) if direction == "equal" else _UNKNOWN
    if amount_span is None or cue_span is None:
        located = _locate(context, amount, cue, amount_span, cue_span)
        if located is None:
            return _UNKNOWN
        amount_span, cue_span = located
    before, after = _surroundings(context, amount_span, cue_span)
    quantity = _amount_of_comparison(amount, before)
    if quantity is None or quantity.value is None or _BOUND_BEFORE.end(before) or _BOUND_AFTER.begin(after):
        return _UNKNOWN
    if quantity.kind == "money":
        return _money_effect(direction, quantity, before, after)
    factor = Fraction(quantity.value).limit_denominator(_DENOMINATOR_MAX)
    if quantity.kind == "percent":
        factor /= 100
    if direction == "equal":
        return PriceEffect(1.0 if factor == 1 else None, None, None)
    is_factor = quantity.kind == "multiple"
    if normalise(amount).startswith(MULTIPLE_LEADS) and _CHANGE_BEFORE[direction].end(before):
        reading = _Reading.FACTOR
    else:
        reading = _reading(direction, before, after, is_factor, is_factor and factor >= 1)
    ratio = _ratio(reading, direction, factor, is_factor, bool(_HANGUL_RE.search(amount)))
    return _UNKNOWN if ratio is None else PriceEffect(float(ratio), None, None)


def stated_direction(
    amount: str, *, cue: str, context: str, amount_span: Span | None = None, cue_span: Span | None = None
) -> Direction | None:
    """The direction that an amount gives to a cue that has none of its own: "at half the price", 가격이 3배.

    Args:
        amount: as `price_effect` takes it, and so the others.
        cue: likewise.
        context: likewise.
        amount_span: likewise.
        cue_span: likewise.

    Returns:
        "lower" or "higher"; None where the cue says itself which it is, or the amount fits both directions or neither.

    Example:
        >>> stated_direction("half", cue="cost", context="at half the cost of steel")
        'lower'
    """
    if not amount or not _is_bare_price_word(normalise(cue)):
        return None
    fitting = [
        direction
        for direction in _OPPOSITES
        if price_effect(direction, amount, cue=cue, context=context, amount_span=amount_span, cue_span=cue_span).ratio
    ]
    return fitting[0] if len(fitting) == 1 else None


def _is_bare_price_word(cue: str) -> bool:
    return bool(_PRICE_WORD_RE.fullmatch(cue)) and not _DIRECTED_PRICE_WORD_RE.fullmatch(cue)


def _locate(
    context: str, amount: str, cue: str, amount_span: Span | None, cue_span: Span | None
) -> tuple[Span, Span] | None:
    pairs = [
        (max(a[0], c[0]) - min(a[1], c[1]), a, c)
        for a in ([amount_span] if amount_span else _occurrences(context, amount))
        for c in ([cue_span] if cue_span else _occurrences(context, cue))
    ]
    return min(pairs)[1:] if pairs else None


def _occurrences(context: str, text: str) -> Iterator[Span]:
    start = context.find(text) if text else -1
    while start >= 0:
        yield start, start + len(text)
        start = context.find(text, start + 1)


def _surroundings(context: str, amount_span: Span, cue_span: Span) -> tuple[str, str]:
    """Return the normalised text before and after the amount, with the cue marked in whichever holds it."""
    (start, end), (cue_start, cue_end) = amount_span, cue_span
    cue = normalise(context[cue_start:cue_end])
    opening, closing = "{}" if _is_bare_price_word(cue) else "<>"
    before, after = context[:start], context[end:]
    if cue_end <= start:
        before = _marked(context[:cue_start], opening, cue, closing, context[cue_end:start])
        after = _MARKS_RE.sub(" ", after)
    elif cue_start >= end:
        after = _marked(context[end:cue_start], opening, cue, closing, context[cue_end:])
        before = _MARKS_RE.sub(" ", before)
    gap = " " if after[:1].isspace() else ""
    after = gap + normalise(after[: 2 * _WINDOW])[:_WINDOW]
    for pattern in _AFTER_SKIPPED:
        after = pattern.sub("", after, count=1) if pattern.match(after) else after
    # The space at the end lets every pattern close its last word the same way.
    return normalise(before[-2 * _WINDOW :])[-_WINDOW:] + " ", after


def _marked(left: str, opening: str, cue: str, closing: str, right: str) -> str:
    return _MARKS_RE.sub(" ", left) + opening + _MARKS_RE.sub(" ", cue) + closing + _MARKS_RE.sub(" ", right)


def _amount_of_comparison(amount: str, before: str) -> Quantity | None:
    text = normalise(amount)
    if _FACTOR_OF_BEFORE.end(before):
        value = read_number(text)
        return None if value is None else Quantity("multiple", float(value), float(value), None)
    quantity = parse_quantity(amount)
    if quantity is not None and quantity.kind == "percent" and _POINTS_RE.search(text):
        return None
    return quantity


def _money_effect(direction: Direction, quantity: Quantity, before: str, after: str) -> PriceEffect:
    if direction == "equal" or not quantity.value:
        return _UNKNOWN
    reading = _reading(direction, before, after, False, False)
    # After the cue comes a price as often as a difference ("cheaper, $60 a tonne"), so only other wordings count.
    worded = _CHANGE_BEFORE[direction].end(before) or _CHANGE_AFTER[direction].begin(after)
    if reading is not _Reading.GAP and not (reading is _Reading.CHANGE and worded):
        return _UNKNOWN
    sign = -1 if direction == "lower" else 1
    return PriceEffect(None, sign * quantity.value, quantity.currency)


def _reading(
    direction: Literal["lower", "higher"], before: str, after: str, is_factor: bool, at_least_one: bool
) -> _Reading:
    if _UNUSABLE_AFTER.begin(after) or (at_least_one and _UNUSABLE_AFTER_FACTOR.begin(after)):
        return _Reading.UNUSABLE
    if _GAP_AFTER.begin(after) or _GAP_BEFORE.end(before):
        return _Reading.GAP
    if _FACTOR_OF_BEFORE.end(before):
        return _Reading.FACTOR
    if _CHANGE_BEFORE[direction].end(before) and not _SHARE_BEFORE.end(before):
        return _Reading.CHANGE
    if _EITHER_AFTER.begin(after):
        return _Reading.EITHER
    if _CHANGE_AFTER[direction].begin(after):
        return _Reading.CHANGE
    if _SHARE_AFTER.begin(after) or (is_factor and _SHARE_AFTER_FACTOR.begin(after)) or _SHARE_BEFORE.end(before):
        return _Reading.SHARE
    if is_factor and _SHARE_BEFORE_FACTOR_AT_END.end(before) and _AT_END.begin(after):
        return _Reading.SHARE
    return _Reading.CHANGE if _CUE_BY_BEFORE.end(before) else _Reading.EITHER


def _ratio(
    reading: _Reading, direction: Literal["lower", "higher"], factor: Fraction, is_factor: bool, korean: bool
) -> Fraction | None:
    if factor <= 0 or reading in (_Reading.UNUSABLE, _Reading.GAP):
        return None
    if reading is _Reading.FACTOR:
        return (1 / factor if direction == "lower" else factor) if factor > 1 else None
    changed = _ratio_of_change(direction, factor, is_factor, korean)
    if reading is _Reading.CHANGE:
        return changed
    share = factor if (factor < 1) == (direction == "lower") and factor != 1 else None
    if reading is _Reading.SHARE:
        return share
    return share if share == changed else None


def _ratio_of_change(direction: str, factor: Fraction, is_factor: bool, korean: bool) -> Fraction | None:
    if is_factor and factor >= 1:
        # "3배 비싸다" is three times the price; "three times more expensive" may be four, "three times cheaper" says
        # nothing sure.
        return factor if korean and direction == "higher" and factor > 1 else None
    ratio = 1 - factor if direction == "lower" else 1 + factor
    return ratio if ratio > 0 else None
