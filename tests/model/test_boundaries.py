"""Brackets: a mention has those that it opens and no others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sobujang.model.boundaries import balanced, joined_in_brackets


def each_character(text: str) -> np.ndarray:
    return np.array([(i, i + 1) for i in range(len(text))], dtype=np.int32)


def found(text: str, tagged: str) -> str:
    at = text.index(tagged)
    first, end = balanced(at, at + len(tagged), each_character(text), text)
    return text[first:end]


@pytest.mark.parametrize(
    ("text", "tagged", "expected"),
    [
        ("전지(LFP)를", "전지(LFP", "전지(LFP)"),
        ("전지(LFP 등)", "전지(LFP", "전지"),
        ("전지(LFP)", "전지(", "전지"),
        ("캠코(한국자산관리공사)", "한국자산관리공사)", "한국자산관리공사"),
        ("에덴 (담임 목사)", "(담임", "담임"),
        ("(한빛)이", "(한빛)", "(한빛)"),
        ("네온·제논", "네온·", "네온"),
        ("film (PE)) and", "film (PE))", "film (PE)"),
        ("film, foil", "film,", "film"),
        ("a (b (c) d", "a (b (c)", "a"),
        ("(·)", "(·", ""),
        (")", ")", ""),
    ],
)
def test_a_mention_has_whole_brackets(text: str, tagged: str, expected: str) -> None:
    assert found(text, tagged) == expected


@given(st.text("(a), ", min_size=1, max_size=12), st.data())
def test_a_run_never_grows_by_more_than_its_bracket(text: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(first + 1, len(text)))
    start, stop = balanced(first, end, each_character(text), text)
    assert first <= start <= stop <= end + 1
    assert not text[start:stop].endswith(("(", ",", " "))
    assert stop <= end or text[end] == ")"


TEXT = "정전척(ESC, E-chuck)을 든 척(ESC, 회장 김)"


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        (["정전척(ESC", "E-chuck)"], ["정전척(ESC, E-chuck)"]),
        (["정전척(ESC", "E-chuck"], ["정전척(ESC, E-chuck"]),
        (["정전척", "E-chuck)"], ["정전척", "E-chuck)"]),
        (["정전척(ESC", "chuck)"], ["정전척(ESC", "chuck)"]),
        (["척(ESC, 회장", "김"], ["척(ESC, 회장 김"]),
        ([], []),
    ],
)
def test_two_names_in_one_bracket_are_one_mention(runs: list[str], expected: list[str]) -> None:
    placed = [(TEXT.index(run), TEXT.index(run) + len(run), 0, 0.5) for run in runs]
    joined = joined_in_brackets(placed, each_character(TEXT), TEXT)
    assert [TEXT[first:end] for first, end, _, _ in joined] == expected


def test_two_labels_are_two_mentions() -> None:
    runs = [(0, 7, 0, 0.5), (9, 17, 1, 0.5)]
    assert joined_in_brackets(runs, each_character(TEXT), TEXT) == runs
