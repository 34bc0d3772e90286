"""The layout of a model folder: which files it holds, and where the shipped one lies."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sobujang.errors import ModelError

CONFIG_FILE = "config.json"
TOKENIZER_FILE = "tokenizer.json"
ENCODER_FILE = "encoder.onnx"
EDGES_FILE = "edges.onnx"  # absent where the schema has neither relations nor frames
CARD_FILE = "README.md"

_REQUIRED = (CONFIG_FILE, TOKENIZER_FILE, ENCODER_FILE)
_SHIPPED = Path("models", "base")


def shipped_model() -> Path:
    """The model that comes with the package: inside an installed wheel, or beside `src/` in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for root in (package, package.parents[1]):
        if (root / _SHIPPED / CONFIG_FILE).exists():
            return root / _SHIPPED
    raise ModelError(
        f"no shipped model under {package}; install the package from a full checkout, or pass a model folder"
    )


def check_folder(folder: Path, edges: bool = False) -> Path:
    """Checks that a folder holds a model.

    Args:
        folder: the folder.
        edges: whether its schema has edges, so that it needs the graph that scores them.

    Raises:
        ModelError: names the first file that is missing.
    """
    if not folder.is_dir():
        raise ModelError(f"{folder}: no such model folder; give one that `sobujang train` wrote")
    for name in (*_REQUIRED, EDGES_FILE) if edges else _REQUIRED:
        if not (folder / name).is_file():
            raise ModelError(f"{folder}: {name} is missing, so this is no whole model folder; copy it again")
    return folder


def fingerprint(folder: Path) -> str:
    """Tells models apart: a digest of the files that what a model finds depends on.

    Raises:
        ModelError: a file cannot be read.
    """
    digest = hashlib.sha256()
    for name in (*_REQUIRED, EDGES_FILE):
        try:
            if (folder / name).exists():
                with (folder / name).open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise ModelError(f"{folder / name}: cannot read ({error.strerror})") from None
    return digest.hexdigest()[:16]
