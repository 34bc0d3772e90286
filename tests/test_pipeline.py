"""The spaCy component: nothing that the extractor finds is lost on the way, and nothing that was there before."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import re
import subprocess
import sys
from itertools import count, islice

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy import displacy
from spacy.tokens import Doc, DocBin, Span, SpanGroup

import sobujang
from sobujang import document
from sobujang.document import Document, clean_text
from sobujang.errors import DocumentError, ModelError, SobujangError
from sobujang.pipeline import SPANS_KEY, add_extensions, annotate, displacy_options
from sobujang.retokenization import split_tokens
from sobujang.schema import Schema

KOREAN = "한빛정밀은 황동으로 만든 커넥터를 일본산의 절반 가격에 납품했다."
ENGLISH = "The company's wafers are 30 percent cheaper than Japanese ones…"
HARD_TEXTS = {
    "empty": "",
    "space": " ",
    "spaces": "   ",
    "newlines": "\n\n",
    "one token": "커넥터",
    "emoji": "👩‍👩‍👧🔥",
    "NUL": "a\0b\0\0한빛정밀은",
    "korean": KOREAN,
    "english": ENGLISH,
    "mixed": f"{KOREAN} {ENGLISH}\n{ENGLISH}\t{KOREAN}  ",
    "combining": "e\u0301\u0301 \u200b\ufeff한빛\u3000정밀",
    "surrogate": clean_text("한빛\ud800정밀"),
}


class WordFinder:
    """Stands in for an extractor where a test wants to say what is found: words in capitals, wherever they begin."""

    def __init__(self, schema: Schema, pattern: str = "[A-Z]+") -> None:
        self.schema = schema
        self._pattern = re.compile(pattern)
        self.read: list[str] = []

    def stream(self, texts, batch_size=32):
        for text in texts:
            self.read.append(text.text)
            if "BROKEN" in text.text:
                raise RuntimeError("no such thing")
            yield Document(id=text.id, text=text.text, spans=tuple(self._spans(text.text)))

    def _spans(self, text):
        for number, match in enumerate(self._pattern.finditer(text), start=1):
            label = self.schema.labels[number % len(self.schema.labels)]
            yield document.Span(id=f"T{number}", start=match.start(), end=match.end(), label=label, score=0.5)


@pytest.fixture
def loads(monkeypatch, tiny_extractor):
    """The tiny model is what `sobujang.load` gives; what it was asked for."""
    asked = []

    def load(model=None, threads=None):
        asked.append((model, threads))
        return tiny_extractor

    monkeypatch.setattr(sobujang, "load", load)
    return asked


@pytest.fixture
def finder(monkeypatch, schema):
    found = WordFinder(schema)
    monkeypatch.setattr(sobujang, "load", lambda model=None, threads=None: found)
    return found


def blank(lang="xx", **config):
    nlp = spacy.blank(lang)
    nlp.add_pipe("sobujang", config=config)
    return nlp


def snapshot(doc):
    return {
        "text": doc.text,
        "tokens": [(token.idx, token.text, token.whitespace_, token.ent_iob_, token.ent_type_) for token in doc],
        "ents": offsets(doc.ents),
        "spans": {key: (offsets(group), group.attrs) for key, group in doc.spans.items()},
        "user_data": dict(doc.user_data),
        "cats": doc.cats,
    }


def offsets(spans):
    return [(span.start_char, span.end_char, span.label_, span.kb_id_, span.id_) for span in spans]


@pytest.mark.parametrize("lang", ["xx", "en"])
def test_a_stream_equals_one_by_one_and_loses_no_mention(lang, loads, tiny_extractor):
    texts = list(HARD_TEXTS.values())
    nlp = blank(lang, batch_size=5)
    streamed = list(nlp.pipe(texts))
    assert [snapshot(doc) for doc in streamed] == [snapshot(nlp(text)) for text in texts]
    for text, doc in zip(texts, streamed, strict=True):
        record = tiny_extractor.extract(text)
        # The space after a spaCy token belongs to no token.
        ends = [span.end - text[: span.end].endswith(" ") for span in record.spans]
        expected = [(span.start, end, span.label, "", span.id) for span, end in zip(record.spans, ends, strict=True)]
        assert doc.text == text
        assert offsets(doc.ents) == offsets(doc.spans[SPANS_KEY]) == expected
        assert doc.spans[SPANS_KEY].attrs["scores"] == [span.score for span in record.spans]
        assert doc._.relations == record.relations
        assert doc._.comparisons == record.comparisons
        assert doc._.entities == record.entities
        assert doc._.sobujang.spans == record.spans
        assert offsets([doc._.mention(span.id) for span in record.spans]) == expected
    assert sum(len(doc._.relations) for doc in streamed) > 0  # else the model is no test
    assert sum(len(doc._.entities) for doc in streamed) > 0


def test_a_long_single_line(loads, tiny_extractor):
    text = ("커넥터" + " " * 59_997) * 5
    nlp = blank()
    (streamed,) = nlp.pipe([text])
    assert len(text) == 300_000
    assert streamed.text == text
    assert len(streamed.ents) == len(tiny_extractor.extract(text).spans) > 0
    assert snapshot(streamed) == snapshot(nlp(text))


def test_thousands_of_split_tokens_in_a_long_document(finder):
    # Half a minute with `Doc.retokenize`.
    text = "MAKER는납품했다. " * 30_000
    doc = blank()(text)
    assert doc.text == text
    assert [ent.text for ent in doc.ents] == ["MAKER"] * 30_000


def test_spacy_itself_refuses_lone_surrogates(finder):
    nlp = blank()
    with pytest.raises(UnicodeEncodeError):
        nlp("A\ud800B")
    doc = nlp(clean_text("A\ud800B"))
    assert [(ent.text, ent.start_char) for ent in doc.ents] == [("A", 0), ("B", 2)]


def test_a_stream_is_lazy_ordered_and_bounded_by_the_components_batch_size(finder):
    nlp = blank(batch_size=4)
    docs = nlp.pipe((f"A{number}" for number in count()), batch_size=1000)
    assert [doc.text for doc in islice(docs, 5)] == ["A0", "A1", "A2", "A3", "A4"]
    assert len(finder.read) == 8
    pairs = nlp.pipe([("A", {"key": 1}), ("bB", {"key": 2})], as_tuples=True)
    assert [(doc.ents[0].text, context) for doc, context in pairs] == [("A", {"key": 1}), ("B", {"key": 2})]
    assert len(list(nlp.get_pipe("sobujang").pipe([nlp.make_doc("A")], batch_size=0))) == 1
    with pytest.raises(ValueError, match="at least 1"):
        blank(batch_size=0)


def test_a_document_is_changed_in_place(finder):
    nlp = blank()
    doc = nlp.make_doc("aAa")
    before = doc[0]
    assert nlp.get_pipe("sobujang")(doc) is doc
    assert list(nlp.get_pipe("sobujang").pipe([doc])) == [doc]
    assert [token.text for token in doc] == ["a", "A", "a"]
    assert before.text == "aAa"  # a view of the old token, which is still there


def test_only_the_document_that_fails_goes_to_the_error_handler(finder):
    nlp = blank()
    texts = ["A", "BROKEN", "C", "D"]
    with pytest.raises(RuntimeError, match="no such thing"):
        list(nlp.pipe(texts))
    failed = []
    nlp.set_error_handler(lambda name, proc, docs, error: failed.append((name, [doc.text for doc in docs], str(error))))
    assert [doc.text for doc in nlp.pipe(texts)] == ["A", "C", "D"]
    assert failed == [("sobujang", ["BROKEN"], "no such thing")]


@pytest.mark.parametrize(
    ("overwrite", "expected"),
    [(True, ["AB", "cd", "EF"]), (False, ["AB", "cd", "EFgh"])],
)
def test_entities_of_an_earlier_component(finder, overwrite, expected):
    nlp = blank(overwrite_ents=overwrite)
    ruler = nlp.add_pipe("entity_ruler", first=True)
    ruler.add_patterns([{"label": "X", "pattern": "cd", "id": "x"}, {"label": "Y", "pattern": "EFgh"}])
    doc = nlp("AB cd EFgh")
    assert [ent.text for ent in doc.ents] == expected
    assert (doc.ents[1].label_, doc.ents[1].id_) == ("X", "x")
    assert [span.text for span in doc.spans[SPANS_KEY]] == ["AB", "EF"]
    assert snapshot(nlp.get_pipe("sobujang")(doc.copy())) == snapshot(doc)  # again changes nothing


def test_everything_survives_serialisation(loads):
    doc = blank()(f"{KOREAN} {ENGLISH}")
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (from_bin,) = DocBin().from_bytes(stored).get_docs(spacy.blank("en").vocab)
    from_bytes = Doc(spacy.blank("en").vocab).from_bytes(doc.to_bytes())
    for other in (from_bin, from_bytes, pickle.loads(pickle.dumps(doc)), doc.copy()):
        assert snapshot(other) == snapshot(doc)
        assert other._.sobujang == doc._.sobujang
        assert other._.relations == doc._.relations != ()
        assert other._.mention("T2").text == doc._.mention("T2").text


def test_views_of_a_document_without_a_record(loads):
    add_extensions()
    doc = spacy.blank("xx")(KOREAN)
    assert (doc._.sobujang, doc._.relations, doc._.comparisons, doc._.entities) == (None, (), (), ())
    with pytest.raises(DocumentError, match="no sobujang record"):
        doc._.mention("T1")
    doc = blank()(KOREAN)
    with pytest.raises(DocumentError, match="no mention 'T999'"):
        doc._.mention("T999")
    with pytest.raises(DocumentError, match="not of this spaCy document's text"):
        doc[0:1].as_doc(copy_user_data=True)._.mention("T1")
    with pytest.raises(DocumentError, match="not of this spaCy document's text"):
        annotate(doc, Document(id="d", text="another"))


def test_a_mention_is_found_after_others_have_merged_tokens(finder):
    doc = blank()("aB cD")
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[0:2])
    assert [doc._.mention(name).text for name in ("T1", "T2")] == ["aB", "D"]


EXTENSIONS = ("sobujang", "relations", "comparisons", "entities", "mention")


@pytest.fixture
def no_extensions():
    """As in a process that has not met the component; what was registered comes back."""
    remove_extensions()
    yield
    remove_extensions()
    add_extensions()


def remove_extensions():
    for name in filter(Doc.has_extension, EXTENSIONS):
        Doc.remove_extension(name)


@pytest.mark.parametrize("foreign", [{"default": None}, {"getter": len}, {"method": lambda doc: None}])
def test_a_foreign_extension_is_not_overwritten(no_extensions, finder, foreign):
    Doc.set_extension("relations", **foreign)
    theirs = Doc.get_extension("relations")
    with pytest.raises(SobujangError, match=re.escape("remove_extension('relations')")):
        blank()
    assert Doc.get_extension("relations") == theirs
    assert not Doc.has_extension("sobujang")


def test_a_copy_in_another_process_loads_the_model_and_registers_the_extensions(no_extensions, loads, monkeypatch):
    component = blank(model="some/folder", threads=1, batch_size=3).get_pipe("sobujang")
    pickled = pickle.dumps(component)
    remove_extensions()
    copy = pickle.loads(pickled)
    assert copy.labels == component.labels
    assert copy(spacy.blank("xx")(KOREAN))._.relations
    monkeypatch.setattr(os, "getpid", lambda: -1)  # as in a forked worker, where the threads are gone
    component(spacy.blank("xx")(KOREAN))
    component(spacy.blank("xx")(KOREAN))
    assert loads == [("some/folder", 1)] * 3


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="the stand-in is not there in spawned workers")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_two_processes(finder):
    nlp = blank()
    texts = [f"a{letter}b {letter}" for letter in "ABCDEFGH"] + ["", " "]
    expected = [snapshot(nlp(text)) for text in texts]
    assert [snapshot(doc) for doc in nlp.pipe(texts, n_process=2, batch_size=3)] == expected


def test_a_saved_pipeline(loads, tmp_path):
    nlp = blank(model="first/folder", overwrite_ents=False)
    nlp.to_disk(tmp_path / "saved")
    again = spacy.load(tmp_path / "saved")
    elsewhere = spacy.load(tmp_path / "saved", config={"components.sobujang.model": "second/folder"})
    from_bytes = blank(model="first/folder", overwrite_ents=False).from_bytes(nlp.to_bytes())
    assert [model for model, _ in loads] == ["first/folder", "first/folder", "second/folder", "first/folder"]
    assert again.config["components"]["sobujang"] == nlp.config["components"]["sobujang"]
    for other in (again, elsewhere, from_bytes):
        assert snapshot(other(KOREAN)) == snapshot(nlp(KOREAN))
    assert nlp.pipe_labels["sobujang"] == list(nlp.get_pipe("sobujang").labels)


def test_a_bad_model_folder_is_one_clear_error(tmp_path):
    with pytest.raises(ModelError, match="no-model"):
        blank(model=str(tmp_path / "no-model"))
    (tmp_path / "half").mkdir()
    with pytest.raises(ModelError, match="half"):
        blank(model=str(tmp_path / "half"))


def test_spacy_knows_the_factory_and_imports_nothing_heavy_for_it():
    script = (
        "import spacy, sys; nlp = spacy.blank('xx'); assert nlp.has_factory('sobujang'); "
        "print(sorted({'onnxruntime', 'kiwipiepy', 'datasets', 'transformers'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_pipeline_analysis_knows_what_is_assigned(finder):
    analysis = blank().analyze_pipes()
    assert analysis["problems"] == {"sobujang": []}
    assert analysis["summary"]["sobujang"]["retokenizes"]
    assert {"doc.ents", "doc.spans", "doc._.relations"} <= set(analysis["summary"]["sobujang"]["assigns"])


@pytest.mark.parametrize("style", ["ent", "span"])
def test_displacy(finder, schema, style):
    doc = blank()("aBc D")
    html = displacy.render(doc, style=style, options=displacy_options(schema), jupyter=False)
    for ent in doc.ents:
        assert ent.label_ in html
        assert schema.mentions[ent.label_].color in html


VOCAB = spacy.blank("xx").vocab
LABELS = st.sampled_from(["L1", "L2"])


@st.composite
def docs(draw):
    """Documents with all that earlier components can have said; words may hold spaces."""
    words = draw(st.lists(st.text("ab 한.\n🔥", min_size=1, max_size=4), max_size=8))
    size = len(words)

    def column(values):
        return draw(st.lists(values, min_size=size, max_size=size))

    annotation = {"tags": column(LABELS), "morphs": column(st.sampled_from(["", "A=1"]))} if draw(st.booleans()) else {}
    if draw(st.booleans()):
        annotation["lemmas"] = column(st.sampled_from(["", "lemma"]))
    if size and draw(st.booleans()):
        annotation["heads"] = column(st.integers(0, size - 1))
        annotation["deps"] = column(st.sampled_from(["nsubj", "obj"]))
    elif draw(st.booleans()):
        annotation["sent_starts"] = column(st.sampled_from([True, False, None]))
    doc = Doc(VOCAB, words=words, spaces=column(st.booleans()), user_data={("._.", "x", 0, None): 1}, **annotation)
    edges = st.tuples(st.integers(0, size), st.integers(0, size)).map(sorted)
    spans = [
        Span(doc, start, end, draw(LABELS), kb_id="K", span_id=draw(st.sampled_from(["", "I"])))
        for start, end in draw(st.lists(edges, max_size=4))
        if start < end
    ]
    doc.spans["theirs"] = SpanGroup(doc, name="name", attrs={"key": 1}, spans=spans)
    doc.ents = spacy.util.filter_spans(spans)
    doc.cats["cat"] = 0.5
    if size and draw(st.booleans()):
        doc.tensor = np.arange(2 * size, dtype="float32").reshape(size, 2)
    return doc


@given(docs(), st.lists(st.integers(-1, 40)))
@settings(deadline=None, max_examples=200)
def test_splitting_keeps_everything_and_cuts_where_it_is_told(doc, cuts):
    old = doc.copy()
    split_tokens(doc, cuts)
    wanted = {token.idx for token in old}
    wanted |= {cut for cut in cuts for token in old if token.idx < cut < token.idx + len(token)}
    assert [token.idx for token in doc] == sorted(wanted)
    assert doc.text == old.text
    assert offsets(doc.ents) == offsets(old.ents)
    assert offsets(doc.spans["theirs"]) == offsets(old.spans["theirs"])
    assert [span.text for span in doc.spans["theirs"]] == [span.text for span in old.spans["theirs"]]
    assert (doc.spans["theirs"].name, doc.spans["theirs"].attrs) == ("name", {"key": 1})
    assert (doc.user_data, doc.cats) == (old.user_data, old.cats)
    assert doc.has_unknown_spaces == old.has_unknown_spaces
    for name in ("DEP", "TAG", "MORPH", "LEMMA", "ENT_IOB", "SENT_START"):
        if len(old) > 1:  # a document of one token counts as cut into sentences
            assert doc.has_annotation(name) == old.has_annotation(name), name
    parents = [max((token for token in old if token.idx <= part.idx), key=lambda t: t.i) for part in doc]
    for part, parent in zip(doc, parents, strict=True):
        first = part.idx == parent.idx
        whole = len(part) == len(parent)
        for name in ("tag_", "ent_type_", "ent_kb_id_", "ent_id_"):
            assert getattr(part, name) == getattr(parent, name), name
        assert part.morph == parent.morph
        assert part.lemma_ == (parent.lemma_ if whole or not parent.lemma_ else part.text)
        assert len(old) == 1 or bool(part.is_sent_start) == (first and bool(parent.is_sent_start))
        if old.has_annotation("DEP"):
            assert part.head.idx == (parent.head.idx if first else parent.idx)
            assert part.dep_ == (parent.dep_ if first else "dep")
        if doc.tensor.size:
            assert doc.tensor[part.i].tolist() == old.tensor[parent.i].tolist()
    again = snapshot(doc)
    split_tokens(doc, cuts)
    assert snapshot(doc) == again
    assert DocBin(store_user_data=True, docs=[doc]).to_bytes()


@given(docs(), st.data(), st.booleans())
@settings(deadline=None, max_examples=200)
def test_every_mention_is_a_span_and_all_that_fit_are_entities(doc, data, overwrite):
    text, before = doc.text, [*doc.ents]
    before = offsets(before)
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    mentions = tuple(
        document.Span(id=f"T{number}", start=start, end=end, label=data.draw(LABELS))
        for number, (start, end) in enumerate(data.draw(st.lists(ends, max_size=5)))
        # No mention begins or ends with white space, which may belong to no token.
        if start < end and text[start:end].strip() == text[start:end]
    )
    annotate(doc, Document(id="d", text=text, spans=mentions), overwrite_ents=overwrite)
    expected = [(span.start, span.end, span.label, "", span.id) for span in mentions]
    assert doc.text == text
    assert offsets(doc.spans[SPANS_KEY]) == expected
    assert offsets([doc._.mention(span.id) for span in mentions]) == expected
    ents = offsets(doc.ents)
    assert set(ents) <= set(before) | set(expected)
    assert set(before) <= set(ents) or overwrite
    for start, end, *_ in set(before) | set(expected):  # who is left out had to give way
        assert any(start < ent[1] and ent[0] < end for ent in ents)


def test_a_mention_of_nothing_but_a_space_is_kept_in_the_record():
    doc = spacy.blank("xx")("a b")
    span = document.Span(id="T1", start=1, end=2, label="L1")
    annotate(doc, Document(id="d", text="a b", spans=(span,)))
    assert (len(doc.ents), len(doc.spans[SPANS_KEY]), len(doc._.sobujang.spans)) == (0, 0, 1)
