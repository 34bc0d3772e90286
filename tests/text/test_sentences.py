"""Sentences by punctuation and line breaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sobujang.text.sentences import MAX_SEGMENT, split_at_punctuation, strip_span

ODD = " .\n\r\t\u2028\u2029\x85\xa0가다.a!?…\u200d😀\u0301\u1100ㄱｆ１\0A.B\"'"
TEXTS = st.text(st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"])), max_size=80)


def surfaces(text: str) -> list[str]:
    return [text[start:end] for start, end in split_at_punctuation(text)]


@given(TEXTS)
def test_each_character_is_in_exactly_one_sentence(text: str) -> None:
    spans = split_at_punctuation(text)
    covered = [i for start, end in spans for i in range(start, end)]
    assert len(covered) == len(set(covered))
    assert {i for i, c in enumerate(text) if not c.isspace()} <= set(covered)
    assert spans == sorted(spans)
    for start, end in spans:
        assert text[start:end] == text[start:end].strip() != ""


@given(TEXTS)
def test_no_sentence_crosses_a_line_break(text: str) -> None:
    for surface in surfaces(text):
        assert not set(surface) & set("\r\n\u2028\u2029")


@pytest.mark.parametrize(
    "sentences",
    [
        ["Hanbit Co. Ltd. sells valves.", "It grew."],
        ["The U.S. firm paid 3.5 percent more.", "Nobody knows why."],
        ["Dr. Kim met Mr. Lee.", "They agreed."],
        ["한빛정밀은 커넥터를 만든다.", "가격은 3.5% 싸다."],
        ["정말 싼가?", "그렇다!"],
    ],
)
def test_abbreviations_and_decimals_end_no_sentence(sentences: list[str]) -> None:
    assert surfaces(" ".join(sentences)) == sentences


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\n \r\n\n"])
def test_line_breaks_end_sentences(line_break: str) -> None:
    text = f"  headline without end{line_break}한빛정밀은 성장했다. 둘째 문장{line_break}"
    assert surfaces(text) == ["headline without end", "한빛정밀은 성장했다.", "둘째 문장"]


@pytest.mark.parametrize("text", ["", " ", "\n\t\r\n", "\u2028", "\xa0\u3000"])
def test_nothing_to_split(text: str) -> None:
    assert split_at_punctuation(text) == []


@pytest.mark.parametrize("word", ["가", "a", "word ", "다. ", "\U0001f600", "a\t"])
def test_no_sentence_is_longer_than_the_bound(word: str) -> None:
    text = word * 5000
    spans = split_at_punctuation(text)
    assert max(end - start for start, end in spans) <= MAX_SEGMENT
    assert sum(end - start for start, end in spans) >= len(text.replace(" ", "").replace("\t", ""))


def test_a_long_run_is_cut_at_white_space_where_there_is_some() -> None:
    words = ["x" * (50 + i % 37) for i in range(100)]
    found = surfaces(" ".join(words))
    assert len(found) > 1
    assert " ".join(found).split() == words


def test_strip_span() -> None:
    assert strip_span(" \n ab\u3000", 0, 6) == (3, 5)
    assert strip_span("ab  ", 2, 4) is None
    assert strip_span("ab", 0, 2) == (0, 2)
