from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sobujang.corpora.splits import make_splits, read_splits, write_splits
from sobujang.document import Document, Span
from sobujang.errors import FormatError, SchemaError
from sobujang.schema import Schema

SCHEMA = Schema.default()


def document(id_, names=(), lang="ko", kind="wire", label="COMPANY", topic=None):
    spans, text = [], ""
    for name in names:
        spans.append(Span(id=f"T{len(spans)}", start=len(text), end=len(text) + len(name), label=label))
        text += name + " "
    return Document(id=id_, text=text or "x", lang=lang, meta={"kind": kind, "topic": topic}, spans=tuple(spans))


@st.composite
def collections(draw):
    names = st.lists(st.sampled_from([f"Name{n}" for n in range(30)] + ["maker", "업체"]), max_size=2)
    size = draw(st.integers(1, 40))
    return [
        document(f"d{n}", draw(names), draw(st.sampled_from(["ko", "en"])), draw(st.sampled_from(["wire", "blog"])))
        for n in range(size)
    ]


@settings(max_examples=60, deadline=None)
@given(collections(), st.integers(0, 3))
def test_no_rare_name_stands_in_two_splits(documents, seed):
    splits = make_splits(documents, SCHEMA, seed=seed, distinct_labels=["COMPANY"])
    assert list(splits) == [d.id for d in documents]
    assert set(splits.values()) <= {"train", "dev", "test"}
    holders = {}
    for d in documents:
        for name in {d.surface(span.id) for span in d.spans}:
            holders.setdefault(name, []).append(d.id)
    for name, ids in holders.items():
        if name.startswith("Name") and len(ids) <= 3:
            assert len({splits[id_] for id_ in ids}) == 1
    assert splits == make_splits(documents, SCHEMA, seed=seed, distinct_labels=["COMPANY"])


@settings(max_examples=40, deadline=None)
@given(collections(), st.data())
def test_fixed_assignments_are_kept(documents, data):
    some = data.draw(st.lists(st.sampled_from([d.id for d in documents]), unique=True))
    fixed = {id_: data.draw(st.sampled_from(["train", "dev", "test"])) for id_ in some} | {"gone": "train"}
    splits = make_splits(documents, SCHEMA, seed=0, distinct_labels=["COMPANY"], fixed=fixed)
    assert {id_: splits[id_] for id_ in some} == {id_: fixed[id_] for id_ in some}
    assert "gone" not in splits


def test_shares_hold_and_strata_are_alike():
    documents = [
        document(f"{lang}{kind}{n}", lang=lang, kind=kind)
        for lang in ("ko", "en", "mixed")
        for kind in ("wire", "blog")
        for n in range(20)
    ]
    splits = make_splits(documents, SCHEMA, seed=7)
    sizes = Counter(splits.values())
    assert all(abs(sizes[name] - size) <= 1 for name, size in {"train": 84, "dev": 12, "test": 24}.items())
    for lang in ("ko", "en", "mixed"):
        for kind in ("wire", "blog"):
            found = Counter(splits[d.id] for d in documents if (d.lang, d.meta["kind"]) == (lang, kind))
            assert abs(found["train"] - 14) <= 1 and abs(found["test"] - 4) <= 1
    assert splits != make_splits(documents, SCHEMA, seed=8)


def test_topics_are_alike_too():
    topics = {"wafers": 20, "resists": 15, "rails": 10, "ships": 5}
    documents = [
        document(f"{topic}{n}", lang=("ko", "en")[n % 2], topic=topic)
        for topic, count in topics.items()
        for n in range(count)
    ]
    splits = make_splits(documents, SCHEMA, seed=3)
    assert Counter(splits.values()) == {"train": 35, "dev": 5, "test": 10}
    for topic, count in topics.items():
        found = Counter(splits[d.id] for d in documents if d.meta["topic"] == topic)
        assert abs(found["test"] - count / 5) <= 1 and abs(found["dev"] - count / 10) <= 1


def test_common_names_role_nouns_and_other_labels_tie_nothing():
    common = [document(f"d{n}", ["Samsung", "업체", "makers"]) for n in range(40)]
    assert Counter(make_splits(common, SCHEMA, seed=1, distinct_labels=["COMPANY"]).values())["test"] == 8
    pairs = [document(f"d{n}", [f"Part{n // 2}"], label="PART") for n in range(40)]
    splits = make_splits(pairs, SCHEMA, seed=1, distinct_labels=["COMPANY"])
    assert any(splits[f"d{n}"] != splits[f"d{n + 1}"] for n in range(0, 40, 2))


def test_names_tie_through_each_other():
    chain = [document(f"d{n}", [f"Name{n}", f"Name{n + 1}"]) for n in range(10)] + [
        document(f"x{n}") for n in range(90)
    ]
    splits = make_splits(chain, SCHEMA, seed=3, distinct_labels=["COMPANY"])
    assert len({splits[f"d{n}"] for n in range(10)}) == 1


def test_new_documents_follow_the_names_they_share_and_fill_what_lacks():
    old = {f"d{n}": "train" for n in range(25)} | {"t": "test"}
    documents = [document(id_) for id_ in old if id_ != "t"] + [document("t", ["Hanbit"]), document("new", ["Hanbit"])]
    splits = make_splits(documents, SCHEMA, seed=0, distinct_labels=["COMPANY"], fixed=old)
    assert splits["new"] == "test"
    documents += [document(f"n{n}") for n in range(8)]
    splits = make_splits(documents, SCHEMA, seed=0, distinct_labels=["COMPANY"], fixed=old)
    assert "train" not in {splits[f"n{n}"] for n in range(8)}


@settings(max_examples=60, deadline=None)
@given(collections(), st.integers(0, 3))
def test_no_split_is_empty_where_there_are_documents_enough(documents, seed):
    splits = make_splits(documents, SCHEMA, seed=seed)
    assert len(set(splits.values())) == min(len(documents), 3)


def test_small_corpora_keep_about_the_shares():
    def sizes(count):
        documents = [document(f"d{n}", lang=("ko", "en")[n % 2]) for n in range(count)]
        return Counter(make_splits(documents, SCHEMA, seed=1).values())

    assert sizes(6) == {"train": 4, "dev": 1, "test": 1}
    assert sizes(10) == {"train": 7, "dev": 1, "test": 2}


def test_any_shares():
    splits = make_splits([document(f"d{n}") for n in range(30)], SCHEMA, shares={"a": 2 / 3, "b": 1 / 3}, seed=0)
    assert Counter(splits.values()) == {"a": 20, "b": 10}


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="add up to 1"):
        make_splits([], SCHEMA, shares={"train": 0.5, "test": 0.4}, seed=0)
    with pytest.raises(SchemaError, match="'FIRM'"):
        make_splits([], SCHEMA, seed=0, distinct_labels=["FIRM"])
    with pytest.raises(SchemaError, match="'val'"):
        make_splits([document("a")], SCHEMA, seed=0, fixed={"a": "val"})
    with pytest.raises(FormatError, match="'a' stands twice"):
        make_splits([document("a"), document("a")], SCHEMA, seed=0)


def test_a_table_comes_back_as_it_was(tmp_path):
    splits = {"ko-1": "train", "한글": "test"}
    write_splits(tmp_path / "splits.tsv", splits)
    assert read_splits(tmp_path / "splits.tsv") == splits
    assert (tmp_path / "splits.tsv").read_text(encoding="utf-8").startswith("id\tsplit\nko-1\ttrain\n")
    with pytest.raises(FormatError, match="cannot stand in a table"):
        write_splits(tmp_path / "splits.tsv", {"a\tb": "train"})
    assert read_splits(tmp_path / "splits.tsv") == splits
