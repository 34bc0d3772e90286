"""Every metric against a brute-force count that shares no code with the package."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sobujang.document import Comparison, Document, Relation, Span
from sobujang.evaluation import evaluate
from sobujang.schema import Schema

LENGTH = 8
SCHEMA = Schema.from_dict(
    {
        "name": "tiny",
        "mentions": {"A": {}, "B": {}, "LESS": {}, "MORE": {}},
        "relations": {
            "MAKES": {"head": ["A"], "tail": ["B"]},
            "NEAR": {"head": ["A", "B"], "tail": ["A", "B"], "symmetric": True},
            "SAME": {"head": ["A", "B"], "tail": ["A", "B"], "symmetric": True, "transitive": True},
        },
        "frames": {
            "F": {
                "cues": {"LESS": "lower", "MORE": "higher"},
                "roles": {"ITEM": {"tail": ["A", "B"]}, "BASE": {"tail": ["A"]}},
            }
        },
        "no_relation": ["NONE"],
    }
)
# Wall-clock deadlines fail on a busy machine.
brief = settings(max_examples=60, deadline=None)

RELATIONS = ["MAKES", "NEAR", "NEAR", "SAME", "SAME", "NONE"]
PLAIN = ("MAKES", "NEAR")

SPANS = st.tuples(st.integers(0, LENGTH - 1), st.integers(1, 4), st.sampled_from("AAB")).map(
    lambda t: (t[0], min(t[0] + t[1], LENGTH), t[2])
)


def is_flat(spans):
    return all(a[1] <= b[0] or b[1] <= a[0] for a, b in combinations(spans, 2))


@st.composite
def annotations(draw, document_id="d", spans=SPANS, base=None, flat=False):
    """A document over a text so short that gold and prediction often meet; `base` lends some of its own annotation."""
    mentions = draw(st.lists(spans, max_size=5))
    if base is not None:
        mentions += [(s.start, s.end, s.label) for s in base.spans if draw(st.integers(0, 3))]
    if flat:
        kept = []
        for mention in mentions:
            if is_flat([*kept, mention]):
                kept.append(mention)
        mentions = kept
    mentions = draw(st.permutations(mentions))
    built = tuple(Span(id=f"T{i}", start=s, end=e, label=label) for i, (s, e, label) in enumerate(mentions))
    if not built:
        return Document(id=document_id, text="x" * LENGTH)
    ids = st.sampled_from([span.id for span in built])
    relations = draw(st.lists(st.builds(Relation, head=ids, tail=ids, label=st.sampled_from(RELATIONS)), max_size=6))
    fillers = st.lists(ids, max_size=2).map(tuple)
    frames = draw(
        st.lists(
            st.builds(
                Comparison, cue=ids, direction=st.sampled_from(["lower", "higher"]),
                roles=st.fixed_dictionaries({"item": fillers, "base": fillers}),
                price_ratio=st.sampled_from([None, 0.5, 0.5000000001, 0.7]),
            ),
            max_size=3,
        )
    )  # fmt: skip
    if base is not None:
        own = {(s.start, s.end, s.label): s.id for s in built}
        here = {s.id: own.get((s.start, s.end, s.label)) for s in base.spans}
        for r in base.relations:
            if here[r.head] and here[r.tail] and draw(st.integers(0, 3)):
                head, tail = (r.head, r.tail) if draw(st.booleans()) else (r.tail, r.head)
                relations.append(Relation(head=here[head], tail=here[tail], label=r.label))
        for c in base.comparisons:
            if all(here[i] for i in (c.cue, *c["item"], *c["base"])) and draw(st.booleans()):
                roles = {role: tuple(here[i] for i in reversed(found)) for role, found in c.roles.items()}
                frames.append(
                    Comparison(cue=here[c.cue], direction=c.direction, roles=roles, price_ratio=c.price_ratio)
                )
    return Document(
        id=document_id, text="x" * LENGTH, spans=built, relations=tuple(relations), comparisons=tuple(frames)
    )


@st.composite
def pairs(draw, flat=False, document_id="d"):
    gold = draw(annotations(document_id, flat=flat))
    return gold, draw(annotations(document_id, base=gold if draw(st.integers(0, 4)) else None, flat=flat))


def key(document, span_id):
    span = next(span for span in document.spans if span.id == span_id)
    return (span.start, span.end, span.label)


def distinct(items):
    found = []
    for item in items:
        if item not in found:
            found.append(item)
    return found


def mentions_of(document):
    return distinct([(s.start, s.end, s.label) for s in document.spans])


def plain_relations(document):
    return [(key(document, r.head), key(document, r.tail), r.label) for r in document.relations if r.label in PLAIN]


def frames_of(document):
    return [
        (
            key(document, c.cue),
            c.direction,
            {role: sorted({key(document, i) for i in ids}) for role, ids in c.roles.items() if ids},
            c.price_ratio,
        )
        for c in document.comparisons
    ]


def clusters_of(document):
    """Transitive closure by Warshall's algorithm on a matrix of reachability."""
    mentions = mentions_of(document)
    linked = {(a, b): a == b for a, b in product(mentions, repeat=2)}
    for r in document.relations:
        if r.label == "SAME":
            a, b = key(document, r.head), key(document, r.tail)
            linked[a, b] = linked[b, a] = True
    for via, a, b in product(mentions, repeat=3):
        linked[a, b] = linked[a, b] or (linked[a, via] and linked[via, b])
    return distinct([c for c in ([b for b in mentions if linked[a, b]] for a in mentions) if len(c) > 1])


def same_relation(one, other):
    return one[2] == other[2] and (one[:2] == other[:2] or (one[2] == "NEAR" and one[:2] == other[1::-1]))


def count(gold, predicted, same):
    """Items without doubles, then hits on either side."""

    def once(items):
        return [item for i, item in enumerate(items) if not any(same(item, other) for other in items[:i])]

    gold, predicted = once(gold), once(predicted)
    hits = [g for g in gold if any(same(g, p) for p in predicted)]
    return len(hits), len(predicted) - len(hits), len(gold) - len(hits)


def figures(score):
    return score.tp, score.fp, score.fn


def f1_of(tp, fp, fn):
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


def tasks_of(gold, predicted, **options):
    return evaluate([gold], [predicted], SCHEMA, **options).scores["all"]


@brief
@given(pairs())
def test_strict_mentions_and_relations_equal_counting_by_loops(pair):
    tasks = tasks_of(*pair)
    for task, items, same, labels in (
        ("mentions", mentions_of, lambda a, b: a == b, "AB"),
        ("relations", plain_relations, same_relation, PLAIN),
    ):
        gold, predicted = map(items, pair)
        assert figures(tasks[task].strict) == count(gold, predicted, same)
        f1s = []
        for label in labels:
            expected = count([g for g in gold if g[2] == label], [p for p in predicted if p[2] == label], same)
            if any(expected):
                assert figures(tasks[task].labels[label].strict) == expected
            else:
                assert label not in tasks[task].labels
            if expected[0] + expected[2]:
                f1s.append(f1_of(*expected))
        assert tasks[task].strict_macro_f1 == pytest.approx(sum(f1s) / len(f1s) if f1s else 0.0)


@brief
@given(pairs())
def test_strict_frames_roles_and_accuracies_equal_counting_by_loops(pair):
    comparisons = tasks_of(*pair)["comparisons"]
    gold, predicted = map(frames_of, pair)

    def same(one, other):
        return one[:3] == other[:3]

    assert figures(comparisons.strict) == count(gold, predicted, same)
    for direction in ("lower", "higher"):
        expected = count([g for g in gold if g[1] == direction], [p for p in predicted if p[1] == direction], same)
        assert (direction in comparisons.labels) == any(expected)
        if any(expected):
            assert figures(comparisons.labels[direction].strict) == expected

    gold_edges, predicted_edges = (
        [(cue, role, filler) for cue, _, roles, _ in frames for role, fillers in roles.items() for filler in fillers]
        for frames in (gold, predicted)
    )
    assert figures(comparisons.roles.strict) == count(gold_edges, predicted_edges, lambda a, b: a == b)

    once = [g for i, g in enumerate(gold) if not any(same(g, other) for other in gold[:i])]
    cues = [g for g in once if any(g[0][:2] == p[0][:2] for p in predicted)]
    right = [g for g in cues if any((g[0][:2], g[1]) == (p[0][:2], p[1]) for p in predicted)]
    assert (comparisons.direction.right, comparisons.direction.total) == (len(right), len(cues))

    exact = [(g, next(p for p in predicted if same(g, p))) for g in once if any(same(g, p) for p in predicted)]
    good = [
        g for g, p in exact if g[3] == p[3] or (None not in (g[3], p[3]) and abs(g[3] - p[3]) <= 1e-6 * max(g[3], p[3]))
    ]
    assert (comparisons.price_ratio.right, comparisons.price_ratio.total) == (len(good), len(exact))


def missed_links(clusters, others):
    """Vilain et al.: how many links it takes to join the parts that the others cut each cluster into."""
    missed = 0
    for cluster in clusters:
        parts = []
        for mention in cluster:
            home = next((other for other in others if mention in other), [mention])
            parts.append({m for m in home if m in cluster})
        missed += len(distinct(parts)) - 1
    return missed


@brief
@given(pairs())
def test_muc_equals_counting_partitions_on_each_side(pair):
    gold, predicted = map(clusters_of, pair)
    coreference = tasks_of(*pair)["coreference"]
    gold_links, predicted_links = (sum(len(c) - 1 for c in clusters) for clusters in (gold, predicted))
    fn, fp = missed_links(gold, predicted), missed_links(predicted, gold)
    assert gold_links - fn == predicted_links - fp
    assert figures(coreference.strict) == (gold_links - fn, fp, fn)
    assert coreference.labels == {} and coreference.strict_macro_f1 is None


@brief
@given(pairs())
def test_b_cubed_equals_a_loop_over_mentions(pair):
    gold, predicted = map(clusters_of, pair)

    def mean_share(clusters, others):
        shares = []
        for cluster in clusters:
            for mention in cluster:
                other = next((o for o in others if mention in o), [])
                shares.append(len([m for m in cluster if m in other]) / len(cluster))
        return sum(shares) / len(shares) if shares else 0.0

    found = tasks_of(*pair)["coreference"].bcubed
    recall, precision = mean_share(gold, predicted), mean_share(predicted, gold)
    assert (found.recall, found.precision) == pytest.approx((recall, precision))
    assert found.f1 == pytest.approx(2 * recall * precision / (recall + precision) if recall + precision else 0.0)
    assert (found.support, found.predicted) == (sum(map(len, gold)), sum(map(len, predicted)))


def all_matchings(gold, predicted):
    """Every one-to-one pairing of overlapping mentions of one label, also those that leave mentions out."""
    if not gold:
        return [{}]
    first, rest = gold[0], gold[1:]
    found = all_matchings(rest, predicted)
    for p in predicted:
        if p[2] == first[2] and p[0] < first[1] and first[0] < p[1]:
            found += [{p: first, **m} for m in all_matchings(rest, [other for other in predicted if other != p])]
    return found


def best_matchings(gold, predicted):
    def worth(matching):
        pairs_ = matching.items()
        common = sum(len(set(range(*p[:2])) & set(range(*g[:2]))) for p, g in pairs_)
        return len(matching), sum(p == g for p, g in pairs_), common

    matchings = all_matchings(gold, predicted)
    best = max(map(worth, matchings))
    return [m for m in matchings if worth(m) == best]


@brief
@given(pairs())
def test_relaxed_scores_are_those_of_a_best_matching_found_by_exhaustive_search(pair):
    gold, predicted = pair
    assume(len(mentions_of(predicted)) < 7)
    tasks = tasks_of(gold, predicted)
    outcomes = []
    for matching in best_matchings(mentions_of(gold), mentions_of(predicted)):

        def as_gold(mention, matching=matching):
            return matching.get(mention, ("spurious", *mention))

        def renamed(frame, as_gold=as_gold):
            cue, direction, roles, ratio = frame
            return as_gold(cue), direction, {r: sorted(map(as_gold, f), key=str) for r, f in roles.items()}, ratio

        frames = [renamed(f) for f in frames_of(predicted)]
        gold_frames = [
            (c, d, {r: sorted(f, key=str) for r, f in roles.items()}, p) for c, d, roles, p in frames_of(gold)
        ]
        clusters = [[as_gold(m) for m in c] for c in clusters_of(predicted)]
        fn, fp = missed_links(clusters_of(gold), clusters), missed_links(clusters, clusters_of(gold))
        links = sum(len(c) - 1 for c in clusters_of(gold))
        outcomes.append(
            (
                count(mentions_of(gold), [as_gold(m) for m in mentions_of(predicted)], lambda a, b: a == b),
                count(
                    plain_relations(gold),
                    [(as_gold(h), as_gold(t), label) for h, t, label in plain_relations(predicted)],
                    same_relation,
                ),
                count(gold_frames, frames, lambda a, b: a[:3] == b[:3]),
                (links - fn, fp, fn),
            )
        )
    got = tuple(figures(tasks[t].relaxed) for t in ("mentions", "relations", "comparisons", "coreference"))
    assert got in outcomes
    assert len({outcome[0] for outcome in outcomes}) == 1


@brief
@given(pairs(flat=True))
def test_where_mentions_do_not_overlap_relaxed_never_finds_less_than_strict(pair):
    for scores in tasks_of(*pair).values():
        assert scores.relaxed.tp >= scores.strict.tp
        assert scores.relaxed.support == scores.strict.support


@brief
@given(pairs())
def test_exchanging_the_sides_exchanges_precision_and_recall(pair):
    one, other = tasks_of(*pair), tasks_of(*reversed(pair))
    for task, scores in one.items():
        assert figures(scores.strict) == (other[task].strict.tp, other[task].strict.fn, other[task].strict.fp)
    bcubed = one["coreference"].bcubed, other["coreference"].bcubed
    assert bcubed[0].precision == pytest.approx(bcubed[1].recall)


@brief
@given(pairs())
def test_a_document_against_itself_is_right(pair):
    for scores in tasks_of(pair[0], pair[0]).values():
        for score in (scores.strict, scores.relaxed, scores.bcubed):
            if score is not None and score.support:
                assert score.f1 == 1.0
        assert scores.strict.fp == scores.strict.fn == scores.relaxed.fp == scores.relaxed.fn == 0


@brief
@given(pairs(), st.randoms(use_true_random=False))
def test_the_order_of_annotation_does_not_matter(pair, random):
    def shuffled(document):
        parts = [list(part) for part in (document.spans, document.relations)]
        for part in parts:
            random.shuffle(part)
        return replace(document, spans=tuple(parts[0]), relations=tuple(parts[1]))

    # B-cubed sums shares in order; all else is whole numbers.
    one, other = tasks_of(*pair), tasks_of(*map(shuffled, pair))
    assert one["mentions"] == other["mentions"] and one["relations"] == other["relations"]
    assert figures(one["coreference"].strict) == figures(other["coreference"].strict)
    assert figures(one["coreference"].relaxed) == figures(other["coreference"].relaxed)
    assert figures(one["comparisons"].relaxed) == figures(other["comparisons"].relaxed)


CORPORA = st.integers(1, 4).flatmap(lambda n: st.tuples(*(pairs(document_id=f"d{i}") for i in range(n))))


@brief
@given(CORPORA)
def test_counts_add_up_over_documents(corpus):
    gold, predicted = zip(*corpus, strict=True)
    whole = evaluate(gold, predicted, SCHEMA).scores["all"]
    for task in ("mentions", "relations", "coreference", "comparisons"):
        for mode in ("strict", "relaxed"):
            parts = [figures(getattr(tasks_of(g, p)[task], mode)) for g, p in corpus]
            assert figures(getattr(whole[task], mode)) == tuple(map(sum, zip(*parts, strict=True)))


@settings(max_examples=25, deadline=None)
@given(CORPORA, st.integers(0, 5))
def test_intervals_equal_scoring_each_resample_from_scratch(corpus, seed):
    samples = 6
    gold, predicted = zip(*corpus, strict=True)
    whole = evaluate(gold, predicted, SCHEMA, bootstrap=samples, seed=seed).scores["all"]
    generator = np.random.default_rng(seed)
    resampled = []
    for _ in range(samples):
        drawn = [corpus[i] for i in generator.integers(len(corpus), size=len(corpus))]
        sides = zip(*drawn, strict=True)
        g, p = ([replace(document, id=f"r{i}") for i, document in enumerate(side)] for side in sides)
        resampled.append(evaluate(g, p, SCHEMA).scores["all"])
    for task in ("mentions", "relations", "coreference", "comparisons"):
        for mode in ("strict", "relaxed"):
            scores = [getattr(tasks[task], mode) for tasks in resampled]
            f1s = sorted(s.f1 for s in scores if s.tp + s.fp + s.fn)
            got = getattr(whole[task], mode)
            if not got.support or not f1s:
                assert got.interval is None
            else:
                assert got.interval == pytest.approx((quantile(f1s, 0.025), quantile(f1s, 0.975)))


def quantile(ordered, share):
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
