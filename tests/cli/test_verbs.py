"""`evaluate`, `audit`, `split`, `statistics`, `train`: what they do, and what they say when they cannot."""

from __future__ import annotations

import json
import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import datasets
import pytest
from typer.testing import CliRunner

import sobujang
from sobujang.cli import app
from sobujang.corpora.corpus import load_corpus
from sobujang.corpora.markup import format_markup
from sobujang.document import Document, Span
from sobujang.extractor import Extractor
from sobujang.outputs.jsonl import write_records
from sobujang.schema import Schema

GOLD = """id: {id}
lang: {lang}
kind: wire

[{firm}]{{COMPANY c1}} makes [wafers]{{MATERIAL m1}} that are [30 percent]{{PERCENT r1}} [cheaper]{{COST_LOWER k1}}.
----
MAKES c1 -> m1
ITEM k1 -> m1
AMOUNT k1 -> r1
"""
FIRMS = ("Hanbit", "Narae", "Solbit", "Mirvolt", "Ridgemont", "Minato", "Granville", "Erliver", "Dnpro", "Adeshma")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working folder: a corpus `gold` with splits, its records in `same.jsonl`, and files that are broken."""
    monkeypatch.chdir(tmp_path)
    write_corpus(tmp_path / "gold")
    rows = [f"d{number}\t{'test' if number < 2 else 'train'}\n" for number in range(len(FIRMS))]
    Path("gold/splits.tsv").write_text("id\tsplit\n" + "".join(rows))
    write_records("same.jsonl", load_corpus("gold", Schema.default()).documents)
    level = logging.getLogger("sobujang").level
    yield tmp_path
    logging.getLogger("sobujang").setLevel(level)


def write_corpus(folder: Path) -> None:
    documents = [
        GOLD.format(id=f"d{number}", lang="ko" if number % 2 else "en", firm=firm) for number, firm in enumerate(FIRMS)
    ]
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "gold.markup").write_text("====\n".join(documents), encoding="utf-8")


@pytest.fixture
def model(tiny_extractor: Extractor, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Puts the tiny extractor in the place of any model; gives the models that were asked for."""
    asked: list[Any] = []

    def load(model: Path | None = None) -> Extractor:
        asked.append(model)
        return tiny_extractor

    monkeypatch.setattr(sobujang, "load", load)
    return asked


def run(arguments: str, code: int = 0):
    result = CliRunner().invoke(app, arguments.split())
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == code, result.output
    return result


def figures(path: str) -> dict[str, Any]:
    return dict(json.loads(Path(path).read_text(encoding="utf-8")))


# What they do.


def test_records_that_equal_gold_score_one() -> None:
    result = run("evaluate --corpus gold --records same.jsonl --json scores.json --bootstrap 10")
    assert "Mentions" in result.stdout and "100.0" in result.stdout
    assert result.stderr == ""
    found = figures("scores.json")
    assert found["documents"] == {"all": 10, "ko": 5, "en": 5}
    assert found["bootstrap"] == 10
    tasks = found["scores"]["all"]
    assert {tasks[task]["strict"]["f1"] for task in ("mentions", "relations", "comparisons")} == {1.0}
    assert (tasks["mentions"]["strict"]["support"], tasks["comparisons"]["price_ratio"]["right"]) == (40, 10)


def test_only_the_split_is_scored() -> None:
    """Records of the other splits are left out; a document without a record is all missed."""
    records = Path("same.jsonl").read_text().splitlines(keepends=True)
    Path("some.jsonl").write_text("".join(records[1:]))
    run("evaluate --corpus gold --records some.jsonl --split test --json scores.json --bootstrap 0")
    found = figures("scores.json")
    assert (found["documents"]["all"], found["bootstrap"]) == (2, 0)
    mentions = found["scores"]["all"]["mentions"]["strict"]
    assert (mentions["precision"], mentions["recall"], mentions["support"]) == (1.0, 0.5, 8)
    assert "interval" not in mentions


def test_label_rows_are_there_when_asked_for() -> None:
    plain = run("evaluate --corpus gold --records same.jsonl --bootstrap 0").stdout
    labelled = run("evaluate --corpus gold --records same.jsonl --bootstrap 0 --labels").stdout
    assert "MATERIAL" not in plain
    assert "MATERIAL" in labelled and "MAKES" in labelled


def test_a_model_is_scored(model: list[Any], tiny_extractor: Extractor) -> None:
    run("evaluate --corpus gold --split test --model some/folder --json scores.json --bootstrap 0")
    assert model == [Path("some/folder")]
    gold = load_corpus("gold", tiny_extractor.schema).split("test")
    spans = sum(len(document.spans) for document in tiny_extractor.stream(gold))
    assert spans > 0
    assert figures("scores.json")["scores"]["all"]["mentions"]["strict"]["predicted"] == spans


def test_given_mentions_leave_only_edges_to_find(model: list[Any]) -> None:
    run("evaluate --corpus gold --given-mentions --json scores.json --bootstrap 0")
    assert model == [None]
    mentions = figures("scores.json")["scores"]["all"]["mentions"]["strict"]
    assert (mentions["f1"], mentions["support"]) == (1.0, 40)


def test_a_schema_file_takes_the_place_of_the_default() -> None:
    Path("schema.toml").write_text('name = "two"\n[mentions]\nCOMPANY = {}\nODD = {}\n')
    Path("odd.markup").write_text("id: a\n\n[Hanbit]{ODD c1}.\n----\n")
    assert "ODD" in run("statistics odd.markup --schema schema.toml").stdout
    assert run("audit odd.markup --schema schema.toml").stdout == ""
    assert "label that the schema lacks" in run("audit odd.markup", 1).stdout


def test_audit_passes_a_clean_corpus() -> None:
    result = run("audit gold")
    assert result.stdout == ""
    assert result.stderr == "10 documents: 0 errors, 0 warnings\n"


def test_audit_lists_errors_and_on_demand_warnings() -> None:
    Path("a.markup").write_text("id: a\n\n[The firm]{COMPANY c1} makes [valves]{PART p1}.\n----\nMAKES p1 -> c1\n")
    errors, everything = run("audit a.markup", 1), run("audit a.markup --warnings", 1)
    assert errors.stdout.splitlines() == [
        "a:15-21: error: MAKES 'valves' (p1) -> 'The firm' (c1): MAKES does not go from PART to COMPANY [signatures]"
    ]
    assert errors.stderr == everything.stderr
    assert errors.stderr.startswith("1 documents: 1 errors, 1 warnings (")
    assert len(everything.stdout.splitlines()) == 2
    assert "[leading-words]" in everything.stdout


def test_labels_and_texts_are_no_markup_of_the_terminal() -> None:
    Path("a.markup").write_text("id: :car:\n\n[Han :car:]{[/red] c1} makes [valves]{PART p1}.\n----\nMAKES p1 -> c1\n")
    findings = run("audit a.markup", 1).stdout.splitlines()
    assert findings and all(line.startswith(":car:") for line in findings)
    assert any("'Han :car:' ([/red] c1)" in line for line in findings)
    assert "  [/red]" in run("statistics a.markup").stdout
    label = "a-label-of-a-schema-with-names/" * 3
    Path("a.markup").write_text(f"id: a\n\n[Hanbit]{{{label} c1}}\n----\n")
    write_records("a.jsonl", load_corpus("a.markup", Schema.default()).documents)
    assert label in run("statistics a.markup").stdout
    assert label in run("evaluate --corpus a.markup --records a.jsonl --labels").stdout


def test_statistics_counts() -> None:
    lines = run("statistics gold --json counts.json").stdout.splitlines()
    assert lines[0].split() == ["all", "en", "ko"]
    rows = {line.split()[0]: line.split()[1:] for line in lines[1:]}
    assert (rows["documents"], rows["mentions"], rows["MAKES"]) == (
        ["10", "5", "5"],
        ["40", "20", "20"],
        ["10", "5", "5"],
    )
    found = figures("counts.json")
    assert (found["documents"], found["comparisons"]["lower"], found["by_kind"]["wire"]["documents"]) == (10, 10, 10)


def test_statistics_are_drawn_alike_each_time(folder: Path) -> None:
    drawn = []
    for name in ("one", "two"):
        run(f"statistics gold --plots {name}")
        drawn.append({path.name: path.read_bytes() for path in (folder / name).iterdir()})
    assert drawn[0] == drawn[1]
    assert sorted(drawn[0]) == ["comparisons.svg", "kinds.svg", "mentions.svg", "relations.svg"]
    assert b"COST_LOWER" in drawn[0]["mentions.svg"] or b"<path" in drawn[0]["mentions.svg"]


def test_split_divides_and_keeps_what_is_divided() -> None:
    Path("more/documents").mkdir(parents=True)
    documents = [GOLD.format(id=f"m{number}", lang="en", firm=f"Hanbit {number}") for number in range(20)]
    Path("more/documents/a.markup").write_text("====\n".join(documents))
    assert run("split more --seed 3").stderr == f"{Path('more/splits.tsv')}: train 14, test 4, dev 2\n"
    table = Path("more/splits.tsv").read_text()
    Path("more/documents/b.markup").write_text(GOLD.format(id="new", lang="en", firm="Newcomer"))
    run("split more --seed 4")
    rows = Path("more/splits.tsv").read_text().splitlines()
    assert set(table.splitlines()) < set(rows)
    assert [row for row in rows if row.startswith("new\t")] == rows[-1:]


def test_split_ties_documents_by_names_of_distinct_labels() -> None:
    text = "====\n".join(GOLD.format(id=f"t{n}", lang="en", firm=f"Hanbit{n // 2}") for n in range(20))
    Path("tied.markup").write_text(text)
    Path("tied").mkdir()
    shutil.move("tied.markup", "tied/tied.markup")
    run("split tied --distinct COMPANY --distinct PERCENT")
    splits = load_corpus("tied", Schema.default()).splits
    assert all(splits[f"t{n}"] == splits[f"t{n + 1}"] for n in range(0, 20, 2))
    assert set(splits.values()) == {"train", "dev", "test"}


@pytest.fixture
def recipe(tiny_recipe: str) -> str:
    return tiny_recipe + 'dev = "test"\nepochs = 1\n'


def test_agreement_scores_what_both_annotated_and_lists_where_they_part() -> None:
    text = Path("gold/documents/gold.markup").read_text(encoding="utf-8").split("====\n")
    text[1] = text[1].replace("[wafers]{MATERIAL m1}", "[wafers]{PART m1}").replace("ITEM k1 -> m1\n", "")
    Path("second.markup").write_text("====\n".join(text[:2]), encoding="utf-8")
    result = run("agreement gold second.markup --bootstrap 0 --json scores.json --differences parted.tsv")
    tasks = figures("scores.json")["scores"]["all"]
    assert (tasks["mentions"]["strict"]["support"], tasks["mentions"]["strict"]["tp"]) == (8, 7)
    assert tasks["comparisons"]["strict"]["tp"] == 1
    assert result.stderr == "2 documents, 1 disagreements (label 1)\n"
    header, row = Path("parted.tsv").read_text(encoding="utf-8").splitlines()
    assert header.split("\t") == ["document", "kind", "labels", "first", "second", "context"]
    assert row.split("\t")[:5] == ["d1", "label", "MATERIAL PART", "MATERIAL wafers", "PART wafers"]


def test_agreement_wants_the_same_documents() -> None:
    Path("other.markup").write_text(GOLD.format(id="other", lang="en", firm="Hanbit"))
    assert "gold has no document 'other'" in run("agreement gold other.markup", 2).stderr
    Path("other.markup").write_text(GOLD.format(id="d1", lang="en", firm="Another"))
    assert "'d1'" in run("agreement gold other.markup", 2).stderr


def test_build_writes_what_load_dataset_reads(folder: Path) -> None:
    Path("gold/README.md").write_text("# The card\n")
    run("build gold -o built")
    assert (folder / "built" / "README.md").read_text() == "# The card\n"
    read = datasets.load_dataset("built", cache_dir=str(folder / "cache"))
    assert {name: len(rows) for name, rows in read.items()} == {"train": 8, "test": 2}
    row = read["test"][0]
    assert row["text"][row["spans"][0]["start"] : row["spans"][0]["end"]] == row["spans"][0]["text"] == "Hanbit"
    assert [c["amount"] for c in row["comparisons"]] == [["r1"]]
    run("build same.jsonl -o whole")
    assert Path("whole/train.jsonl").read_bytes() == Path("same.jsonl").read_bytes()


@pytest.mark.parametrize(("arguments", "work"), [("", "tiny-3"), ("--seed 0", "tiny-0"), ("--seed 7", "tiny-7")])
def test_each_seed_has_its_own_checkpoints(
    monkeypatch: pytest.MonkeyPatch, recipe: str, arguments: str, work: str
) -> None:
    calls: list[tuple[Any, ...]] = []

    def train(*given: Any) -> Any:  # the real one is under test in tests/training
        logging.getLogger("sobujang.training").info("half done")
        calls.append(given)
        return given[1]

    monkeypatch.setattr("sobujang.training.run.train", train)
    Path("recipe.toml").write_text(recipe)
    result = run(f"train recipe.toml -o out {arguments}")
    assert (result.stdout, result.stderr) == ("", "wrote out\n")
    seed = int(arguments.split()[1]) if arguments else None
    assert calls == [(Path("recipe.toml"), Path("out"), Path("runs", work), seed)]
    run(f"train recipe.toml -o out --work here {arguments}")
    assert calls[1][2] == Path("here")


def test_a_model_folder_is_scored(model_folder: Path) -> None:
    shutil.copytree(model_folder, "model")
    assert "Mentions" in run("evaluate --corpus gold --split test --model model --bootstrap 0").stdout


# What they say when they cannot.

BROKEN_SPAN = '{"id": "a", "text": "x", "spans": [{"id": "T1", "start": 0, "end": 9, "label": "COMPANY"}]}\n'
FILES = {
    "edge.markup": "id: a\n\n[Hanbit]{COMPANY c1} makes valves.\n----\nMAKES c1 -> p1\n",
    "second.markup": "id: a\n\nx\n----\n====\nid: b\nlang\n\ny\n----\n",
    "rule.markup": "id: a\n\nx\n",
    "lang.markup": "id: a\nlang: fr\n\nx\n----\n",
    "unknown.markup": "id: a\n\n[Hanbit]{FIRM c1} makes valves.\n----\n",
    "nojson.jsonl": '{"id": "a", "text": "x"}\n\n{id: b}\n',
    "deep.jsonl": "[" * 100_000,
    "array.jsonl": "[]\n",
    "span.jsonl": BROKEN_SPAN,
    "gold.txt": "text",
    "other.jsonl": '{"id": "z", "text": "x"}\n',
    "changed.jsonl": '{"id": "d0", "text": "Another text."}\n',
    "twice.jsonl": '{"id": "d0", "text": "x"}\n' * 2,
    "bad.toml": "name = \n",
    "odd.toml": 'name = "odd"\n[mentions]\nA = { colour = "red" }\n',
    "none.toml": 'name = "none"\n[mentions]\n',
    "contrary.toml": 'name = "contrary"\n[mentions]\nA = {}\n[relations.R]\nhead = ["A"]\ntail = ["B"]\n',
    "one.toml": 'name = "one"\n[mentions]\nCOMPANY = {}\n',
}
# By file: what of the recipe is replaced by what.
RECIPE_FAULTS = {
    "typo.toml": ("epochs = 1", "epoch = 3"),
    "nocorpus.toml": ('corpus = "gold"', 'corpus = "nowhere"\nsource = "ask Kim"'),
    "nosplit.toml": ('dev = "test"', 'dev = "trial"'),
    "noschema.toml": ("epochs = 1", 'epochs = 1\nschema = "gone.toml"'),
    "flat.toml": ("epochs = 1", 'epochs = 1\nschema = "one.toml"'),
    "overlap.toml": ("overlap = 16", "overlap = 64"),
}

GOLD_READERS = ("audit {}", "statistics {}", "split {}", "evaluate --corpus {} --records same.jsonl")
GOLD_FAULTS = {
    "gone": "gone: no such file or folder",
    "empty": "empty: holds no .markup or .jsonl file",
    "gold.txt": "gold.txt: gold is read from .markup and .jsonl files",
    "edge.markup": "edge.markup:5: 'MAKES c1 -> p1' names mention 'p1', which the text does not mark",
    "second.markup": "second.markup:7: header line 'lang' is not of the form 'key: value'",
    "rule.markup": "rule.markup:1: a document needs header lines",
    "lang.markup": "lang.markup:1: document 'a': lang 'fr' is none of ko, en, mixed",
    "latin.markup": "latin.markup: not UTF-8 at byte 8",
    "nojson.jsonl": "nojson.jsonl:3: not a JSON object",
    "deep.jsonl": "deep.jsonl:1: not a JSON object",
    "array.jsonl": "array.jsonl:1: not a JSON object",
    "span.jsonl": "span.jsonl:1: document 'a': span 'T1' is 0:9, but the text has 1 characters",
    "twice.jsonl": "document 'd0' also stands in twice.jsonl",
}
SCHEMA_READERS = (
    "audit gold --schema {}",
    "statistics gold --schema {}",
    "split gold --schema {}",
    "evaluate --corpus gold --records same.jsonl --schema {}",
)
SCHEMA_FAULTS = {
    "gone.toml": "gone.toml: cannot read the schema: No such file",
    "gold": "gold: cannot read the schema: Is a directory",
    "bad.toml": "bad.toml: not valid TOML: ",
    "odd.toml": "odd.toml: Object contains unknown field `colour`",
    "none.toml": "declares no mention label",
    "contrary.toml": "relations.R names 'B', which is no mention label (A)",
}
OTHER_FAULTS = {
    "evaluate --corpus gold --records same.jsonl --split dev": "no split is called 'dev'; there are test, train",
    "evaluate --corpus edge.jsonl --records same.jsonl --split dev": "edge.jsonl: no such file or folder",
    "evaluate --corpus same.jsonl --records same.jsonl --split dev": "no split is called 'dev'; there are none",
    "evaluate --corpus gold --records gone.jsonl": "gone.jsonl: cannot read: No such file",
    "evaluate --corpus gold --records nojson.jsonl": "nojson.jsonl:3: not a JSON object",
    "evaluate --corpus gold --records other.jsonl": "document 'z' is not in gold",
    "evaluate --corpus gold --records other.jsonl --split test": "document 'z' is not in gold",
    "evaluate --corpus gold --records changed.jsonl": "the text of document 'd0' differs from gold's at character 0",
    "evaluate --corpus gold --records twice.jsonl": "document id 'd0' stands twice",
    "evaluate --corpus gold --records same.jsonl --model m": "leave --model and --given-mentions out",
    "evaluate --corpus gold --records same.jsonl --given-mentions": "leave --model and --given-mentions out",
    "evaluate --corpus gold --model gone": "gone: no such model folder",
    "evaluate --corpus gold --model gold": "gold: config.json is missing",
    "errors --corpus gold --records same.jsonl -o e.txt": "e.txt: the page is an HTML file; give a name that",
    "evaluate --corpus gold --model same.jsonl": "same.jsonl: no such model folder",
    "audit lacking": f"{Path('lacking/splits.tsv')}: no line for 'd9'",
    "split gold --distinct FIRM": "distinct label 'FIRM' is not in schema 'sobujang'",
    "split strange": "a fixed split is called 'trial'",
    "split same.jsonl": "cannot write: ",
    "train gone.toml -o out": "gone.toml: cannot read the recipe: No such file",
    "train gold -o out": "gold: cannot read the recipe: Is a directory",
    "train bad.toml -o out": "bad.toml: not valid TOML: ",
    "train typo.toml -o out": "typo.toml: Object contains unknown field `epoch` - at `$.training`",
    "train overlap.toml -o out": "overlap.toml: overlap = 64 must be at least 0 and less than window - 2",
    "train nocorpus.toml -o out": "corpus nowhere of the recipe is not there (ask Kim)",
    "train nosplit.toml -o out": "gold: no split is called 'trial'; there are test, train",
    "train noschema.toml -o out": "gone.toml: cannot read the schema",
    "train recipe.toml -o same.jsonl": "same.jsonl: is a file; name a folder",
}


@pytest.fixture
def broken(folder: Path, recipe: str) -> Path:
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "latin.markup").write_bytes(b"id: a\n\nx\xe9\n----\n")
    (folder / "recipe.toml").write_text(recipe)
    for name, (right, wrong) in RECIPE_FAULTS.items():
        assert right in recipe
        (folder / name).write_text(recipe.replace(right, wrong))
    (folder / "empty").mkdir()
    for name, table in (("lacking", 9 * ["test"]), ("strange", 10 * ["trial"])):
        write_corpus(folder / name)
        rows = [f"d{number}\t{split}\n" for number, split in enumerate(table)]
        (folder / name / "splits.tsv").write_text("id\tsplit\n" + "".join(rows))
    return folder


def assert_says(folder: Path, arguments: str, message: str) -> None:
    """One line on the standard error stream, exit code 2, and no file written or changed."""
    before = contents(folder)
    result = run(arguments, 2)
    [line] = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert message in line
    assert result.stdout == ""
    assert contents(folder) == before


def contents(folder: Path) -> dict[Path, bytes | None]:
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.parametrize("command", GOLD_READERS)
def test_gold_that_cannot_be_read(broken: Path, command: str) -> None:
    for name, message in GOLD_FAULTS.items():
        assert_says(broken, command.format(name), message)


@pytest.mark.parametrize("command", SCHEMA_READERS)
def test_schemas_that_cannot_be_used(broken: Path, command: str) -> None:
    for name, message in SCHEMA_FAULTS.items():
        assert_says(broken, command.format(name), message)


@pytest.mark.parametrize("arguments", OTHER_FAULTS)
def test_what_cannot_be_done_is_one_line(broken: Path, arguments: str) -> None:
    assert_says(broken, arguments, OTHER_FAULTS[arguments])


def test_labels_that_a_schema_lacks(broken: Path, model: list[Any], encoder_folder: Path) -> None:
    """An audit lists them; the rest, which cannot go on with them, names the first."""
    result = run("audit unknown.markup", 1)
    assert "a:0-6: error: 'Hanbit' (FIRM c1) has a label that the schema lacks" in result.stdout
    assert_says(broken, "evaluate --corpus unknown.markup --given-mentions", "span 'c1' has label 'FIRM'")
    shutil.copytree(encoder_folder, "encoder")
    result = run("train flat.toml -o out", 2)
    assert "MATERIAL" in result.stderr.splitlines()[-1]
    assert result.stderr.splitlines()[-1].startswith("error: ")
    assert not Path("out").exists()


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "encoder.onnx", "edges.onnx"])
def test_a_model_folder_that_is_not_whole(folder: Path, model_folder: Path, name: str) -> None:
    shutil.copytree(model_folder, "model")
    arguments = "evaluate --corpus gold --model model"
    whole = Path("model", name).read_bytes()
    Path("model", name).unlink()
    assert_says(folder, arguments, f"model: {name} is missing")
    for size in (0, 1, len(whole) // 2, len(whole) - 1):
        Path("model", name).write_bytes(whole[:size])
        assert_says(folder, arguments, f"{Path('model', name)}: ")


def test_errors_of_records() -> None:
    assert run("errors --corpus gold --records same.jsonl -o e.html").stderr == "10 documents, 0 errors\n"
    records = [json.loads(line) for line in Path("same.jsonl").read_text().splitlines()]
    lost = sum(len(record.pop("relations")) for record in records if record["relations"])
    assert lost
    Path("less.jsonl").write_text("".join(json.dumps(record | {"relations": []}) + "\n" for record in records))
    result = run("errors --corpus gold --records less.jsonl -o e.html")
    assert re.fullmatch(r"10 documents, [1-9]\d* errors \(.*relation .*\)\n", result.stderr)
    assert ">missed<" in Path("e.html").read_text()


def test_a_file_that_cannot_be_written_is_one_line() -> None:
    for arguments in ("evaluate --corpus gold --records same.jsonl --bootstrap 0", "statistics gold"):
        result = run(f"{arguments} --json nowhere/x.json", 2)
        assert result.stderr == f"error: {Path('nowhere/x.json')}: No such file or directory\n"


@pytest.mark.parametrize(
    "arguments", ["evaluate", "audit", "split", "statistics", "train", "train r.toml", "audit gold --colour", "teach"]
)
def test_wrong_usage(arguments: str) -> None:
    result = run(arguments, 2)
    assert "Usage: " in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "verb", ["annotate", "report", "train", "evaluate", "errors", "audit", "agreement", "build", "split", "statistics"]
)
def test_every_verb_explains_itself(verb: str) -> None:
    assert "Usage: " in run(f"{verb} --help").stdout


# As a process.


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, encoding="utf-8", timeout=60, env=environment
    )


def test_the_package_runs_as_a_module() -> None:
    assert python("-m", "sobujang", "--version").stdout == f"sobujang {sobujang.__version__}\n"
    done = python("-m", "sobujang", "audit", "gone")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "error: gone: no such file or folder\n")


def test_output_that_its_encoding_lacks_is_escaped() -> None:
    span = Span(id="T1", start=0, end=4, label="회사")
    document = Document(id="가", text="한빛정밀은 쉰다.", spans=(span,))
    Path("ko.markup").write_text(format_markup([document], Schema.default()), encoding="utf-8")
    done = python("-m", "sobujang", "audit", "ko.markup", PYTHONIOENCODING="ascii")
    assert done.returncode == 1, done.stderr
    assert r"\ud68c\uc0ac" in done.stdout
    assert "Traceback" not in done.stderr


def test_training_without_its_extra_names_it(monkeypatch: pytest.MonkeyPatch, folder: Path, recipe: str) -> None:
    for name in [name for name in sys.modules if name.startswith("sobujang.training")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    Path("recipe.toml").write_text(recipe)
    assert_says(folder, "train recipe.toml -o out", "pip install 'sobujang[train]'")


def test_an_interrupt_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(model: Callable[..., Any] | None = None) -> Extractor:
        raise KeyboardInterrupt

    monkeypatch.setattr(sobujang, "load", load)
    assert run("evaluate --corpus gold", 130).stderr == "interrupted\n"
