"""The learning curve: scores on the test split after training on a part of the training split.

    python tests/benchmarks/learning_curve.py RESULTS.jsonl          trains what RESULTS lacks, then prints the table
    python tests/benchmarks/learning_curve.py RESULTS.jsonl --table  only prints it

Each run appends one line to RESULTS when it ends, so a benchmark that was cut goes on where it was. The shipped recipe
is used without its copies and real sentences, which would blur what a document is worth, and without its stages on the
same corpus. Each run takes the same number of steps, so that a small part is not merely trained for a shorter time. The
prepared encoder is taken from the recipe's work folder, or made there. A run takes about ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sobujang.document import Document
from sobujang.evaluation import evaluate
from sobujang.extractor import Extractor
from sobujang.model.config import ModelConfig
from sobujang.model.folder import TOKENIZER_FILE
from sobujang.model.subwords import Subwords
from sobujang.training.backend import RememberingBackend, TorchBackend
from sobujang.training.calibration import calibrate
from sobujang.training.recipe import read_recipe
from sobujang.training.run import load_stage, prepare_encoder
from sobujang.training.trainer import build_network, train_stage

ROOT = Path(__file__).parents[2]
TASKS = ("mentions", "relations", "coreference", "comparisons")
LANGUAGES = ("ko", "en")


def part_of(documents: Sequence[Document], percent: int, seed: int) -> list[Document]:
    """A random part with the languages in the same proportion; a larger part of one seed holds the smaller."""
    chosen: list[Document] = []
    for language in sorted({document.lang or "" for document in documents}):
        members = sorted((d for d in documents if (d.lang or "") == language), key=lambda document: document.id)
        random.Random(seed).shuffle(members)
        chosen += members[: round(len(members) * percent / 100)]
    return sorted(chosen, key=lambda document: document.id)


def measure(percent: int, seed: int, passes: int, recipe_path: Path, work: Path) -> dict[str, Any]:
    """Trains on `percent` of the training split, in the steps of `passes` over all of it; scores the test split."""
    recipe = read_recipe(recipe_path)
    # An encoder that has met the whole training split would hide what a part of it is worth.
    before = tuple(stage for stage in recipe.before if stage.corpus != recipe.training.corpus)
    recipe = recipe.__replace__(before=before)
    encoder = prepare_encoder(recipe, recipe_path.parent, work)
    epochs = round(passes * 100 / percent)
    stage = recipe.training.__replace__(copies=0, also=(), epochs=epochs)
    recipe = recipe.__replace__(seed=seed)
    schema, corpus = load_stage(stage, recipe_path.parent)
    subwords = Subwords.from_file(Path(encoder) / TOKENIZER_FILE)
    train = part_of(corpus["train"], percent, seed)
    network = build_network(encoder, schema, stage, seed)
    with tempfile.TemporaryDirectory() as checkpoints:
        train_stage(network, subwords, schema, train, [], stage, recipe, Path(checkpoints))
    config = ModelConfig(name=recipe.name, schema=schema.to_dict(), window=recipe.window, overlap=recipe.overlap)
    config = calibrate(config, subwords, RememberingBackend(TorchBackend(network)), corpus["dev"])
    extractor = Extractor(config, subwords, TorchBackend(network))
    scores = evaluate(corpus["test"], list(extractor.stream(corpus["test"])), schema).scores
    return {
        "percent": percent,
        "seed": seed,
        "epochs": epochs,
        "documents": len(train),
        "f1": {lang: {task: round(scores[lang][task].strict.f1, 4) for task in TASKS} for lang in LANGUAGES},
        "labels": {
            label: round(score.strict.f1, 4)
            for task in ("mentions", "relations")
            for label, score in scores["all"][task].labels.items()
        },
    }


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Mean and spread over the seeds, in percent, as Markdown."""
    lines = ["| training split | documents | " + " | ".join(f"{t} {lang}" for t in TASKS for lang in LANGUAGES) + " |"]
    lines.append("|---|---:" + "|---:" * (len(TASKS) * len(LANGUAGES)) + "|")
    for percent in sorted({row["percent"] for row in rows}):
        runs = [row for row in rows if row["percent"] == percent]
        cells = []
        for task in TASKS:
            for language in LANGUAGES:
                values = [100 * run["f1"][language][task] for run in runs]
                spread = f" ± {statistics.stdev(values):.1f}" if len(values) > 1 else ""
                cells.append(f"{statistics.mean(values):.1f}{spread}")
        lines.append(f"| {percent} % | {runs[0]['documents']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def label_table(rows: Sequence[dict[str, Any]]) -> str:
    """F1 of each label of mentions and relations, mean over the seeds; what still climbs stands first."""
    rows = [row for row in rows if "labels" in row]  # the first runs did not keep them
    percents = sorted({row["percent"] for row in rows})
    means: dict[str, list[float]] = {}
    for percent in percents:
        runs = [row["labels"] for row in rows if row["percent"] == percent]
        for label in runs[0]:
            means.setdefault(label, []).append(statistics.mean(100 * run[label] for run in runs))
    lines = ["| label | " + " | ".join(f"{percent} %" for percent in percents) + " | last step |"]
    lines.append("|---|" + "---:|" * (len(percents) + 1))
    for label, values in sorted(means.items(), key=lambda item: item[1][-2] - item[1][-1] if len(percents) > 1 else 0):
        last = f"{values[-1] - values[-2]:+.1f}" if len(values) > 1 else ""
        lines.append(f"| {label} | " + " | ".join(f"{value:.1f}" for value in values) + f" | {last} |")
    return "\n".join(lines)


def main() -> None:
    """Runs what is missing and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path)
    parser.add_argument("--table", action="store_true", help="train nothing")
    parser.add_argument("--passes", type=int, default=4, help="over the whole split")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--percents", type=int, nargs="+", default=[25, 50, 100])
    parser.add_argument("--recipe", type=Path, default=ROOT / "models" / "base" / "recipe.toml")
    parser.add_argument("--work", type=Path, default=ROOT / "runs" / "base")
    options = parser.parse_args()
    text = options.results.read_text(encoding="utf-8") if options.results.exists() else ""
    rows = [json.loads(line) for line in text.splitlines()]
    done = {(row["percent"], row["seed"]) for row in rows}
    for seed in options.seeds if not options.table else ():
        for percent in options.percents:
            if (percent, seed) not in done:
                rows.append(measure(percent, seed, options.passes, options.recipe, options.work))
                with options.results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(rows[-1]) + "\n")
    print(table(rows), label_table(rows), sep="\n\n")


if __name__ == "__main__":
    main()
