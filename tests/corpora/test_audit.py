import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sobujang.corpora.audit import RULES, Finding, audit
from sobujang.corpora.audit.occurrences import SurfaceIndex
from sobujang.corpora.markup import parse_markup
from sobujang.document import Comparison, Document, Relation, Span
from sobujang.schema import Schema

SCHEMA = Schema.default()


def read(*texts):
    """Documents d0, d1 … from bodies and edges in markup."""
    return [
        document
        for number, text in enumerate(texts)
        for document in parse_markup(
            f"id: d{number}\n\n{text if '----' in text else text + chr(10) + '----'}\n", SCHEMA
        )
    ]


def spanned(text, *spans, **more):
    made = tuple(Span(id=f"T{n}", start=start, end=end, label=label) for n, (start, end, label) in enumerate(spans))
    return Document(id="d0", text=text, spans=made, **more)


CUE = "[valves]{PART p1} are [cheaper]{COST_LOWER k1} than [pumps]{PART p2}\n----\n"
NAMED = [
    "Here [steel]{MATERIAL m1} is rolled by the tonne.", "Some [steel]{MATERIAL m1} arrived on Monday.",
    "Nobody wanted [steel]{MATERIAL m1} last year.", "We saw [steel]{MATERIAL m1} in the yard.",
    "They say [steel]{MATERIAL m1} will bend.",
]  # fmt: skip
NOTICE = "The annual meeting of the association will be held on the third floor of the main building at ten o'clock"

# For each rule: faulty documents that break it and no other, and like documents that break none.
CASES = {
    "duplicate-ids": ([read("one text")[0], read("and another")[0]], read("one text", "and another")),
    "leftover-markup": (read("valves]{PART p1} are sold"), read("valves]{part p1} are sold [a] {b}")),
    "overlapping-spans": (
        [spanned("steel valves", (0, 12, "PART"), (6, 12, "PART"))],
        [spanned("steel valves", (0, 5, "MATERIAL"), (6, 12, "PART"))],
    ),
    "unknown-labels": (read("[valves]{GADGET p1}"), read("[valves]{PART p1}")),
    "signatures": (
        read("[Hanbit]{COMPANY c1} makes [valves]{PART p1}\n----\nMAKES p1 -> c1"),
        read("[Hanbit]{COMPANY c1} makes [valves]{PART p1}\n----\nMAKES c1 -> p1"),
    ),
    "repeated-edges": (
        read("[Hanbit]{COMPANY c1} makes [valves]{PART p1}\n----\nMAKES c1 -> p1\nMAKES c1 -> p1"),
        read("[Hanbit]{COMPANY c1} makes [valves]{PART p1}, [pumps]{PART p2}\n----\nMAKES c1 -> p1, p2"),
    ),
    "doubled-pairs": (
        read("[valves]{PART p1} of [steel]{MATERIAL m1}\n----\nMADE_OF p1 -> m1\nUSED_IN m1 -> p1"),
        read("[valves]{PART p1} of [steel]{MATERIAL m1}\n----\nMADE_OF p1 -> m1"),
    ),
    "coreference-links": (
        read(
            "[Hanbit]{COMPANY c1}, a [maker]{COMPANY c2}: the [firm]{COMPANY c3}\n"
            "----\nSAME_AS c2 -> c1\nSAME_AS c3 -> c1"
        ),
        read(
            "[Hanbit]{COMPANY c1}, a [maker]{COMPANY c2}: the [firm]{COMPANY c3}\n"
            "----\nSAME_AS c2 -> c1\nSAME_AS c3 -> c2"
        ),
    ),
    "comparison-directions": (
        [msgspec.structs.replace(d, comparisons=tuple(
            msgspec.structs.replace(c, direction="higher") for c in d.comparisons
        )) for d in read(CUE + "ITEM k1 -> p1")],
        read(CUE + "ITEM k1 -> p1"),
    ),
    "cues-without-roles": (read(CUE), read(CUE + "ITEM k1 -> p1")),
    "cues-without-required-roles": (read(CUE + "BASELINE k1 -> p2"), read(CUE + "ITEM k1 -> p1\nBASELINE k1 -> p2")),
    "amounts-that-do-not-fit": (
        read("[Valves]{PART p1} cost as [much]{COST_EQUAL k1}, [5%]{PERCENT r1}\n----\nITEM k1 -> p1\nAMOUNT k1 -> r1"),
        read("A [valve]{PART p1} costs [less]{COST_LOWER k1}, [5%]{PERCENT r1}\n----\nITEM k1 -> p1\nAMOUNT k1 -> r1"),
    ),
    "unclean-ends": (
        read("sold [valves,]{PART p1} to ['Hanbit'] and [(pumps)]{PART p2}"),
        read("sold [valves]{PART p1} to [Hanbit Co., Ltd.]{COMPANY c1}, [(주)한빛]{COMPANY c2}, "
             "[정전척(ESC)]{PART p2} for [5%]{PERCENT r1}"),
    ),
    "leading-words": (
        read("by [the firm]{COMPANY c1}, [two rivals]{COMPANY c2}, [두 업체]{COMPANY c3}, "
             "[국산 밸브]{PART p1}, [300 valves]{PART p2}"),
        read("by [New York Steel]{COMPANY c1}, [이 회사]{COMPANY c2}, [a third]{MULTIPLE x1}, "
             "[6016 합금]{MATERIAL m1}, [3D printer]{EQUIPMENT q1}"),
    ),
    "trailing-particle": (
        read("[일본에서]{PLACE l1} 만든 [밸브는]{PART p1}", "a [밸브]{PART p1}", "some [밸브]{PART p1} there"),
        read("[하이]{COMPANY c1} [경기도]{PLACE l1} [경기]{PLACE l2} [경기]{PLACE l3}의 "
             "[라이다]{PART p1}\n----\nSAME_AS l3 -> l2"),
    ),
    "unread-amounts": (
        read("for [umpteen won]{MONEY a1} and [30 percent]{MULTIPLE x1}"),
        read("for [10 won]{MONEY a1} and [30 percent]{PERCENT r1}"),
    ),
    "uncut-ends": (read("[val]{PART p1}ves"), read("[valves]{PART p1}")),
    "missed-in-document": (
        read("[steel]{MATERIAL m1} and more steel, [밸브]{PART p1}와 밸브를"),
        read("[steel]{MATERIAL m1} for the steelworks, [밸브]{PART p1}와 밸브스템, "
             "[30%]{PERCENT r1} of 1.30%, [half]{MULTIPLE x1} and half"),
    ),
    "missed-across-documents": (
        read(*NAMED, "The old steel was heavy."),
        read(*NAMED[:-1], "The old steel was heavy."),
    ),
    "label-conflicts": (
        read("[plates]{MATERIAL m1} here", "[plates]{MATERIAL m1} there", "[Plates]{PART p1}"),
        read("[plates]{MATERIAL m1} here", "[plates]{MATERIAL m1} there", "[Plates]{MATERIAL m1}"),
    ),
    "unlinked-repeats": (
        read("[Hanbit]{COMPANY c1} is what [Hanbit]{COMPANY c2} was"),
        read("[Hanbit]{COMPANY c1} is what [Hanbit]{COMPANY c2} was; "
             "a [maker]{COMPANY c3}, another [maker]{COMPANY c4}\n----\nSAME_AS c2 -> c1"),
    ),
    "near-duplicates": (
        read(NOTICE + ".", NOTICE + "!"),
        read(NOTICE, "Pumps and valves are sold by weight; nobody knows why, least of all those who weigh them."),
    ),
}  # fmt: skip


def test_every_rule_has_a_case():
    assert list(CASES) == [rule.name for rule in RULES]
    assert all(rule.description.endswith(".") for rule in RULES)


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_found_by_its_rule_alone(name):
    found = audit(CASES[name][0], SCHEMA)
    assert {finding.rule for finding in found} == {name}, "\n".join(map(str, found))


@pytest.mark.parametrize("name", CASES)
def test_clean_documents_pass(name):
    assert audit(CASES[name][1], SCHEMA) == []


def found_in(*texts, rule):
    documents = read(*texts)
    return [
        (f.document_id, None if f.start is None else documents[int(f.document_id[1:])].text[f.start : f.end])
        for f in audit(documents, SCHEMA)
        if f.rule == rule
    ]


def test_each_faulty_span_is_named_once():
    text = "by [the firm]{COMPANY c1}, [two rivals]{COMPANY c2}, [maker]{COMPANY c3}"
    assert found_in(text, rule="leading-words") == [("d0", "the firm"), ("d0", "two rivals")]


def test_links_must_lead_back():
    text = "[Hanbit]{COMPANY c1}, the [firm]{COMPANY c2}\n----\nSAME_AS c1 -> c2"
    assert found_in(text, rule="coreference-links") == [("d0", "Hanbit")]


def test_a_reversed_link_is_a_repeat():
    text = "[Hanbit]{COMPANY c1}, the [firm]{COMPANY c2}\n----\nSAME_AS c2 -> c1\nSAME_AS c1 -> c2"
    assert found_in(text, rule="repeated-edges") == [("d0", "Hanbit")]


def test_a_mention_joined_with_itself_breaks_the_signature():
    assert found_in("[Hanbit]{COMPANY c1}\n----\nSUPPLIES c1 -> c1", rule="signatures") == [("d0", "Hanbit")]


def test_a_role_of_no_cue_breaks_the_signature():
    text = "[Hanbit]{COMPANY c1} [valves]{PART p1}\n----\nITEM c1 -> p1"
    assert found_in(text, rule="signatures") == [("d0", "Hanbit")]


def test_unknown_edges_are_named():
    text = "[Hanbit]{COMPANY c1} [valves]{PART p1}\n----\nLIKES c1 -> p1"
    assert found_in(text, rule="unknown-labels") == [("d0", "Hanbit")]


def test_relations_that_mean_none_are_no_unknown_labels():
    schema = msgspec.structs.replace(SCHEMA, no_relation=("no_relation",))
    documents = read("[Hanbit]{COMPANY c1} [valves]{PART p1}\n----\nno_relation c1 -> p1")
    assert audit(documents, schema) == []
    assert [finding.rule for finding in audit(documents, SCHEMA)] == ["unknown-labels"]


def test_a_comparison_of_no_cue_and_two_of_one():
    spans = ((0, 6, "COMPANY"), (7, 14, "COST_LOWER"), (15, 21, "PART"))
    twice = (Comparison(cue="T1", direction="lower", roles={"item": ("T2",)}),) * 2
    found = audit([spanned("Hanbit cheaper valves", *spans, comparisons=twice)], SCHEMA)
    assert {finding.rule for finding in found} == {"repeated-edges"}
    of_none = (Comparison(cue="T0", direction="lower", roles={}), twice[0])
    found = audit([spanned("Hanbit cheaper valves", *spans, comparisons=of_none)], SCHEMA)
    assert [finding.rule for finding in found] == ["comparison-directions"]


def test_white_space_and_line_breaks_are_unclean():
    found = audit([spanned("a firm \nmaker\nof", (2, 7, "COMPANY"), (8, 16, "COMPANY"))], SCHEMA)
    messages = [finding.message for finding in found if finding.rule == "unclean-ends"]
    assert "white space" in messages[0] and "line break" in messages[1]


def test_particles_follow_sound_and_evidence():
    # 를 follows a vowel: 네온를 is no particle; 네온을 is one once 네온 stands elsewhere.
    assert (
        found_in("[네온를]{MATERIAL m1}", "[네온]{MATERIAL m1}", "[네온]{MATERIAL m1}", rule="trailing-particle") == []
    )
    assert found_in("[네온을]{MATERIAL m1}", rule="trailing-particle") == []
    texts = ("[네온을]{MATERIAL m1}", "[네온]{MATERIAL m1}", "[네온]{MATERIAL m1}")
    assert found_in(*texts, rule="trailing-particle") == [("d0", "네온을")]


def test_missed_places_are_given():
    text = "[네온]{MATERIAL m1}, 네온을, 네온사인, 네온 가스, [네온 가스]{MATERIAL m2}"
    assert found_in(text, rule="missed-in-document") == [("d0", "네온"), ("d0", "네온 가스")]


def test_the_share_elsewhere_decides():
    marked = [sentence.replace(".", f" {n}.") for n, sentence in enumerate(NAMED)]
    assert found_in(*marked, "Old steel.", rule="missed-across-documents") == [("d5", "steel")]
    # With two that are not marked, each sees 5 of 6 elsewhere; with three, 5 of 7.
    assert len(found_in(*marked, "Old steel.", "Any steel?", rule="missed-across-documents")) == 2
    assert found_in(*marked, "Old steel.", "Any steel?", "No steel!", rule="missed-across-documents") == []


def test_conflicts_list_the_counts():
    documents = read("[plates]{MATERIAL m1} here", "[plates]{MATERIAL m1} there", "[plates]{PART p1}")
    (finding,) = audit(documents, SCHEMA)
    assert finding.document_id == "d2" and "MATERIAL 2, PART 1" in finding.message


def test_cues_may_carry_several_labels():
    assert found_in("[price]{COST_LOWER k1}", "[price]{COST_HIGHER k1}", rule="label-conflicts") == []


def test_findings_come_by_document_and_place():
    documents = read("[a b]{PART p1} [the firm]{COMPANY c1}", "[the firm]{COMPANY c1}, [valves,]{PART p1}")
    found = audit(documents, SCHEMA)
    assert [(f.document_id, f.start) for f in found] == sorted((f.document_id, f.start) for f in found)


def test_documents_are_taken_from_any_iterable_and_rules_chosen():
    rules = [rule for rule in RULES if rule.name == "unclean-ends"]
    assert audit(iter(CASES["leading-words"][0]), SCHEMA, rules) == []
    assert audit([], SCHEMA) == []


def test_a_schema_without_coreference_or_frames():
    schema = Schema.from_dict({"name": "s", "mentions": {"COMPANY": {}}})
    assert audit(read("[Hanbit]{COMPANY c1}, [Hanbit]{COMPANY c2}"), schema) == []


def test_empty_texts_pass():
    assert audit([Document(id="a", text=""), Document(id="b", text=" \n"), Document(id="c", text="?")], SCHEMA) == []


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_document_stops_the_audit(data):
    text = data.draw(st.text(alphabet=st.sampled_from("ab 가는을 12%.,([)]\n😀\0{}"), min_size=1, max_size=20))
    places = st.integers(0, len(text) - 1)
    spans = [
        (start, data.draw(st.integers(start + 1, len(text))), data.draw(st.sampled_from([*SCHEMA.labels, "GADGET"])))
        for start in data.draw(st.lists(places, max_size=4))
    ]
    ids = st.sampled_from([f"T{n}" for n in range(len(spans))]) if spans else st.nothing()
    labels = st.sampled_from([*(edge.label for edge in SCHEMA.edges), "LIKES"])
    relations = data.draw(st.lists(st.builds(Relation, head=ids, tail=ids, label=labels), max_size=4)) if spans else []
    roles = st.dictionaries(st.sampled_from(["item", "amount", "odd"]), st.lists(ids, max_size=2).map(tuple))
    compared = st.builds(Comparison, cue=ids, direction=st.sampled_from(["lower", "up"]), roles=roles)
    comparisons = data.draw(st.lists(compared, max_size=2)) if spans else []
    document = spanned(text, *spans, relations=tuple(relations), comparisons=tuple(comparisons))
    for finding in audit([document], SCHEMA):
        assert isinstance(finding, Finding)
        assert finding.start is None or 0 <= finding.start < finding.end <= len(text)


@settings(deadline=None)
@given(
    st.sets(st.sampled_from(["ab", "abc", "bc", "가나", "가나다", "a1", "x y"])),
    st.lists(st.sampled_from(["ab", "abc", "bc", "가나", "가나다", "a1", "a", "", "x", "Ab"]), max_size=8),
)
def test_words_that_stand_alone_are_found(surfaces, words):
    text = " ".join(words)
    found = [text[start:end] for start, end in SurfaceIndex(surfaces).occurrences(text)]
    assert found == [word for word in words if word in surfaces]


@pytest.mark.parametrize(
    ("surface", "text", "count"),
    [
        ("네온", "네온을 네온에서는 네온산 네온들의 네온이다", 5),
        ("네온", "네온사인 제네온 네온A", 0),
        ("ESC", "ESC를 (ESC) ESC's ESC.", 4),
        ("ESC", "ESCs XESC ESC-free non-ESC ESC/X 1ESC", 0),
        ("30%", "30% 30%를 (30%)", 3),
        ("30%", "1.30% 130% 1,30% 30%p", 0),
        ("steel pipe", "steel pipe, steel pipes, a steel  pipe", 1),
        ("㈜한빛", "㈜한빛은", 1),
    ],
)
def test_words_and_parts_of_words(surface, text, count):
    assert len(list(SurfaceIndex([surface]).occurrences(text))) == count


def test_the_longest_surface_is_taken_and_marked_places_are_left_out():
    (document,) = read("[steel pipe]{PART p1}, steel pipe, steel")
    found = SurfaceIndex(["steel", "steel pipe"]).unmarked(document)
    assert [document.text[start:end] for start, end in found] == ["steel pipe", "steel"]
