import csv
import json

import pyarrow.parquet as pq
import pytest

from sobujang.document import Comparison, Document, Entity, PriceDifference, Relation, Span
from sobujang.errors import OutputError
from sobujang.outputs.tables import TABLES, table_columns, table_path, write_tables
from sobujang.schema import Schema

TEXT = "한빛정밀은 커넥터를 일본산보다 30퍼센트 싸게, 100달러에 판다. 끝."


def record():
    def span(number, surface, label, score=None):
        start = TEXT.index(surface)
        return Span(id=f"T{number}", start=start, end=start + len(surface), label=label, score=score)

    spans = (
        span(1, "한빛정밀", "COMPANY", 0.9), span(2, "커넥터", "PART"), span(3, "일본", "PLACE"),
        span(4, "30퍼센트", "PERCENT"), span(5, "싸", "COST_LOWER"), span(6, "100달러", "MONEY"),
    )  # fmt: skip
    return Document(
        id="d1", text=TEXT, lang="ko", meta={"페이지": 3}, spans=spans,
        relations=(Relation(head="T1", tail="T2", label="MAKES", score=0.8),),
        comparisons=(Comparison(
            cue="T5", direction="lower", roles={"item": ("T2",), "baseline": ("T3",), "amount": ("T4",)},
            price_ratio=0.7, price_difference=PriceDifference(-3.0, "USD"), score=0.5,
        ),),
        entities=(Entity(id="E1", label="COMPANY", name="한빛정밀", mentions=("T1",)),),
    )  # fmt: skip


@pytest.fixture(params=[".csv", ".parquet"])
def read(request, tmp_path):
    """Writes records and reads all tables back."""

    def write_and_read(documents):
        path = tmp_path / f"news{request.param}"
        written = write_tables(path, documents, Schema.default())
        assert written == [table_path(path, table) for table in TABLES]
        assert sorted(tmp_path.iterdir()) == sorted(written)
        if request.param == ".parquet":
            return {table: pq.read_table(file).to_pylist() for table, file in zip(TABLES, written, strict=True)}
        found = {}
        for table, file in zip(TABLES, written, strict=True):
            assert file.read_bytes().startswith(b"\xef\xbb\xbf")
            with file.open(encoding="utf-8-sig", newline="") as lines:
                found[table] = list(csv.DictReader(lines))
        return found

    return write_and_read


def plain(value):
    """A cell as both formats can be compared: text, empty where there is nothing."""
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else str(value)


def test_rows_say_what_the_record_says(read):
    tables = {t: [{k: plain(v) for k, v in row.items()} for row in rows] for t, rows in read([record()]).items()}
    assert {table: list(rows[0]) for table, rows in tables.items()} == {
        table: list(columns) for table, columns in table_columns(Schema.default()).items()
    }
    assert tables["documents"] == [
        {"id": "d1", "lang": "ko", "text": TEXT, "meta": json.dumps({"페이지": 3}, ensure_ascii=False)}
    ]
    percent, money = tables["mentions"][3], tables["mentions"][5]
    assert (percent["text"], percent["value"], percent["currency"]) == ("30퍼센트", "30.0", "")
    assert (money["value"], money["currency"]) == ("100.0", "USD")
    assert (tables["mentions"][0]["entity"], tables["mentions"][0]["score"]) == ("E1", "0.9")
    [relation] = tables["relations"]
    assert (relation["head_text"], relation["tail_text"], relation["tail_label"]) == ("한빛정밀", "커넥터", "PART")
    [comparison] = tables["comparisons"]
    assert [comparison[c] for c in ("item", "baseline", "amount", "cue")] == ["커넥터", "일본", "30퍼센트", "싸"]
    assert (comparison["price_ratio"], comparison["price_difference"], comparison["currency"]) == ("0.7", "-3.0", "USD")
    assert comparison["sentence"] == TEXT.removesuffix(" 끝.")
    assert tables["entities"][0]["mentions"] == "한빛정밀"


def test_many_documents_and_none(read):
    many = [record().__replace__(id=f"d{number}") for number in range(2000)]
    tables = read(iter(many))
    assert [row["id"] for row in tables["documents"]] == [document.id for document in many]
    assert [row["document"] for row in tables["mentions"]] == [document.id for document in many for _ in range(6)]
    assert {table: len(rows) for table, rows in read([]).items()} == dict.fromkeys(TABLES, 0)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_place_that_cannot_be_written(tmp_path, suffix):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot write: "):
        write_tables(tmp_path / "file" / f"x{suffix}", [record()], Schema.default())


def test_other_endings(tmp_path):
    with pytest.raises(OutputError, match=r"end in \.parquet or \.csv"):
        write_tables(tmp_path / "x.xls", [], Schema.default())
