"""The extractor's contracts, on a tiny network that knows nothing but answers."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sobujang.document import Document, Relation, Span
from sobujang.errors import DocumentError
from sobujang.extractor import Extractor, locate_spans
from sobujang.model.backend import Encoded
from sobujang.model.config import ModelConfig
from sobujang.model.subwords import Subwords
from sobujang.model.tags import begin, inside, tag_count
from sobujang.schema import Schema
from sobujang.text.tokens import tokenize

KOREAN = (
    "한빛정밀은 황동으로 만든 커넥터를 일본산의 절반 가격에 납품했다. 이 회사 웨이퍼는 30% 저렴하다.\n㈜대한은 ½ 가격."
)
ENGLISH = "Hanbit Co. Ltd. sells the wafers.  Its valves are 30 percent cheaper than Japanese ones, at $3.50 apiece."
NASTY = [
    "",
    " ",
    "\n\t",
    "😀😀",
    "\0",
    "\0한빛\0정밀\0",
    "\ud800",
    "a\udfff한빛\ud83d은",
    "a",
    "가",
    ".",
    KOREAN,
    ENGLISH,
    f"{KOREAN} {ENGLISH}\u2028{KOREAN}",
    "\r\n".join([ENGLISH, "", KOREAN]),
    "\u1112\u1161\u11ab e\u0301 \u200d\ufe0f ﷽ １２",
    "",
    (KOREAN + " " + ENGLISH) * 5,
]


@pytest.fixture(scope="module")
def one_by_one(tiny_extractor: Extractor) -> list[Document]:
    return [tiny_extractor.extract(text) for text in NASTY]


def content(document: Document) -> dict[str, object]:
    return {**document.to_dict(), "id": None}


def check(document: Document, text: str) -> None:
    """What every record must hold."""
    assert len(document.text) == len(text)
    assert all(
        a == b or ("\ud800" <= a <= "\udfff" and b == "\ufffd") for a, b in zip(text, document.text, strict=True)
    )
    before = 0
    for span in document.spans:
        assert before <= span.start < span.end
        assert span.text == document.text[span.start : span.end]
        assert span.text.strip() == span.text
        before = span.end
    assert len({span.id for span in document.spans}) == len(document.spans)
    scores = [item.score for item in (*document.spans, *document.relations, *document.comparisons)]
    assert all(score is not None and 0 <= score <= 1 for score in scores)
    edges = [(r.head, r.tail, r.label) for r in document.relations]
    assert len(edges) == len(set(edges))
    document.to_json()


def test_each_record_is_sound(one_by_one: list[Document]) -> None:
    for document, text in zip(one_by_one, NASTY, strict=True):
        check(document, text)
    # Otherwise the contracts below would say nothing.
    assert sum(len(d.spans) for d in one_by_one) > 50
    assert sum(len(d.relations) for d in one_by_one) > 20
    assert sum(len(d.comparisons) for d in one_by_one) > 5


@pytest.mark.parametrize("batch_size", [1, 3, 32, 1000])
def test_a_stream_gives_what_single_texts_give(
    tiny_extractor: Extractor, one_by_one: list[Document], batch_size: int
) -> None:
    streamed = list(tiny_extractor.stream(iter(NASTY), batch_size=batch_size))
    assert [content(d) for d in streamed] == [content(d) for d in one_by_one]
    assert [d.id for d in streamed] == [str(i) for i in range(len(NASTY))]


@settings(max_examples=30)
@given(text=st.text(st.characters() | st.sampled_from("전기차는 웨이퍼가격을 낮추다. the %30\n\ud800"), max_size=60))
@example(text="-")
@example(text="00: -")
def test_any_text_comes_back(tiny_extractor: Extractor, text: str) -> None:
    check(tiny_extractor.extract(text), text)


@pytest.mark.parametrize("batch_size", [0, -1])
def test_an_impossible_batch_size(tiny_extractor: Extractor, batch_size: int) -> None:
    with pytest.raises(ValueError, match="batch_size"):
        list(tiny_extractor.stream(["a"], batch_size=batch_size))


@pytest.mark.parametrize("text", [None, 5, b"bytes", ["a"], float("nan")])
def test_what_is_no_text(tiny_extractor: Extractor, text: object) -> None:
    with pytest.raises(DocumentError, match=type(text).__name__):
        tiny_extractor.extract(text)  # type: ignore[arg-type]
    with pytest.raises(DocumentError, match="text 1 is"):
        list(tiny_extractor.stream(["fine", text]))  # type: ignore[list-item]


def test_a_string_is_no_stream(tiny_extractor: Extractor) -> None:
    with pytest.raises(DocumentError, match=r"extract\(text\)"):
        list(tiny_extractor.stream("one text"))


def test_a_stream_is_consumed_lazily(tiny_extractor: Extractor) -> None:
    taken = []

    def texts() -> Iterator[str]:
        for number in range(1000):
            taken.append(number)
            yield f"the wafers {number}"

    stream = tiny_extractor.stream(texts(), batch_size=4)
    assert taken == []
    next(stream)
    assert len(taken) == 4
    for _ in range(4):
        next(stream)
    assert len(taken) == 8


def test_a_document_keeps_what_it_brings(tiny_extractor: Extractor) -> None:
    gold = Document(
        id="news-7",
        text=ENGLISH,
        lang="mixed",
        meta={"source": "x"},
        spans=(Span(id="Z", start=0, end=6, label="PART"),),
    )
    found = tiny_extractor.extract(gold)
    assert (found.id, found.lang, found.meta) == ("news-7", "mixed", {"source": "x"})
    assert found.spans == tiny_extractor.extract(ENGLISH).spans
    assert tiny_extractor.extract(ENGLISH).lang == "en"


def test_a_single_line_of_200_kilobytes(tiny_extractor: Extractor) -> None:
    # Runs of a letter that the vocabulary lacks are one piece: long, yet quick.
    text = ("cheaper wafers percent " + "é" * 377) * 500
    document = tiny_extractor.extract(text)
    check(document, text)
    # The end of the text is read as its beginning is.
    assert {span.end // 20_000 for span in document.spans} == set(range(10))


class Spotter:
    """A backend that calls each piece of a given id a mention, and every pair an edge; keeps what it was shown."""

    def __init__(self, piece: int, schema: Schema) -> None:
        self.piece = piece
        self.schema = schema
        self.shown: list[NDArray[np.int64]] = []

    def encode(self, windows: Sequence[NDArray[np.int64]]) -> list[Encoded]:
        found = []
        for window in windows:
            self.shown.append(window)
            tags = np.full((len(window), tag_count(len(self.schema.labels))), -9, dtype=np.float32)
            tags[:, 0] = 0
            tags[window == self.piece, begin(0)] = 9
            found.append(Encoded(np.zeros((len(window), 4), dtype=np.float32), tags))
        return found

    def edges(
        self, hidden: NDArray[np.float32], mentions: NDArray[np.int64], pairs: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        # The places that the network is pointed to are those of the piece.
        assert (self.shown_by_length(len(hidden))[mentions[:, 0]] == self.piece).all()
        assert (mentions[:, 0] == mentions[:, 1]).all()
        return np.full((len(pairs), len(self.schema.edges)), 3, dtype=np.float32)

    def shown_by_length(self, length: int) -> NDArray[np.int64]:
        return next(w for w in reversed(self.shown) if len(w) == length and (w == self.piece).any())


FLAT = Schema.from_dict({"name": "flat", "mentions": {"A": {}}})


@pytest.mark.parametrize(("window", "overlap"), [(16, 0), (16, 5), (64, 16), (3, 0), (512, 128)])
def test_long_equals_short(subwords: Subwords, window: int, overlap: int) -> None:
    """Every `cheaper` of a long text is found once, also past piece 512, however sentences fall."""
    shuffled = random.Random(0)
    sentences = [
        shuffled.choice(["", "the "])
        + "wafers " * shuffled.randrange(40)
        + "cheaper"
        + shuffled.choice([". A", "\n", " "])
        for _ in range(150)
    ]
    text = "".join(sentences)
    backend = Spotter(subwords("cheaper", [(0, 7)]).ids[0], FLAT)
    config = ModelConfig(name="s", schema=FLAT.to_dict(), window=window, overlap=overlap)
    document = Extractor(config, subwords, backend).extract(text)
    starts = [i for i in range(len(text)) if text.startswith("cheaper", i)]
    assert [(s.start, s.end) for s in document.spans] == [(i, i + 7) for i in starts]
    assert sum(len(w) - 2 for w in backend.shown) > 2000
    for w in backend.shown:
        assert 3 <= len(w) <= window
        assert (w[0], w[-1]) == (subwords.bos_id, subwords.eos_id)


def test_windows_that_share_pieces_report_a_mention_once(subwords: Subwords) -> None:
    text = "cheaper wafers.\n" * 100
    backend = Spotter(subwords("cheaper", [(0, 7)]).ids[0], FLAT)
    config = ModelConfig(name="s", schema=FLAT.to_dict(), window=20, overlap=8)
    document = Extractor(config, subwords, backend).extract(text)
    assert len(document.spans) == 100
    assert sum((w == backend.piece).sum() for w in backend.shown) > 100  # context really was shown


@pytest.mark.parametrize(
    ("text", "tagged", "expected"),
    [
        # ▁ 가 격 ▁ 낮: the word mark is a piece of its own
        ("가격 낮", [0, 1, 2], ["가격"]),
        ("가격 낮", [1, 2, 3], ["가격"]),
        ("가격 낮", [2, 3, 4], ["격 낮"]),
        ("가격 낮", [3, 4], ["낮"]),
        ("가격 낮", [3], []),
        # ▁ ( <unk> ) ▁한빛: four pieces for the one character ㈜
        ("㈜ 한빛", [0, 1, 2, 3], ["㈜"]),
        ("㈜ 한빛", [2, 3, 4], ["한빛"]),
        ("㈜ 한빛", [2, 3], []),
    ],
)
def test_spans_have_no_white_space_at_their_ends(
    subwords: Subwords, text: str, tagged: list[int], expected: list[str]
) -> None:
    class Tagged(Spotter):
        def encode(self, windows: Sequence[NDArray[np.int64]]) -> list[Encoded]:
            (encoded,) = super().encode(windows)
            encoded.tags[[1 + i for i in tagged], inside(0)] = 9
            encoded.tags[1 + tagged[0], begin(0)] = 10
            return [encoded]

    config = ModelConfig(name="s", schema=FLAT.to_dict())
    document = Extractor(config, subwords, Tagged(-1, FLAT)).extract(text)
    assert [s.text for s in document.spans] == expected


def test_a_mention_is_decided_by_the_window_that_owns_it(subwords: Subwords) -> None:
    """What a window says of the context that it shares with its neighbour is not taken."""

    class Last(Spotter):
        def encode(self, windows: Sequence[NDArray[np.int64]]) -> list[Encoded]:
            found = super().encode(windows)
            for encoded in found:
                encoded.tags[-2, begin(0)] = 9
            return found

    text = "cheaper wafers.\n" * 30
    config = ModelConfig(name="s", schema=FLAT.to_dict(), window=20, overlap=8)
    backend = Last(-1, FLAT)
    document = Extractor(config, subwords, backend).extract(text)
    assert len(backend.shown) > 3
    assert [(s.start, s.text) for s in document.spans] == [(len(text) - 2, ".")]


def test_edges_hold_among_all_mentions_of_a_window_and_across_its_border(subwords: Subwords) -> None:
    schema = Schema.from_dict(
        {"name": "r", "mentions": {"A": {}}, "relations": {"R": {"head": ["A"], "tail": ["A"], "symmetric": True}}}
    )
    text = "cheaper wafers.\n" * 30
    backend = Spotter(subwords("cheaper", [(0, 7)]).ids[0], schema)
    config = ModelConfig(name="s", schema=schema.to_dict(), window=11, overlap=4)
    document = Extractor(config, subwords, backend).extract(text)
    edges = {(int(r.head[1:]), int(r.tail[1:])) for r in document.relations}
    # Three sentences of three pieces fit; with one shared, every neighbour is reached.
    assert {(i + 1, i) for i in range(1, 30)} <= edges
    assert all(0 < head - tail <= 2 for head, tail in edges)


def test_a_name_that_comes_back_windows_later_is_linked(subwords: Subwords) -> None:
    schema = Schema.from_dict(
        {
            "name": "c",
            "mentions": {"A": {}},
            "relations": {
                "E": {"head": ["A"], "tail": ["A"], "symmetric": True, "transitive": True, "same_label": True},
                "R": {"head": ["A"], "tail": ["A"]},
            },
        }
    )

    class Reading(Spotter):
        """Its hidden states are the pieces, so that it sees what it is pointed to."""

        def encode(self, windows: Sequence[NDArray[np.int64]]) -> list[Encoded]:
            return [Encoded(np.repeat(w, 4).reshape(-1, 4).astype(np.float32), e.tags)
                    for w, e in zip(windows, super().encode(windows), strict=True)]  # fmt: skip

        def edges(
            self, hidden: NDArray[np.float32], mentions: NDArray[np.int64], pairs: NDArray[np.int64]
        ) -> NDArray[np.float32]:
            assert (hidden[mentions[:, :2], 0] == self.piece).all()
            assert (mentions[:, 0] < mentions[:, 3]).all()
            assert (mentions[:, 3] < len(hidden)).all()
            return np.full((len(pairs), len(self.schema.edges)), 3, dtype=np.float32)

    text = "cheaper wafers.\n" + "the wafers.\n" * 30 + "cheaper wafers. cheaper."
    backend = Reading(subwords("cheaper", [(0, 7)]).ids[0], schema)
    config = ModelConfig(name="s", schema=schema.to_dict(), window=16, overlap=4)
    document = Extractor(config, subwords, backend).extract(text)
    edges = {(r.head, r.tail, r.label) for r in document.relations}
    # Coreference reaches any distance; other relations hold only where a window shows both.
    assert edges == {("T2", "T1", "E"), ("T3", "T2", "E"), ("T2", "T3", "R"), ("T3", "T2", "R")}
    assert [entity.mentions for entity in document.entities] == [("T1", "T2", "T3")]


def test_given_mentions_keep_ids_and_spans(tiny_extractor: Extractor) -> None:
    text = "한빛정밀은 커넥터를 일본산의 절반 가격에 납품했다."
    spans = [(0, 4, "COMPANY"), (6, 9, "PART"), (11, 13, "PLACE"), (16, 18, "MULTIPLE"), (19, 21, "COST_LOWER")]
    given_spans = tuple(Span(id=f"x{i}", start=a, end=b, label=label) for i, (a, b, label) in enumerate(spans))
    gold = Document(
        id="d",
        text=text,
        meta={"k": 1},
        spans=given_spans,
        relations=(Relation(head="x0", tail="x1", label="SUPPLIES"),),
    )
    (found,) = tiny_extractor.relate([gold])
    assert [(s.id, s.start, s.end, s.label) for s in found.spans] == [
        (s.id, s.start, s.end, s.label) for s in given_spans
    ]
    assert (found.id, found.meta) == ("d", {"k": 1})
    assert {r.label for r in found.relations} <= {"MAKES", "BASED_IN", "ORIGIN", "EXPORTS_TO"}
    check(found, text)


def test_relating_many_documents(tiny_extractor: Extractor) -> None:
    surrogate = Document(id="s", text="\ud800한빛", spans=(Span(id="a", start=0, end=1, label="PART", text="\ud800"),))
    empty, bare = Document(id="e", text=""), Document(id="b", text=ENGLISH)
    nested = Document(
        id="n",
        text=ENGLISH,
        spans=(Span(id="in", start=7, end=9, label="PART"), Span(id="out", start=0, end=9, label="PART")),
    )
    found = list(tiny_extractor.relate(iter([surrogate, empty, bare, nested])))
    assert [d.id for d in found] == ["s", "e", "b", "n"]
    assert [[s.id for s in d.spans] for d in found] == [["a"], [], [], ["out", "in"]]
    assert found[0].text == "\ufffd한빛"


def test_a_given_label_that_the_model_lacks(tiny_extractor: Extractor) -> None:
    document = Document(id="d7", text="abc", spans=(Span(id="q", start=0, end=3, label="PERSON"),))
    with pytest.raises(DocumentError, match=r"d7.*'q'.*PERSON"):
        list(tiny_extractor.relate([document]))


@settings(max_examples=40)
@given(text=st.text(st.sampled_from("한빛정밀은 the wafers㈜½.…\0漢"), min_size=1, max_size=30), data=st.data())
def test_spans_at_token_borders_are_located_exactly(subwords: Subwords, text: str, data: st.DataObject) -> None:
    tokens = tokenize([text])[0].spans
    pieces = subwords(text, tokens)
    spans = []
    for number, first in enumerate(range(0, len(tokens), 2)):
        last = data.draw(st.integers(first, min(first + 1, len(tokens) - 1)))
        spans.append(Span(id=str(number), start=tokens[first][0], end=tokens[last][1], label="A"))
    located = list(locate_spans(reversed(spans), pieces))
    assert [span for _, _, span in located] == spans
    for first, end, span in located:
        assert (pieces.spans[first, 0], pieces.spans[end - 1, 1]) == (span.start, span.end)
        # It begins with the first piece of its token, word mark included, and never with a piece of another one.
        assert first in pieces.token_starts.tolist()
        assert first < end
    for (_, end, _), (first, _, _) in itertools.pairwise(located):
        assert end <= first


def test_a_mention_may_begin_inside_of_a_token(subwords: Subwords) -> None:
    pieces = subwords("abcdef", [(0, 6)])
    ((first, end, _),) = locate_spans([Span(id="a", start=2, end=4, label="A")], pieces)
    assert pieces.spans[first:end].tolist() == [[2, 3], [3, 4]]
    assert list(locate_spans([Span(id="a", start=0, end=1, label="A")], subwords(" ", []))) == []


def test_no_mention_cuts_a_latin_word(tiny_extractor: Extractor) -> None:
    """The tiny model tags single letters; what it says of a part of a word must be said of the whole."""
    text = (
        "the wafers are 30 percent cheaper than the valves, and 한빛정밀은 sells wafers 커넥터를 valves and films. " * 4
    )
    found = tiny_extractor.extract(text).spans
    assert len(found) > 10
    for span in found:
        for left, right in ((span.start - 1, span.start), (span.end - 1, span.end)):
            pair = text[max(left, 0) : right + 1]
            assert not (len(pair) == 2 and pair.isascii() and pair.isalpha()), (span.text, pair)
