"""Public benchmarks: the trainer and the extractor of the product on data sets that others publish results for.

    python tests/benchmarks/public.py [NAME ...] [--seeds 1 2 3]   trains what is missing, then prints the table
    python tests/benchmarks/public.py --table                      only prints it

Each benchmark is a recipe in `recipes/` with a schema in `schemas/`; its model is made by `sobujang.training` and
scored as it would ship (int8) on the data set's own test split, which nothing is chosen on. Every run appends a line
to `public.jsonl`. The data sets are those of `../shared/data`; where they are not there, the benchmark says so and
ends.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sobujang.evaluation import evaluate
from sobujang.extractor import Extractor
from sobujang.training.recipe import read_recipe
from sobujang.training.run import load_stage, train

HERE = Path(__file__).parent
RESULTS = HERE / "public.jsonl"
DATA = HERE.parents[2] / "shared" / "data"


class Benchmark(NamedTuple):
    """A data set and what is published for it."""

    data: str  # folder of the data set
    tasks: Sequence[str]  # what is scored: strict micro F1
    published: str


BENCHMARKS = {
    "conll04": Benchmark(
        "conll04",
        ("mentions", "relations"),
        "SpERT (Eberts and Ulges 2020, BERT-base, 110M): entities 88.9, strict relations 71.5",
    ),
}


def measure(name: str, seed: int) -> dict[str, Any]:
    """Trains one model and scores it on the test split."""
    path = HERE / "recipes" / f"{name}.toml"
    with tempfile.TemporaryDirectory() as folder:
        model = train(path, Path(folder, "model"), Path(folder, "work"), seed=seed)
        stage = read_recipe(path).training
        schema, corpus = load_stage(stage, path.parent)
        found = list(Extractor.load(model).stream(corpus["test"]))
    scores = evaluate(corpus["test"], found, schema).scores["all"]
    return {
        "benchmark": name,
        "seed": seed,
        "epochs": stage.epochs,
        "documents": len(corpus["test"]),
        "f1": {task: round(scores[task].strict.f1, 4) for task in BENCHMARKS[name].tasks},
    }


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Mean and spread over the seeds, in percent, beside what is published."""
    lines = ["| benchmark | task | F1 | seeds | published |", "|---|---|---:|---:|---|"]
    for name, benchmark in BENCHMARKS.items():
        runs = [row for row in rows if row["benchmark"] == name]
        for task in benchmark.tasks if runs else ():
            values = [100 * run["f1"][task] for run in runs]
            spread = f" ± {statistics.stdev(values):.1f}" if len(values) > 1 else ""
            lines.append(
                f"| {name} | {task} | {statistics.mean(values):.1f}{spread} | {len(values)} | {benchmark.published} |"
            )
    return "\n".join(lines)


def main() -> None:
    """Runs what is missing and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=list(BENCHMARKS), metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--table", action="store_true", help="train nothing")
    options = parser.parse_args()
    if unknown := set(options.names) - BENCHMARKS.keys():
        parser.error(f"no benchmark is called {sorted(unknown)[0]!r}; there are {', '.join(BENCHMARKS)}")
    rows = [json.loads(line) for line in RESULTS.read_text().splitlines()] if RESULTS.exists() else []
    done = {(row["benchmark"], row["seed"]) for row in rows}
    for name in options.names if not options.table else ():
        if not (DATA / BENCHMARKS[name].data).is_dir():
            sys.exit(f"skipped: {DATA / BENCHMARKS[name].data} is not there; the data set is not part of the project")
        for seed in options.seeds:
            if (name, seed) not in done:
                rows.append(measure(name, seed))
                with RESULTS.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(rows[-1]) + "\n")
    print(table(rows))


if __name__ == "__main__":
    main()
