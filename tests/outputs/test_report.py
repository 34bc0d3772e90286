import re
from html.parser import HTMLParser

import pytest

from sobujang.document import Comparison, Document, Entity, PriceDifference, Relation, Span
from sobujang.outputs.report import Report, write_report
from sobujang.outputs.report_words import WORDS
from sobujang.schema import Schema

SCHEMA = Schema.from_dict(
    {
        "name": "zoo",
        "mentions": {
            "BEAST": {"color": "#123456", "description": "an animal"},
            "FOOD": {"color": "red}</style><script>alert(1)</script>"},
            "LIKES_MORE": {},
        },
        "relations": {
            "EATS": {"head": ["BEAST"], "tail": ["FOOD"]},
            "IS": {"head": ["BEAST"], "tail": ["BEAST"], "symmetric": True, "transitive": True},
        },
        "frames": {
            "TASTE": {"cues": {"LIKES_MORE": "sideways"}, "roles": {"FIRST_COURSE": {"tail": ["FOOD"]}}},
        },
    }
)
HOSTILE = "<script>alert('x')</script>&amp;\"'"
VOID = {"meta", "input"}


class Page(HTMLParser):
    """Collects what a browser would see: elements with their attributes, ids, links, and text outside scripts."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.open, self.text = [], [], []
        self.feed(html)
        self.close()
        assert self.open == []
        self.ids = [a["id"] for _, a in self.elements if "id" in a]
        self.links = [a["href"] for tag, a in self.elements if tag == "a"]

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("script", "style"):
            self.text.append(data)

    def count(self, tag, **attributes):
        return sum(t == tag and attributes.items() <= a.items() for t, a in self.elements)


def document(number=1, **changes):
    """`<id>: Bears eat fish, they like honey more.` with all that a record can hold."""
    text = "Bears eat fish. They like honey more than fish.\nEnd"
    spans = {"T1": ("Bears", "BEAST"), "T2": ("fish", "FOOD"), "T3": ("They", "BEAST"), "T4": ("honey", "FOOD")}
    found = [
        Span(id=i, start=text.index(word), end=text.index(word) + len(word), label=label, score=0.875)
        for i, (word, label) in spans.items()
    ]
    cue = Span(id="K", start=text.index("more"), end=text.index("more") + 4, label="LIKES_MORE", score=0.5)
    values = {
        "id": f"d{number}",
        "text": text,
        "lang": "en",
        "spans": (*found, cue),
        "relations": (
            Relation(head="T1", tail="T2", label="EATS", score=0.75),
            Relation(head="T3", tail="T1", label="IS"),
        ),
        "comparisons": (
            Comparison(cue="K", direction="sideways", roles={"first_course": ("T4",)}, price_ratio=0.7, score=0.625),
        ),
        "entities": (Entity(id="E1", label="BEAST", name="Bears", mentions=("T1", "T3")),),
    }
    return Document(**values | changes)


def page(*documents, schema=SCHEMA, **options):
    report = Report(schema, **options)
    for item in documents:
        report.add(item)
    return report.to_html()


def test_structure_links_and_words():
    html = page(document(1), document(2))
    parsed = Page(html)
    assert len(set(parsed.ids)) == len(parsed.ids)
    assert all(link.removeprefix("#") in parsed.ids for link in parsed.links)
    used = set(re.findall(r'data-(?:w|w-[a-z-]+|c)="(\w+)"', html)) | set(re.findall(r'say\("(\w+)"\)', html))
    assert used <= WORDS.keys()
    assert parsed.count("mark") == 2 * 5 + 2 * 2  # in the texts and in the evidence


def test_it_stands_alone():
    html = page(document())
    assert "default-src 'none'" in html
    assert not re.search(r"https?://|//[a-z]+\.|@import|url\(|<link|<img|src=", html)


def test_columns_follow_the_frames():
    parsed = Page(page(document()))
    text = " ".join("".join(parsed.text).split())
    assert "First course" in text
    assert "sideways" in text
    assert parsed.count("span", **{"class": "dir other"}) == 2
    assert "× 0.70" not in text  # the frame says nothing of amounts
    assert "They like honey more than fish." in text
    assert parsed.count("td", **{"data-c": "score", "data-v": "0.625"}) == 1


def test_prices():
    ratio = Comparison(cue="K", direction="lower", roles={}, price_ratio=0.7)
    difference = Comparison(
        cue="K", direction="higher", roles={}, price_difference=PriceDifference(value=-1234567.5, currency="KRW")
    )
    schema = {"name": "s", "mentions": {"BEAST": {}}, "frames": {}}
    cue = Span(id="K", start=0, end=5, label="BEAST")
    html = page(
        Document(id="a", text="Bears", spans=(cue,), comparisons=(ratio, difference)), schema=Schema.from_dict(schema)
    )
    assert "× 0.70" in html
    assert "−30%" in html
    assert "−1,234,567.5 KRW" in html


def test_coreference_is_shown_as_entities_or_else_as_relations():
    told, untold = Page(page(document())), Page(page(document(entities=())))
    assert told.count("section", id="entities") == 1
    assert untold.count("section", id="entities") == 0
    assert [p.count("summary") for p in (told, untold)] == [2, 2]  # EATS and BEAST, EATS and IS


def test_scores_are_left_out_where_there_are_none():
    bare = document(
        spans=(Span(id="T1", start=0, end=5, label="BEAST"),), relations=(), comparisons=(), entities=()
    )  # fmt: skip
    parsed = Page(page(bare))
    assert parsed.count("mark", title="BEAST") == 1
    assert parsed.count("td", **{"data-c": "score"}) == 0


@pytest.mark.parametrize("hostile", [HOSTILE, "--></style></script>\x00\x1b\ud800\u202e", "{{ 7*7 }}{% raw %}"])
def test_every_text_is_escaped(hostile):
    text = f"{hostile} {hostile}"
    span = Span(id=hostile, start=0, end=len(hostile), label=hostile, score=0.5)
    other = Span(id="T2", start=len(hostile) + 1, end=len(text), label="BEAST", score=0.5)
    record = Document(
        id=hostile, text=text, meta={hostile: hostile}, spans=(span, other),
        relations=(Relation(head=hostile, tail="T2", label=hostile),),
        comparisons=(
            Comparison(
                cue=hostile, direction=hostile, roles={hostile: ("T2",)},
                price_difference=PriceDifference(value=1, currency=hostile),
            ),
        ),
        entities=(Entity(id=hostile, label=hostile, name=hostile, mentions=(hostile,)),),
    )  # fmt: skip
    schema = Schema.from_dict({"name": hostile, "mentions": {"BEAST": {"description": hostile, "color": hostile}}})
    report = Report(schema, title=hostile)
    report.add(record)
    report.add_failed(hostile, hostile)
    html = report.to_html()
    html.encode()
    parsed, plain = Page(html), Page(page(document()))
    assert parsed.count("script") == plain.count("script") == 2
    assert parsed.count("style") == 1
    assert not any(name.startswith("on") for _, attributes in parsed.elements for name in attributes)
    assert all(link.removeprefix("#") in parsed.ids for link in parsed.links)
    if hostile == HOSTILE:
        assert HOSTILE in "".join(parsed.text)
    assert not re.search("[\x00\x1b\ud800]", html)


def test_a_colour_cannot_leave_its_place():
    html = page(document())
    assert "--c:#123456" in html
    assert "alert(1)" not in html


def test_overlapping_mentions_keep_their_links():
    spans = (Span(id="T1", start=0, end=9, label="BEAST"), Span(id="T2", start=6, end=14, label="FOOD"))
    record = Document(
        id="a", text="Bears eat fish", spans=spans, relations=(Relation(head="T1", tail="T2", label="EATS"),)
    )
    parsed = Page(page(record))
    assert all(link.removeprefix("#") in parsed.ids for link in parsed.links)


def test_beyond_the_limit_comparisons_stay_without_a_link():
    html = page(*(document(number) for number in range(5)), limit=2)
    parsed = Page(html)
    assert parsed.count("article") == 2
    assert parsed.count("td", **{"data-c": "direction"}) == 5
    assert all(link.removeprefix("#") in parsed.ids for link in parsed.links)
    assert "2 / 5" in html
    assert "2 / 5" not in page(*(document(number) for number in range(5)))


@pytest.mark.parametrize("text", ["", " \n", "🙂", "x" * 1_000_000])
def test_documents_without_anything(text):
    assert Page(page(Document(id="a", text=text))).count("article") == 1


def test_no_documents_at_all(tmp_path):
    write_report(iter([]), Schema.default(), tmp_path / "r.html")
    parsed = Page((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert parsed.count("article") == 0


def test_text_keeps_its_white_space():
    record = Document(id="a", text="  a\n\n\tb  ", spans=(Span(id="T1", start=2, end=3, label="BEAST"),))
    html = page(record)
    inner = re.search(r'<div class="text"[^>]*>(.*?)</div>', html, re.DOTALL).group(1)
    assert re.sub("<[^>]+>", "", inner) == record.text
