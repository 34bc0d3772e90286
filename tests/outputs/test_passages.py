from hypothesis import given
from hypothesis import strategies as st

from sobujang.document import Span
from sobujang.outputs.passages import segments, sentence_around

TEXTS = st.text(st.sampled_from("ab가. \n\x00\ud800?!"), min_size=1, max_size=40)


@st.composite
def marked_texts(draw):
    text = draw(TEXTS)
    spans = []
    for number in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        spans.append(Span(id=f"T{number}", start=start, end=end, label="X"))
    return text, spans


@given(marked_texts())
def test_segments_are_the_text_and_hold_every_mention_once(marked):
    text, spans = marked
    found = segments(text, spans)
    assert "".join(segment.text for segment in found) == text
    shown = [segment.span for segment in found if segment.span]
    assert all(segment.text == text[segment.span.start : segment.span.end] for segment in found if segment.span)
    hidden = [span for segment in found for span in segment.inside]
    assert sorted(span.id for span in shown + hidden) == sorted(span.id for span in spans)
    # A mention is hidden only by one that overlaps it.
    for span in hidden:
        assert any(other.start <= span.start < other.end for other in shown)


@given(marked_texts(), st.data())
def test_a_stretch_holds_what_lies_in_it(marked, data):
    text, spans = marked
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert "".join(segment.text for segment in segments(text, spans, start, end)) == text[start:end]


@given(marked_texts())
def test_the_sentence_holds_the_mention(marked):
    text, spans = marked
    for span in spans:
        start, end, before, after = sentence_around(text, span)
        assert 0 <= start <= span.start < span.end <= end <= len(text)
        assert not (before or after)  # short texts are shown whole
        # Nothing of another line, unless the mention itself goes over it.
        assert "\n" not in text[start : span.start] + text[span.end : end]


def at(text, word):
    return Span(id="k", start=text.index(word), end=text.index(word) + len(word), label="X")


def test_sentences_in_both_languages():
    text = "값이 올랐다. 이 웨이퍼는 일본산보다 30% 싸다. Rivals wait. It is cheaper, says SK Inc. today.\n제목"
    for word, sentence in {
        "싸": "이 웨이퍼는 일본산보다 30% 싸다.",
        "cheaper": "It is cheaper, says SK Inc. today.",
        "제목": "제목",
    }.items():
        passage = sentence_around(text, at(text, word))
        assert text[passage.start : passage.end] == sentence


def test_a_long_line_is_cut_near_the_mention_at_a_space():
    text = "word " * 100_000 + "cheaper" + " word" * 100_000
    passage = sentence_around(text, at(text, "cheaper"))
    shown = text[passage.start : passage.end]
    assert passage.cut_before
    assert passage.cut_after
    assert len(shown) < 400
    assert set(shown.split()) == {"word", "cheaper"}
