"""A recipe from beginning to end, also after a kill."""

from __future__ import annotations

import gzip
import json
import logging
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sobujang.corpora.standoff import write_standoff
from sobujang.document import Document, Span
from sobujang.errors import ModelError, RecipeError, SchemaError, SobujangError
from sobujang.extractor import Extractor
from sobujang.model.config import ModelConfig
from sobujang.training import run as module
from sobujang.training.recipe import read_recipe
from sobujang.training.run import load_stage, train

SCHEMA = """
name = "tiny"
description = "a tiny schema"
[mentions]
A = {}
B = {}
UP = {}
[relations.R]
head = ["A"]
tail = ["B"]
[relations.SAME]
head = ["A"]
tail = ["A"]
symmetric = true
transitive = true
same_label = true
[frames.F.cues]
UP = "better"
[frames.F.roles]
WHAT = { tail = ["B"], required = true }
"""
DOCUMENT = """id: d{number}
lang: en

[Hanbit]{{A a}} sells {the}[wafers]{{B b}} and the rest. [It]{{A c}} grew. Its [wafers]{{B d}} are [better]{{UP k}}.
----
R a -> b
SAME c -> a
WHAT k -> d
"""
STAGE = """schema = "schema.toml"
epochs = {epochs}
batch_size = 4
learning_rate = 3e-3
head_learning_rate = 1e-2
dropout = 0.0
embeddings = true
"""


@pytest.fixture(scope="module")
def write_project(encoder_folder: Path, tiny_recipe: str) -> Callable[[Path, int], Path]:
    """Writes a recipe with its corpus, schema and encoder beside it."""

    def write(folder: Path, epochs: int) -> Path:
        shutil.copytree(encoder_folder, folder / "encoder")
        (folder / "schema.toml").write_text(SCHEMA, encoding="utf-8")
        (folder / "gold" / "documents").mkdir(parents=True)
        documents = [DOCUMENT.format(number=i, the="the " * (i % 4)) for i in range(12)]
        (folder / "gold" / "documents" / "gold.markup").write_text("====\n".join(documents), encoding="utf-8")
        split = ["train"] * 8 + ["dev"] * 2 + ["test"] * 2
        (folder / "gold" / "splits.tsv").write_text(
            "id\tsplit\n" + "".join(f"d{i}\t{s}\n" for i, s in enumerate(split)), encoding="utf-8"
        )
        (folder / "recipe.toml").write_text(tiny_recipe + STAGE.format(epochs=epochs), encoding="utf-8")
        return folder / "recipe.toml"

    return write


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, write_project: Callable[[Path, int], Path]) -> Path:
    """A project after `train`; the model is in `out`, checkpoints in `work`."""
    folder = tmp_path_factory.mktemp("project")
    recipe = write_project(folder, 20)
    assert train(recipe, folder / "out", folder / "work") == folder / "out"
    return folder


def test_the_model_folder_is_whole_and_knows_what_it_learnt(trained: Path) -> None:
    out = trained / "out"
    assert {p.name for p in out.iterdir()} == {
        "README.md", "config.json", "edges.onnx", "encoder.onnx", "recipe.toml", "tokenizer.json",
    }  # fmt: skip
    extractor = Extractor.load(out)
    found = extractor.extract("Hanbit sells the wafers and the rest. It grew. Its wafers are better.")
    assert [(s.text, s.label) for s in found.spans] == [
        ("Hanbit", "A"), ("wafers", "B"), ("It", "A"), ("wafers", "B"), ("better", "UP"),
    ]  # fmt: skip
    assert ("T1", "T2", "R") in {(r.head, r.tail, r.label) for r in found.relations}
    assert [(c.cue, c.direction) for c in found.comparisons] == [("T5", "better")]
    config = ModelConfig.from_file(out / "config.json")
    assert set(config.thresholds) == {"relation", "coreference", "role"}
    assert (config.window, config.overlap, config.name) == (64, 16, "tiny")
    assert (out / "recipe.toml").read_bytes() == (trained / "recipe.toml").read_bytes()


def test_the_card_says_what_the_model_is(trained: Path) -> None:
    card = (trained / "out" / "README.md").read_text(encoding="utf-8")
    for said in (
        "# tiny", "a tiny schema", "3 mention labels, 3 edge labels", "| training | `gold` | 8 documents | 2 documents",
        "## Scores on the test split (2 documents)", "## Scores on the dev split", "| Mentions | all | 100.0 |",
        "Expected calibration error", "Points of F1 lost on dev", "Seed 3", '"corpus":"gold"',
    ):  # fmt: skip
        assert said.replace('":"', '": "') in card or said in card, said


def test_running_again_does_not_train_again(trained: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="sobujang"):
        train(trained / "recipe.toml", tmp_path / "out", trained / "work")
    assert "going on from" in caplog.text
    text = "Hanbit sells the wafers and the rest."
    again, before = (Extractor.load(folder).extract(text) for folder in (tmp_path / "out", trained / "out"))
    assert again == before


def test_an_export_that_lost_too_much_is_refused(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def summary(extractor: Extractor, *_: object) -> dict[str, float]:
        exported = type(extractor.backend).__name__ == "OnnxBackend"
        return {"mentions_f1": 0.9, "relations_f1": 0.8 if exported else 0.81}

    # Only export is under test: the graphs are those of the finished model.
    def copy_graphs(network: object, folder: Path) -> None:
        for name in ("encoder.onnx", "edges.onnx"):
            shutil.copy(trained / "out" / name, folder / name)

    monkeypatch.setattr(module, "_summary", summary)
    monkeypatch.setattr(module, "export_network", copy_graphs)
    text = (trained / "recipe.toml").read_text().replace("max_drop = 100.0", "max_drop = 0.5")
    (trained / "strict.toml").write_text(text)
    with pytest.raises(RecipeError, match=r"int8 lost 1\.00 points of relations_f1.*max_drop = 0\.5"):
        train(trained / "strict.toml", tmp_path / "out", trained / "work")
    with pytest.raises(ModelError):
        Extractor.load(tmp_path / "out")
    monkeypatch.setattr(module, "_summary", lambda *_: {"mentions_f1": 0.9})
    train(trained / "strict.toml", tmp_path / "out", trained / "work")
    assert Extractor.load(tmp_path / "out").schema.name == "tiny"


def test_a_killed_run_goes_on(
    tmp_path: Path, write_project: Callable[[Path, int], Path], caplog: pytest.LogCaptureFixture
) -> None:
    recipe = write_project(tmp_path, 40)
    out, work = tmp_path / "out", tmp_path / "work"
    code = "import sys, torch; torch.set_num_threads(1); from sobujang.training.run import train; train(*sys.argv[1:])"
    log = tmp_path / "log"
    with log.open("wb") as sink:
        process = subprocess.Popen([sys.executable, "-c", code, recipe, out, work], stdout=sink, stderr=sink)
        try:
            deadline = time.monotonic() + 120
            while not list(work.glob("training/checkpoint-*/trainer_state.json")):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, "no checkpoint appeared"
                time.sleep(0.01)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    assert not out.exists()
    last = max(int(p.parent.name.split("-")[1]) for p in work.glob("training/checkpoint-*/trainer_state.json"))
    assert last < 2 * 40  # it was killed before its end
    with caplog.at_level(logging.INFO, logger="sobujang"):
        train(recipe, out, work)
    assert "going on from" in caplog.text
    states = [json.loads(p.read_bytes()) for p in work.glob("training/checkpoint-*/trainer_state.json")]
    assert max(state["global_step"] for state in states) == 2 * 40
    assert Extractor.load(out).extract("Hanbit sells the wafers and the rest.").spans


def test_annotation_that_stands_off_is_learnt_too(tmp_path: Path, write_project: Callable[[Path, int], Path]) -> None:
    """All of it joins the training split; where its sentences are not there, the recipe's word on them is told."""
    recipe = write_project(tmp_path, 1)
    with recipe.open("a") as file:
        file.write('[[training.also]]\nannotations = "also.jsonl"\ntexts = "texts"\nsource = "from the shelf"\n')
    stage = read_recipe(recipe).training
    sentence = "Hanbit grew."
    document = Document(id="also", text=sentence, spans=(Span(id="a", start=0, end=6, label="A"),))
    write_standoff(tmp_path / "also.jsonl", {(sentence,): document})
    with pytest.raises(RecipeError, match=r"texts of the recipe is not there \(from the shelf\)"):
        load_stage(stage, tmp_path)
    (tmp_path / "texts").mkdir()
    with gzip.open(tmp_path / "texts" / "en.tsv.gz", "wt", encoding="utf-8") as lines:
        lines.write(f"news\tCC0\t{sentence}\n")
    _, corpus = load_stage(stage, tmp_path)
    assert [document.text for document in corpus["train"][8:]] == [sentence]
    assert (len(corpus["dev"]), len(corpus["test"])) == (2, 2)


def test_a_stage_before_prepares_the_encoder(
    tmp_path: Path,
    encoder_folder: Path,
    write_project: Callable[[Path, int], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second stage starts from the first one's encoder, with heads for another schema, and not twice."""
    recipe = write_project(tmp_path, 1)
    (tmp_path / "flat.toml").write_text('name = "flat"\n[mentions]\nX = {}\n')
    (tmp_path / "flat.markup").write_text("id: x\n\nThe [wafers]{X x} grew.\n----\n")
    with recipe.open("a") as file:
        file.write('[[before]]\ncorpus = "flat.markup"\nschema = "flat.toml"\nepochs = 1\nsource = "made up"\n')
    started = []
    build = module.build_network

    def remember(encoder: str, *rest: object) -> object:
        started.append(encoder)
        return build(encoder, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "build_network", remember)
    monkeypatch.setattr(module, "_export", lambda *_: {})
    monkeypatch.setattr(module, "write_card", lambda *_: None)
    train(recipe, tmp_path / "out", tmp_path / "work")
    prepared = tmp_path / "work" / "before-1" / "encoder"
    assert started == [str(tmp_path / "encoder"), str(prepared)]
    assert (prepared / "model.safetensors").read_bytes() != (encoder_folder / "model.safetensors").read_bytes()
    train(recipe, tmp_path / "out", tmp_path / "work")
    assert started[2:] == [str(prepared)]


def test_copies_are_made_of_the_training_documents(
    tmp_path: Path, write_project: Callable[[Path, int], Path], caplog: pytest.LogCaptureFixture
) -> None:
    recipe = write_project(tmp_path, 1)
    (tmp_path / "glossary.tsv").write_text("label\tko\ten\ttopic\nB\t필름\tfilm\tfilms\n", encoding="utf-8")
    with recipe.open("a") as file:
        file.write('copies = 2\ncopied_share = 1.0\nglossary = "glossary.tsv"\n')
    with caplog.at_level(logging.INFO, "sobujang"):
        train(recipe, tmp_path / "out", tmp_path / "work")
    assert "24 documents, 24 windows" in caplog.text
    for wrong, message in (('swapped = ["C"]', "C is no label of the schema"), ('glossary = "no.tsv"', "no.tsv")):
        text = recipe.read_text().replace('glossary = "glossary.tsv"', wrong)
        (tmp_path / "wrong.toml").write_text(text)
        with pytest.raises(SobujangError, match=message):
            train(tmp_path / "wrong.toml", tmp_path / "no", tmp_path / "no")


def test_what_is_not_there_is_named(tmp_path: Path, write_project: Callable[[Path, int], Path]) -> None:
    recipe = write_project(tmp_path, 1)
    text = recipe.read_text()

    def faulty(old: str, new: str) -> tuple[Path, Path, Path]:
        (tmp_path / "faulty.toml").write_text(text.replace(old, new))
        return tmp_path / "faulty.toml", tmp_path / "out", tmp_path / "work"

    with pytest.raises(RecipeError, match=r"nowhere of the recipe is not there \(ask Kim\)"):
        train(*faulty('corpus = "gold"', 'corpus = "nowhere"\nsource = "ask Kim"'))
    with pytest.raises(SchemaError, match=r"none\.toml"):
        train(*faulty('schema = "schema.toml"', 'schema = "none.toml"'))
    with pytest.raises(RecipeError, match=r"window = 128.*66 positions"):
        train(*faulty("window = 64", "window = 128"))
    assert not (tmp_path / "out").exists()


def test_a_trimmed_vocabulary_is_of_this_encoder(
    tmp_path: Path, write_project: Callable[[Path, int], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two folders of one name must not share what was trimmed from the first."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("sobujang.training.vocabulary.wordfreq.top_n_list", lambda language, n: ["the"])
    found = []
    for name in ("one", "two"):
        project = tmp_path / name
        project.mkdir()
        recipe_path = write_project(project, 1)
        recipe_path.write_text(recipe_path.read_text().replace("trim_vocabulary = false", ""))
        recipe = module.read_recipe(recipe_path)
        found.append(module._encoder(recipe, project, project / "work"))
    assert found[0] != found[1]
    assert all(Path(folder, "model.safetensors").exists() for folder in found)
    assert not (tmp_path / "cache").exists()
