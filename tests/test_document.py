"""The record: what it checks, and that it comes back from JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sobujang.document import Comparison, Document, Entity, PriceDifference, Relation, Span, clean_text
from sobujang.errors import DocumentError

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
SCORES = st.none() | st.floats(0, 1)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(TEXTS)
    spans = []
    for number in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        label = draw(st.sampled_from(["A", "한"]))
        spans.append(Span(id=f"T{number}", start=start, end=end, label=label, score=draw(SCORES)))
    ids = st.sampled_from([s.id for s in spans]) if spans else st.nothing()
    many = st.lists(ids, max_size=2).map(tuple)
    differences = st.none() | st.builds(PriceDifference, st.floats(-9, 9), st.sampled_from(["KRW", "USD"]))
    comparison = st.builds(
        Comparison,
        cue=ids,
        direction=st.sampled_from(["lower", "better"]),
        roles=st.dictionaries(st.sampled_from(["item", "baseline", "역할"]), many, max_size=3),
        price_ratio=st.none() | st.floats(0, 9),
        price_difference=differences,
        score=SCORES,
    )
    return Document(
        id=draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=4)),
        text=text,
        lang=draw(st.sampled_from([None, "ko", "en", "mixed"])),
        meta=draw(st.dictionaries(st.sampled_from("abc"), st.integers(0, 9) | st.text("xy"), max_size=2)),
        spans=tuple(spans),
        relations=tuple(
            draw(st.lists(st.builds(Relation, head=ids, tail=ids, label=st.just("R"), score=SCORES), max_size=2))
        )
        if spans
        else (),
        comparisons=tuple(draw(st.lists(comparison, max_size=2))) if spans else (),
        entities=tuple(
            draw(
                st.lists(
                    st.builds(Entity, id=st.just("E"), label=st.just("A"), name=st.text("ab"), mentions=many),
                    max_size=1,
                )
            )
        )
        if spans
        else (),
    )


@given(documents())
def test_a_record_comes_back_from_json(document: Document) -> None:
    line = document.to_json()
    assert b"\n" not in line
    again = Document.from_json(line)
    assert again.to_dict() == document.to_dict()
    assert Document.from_json(line.decode()).to_json() == line
    # What stands in JSON is what stands in the format's description.
    values = json.loads(line)
    for span in values["spans"]:
        assert span["text"] == document.text[span["start"] : span["end"]]
    assert ("lang" in values) == (document.lang is not None)
    for written, comparison in zip(values["comparisons"], document.comparisons, strict=True):
        assert "roles" not in written
        for role, ids in comparison.roles.items():
            assert written[role] == list(ids)


def test_the_example_of_the_record_format() -> None:
    values = {
        "id": "ko-0001", "lang": "ko", "text": "한빛정밀 커넥터 싸다", "meta": {"source": "…"},
        "spans": [
            {"id": "T1", "start": 0, "end": 4, "label": "COMPANY", "text": "한빛정밀", "score": 0.99},
            {"id": "T3", "start": 5, "end": 8, "label": "PART"},
            {"id": "T5", "start": 9, "end": 11, "label": "COST_LOWER"},
        ],
        "relations": [{"head": "T1", "tail": "T3", "label": "MAKES", "score": 0.97}],
        "comparisons": [
            {"cue": "T5", "direction": "lower", "item": ["T3"], "baseline": [], "price_ratio": 0.7,
             "price_difference": {"value": -3, "currency": "KRW"}, "score": 0.9}
        ],
        "entities": [{"id": "E1", "label": "COMPANY", "name": "한빛정밀", "mentions": ["T1"]}],
        "unknown": 1,
    }  # fmt: skip
    document = Document.from_dict(values)
    assert document.surface("T3") == "커넥터"
    (comparison,) = document.comparisons
    assert (comparison["item"], comparison["baseline"], comparison["amount"]) == (("T3",), (), ())
    assert comparison.price_difference == PriceDifference(-3, "KRW")
    assert document.span_by_id["T1"].score == 0.99
    assert values["comparisons"] == [values["comparisons"][0]]  # the caller's values were not changed
    assert "item" in values["comparisons"][0]  # type: ignore[operator]
    minimal = Document.from_dict({"id": "a", "text": ""})
    assert (minimal.spans, minimal.lang, minimal.meta) == ((), None, {})


def span(**changes: object) -> dict[str, object]:
    return {"id": "T1", "start": 0, "end": 2, "label": "A", **changes}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"spans": [span(end=9)]}, "0:9"),
        ({"spans": [span(start=-1)]}, "-1:2"),
        ({"spans": [span(start=2)]}, "2:2"),
        ({"spans": [span(text="xx")]}, "'xx'"),
        ({"spans": [span(), span(start=1)]}, "share one id"),
        ({"spans": [span(start="0")]}, "start"),
        ({"spans": [span(), {"id": "T2"}]}, "start"),
        ({"spans": None}, "spans"),
        ({"lang": "fr"}, "fr"),
        ({"text": 5}, "text"),
        ({"meta": []}, "meta"),
        ({"relations": [{"head": "T1", "tail": "T9", "label": "MAKES"}]}, "relation MAKES names span 'T1'"),
        ({"spans": [span()], "relations": [{"head": "T1", "tail": "T9", "label": "MAKES"}]}, "'T9'"),
        ({"spans": [span()], "comparisons": [{"cue": "T8", "direction": "lower"}]}, "'T8'"),
        ({"spans": [span()], "comparisons": [{"cue": "T1", "direction": "lower", "item": ["T7"]}]}, "'T7'"),
        ({"spans": [span()], "comparisons": [{"cue": "T1", "direction": "lower", "item": None}]}, "item|array"),
        ({"spans": [span()], "comparisons": [{"cue": "T1"}]}, "direction"),
        ({"spans": [span()], "entities": [{"id": "E", "label": "A", "name": "n", "mentions": ["T6"]}]}, "'T6'"),
        ({"comparisons": None}, "comparisons"),
        ({"comparisons": 5}, "comparisons"),
        ({"comparisons": {"cue": "T1"}}, "comparisons"),
        ({"comparisons": ["T1"]}, "comparisons"),
    ],
)  # fmt: skip
def test_a_broken_record_is_named(change: dict[str, object], said: str) -> None:
    with pytest.raises(DocumentError, match=said) as caught:
        Document.from_dict({"id": "doc-7", "text": "abcd", **change})
    assert "doc-7" in str(caught.value)


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"1", b'{"id": "\xff"}', b"{'id': 1}", b'{"id": "a"}'])
def test_a_broken_line_is_an_error_of_ours(line: bytes) -> None:
    with pytest.raises(DocumentError):
        Document.from_json(line)


@given(st.text(st.characters() | st.sampled_from("\ud800\udfff"), max_size=20))
def test_cleaning_keeps_offsets_and_makes_utf8_possible(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode("utf-8")
    assert len(cleaned) == len(text)
    assert [c for c in zip(text, cleaned, strict=True) if c[0] != c[1]] == [
        (c, "\ufffd") for c in text if "\ud800" <= c <= "\udfff"
    ]
