"""The spaCy component: nothing that the extractor finds is lost on the way, and nothing that was there before."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
from itertools import islice

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy import displacy
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc, DocBin, Span, SpanGroup

import sobujang
from sobujang import document, pipeline
from sobujang.document import Document, clean_text
from sobujang.errors import DocumentError, ModelError, SobujangError
from sobujang.extractor import Extractor
from sobujang.pipeline import SPANS_KEY, annotate, displacy_options
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
    "surrogate, cleaned": clean_text("한빛\ud800정밀"),
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
                raise RuntimeError("the network is down")
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
        expected = [(span.start, span.end, span.label, "", span.id) for span in record.spans]
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
    text = "……" * 150_000
    nlp = blank()
    assert len(text) == 300_000
    doc = nlp(text)
    assert doc.text == text
