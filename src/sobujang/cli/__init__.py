"""The command line: one module a verb. A verb joins by one import and one line below.

Exit codes: 0 done; 1 done, but documents failed or have errors; 2 not done, because what was asked for cannot be;
130 interrupted. Whatever goes wrong is one line on the standard error stream.
"""

from __future__ import annotations

import io
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sobujang import __version__
from sobujang.cli import (
    agreement,
    annotate,
    audit,
    bench,
    build,
    convert,
    errors,
    evaluate,
    report,
    split,
    statistics,
    train,
)
from sobujang.cli.terminal import tell
from sobujang.errors import SobujangError


class _Verbs(TyperGroup):
    """Turns the errors of all verbs into a line and an exit code."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # noqa: ANN401 - as typer has it
        try:
            return super().invoke(ctx)
        except SobujangError as error:
            _fail(f"error: {error}", error, 2)
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            _fail(f"error: {place}{error.strerror or error}", error, 2)
        except KeyboardInterrupt as interrupt:
            _fail("interrupted", interrupt, 130)


def _fail(line: str, error: BaseException, code: int) -> None:
    # Notes say what is left of the work: `sobujang.outputs.files`.
    tell("; ".join([line, *getattr(error, "__notes__", ())]))
    raise typer.Exit(code) from None


app = typer.Typer(cls=_Verbs, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command()(annotate.annotate)
app.command()(report.report)
app.command()(convert.convert)
app.command()(bench.bench)
app.command()(train.train)
app.command()(evaluate.evaluate)
app.command()(errors.errors)
app.command()(audit.audit)
app.command()(agreement.agreement)
app.command()(build.build)
app.command()(split.split)
app.command()(statistics.statistics)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sobujang {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Find companies, materials, parts, equipment, their relations and cost comparisons in Korean and English text."""


def main() -> None:
    """Runs the command line and exits."""
    # Piped output has the system's encoding, which may lack Korean. The standard error stream escapes by itself.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    app(prog_name="sobujang")
