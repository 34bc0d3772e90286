"""From counts to scores: precision, recall, F1 by language, task and label, with bootstrap intervals.

A figure whose denominator is zero is 0.0: where gold has nothing, recall and F1 are 0.0 with support 0, also when
nothing was predicted. Tables show these as "–"; macro averages leave them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from sobujang.document import Document, Language, clean_text
from sobujang.errors import DocumentError
from sobujang.evaluation.bootstrap import percentile_interval, resampled_sums
from sobujang.evaluation.counts import Counted, Mode, Tally, Task, count_document
from sobujang.schema import Schema

ALL = "all"


class Figures(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Precision, recall and F1 in [0, 1]; `interval` is the 95 percent interval of F1, `support` the gold items."""

    precision: float
    recall: float
    f1: float
    support: int
    predicted: int
    interval: tuple[float, float] | None = None


class Score(Figures, frozen=True, kw_only=True, omit_defaults=True):
    """Figures of items that are found or not: true positives, false positives, false negatives."""

    tp: int
    fp: int
    fn: int


class Accuracy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many of `total` are right; `value` is 0.0 where there is none."""

    right: int
    total: int
    value: float
    interval: tuple[float, float] | None = None


class LabelScores(msgspec.Struct, frozen=True):
    """The scores of one label."""

    strict: Score
    relaxed: Score


class TaskScores(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The scores of one task: micro over its labels, macro over the labels that gold has, and each label.

    Labels are mention labels, relation labels, the directions of comparisons, role names. Coreference (MUC) has none,
    nor a macro F1, but `bcubed`. Comparisons have `roles` (role edges one by one) and, over strict spans, `direction`
    (right among the gold frames whose cue's characters are the cue of a predicted frame, whatever its label) and
    `price_ratio` (right among the frames found exactly; both null is right).
    """

    strict: Score
    relaxed: Score
    strict_macro_f1: float | None = None
    relaxed_macro_f1: float | None = None
    labels: Mapping[str, LabelScores] = {}
    bcubed: Figures | None = None
    roles: TaskScores | None = None
    direction: Accuracy | None = None
    price_ratio: Accuracy | None = None


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """The result of `evaluate`.

    `scores` goes by group ("all", then the languages that gold has) and task ("mentions", "relations", "coreference",
    "comparisons"); `documents` says how many gold documents a group has, `bootstrap` how many resamples were drawn.
    """

    scores: Mapping[str, Mapping[str, TaskScores]]
    documents: Mapping[str, int]
    bootstrap: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; intervals, macro F1 and the like stand only where they exist."""
        return msgspec.json.decode(msgspec.json.encode(self), type=dict[str, Any])

    def summary(self) -> dict[str, float]:
        """The strict figures of all documents, flat: what a trainer logs and chooses checkpoints by."""
        tasks = self.scores[ALL]
        found: dict[str, float] = {}
        for name, scores in tasks.items():
            score = scores.strict
            found |= {f"{name}_f1": score.f1, f"{name}_precision": score.precision, f"{name}_recall": score.recall}
            if scores.strict_macro_f1 is not None:
                found[f"{name}_macro_f1"] = scores.strict_macro_f1
            if scores.bcubed is not None:
                found[f"{name}_bcubed_f1"] = scores.bcubed.f1
            if scores.roles is not None:
                found["roles_f1"] = scores.roles.strict.f1
        return found


def evaluate(
    gold: Sequence[Document], predicted: Sequence[Document], schema: Schema, *, bootstrap: int = 0, seed: int = 0
) -> Evaluation:
    """Scores predictions against gold; documents are matched by id.

    Strict: a mention is its offsets and label; a relation its two mentions and label, in either direction where the
    schema calls it symmetric; a comparison its cue, direction and for each role the set of fillers; coreference is
    link-based MUC over the clusters that the schema's coreference relation forms. Relaxed: the same, after each
    predicted mention was replaced by the gold mention of its label that it overlaps, one to one (`match_mentions`).
    Gold edges between mentions that were not found count as missed. Labels that the schema lacks are counted as they
    stand, its `no_relation` labels are not.

    Args:
        gold: annotated documents; `lang` puts them into groups.
        predicted: what was found in the same texts. A gold document that is not among them counts as all missed.
        schema: tells coreference, symmetric relations and `no_relation` labels from the rest.
        bootstrap: resamples of documents for the 95 percent intervals; 0 for none, 1000 is usual.
        seed: of the resamples.

    Raises:
        DocumentError: an id stands twice, gold lacks a predicted document, or two texts of one id differ.

    Example:
        >>> from sobujang.document import Span
        >>> spans = Span(id="a", start=0, end=6, label="COMPANY"), Span(id="b", start=13, end=19, label="PART")
        >>> gold = Document(id="d", lang="en", text="Hanbit makes valves.", spans=spans)
        >>> found = Document(id="d", text="Hanbit makes valves.", spans=spans[:1])
        >>> evaluate([gold], [found], Schema.default()).scores["en"]["mentions"].strict.recall
        0.5
    """
    if bootstrap < 0:
        raise ValueError(f"bootstrap must be 0 or more, not {bootstrap}")
    pairs = by_document(gold, predicted)
    counted = [count_document(truth, found, schema) for truth, found in pairs]
    languages = [language for language in get_args(Language) if any(truth.lang == language for truth in gold)]
    groups = {ALL: counted}
    for language in languages:
        groups[language] = [c for c, (truth, _) in zip(counted, pairs, strict=True) if truth.lang == language]
    return Evaluation(
        scores={group: _Sums(members, schema, bootstrap, seed).tasks() for group, members in groups.items()},
        documents={group: len(members) for group, members in groups.items()},
        bootstrap=bootstrap,
    )


def by_document(gold: Sequence[Document], predicted: Sequence[Document]) -> list[tuple[Document, Document]]:
    """Each gold document with its prediction; one without gets an empty one.

    Raises:
        DocumentError: an id stands twice, gold lacks a predicted document, or two texts of one id differ.
    """
    truths, found = _by_id(gold, "gold"), _by_id(predicted, "predictions")
    for document_id, prediction in found.items():
        if document_id not in truths:
            raise DocumentError(
                f"predictions: document {document_id!r} is not in gold; score only the documents that gold has"
            )
        # The extractor gives lone surrogates back as U+FFFD.
        one, other = clean_text(truths[document_id].text), clean_text(prediction.text)
        if one != other:
            at = next(
                (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
            )
            raise DocumentError(
                f"predictions: the text of document {document_id!r} differs from gold's at character {at} "
                f"({other[at : at + 10]!r}, in gold {one[at : at + 10]!r}); predict from the gold text itself"
            )
    return [(truth, found.get(i) or Document(id=i, text=truth.text)) for i, truth in truths.items()]


def _by_id(documents: Sequence[Document], side: str) -> dict[str, Document]:
    by_id: dict[str, Document] = {}
    for document in documents:
        if document.id in by_id:
            raise DocumentError(f"{side}: document id {document.id!r} stands twice; give each document its own")
        by_id[document.id] = document
    return by_id


class _Sums:
    """The tallies of a group: row 0 sums its documents, each further row a resample of them."""

    def __init__(self, counted: Sequence[Mapping[Counted, Tally]], schema: Schema, samples: int, seed: int) -> None:
        rank = {label: place for place, label in enumerate(_declared(schema))}
        found = {item for document in counted for item in document}
        items = sorted(found, key=lambda item: (rank.get(item.label, len(rank)), item))
        self._column = {item: column for column, item in enumerate(items)}
        counts = np.zeros((len(counted), len(items), len(Tally._fields)))
        for row, document in enumerate(counted):
            for item, tally in document.items():
                counts[row, self._column[item]] = tally
        self._sums = np.concatenate([counts.sum(axis=0, keepdims=True), resampled_sums(counts, samples, seed)])

    def tasks(self) -> dict[str, TaskScores]:
        """The four tasks of the group."""
        comparisons = self._labelled("comparisons")
        return {
            "mentions": self._labelled("mentions"),
            "relations": self._labelled("relations"),
            "coreference": TaskScores(
                strict=_score(self._sum("coreference", "strict")),
                relaxed=_score(self._sum("coreference", "relaxed")),
                bcubed=_figures(self._sum("bcubed", "strict")),
            ),
            "comparisons": msgspec.structs.replace(
                comparisons,
                roles=self._labelled("roles"),
                direction=_accuracy(self._sum("direction", "strict")),
                price_ratio=_accuracy(self._sum("price_ratio", "strict")),
            ),
        }

    def _labelled(self, task: Task) -> TaskScores:
        # Both modes count the same items, so they have the same labels.
        names = [item.label for item in self._column if item.task == task and item.mode == "strict"]
        labels = {
            name: LabelScores(_score(self._sum(task, "strict", name)), _score(self._sum(task, "relaxed", name)))
            for name in names
        }
        return TaskScores(
            strict=_score(self._sum(task, "strict")),
            relaxed=_score(self._sum(task, "relaxed")),
            strict_macro_f1=_macro([scores.strict for scores in labels.values()]),
            relaxed_macro_f1=_macro([scores.relaxed for scores in labels.values()]),
            labels=labels,
        )

    def _sum(self, task: Task, mode: Mode, label: str | None = None) -> NDArray[np.float64]:
        """The tallies of a label, or of all labels of a task: shape (1 + resamples, 4)."""
        columns = [
            column
            for item, column in self._column.items()
            if item.task == task and item.mode == mode and label in (None, item.label)
        ]
        return np.asarray(self._sums[:, columns].sum(axis=1))


def _declared(schema: Schema) -> dict[str, None]:
    """All labels in the order that the schema declares them."""
    names = [*schema.labels, *schema.relations]
    for frame in schema.frames.values():
        names += [*frame.cues.values(), *(role.lower() for role in frame.roles)]
    return dict.fromkeys(names)


def _score(sums: NDArray[np.float64]) -> Score:
    figures = _figures(sums)
    tp = round(sums[0, 0])
    return Score(**msgspec.structs.asdict(figures), tp=tp, fp=figures.predicted - tp, fn=figures.support - tp)


def _figures(sums: NDArray[np.float64]) -> Figures:
    gold_hits, gold, predicted_hits, predicted = sums.T
    recall, precision = _ratio(gold_hits, gold), _ratio(predicted_hits, predicted)
    f1 = _ratio(2 * precision * recall, precision + recall)
    # A resample without a single item, gold or predicted, has no F1.
    resampled = np.where(gold + predicted > 0, f1, np.nan)[1:]
    return Figures(
        precision=float(precision[0]),
        recall=float(recall[0]),
        f1=float(f1[0]),
        support=round(gold[0]),
        predicted=round(predicted[0]),
        interval=percentile_interval(resampled) if gold[0] else None,
    )


def _accuracy(sums: NDArray[np.float64]) -> Accuracy:
    figures = _figures(sums)
    return Accuracy(right=round(sums[0, 0]), total=figures.support, value=figures.recall, interval=figures.interval)


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _macro(scores: Sequence[Score]) -> float:
    """The mean F1 of the labels that gold has; 0.0 where it has none."""
    present = [score.f1 for score in scores if score.support]
    return sum(present) / len(present) if present else 0.0
