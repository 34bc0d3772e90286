import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sobujang.corpora.markup import assemble_edges, format_markup, parse_markup, read_markup
from sobujang.document import Document, Relation, Span
from sobujang.errors import DocumentError, FormatError
from sobujang.schema import Schema

SCHEMA = Schema.default()
GOOD = "id: a\nlang: en\n\n[Hanbit]{COMPANY c1} makes [valves]{PART p1}.\n----\nMAKES c1 -> p1\n"

# Pieces that have a meaning in the markup come up often, all other characters now and then.
_PIECES = st.sampled_from(
    ["[", "]", "{", "}", "\\", "\n", "----", "====", "\n----\n", "\n====\n", "\\----", "]{COMPANY c1}", "[x]{PART p9}",
     "\\[", "\\]{", "\0", "\r", "\r\n", "\u2028", "\ufeff", "😀", "e\u0301", "한빛", " ", "id: b",
     "a -> b", "MAKES c1 -> p1"]
)  # fmt: skip
TEXTS = st.lists(_PIECES | st.characters(exclude_categories=["Cs"]), max_size=12).map("".join)


@st.composite
def documents(draw, number=0):
    text = draw(TEXTS)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    labels = st.sampled_from(["COMPANY", "PART", "COST_LOWER", "MONEY"])
    spans = [
        Span(id=f"T{n}", start=start, end=end, label=draw(labels), text=text[start:end])
        for n, (start, end) in enumerate(zip(cuts[::2], cuts[1::2], strict=False))
        if text[start:end].strip()
    ]
    edges = []
    if spans:
        ends = st.sampled_from([span.id for span in spans])
        names = st.sampled_from(["MAKES", "SAME_AS", "ITEM", "AMOUNT", "other"])
        edges = draw(st.lists(st.builds(Relation, head=ends, tail=ends, label=names), max_size=4))
    relations, comparisons = assemble_edges(edges, {span.id: span.label for span in spans}, SCHEMA)
    header = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5).map(str.strip)
    return Document(
        id=draw(header) + str(number),
        text=text,
        lang=draw(st.sampled_from([None, "ko", "en", "mixed"])),
        meta={"kind": draw(header)},
        spans=tuple(spans),
        relations=relations,
        comparisons=comparisons,
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(documents(), min_size=1, max_size=3))
def test_documents_come_back_as_they_were(written):
    # Roles are written after relations, so the edges come back in another order than some were put in: as sets.
    read = list(parse_markup(format_markup(written, SCHEMA), SCHEMA))
    assert [edges(document) for document in read] == [edges(document) for document in written]
    for ours, theirs in zip(written, read, strict=True):
        assert (ours.id, ours.text, ours.lang, dict(ours.meta), ours.spans) == (
            theirs.id, theirs.text, theirs.lang, dict(theirs.meta), theirs.spans,
        )  # fmt: skip


def edges(document):
    return document.relations, [(c.cue, c.direction, dict(c.roles)) for c in document.comparisons]


@settings(max_examples=50, deadline=None)
@given(documents())
def test_a_file_gives_back_every_character(tmp_path_factory, document):
    path = tmp_path_factory.mktemp("markup") / "a.markup"
    path.write_bytes(format_markup([document], SCHEMA).encode())
    assert [found.text for found in read_markup(path, SCHEMA)] == [document.text]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("[]{}\\ a\n-=:>,"), max_size=60))
def test_any_body_is_read_or_refused(body):
    try:
        list(parse_markup(f"id: a\n\n{body}\n----\n", SCHEMA))
    except FormatError:
        pass


def test_offsets_count_code_points():
    (document,) = parse_markup("id: a\n\n😀e\u0301 [한빛]{COMPANY c1}은\n----\n", SCHEMA)
    assert (document.spans[0].start, document.spans[0].end) == (4, 6)


def test_ordinary_brackets_need_no_escape():
    (document,) = parse_markup("id: a\n\n[서울=한빛통신] [[아산]{PLACE l1}=기자] 끝]\n----\n", SCHEMA)
    assert document.text == "[서울=한빛통신] [아산=기자] 끝]"
    assert document.surface("l1") == "아산"


def test_an_escaped_bracket_begins_no_mention():
    (document,) = parse_markup("id: a\n\n\\[valves]{PART p1} and a \\\\ [b\\]]{PART p2}\n----\n", SCHEMA)
    assert document.text == "[valves]{PART p1} and a \\ b]"
    assert [span.id for span in document.spans] == ["p2"]


def test_roles_become_comparisons_and_others_stay_relations():
    text = (
        "id: a\n\n[valves]{PART p1} [cheaper]{COST_LOWER k1} than [pumps]{PART p2} by [5%]{PERCENT r1}\n----\n"
        "ITEM k1 -> p1\nBASELINE k1 -> p2\nAMOUNT k1 -> r1\nUSED_IN p1 -> p2\n"
    )
    (document,) = parse_markup(text, SCHEMA)
    assert [r.label for r in document.relations] == ["USED_IN"]
    (comparison,) = document.comparisons
    assert comparison.direction == "lower"
    assert dict(comparison.roles) == {"item": ("p1",), "baseline": ("p2",), "amount": ("r1",)}


def test_a_role_of_no_cue_is_kept_where_the_audit_sees_it():
    (document,) = parse_markup(GOOD.replace("MAKES", "ITEM"), SCHEMA)
    assert [(r.label, r.head, r.tail) for r in document.relations] == [("ITEM", "c1", "p1")]


def test_several_tails_on_a_line():
    (document,) = parse_markup("id: a\n\n[A]{COMPANY c1} [b]{PART p1} [c]{PART p2}\n----\nMAKES c1 -> p1, p2\n", SCHEMA)
    assert [(r.head, r.tail) for r in document.relations] == [("c1", "p1"), ("c1", "p2")]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("id: a\n\nno rule\n", 1, "----"),
        ("id: a\nwhat\n\nx\n----\n", 2, "'what'"),
        ("lang: ko\n\nx\n----\n", 1, "id:"),
        ("id: a\n\nx\n[ ]{PART p1}\n----\n", 4, "'p1' is empty"),
        ("id: a\n\n[x]{PART p1} [y]{PART p1}\n----\n", 1, "'p1' stands twice"),
        ("id: a\n\n[x]{PART p1}\n----\nMAKES p1 p1\n", 5, "'MAKES p1 p1'"),
        ("id: a\n\n[x]{PART p1}\n----\n\nMAKES c7 -> p1\n", 6, "'c7'"),
        ("id: a\nlang: fr\n\nx\n----\n", 1, "'fr'"),
        (GOOD + "====\nid: b\n\nx\n----\nMAKES c1 -> p1\n", 12, "'c1'"),
        (GOOD + "====\n\nid: b\n", 8, "header"),
    ],
)
def test_errors_name_file_and_line(tmp_path, text, line, says):
    path = tmp_path / "bad.markup"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=re.escape(f"{path}:{line}: ") + ".*" + re.escape(says)):
        read_markup(path, SCHEMA)


def test_files_that_cannot_be_read_say_so(tmp_path):
    with pytest.raises(FormatError, match=r"missing\.markup: cannot read"):
        read_markup(tmp_path / "missing.markup", SCHEMA)
    (tmp_path / "latin.markup").write_bytes("id: café".encode("latin-1"))
    with pytest.raises(FormatError, match=r"latin\.markup: not UTF-8 at byte 7"):
        read_markup(tmp_path / "latin.markup", SCHEMA)


@pytest.mark.parametrize("change", [lambda b: b"\xef\xbb\xbf" + b, lambda b: b.replace(b"\n", b"\r\n")])
def test_files_from_other_editors_are_read(tmp_path, change):
    (tmp_path / "a.markup").write_bytes(change(GOOD.encode()))
    (document,) = read_markup(tmp_path / "a.markup", SCHEMA)
    assert (document.id, document.text) == ("a", "Hanbit makes valves.")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"spans": (Span(id="a", start=0, end=2, label="X"), Span(id="b", start=1, end=3, label="X"))}, "overlaps"),
        ({"spans": (Span(id="a", start=3, end=4, label="X"),)}, "white space"),
        ({"spans": (Span(id="a b", start=0, end=2, label="X"),)}, "span id 'a b'"),
        ({"spans": (Span(id="a", start=0, end=2, label="X}"),)}, "label 'X}'"),
        ({"meta": {"a:b": "x"}}, "meta key 'a:b'"),
        ({"meta": {"lang": "x"}}, "meta key 'lang'"),
        ({"meta": {"note": "two\nlines"}}, "note"),
        ({"id": " padded"}, "id ' padded'"),
    ],
)  # fmt: skip
def test_what_markup_cannot_show_is_refused(change, says):
    document = Document(**{"id": "d", "text": "one two", **change})
    with pytest.raises(DocumentError, match=re.escape(says)):
        format_markup([document], SCHEMA)
