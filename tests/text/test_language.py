"""Language by script."""

from __future__ import annotations

import time

import pytest

from sobujang.text.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", None),
        ("123 $ 😀 漢字", None),
        ("한빛정밀은 커넥터를 만든다.", "ko"),
        ("한빛정밀은 SK Siltron에 납품한다.", "ko"),
        ("The company sells wafers.", "en"),
        ("A", "en"),
        ("Hanbit Precision (한빛정밀) sells wafers to many different firms in the region every single year.", "en"),
        ("한빛정밀은 커넥터를 만든다. The company sells its wafers to Japanese firms.", "mixed"),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("run", ["a", "ab ", "ab-, ", "a ", "-", "ab, ab, "])
def test_time_is_linear(run: str) -> None:
    """A pattern that backtracks over a run of letters (base64 in a page) took minutes for 200,000 of them."""
    began = time.process_time()
    detect_language("가" + run * (60_000 // len(run)) + "가")
    assert time.process_time() - began < 2
