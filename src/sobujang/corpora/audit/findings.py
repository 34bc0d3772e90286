"""What an audit finds, and what a rule is: a function with a name and a severity."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sobujang.document import Document, Span
from sobujang.schema import Schema

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at in a document.

    Attributes:
        document_id: where.
        rule: the rule that found it.
        message: what is wrong, with the words of the text.
        start, end: the characters it is about (half-open), or None where it is about the whole document.
        severity: an `error` contradicts the schema or the format; a `warning` may be meant so.

    Example:
        >>> print(Finding("ko-1", "signatures", "MAKES cannot …", 4, 9, "error"))
        ko-1:4-9: error: MAKES cannot … [signatures]
    """

    document_id: str
    rule: str
    message: str
    start: int | None
    end: int | None
    severity: Severity

    def __str__(self) -> str:
        place = self.document_id if self.start is None else f"{self.document_id}:{self.start}-{self.end}"
        return f"{place}: {self.severity}: {self.message} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule yields; its name and severity are the rule's."""

    document: Document
    message: str
    start: int | None = None
    end: int | None = None

    @classmethod
    def at(cls, document: Document, span: Span, message: str) -> Fault:
        """A fault of one span; `message` follows the span's surface."""
        return cls(document, f"{document.surface(span.id)!r} ({span.label} {span.id}) {message}", span.start, span.end)


Check = Callable[[Sequence[Document], Schema], Iterator[Fault]]
DocumentCheck = Callable[[Document, Schema], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check over a collection of documents."""

    name: str
    severity: Severity
    description: str
    check: Check

    def __call__(self, documents: Sequence[Document], schema: Schema) -> Iterator[Finding]:
        """What the rule finds, document by document or as it goes."""
        for fault in self.check(documents, schema):
            yield Finding(fault.document.id, self.name, fault.message, fault.start, fault.end, self.severity)


def rule(severity: Severity) -> Callable[[Check], Rule]:
    """Makes a rule of a function that sees all documents; the function's name and docstring are the rule's."""

    def make(check: Check) -> Rule:
        return Rule(_name(check), severity, _summary(check), check)

    return make


def document_rule(severity: Severity) -> Callable[[DocumentCheck], Rule]:
    """Makes a rule of a function that sees one document at a time.

    Example:
        >>> @document_rule("warning")
        ... def long_texts(document, schema):
        ...     "A text is longer than ten characters."
        ...     if len(document.text) > 10:
        ...         yield Fault(document, f"has {len(document.text)} characters")
        >>> [str(finding) for finding in long_texts([Document(id="a", text="one two three")], Schema.default())]
        ['a: warning: has 13 characters [long-texts]']
    """

    def make(check: DocumentCheck) -> Rule:
        def check_all(documents: Sequence[Document], schema: Schema) -> Iterator[Fault]:
            for document in documents:
                yield from check(document, schema)

        return Rule(_name(check), severity, _summary(check), check_all)

    return make


def _name(check: Check | DocumentCheck) -> str:
    return getattr(check, "__name__", "rule").replace("_", "-")


def _summary(check: Check | DocumentCheck) -> str:
    return (check.__doc__ or "").strip().partition("\n")[0]
