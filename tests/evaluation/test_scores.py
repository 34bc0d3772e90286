"""Hand-made cases: the numbers can be followed on paper."""

import json

import pytest

from sobujang.document import Comparison, Document, Relation, Span
from sobujang.errors import DocumentError
from sobujang.evaluation import evaluate
from sobujang.schema import Schema

SCHEMA = Schema.default()
PARTNERS = Schema.from_dict(
    {
        "name": "partners",
        "mentions": {"COMPANY": {}},
        "relations": {
            "PARTNER": {"head": ["COMPANY"], "tail": ["COMPANY"], "symmetric": True},
            "OWNS": {"head": ["COMPANY"], "tail": ["COMPANY"], "transitive": True},
        },
        "no_relation": ["NA"],
    }
)
TEXT = "a b c d e f g h i j"


def document(spans="", relations="", comparisons=(), document_id="d", lang=None, text=TEXT):
    """`a:COMPANY b:PART` marks letters of the text, `MAKES a b` relates them."""
    return Document(
        id=document_id,
        text=text,
        lang=lang,
        spans=tuple(
            Span(id=letter, start=text.index(letter), end=text.index(letter) + 1, label=label)
            for letter, label in (mark.split(":") for mark in spans.split())
        ),
        relations=tuple(
            Relation(label=label, head=head, tail=tail)
            for label, head, tail in (edge.split() for edge in relations.split(";") if edge)
        ),
        comparisons=tuple(comparisons),
    )


def frame(cue, direction="lower", ratio=None, **roles):
    return Comparison(cue=cue, direction=direction, roles={k: tuple(v) for k, v in roles.items()}, price_ratio=ratio)


def score(gold, predicted, schema=SCHEMA):
    return evaluate([gold], [predicted], schema).scores["all"]


def figures(found):
    return found.tp, found.fp, found.fn


def test_nothing_on_either_side_scores_zero_with_support_zero():
    for result in (evaluate([], [], SCHEMA, bootstrap=5), evaluate([document()], [document()], SCHEMA, bootstrap=5)):
        for tasks in result.scores.values():
            for scores in tasks.values():
                assert (scores.strict.f1, scores.strict.support, scores.strict.interval) == (0.0, 0, None)
        assert set(result.summary().values()) == {0.0}


def test_empty_gold_makes_every_prediction_wrong():
    found = score(document(), document("a:COMPANY b:PART", "MAKES a b"))
    assert figures(found["mentions"].strict) == (0, 2, 0)
    assert (found["relations"].strict.precision, found["relations"].strict.f1) == (0.0, 0.0)
    assert found["mentions"].strict_macro_f1 == 0.0


def test_a_document_without_prediction_is_all_missed():
    gold = document("a:COMPANY b:PART", "MAKES a b")
    for predicted in ([], [document()]):
        found = evaluate([gold], predicted, SCHEMA).scores["all"]
        assert figures(found["mentions"].strict) == (0, 0, 2)
        assert figures(found["relations"].relaxed) == (0, 0, 1)


def test_swapped_direction_is_wrong_and_a_symmetric_relation_may_be_reversed():
    spans = "a:COMPANY b:COMPANY c:COMPANY"
    gold = document(spans, "PARTNER a b;OWNS a c;NA b c")
    found = score(gold, document(spans, "PARTNER b a;PARTNER a b;OWNS c a;NA a b"), PARTNERS)["relations"]
    assert figures(found.labels["PARTNER"].strict) == (1, 0, 0)
    assert figures(found.labels["OWNS"].strict) == (0, 1, 1)
    assert set(found.labels) == {"PARTNER", "OWNS"}
    assert found.strict_macro_f1 == 0.5


def test_gold_edges_between_mentions_that_were_not_found_are_missed():
    gold = document(
        "a:COMPANY b:PART c:PART d:COST_LOWER",
        "MAKES a b;MAKES a c;SAME_AS b c",
        [frame("d", item="b", baseline="c")],
    )
    found = score(gold, document("a:COMPANY b:PART", "MAKES a b"))
    assert figures(found["relations"].strict) == (1, 0, 1)
    assert figures(found["coreference"].strict) == (0, 0, 1)
    assert figures(found["comparisons"].strict) == (0, 0, 1)
    assert figures(found["comparisons"].roles.strict) == (0, 0, 2)
    assert found["comparisons"].direction.total == 0


def test_a_wrong_mention_label_makes_its_relations_wrong_in_both_modes():
    gold, predicted = document("a:COMPANY b:PART", "MAKES a b"), document("a:COMPANY b:MATERIAL", "MAKES a b")
    found = score(gold, predicted)["relations"]
    assert figures(found.strict) == figures(found.relaxed) == (0, 1, 1)


def test_equal_scores_of_two_labels_both_enter_the_mean():
    # The mean over a set of scores would be (1 + 0) / 2.
    gold = document("a:COMPANY b:PART c:PLACE")
    found = score(gold, document("a:COMPANY b:PART"))["mentions"]
    assert found.strict_macro_f1 == pytest.approx(2 / 3)
    twice = [document("a:COMPANY b:PART", document_id=str(i)) for i in range(2)]
    half = [document("a:COMPANY", document_id=str(i)) for i in range(2)]
    assert figures(evaluate(twice, half, SCHEMA).scores["all"]["mentions"].strict) == (2, 0, 2)


def test_a_mention_marked_twice_counts_once():
    one = Document(id="d", text="ab", spans=(Span(id="1", start=0, end=2, label="PART"),))
    two = Document(id="d", text="ab", spans=(*one.spans, Span(id="2", start=0, end=2, label="PART")))
    assert figures(score(one, two)["mentions"].strict) == (1, 0, 0)
    assert figures(score(two, one)["mentions"].relaxed) == (1, 0, 0)


def test_two_frames_may_share_a_filler():
    spans = "a:PART b:COST_LOWER c:COST_HIGHER d:PLACE"
    gold = document(spans, comparisons=[frame("b", item="a"), frame("c", "higher", item="a", baseline="d")])
    found = score(
        gold, document(spans, comparisons=[frame("b", item="a", baseline=""), frame("c", "higher", item="a")])
    )
    assert figures(found["comparisons"].strict) == (1, 1, 1)
    assert figures(found["comparisons"].roles.strict) == (2, 0, 1)
    assert found["comparisons"].labels["lower"].strict.f1 == 1.0
    assert found["comparisons"].roles.labels["baseline"].strict.recall == 0.0


def test_fillers_are_a_set():
    spans = "a:PART b:PART c:COST_LOWER"
    gold = document(spans, comparisons=[frame("c", item="ab")])
    assert score(gold, document(spans, comparisons=[frame("c", item="ba")]))["comparisons"].strict.f1 == 1.0
    assert score(gold, document(spans, comparisons=[frame("c", item="a")]))["comparisons"].strict.f1 == 0.0


def test_direction_is_judged_where_the_cue_was_found_whatever_its_label():
    gold = document("a:PART b:COST_LOWER c:COST_LOWER", comparisons=[frame("b", item="a"), frame("c", item="a")])
    predicted = document("a:PART b:COST_HIGHER", comparisons=[frame("b", "higher", item="a")])
    found = score(gold, predicted)["comparisons"]
    assert (found.direction.right, found.direction.total, found.direction.value) == (0, 1, 0.0)
    assert found.price_ratio.total == 0


@pytest.mark.parametrize(
    ("gold_ratio", "ratio", "right"),
    [
        (None, None, 1),
        (0.7, 0.7 * (1 + 5e-7), 1),
        (0.7, 0.7 * (1 + 5e-6), 0),
        (None, 0.7, 0),
        (0.7, None, 0),
        (0.0, 0.0, 1),
    ],
)
def test_price_ratio_is_judged_on_frames_found_exactly(gold_ratio, ratio, right):
    spans = "a:PART b:COST_LOWER"
    gold = document(spans, comparisons=[frame("b", ratio=gold_ratio, item="a")])
    found = score(gold, document(spans, comparisons=[frame("b", ratio=ratio, item="a")]))["comparisons"].price_ratio
    assert (found.right, found.total) == (right, 1)


def test_muc_and_b_cubed_on_the_example_of_the_papers():
    # Key {a b c d e} {f g} {h i j}; response joins the two last: MUC recall 7/7, precision 7/8.
    spans = " ".join(f"{letter}:PART" for letter in "abcdefghij")
    gold = document(spans, ";".join(f"SAME_AS {pair}" for pair in ("b a", "c b", "d c", "e d", "g f", "i h", "j i")))
    other = document(
        spans, ";".join(f"SAME_AS {pair}" for pair in ("a b", "a c", "a d", "a e", "f g", "f h", "f i", "f j"))
    )
    found = score(gold, other)["coreference"]
    assert figures(found.strict) == (7, 1, 0)
    assert found.bcubed.recall == 1.0
    assert found.bcubed.precision == pytest.approx((5 * 1 + 2 * 2 / 5 + 3 * 3 / 5) / 10)
    assert "SAME_AS" not in score(gold, other)["relations"].labels


def test_relaxed_follows_overlapping_mentions_into_relations_and_frames():
    text = "reclaimed wafers from Hanbit are cheaper"

    def marked(wafers):
        spans = (
            Span(id="w", start=wafers, end=16, label="MATERIAL"),
            Span(id="c", start=22, end=28, label="COMPANY"),
            Span(id="k", start=33, end=40, label="COST_LOWER"),
        )
        made = (Relation(head="c", tail="w", label="MAKES"),)
        return Document(id="d", text=text, spans=spans, relations=made, comparisons=(frame("k", item="w"),))

    found = score(marked(0), marked(10))
    for task, strict in (("mentions", 2), ("relations", 0), ("comparisons", 0)):
        assert found[task].strict.tp == strict
        assert found[task].relaxed.f1 == 1.0
    assert found["comparisons"].roles.relaxed.f1 == 1.0


def spans_of(*offsets):
    return tuple(Span(id=f"{start}:{end}", start=start, end=end, label="PART") for start, end in offsets)


def test_the_relaxed_matching_is_a_greatest_one_where_greed_would_lose():
    # The longest overlap first would match 0:4 with 1:5 and leave both others alone.
    gold = Document(id="d", text=TEXT, spans=spans_of((0, 4), (4, 6)))
    predicted = Document(id="d", text=TEXT, spans=spans_of((1, 5), (0, 1)))
    assert figures(score(gold, predicted)["mentions"].relaxed) == (2, 0, 0)
    assert figures(score(gold, predicted)["mentions"].strict) == (0, 2, 2)


def test_of_two_overlapping_predictions_the_longer_overlap_carries_the_edges():
    gold = Document(
        id="d", text=TEXT, spans=spans_of((0, 4), (6, 7)), relations=(Relation(head="0:4", tail="6:7", label="MAKES"),)
    )
    for head, right in (("0:1", 0), ("1:4", 1)):
        made = (Relation(head=head, tail="6:7", label="MAKES"),)
        predicted = Document(id="d", text=TEXT, spans=spans_of((0, 1), (1, 4), (6, 7)), relations=made)
        assert score(gold, predicted)["relations"].relaxed.tp == right


def test_an_identical_mention_is_matched_before_a_longer_one_around_it():
    made = (Relation(head="1:3", tail="9:10", label="MAKES"),)
    gold = Document(id="d", text=TEXT, spans=spans_of((0, 8), (1, 3), (9, 10)), relations=made)
    predicted = Document(id="d", text=TEXT, spans=spans_of((1, 3), (9, 10)), relations=made)
    assert score(gold, predicted)["relations"].relaxed.tp == 1


def test_a_long_mention_is_matched_past_a_short_one_inside_it_and_touching_is_no_overlap():
    gold = Document(id="d", text=TEXT, spans=spans_of((0, 8), (1, 2)))
    predicted = Document(id="d", text=TEXT, spans=spans_of((5, 6), (8, 9)))
    assert figures(score(gold, predicted)["mentions"].relaxed) == (1, 1, 1)


def test_touching_is_no_overlap_inside_a_longer_mention_either():
    gold = Document(id="d", text=TEXT, spans=spans_of((0, 8), (1, 2)))
    predicted = Document(id="d", text=TEXT, spans=spans_of((2, 3), (3, 4)))
    assert figures(score(gold, predicted)["mentions"].relaxed) == (1, 1, 1)


def test_of_a_frame_stated_twice_the_first_price_ratio_counts():
    spans = "a:PART b:COST_LOWER"
    gold = document(spans, comparisons=[frame("b", ratio=0.5, item="a")])
    twice = document(spans, comparisons=[frame("b", ratio=0.5, item="a"), frame("b", ratio=0.7, item="a")])
    found = score(gold, twice)["comparisons"]
    assert figures(found.strict) == (1, 0, 0)
    assert found.price_ratio.value == 1.0


def test_languages_of_gold_make_the_groups():
    gold = [
        document("a:PART", document_id="1", lang="mixed"),
        document("a:PART", document_id="2", lang="ko"),
        document("a:PART", document_id="3"),
    ]
    result = evaluate(gold, [document("a:PART", document_id="2", lang="en")], SCHEMA)
    assert list(result.scores) == ["all", "ko", "mixed"]
    assert dict(result.documents) == {"all": 3, "ko": 1, "mixed": 1}
    assert [result.scores[group]["mentions"].strict.recall for group in result.scores] == [
        pytest.approx(1 / 3),
        1.0,
        0.0,
    ]


def test_labels_stand_in_the_order_of_the_schema():
    found = score(document("a:PLACE b:COMPANY c:OTHER d:MATERIAL"), document())
    assert list(found["mentions"].labels) == ["COMPANY", "PLACE", "MATERIAL", "OTHER"]


def test_a_group_has_the_same_interval_alone_and_among_others():
    korean = [document("a:PART b:PART", document_id=f"k{i}", lang="ko") for i in range(5)]
    found = [document("a:PART" if i % 2 else "a:PART b:PART", document_id=f"k{i}") for i in range(5)]
    english = document("a:PART", document_id="e", lang="en")
    alone = evaluate(korean, found, SCHEMA, bootstrap=50, seed=3).scores["ko"]
    assert evaluate([english, *korean], found, SCHEMA, bootstrap=50, seed=3).scores["ko"] == alone
    low, high = alone["mentions"].strict.interval
    assert low < alone["mentions"].strict.f1 < high


def test_the_result_is_plain_json_and_the_summary_flat():
    gold = document("a:COMPANY b:PART c:COST_LOWER", "MAKES a b", [frame("c", item="b", ratio=0.5)], lang="en")
    result = evaluate([gold], [gold], SCHEMA, bootstrap=3)
    values = result.to_dict()
    assert json.loads(json.dumps(values)) == values
    assert values["scores"]["en"]["comparisons"]["roles"]["labels"]["item"]["strict"]["interval"] == [1.0, 1.0]
    assert values["scores"]["all"]["comparisons"]["price_ratio"]["value"] == 1.0
    summary = result.summary()
    assert {"mentions_f1", "relations_f1", "coreference_f1", "comparisons_f1", "mentions_macro_f1"} <= summary.keys()
    assert all(type(value) is float for value in summary.values())


def test_documents_that_do_not_go_together_are_refused():
    with pytest.raises(DocumentError, match=r"^gold: document id 'd' stands twice"):
        evaluate([document(), document()], [], SCHEMA)
    with pytest.raises(DocumentError, match=r"^predictions: document id 'd' stands twice"):
        evaluate([document()], [document(), document()], SCHEMA)
    with pytest.raises(DocumentError, match=r"'e' is not in gold"):
        evaluate([document()], [document(document_id="e")], SCHEMA)
    with pytest.raises(
        DocumentError, match=r"text of document 'd' differs from gold's at character 4 \('C', in gold 'c'\)"
    ):
        evaluate([document(text="a b c")], [document(text="a b C")], SCHEMA)
    with pytest.raises(DocumentError, match=r"at character 5 \(' d', in gold ''\)"):
        evaluate([document(text="a b c")], [document(text="a b c d")], SCHEMA)
    with pytest.raises(ValueError, match="bootstrap"):
        evaluate([], [], SCHEMA, bootstrap=-1)


def test_a_lone_surrogate_that_the_extractor_replaced_is_no_difference():
    gold, predicted = document("b:PART", text="a\ud800b"), document("b:PART", text="a\ufffdb")
    assert score(gold, predicted)["mentions"].strict.f1 == 1.0
