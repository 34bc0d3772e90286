"""Annotation without its text: it comes back whole, and no text can be read out of it."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from sobujang.corpora.standoff import fingerprint, read_standoff, write_standoff
from sobujang.document import Comparison, Document, Relation, Span
from sobujang.errors import FormatError

ROOT = Path(__file__).parents[2]
SENTENCES = ("한빛정밀은 커넥터를 만든다.", "Its connectors are cheaper.")
GOLD = Document(
    id="d1",
    text=" ".join(SENTENCES),
    lang="mixed",
    spans=(
        Span(id="c", start=0, end=4, label="COMPANY"),
        Span(id="p", start=6, end=9, label="PART"),
        Span(id="q", start=21, end=31, label="PART"),
        Span(id="k", start=36, end=43, label="COST_LOWER"),
    ),
    relations=(Relation(head="c", tail="p", label="MAKES"),),
    comparisons=(Comparison(cue="k", direction="lower", roles={"ITEM": ("q",)}),),
)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """The sentences in the two forms that there are, one with other white space."""
    folder = tmp_path / "texts"
    folder.mkdir()
    with gzip.open(folder / "ko.tsv.gz", "wt", encoding="utf-8") as file:
        file.write("news\tCC-BY-4.0\t쓸모없는 문장.\n" + f"news\tCC-BY-4.0\t {SENTENCES[0].replace(' ', '  ')}\n")
    with gzip.open(folder / "other.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps({"text": SENTENCES[1]}) + "\n")
    return folder


def test_round_trip_without_the_text(tmp_path: Path, texts: Path) -> None:
    path = tmp_path / "gold.jsonl"
    write_standoff(path, {SENTENCES: GOLD})
    assert not any(
        word in path.read_text(encoding="utf-8") for word in ("한빛정밀", "커넥터", "connectors", "cheaper.")
    )
    assert read_standoff(path, texts) == (GOLD,)


def test_a_text_that_is_not_its_sentences_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'d1' is not its sentences"):
        write_standoff(tmp_path / "gold.jsonl", {SENTENCES[:1]: GOLD})
    assert not (tmp_path / "gold.jsonl").exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "gold.jsonl:1: not JSON"),
        ("[]", "gold.jsonl:1: no object with a list 'sentences'"),
        (json.dumps({"id": "a", "sentences": [fingerprint("absent")]}), "gold.jsonl:1: the texts hold no sentence"),
        (
            json.dumps(
                {
                    "id": "a",
                    "sentences": [fingerprint(SENTENCES[1])],
                    "spans": [{"id": "s", "start": 0, "end": 99, "label": "PART"}],
                }
            ),
            "gold.jsonl:1: document 'a': span 's' is 0:99",
        ),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, texts: Path, line: str, message: str) -> None:
    (tmp_path / "gold.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(FormatError) as raised:
        read_standoff(tmp_path / "gold.jsonl", texts)
    assert message in str(raised.value)


def test_texts_that_cannot_be_read(tmp_path: Path) -> None:
    write_standoff(tmp_path / "gold.jsonl", {SENTENCES: GOLD})
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "ko.tsv.gz").write_bytes(b"no gzip")
    with pytest.raises(FormatError, match="cannot read its sentences"):
        read_standoff(tmp_path / "gold.jsonl", tmp_path / "texts")


def test_the_shipped_annotation_holds_no_text_and_no_measured_sentence() -> None:
    shipped, measured = (
        [json.loads(line) for line in (ROOT / path).read_text(encoding="utf-8").splitlines()]
        for path in ("corpora/real-sentences/annotations.jsonl", "tests/benchmarks/real_text.jsonl")
    )
    assert {key for row in shipped for key in row} == {"id", "lang", "spans", "relations", "comparisons", "sentences"}
    assert {key for row in shipped for span in row["spans"] for key in span} == {"id", "start", "end", "label"}
    sentences = [sentence for row in shipped for sentence in row["sentences"]]
    assert all(re.fullmatch("[0-9a-f]{64}", sentence) for sentence in sentences)
    assert len(sentences) == len(set(sentences))
    assert not set(sentences) & {sentence for row in measured for sentence in row["sentences"]}
