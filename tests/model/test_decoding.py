"""From scores to a record, against plain loops over the same scores."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sobujang.document import Document
from sobujang.model.config import Calibration, ModelConfig
from sobujang.model.decoding import EdgeScores, Mention, assemble_document
from sobujang.model.pairs import PairFinder
from sobujang.schema import Schema

SCHEMA = Schema.from_dict(
    {
        "name": "small",
        "mentions": {"A": {}, "B": {}, "UP": {}, "DOWN": {}, "TURN": {}},
        "relations": {
            "MAKES": {"head": ["A"], "tail": ["B"]},
            "IS": {
                "head": ["A", "B"],
                "tail": ["A", "B"],
                "symmetric": True,
                "transitive": True,
                "same_label": True,
            },
        },
        "frames": {
            "MOVE": {
                "cues": {"UP": "up", "DOWN": "down"},
                "roles": {"WHAT": {"tail": ["A", "B"], "required": True}, "BY": {"tail": ["B"]}},
                "amount": "BY",
                "without_amount": ["down"],
            },
            "TURNING": {"cues": {"TURN": "round"}, "roles": {"WHO": {"tail": ["A"]}}},
        },
    }
)
MAKES, IS, WHAT, BY, WHO = range(5)


def config(**changes: object) -> ModelConfig:
    return ModelConfig(name="m", schema=SCHEMA.to_dict(), **changes)  # type: ignore[arg-type]


def log_odds(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


def decode(
    labels: list[str], edges: dict[tuple[int, int, int], float], settings: ModelConfig | None = None, text: str = ""
) -> Document:
    """Decodes mentions `0 1 2 …`, one character each, whose edges have the given probabilities; others have 0.01."""
    text = text or " ".join("abcdefghijklmnopqrstuvwxyz"[: len(labels)])
    mentions = [Mention(i, i + 1, 2 * i, 2 * i + 1, SCHEMA.labels.index(label), 0.9) for i, label in enumerate(labels)]
    pairs = PairFinder(SCHEMA)([m.label for m in mentions], [0] * len(labels), ["x"] * len(labels))
    logits = np.full((len(pairs.heads), 5), log_odds(0.01), dtype=np.float32)
    for row, pair in enumerate(zip(pairs.heads.tolist(), pairs.tails.tolist(), strict=True)):
        for edge in range(5):
            if (*pair, edge) in edges:
                logits[row, edge] = log_odds(edges[*pair, edge])
    scores = EdgeScores(5)
    scores.add(pairs.heads, pairs.tails, logits, pairs.allowed)
    return assemble_document(Document(id="d", text=text), mentions, scores, SCHEMA, settings or config())


probabilities = st.sampled_from([0.02, 0.2, 0.45, 0.55, 0.7, 0.9, 0.97])


def allowed(labels: list[str], head: int, tail: int, edge: int) -> bool:
    return SCHEMA.edges[edge].allows(labels[head], labels[tail])


@given(st.data())
def test_edges_above_their_threshold_are_reported_and_no_others(data: st.DataObject) -> None:
    labels = data.draw(st.lists(st.sampled_from(SCHEMA.labels), max_size=6))
    ends = range(len(labels))
    edges = {(a, b, e): data.draw(probabilities) for a in ends for b in ends for e in (MAKES, WHAT, BY, WHO) if a != b}
    thresholds = {"relation": 0.5, "role": 0.6}
    found = decode(labels, edges, config(thresholds=thresholds))
    admitted = {
        key: p for key, p in edges.items() if allowed(labels, *key) and p >= thresholds[SCHEMA.edges[key[2]].kind]
    }
    # A required role whose fillers are all below the threshold gets the best of them, unless it is a mere guess.
    for cue in range(len(labels)):
        fillers = {(a, b, e): p for (a, b, e), p in edges.items() if (a, e) == (cue, WHAT) and allowed(labels, a, b, e)}
        if fillers and not fillers.keys() & admitted.keys() and max(fillers.values()) >= 0.1:
            best = max(fillers.values())
            key = next(key for key in sorted(fillers) if fillers[key] == best)
            admitted[key] = best
    assert {(r.head, r.tail, r.label): r.score for r in found.relations} == {
        (f"T{a + 1}", f"T{b + 1}", "MAKES"): pytest.approx(p, abs=1e-3)
        for (a, b, e), p in admitted.items()
        if e == MAKES
    }
    expected = {}
    for cue, label in enumerate(labels):
        frame = SCHEMA.frame_of_cue.get(label)
        if frame is None:
            continue
        roles = {
            role.lower(): tuple(f"T{b + 1}" for b in ends if (cue, b, edge) in admitted)
            for edge, role in ((WHAT, "WHAT"), (BY, "BY"), (WHO, "WHO"))
            if role in frame.roles
        }
        if label == "TURN" or (roles["what"] and not (label == "DOWN" and roles["by"])):
            weakest = min([0.9, *(p for (a, _, e), p in admitted.items() if a == cue and e != MAKES)])
            expected[f"T{cue + 1}"] = (frame.cues[label], roles, pytest.approx(weakest, abs=1e-3))
    assert {c.cue: (c.direction, c.roles, c.score) for c in found.comparisons} == expected


@given(st.data())
def test_clusters_are_what_best_antecedents_join(data: st.DataObject) -> None:
    labels = data.draw(st.lists(st.sampled_from(["A", "B", "UP"]), max_size=8))
    links = {
        (b, a, IS): data.draw(probabilities)
        for a, b in combinations(range(len(labels)), 2)
        if labels[a] == labels[b] != "UP"
    }
    found = decode(labels, links)
    cluster = list(range(len(labels)))
    score = {}
    for b in range(len(labels)):
        reported = [(links[b, a, IS], a) for a in range(b) if links.get((b, a, IS), 0) >= 0.5]
        if reported:
            score[b], best = max(reported)  # of equally likely antecedents the nearest
            cluster[b] = cluster[best]
    groups = [[i for i in range(len(labels)) if cluster[i] == first] for first in dict.fromkeys(cluster)]
    expected = [tuple(f"T{i + 1}" for i in group) for group in groups if labels[group[0]] != "UP"]
    assert [e.mentions for e in found.entities] == expected
    assert [e.id for e in found.entities] == [f"E{i + 1}" for i in range(len(expected))]
    assert all(e.label == found.span_by_id[e.mentions[0]].label for e in found.entities)
    chains = {
        (f"T{b + 1}", f"T{a + 1}"): pytest.approx(score[b], abs=1e-3) for group in groups for a, b in pairwise(group)
    }
    assert {(r.head, r.tail): r.score for r in found.relations} == chains


def test_a_pair_that_two_windows_saw_gets_the_mean_of_both_logits() -> None:
    scores = EdgeScores(2)
    both, first = np.array([True, True]), np.array([True, False])
    heads, tails = np.array([0, 1]), np.array([1, 2])
    scores.add(heads, tails, np.array([[2.0, -4.0], [1.0, 9.0]], dtype=np.float32), np.array([both, first]))
    scores.add(heads[:1], tails[:1], np.array([[4.0, 0.0]], dtype=np.float32), np.array([both]))
    pairs, found = scores.matrix()
    assert pairs.tolist() == [[0, 1], [1, 2]]
    expected = [[1 / (1 + np.exp(-3)), 1 / (1 + np.exp(2))], [1 / (1 + np.exp(-1)), 0]]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_no_pairs() -> None:
    pairs, found = EdgeScores(3).matrix()
    assert pairs.shape == (0, 2)
    assert found.shape == (0, 3)
    document = decode([], {})
    assert document.spans == document.relations == document.entities == document.comparisons == ()


def test_a_threshold_of_zero_reports_nothing_that_the_schema_forbids() -> None:
    found = decode(["B", "A", "UP"], {}, config(thresholds=dict.fromkeys(["relation", "coreference", "role"], 0.0)))
    assert {(r.head, r.tail, r.label) for r in found.relations} == {("T2", "T1", "MAKES")}


def test_scores_are_calibrated_by_kind() -> None:
    half = Calibration((0.0, 1.0), (0.0, 0.5))
    tenth = Calibration((0.0, 1.0), (0.0, 0.1))
    edges = {(0, 1, MAKES): 0.8, (2, 0, WHAT): 0.8, (3, 0, IS): 0.8}
    labels = ["A", "B", "UP", "A"]
    mention = {s.score for s in decode(labels, edges, config(calibration={"mention": half})).spans}
    assert mention == {0.45}
    found = decode(labels, edges, config(calibration={"relation": half, "coreference": tenth, "role": tenth}))
    assert {r.label: r.score for r in found.relations} == {"MAKES": 0.4, "IS": 0.08}
    assert found.comparisons[0].score == pytest.approx(0.08)  # its weakest part
    whole = decode(labels, edges, config(calibration={"comparison": half}))
    assert whole.comparisons[0].score == pytest.approx(0.4)
    # What is reported depends on raw scores only.
    assert len(found.comparisons) == len(whole.comparisons) == 1


def test_ids_of_given_mentions_are_kept() -> None:
    mentions = [Mention(0, 1, 0, 3, 0, 1.0, "c1"), Mention(1, 2, 4, 7, 1, 1.0, "p9")]
    given_text = Document(id="d", text="abc def", lang="ko", meta={"a": 1})
    found = assemble_document(given_text, mentions, EdgeScores(5), SCHEMA, config())
    assert [(s.id, s.start, s.end, s.text) for s in found.spans] == [("c1", 0, 3, "abc"), ("p9", 4, 7, "def")]
    assert (found.id, found.lang, found.meta) == ("d", "ko", {"a": 1})
    assert found.comparisons == ()


@pytest.mark.parametrize(
    ("surfaces", "name"),
    [
        (["the firm", "Hanbit", "the company"], "Hanbit"),
        (["이회사", "한빛정밀"], "한빛정밀"),
        (["HB", "Hanbit", "HB"], "HB"),
        (["Hanbit", "Daehan"], "Hanbit"),
        (["it", "the firm"], "the firm"),
    ],
)
def test_an_entity_is_called_by_its_best_name(surfaces: list[str], name: str) -> None:
    text = "|".join(surfaces)
    starts = np.cumsum([0, *(len(s) + 1 for s in surfaces)])[:-1]
    mentions = [
        Mention(i, i + 1, int(at), int(at) + len(s), 0, 1.0)
        for i, (at, s) in enumerate(zip(starts, surfaces, strict=True))
    ]
    pairs = PairFinder(SCHEMA)([0] * len(surfaces), [0] * len(surfaces), surfaces)
    scores = EdgeScores(5)
    scores.add(pairs.heads, pairs.tails, np.where(pairs.allowed, 5, -5).astype(np.float32), pairs.allowed)
    (entity,) = assemble_document(Document(id="d", text=text), mentions, scores, SCHEMA, config()).entities
    assert entity.name == name


def test_a_direction_that_takes_no_amount_has_none() -> None:
    edges = {(0, 1, WHAT): 0.9, (0, 2, BY): 0.9}
    (found,) = decode(["UP", "A", "B"], edges).comparisons
    assert found["by"]
    assert not decode(["DOWN", "A", "B"], edges).comparisons
    assert decode(["DOWN", "A", "B"], {(0, 1, WHAT): 0.9}).comparisons
