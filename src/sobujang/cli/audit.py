"""`sobujang audit`: looks gold documents over."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from sobujang.cli.schema_option import SchemaFile, declared_schema
from sobujang.cli.terminal import one_line, output_console, tell


def audit(
    corpus: Annotated[Path, typer.Argument(help="Gold: a corpus folder, a .markup or a .jsonl file.")],
    schema: SchemaFile = None,
    warnings: Annotated[bool, typer.Option("--warnings", help="Also list what may be meant so.")] = False,
) -> None:
    """Check gold documents; exit code 1 when there are errors."""
    from sobujang.corpora.audit import audit as look_over
    from sobujang.corpora.corpus import load_corpus

    declared = declared_schema(schema)
    documents = load_corpus(corpus, declared).documents
    findings = look_over(documents, declared)
    console = output_console()
    for finding in findings:
        if warnings or finding.severity == "error":
            console.print(one_line(str(finding)), soft_wrap=True)
    errors = sum(finding.severity == "error" for finding in findings)
    rules = Counter(finding.rule for finding in findings)
    told = ", ".join(f"{rule} {count}" for rule, count in rules.most_common())
    tell(f"{len(documents)} documents: {errors} errors, {len(findings) - errors} warnings{f' ({told})' * bool(told)}")
    if errors:
        raise typer.Exit(1)
