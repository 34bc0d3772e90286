"""The record: one document with what was found in it.

Gold annotation and extractor output are the same type, so each can be scored against the other. Offsets are
half-open and count Unicode code points of `text`. On disk a record is one JSON object a line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal, get_args

import msgspec

from sobujang.errors import DocumentError

Language = Literal["ko", "en", "mixed"]
Direction = str

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Span(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A mention: `text[start:end]` with its label; `score` is a probability in [0, 1], absent in gold.

    Example:
        >>> Span(id="T1", start=0, end=4, label="COMPANY", text="한빛정밀").end
        4
    """

    id: str
    start: int
    end: int
    label: str
    text: str | None = None
    score: float | None = None


class Relation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A labelled edge from one span id to another."""

    head: str
    tail: str
    label: str
    score: float | None = None


class PriceDifference(msgspec.Struct, frozen=True):
    """A signed difference of two prices, item minus baseline, in an ISO 4217 currency."""

    value: float
    currency: str


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A frame: the cue's span id, its direction, and for each role (lower-case name) the span ids that fill it.

    `price_ratio` is item ÷ baseline (0.7 = 30 percent cheaper); both price fields are null where the text gives
    neither.
    In JSON the roles stand beside the other keys: `{"cue": "T5", "direction": "lower", "item": ["T3"], …}`.

    Example:
        >>> Comparison(cue="T5", direction="lower", roles={"item": ("T3",)})["item"]
        ('T3',)
    """

    cue: str
    direction: Direction
    roles: Mapping[str, tuple[str, ...]]
    price_ratio: float | None = None
    price_difference: PriceDifference | None = None
    score: float | None = None

    def __getitem__(self, role: str) -> tuple[str, ...]:
        """The span ids that fill a role; an empty tuple when none does."""
        return self.roles.get(role, ())


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """Mentions of one and the same thing; `name` is its longest name-like mention."""

    id: str
    label: str
    name: str
    mentions: tuple[str, ...]


class Document(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One record. Construction checks offsets, ids and references.

    Raises:
        DocumentError: a span lies outside the text, an id stands twice, or an edge names a span that is not there.

    Example:
        >>> doc = Document(id="d1", text="한빛정밀은 커넥터를 만든다.", spans=(
        ...     Span(id="T1", start=0, end=4, label="COMPANY"), Span(id="T2", start=6, end=9, label="PART")),
        ...     relations=(Relation(head="T1", tail="T2", label="MAKES"),))
        >>> doc.surface("T2")
        '커넥터'
        >>> Document.from_json(doc.to_json()).relations == doc.relations
        True
    """

    id: str
    text: str
    lang: Language | None = None
    meta: Mapping[str, Any] = {}
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    entities: tuple[Entity, ...] = ()

    def __post_init__(self) -> None:
        if self.lang is not None and self.lang not in get_args(Language):
            raise DocumentError(f"document {self.id!r}: lang {self.lang!r} is none of {', '.join(get_args(Language))}")
        length = len(self.text)
        for span in self.spans:
            if not 0 <= span.start < span.end <= length:
                raise DocumentError(
                    f"document {self.id!r}: span {span.id!r} is {span.start}:{span.end}, "
                    f"but the text has {length} characters; offsets are half-open and count code points"
                )
            if span.text is not None and self.text[span.start : span.end] != span.text:
                raise DocumentError(
                    f"document {self.id!r}: span {span.id!r} says {span.text!r}, "
                    f"but text[{span.start}:{span.end}] is {self.text[span.start : span.end]!r}; mend the offsets"
                )
        if len(self.span_by_id) != len(self.spans):
            raise DocumentError(f"document {self.id!r}: two spans share one id; give each its own")
        for what, reference in self._references():
            if reference not in self.span_by_id:
                raise DocumentError(f"document {self.id!r}: {what} names span {reference!r}, which is not there")

    def _references(self) -> list[tuple[str, str]]:
        found = [(f"relation {r.label}", end) for r in self.relations for end in (r.head, r.tail)]
        for comparison in self.comparisons:
            found.append(("comparison", comparison.cue))
            found += [(f"role {role!r}", i) for role, ids in comparison.roles.items() for i in ids]
        return found + [(f"entity {e.id!r}", i) for e in self.entities for i in e.mentions]

    @cached_property
    def span_by_id(self) -> dict[str, Span]:
        """Spans by their ids."""
        return {span.id: span for span in self.spans}

    def surface(self, span_id: str) -> str:
        """The characters that a span covers."""
        span = self.span_by_id[span_id]
        return self.text[span.start : span.end]

    def to_dict(self) -> dict[str, Any]:
        """The record as plain Python values, in the order of the record format."""
        built = msgspec.to_builtins(self)
        for span in built["spans"]:
            score = span.pop("score", None)
            span["text"] = self.text[span["start"] : span["end"]]
            if score is not None:  # stands last, whether or not the text was there before
                span["score"] = score
        built["comparisons"] = [_flatten(comparison) for comparison in built["comparisons"]]
        if self.lang is None:
            del built["lang"]
        return dict(built)

    def to_json(self) -> bytes:
        """One JSON object in UTF-8, without a line break."""
        return msgspec.json.encode(self.to_dict())

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Document:
        """Builds a record from plain values; unknown keys are kept out, wrong types are named.

        Raises:
            DocumentError: a value is missing, of the wrong type, or contradicts the text.
        """
        values = dict(values)
        try:
            values["comparisons"] = _nest_all(values.get("comparisons", ()))
            return msgspec.convert(values, cls)
        except msgspec.ValidationError as error:
            raise DocumentError(f"document {values.get('id', '?')!r}: {error}") from None

    @classmethod
    def from_json(cls, line: bytes | str) -> Document:
        """Reads what `to_json` wrote.

        Raises:
            DocumentError: the line is no JSON object or no valid record.
        """
        try:
            values = msgspec.json.decode(line, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise DocumentError(f"not a JSON object with a record: {error}") from None
        except RecursionError:
            raise DocumentError("not a JSON object with a record: it is nested too deeply") from None
        return cls.from_dict(values)


def clean_text(text: str) -> str:
    r"""Replaces lone surrogates, which no UTF-8 file can hold, by U+FFFD, one for one: offsets stay.

    Example:
        >>> clean_text("a\ud800b") == "a\ufffdb"
        True
    """
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)


_COMPARISON_KEYS = frozenset(Comparison.__struct_fields__) - {"roles"}


def _flatten(comparison: dict[str, Any]) -> dict[str, Any]:
    roles = comparison.pop("roles")
    cue, direction = comparison.pop("cue"), comparison.pop("direction")
    return {"cue": cue, "direction": direction, **roles, **comparison}


def _nest_all(comparisons: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - whatever JSON held
    if not isinstance(comparisons, list | tuple) or not all(isinstance(c, Mapping) for c in comparisons):
        raise msgspec.ValidationError("Expected `array` of `object` - at `$.comparisons`")
    return [_nest(comparison) for comparison in comparisons]


def _nest(comparison: Mapping[str, Any]) -> dict[str, Any]:
    roles = {key: value for key, value in comparison.items() if key not in _COMPARISON_KEYS}
    return {**{key: comparison[key] for key in _COMPARISON_KEYS if key in comparison}, "roles": roles}
