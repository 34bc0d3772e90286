import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sobujang.document import Document, Relation, Span
from sobujang.inputs import FailedDocument, ReadOptions
from sobujang.inputs.jsonl import count_lines, read_jsonl


def read(path, content, encoding="utf-8"):
    path.write_bytes(content)
    found = list(read_jsonl(path, path.stem, ReadOptions(encoding)))
    assert len(found) == count_lines(path)
    return found


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(values=st.lists(JSON_VALUES | st.fixed_dictionaries({"text": JSON_VALUES, "id": JSON_VALUES}), max_size=5))
def test_each_line_is_a_document_that_can_be_written_or_a_failed_one(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    found = read(path, "".join(json.dumps(value) + "\n" for value in values).encode())
    assert len(found) == len(values)
    for number, (item, value) in enumerate(zip(found, values, strict=True), start=1):
        if isinstance(item, FailedDocument):
            assert item.source == f"{path}:{number}"
            assert "\n" not in item.reason
        else:
            assert len(item.text) == len(value["text"].encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
            assert json.loads(item.to_json())["text"] == item.text


@given(line=st.binary(max_size=60))
def test_no_bytes_raise(tmp_path_factory, line):
    read(tmp_path_factory.mktemp("lines") / "a.jsonl", b'{"text": "a"}\n' + line)


def test_id_language_and_other_keys(tmp_path):
    lines = b'{"text": "a", "id": 7, "lang": "ko", "page": 1}\n\n{"text": "b"}\n'
    first, second = read(tmp_path / "news.jsonl", lines)
    assert (first.id, first.lang, first.meta) == ("7", "ko", {"page": 1})
    assert second.id == "news-3"


def test_records_are_read_without_their_annotation(tmp_path):
    record = Document(
        id="r", text="ab", meta={"kind": "wire"}, relations=(Relation(head="T1", tail="T1", label="X"),),
        spans=(Span(id="T1", start=0, end=1, label="COMPANY"),),
    )  # fmt: skip
    assert read(tmp_path / "a.jsonl", record.to_json()) == [Document(id="r", text="ab", meta={"kind": "wire"})]


BAD = {
    b"{text}": "not JSON at column 2",
    b'"text"': "a string, not an object",
    b"[1]": "an array, not an object",
    b"null": "null, not an object",
    b"{}": "has no 'text' (its keys: none)",
    b'{"body": "x"}': "has no 'text' (its keys: 'body')",
    b'{"text": 3}': "'text' is a number, not a string",
    b'{"text": null}': "'text' is null, not a string",
    b'{"text": "a", "id": [1]}': "'id' is an array",
    b'{"text": "a", "id": true}': "'id' is true",
    b'{"text": "a", "id": ""}': "'id' is an empty string",
    b'{"text": "a", "lang": "fr"}': "lang 'fr' is none of ko, en, mixed",
    b'{"text": ' + b"[" * 100_000: "not JSON that can be read",
    b'{"n": ' + b"9" * 5000 + b"}": "not JSON that can be read",
    '{"text": "값"}'.encode("cp949"): "looks like cp949",
}


@pytest.mark.parametrize("line", BAD, ids=BAD.values())
def test_a_bad_line_fails_alone(tmp_path, line):
    path = tmp_path / "a.jsonl"
    good, bad, other = read(path, b'{"text": "first"}\n' + line + b'\n{"text": "last"}\n')
    assert (good.text, other.text) == ("first", "last")
    assert bad.source == f"{path}:2"
    assert BAD[line] in bad.reason


def test_byte_offset_counts_from_the_start_of_the_file(tmp_path):
    first = b'{"text": "first"}\n'
    _, bad = read(tmp_path / "a.jsonl", first + b'{"text": "\xff"}')
    assert f"at byte {len(first) + 10}" in bad.reason


def test_lone_surrogates_become_replacement_characters_everywhere(tmp_path):
    line = rb'{"text": "a\ud800b", "id": "\udc00", "note": {"\ud801": ["\ud802"]}, "pair": "\ud83d\ude42"}'
    [document] = read(tmp_path / "a.jsonl", line)
    assert (document.text, document.id) == ("a\ufffdb", "\ufffd")
    assert document.meta == {"note": {"\ufffd": ["\ufffd"]}, "pair": "🙂"}
    document.to_json()


def test_byte_order_mark_and_encodings(tmp_path):
    line = '{"text": "값"}\n'
    for number, encoding in enumerate(("utf-8-sig", "cp949")):
        name = "utf-8" if encoding == "utf-8-sig" else encoding
        [document] = read(tmp_path / f"{number}.jsonl", line.encode(encoding), name)
        assert document.text == "값"
    [failed] = read_jsonl(tmp_path / "0.jsonl", "0", ReadOptions("utf-16"))
    assert "iconv -f utf-16 -t utf-8" in failed.reason


def test_a_line_of_a_megabyte(tmp_path):
    text = "값" * 350_000
    [document] = read(tmp_path / "a.jsonl", json.dumps({"text": text}).encode())
    assert document.text == text
