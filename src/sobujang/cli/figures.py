"""Figures that a verb printed as a table, as a file: what its option `--json` asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec


def write_figures(path: Path, figures: dict[str, Any]) -> None:
    """Writes plain values as indented JSON."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=1))
