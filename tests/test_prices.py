"""Price fields: when they are filled, and from which words."""

from __future__ import annotations

import re

import pytest

from sobujang.document import Comparison, Document, PriceDifference, Span
from sobujang.prices import with_direction, with_price
from sobujang.schema import Schema

LABELS = {
    "k": "COST_LOWER",
    "h": "COST_HIGHER",
    "q": "COST_EQUAL",
    "r": "PERCENT",
    "x": "MULTIPLE",
    "a": "MONEY",
    "p": "PART",
}
DIRECTIONS = {"COST_LOWER": "lower", "COST_HIGHER": "higher", "COST_EQUAL": "equal"}


def marked(markup: str, amounts: str = "rxa") -> Document:
    """`[surface]k` marks a mention; the one cue takes every amount."""
    spans, text, last = [], "", 0
    for match in re.finditer(r"\[([^]]*)\]([a-z])", markup):
        text += markup[last : match.start()]
        spans.append(Span(id=f"T{len(spans)}", start=len(text), end=len(text) + len(match[1]), label=LABELS[match[2]]))
        text += match[1]
        last = match.end()
    text += markup[last:]
    (cue,) = [s for s in spans if s.label in DIRECTIONS]
    wanted = {LABELS[key] for key in amounts}
    roles = {"item": (), "amount": tuple(s.id for s in spans if s.label in wanted)}
    return Document(
        id="d", text=text, spans=tuple(spans),
        comparisons=(Comparison(cue=cue.id, direction=DIRECTIONS[cue.label], roles=roles, score=0.5),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("markup", "ratio"),
    [
        ("The [wafers]p are [30 percent]r [cheaper]k than others.", 0.7),
        ("The [wafers]p cost [20%]r [more]h.", 1.2),
        ("[커넥터]p를 일본산의 [절반]x [가격]k에 납품한다.", 0.5),
        ("[커넥터]p는 [30퍼센트]r [저렴]k하다.", 0.7),
        ("The [wafers]p are [cheaper]k.", None),
        ("[웨이퍼]p는 [싸]k다. 다른 회사는 30% 성장했다.", None),
    ],
)
def test_ratios(markup: str, ratio: float | None) -> None:
    document = with_price(marked(markup), Schema.default())
    assert document.comparisons[0].price_ratio == (ratio if ratio is None else pytest.approx(ratio))
    assert document.comparisons[0].price_difference is None


def test_a_difference_has_the_sign_of_its_direction() -> None:
    cheaper = with_price(marked("The [valve]p is [$10]a [cheaper]k."), Schema.default()).comparisons[0]
    dearer = with_price(marked("The [valve]p is [$10]a [dearer]h."), Schema.default()).comparisons[0]
    assert cheaper.price_difference == PriceDifference(-10, "USD")
    assert dearer.price_difference == PriceDifference(10, "USD")
    assert cheaper.price_ratio is dearer.price_ratio is None


def test_competing_amounts_give_none() -> None:
    for markup in (
        "The [wafers]p are [30 percent]r or [a third]x [cheaper]k.",
        "The [wafers]p are [30 percent]r [cheaper]k. Later it was [20 percent]r.",
    ):
        assert with_price(marked(markup), Schema.default()).comparisons[0].price_ratio is None


def test_all_else_stays() -> None:
    document = marked("The [wafers]p are [30 percent]r [cheaper]k than others.")
    priced = with_price(document, Schema.default())
    assert priced.spans == document.spans
    assert priced.comparisons[0].roles == document.comparisons[0].roles
    assert priced.comparisons[0].score == 0.5
    assert document.comparisons[0].price_ratio is None
    # Nothing of the first document is remembered by the second.
    assert priced.span_by_id.keys() == document.span_by_id.keys()
    assert with_price(priced, Schema.default()) == priced


def test_amount_and_cue_of_different_sentences() -> None:
    document = marked("It is [30 percent]r.\nThe film is [cheaper]k.\nA third line.")
    assert with_price(document, Schema.default()).comparisons[0].price_ratio in (0.7, None)


def test_frames_that_are_no_prices_are_left_alone() -> None:
    values = {
        "name": "opinions",
        "mentions": {"THING": {}, "BETTER": {}, "SHARE": {"quantity": "percent"}},
        "frames": {
            "OPINION": {
                "cues": {"BETTER": "better"},
                "roles": {"HOW": {"tail": ["SHARE"]}, "WHAT": {"tail": ["THING"]}},
                "amount": "HOW",
            }
        },
    }
    text = "It is 30 percent better."
    spans = (Span(id="r", start=6, end=16, label="SHARE"), Span(id="k", start=17, end=23, label="BETTER"))
    comparison = Comparison(cue="k", direction="better", roles={"how": ("r",)})
    document = Document(id="d", text=text, spans=spans, comparisons=(comparison,))
    assert with_price(document, Schema.from_dict(values)) == document
    # A frame without an amount, and a cue that the schema does not know.
    values["frames"]["OPINION"] |= {"amount": None, "cues": {"BETTER": "lower"}}  # type: ignore[index]
    lower = document.__replace__(comparisons=(comparison.__replace__(direction="lower"),))
    assert with_price(lower, Schema.from_dict(values)) == lower
    assert with_price(lower, Schema.default()) == lower


@pytest.mark.parametrize(
    ("markup", "direction", "label"),
    [
        ("It sells at [half]x the [price]h of steel.", "lower", "COST_LOWER"),
        ("It sells at [twice]x the [price]k of steel.", "higher", "COST_HIGHER"),
        ("A ring cut on his grinder [costs]h [four fifths]x of what it did.", "lower", "COST_LOWER"),
        ("일본산의 [3배]x [가격]k에 팔린다.", "higher", "COST_HIGHER"),
        ("일본산의 [70%]r [가격]h에 팔린다.", "lower", "COST_LOWER"),
        # The cue says it itself, or the amount tells nothing.
        ("It is [half]x as [expensive]h as steel.", "higher", "COST_HIGHER"),
        ("It is [30 percent]r [cheaper]k than steel.", "lower", "COST_LOWER"),
        ("It is [twice]x as [cheap]k as steel.", "lower", "COST_LOWER"),
        ("It [costs]h [$5]a.", "higher", "COST_HIGHER"),
        ("It sells at the [same price]q.", "equal", "COST_EQUAL"),
    ],
)
def test_an_amount_gives_its_direction_to_a_cue_that_has_none(markup: str, direction: str, label: str) -> None:
    document = with_direction(marked(markup), Schema.default())
    (comparison,) = document.comparisons
    assert (comparison.direction, document.span_by_id[comparison.cue].label) == (direction, label)
    assert with_direction(document, Schema.default()) == document


def test_an_amount_that_is_a_share_of_what_it_did_cost() -> None:
    document = marked("A ring cut on his new grinder [costs]k [four fifths]x of what it did on the old one.")
    assert with_price(document, Schema.default()).comparisons[0].price_ratio == pytest.approx(0.8)
