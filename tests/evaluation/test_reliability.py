"""Whether scores are judged rightly, and the calibration error against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sobujang.document import Comparison, Document, Relation, Span
from sobujang.evaluation.reliability import Judged, expected_calibration_error, judge
from sobujang.schema import Schema


def document(labels: str, **parts: object) -> Document:
    """One mention a letter: c company, p part, k cue; ids T0, T1, …"""
    names = {"c": "COMPANY", "p": "PART", "k": "COST_LOWER"}
    spans = tuple(
        Span(id=f"T{i}", start=i, end=i + 1, label=names[letter], score=round(0.9 - i / 10, 2))
        for i, letter in enumerate(labels)
        if letter in names
    )
    return Document(id="d", text="x" * len(labels), spans=spans, **parts)  # type: ignore[arg-type]


def judged(gold: Document, predicted: Document) -> dict[str, list[tuple[float, bool]]]:
    found = judge([gold], [predicted], Schema.default())
    return {kind: list(zip(j.scores.tolist(), j.correct.tolist(), strict=True)) for kind, j in found.items()}


def test_mentions_are_judged_with_their_labels() -> None:
    assert judged(document("cp.c"), document("cc.cp"))["mention"] == [
        (0.9, True),
        (0.8, False),
        (0.6, True),
        (0.5, False),
    ]


def test_relations_are_judged_with_both_ends() -> None:
    gold = document("cpc", relations=(Relation(head="T0", tail="T1", label="MAKES"),))
    found = document(
        "cpc",
        relations=(
            Relation(head="T0", tail="T1", label="MAKES", score=0.9),
            Relation(head="T2", tail="T1", label="MAKES", score=0.8),
            Relation(head="T0", tail="T2", label="SUPPLIES", score=0.7),
        ),
    )
    assert judged(gold, found)["relation"] == [(0.9, True), (0.8, False), (0.7, False)]


def same(*pairs: tuple[int, int]) -> tuple[Relation, ...]:
    return tuple(Relation(head=f"T{a}", tail=f"T{b}", label="SAME_AS", score=0.5) for a, b in pairs)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda p: p[0] != p[1]), max_size=6))
def test_a_link_is_right_when_gold_joins_its_ends_somehow(gold_links: list[tuple[int, int]]) -> None:
    group = {i: {i} for i in range(6)}
    for a, b in gold_links:
        merged = group[a] | group[b]
        for member in merged:
            group[member] = merged
    every = [(a, b) for a in range(6) for b in range(a)]
    found = judged(document("cccccc", relations=same(*gold_links)), document("cccccc", relations=same(*every)))
    assert [right for _, right in found["coreference"]] == [b in group[a] for a, b in every]


def test_a_link_to_a_mention_that_gold_lacks_is_wrong() -> None:
    found = judged(document("c.c", relations=same((2, 0))), document("ccc", relations=same((1, 0), (2, 0), (2, 1))))
    assert [right for _, right in found["coreference"]] == [False, True, False]


@pytest.mark.parametrize(
    ("change", "right"),
    [({}, True), ({"direction": "higher"}, False), ({"roles": {"item": ("T1", "T2")}}, False), ({"roles": {}}, False)],
)
def test_comparisons_are_judged_whole(change: dict[str, object], right: bool) -> None:
    frame = Comparison(cue="T0", direction="lower", roles={"item": ("T1",), "amount": ()}, score=0.6)
    gold = document("kpp", comparisons=(frame,))
    found = document("kpp", comparisons=(frame.__replace__(**change),))
    assert judged(gold, found)["comparison"] == [(0.6, right)]


def test_nothing_predicted() -> None:
    found = judge([document("cp")], [document("..")], Schema.default())
    assert all(len(j.scores) == 0 for j in found.values())
    assert all(expected_calibration_error(j) == 0.0 for j in found.values())
    with pytest.raises(ValueError, match="shorter"):
        judge([document("c")], [], Schema.default())


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40), st.integers(1, 12))
def test_the_error_is_the_weighted_gap_of_each_bin(rows: list[tuple[float, bool]], bins: int) -> None:
    by_bin: dict[int, list[tuple[float, bool]]] = {}
    for score, right in rows:
        by_bin.setdefault(min(int(score * bins), bins - 1), []).append((score, right))
    expected = 0.0
    for members in by_bin.values():
        gap = sum(score for score, _ in members) / len(members) - sum(right for _, right in members) / len(members)
        expected += len(members) / len(rows) * abs(gap)
    found = Judged(np.array([score for score, _ in rows]), np.array([right for _, right in rows]))
    assert expected_calibration_error(found, bins) == pytest.approx(expected, abs=1e-5)
