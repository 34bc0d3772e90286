"""Sub-words: pieces tile their tokens, whatever the text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from sobujang.errors import ModelError
from sobujang.model import subwords as module
from sobujang.model.subwords import Pieces, Subwords
from sobujang.text.tokens import tokenize

ODD = " .\n전기차는한빛정밀은 the wafers cheaper㈜½…ﬁé\u0301\u200d😀\0▁１\u1112\u1161"
TEXTS = st.text(st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"])), max_size=40)


def pieces_of(subwords: Subwords, text: str) -> tuple[Pieces, list[tuple[int, int]]]:
    spans = tokenize([text])[0].spans
    return subwords(text, spans), spans


def values(tokenizer: Tokenizer, pieces: Pieces) -> list[str | None]:
    return [tokenizer.id_to_token(i) for i in pieces.ids.tolist()]


@given(text=TEXTS)
@example(text="㈜한빛 ½가격 ﬁrst …")
@example(text="\0 \u200d \u0301")
@example(text="▁the ▁ ▁▁한빛")
def test_pieces_tile_tokens(subwords: Subwords, text: str) -> None:
    pieces, tokens = pieces_of(subwords, text)
    starts = pieces.token_starts.tolist()
    assert len(pieces.ids) == len(pieces.spans) == starts[-1]
    assert pieces.spans.shape == (starts[-1], 2)
    assert len(starts) == len(tokens) + 1
    for (start, end), first, last in zip(tokens, starts, starts[1:], strict=False):
        assert first < last  # no token is lost
        at = start
        for left, right in pieces.spans[first:last].tolist():
            assert left == at <= right <= end
            at = right
        assert at == end
        assert pieces.spans[first:last, 1].max() > start


@given(text=TEXTS)
def test_remembered_tokens_are_cut_as_at_first(subwords: Subwords, tokenizer: Tokenizer, text: str) -> None:
    fresh, _ = pieces_of(Subwords(tokenizer), text)
    again, _ = pieces_of(subwords, text)
    np.testing.assert_array_equal(fresh.ids, again.ids)
    np.testing.assert_array_equal(fresh.spans, again.spans)


@pytest.mark.parametrize(
    "text", ["the wafers", "cheaper percent wafers", "the the abc", "한빛 웨이퍼", "만든 황동 커넥터"]
)
def test_words_get_the_tokenizers_own_pieces(subwords: Subwords, tokenizer: Tokenizer, text: str) -> None:
    own = Tokenizer.from_str(tokenizer.to_str())
    own.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    words = [(text.index(word), text.index(word) + len(word)) for word in dict.fromkeys(text.split())]
    expected = own.encode(" ".join(text[a:b] for a, b in words), add_special_tokens=False)
    assert subwords(text, words).ids.tolist() == expected.ids


def test_a_word_mark_stands_only_after_white_space(subwords: Subwords, tokenizer: Tokenizer) -> None:
    pieces = subwords("한빛정밀 the.the", [(0, 2), (2, 4), (5, 8), (8, 9), (9, 12)])
    assert values(tokenizer, pieces) == ["▁한빛", "정밀", "▁the", ".", "t", "h", "e"]
    assert pieces.spans.tolist() == [[0, 2], [2, 4], [5, 8], [8, 9], [9, 10], [10, 11], [11, 12]]


def test_normalisation_that_moves_characters_keeps_the_token_whole(subwords: Subwords) -> None:
    pieces = subwords("㈜한빛", [(0, 1), (1, 3)])
    second = pieces.token_starts[1]
    assert pieces.spans[0].tolist() == [0, 1]
    assert pieces.spans[:second].max() == 1
    assert pieces.spans[second:].min() == 1
    assert pieces.spans[-1].tolist()[1] == 3


def test_what_no_piece_stands_for_is_one_unknown_piece(subwords: Subwords, tokenizer: Tokenizer) -> None:
    pieces = subwords("a\0b", [(0, 1), (1, 2), (2, 3)])
    unknown = tokenizer.token_to_id("<unk>")
    assert pieces.ids.tolist()[pieces.token_starts[1] : pieces.token_starts[2]] == [unknown]
    # Runs of unknown characters too keep their offsets.
    assert subwords("漢字漢字", [(0, 4)]).spans[:, 1].max() == 4


def test_no_tokens(subwords: Subwords) -> None:
    pieces = subwords("  ", [])
    assert pieces.ids.shape == (0,)
    assert pieces.spans.shape == (0, 2)
    assert pieces.token_starts.tolist() == [0]


def test_the_memory_is_bounded(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MEMORY", 10)
    subwords = Subwords(tokenizer)
    words = [f"{a}{b}" for a in "abcdef" for b in "abcdef"]
    for word in words:
        subwords(word, [(0, 2)])
    assert len(subwords._known) <= 10
    assert subwords("af", [(0, 2)]).ids.tolist() == Subwords(tokenizer)("af", [(0, 2)]).ids.tolist()


def test_special_pieces(subwords: Subwords, tokenizer: Tokenizer) -> None:
    assert [subwords.bos_id, subwords.pad_id, subwords.eos_id] == [0, 1, 2]
    with pytest.raises(ModelError, match="<s>"):
        _ = Subwords(Tokenizer(models.Unigram([("a", 0.0)], unk_id=0))).bos_id


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"\xff\xfe", None])
def test_a_file_that_is_no_tokenizer(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "tokenizer.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        Subwords.from_file(path)
