"""What a comparison says in numbers: its direction, price ratio or difference, read from amount, cue and wording."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict, cast, get_args

from sobujang.document import Comparison, Document, PriceDifference, Span
from sobujang.quantities import Direction, price_effect, stated_direction
from sobujang.schema import Schema
from sobujang.text.sentences import split_at_punctuation


def with_price(document: Document, schema: Schema) -> Document:
    """Fills `price_ratio` and `price_difference` of a document's comparisons.

    Both stay null where the text gives neither, where it is ambiguous, and where several amounts compete.

    Example:
        >>> text = "The wafers are 30 percent cheaper."
        >>> doc = Document(id="d", text=text, spans=(
        ...     Span(id="r1", start=15, end=25, label="PERCENT"), Span(id="k1", start=26, end=33, label="COST_LOWER")),
        ...     comparisons=(Comparison(cue="k1", direction="lower", roles={"amount": ("r1",)}),))
        >>> with_price(doc, Schema.default()).comparisons[0].price_ratio
        0.7
    """
    if not document.comparisons:
        return document
    sentences = split_at_punctuation(document.text)
    priced = tuple(_priced(comparison, document, schema, sentences) for comparison in document.comparisons)
    return document.__replace__(comparisons=priced)


def with_direction(document: Document, schema: Schema) -> Document:
    """Mends comparisons whose amount contradicts their direction, where the cue itself has none ("cost", 가격).

    The cue gets the label of the direction that the amount states; one that the schema has no label for stays.

    Example:
        >>> text = "at half the cost of steel"
        >>> doc = Document(id="d", text=text, spans=(
        ...     Span(id="x1", start=3, end=7, label="MULTIPLE"), Span(id="k1", start=12, end=16, label="COST_HIGHER")),
        ...     comparisons=(Comparison(cue="k1", direction="higher", roles={"amount": ("x1",)}),))
        >>> mended = with_direction(doc, Schema.default())
        >>> mended.comparisons[0].direction, mended.span_by_id["k1"].label
        ('lower', 'COST_LOWER')
    """
    if not document.comparisons:
        return document
    sentences = split_at_punctuation(document.text)
    labels: dict[str, str] = {}
    comparisons = []
    for comparison in document.comparisons:
        wording = _wording(comparison, document, schema, sentences)
        stated = stated_direction(**wording) if wording is not None and comparison.direction != "equal" else None
        cues = schema.frame_of_cue[document.span_by_id[comparison.cue].label].cues
        label = next((label for label, direction in cues.items() if direction == stated), None)
        if label is not None and stated != comparison.direction:
            labels[comparison.cue] = label
            comparison = comparison.__replace__(direction=stated)
        comparisons.append(comparison)
    if not labels:
        return document
    spans = tuple(span.__replace__(label=labels.get(span.id, span.label)) for span in document.spans)
    return document.__replace__(spans=spans, comparisons=tuple(comparisons))


def _priced(
    comparison: Comparison, document: Document, schema: Schema, sentences: Sequence[tuple[int, int]]
) -> Comparison:
    wording = _wording(comparison, document, schema, sentences)
    if wording is None:
        return comparison
    effect = price_effect(cast(Direction, comparison.direction), **wording)
    difference = None
    if effect.difference is not None and effect.currency is not None:
        difference = PriceDifference(effect.difference, effect.currency)
    ratio = None if effect.ratio is None else round(effect.ratio, 6)
    return comparison.__replace__(price_ratio=ratio, price_difference=difference)


class _Wording(TypedDict):
    """What `price_effect` and `stated_direction` take."""

    amount: str
    cue: str
    context: str
    amount_span: tuple[int, int] | None
    cue_span: tuple[int, int]


def _wording(
    comparison: Comparison, document: Document, schema: Schema, sentences: Sequence[tuple[int, int]]
) -> _Wording | None:
    """What is to be read of a comparison; None where it compares no prices, or several amounts compete."""
    cue = document.span_by_id[comparison.cue]
    frame = schema.frame_of_cue.get(cue.label)
    # Other schemas have directions that are no prices ("better", "different").
    if frame is None or frame.amount is None or comparison.direction not in get_args(Direction):
        return None
    amounts = [document.span_by_id[i] for i in comparison[frame.amount.lower()]]
    if len(amounts) > 1:
        return None
    start, end = _passage([cue, *amounts], sentences)
    return {
        "amount": document.text[amounts[0].start : amounts[0].end] if amounts else "",
        "cue": document.text[cue.start : cue.end],
        "context": document.text[start:end],
        "amount_span": (amounts[0].start - start, amounts[0].end - start) if amounts else None,
        "cue_span": (cue.start - start, cue.end - start),
    }


def _passage(spans: Sequence[Span], sentences: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """From the first to the last sentence that holds one of the spans."""
    first, last = min(s.start for s in spans), max(s.end for s in spans)
    touched = [sentence for sentence in sentences if sentence[0] < last and first < sentence[1]]
    return min([first, *(s[0] for s in touched)]), max([last, *(s[1] for s in touched)])
