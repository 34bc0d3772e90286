"""What one document adds to the scores: hits and totals, exact and additive, so that any sum of documents is a score.

Everything is counted over sets: a mention, relation or frame that a document states twice counts once.
Relaxed is strict after each predicted mention has been replaced by the gold mention that it matches: see
:func:`match_mentions`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from sobujang.coreference import clusters
from sobujang.document import Comparison, Document, Relation
from sobujang.schema import Schema

Mode = Literal["strict", "relaxed"]
Task = Literal["mentions", "relations", "coreference", "bcubed", "comparisons", "roles", "direction", "price_ratio"]


class Counted(NamedTuple):
    """What a tally is of; coreference and the accuracies have the empty label."""

    task: Task
    mode: Mode
    label: str


class Tally(NamedTuple):
    """Hits among the gold items, gold items, hits among the predicted items, predicted items.

    Both hits are the same number wherever an item is matched by one item; B-cubed gives shares of an item.
    """

    gold_hits: float
    gold: float
    predicted_hits: float
    predicted: float


class MentionKey(NamedTuple):
    """What makes two mentions of a document the same."""

    start: int
    end: int
    label: str


class RelationKey(NamedTuple):
    """What makes two relations the same; the ends of a symmetric one stand in text order."""

    head: MentionKey
    tail: MentionKey
    label: str


class RoleKey(NamedTuple):
    """What makes two role edges the same."""

    cue: MentionKey
    role: str
    filler: MentionKey


class FrameKey(NamedTuple):
    """What makes two comparisons the same: cue, direction, and for each role the set of its fillers."""

    cue: MentionKey
    direction: str
    roles: frozenset[RoleKey]


@dataclass(frozen=True, slots=True)
class _Annotation:
    mentions: frozenset[MentionKey]
    relations: frozenset[RelationKey]
    clusters: tuple[frozenset[MentionKey], ...]
    price_ratios: Mapping[FrameKey, float | None]

    @property
    def roles(self) -> set[RoleKey]:
        return {edge for frame in self.price_ratios for edge in frame.roles}


Item = TypeVar("Item", MentionKey, RelationKey, RoleKey, FrameKey)


def count_document(gold: Document, predicted: Document, schema: Schema) -> dict[Counted, Tally]:
    """Counts one document, strict and relaxed.

    Args:
        gold: what is there.
        predicted: what was found in the same text.
        schema: tells coreference and symmetric relations from the rest, and names the relation labels to leave out.

    Example:
        >>> from sobujang.document import Span
        >>> gold = Document(id="d", text="reclaimed wafers", spans=(Span(id="a", start=0, end=16, label="MATERIAL"),))
        >>> found = Document(id="d", text="reclaimed wafers", spans=(Span(id="b", start=10, end=16, label="MATERIAL"),))
        >>> counted = count_document(gold, found, Schema.default())
        >>> counted[Counted("mentions", "strict", "MATERIAL")]
        Tally(gold_hits=0, gold=1, predicted_hits=0, predicted=1)
        >>> counted[Counted("mentions", "relaxed", "MATERIAL")]
        Tally(gold_hits=1, gold=1, predicted_hits=1, predicted=1)
    """
    truth = _read(gold, schema, {})
    strict = _read(predicted, schema, {})
    relaxed = _read(predicted, schema, match_mentions(truth.mentions, strict.mentions))
    counted: dict[Counted, Tally] = {}
    modes: tuple[tuple[Mode, _Annotation], ...] = (("strict", strict), ("relaxed", relaxed))
    for mode, found in modes:
        for label, tally in _compare(truth.mentions, found.mentions, lambda mention: mention.label):
            counted[Counted("mentions", mode, label)] = tally
        for label, tally in _compare(truth.relations, found.relations, lambda relation: relation.label):
            counted[Counted("relations", mode, label)] = tally
        frames, found_frames = truth.price_ratios.keys(), found.price_ratios.keys()
        for label, tally in _compare(frames, found_frames, lambda frame: frame.direction):
            counted[Counted("comparisons", mode, label)] = tally
        for label, tally in _compare(truth.roles, found.roles, lambda edge: edge.role):
            counted[Counted("roles", mode, label)] = tally
        if truth.clusters or found.clusters:
            counted[Counted("coreference", mode, "")] = count_links(truth.clusters, found.clusters)
    if truth.clusters or strict.clusters:
        counted[Counted("bcubed", "strict", "")] = count_b_cubed(truth.clusters, strict.clusters)
    if truth.price_ratios:
        counted[Counted("direction", "strict", "")] = _count_directions(truth, strict)
        counted[Counted("price_ratio", "strict", "")] = _count_price_ratios(truth, strict)
    return counted


def match_mentions(gold: Collection[MentionKey], predicted: Collection[MentionKey]) -> dict[MentionKey, MentionKey]:
    """Matches mentions one to one where label is equal and spans overlap.

    As many as possible are matched; of several such matchings the one with most identical spans, then the one with
    most characters in common. Where mentions of one label do not overlap each other, identical spans thus always match.

    Returns:
        The gold mention of each predicted mention that has one; a mention left out is identical to no gold mention.
    """
    found: dict[MentionKey, MentionKey] = {}
    for truths, guesses in _overlapping(gold, predicted):
        unit = sum(mention.end - mention.start for mention in truths) + 1
        weights = np.zeros((len(truths), len(guesses)))
        for row, truth in enumerate(truths):
            for column, guess in enumerate(guesses):
                common = min(truth.end, guess.end) - max(truth.start, guess.start)
                if common > 0:
                    pair = unit * (len(truths) + 1)
                    weights[row, column] = pair + unit * (truth == guess) + common
        for row, column in zip(*linear_sum_assignment(weights, maximize=True), strict=True):
            if weights[row, column] > 0:
                found[guesses[column]] = truths[row]
    return found


def _overlapping(
    gold: Iterable[MentionKey], predicted: Iterable[MentionKey]
) -> Iterator[tuple[list[MentionKey], list[MentionKey]]]:
    """Runs of mentions of one label whose spans hang together: only within a run can there be a match."""
    mentions = [(m, False) for m in gold] + [(m, True) for m in predicted]
    mentions.sort(key=lambda m: (m[0].label, m[0].start, m[0].end))
    runs: list[tuple[list[MentionKey], list[MentionKey]]] = []
    label, reach = None, 0
    for mention, is_predicted in mentions:
        if mention.label != label or mention.start >= reach:
            runs.append(([], []))
            label, reach = mention.label, mention.end
        reach = max(reach, mention.end)
        runs[-1][is_predicted].append(mention)
    return (run for run in runs if run[0] and run[1])


def mention_keys(document: Document) -> dict[str, MentionKey]:
    """The key of each mention, by span id."""
    return {span.id: MentionKey(span.start, span.end, span.label) for span in document.spans}


def relation_key(relation: Relation, keys: Mapping[str, MentionKey], schema: Schema) -> RelationKey | None:
    """The key of a relation; `None` for coreference, scored by clusters, and for what the schema calls none."""
    if relation.label == schema.coreference or relation.label in schema.no_relation:
        return None
    head, tail = keys[relation.head], keys[relation.tail]
    declared = schema.relations.get(relation.label)
    if declared is not None and declared.symmetric:
        head, tail = sorted((head, tail))
    return RelationKey(head, tail, relation.label)


def frame_key(comparison: Comparison, keys: Mapping[str, MentionKey]) -> FrameKey:
    """The key of a comparison."""
    cue = keys[comparison.cue]
    roles = frozenset(RoleKey(cue, role, keys[i]) for role, ids in comparison.roles.items() for i in ids)
    return FrameKey(cue, comparison.direction, roles)


def _read(document: Document, schema: Schema, replaced: Mapping[MentionKey, MentionKey]) -> _Annotation:
    keys = {span_id: replaced.get(key, key) for span_id, key in mention_keys(document).items()}
    relations = (relation_key(relation, keys, schema) for relation in document.relations)
    links = [(keys[r.head], keys[r.tail]) for r in document.relations if r.label == schema.coreference]
    price_ratios: dict[FrameKey, float | None] = {}
    for comparison in document.comparisons:
        price_ratios.setdefault(frame_key(comparison, keys), comparison.price_ratio)
    found = frozenset(key for key in relations if key is not None)
    return _Annotation(frozenset(keys.values()), found, _linked(links), price_ratios)


def _linked(links: Iterable[tuple[MentionKey, MentionKey]]) -> tuple[frozenset[MentionKey], ...]:
    """The classes of two or more mentions that the links join, directly or not."""
    return tuple(frozenset(cluster) for cluster in clusters(links) if len(cluster) > 1)


def _compare(
    gold: Collection[Item], predicted: Collection[Item], label_of: Callable[[Item], str]
) -> Iterator[tuple[str, Tally]]:
    """Counts two sets by label."""
    there, found = Counter(map(label_of, gold)), Counter(map(label_of, predicted))
    hits = Counter(map(label_of, set(gold).intersection(predicted)))
    for label in {**there, **found}:
        yield label, Tally(hits[label], there[label], hits[label], found[label])


def count_links(gold: Sequence[frozenset[MentionKey]], predicted: Sequence[frozenset[MentionKey]]) -> Tally:
    """Counts links as MUC does (Vilain et al. 1995): a cluster of n mentions has n - 1 links.

    A gold cluster that the predicted clusters cut into p parts (a mention outside of them is a part of its own) has
    n - p links found. The parts of size s that both sides share have s - 1 links on either side, so that one number
    serves recall and precision.
    """
    hits = sum(shared - 1 for sizes in _shared(gold, predicted) for shared in sizes.values())
    there, found = (sum(len(cluster) - 1 for cluster in clusters) for clusters in (gold, predicted))
    return Tally(hits, there, hits, found)


def count_b_cubed(gold: Sequence[frozenset[MentionKey]], predicted: Sequence[frozenset[MentionKey]]) -> Tally:
    """Counts mentions as B-cubed does (Bagga and Baldwin 1998), without singletons, as in CoNLL-2012.

    Recall is the mean over the mentions in gold clusters of two or more: the share of the mention's gold cluster that
    stands in its predicted cluster. Precision is the same with the sides exchanged. Mentions that nothing is linked to
    are on no side; a mention that is linked on one side only adds 0 to that side's hits, and no credit for itself.
    """
    there, found = (sum(map(len, clusters)) for clusters in (gold, predicted))
    return Tally(_b_cubed_hits(gold, predicted), there, _b_cubed_hits(predicted, gold), found)


def _b_cubed_hits(clusters: Sequence[frozenset[MentionKey]], others: Sequence[frozenset[MentionKey]]) -> float:
    return math.fsum(
        sum(shared**2 for shared in sizes.values()) / len(cluster)
        for cluster, sizes in zip(clusters, _shared(clusters, others), strict=True)
    )


def _shared(
    clusters: Sequence[frozenset[MentionKey]], others: Sequence[frozenset[MentionKey]]
) -> Iterator[Counter[int]]:
    """For each cluster how many mentions it shares with each of the others that it meets, by place among them."""
    place_of = {mention: place for place, other in enumerate(others) for mention in other}
    for cluster in clusters:
        yield Counter(place_of[mention] for mention in cluster if mention in place_of)


def _count_directions(gold: _Annotation, predicted: _Annotation) -> Tally:
    """Gold frames whose cue's characters are a predicted frame's cue, and those of them that have its direction."""
    found = {((frame.cue.start, frame.cue.end), frame.direction) for frame in predicted.price_ratios}
    cues = {cue for cue, _ in found}
    there = [((frame.cue.start, frame.cue.end), frame.direction) for frame in gold.price_ratios]
    total = sum(cue in cues for cue, _ in there)
    right = sum(frame in found for frame in there)
    return Tally(right, total, right, total)


def _count_price_ratios(gold: _Annotation, predicted: _Annotation) -> Tally:
    """Frames found exactly, and those of them whose price ratio is right: both null, or equal to one in a million."""
    both = gold.price_ratios.keys() & predicted.price_ratios.keys()
    right = sum(_same_ratio(gold.price_ratios[frame], predicted.price_ratios[frame]) for frame in both)
    return Tally(right, len(both), right, len(both))


def _same_ratio(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-6)
