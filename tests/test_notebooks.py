"""Every notebook runs from top to bottom, and is kept without what it printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> Any:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_outputs_are_cleared(path: Path) -> None:
    notebook = read(path)
    assert code_cells(notebook)
    for cell in code_cells(notebook):
        assert cell.outputs == [], f"{path.name}, {cell.id}: clear all outputs before saving"
        assert cell.execution_count is None, f"{path.name}, {cell.id}: clear all outputs before saving"
        assert cell.metadata == {}, f"{path.name}, {cell.id}: has metadata"
    # The editor's Python version and the like would change with every save.
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}
    assert set(notebook.metadata.get("language_info", {})) <= {"name"}


def test_it_runs(path: Path) -> None:
    if not (ROOT / "models" / "base" / "config.json").exists():
        pytest.skip("models/base holds no model yet, and the notebooks load the shipped one")
    notebook = read(path)
    # The kernel is this interpreter, in the notebook's own folder as under Jupyter.
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": path.parent}}
    ).execute()
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    assert outputs
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
