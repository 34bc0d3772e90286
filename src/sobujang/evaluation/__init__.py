"""Scores of records against gold records: mentions, relations, coreference, comparisons; it never sees a model.

Example:
    >>> from sobujang.document import Document, Span
    >>> from sobujang.schema import Schema
    >>> gold = Document(id="d", text="Hanbit", spans=(Span(id="T1", start=0, end=6, label="COMPANY"),))
    >>> evaluate([gold], [gold], Schema.default()).summary()["mentions_f1"]
    1.0
"""

from sobujang.evaluation.scores import (
    Accuracy,
    Evaluation,
    Figures,
    LabelScores,
    Score,
    TaskScores,
    by_document,
    evaluate,
)
from sobujang.evaluation.table import render, to_markdown

__all__ = [
    "Accuracy",
    "Evaluation",
    "Figures",
    "LabelScores",
    "Score",
    "TaskScores",
    "by_document",
    "evaluate",
    "render",
    "to_markdown",
]
