"""What a corpus holds, as pictures: one SVG file a question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sobujang.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH = 7.0  # inches
_BAR = 0.26  # inches
_COLOURS = ("#2a6f97", "#e07a5f", "#81b29a", "#8d99ae")
_LANGUAGES = {"ko": "Korean", "en": "English", "mixed": "mixed"}


def write_plots(counted: Mapping[str, Any], folder: Path) -> Iterator[Path]:
    """Draws what `sobujang.corpora.statistics.statistics` counted.

    Args:
        counted: its result.
        folder: an existing folder; `mentions.svg`, `relations.svg`, `comparisons.svg` and `kinds.svg` are written.

    Yields:
        Each file that was written.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    languages = counted["by_language"]
    for name in ("mentions", "relations", "comparisons"):
        rows = {label: [group[name].get(label, 0) for group in languages.values()] for label in counted[name]}
        yield _bars(rows, [_LANGUAGES.get(language, language) for language in languages], name, folder / f"{name}.svg")
    kinds = sorted(counted["by_kind"], key=lambda kind: -counted["by_kind"][kind]["documents"])
    rows = {kind: [counted["by_kind"][kind]["documents"]] for kind in kinds}
    yield _bars(rows, ["documents"], "documents by kind", folder / "kinds.svg")


def _bars(rows: Mapping[str, list[int]], series: list[str], title: str, path: Path) -> Path:
    """Horizontal bars, one a row, its series laid end to end, the sum beside it."""
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError("drawing plots", "plots") from None

    with matplotlib.rc_context({"svg.hashsalt": title, "font.size": 9}):  # the same counts give the same bytes
        figure = Figure(figsize=(_WIDTH, 0.9 + _BAR * len(rows)), layout="constrained")
        axes: Axes = figure.subplots()
        left = [0] * len(rows)
        for place, name in enumerate(series):
            widths = [values[place] for values in rows.values()]
            axes.barh(list(rows), widths, left=left, label=name, color=_COLOURS[place % len(_COLOURS)])
            left = [a + b for a, b in zip(left, widths, strict=True)]
        for row, total in enumerate(left):
            axes.text(total, row, f" {total:,}", va="center")
        axes.invert_yaxis()
        axes.margins(x=0.12)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_title(title, loc="left")
        if len(series) > 1:
            axes.legend(frameon=False, loc="lower right")
        figure.savefig(path, format="svg", metadata={"Date": None})
    return path
