"""Tokens: contracts over any text, and the cuts that Korean needs."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sobujang.text.sentences import split_at_punctuation
from sobujang.text.tokens import tokenize

ODD = " .\n\u2028전기차는슬러리가낮춘썼다ㅋㅎ\u1112\u1161\u11abaBé\u0301\u200d\ufe0f👩😀🏽½㈜１Ａ漢字°㎛\0\ufffd%3"
TEXTS = st.text(st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"])), max_size=60)


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in tokenize([text])[0].spans]


@given(TEXTS)
@example("👨‍👩‍👧는 싸다")
@example("가\u0301나")
@example("\0전기\0차는\0")
@example("\u1112\u1161\u11ab국은 썼다")
@example("ＳＫ는 ３０％ 싸다")
@example("😀전기차는 비싸다. 😀낮춘 가격")
def test_tokens_cover_a_text(text: str) -> None:
    tokens = tokenize([text])[0]
    before = 0
    for start, end in tokens.spans:
        assert before <= start < end <= len(text)
        assert not any(c.isspace() for c in text[start:end])
        before = end
    covered = {i for start, end in tokens.spans for i in range(start, end)}
    assert covered == {i for i, c in enumerate(text) if not c.isspace()}
    # Sentences follow each other without gap and none is empty.
    assert [first for first, _ in tokens.sentences] == [0, *(end for _, end in tokens.sentences)][:-1][
        : len(tokens.sentences)
    ]
    assert all(first < end for first, end in tokens.sentences)
    assert (tokens.sentences[-1][1] if tokens.sentences else 0) == len(tokens.spans)


@given(TEXTS)
def test_no_token_crosses_a_sentence(text: str) -> None:
    tokens = tokenize([text])[0]
    for start, end in split_at_punctuation(text):
        assert all(not (a < end < b) and not (a < start < b) for a, b in tokens.spans)
        at = next(i for i, (a, _) in enumerate(tokens.spans) if a == start)
        assert at in {first for first, _ in tokens.sentences}


@settings(max_examples=25)
@given(st.lists(TEXTS, max_size=6))
def test_many_at_once_are_cut_as_one_by_one(texts: list[str]) -> None:
    assert tokenize(texts) == [tokenize([text])[0] for text in texts]
    assert tokenize(iter(texts)) == tokenize(texts)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("전기차는 비싸다", "전기차"),
        ("일본산의 절반 가격", "일본산"),
        ("일본산의 절반 가격", "일본"),
        ("슬러리가 싸다", "슬러리"),
        ("폴더블용 필름을 만든다", "폴더블"),
        ("한빛정밀은 성장했다", "한빛정밀"),
        ("삼성전자와 거래한다", "삼성전자"),
        ("SK실트론에 납품한다", "SK"),
        ("SK실트론에 납품한다", "실트론"),
        ("30퍼센트가 싸다", "30퍼센트"),
        ("가격을 30%나 낮춘 제품", "30%"),
        ("😀전기차는 비싸다", "전기차"),
        ("웨이퍼(12인치)를 만든다", "12인치"),
        ("\U0001f600\U0001f600 그 웨이퍼를 낮춘 \U0001f600일본산의 것", "일본산"),
    ],
)
def test_a_name_ends_where_its_particle_begins(text: str, name: str) -> None:
    spans = tokenize([text])[0].spans
    start = text.index(name)
    assert start in {a for a, _ in spans}
    assert start + len(name) in {b for _, b in spans}


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("일본산보다 저렴하다", "저렴"),
        ("30% 저렴한 제품", "저렴"),
        ("가격도 저렴해 인기다", "저렴"),
        ("가격이 비슷하다", "비슷"),
        ("값이 같아졌다", "같"),
        ("단가가 더 높아졌다", "높"),
        ("원가가 줄어든다", "줄"),
        ("값이 떨어졌다", "떨어졌"),
        ("반값에 판다", "값"),
        ("금값이 올랐다", "금"),
        ("아이언베일모터스향 물량", "아이언베일모터스"),
    ],
)
def test_what_annotators_mark_of_a_word_can_be_marked(text: str, cue: str) -> None:
    """Guidelines, rules 3 and 10: the stem without 하다 or 아지다, and both halves of 반값."""
    test_a_name_ends_where_its_particle_begins(text, cue)


def test_scripts_and_digits_part() -> None:
    assert cut("SK하이닉스 HBM3E 12nm") == ["SK", *cut("하이닉스"), "HBM", "3", "E", "12", "nm"]
    assert cut("½㈜°") == ["½", "㈜", "°"]


def test_marks_stay_with_what_they_mark() -> None:
    assert cut("cafe\u0301 ❤\ufe0f") == ["cafe\u0301", "❤\ufe0f"]


def test_korean_sentences_without_punctuation_are_found() -> None:
    text = "한빛정밀은 커넥터를 만든다고 밝혔습니다 이어 가격도 낮췄습니다 그 회사는 일본에 있습니다"
    tokens = tokenize([text])[0]
    assert len(split_at_punctuation(text)) == 1
    starts = {text[tokens.spans[first][0] :].split()[0] for first, _ in tokens.sentences}
    assert len(tokens.sentences) > 1
    assert "이어" in starts


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u2028"])
def test_texts_without_tokens(text: str) -> None:
    assert tokenize([text])[0].spans == tokenize([text])[0].sentences == []


def test_no_texts() -> None:
    assert tokenize([]) == []
