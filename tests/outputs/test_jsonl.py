import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sobujang.document import Comparison, Document, PriceDifference, Relation, Span
from sobujang.errors import DocumentError, FormatError
from sobujang.outputs.jsonl import read_records, write_records

FULL = Document(
    id="d",
    lang="mixed",
    text="Hanbit 밸브는 10,000원 싸다",
    meta={"kind": "wire", "page": 3},
    spans=(
        Span(id="T1", start=0, end=6, label="COMPANY", text="Hanbit", score=0.5),
        Span(id="T2", start=7, end=9, label="PART", text="밸브"),
        Span(id="T3", start=19, end=20, label="COST_LOWER", text="싸"),
    ),
    relations=(Relation(head="T1", tail="T2", label="MAKES"),),
    comparisons=(
        Comparison(cue="T3", direction="lower", roles={"item": ("T2",)}, price_difference=PriceDifference(-1e4, "KRW")),
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=5))
def test_records_come_back_as_they_were(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("records") / "a.jsonl"
    written = [FULL, *(Document(id=str(number), text=text) for number, text in enumerate(texts))]
    write_records(path, written)
    assert list(read_records(path)) == written
    assert path.read_bytes().count(b"\n") == len(written)


def test_byte_order_mark_and_empty_lines_are_skipped(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id":"a","text":"x"}\r\n\n   \n{"id":"b","text":"y"}')
    assert [document.id for document in read_records(path)] == ["a", "b"]


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"[1]",
        b"null",
        b'{"id":"a"}',
        b'{"text":"x"}',
        b'{"id":"a","text":"x"',
        b'{"id":"a","text":"caf\xe9"}',
        b'{"id":"a","text":"\\ud800"}',
        b'{"id":1,"text":"x"}',
        b'{"id":"a","text":"x","lang":"fr"}',
        b'{"id":"a","text":"x","spans":[{"id":"T","start":0,"end":2,"label":"X"}]}',
        b'{"id":"a","text":"x","spans":[{"id":"T","start":0,"end":1,"label":"X","text":"y"}]}',
        b'{"id":"a","text":"x","relations":[{"head":"T","tail":"T","label":"X"}]}',
        b'{"id":"a","text":"x","comparisons":null}',
        b'{"id":"a","text":"x","comparisons":[3]}',
        b'{"id":"a","text":' + b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_broken_line_is_named(tmp_path, line):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b'{"id":"ok","text":"x"}\n\n' + line + b"\n")
    records = read_records(path)
    assert next(records).id == "ok"
    with pytest.raises(FormatError, match="^" + re.escape(f"{path}:3: ")):
        next(records)


def test_what_is_wrong_with_a_line_is_named(tmp_path):
    path = tmp_path / "bad.jsonl"
    for line, said in ((b"{}", "missing required field"), (b'{"id":"caf\xe9"}', "not UTF-8 at byte 10 of the line")):
        path.write_bytes(FULL.to_json() + b"\n\n" + line + b"\n")
        with pytest.raises(FormatError, match=rf"bad\.jsonl:3: .*{said}"):
            list(read_records(path))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FormatError, match=r"none\.jsonl: cannot read: No such file"):
        list(read_records(tmp_path / "none.jsonl"))


def test_reading_is_lazy(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "a", "text": "x"}) + "\nbroken\n")
    assert next(read_records(path)).id == "a"


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.jsonl"
    write_records(path, [FULL])

    def documents():
        yield Document(id="new", text="x")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_records(path, documents())
    assert list(read_records(path)) == [FULL]
    assert [document.id for document in read_records(tmp_path / "a.jsonl.part")] == ["new"]


def test_the_file_is_not_there_before_it_is_whole(tmp_path):
    path = tmp_path / "a.jsonl"

    def documents():
        yield FULL
        assert not path.exists()

    write_records(path, documents())
    assert path.exists()


def test_a_lone_surrogate_is_refused(tmp_path):
    with pytest.raises(DocumentError, match="surrogate"):
        write_records(tmp_path / "a.jsonl", [Document(id="a", text="x\ud800")])
    assert list(tmp_path.iterdir()) == []
