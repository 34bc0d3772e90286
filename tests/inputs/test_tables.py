import csv
import datetime
import gzip
import io

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sobujang.document import Document
from sobujang.inputs import ReadOptions, count_documents, find_sources, read_documents

ROWS = [
    {"id": "a", "body": "한빛정밀은 밸브를 만든다.", "page": "7"},
    {"id": "", "body": 'Hanbit, "the firm",\nsells valves.', "page": ""},
]


def read(path, **options):
    return list(read_documents(find_sources([path]).files, ReadOptions(**options)))


def csv_bytes(rows, delimiter=",", encoding="utf-8"):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize(("name", "delimiter"), [("n.csv", ","), ("n.csv", ";"), ("n.csv", "\t"), ("n.tsv", "\t")])
def test_separators_and_encodings(tmp_path, name, delimiter, encoding):
    (tmp_path / name).write_bytes(csv_bytes(ROWS, delimiter, encoding))
    first, second = read(tmp_path / name, text_column="body")
    assert (first.id, first.text, first.meta) == ("a", ROWS[0]["body"], {"page": "7"})
    assert (second.id, second.text) == ("n-2", ROWS[1]["body"])


@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), min_size=1, max_size=5))
def test_every_text_comes_back(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("tables") / "a.csv"
    path.write_bytes(csv_bytes([{"text": text} for text in texts], encoding="utf-8-sig"))
    assert [document.text for document in read(path)] == texts


def test_rows_without_a_text_fail_alone(tmp_path):
    (tmp_path / "n.csv").write_bytes(b"id,text\n1,a\n2,\n3\n4,d\n")
    first, *failed, last = read(tmp_path / "n.csv")
    assert (first.text, last.text) == ("a", "d")
    assert [(f.source, f.reason) for f in failed] == [
        (f"{tmp_path / 'n.csv'}: row {number}", "'text' is empty") for number in (2, 3)
    ]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n"])
def test_a_table_without_the_column_is_one_failure(tmp_path, content):
    (tmp_path / "n.csv").write_bytes(content)
    [failed] = read(tmp_path / "n.csv")
    assert failed.reason.startswith("no column 'text'; name the text's with --text-column, of ")


def test_quotes_that_do_not_end(tmp_path):
    (tmp_path / "n.csv").write_bytes(b'text\ngood\n"bad" quote\nlost\n')
    good, failed = read(tmp_path / "n.csv")
    assert (good.text, "mend its quotes" in failed.reason) == ("good", True)


def test_parquet(tmp_path):
    day = datetime.date(2026, 11, 24)
    table = pa.table(
        {"text": ["a", None, "c" * 1000], "id": [1, 2, None], "day": [day, day, None], "tags": [["x"], [], None]}
    )
    pq.write_table(table, tmp_path / "n.parquet")
    (tmp_path / "m.parquet.gz").write_bytes(gzip.compress((tmp_path / "n.parquet").read_bytes()))
    first, failed, last = read(tmp_path / "n.parquet")
    assert (first.id, first.text, first.meta) == ("1", "a", {"day": "2026-11-24", "tags": ["x"]})
    assert failed.reason == "'text' is empty"
    assert (last.id, last.meta) == ("n-3", {"day": None, "tags": None})
    first.to_json()
    assert len(read(tmp_path / "m.parquet.gz")) == 3
    assert "no column 'body'" in read(tmp_path / "n.parquet", text_column="body")[0].reason


def test_a_damaged_parquet_file(tmp_path):
    (tmp_path / "n.parquet").write_bytes(b"PAR1 nothing")
    [failed] = read(tmp_path / "n.parquet")
    assert "damaged or no Parquet file" in failed.reason
    assert "\n" not in failed.reason


@pytest.mark.parametrize("as_splits", [True, False])
def test_saved_datasets(tmp_path, as_splits):
    made = datasets.Dataset.from_dict({"text": ["a", "b"], "page": [1, 2]})
    (datasets.DatasetDict(train=made) if as_splits else made).save_to_disk(tmp_path / "in" / "news")
    (tmp_path / "in" / "z.txt").write_text("z")
    sources = find_sources([tmp_path / "in"]).files
    documents = list(read_documents(sources))
    stem = "news-train" if as_splits else "news"
    assert [(d.id, d.text) for d in documents] == [(f"{stem}-1", "a"), (f"{stem}-2", "b"), ("z", "z")]
    assert documents[0].meta == {"page": 1}
    assert count_documents(sources) is None
    assert [d.id for d in read(tmp_path / "in" / "news")] == [f"{stem}-1", f"{stem}-2"]


def test_a_damaged_dataset(tmp_path):
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "dataset_info.json").write_text("{}")
    [failed] = read(tmp_path / "news")
    assert "damaged or no saved dataset" in failed.reason


def test_json_lines_gzipped_with_another_key(tmp_path):
    (tmp_path / "n.jsonl.gz").write_bytes(gzip.compress('{"body": "값"}\n{"text": "b"}\n'.encode()))
    good, failed = read(tmp_path / "n.jsonl.gz", text_column="body")
    assert good == Document(id="n-1", text="값")
    assert "has no 'body' (its keys: 'text')" in failed.reason
