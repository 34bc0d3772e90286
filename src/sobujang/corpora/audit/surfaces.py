"""Rules on the words of a mention: where it begins and ends, and whether an amount reads as one."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from sobujang.corpora.audit.findings import Fault, document_rule, rule
from sobujang.corpora.span_edges import ends_in_abbreviation, leading_word, trailing_particles
from sobujang.document import Document, Span
from sobujang.quantities import parse_quantity
from sobujang.schema import Schema
from sobujang.text.tokens import tokenize

_PAIRS = {")": "(", "]": "[", "}": "{", "”": "“", "’": "‘", "」": "「", "』": "『", "》": "《", ">": "<"}
_PERCENT_SIGNS = "%‰％"
_SIGNS = "-−–+±~"
_TOKENIZED_AT_ONCE = 256


@document_rule("error")
def unclean_ends(document: Document, schema: Schema) -> Iterator[Fault]:
    """A span begins or ends with white space or punctuation, or runs over a line break."""
    for span in document.spans:
        surface = document.surface(span.id)
        if surface != surface.strip():
            yield Fault.at(document, span, "has white space at an end; leave it outside")
        elif "\n" in surface or "\r" in surface:
            yield Fault.at(document, span, "runs over a line break; mark each part or one of them")
        elif (sign := _unclean_end(surface, is_amount=_is_amount(span, schema))) is not None:
            yield Fault.at(document, span, f"has {sign!r} at an end; leave it outside")


def _unclean_end(surface: str, *, is_amount: bool) -> str | None:
    first, last = surface[0], surface[-1]
    if _is_punctuation(first) and not (is_amount and first in _SIGNS):
        # "(주)한빛" begins with a bracket that belongs to it; "(한빛)" stands in brackets.
        closing = next((close for close, opening in _PAIRS.items() if opening == first), None)
        if closing is None or not 0 < surface.find(closing) < len(surface) - 1:
            return first
    if _is_punctuation(last) and last not in _PERCENT_SIGNS:
        if last == "." and ends_in_abbreviation(surface):
            return None
        opening = _PAIRS.get(last)
        if opening is None or surface.rfind(opening) < 1:
            return last
    return None


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character).startswith("P")


def _is_amount(span: Span, schema: Schema) -> bool:
    mention = schema.mentions.get(span.label)
    return mention is not None and mention.quantity is not None


@document_rule("warning")
def leading_words(document: Document, schema: Schema) -> Iterator[Fault]:
    """A mention begins with an article, possessive, demonstrative, numeral or quality word."""
    for span in document.spans:
        # "a third" is an amount and "the same price" a cue as they stand.
        if span.label in schema.frame_of_cue or _is_amount(span, schema):
            continue
        if found := leading_word(document.surface(span.id)):
            yield Fault.at(document, span, f"begins with the {found.kind} {found.word!r}; leave it outside")


@rule("warning")
def trailing_particle(documents: Sequence[Document], schema: Schema) -> Iterator[Fault]:
    """A mention ends in a Korean particle.

    What is two syllables or longer is a particle; one syllable ends many names as well (하이, 경기도), so there the
    mention without it must stand elsewhere, under the same label and more often.
    """
    counts = Counter((span.label, document.surface(span.id)) for document in documents for span in document.spans)
    for document in documents:
        for span in document.spans:
            surface = document.surface(span.id)
            if span.label in schema.frame_of_cue or document.text[span.end : span.end + 1].isalpha():
                continue
            for stem, particle in trailing_particles(surface):
                attested = counts[span.label, stem]
                if attested > counts[span.label, surface] or (len(particle) > 1 and (attested or len(stem) > 1)):
                    yield Fault.at(document, span, f"ends in the particle {particle!r}; mark {stem!r}")
                    break


@document_rule("warning")
def unread_amounts(document: Document, schema: Schema) -> Iterator[Fault]:
    """An amount does not read as a number, or as another kind of amount than its label says."""
    for span in document.spans:
        mention = schema.mentions.get(span.label)
        if mention is None or mention.quantity is None:
            continue
        quantity = parse_quantity(document.surface(span.id))
        if quantity is None:
            yield Fault.at(document, span, f"does not read as {mention.quantity}")
        elif quantity.kind != mention.quantity:
            yield Fault.at(document, span, f"reads as {quantity.kind}, not {mention.quantity}")


@rule("warning")
def uncut_ends(documents: Sequence[Document], schema: Schema) -> Iterator[Fault]:
    """A span begins or ends inside a token.

    A span can be expressed where its start is the start of a token of `sobujang.text.tokens` and its end the end of
    one. A model may cut finer (at word pieces), so this costs at most some mentions.
    """
    remaining = iter(documents)
    while batch := list(islice(remaining, _TOKENIZED_AT_ONCE)):
        for document, tokens in zip(batch, tokenize(document.text for document in batch), strict=True):
            starts, ends = {start for start, _ in tokens.spans}, {end for _, end in tokens.spans}
            for span in document.spans:
                if span.start in starts and span.end in ends:
                    continue
                inside = [document.text[s:e] for s, e in tokens.spans if s < span.start < e or s < span.end < e]
                cut = f" {inside[0]!r}" if inside else ""
                yield Fault.at(document, span, f"begins or ends inside the token{cut}")
