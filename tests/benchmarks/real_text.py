"""Scores of a model on real sentences of news and the web, which nobody wrote for it.

    python tests/benchmarks/real_text.py [MODEL]

The gold annotation (`real_text.jsonl`, 180 documents of one or two sentences, drawn by key words of industry, made
under the corpus guidelines by an annotator who saw no prediction) holds no text: each line has the SHA-256 of its
sentence. The sentences are those of `../shared/data/plain`, of which some may be measured with but not shipped. They
are never trained on. Where the folder is not there, the benchmark says so and ends.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import sobujang
from sobujang.cli.terminal import output_console
from sobujang.document import Document
from sobujang.evaluation import evaluate, render

GOLD = Path(__file__).with_suffix(".jsonl")
PLAIN = Path(__file__).parents[3] / "shared" / "data" / "plain"


def digest(text: str) -> str:
    """What stands for a sentence in the gold file."""
    return hashlib.sha256(text.encode()).hexdigest()


def sentences(folder: Path) -> Iterator[str]:
    """All plain sentences, white space made even."""
    for path in sorted(folder.iterdir()):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                text = json.loads(line)["text"] if ".jsonl" in path.name else line.rsplit("\t", 1)[-1]
                yield " ".join(text.split())


def gold_documents(folder: Path) -> list[Document]:
    """The gold annotation with its texts."""
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    wanted = {row["sha256"] for row in rows}
    texts = {key: text for text in sentences(folder) if (key := digest(text)) in wanted}
    for row in rows:
        row["text"] = texts[row.pop("sha256")]
    return [Document.from_json(json.dumps(row).encode()) for row in rows]


def main() -> None:
    """Prints the table."""
    if not PLAIN.is_dir():
        sys.exit(f"skipped: {PLAIN} is not there; the sentences are third-party text and not part of the project")
    extractor = sobujang.load(*sys.argv[1:2])
    gold = gold_documents(PLAIN)
    evaluation = evaluate(gold, list(extractor.stream(gold)), extractor.schema, bootstrap=1000)
    output_console().print(render(evaluation, labels=True))


if __name__ == "__main__":
    main()
