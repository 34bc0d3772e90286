from sobujang.corpora.markup import parse_markup
from sobujang.document import Document
from sobujang.evaluation.differences import differences
from sobujang.schema import Schema

SCHEMA = Schema.default()
HEAD = "id: d\nlang: en\nkind: wire\ntopic: t\n\n"
GOLD = """[Calder]{COMPANY c1} sells [reclaimed wafers]{MATERIAL m1} [cheaper]{COST_LOWER k1} than [Orchid]{COMPANY c2}.
[Calder]{COMPANY c3} makes [chucks]{PART p1}.
----
MAKES c1 -> m1
SAME_AS c3 -> c1
ITEM k1 -> m1
BASELINE k1 -> c2
MAKES c3 -> p1
"""


def read(body: str) -> Document:
    (document,) = parse_markup(HEAD + body, SCHEMA)
    return document


def kinds(second: str) -> list[tuple[str, str, str]]:
    first, other = read(GOLD), read(second)
    mirrored = [(d.kind, d.second, d.first) for d in differences(other, first, SCHEMA)]
    found = [(d.kind, d.first, d.second) for d in differences(first, other, SCHEMA)]
    assert sorted(mirrored) == sorted(found)
    return found


def test_the_labels_are_told() -> None:
    second = GOLD.replace("[chucks]{PART p1}", "[chucks]{EQUIPMENT p1}").replace("BASELINE k1 -> c2\n", "")
    second = second.replace("MAKES c1 -> m1\n", "SUPPLIES c1 -> c2\n").replace("SAME_AS c3 -> c1\n", "")
    found = {d.kind: d.labels for d in differences(read(GOLD), read(second), SCHEMA)}
    assert found == {
        "label": "PART EQUIPMENT",
        "relation": "MAKES SUPPLIES",
        "coreference": "SAME_AS",
        "comparison": "baseline",
    }


def test_an_annotation_agrees_with_itself():
    assert kinds(GOLD) == []


def test_mentions_by_kind():
    assert kinds(GOLD.replace("[chucks]{PART p1}", "[chucks]{EQUIPMENT p1}")) == [
        ("label", "PART chucks", "EQUIPMENT chucks")
    ]
    assert kinds(GOLD.replace("[reclaimed wafers]{MATERIAL m1}", "reclaimed [wafers]{MATERIAL m1}")) == [
        ("boundary", "MATERIAL reclaimed wafers", "MATERIAL wafers")
    ]
    without = GOLD.replace("[chucks]{PART p1}", "chucks").replace("MAKES c3 -> p1\n", "")
    assert kinds(without) == [("mention", "PART chucks", "")]


def test_edges_between_mentions_of_both():
    assert kinds(GOLD.replace("MAKES c1 -> m1\n", "SUPPLIES c1 -> c2\n")) == [
        ("relation", "MAKES Calder → reclaimed wafers", "SUPPLIES Calder → Orchid")
    ]
    assert kinds(GOLD.replace("SAME_AS c3 -> c1\n", "")) == [("coreference", "= Calder (0)", "")]
    assert kinds(GOLD.replace("BASELINE k1 -> c2\n", "")) == [("comparison", "baseline Orchid", "")]


def test_the_place_is_told():
    first, other = read(GOLD), read(GOLD.replace("BASELINE k1 -> c2\n", ""))
    (found,) = differences(first, other, SCHEMA)
    assert "reclaimed wafers [cheaper] than Orchid" in str(found.context)
