"""sobujang reads Korean and English text about industry: companies, things, relations and cost comparisons.

Example:
    >>> import sobujang
    >>> extractor = sobujang.load()
    >>> record = extractor.extract("한빛정밀은 커넥터를 일본산의 절반 가격에 납품한다.")
    >>> [([record.surface(i) for i in c["item"]], c.price_ratio) for c in record.comparisons]
    [(['커넥터'], 0.5)]
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Document", "Extractor", "Schema", "__version__", "load"]

if TYPE_CHECKING:
    from sobujang.document import Document
    from sobujang.extractor import Extractor
    from sobujang.schema import Schema

_HOMES = {"Document": "sobujang.document", "Extractor": "sobujang.extractor", "Schema": "sobujang.schema"}


def load(model: str | Path | None = None, threads: int | None = None) -> Extractor:
    """Loads an extractor.

    Args:
        model: a folder that `sobujang train` wrote; by default the model that ships with the package.
        threads: windows computed at the same time; by default the cores this process may use.

    Raises:
        ModelError: the folder is missing, incomplete or of another version.
    """
    from sobujang.extractor import Extractor
    from sobujang.model.folder import shipped_model

    return Extractor.load(shipped_model() if model is None else model, threads)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever lives there
    """Imports the public classes when they are first asked for, so that `import sobujang` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sobujang' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
