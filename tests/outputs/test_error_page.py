"""The error page: counts that add up, every text escaped, nothing fetched."""

import re
from pathlib import Path

from sobujang.outputs.error_page import ErrorRow, write_error_page

ROWS = [
    ErrorRow("d1", "mention", ("PART",), "PART <b>valve</b>", "", "a ", "<b>valve</b>", "\x01 of"),
    ErrorRow("d1", "label", ("PART", "EQUIPMENT"), "PART 밸브", "EQUIPMENT 밸브", "", "밸브", "는"),
    ErrorRow("d2", "relation", ("MAKES",), "", "MAKES Hanbit → valves", "", "Hanbit", " sells"),
]


def written(folder: Path, rows: list[ErrorRow]) -> str:
    write_error_page(rows, folder / "e.html", title="A & B", documents=7)
    return (folder / "e.html").read_text(encoding="utf-8")


def cells(page: str, first: str) -> list[str]:
    """The numbers of a row of counts."""
    (row,) = re.findall(rf"<tr><td>{first}</td>(.*?)</tr>", page)
    return re.findall(r">(\d*)<", row.replace("<strong>", "").replace("</strong>", ""))


def test_faults():
    assert [row.fault for row in ROWS] == ["missed", "wrong", "spurious"]


def test_counts_by_kind_and_label(tmp_path: Path):
    page = written(tmp_path, ROWS)
    assert [n for n in cells(page, "mention") if n] == ["1", "0", "0", "1"]
    assert [n for n in cells(page, "label") if n] == ["0", "0", "1", "1"]
    assert [n for n in cells(page, "PART") if n] == ["1", "1", "2"]
    assert [n for n in cells(page, "MAKES") if n] == ["1", "1"]


def test_each_error_is_a_row_with_its_text(tmp_path: Path):
    page = written(tmp_path, ROWS)
    assert page.count("<tr data-kind=") == len(ROWS)
    assert 'data-fault="wrong" data-labels="PART EQUIPMENT"' in page
    assert "a <mark>&lt;b&gt;valve&lt;/b&gt;</mark>\u2401 of" in page
    assert "<b>valve" not in page
    assert "<h1>A &amp; B</h1>" in page


def test_a_page_without_errors(tmp_path: Path):
    assert "<dt>Errors</dt><dd>0</dd>" in written(tmp_path, [])


def test_nothing_is_fetched(tmp_path: Path):
    page = written(tmp_path, ROWS)
    assert "default-src 'none'" in page
    assert not re.search(r"https?://|src=|@import|url\(", page.replace("default-src", "").replace("-src '", ""))
