import json

from sobujang.corpora.markup import parse_markup
from sobujang.corpora.statistics import seen_surfaces, statistics
from sobujang.document import Document, Entity, Span
from sobujang.prices import with_price
from sobujang.schema import Schema

SCHEMA = Schema.default()
TEXT = """id: a
lang: en
kind: wire

[Hanbit]{COMPANY c1} makes [valves]{PART p1}. The [firm]{COMPANY c2} sells them [cheaper]{COST_LOWER k1}.
----
MAKES c1 -> p1
SAME_AS c2 -> c1
ITEM k1 -> p1
====
id: b
lang: ko
kind: blog

[한빛]{COMPANY c1}은 [밸브]{PART p1}를 만든다.
----
MAKES c1 -> p1
====
id: c

no kind
----
"""


def test_counts_by_hand():
    documents = list(parse_markup(TEXT, SCHEMA))
    counted = statistics(iter(documents), SCHEMA)
    assert counted["documents"] == 3
    assert counted["sentences"] == 4
    assert counted["characters"] == sum(len(document.text) for document in documents)
    assert counted["entities"] == 4  # Hanbit with the firm, valves; 한빛, 밸브
    assert {label: count for label, count in counted["mentions"].items() if count} == {
        "COMPANY": 3, "PART": 2, "COST_LOWER": 1,
    }  # fmt: skip
    assert list(counted["mentions"]) == list(SCHEMA.labels)
    assert counted["relations"]["MAKES"] == 2 and counted["relations"]["SAME_AS"] == 1
    assert counted["relations"]["INVESTS"] == 0
    assert counted["comparisons"] == {"lower": 1, "higher": 0, "equal": 0}


def test_surfaces_names_flags_and_prices():
    text = TEXT.replace("kind: wire", "kind: wire\nflags: hard-negative")
    text = text.replace("[cheaper]{COST_LOWER k1}", "[cheaper]{COST_LOWER k1} by [30 percent]{PERCENT r1}")
    text = text.replace("ITEM k1 -> p1", "ITEM k1 -> p1\nAMOUNT k1 -> r1")
    documents = [with_price(document, SCHEMA) for document in parse_markup(text, SCHEMA)]
    counted = statistics(documents, SCHEMA, named=["COMPANY"])
    assert counted["priced"] == 1
    assert counted["flags"] == {"hard-negative": 1}
    assert {label: count for label, count in counted["surfaces"].items() if count} == {
        "COMPANY": 3, "PART": 2, "PERCENT": 1, "COST_LOWER": 1,
    }  # fmt: skip
    assert counted["names"] == {"COMPANY": 2}  # Hanbit and 한빛; the firm is a description
    assert counted["by_language"]["ko"]["surfaces"]["COMPANY"] == 1


def test_what_test_shares_with_train():
    hanbit, korean, _ = parse_markup(TEXT, SCHEMA)
    seen = seen_surfaces([hanbit], [hanbit, korean], SCHEMA)
    assert seen["COMPANY"] == {"test": 3, "seen": ["firm", "Hanbit"]}
    assert seen["PART"] == {"test": 2, "seen": ["valves"]}
    assert seen_surfaces([korean], [hanbit], SCHEMA)["COMPANY"]["seen"] == []


def test_parts_add_up_to_the_whole():
    counted = statistics(parse_markup(TEXT, SCHEMA), SCHEMA)
    assert list(counted["by_language"]) == ["en", "ko", "unknown"]
    assert list(counted["by_kind"]) == ["blog", "unknown", "wire"]
    for parts in (counted["by_language"], counted["by_kind"]):
        for name in ("documents", "sentences", "characters", "entities"):
            assert sum(part[name] for part in parts.values()) == counted[name]
        for name in ("mentions", "relations", "comparisons"):
            for label, count in counted[name].items():
                assert sum(part[name][label] for part in parts.values()) == count


def test_given_entities_and_strange_labels_are_counted():
    document = Document(
        id="a",
        text="A B",
        spans=(Span(id="T1", start=0, end=1, label="COMPANY"), Span(id="T2", start=2, end=3, label="GADGET")),
        entities=(Entity(id="E1", label="GADGET", name="B", mentions=("T2",)),),
    )
    counted = statistics([document], SCHEMA)
    assert counted["entities"] == 1
    assert list(counted["mentions"])[-1] == "GADGET"


def test_an_empty_corpus_and_json():
    counted = statistics([], SCHEMA)
    assert counted["documents"] == 0 and counted["by_kind"] == {}
    assert json.loads(json.dumps(counted)) == counted
