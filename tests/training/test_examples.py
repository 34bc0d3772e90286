"""Training examples against what the gold documents say."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sobujang.document import Comparison, Document, Relation, Span
from sobujang.errors import SchemaError
from sobujang.model.network import IGNORED
from sobujang.model.pairs import FEATURE_SIZES
from sobujang.model.subwords import Subwords
from sobujang.model.tags import decode_tags, tag_count
from sobujang.schema import Schema
from sobujang.training.examples import Collator, build_dataset

SCHEMA = Schema.from_dict(
    {
        "name": "small",
        "mentions": {"A": {}, "B": {}, "K": {}},
        "relations": {
            "R": {"head": ["A"], "tail": ["A", "B"]},
            "S": {"head": ["A", "B"], "tail": ["A", "B"], "symmetric": True},
            "E": {"head": ["A", "B"], "tail": ["A", "B"], "symmetric": True, "transitive": True, "same_label": True},
        },
        "frames": {"F": {"cues": {"K": "up"}, "roles": {"X": {"tail": ["A"]}, "Y": {"tail": ["A", "B"]}}}},
        "no_relation": ["NONE"],
    }
)
LABEL = {label: number for number, label in enumerate(SCHEMA.labels)}
EDGE = {edge.label: number for number, edge in enumerate(SCHEMA.edges)}


@st.composite
def documents(draw: st.DrawFn) -> Document:
    words = draw(
        st.lists(st.sampled_from(["wafers", "cheaper.", "the", "한빛", "가격\n", "%"]), min_size=1, max_size=14)
    )
    starts = np.cumsum([0, *(len(w) + 1 for w in words)]).tolist()
    chosen = [i for i in range(len(words)) if draw(st.booleans())]
    labels = {i: draw(st.sampled_from(["A", "A", "B", "K"])) for i in chosen}
    spans = tuple(
        Span(id=f"m{i}", start=starts[i], end=starts[i] + len(words[i].rstrip("\n.")), label=labels[i]) for i in chosen
    )
    ends = [(a, b) for a in chosen for b in chosen if a != b]
    relations = []
    for a, b in ends:
        for edge in SCHEMA.edges[:3]:
            if edge.allows(labels[a], labels[b]) and draw(st.integers(0, 3)) == 0:
                relations.append(Relation(head=f"m{a}", tail=f"m{b}", label=edge.label))
        if draw(st.integers(0, 9)) == 0:
            relations.append(Relation(head=f"m{a}", tail=f"m{b}", label="NONE"))
    comparisons = [
        Comparison(
            cue=f"m{k}",
            direction="up",
            roles={
                "x": tuple(f"m{b}" for b in chosen if labels[b] == "A" and draw(st.booleans())),
                "y": tuple(f"m{b}" for b in chosen if labels[b] in "AB" and draw(st.booleans())),
            },
        )
        for k in chosen
        if labels[k] == "K"
    ]
    return Document(
        id="d", text=" ".join(words), spans=spans, relations=tuple(relations), comparisons=tuple(comparisons)
    )


def gold_edges(document: Document) -> set[tuple[int, int, int]]:
    """Edges by the places of their mentions among the document's, which stand in text order."""
    number = {span.id: i for i, span in enumerate(document.spans)}
    found = set()
    same = {i: {i} for i in number.values()}
    for r in document.relations:
        head, tail = number[r.head], number[r.tail]
        if r.label == "R":
            found.add((head, tail, EDGE["R"]))
        elif r.label == "S":
            found.add((max(head, tail), min(head, tail), EDGE["S"]))
        elif r.label == "E":
            merged = same[head] | same[tail]
            for member in merged:
                same[member] = merged
    found |= {(b, a, EDGE["E"]) for a, b in combinations(range(len(number)), 2) if b in same[a]}
    for c in document.comparisons:
        for role in ("x", "y"):
            found |= {(number[c.cue], number[i], EDGE[role.upper()]) for i in c[role]}
    return found


@settings(max_examples=60)
@given(document=documents())
def test_targets_are_the_gold_edges(subwords: Subwords, document: Document) -> None:
    """In one window: mentions, targets and tags are those of the document, no more and no less."""
    (row,) = build_dataset([document], SCHEMA, subwords, 200, 0)
    assert row["length"] == len(row["input_ids"])
    assert (row["input_ids"][0], row["input_ids"][-1]) == (0, 2)
    assert row["surfaces"] == [document.surface(s.id) for s in document.spans]
    assert [m[2] for m in row["mentions"]] == [LABEL[s.label] for s in document.spans]

    batch = Collator(SCHEMA, subwords)([row])
    found = {
        (int(pair[0]), int(pair[1]), edge)
        for pair, target in zip(batch["pairs"], batch["targets"], strict=True)
        for edge in target.nonzero().flatten().tolist()
    }
    assert found == gold_edges(document)
    assert (batch["targets"].bool() & ~batch["allowed"]).sum() == 0

    tags = np.full((row["length"], tag_count(3)), -9, dtype=np.float32)
    tags[np.arange(row["length"]), row["tags"]] = 9
    assert [m[:3] for m in decode_tags(tags)] == [(a, b + 1, label) for a, b, label, *_ in row["mentions"]]


@settings(max_examples=30)
@given(documents=st.lists(documents(), min_size=1, max_size=4))
def test_a_batch_is_its_rows(subwords: Subwords, documents: list[Document]) -> None:
    rows = list(build_dataset(documents, SCHEMA, subwords, 200, 0))
    collate = Collator(SCHEMA, subwords)
    batch = collate(rows)
    longest = max(row["length"] for row in rows)
    assert batch["input_ids"].shape == batch["tags"].shape == batch["attention_mask"].shape == (len(rows), longest)
    at = mentions = 0
    for number, row in enumerate(rows):
        alone = collate([row])
        length = row["length"]
        assert batch["input_ids"][number, :length].tolist() == row["input_ids"]
        assert batch["attention_mask"][number].tolist() == [1] * length + [0] * (longest - length)
        assert batch["tags"][number, length:].tolist() == [IGNORED] * (longest - length)
        # Mentions point at the same pieces of the windows, one below the other.
        flat = batch["input_ids"].flatten()
        for i, (first, last, *_) in enumerate(row["mentions"]):
            place = batch["mentions"][mentions + i]
            assert flat[place[0]] == row["input_ids"][first]
            assert place.tolist()[:2] == [number * longest + first, number * longest + last]
            assert place[3] == number * longest + row["mentions"][i][3] <= (number + 1) * longest
        pairs = slice(at, at + len(alone["pairs"]))
        assert torch.equal(batch["pairs"][pairs, :2] - mentions, alone["pairs"][:, :2])
        assert torch.equal(batch["pairs"][pairs, 2:], alone["pairs"][:, 2:])
        assert torch.equal(batch["targets"][pairs], alone["targets"])
        assert torch.equal(batch["allowed"][pairs], alone["allowed"])
        at += len(alone["pairs"])
        mentions += len(row["mentions"])
    assert len(batch["pairs"]) == at
    assert len(batch["mentions"]) == mentions
    assert (batch["pairs"][:, 2:] < torch.tensor(FEATURE_SIZES)).all()


def test_word_dropout_hides_pieces_and_nothing_else(subwords: Subwords) -> None:
    rows = list(build_dataset([Document(id="a", text="the wafers are cheaper " * 12)], SCHEMA, subwords, 200, 0))
    plain = Collator(SCHEMA, subwords)(rows * 40)
    torch.manual_seed(1)
    hidden = Collator(SCHEMA, subwords, word_dropout=0.2)(
        [*rows * 39, {**rows[0], "input_ids": [0, 7, 2], "tags": [0] * 3}]
    )
    changed = hidden["input_ids"][:39] != plain["input_ids"][:39]
    assert (hidden["input_ids"][:39][changed] == subwords.unknown_id).all()
    assert 0.15 < changed[:, 1:-1].float().mean() < 0.25
    assert not changed[:, [0, -1]].any()
    assert (hidden["input_ids"][39, 3:] == subwords.pad_id).all()
    for name in ("attention_mask", "tags"):
        assert torch.equal(hidden[name][:39], plain[name][:39])


def test_a_batch_without_mentions(subwords: Subwords) -> None:
    rows = list(build_dataset([Document(id="a", text="the")], SCHEMA, subwords, 64, 16))
    batch = Collator(SCHEMA, subwords)(rows)
    assert batch["mentions"].shape == (0, 4)
    assert batch["pairs"].shape == (0, 2 + len(FEATURE_SIZES))
    assert batch["targets"].shape == batch["allowed"].shape == (0, len(SCHEMA.edges))
    assert batch["tags"].tolist() == [[0] * 3]


def test_a_long_document_is_covered(subwords: Subwords) -> None:
    text = "the wafers.\n" * 60
    spans = tuple(Span(id=f"m{i}", start=12 * i + 4, end=12 * i + 10, label="A") for i in range(60))
    near = tuple(Relation(head=f"m{i}", tail=f"m{i + 1}", label="R") for i in range(59))
    document = Document(id="d", text=text, spans=spans, relations=near)
    rows = list(build_dataset([document], SCHEMA, subwords, 20, 6))
    assert all(row["length"] <= 20 for row in rows)
    assert sum(len(row["mentions"]) for row in rows) > 60  # shared windows teach twice
    assert sum(len(row["edges"]) for row in rows) >= 59  # no edge between neighbours falls between two windows
    assert {s for row in rows for *_, s in row["mentions"]} == set(range(1, 61))


def test_no_documents_and_empty_documents(subwords: Subwords) -> None:
    assert len(build_dataset([], SCHEMA, subwords, 64, 16)) == 0
    assert len(build_dataset([Document(id="a", text=""), Document(id="b", text=" \n")], SCHEMA, subwords, 64, 16)) == 0


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"spans": (Span(id="a", start=0, end=3, label="Z"),)}, "'Z'"),
        (
            {
                "spans": (Span(id="a", start=0, end=3, label="A"), Span(id="b", start=4, end=10, label="A")),
                "relations": (Relation(head="a", tail="b", label="Q"),),
            },
            "'Q'",
        ),
    ],
)
def test_a_label_that_the_schema_lacks(subwords: Subwords, parts: dict[str, object], said: str) -> None:
    document = Document(id="doc-3", text="the wafers", **parts)  # type: ignore[arg-type]
    with pytest.raises(SchemaError, match=said) as caught:
        build_dataset([document], SCHEMA, subwords, 64, 16)
    assert "doc-3" in str(caught.value)
