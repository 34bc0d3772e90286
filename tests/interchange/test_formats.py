"""What goes out into a format comes back; what cannot is counted."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sobujang.cli import app
from sobujang.document import Comparison, Document, Relation, Span
from sobujang.errors import FormatError
from sobujang.interchange.formats import FORMATS, format_of
from sobujang.outputs.jsonl import read_records, write_records
from sobujang.prices import with_price
from sobujang.schema import Schema

SCHEMA = Schema.default()
LABELS = {"c": "COMPANY", "p": "PART", "l": "PLACE", "r": "PERCENT", "k": "COST_LOWER"}
WORDS = ["한빛정밀", "커넥터", "valves", "🙂칩", "a b", "줄\n바꿈", "30%", "일본"]
GAPS = ["", " ", "은 ", ". ", "\n", "\t", "🙂 ", "'\"[]{}\\ "]


@st.composite
def documents(draw, scored=False):
    score = st.floats(0, 1) if scored else st.none()
    text, spans = draw(st.sampled_from(GAPS)), []
    for number in range(draw(st.integers(0, 6))):
        surface, kind = draw(st.sampled_from(WORDS)), draw(st.sampled_from(list(LABELS)))
        span_id = f"{kind}{number}"
        spans.append(
            Span(id=span_id, start=len(text), end=len(text) + len(surface), label=LABELS[kind], score=draw(score))
        )
        text += surface + draw(st.sampled_from(GAPS[1:]))
    ids = {kind: [span.id for span in spans if span.id[0] == kind] for kind in LABELS}
    relations = []
    for label, head, tail in (("MAKES", "c", "p"), ("BASED_IN", "c", "l"), ("SAME_AS", "p", "p")):
        for a in ids[head]:
            for b in ids[tail]:
                if a != b and draw(st.booleans()):
                    relations.append(Relation(head=a, tail=b, label=label, score=draw(score)))
    comparisons = []
    for cue in ids["k"]:
        roles = {
            role: tuple(i for i in ids[kind] if draw(st.booleans()))
            for role, kind in (("item", "p"), ("baseline", "l"), ("amount", "r"))
        }
        if any(roles.values()):
            comparisons.append(Comparison(cue=cue, direction="lower", roles=roles, score=draw(score)))
    document = Document(
        id=draw(st.sampled_from(["d1", "news/2026 1", "한글", "a.b#c"])), text=text,
        lang=draw(st.sampled_from(["ko", "en", None])), meta=draw(st.sampled_from([{}, {"kind": "wire", "page": 3}])),
        spans=tuple(spans), relations=tuple(relations),
        comparisons=tuple(comparisons),
    )  # fmt: skip
    return with_price(document, SCHEMA)


def path_of(folder, name):
    return folder / f"x{FORMATS[name].ending or ('' if name == 'brat' else '.prodigy.jsonl')}"


def there_and_back(folder, name, written):
    path = path_of(folder, name)
    lost = FORMATS[name].write(path, written, SCHEMA)
    return list(FORMATS[name].read(path, SCHEMA)), lost


def compared(document, *, meta=True, ids=True, order=True):
    """A document as plain values, without what a format does not keep."""
    renamed = {span.id: span.id if ids else f"{span.start}" for span in document.spans}
    relations = [(renamed[r.head], r.label, renamed[r.tail], r.score) for r in document.relations]
    return {
        "id": document.id,
        "text": document.text,
        "spans": [(renamed[s.id], s.start, s.end, s.label, s.score) for s in document.spans],
        "relations": relations if order else sorted(relations),
        "comparisons": [
            (
                renamed[c.cue], c.direction, c.score, c.price_ratio,
                {role: sorted(renamed[i] for i in tails) for role, tails in c.roles.items()},
            )
            for c in document.comparisons
        ],
        **({"lang": document.lang, "meta": dict(document.meta)} if meta else {}),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["records", "label-studio", "prodigy", "docbin"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(document=documents(scored=True))
def test_all_comes_back_with_scores(tmp_path, name, document):
    [back], lost = there_and_back(tmp_path, name, [document])
    assert compared(back) == compared(document)
    assert not lost


@pytest.mark.parametrize("name", ["label-studio", "prodigy", "conll", "brat"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(document=documents())
def test_gold_comes_back(tmp_path_factory, name, document):
    [back], lost = there_and_back(tmp_path_factory.mktemp("x"), name, [document])
    kept = {"meta": name != "brat", "ids": name != "conll", "order": False}
    assert compared(back, **kept) == compared(document, **kept)
    meta = {"meta values": len(document.meta), "languages": int(document.lang is not None)} if name == "brat" else {}
    assert lost == {what: count for what, count in meta.items() if count}


@settings(max_examples=60)
@given(document=documents(scored=True))
def test_brat_keeps_ids_and_scores_in_its_notes(tmp_path_factory, document):
    [back], _ = there_and_back(tmp_path_factory.mktemp("x"), "brat", [document])
    assert compared(back, meta=False) == compared(document, meta=False)


def test_the_corpus_of_this_project_goes_through_every_format(tmp_path):
    gold = list(FORMATS["markup"].read(Path("corpora/sobujang/documents/mixed-a-01.markup"), SCHEMA))
    for name in ("markup", "label-studio", "prodigy", "conll", "docbin"):
        back, lost = there_and_back(tmp_path, name, gold)
        ids = name != "conll"
        assert [compared(d, ids=ids, order=False) for d in back] == [compared(d, ids=ids, order=False) for d in gold], (
            name
        )
        assert not lost


def test_losses_are_counted(tmp_path):
    spans = (
        Span(id="a", start=0, end=4, label="PART", score=0.5), Span(id="b", start=2, end=6, label="PART"),
        Span(id="c", start=7, end=8, label="COMPANY"),
    )  # fmt: skip
    relations = (Relation(head="c", tail="b", label="MAKES"),)
    document = Document(id="d", text="abcdef g", spans=spans, relations=relations)
    _, lost = there_and_back(tmp_path, "conll", [document])
    assert lost == {"scores": 1, "mentions that overlap others": 1, "edges of such mentions": 1}


def test_offsets_of_an_old_label_studio_count_utf16(tmp_path):
    task = {
        "id": 1, "data": {"text": "🙂🙂 valves"},
        "annotations": [{"result": [
            {"id": "x", "type": "labels", "value": {"start": 5, "end": 11, "text": "valves", "labels": ["PART"]}}
        ]}],
    }  # fmt: skip
    (tmp_path / "x.json").write_text(json.dumps([task]))
    [document] = FORMATS["label-studio"].read(tmp_path / "x.json", SCHEMA)
    assert (document.id, document.surface("x")) == ("1", "valves")


def test_the_labelling_interface_names_all_labels_and_edges(tmp_path):
    there_and_back(tmp_path, "label-studio", [])
    view = ElementTree.fromstring((tmp_path / "x.interface.xml").read_text())
    assert [label.get("value") for label in view.iter("Label")] == list(SCHEMA.mentions)
    assert [relation.get("value") for relation in view.iter("Relation")] == [edge.label for edge in SCHEMA.edges]


def test_brat_files_are_what_its_documentation_shows(tmp_path):
    text = "Hanbit's valves are 30% cheaper."
    spans = tuple(
        Span(id=span_id, start=text.index(surface), end=text.index(surface) + len(surface), label=label)
        for span_id, surface, label in (
            ("T1", "Hanbit", "COMPANY"), ("T2", "valves", "PART"), ("T3", "30%", "PERCENT"),
            ("T4", "cheaper", "COST_LOWER"),
        )
    )  # fmt: skip
    document = Document(
        id="d", text=text, spans=spans, relations=(Relation(head="T1", tail="T2", label="MAKES"),),
        comparisons=(Comparison(cue="T4", direction="lower", roles={"item": ("T2",), "amount": ("T3",)}),),
    )  # fmt: skip
    there_and_back(tmp_path, "brat", [document])
    assert (tmp_path / "x" / "d.ann").read_text().splitlines() == [
        "T1\tCOMPANY 0 6\tHanbit", "T2\tPART 9 15\tvalves", "T3\tPERCENT 20 23\t30%",
        "T4\tCOST_LOWER 24 31\tcheaper",
        "R1\tMAKES Arg1:T1 Arg2:T2", "E1\tCOST_LOWER:T4 ITEM:T2 AMOUNT:T3",
    ]  # fmt: skip
    conf = (tmp_path / "x" / "annotation.conf").read_text()
    assert "COST_LOWER\tITEM+:" in conf
    assert "MAKES\tArg1:COMPANY, Arg2:" in conf


def test_conll_of_other_origin(tmp_path):
    (tmp_path / "x.conll").write_text("Hanbit B-COMPANY\nLtd I-COMPANY\nsells O\nvalves B-PART\n\nNo O\n")
    first, second = FORMATS["conll"].read(tmp_path / "x.conll", SCHEMA)
    assert (first.id, first.text) == ("x-1", "Hanbit Ltd sells valves")
    assert [first.surface(span.id) for span in first.spans] == ["Hanbit Ltd", "valves"]
    assert (second.id, second.spans) == ("x-2", ())


def test_rejected_tasks_are_no_documents(tmp_path):
    tasks = [{"text": "a", "answer": answer} for answer in ("accept", "reject", "ignore")]
    (tmp_path / "x.jsonl").write_text("".join(json.dumps(task) + "\n" for task in tasks))
    assert [d.id for d in FORMATS["prodigy"].read(tmp_path / "x.jsonl", SCHEMA)] == ["x-1"]


BAD = {
    "records": "{}", "markup": "nothing", "label-studio": '[{"data": {}}]', "prodigy": '{"spans": [1]}',
    "conll": "a\tX\n",
    "docbin": "no",
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_broken_files_are_one_error(tmp_path, name):
    path = path_of(tmp_path, name)
    path.write_text(BAD[name])
    with pytest.raises(FormatError, match=path.name) as caught:
        list(FORMATS[name].read(path, SCHEMA))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "line", ["T1\tPART x 3\tab", "R1\tMAKES Arg1:T9 Arg2:T8", "E1\tNOTHING:T1", "T1\tPART 0 99\tab"]
)
def test_broken_brat_files(tmp_path, line):
    (tmp_path / "d.txt").write_text("abc")
    (tmp_path / "d.ann").write_text(f"{line}\n")
    with pytest.raises(FormatError, match=r"d\.ann"):
        list(FORMATS["brat"].read(tmp_path, SCHEMA))
    with pytest.raises(FormatError, match=r"holds no \.ann file"):
        list(FORMATS["brat"].read(tmp_path / "none", SCHEMA))


def test_the_command_line(tmp_path):
    document = Document(id="d", text="ab", lang="ko", spans=(Span(id="T1", start=0, end=1, label="PART", score=0.5),))
    write_records(tmp_path / "x.jsonl", [document])

    def run(*arguments):
        return CliRunner().invoke(app, ["convert", *map(str, arguments)])

    result = run(tmp_path / "x.jsonl", tmp_path / "brat")
    assert result.stdout == f"1 documents → {tmp_path / 'brat'}\n"
    assert result.stderr == f"warning: left out, because {tmp_path / 'brat'} cannot carry it: 1 languages\n"
    assert run(tmp_path / "brat", tmp_path / "y.jsonl").exit_code == 0
    assert [compared(d, meta=False) for d in read_records(tmp_path / "y.jsonl")] == [compared(document, meta=False)]
    assert run(tmp_path / "x.jsonl", tmp_path / "z.jsonl", "--to", "prodigy").exit_code == 0
    assert "tokens" in json.loads((tmp_path / "z.jsonl").read_text())
    for arguments in (
        (tmp_path / "x.jsonl", tmp_path / "x.jsonl"), (tmp_path / "x.jsonl", tmp_path / "x.abc"),
        (tmp_path / "x.jsonl", tmp_path / "y.json", "--to", "nothing"), (tmp_path / "gone.json", tmp_path / "y.jsonl"),
    ):  # fmt: skip
        result = run(*arguments)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert format_of(Path("a.conll"), None) is FORMATS["conll"]
