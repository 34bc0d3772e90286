import msgspec
import pytest

from sobujang.corpora.corpus import Corpus, load_corpus
from sobujang.document import Document, Relation, Span
from sobujang.errors import FormatError
from sobujang.outputs.jsonl import write_records
from sobujang.schema import Schema

SCHEMA = Schema.default()


@pytest.fixture
def folder(tmp_path):
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "b.markup").write_text("id: b1\n\nx\n----\n====\nid: b2\n\ny\n----\n")
    write_records(documents / "a.jsonl", [Document(id="a1", text="z")])
    (documents / "notes.txt").write_text("not gold")
    return tmp_path


def ids(corpus):
    return [document.id for document in corpus.documents]


def test_a_folder_is_read_by_file_name(folder):
    assert ids(load_corpus(folder, SCHEMA)) == ["a1", "b1", "b2"]


def test_a_folder_without_documents_is_read_itself(folder):
    assert ids(load_corpus(folder / "documents", SCHEMA)) == ["a1", "b1", "b2"]


@pytest.mark.parametrize(("name", "expected"), [("a.jsonl", ["a1"]), ("b.markup", ["b1", "b2"])])
def test_one_file_is_a_corpus(folder, name, expected):
    assert ids(load_corpus(folder / "documents" / name, SCHEMA)) == expected


def test_splits_are_read(folder):
    (folder / "splits.tsv").write_text("id\tsplit\nb1\ttest\nb2\ttrain\na1\ttest\n")
    corpus = load_corpus(folder, SCHEMA)
    assert [document.id for document in corpus.split("test")] == ["a1", "b1"]
    with pytest.raises(FormatError, match=r"no split is called 'dev'; there are test, train"):
        corpus.split("dev")


def test_without_splits_the_error_says_what_to_do(folder):
    with pytest.raises(FormatError, match=r"splits\.tsv"):
        load_corpus(folder, SCHEMA).split("train")
    with pytest.raises(FormatError, match="there are none"):
        Corpus(()).split("train")


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("id\tsplit\nb1\ttest\nb2\ttest\n", r"splits\.tsv: no line for 'a1'"),
        ("id\tsplit\nb1\ttest\nb2\ttest\na1\ttest\nc9\ttest\n", r"splits\.tsv: no document is called 'c9'"),
        ("b1\ttest\n", r"splits\.tsv:1: the first line"),
        ("id\tsplit\nb1 test\n", r"splits\.tsv:2: 'b1 test'"),
        ("id\tsplit\nb1\ttest\n\nb1\ttrain\n", r"splits\.tsv:4: document 'b1' stands twice"),
    ],
)
def test_splits_that_do_not_fit_are_refused(folder, table, says):
    (folder / "splits.tsv").write_text(table)
    with pytest.raises(FormatError, match=says):
        load_corpus(folder, SCHEMA)


def test_an_id_in_two_files_names_both(folder):
    write_records(folder / "documents" / "c.jsonl", [Document(id="b2", text="again")])
    with pytest.raises(FormatError, match=r"c\.jsonl: document 'b2' also stands in .*b\.markup"):
        load_corpus(folder, SCHEMA)


def test_nothing_to_read_is_an_error(tmp_path):
    with pytest.raises(FormatError, match=r"holds no \.markup or \.jsonl"):
        load_corpus(tmp_path, SCHEMA)
    with pytest.raises(FormatError, match="no such file or folder"):
        load_corpus(tmp_path / "none", SCHEMA)
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(FormatError, match=r"a\.txt: gold is read from"):
        load_corpus(tmp_path / "a.txt", SCHEMA)


def test_relations_that_say_none_are_dropped(tmp_path):
    schema = msgspec.structs.replace(SCHEMA, no_relation=("no_relation",))
    spans = (Span(id="c", start=0, end=1, label="COMPANY"), Span(id="p", start=2, end=3, label="PART"))
    relations = tuple(Relation(head="c", tail="p", label=label) for label in ("no_relation", "MAKES"))
    write_records(tmp_path / "a.jsonl", [Document(id="a", text="C p", spans=spans, relations=relations)])
    (document,) = load_corpus(tmp_path / "a.jsonl", schema).documents
    assert [relation.label for relation in document.relations] == ["MAKES"]


def test_gold_comparisons_get_their_prices(tmp_path, monkeypatch):
    # What a price is, is tested with `sobujang.prices`; here only that every document passes through it.
    seen = []
    monkeypatch.setattr(
        "sobujang.corpora.corpus.with_price", lambda document, schema: seen.append(document.id) or document
    )
    (tmp_path / "a.markup").write_text("id: m\n\nx\n----\n")
    write_records(tmp_path / "b.jsonl", [Document(id="r", text="x")])
    load_corpus(tmp_path, SCHEMA)
    assert seen == ["m", "r"]


def test_files_named_for_splits_are_the_splits(tmp_path):
    for name in ("train", "dev", "test"):
        write_records(tmp_path / f"{name}.jsonl", [Document(id=f"{name}-{n}", text="x") for n in range(2)])
    corpus = load_corpus(tmp_path, Schema.default())
    assert [document.id for document in corpus.split("dev")] == ["dev-0", "dev-1"]
    assert len(corpus.splits) == 6
    # One file alone, or one of another name, is a corpus without splits.
    write_records(tmp_path / "more.jsonl", [Document(id="more", text="x")])
    assert not load_corpus(tmp_path, Schema.default()).splits
    assert not load_corpus(tmp_path / "train.jsonl", Schema.default()).splits
