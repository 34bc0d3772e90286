"""Scores of a model on real sentences of news and the web, which nobody wrote for it.

    python tests/benchmarks/real_text.py [MODEL]

The gold annotation (`real_text.jsonl`, 180 documents of one or two sentences, drawn by key words of industry, made
under the corpus guidelines by an annotator who saw no prediction) stands off from its text. The sentences are those of
`../shared/data/plain`, of which some may be measured with but not shipped. They are never trained on. Where the folder
is not there, the benchmark says so and ends.
"""

from __future__ import annotations

import sys
from pathlib import Path

import sobujang
from sobujang.cli.terminal import output_console
from sobujang.corpora.standoff import read_standoff
from sobujang.evaluation import evaluate, render

GOLD = Path(__file__).with_suffix(".jsonl")
PLAIN = Path(__file__).parents[3] / "shared" / "data" / "plain"


def main() -> None:
    """Prints the table."""
    if not PLAIN.is_dir():
        sys.exit(f"skipped: {PLAIN} is not there; the sentences are third-party text and not part of the project")
    extractor = sobujang.load(*sys.argv[1:2])
    gold = read_standoff(GOLD, PLAIN)
    evaluation = evaluate(gold, list(extractor.stream(gold)), extractor.schema, bootstrap=1000)
    output_console().print(render(evaluation, labels=True))


if __name__ == "__main__":
    main()
