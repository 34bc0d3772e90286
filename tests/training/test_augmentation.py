"""Copies with other names: offsets hold, edges stay, the grammar follows."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sobujang.corpora.glossary import Concept
from sobujang.corpora.markup import parse_markup
from sobujang.document import Document
from sobujang.schema import Schema
from sobujang.training.augmentation import Swapper, swapped_copies

SCHEMA = Schema.default()
GLOSSARY = (
    Concept("PART", ("베어링",), ("bearing",), "bearings"),
    Concept("MATERIAL", ("감광액", "PR"), ("photoresist", "resist"), "resists"),
    Concept("EQUIPMENT", ("식각 장비",), ("etcher",), "etch"),
)
NAMES = ("COMPANY", "PLACE", "MONEY", "PERCENT")


def documents(*bodies: tuple[str, str]) -> list[Document]:
    texts = [f"id: d{n}\nlang: {lang}\nkind: wire\ntopic: t\n\n{body}" for n, (lang, body) in enumerate(bodies)]
    return list(parse_markup("\n====\n".join(texts), SCHEMA))


KOREAN = """[한빛정밀]{COMPANY c1}은 [커넥터]{PART p1}를 [동신]{COMPANY c2}과 만든다.
[한빛정밀]{COMPANY c3}의 [커넥터]{PART p2}는 [일본]{PLACE l1}산보다 [30%]{PERCENT r1} [싸]{COST_LOWER k1}다.
매출은 [9%]{PERCENT r2} 늘었다.
----
MAKES c1 -> p1
SAME_AS c3 -> c1
SAME_AS p2 -> p1
ITEM k1 -> p2
BASELINE k1 -> l1
AMOUNT k1 -> r1
"""
ENGLISH = """[Calder]{COMPANY c1} sells an [etcher]{EQUIPMENT q1} and [wafers]{MATERIAL m1}.
A [connector]{PART p1} costs [$3]{MONEY a1}.
----
MAKES c1 -> q1, m1
"""
OTHERS = """[가온]{COMPANY c1}과 [나래소재]{COMPANY c2}는 [7%]{PERCENT r1}, [$9]{MONEY a1},
[Orchid Valves]{COMPANY c3}를 말했다.
----
"""


def swapper(*extra: Concept) -> tuple[Swapper, list[Document]]:
    gold = documents(("ko", KOREAN), ("en", ENGLISH), ("ko", OTHERS))
    return Swapper(gold, SCHEMA, NAMES, GLOSSARY + extra), gold


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), share=st.sampled_from([0.0, 0.3, 0.7, 1.0]))
def test_a_copy_is_a_whole_document_with_the_same_edges(seed, share):
    swap, gold = swapper()
    for document in gold:
        copy = swap.swap(document, share, seed)
        # Document's own checks hold the offsets to the texts.
        assert [span.text for span in copy.spans] == [copy.surface(span.id) for span in copy.spans]
        assert [(s.id, s.label) for s in copy.spans] == [(s.id, s.label) for s in document.spans]
        assert copy.relations == document.relations
        assert [c.roles for c in copy.comparisons] == [c.roles for c in document.comparisons]
        assert copy == swap.swap(document, share, seed)
        if not share:
            assert copy.text == document.text


def test_mentions_of_one_thing_stay_one_thing():
    swap, (korean, *_) = swapper()
    copies = [swap.swap(korean, 1.0, seed) for seed in range(20)]
    assert len({copy.surface("c1") for copy in copies}) > 1
    for copy in copies:
        assert copy.surface("c1") == copy.surface("c3")
        assert copy.surface("p1") == copy.surface("p2") == "베어링"


def test_grammar_follows():
    swap, (korean, english, _) = swapper()
    texts = {swap.swap(korean, 1.0, seed).text for seed in range(20)}
    assert all("베어링을" in text and "베어링은" in text for text in texts)
    assert any("나래소재는 베어링을" in text for text in texts)
    for seed in range(20):
        text = swap.swap(english, 1.0, seed).text
        assert re.search(r"sells an etcher and (photo)?resists\.\nA bearing costs", text)
    shaper, _ = swapper(*[Concept("EQUIPMENT", ("성형기",), ("moulding machine",), "t")] * 50)
    assert "sells a moulding machine" in shaper.swap(english, 1.0, 1).text


def test_an_amount_of_a_comparison_stays():
    swap, (korean, *_) = swapper()
    copies = [swap.swap(korean, 1.0, seed) for seed in range(30)]
    assert {copy.surface("r1") for copy in copies} == {"30%"}
    assert len({copy.surface("r2") for copy in copies}) > 1


def test_only_surfaces_of_one_document_are_names():
    gold = documents(("ko", KOREAN), ("ko", OTHERS.replace("가온", "동신")))
    swap = Swapper(gold, SCHEMA, NAMES, GLOSSARY)
    copies = [swap.swap(gold[0], 1.0, seed) for seed in range(30)]
    assert {copy.surface("c2") for copy in copies} == {"동신"}
    assert "동신" not in {copy.surface("c1") for copy in copies}


def test_scripts_do_not_mix():
    swap, (korean, english, others) = swapper()
    for seed in range(30):
        assert swap.swap(others, 1.0, seed).surface("c3").isascii()
        assert not swap.swap(korean, 1.0, seed).surface("c1").isascii()
        assert swap.swap(english, 1.0, seed).text.isascii()


def test_copies_have_ids_of_their_own():
    swap, gold = swapper()
    copies = list(swapped_copies(swap, gold, copies=3, share=0.8, seed=1))
    assert len({copy.id for copy in copies}) == 3 * len(gold)
    assert len({copy.text for copy in copies if copy.id.startswith("d0")}) > 1


@pytest.mark.parametrize("labels", [(), ("MULTIPLE",)])
def test_without_anything_to_put_in_nothing_changes(labels):
    gold = documents(("en", ENGLISH))
    assert Swapper(gold, SCHEMA, labels).swap(gold[0], 1.0, 1).text == gold[0].text
