"""The model card: what the model is, what made it, and how it scores; written by `sobujang train`, not by hand."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import msgspec

from sobujang.document import Document
from sobujang.evaluation import evaluate, to_markdown
from sobujang.evaluation.reliability import expected_calibration_error, judge
from sobujang.extractor import Extractor
from sobujang.model.folder import CARD_FILE
from sobujang.training.recipe import Recipe, Stage

_PACKAGES = ("torch", "transformers", "datasets", "scikit-learn", "spacy", "onnxruntime", "kiwipiepy")
_SAMPLES = 1000  # of the bootstrap


def write_card(
    folder: Path,
    recipe: Recipe,
    corpus: Mapping[str, Sequence[Document]],
    drops: Mapping[str, float],
    parameters: int,
) -> None:
    """Writes `README.md` into a model folder.

    Args:
        folder: a whole model folder; its graphs are what is scored.
        recipe: what made it.
        corpus: gold documents by split; `dev` and `test` are scored where there are any.
        drops: points of F1 that int8 lost on dev, by task.
        parameters: of the network.
    """
    extractor = Extractor.load(folder)
    size = sum(path.stat().st_size for path in folder.iterdir() if path.suffix in (".onnx", ".json")) / 1e6
    lines = [
        *_front_matter(recipe),
        f"# {recipe.name}",
        "",
        f"{extractor.schema.description}. "
        * bool(extractor.schema.description)
        + f"Schema `{extractor.schema.name}` {extractor.schema.version}: "
        f"{len(extractor.schema.labels)} mention labels, {len(extractor.schema.edges)} edge labels.",
        "",
        f"{parameters / 1e6:.1f} M parameters, {size:.1f} MB on disk (int8 ONNX). Encoder: `{recipe.encoder}`. "
        f"Seed {recipe.seed}, Python {platform.python_version()}, "
        + ", ".join(f"{package} {version(package)}" for package in _PACKAGES)
        + ".",
        "",
        "This card is written by `sobujang train`; `recipe.toml` beside it makes the model again.",
        "",
        "## Data",
        "",
        "| stage | corpus | train | dev | test |",
        "|---|---|---|---|---|",
        *(f"| before {i} | {_source(stage)} | all | – | – |" for i, stage in enumerate(recipe.before, start=1)),
        f"| training | {_source(recipe.training)} | "
        + " | ".join(f"{len(corpus[split])} documents" for split in ("train", "dev", "test"))
        + " |",
        *(
            f"| training, also | {_file(more.annotations)} {more.source} | in the above | – | – |"
            for more in recipe.training.also
        ),
        "",
    ]
    for split in ("test", "dev"):
        if corpus[split]:
            lines += _scores(extractor, corpus[split], split)
    if drops:
        lost = ", ".join(f"{task.removesuffix('_f1')} {drop:+.2f}" for task, drop in drops.items())
        lines += ["## Export", "", f"Points of F1 lost on dev from full precision to int8: {lost}.", ""]
    thresholds = ", ".join(f"{kind} {value:.2f}" for kind, value in extractor.config.thresholds.items())
    lines += ["## Settings", "", f"Thresholds chosen on dev: {thresholds or 'none'}.", "", "```json"]
    lines += [msgspec.json.format(msgspec.json.encode(recipe), indent=1).decode(), "```", ""]
    (folder / CARD_FILE).write_text("\n".join(lines), encoding="utf-8")


def _front_matter(recipe: Recipe) -> list[str]:
    """Metadata as the Hugging Face hub reads it."""
    return [
        "---",
        "language: [ko, en]",
        "license: apache-2.0",
        "library_name: sobujang",
        "pipeline_tag: token-classification",
        "tags: [named-entity-recognition, relation-extraction, comparison-extraction, korean]",
        f"model_name: {recipe.name}",
        "---",
        "",
    ]


def _source(stage: Stage) -> str:
    return f"{_file(stage.corpus)} {stage.source}".strip()


def _file(path: str) -> str:
    """The last two parts of a path: many corpora are called `train.jsonl`."""
    return f"`{'/'.join(Path(path).parts[-2:])}`"


def _scores(extractor: Extractor, gold: Sequence[Document], split: str) -> list[str]:
    predicted = list(extractor.stream(gold))
    evaluation = evaluate(gold, predicted, extractor.schema, bootstrap=_SAMPLES)
    judged = judge(gold, predicted, extractor.schema)
    errors = ", ".join(f"{kind} {expected_calibration_error(found):.3f}" for kind, found in judged.items())
    table = to_markdown(evaluation, labels=split == "test")
    heading = f"## Scores on the {split} split ({len(gold)} documents)"
    note = "In brackets: 95 percent bootstrap interval over documents. "
    note += "The thresholds and the epoch were chosen on this split." if split == "dev" else ""
    return [heading, "", note, "", table, "", f"Expected calibration error: {errors}.", ""]
