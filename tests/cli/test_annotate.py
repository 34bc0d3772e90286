import json
import random
import re
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from spacy.tokens import DocBin
from typer.testing import CliRunner

import sobujang
from sobujang.cli import app
from sobujang.document import Comparison, Document, Relation, Span, clean_text
from sobujang.errors import DocumentError, ModelError
from sobujang.outputs.jsonl import read_records
from sobujang.outputs.tables import TABLES
from sobujang.pipeline import add_extensions
from sobujang.schema import Schema

NEWS = "Hanbit sells Valves."


class CapitalWords:
    """An extractor without a model: each capitalised word is a company; it refuses, or stops at, some texts."""

    def __init__(self):
        self.schema, self.fingerprint = Schema.default(), "capitals"
        self.batches = []

    def stream(self, documents, batch_size=32):
        documents = list(documents)
        self.batches.append(len(documents))
        for document in documents:
            if "REFUSED" in document.text:
                raise DocumentError(f"document {document.id!r}: refused\nfor a test")
            if "STOP" in document.text:
                raise KeyboardInterrupt
            yield self.extract(document)

    def extract(self, document):
        text = clean_text(document.text)
        words = list(re.finditer(r"[A-Z]\w{1,40}", text))[:1000]
        spans = tuple(
            Span(id=f"T{number}", start=word.start(), end=word.end(), label="COMPANY", score=0.9)
            for number, word in enumerate(words)
        )
        links = tuple(Relation(head=b.id, tail=a.id, label="SUPPLIES") for a, b in pairwise(spans))
        cues = tuple(Comparison(cue=span.id, direction="lower", roles={"item": ()}) for span in spans[:1])
        return Document(
            id=document.id, text=text, lang=document.lang, meta=document.meta, spans=spans, relations=links,
            comparisons=cues,
        )  # fmt: skip


@pytest.fixture
def extractor(monkeypatch):
    fake = CapitalWords()
    monkeypatch.setattr(sobujang, "load", lambda model=None: fake)
    return fake


@pytest.fixture
def folder(tmp_path, monkeypatch, extractor):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    for name in ("b", "a", "c"):
        (tmp_path / "in" / f"{name}.txt").write_text(f"{NEWS} {name}")
    return tmp_path


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def ids(path):
    return [record.id for record in read_records(path)]


def test_records_and_report(folder):
    result = run("annotate", "in", "-o", "x.jsonl")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert re.fullmatch(
        r"3 documents annotated, 0 failed: 6 mentions, 3 relations, 3 comparisons in \d+\.\d s → x\.jsonl, x\.html\n",
        result.stderr,
    )
    assert ids("x.jsonl") == ["a", "b", "c"]
    assert "Hanbit" in Path("x.html").read_text()
    assert sorted(path.name for path in folder.iterdir()) == ["in", "x.html", "x.jsonl"]


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        (["-o", "out/"], ["out/records.jsonl", "out/report.html"]),
        (["-o", "out"], ["out/records.jsonl", "out/report.html"]),
        (["-o", "in", "--no-report"], ["in/records.jsonl"]),
        (["-o", "x.html"], ["x.html"]),
        (["-o", "deep/x.jsonl", "--no-report"], ["deep/x.jsonl"]),
        (["-o", "x.jsonl", "--report", "deep/y.html"], ["deep/y.html", "x.jsonl"]),
    ],
)
def test_what_is_written_where(folder, arguments, written):
    before = {path for path in folder.rglob("*") if path.is_file()}
    assert run("annotate", "in", *arguments).exit_code == 0
    after = {path for path in folder.rglob("*") if path.is_file()}
    assert sorted(path.relative_to(folder).as_posix() for path in after - before) == written


def test_a_second_run_gives_the_same_and_does_not_read_the_first(folder):
    assert run("annotate", "in", "-o", "in").exit_code == 0
    first = [(folder / "in" / name).read_bytes() for name in ("records.jsonl", "report.html")]
    assert run("annotate", "in", "-o", "in").exit_code == 0
    assert [(folder / "in" / name).read_bytes() for name in ("records.jsonl", "report.html")] == first


@pytest.mark.parametrize("batch_size", [1, 2, 3, 100])
def test_order_and_ids_do_not_depend_on_batches_and_failures(folder, extractor, batch_size):
    lines = [
        {"text": NEWS, "id": "z"}, {"text": "REFUSED"}, [], {"text": NEWS}, {"text": "REFUSED", "id": "r"},
        {"text": NEWS, "id": "a", "lang": "ko", "page": 3}, {"text": NEWS, "id": "z"},
    ]  # fmt: skip
    Path("l.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    result = run("annotate", "l.jsonl", "in", "-o", "x.jsonl", "--batch-size", batch_size)
    assert result.exit_code == 1
    assert ids("x.jsonl") == ["z", "l-4", "a", "b", "c"]
    record = list(read_records("x.jsonl"))[2]
    assert (record.lang, record.meta) == ("ko", {"page": 3})
    failed = [line for line in result.stderr.splitlines() if line.startswith("failed: ")]
    assert [line.split(": ")[1] for line in failed] == ["l-2", "l.jsonl:3", "r", "l.jsonl", f"{Path('in/a.txt')}"]
    assert r"document 'l-2': refused\nfor a test" in failed[0]
    assert "5 documents annotated, 5 failed" in result.stderr.splitlines()[-1]
    assert max(extractor.batches) <= batch_size
    assert Path("x.html").read_text().count("for a test") == 2


def test_quiet_prints_failures_only(folder):
    Path("in/d.xyz").touch()
    assert run("annotate", "in", "-o", "x.jsonl", "--quiet").stderr == ""
    result = run("annotate", "in", "in/d.xyz", "-o", "x.jsonl", "--quiet")
    assert result.stderr.startswith("failed: in/d.xyz: ending '.xyz' is not read")
    assert result.exit_code == 1
    assert "skipped: files that are not read: .xyz (1)" in run("annotate", "in", "-o", "x.jsonl").stderr


ODD = {
    "empty.txt": b"",
    "blank.txt": b" \n\t\r\n",
    "emoji.txt": "🙂👩‍👩‍👧🇰🇷".encode(),
    "long.txt": b"Word " * 200_000,
    "nul.txt": b"Hanbit\x00 sells\x1b[31m Valves",
    "surrogate.jsonl": rb'{"text": "Hanbit \ud800 sells", "id": "\udc00"}',
    "blank.jsonl": b"\n \n",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_texts_are_annotated(folder, name):
    Path(name).write_bytes(ODD[name])
    result = run("annotate", name, "-o", "x.jsonl")
    assert result.exit_code == 0, result.stderr
    assert len(ids("x.jsonl")) == (name != "blank.jsonl")
    if name.endswith(".txt"):
        assert [record.text.encode() for record in read_records("x.jsonl")] == [ODD[name]]


BAD = {
    "binary.txt": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "in no encoding that is tried"),
    "cp949.jsonl": ('{"text": "값이 싸다"}'.encode("cp949"), "iconv -f cp949 -t utf-8 cp949.jsonl"),
    "nojson.jsonl": (b"{text: 1}", "not JSON at column 2"),
    "array.jsonl": (b"[]", "an array, not an object"),
    "notext.jsonl": (b'{"id": "x"}', "has no 'text'"),
    "number.jsonl": (b'{"text": 3}', "'text' is a number"),
    "deep.jsonl": (b"[" * 100_000, "not JSON that can be read"),
    "a.xyz": (b"PK", "ending '.xyz' is not read"),
    "line\nbreak.jsonl": (b"[]", r"line\nbreak.jsonl:1: an array"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_fails_alone(folder, name):
    content, reason = BAD[name]
    Path(name).write_bytes(content)
    result = run("annotate", name, "in", "-o", "x.jsonl")
    assert result.exit_code == 1
    failed, _ = result.stderr.splitlines()
    assert failed.startswith("failed: ")
    assert reason in failed
    assert ids("x.jsonl") == ["a", "b", "c"]


def test_encoding(folder):
    Path("k.txt").write_bytes("값이 Hanbit".encode("cp949"))
    assert run("annotate", "k.txt", "-o", "x.jsonl", "--encoding", "cp949").exit_code == 0
    assert next(iter(read_records("x.jsonl"))).text == "값이 Hanbit"


USAGE = {
    "missing.txt -o x.jsonl": "missing.txt: no such file or folder",
    "in missing.txt -o x.jsonl": "missing.txt: no such file or folder",
    "empty -o x.jsonl": "empty: no file to read",
    "in -o x.doc": "-o x.doc: give a name that ends in .jsonl",
    "in -o in/a.txt/x.jsonl": "cannot write: ",
    "in -o /proc/nowhere/": "cannot write: ",
    "in -o folder.jsonl/x.html --no-report": "is a report already",
    "in -o x.jsonl --report y.html --no-report": "contradict each other",
    "in -o x.jsonl --report y.pdf": "a report is an HTML file",
    "in -o x.jsonl --encoding utf-9": "encoding 'utf-9' is unknown",
    "l.jsonl -o l.jsonl": "would overwrite what it reads",
    "in/*.nothing -o x.jsonl": "no file matches",
}


@pytest.mark.parametrize("arguments", USAGE)
def test_what_cannot_be_done_is_one_line_and_leaves_nothing(folder, arguments):
    Path("empty").mkdir()
    Path("l.jsonl").write_text('{"text": "a"}')
    before = sorted(folder.rglob("*"))
    result = run("annotate", *arguments.split())
    assert result.exit_code == 2
    [line] = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert USAGE[arguments] in line
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("arguments", ["", "in", "in -o x.jsonl --batch-size 0", "in -o x.jsonl --colour"])
def test_usage_errors_of_the_command_line(folder, arguments):
    assert run("annotate", *arguments.split()).exit_code == 2


def test_a_model_that_is_not_there(folder, monkeypatch):
    def load(model=None):
        raise ModelError(f"{model}: no model folder")

    monkeypatch.setattr(sobujang, "load", load)
    result = run("annotate", "in", "-o", "x.jsonl", "--model", "gone")
    assert (result.exit_code, result.stderr) == (2, "error: gone: no model folder\n")
    assert [path.name for path in folder.iterdir()] == ["in"]


def test_an_interrupt_keeps_what_was_written(folder):
    Path("in/b.txt").write_text("STOP")
    result = run("annotate", "in", "-o", "x.jsonl", "--batch-size", "1")
    assert (result.exit_code, result.stderr) == (
        130, "interrupted; what was written so far is in x.jsonl.part; the same command goes on from there\n",
    )  # fmt: skip
    assert ids("x.jsonl.part") == ["a"]
    assert not Path("x.jsonl").exists()


def test_report_of_records(folder):
    run("annotate", "in", "-o", "x.jsonl", "--no-report")
    assert run("report", "x.jsonl", "-o", "deep/r.html").exit_code == 0
    assert run("report", "x.jsonl").exit_code == 0
    assert Path("deep/r.html").read_bytes() == Path("x.html").read_bytes()
    assert run("report", "x.jsonl", "--title", "News <1>").exit_code == 0
    assert "<h1>News &lt;1&gt;</h1>" in Path("x.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("gone.jsonl", "gone.jsonl: cannot read: No such file"),
        ("bad.jsonl", "bad.jsonl:1: "),
        ("bad.jsonl -o r.pdf", "a report is an HTML file"),
        ("bad.jsonl --schema gone.toml", "gone.toml: cannot read the schema"),
    ],
)
def test_reports_that_cannot_be_made(folder, arguments, message):
    Path("bad.jsonl").write_text("{}")
    result = run("report", *arguments.split())
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def python(code, **options):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, **options)


def test_help_and_version_load_no_engine():
    code = (
        "import sys; from sobujang.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: code = end.code\n"
        "heavy = {'onnxruntime', 'kiwipiepy', 'numpy', 'torch', 'jinja2', 'spacy', 'datasets'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else code)"
    )
    for argument in ("--help", "--version"):
        done = subprocess.run([sys.executable, "-c", code, argument], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
    assert done.stdout == f"sobujang {sobujang.__version__}\n"


def test_outputs_by_ending(folder):
    for name in ("x.jsonl", "t.csv", "t.parquet", "t.spacy"):
        assert run("annotate", "in", "-o", name, "--no-report").exit_code == 0
    tables = [f"t.{table}.{kind}" for kind in ("csv", "parquet") for table in TABLES]
    assert sorted(path.name for path in folder.iterdir()) == sorted(["in", "x.jsonl", "t.spacy", *tables])
    docs = list(DocBin().from_disk("t.spacy").get_docs(spacy.blank("xx").vocab))
    add_extensions()
    assert [doc._.sobujang for doc in docs] == list(read_records("x.jsonl"))


def test_failed_documents_are_listed_until_none_fails(folder):
    Path("in/b.txt").write_text("REFUSED")
    assert run("annotate", "in", "-o", "x.jsonl", "--no-report").exit_code == 1
    [line] = Path("x.errors.jsonl").read_text().splitlines()
    assert json.loads(line) == {"source": "b", "reason": "document 'b': refused\nfor a test"}
    assert run("annotate", "in", "-o", "out/", "--no-report").exit_code == 1
    assert Path("out/errors.jsonl").read_text() == f"{line}\n"
    Path("in/b.txt").write_text(NEWS)
    assert run("annotate", "in", "-o", "x.jsonl", "--no-report").exit_code == 0
    assert not Path("x.errors.jsonl").exists()


def test_an_interrupted_run_goes_on_where_it_ended(folder, extractor):
    Path("in/b.txt").write_text("STOP")
    assert run("annotate", "in", "-o", "x.jsonl", "--batch-size", "1").exit_code == 130
    Path("in/b.txt").write_text(f"{NEWS} b")
    extractor.batches.clear()
    assert run("annotate", "in", "-o", "x.jsonl", "--batch-size", "1").exit_code == 0
    assert extractor.batches == [0, 1, 1]
    assert run("annotate", "in", "-o", "y.jsonl").exit_code == 0
    for ending in ("jsonl", "html"):
        assert Path(f"x.{ending}").read_bytes() == Path(f"y.{ending}").read_bytes()


def test_standard_input(folder):
    command = [
        sys.executable, "-c",
        "import sobujang, sobujang.cli, types\n"
        "from sobujang.schema import Schema\n"
        "fake = types.SimpleNamespace(schema=Schema.default(), fingerprint='f', stream=lambda docs, size: iter(docs))\n"
        "sobujang.load = lambda model=None: fake\n"
        "sobujang.cli.app(['annotate', '-', '-o', 'x.jsonl', '--no-report'])",
    ]  # fmt: skip
    done = subprocess.run(command, input="값이 싸다".encode("cp949"), capture_output=True, timeout=60, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert [(r.id, r.text) for r in read_records("x.jsonl")] == [("stdin", "값이 싸다")]


# A run of sixty documents with a failure among them, which takes its time.
SLOW = """
import sys, time, sobujang, sobujang.cli
from sobujang.document import Document, Span
from sobujang.errors import DocumentError
from sobujang.schema import Schema
class Fake:
    schema, fingerprint = Schema.default(), "fake"
    def stream(self, documents, batch_size):
        for document in documents:
            time.sleep(0.01)
            if "REFUSED" in document.text:
                raise DocumentError("refused")
            spans = (Span(id="T1", start=0, end=4, label="COMPANY"),)
            yield Document(id=document.id, text=document.text, spans=spans)
sobujang.load = lambda model=None: Fake()
sobujang.cli.app(["annotate", "l.jsonl", "-o", sys.argv[1], "--batch-size", "4"])
"""


def test_killed_at_ten_moments_the_result_is_that_of_one_run(tmp_path):
    lines = [{"text": "REFUSED" if n % 20 == 7 else f"text {n} " * 50} for n in range(60)]
    (tmp_path / "l.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "slow.py").write_text(SLOW)
    chance = random.Random(1)
    kills = 0
    for _ in range(10):
        run_ = subprocess.Popen([sys.executable, "slow.py", "x.jsonl"], cwd=tmp_path, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        before = size(tmp_path / "x.jsonl.part")
        # Any moment after it has begun to add to what the runs before it wrote.
        while size(tmp_path / "x.jsonl.part") <= before and run_.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.05)
        run_.kill()
        kills += run_.wait() == -9
    assert kills >= 5
    for name in ("x.jsonl", "y.jsonl"):
        assert subprocess.run([sys.executable, "slow.py", name], cwd=tmp_path, capture_output=True).returncode == 1
    for ending in ("jsonl", "html", "errors.jsonl"):
        assert (tmp_path / f"x.{ending}").read_bytes() == (tmp_path / f"y.{ending}").read_bytes()
    names = ["l.jsonl", "slow.py", *(f"{x}.{ending}" for x in "xy" for ending in ("errors.jsonl", "html", "jsonl"))]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


def size(path):
    return path.stat().st_size if path.exists() else 0
