"""Amounts in Korean and English industry text, and what they say of prices.

:func:`parse_quantity` reads one mention ("1천200억원", "10 to 25 percent", "a third"); :func:`price_effect` tells from
an amount and the wording around it how the compared prices relate.

Example:
    >>> parse_quantity("3조2000억원").value
    3200000000000.0
    >>> price_effect("higher", "3배", cue="비싸", context="일본산보다 3배 비싸다.").ratio
    3.0
"""

from sobujang.quantities.amounts import Quantity, QuantityKind, parse_quantity
from sobujang.quantities.price_effects import Direction, PriceEffect, price_effect, stated_direction

__all__ = ["Direction", "PriceEffect", "Quantity", "QuantityKind", "parse_quantity", "price_effect", "stated_direction"]
