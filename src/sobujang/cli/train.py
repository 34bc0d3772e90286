"""`sobujang train`: a recipe becomes a model folder."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.logging import RichHandler

from sobujang.cli.terminal import tell


def train(
    recipe: Annotated[Path, typer.Argument(help="Recipe file (TOML).")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Model folder to write.")],
    work: Annotated[
        Path | None,
        typer.Option(help="Folder for checkpoints; by default runs/NAME-SEED. A killed run goes on from there."),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Takes the place of the recipe's seed.")] = None,
) -> None:
    """Train a model from a recipe; the same command goes on after a kill."""
    # Here and not above: torch takes seconds to load, and `sobujang --help` should not wait for it.
    from sobujang.errors import OutputError
    from sobujang.training.recipe import read_recipe
    from sobujang.training.run import train as run

    if out.exists() and not out.is_dir():  # to be told now and not after hours
        raise OutputError(f"{out}: is a file; name a folder for the model")
    progress = RichHandler(console=Console(stderr=True), show_path=False)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", handlers=[progress])
    logging.getLogger("sobujang").setLevel(logging.INFO)
    read = read_recipe(recipe)
    place = work or Path("runs") / f"{read.name}-{read.seed if seed is None else seed}"
    tell(f"wrote {run(recipe, out, place, seed)}")
