"""From scores to a record: which edges hold, which frames they fill, which mentions are one entity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sobujang.coreference import linked_labels
from sobujang.document import Comparison, Document, Entity, Relation, Span
from sobujang.model.config import ModelConfig
from sobujang.prices import with_direction, with_price
from sobujang.schema import Schema
from sobujang.text.language import detect_language

# Below this score even the best filler of a required role is a guess.
_LEAST_REQUIRED = 0.1


class Mention(NamedTuple):
    """A mention before it is a span: pieces, characters, label index, raw score, and the id that gold gave it."""

    first: int
    end: int
    start: int
    stop: int
    label: int
    score: float
    id: str | None = None


def with_one_label_a_surface(mentions: Sequence[Mention], text: str, linked: Collection[int]) -> list[Mention]:
    """Mentions of one document that read alike get one label: the one whose scores sum up to most.

    A name that is plain in one sentence thus settles what it is in the others.

    Args:
        mentions: in text order.
        text: the document's.
        linked: indices of the labels that coreference links; of others, such as cues, each mention stands alone.

    Returns:
        The same mentions; one that was overruled has the mean score of those that overruled it, times their share.

    Example:
        >>> found = [Mention(0, 1, 0, 4, 2, 0.9), Mention(3, 4, 9, 13, 5, 0.6)]
        >>> [(m.label, round(m.score, 2)) for m in with_one_label_a_surface(found, "film and Film", {2, 5})]
        [(2, 0.9), (2, 0.54)]
    """
    votes: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for mention in mentions:
        if mention.label in linked:
            votes[text[mention.start : mention.stop].casefold()][mention.label].append(mention.score)
    found = []
    for mention in mentions:
        scores = votes.get(text[mention.start : mention.stop].casefold(), {})
        if mention.label in scores and len(scores) > 1:
            best = max(scores, key=lambda label: (sum(scores[label]), -label))
            if best != mention.label:
                share = sum(scores[best]) / sum(map(sum, scores.values()))
                mention = mention._replace(label=best, score=share * sum(scores[best]) / len(scores[best]))
        found.append(mention)
    return found


class EdgeScores:
    """Probabilities of edges of one document; a pair that two windows saw gets the mean of both logits."""

    def __init__(self, edges: int) -> None:
        """Begins without any pair."""
        self._edges = edges
        self._logits: dict[tuple[int, int], list[NDArray[np.float32]]] = defaultdict(list)
        self._allowed: dict[tuple[int, int], NDArray[np.bool_]] = {}

    def add(
        self,
        heads: NDArray[np.int64],
        tails: NDArray[np.int64],
        logits: NDArray[np.float32],
        allowed: NDArray[np.bool_],
    ) -> None:
        """Adds a window's pairs: mention indices of the document, logits and signatures of shape (pairs, edges)."""
        for head, tail, row, admitted in zip(heads.tolist(), tails.tolist(), logits, allowed, strict=True):
            self._logits[head, tail].append(row)
            self._allowed[head, tail] = admitted

    def matrix(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Pairs, shape (pairs, 2), and their probabilities, shape (pairs, edges): 0 where the schema forbids."""
        if not self._logits:
            return np.zeros((0, 2), dtype=np.int64), np.zeros((0, self._edges))
        pairs = np.array(list(self._logits), dtype=np.int64)
        # Most pairs stand in one window only, and a mean costs more than all else here.
        means = [rows[0] if len(rows) == 1 else np.mean(rows, axis=0) for rows in self._logits.values()]
        logits = np.array(means, dtype=np.float64)
        allowed = np.array([self._allowed[pair] for pair in self._logits])
        return pairs, np.where(allowed, 1 / (1 + np.exp(-logits)), 0.0)


def assemble_document(
    document: Document, mentions: Sequence[Mention], edges: EdgeScores, schema: Schema, config: ModelConfig
) -> Document:
    """Builds the record: spans, relations, comparisons and entities, each with a calibrated score.

    Args:
        document: gives id, text, language (detected where it has none) and meta.
        mentions: in text order.
        edges: scores of the pairs among them.
        schema: what the scores stand for.
        config: thresholds and calibration.
    """
    scores = config.calibrated("mention", np.array([m.score for m in mentions]))
    ids = [m.id or f"T{number}" for number, m in enumerate(mentions, start=1)]
    spans = tuple(
        Span(
            id=span_id, start=m.start, end=m.stop, label=schema.labels[m.label],
            text=document.text[m.start : m.stop], score=_rounded(score),
        )
        for m, span_id, score in zip(mentions, ids, scores, strict=True)
    )  # fmt: skip
    pairs, probabilities = edges.matrix()
    required = {role for frame in schema.frames.values() for role, declared in frame.roles.items() if declared.required}
    kept: dict[str, list[tuple[int, int, str, float]]] = {"relation": [], "coreference": [], "role": []}
    for column, edge in enumerate(schema.edges):
        raw = probabilities[:, column]
        sure = raw >= max(config.threshold(edge.kind), 1e-9)
        if edge.kind == "role" and edge.label in required:
            sure |= _best_where_none_is_sure(pairs[:, 0], raw, sure)
        (rows,) = np.nonzero(sure)
        found = config.calibrated(edge.kind, raw[rows])
        kept[edge.kind] += [
            (int(pairs[row, 0]), int(pairs[row, 1]), edge.label, float(score))
            for row, score in zip(rows, found, strict=True)
        ]
    relations = [
        Relation(head=ids[head], tail=ids[tail], label=label, score=_rounded(score))
        for head, tail, label, score in sorted(kept["relation"])
    ]
    clusters, links = _link(len(mentions), kept["coreference"])
    relations += [
        Relation(head=ids[head], tail=ids[tail], label=label, score=_rounded(score))
        for head, tail, label, score in links
    ]
    lang = document.lang or detect_language(document.text)
    built = Document(
        id=document.id, text=document.text, lang=lang, meta=document.meta, spans=spans, relations=tuple(relations),
        comparisons=_frames(spans, kept["role"], schema, config), entities=_entities(clusters, spans, schema),
    )  # fmt: skip
    return with_price(with_direction(built, schema), schema)


def _best_where_none_is_sure(
    heads: NDArray[np.int64], scores: NDArray[np.float64], sure: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """A cue that stands compares something: where no filler of a required role is sure, the best one is taken.

    Args:
        heads: the cue of each pair, shape (pairs,).
        scores: of the pairs, shape (pairs,).
        sure: which of them reach the threshold, shape (pairs,).

    Returns:
        Which pairs to take beside the sure ones, shape (pairs,).
    """
    chosen = np.zeros_like(sure)
    for head in np.setdiff1d(heads[scores >= _LEAST_REQUIRED], heads[sure]):
        (rows,) = np.nonzero(heads == head)
        chosen[rows[scores[rows].argmax()]] = True
    return chosen


def _rounded(score: float) -> float:
    # Four digits: more would only show the last bits of floating point.
    return round(float(score), 4)


def _link(
    count: int, found: Sequence[tuple[int, int, str, float]]
) -> tuple[list[list[int]], list[tuple[int, int, str, float]]]:
    """Each mention takes its best antecedent; who is linked, directly or not, is one cluster.

    Returns:
        Clusters in text order, single mentions included, and one link for each mention but a cluster's first: to the
        nearest earlier mention of its cluster, with the score of the link that brought it in.
    """
    best: dict[int, tuple[float, int, str]] = {}
    for head, tail, label, score in found:
        if head not in best or (score, tail) > best[head][:2]:
            best[head] = score, tail, label
    cluster_of: list[list[int]] = []
    for mention in range(count):
        if mention in best:
            cluster = cluster_of[best[mention][1]]
            cluster.append(mention)
        else:
            cluster = [mention]
        cluster_of.append(cluster)
    links = [
        (head, cluster_of[head][cluster_of[head].index(head) - 1], label, score)
        for head, (score, _, label) in sorted(best.items())
    ]
    return [cluster for i, cluster in enumerate(cluster_of) if cluster[0] == i], links


def _frames(
    spans: Sequence[Span], roles: Sequence[tuple[int, int, str, float]], schema: Schema, config: ModelConfig
) -> tuple[Comparison, ...]:
    """One comparison for each cue whose required roles are filled; its score is that of its weakest part.

    A cue with an amount that its direction cannot have is left out: what it says has been misread.
    """
    by_cue: dict[int, list[tuple[int, str, float]]] = defaultdict(list)
    for head, tail, label, score in roles:
        by_cue[head].append((tail, label, score))
    found = []
    for number, span in enumerate(spans):
        frame = schema.frame_of_cue.get(span.label)
        if frame is None:
            continue
        filled: dict[str, list[str]] = {role.lower(): [] for role in frame.roles}
        scores = [span.score or 0.0]
        for tail, label, score in sorted(by_cue[number]):
            if label in frame.roles:  # signatures of two frames may admit the same pair
                filled[label.lower()].append(spans[tail].id)
                scores.append(score)
        if frame.amount and frame.cues[span.label] in frame.without_amount and filled[frame.amount.lower()]:
            continue
        if all(filled[role.lower()] for role, declared in frame.roles.items() if declared.required):
            score = config.calibrated("comparison", np.array([min(scores)]))[0]
            ids = {role: tuple(tails) for role, tails in filled.items()}
            found.append(
                Comparison(cue=span.id, direction=frame.cues[span.label], roles=ids, score=_rounded(float(score)))
            )
    return tuple(found)


def _entities(clusters: Sequence[Sequence[int]], spans: Sequence[Span], schema: Schema) -> tuple[Entity, ...]:
    """Entities for the labels that coreference links; without such a relation there are none."""
    linked = linked_labels(schema)
    found: list[Entity] = []
    for cluster in clusters:
        members = [spans[i] for i in cluster]
        if members[0].label in linked:
            found.append(
                Entity(
                    id=f"E{len(found) + 1}", label=members[0].label, name=_name(members),
                    mentions=tuple(span.id for span in members),
                )
            )  # fmt: skip
    return tuple(found)


def _name(members: Sequence[Span]) -> str:
    """The mention that names the entity best: the surface used most, of these the longest, of these the first."""
    surfaces = [span.text or "" for span in members]
    counts = {surface: surfaces.count(surface) for surface in surfaces}
    return max(counts, key=lambda surface: (_looks_like_name(surface), counts[surface], len(surface)))


def _looks_like_name(surface: str) -> bool:
    """A capital letter or digit marks a Latin name; Hangul has no capitals, so only Latin descriptions lose here."""
    return not surface.isascii() or not surface.islower()
