"""How fast an extractor is on given texts, and where its time goes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from sobujang.extractor import Extractor

_LATENCY_WORDS = 100
_LATENCY_RUNS = 30
_BATCH_SIZE = 32
_STAGES = {"_prepare": "cutting", "_encode": "network", "_find_mentions": "mentions", "_finish": "relations and frames"}


class Speed(NamedTuple):
    """What `measure` found.

    Attributes:
        documents: how many there were.
        words: in all, by white space.
        pieces: sub-words that the network saw, those that two windows share counted twice.
        seconds: for all of them, end to end.
        bare_seconds: for the network's encoder alone, on the same windows.
        stages: seconds by stage; what is left of `seconds` goes into joining them.
        latency: seconds for a single text of a hundred words, median.
    """

    documents: int
    words: int
    pieces: int
    seconds: float
    bare_seconds: float
    stages: dict[str, float]
    latency: float

    @property
    def words_per_second(self) -> float:
        """End to end."""
        return self.words / self.seconds

    @property
    def share_of_bare(self) -> float:
        """End-to-end rate over that of the bare encoder: 1 if all else cost nothing."""
        return self.bare_seconds / self.seconds


def measure(extractor: Extractor, texts: Sequence[str], batch_size: int = _BATCH_SIZE) -> Speed:
    """Runs an extractor over texts: once to warm up, once for the time, once for the stages, then the bare encoder.

    Args:
        extractor: any.
        texts: at least one, with at least one word.
        batch_size: documents that share a pass.

    Raises:
        ValueError: there is no word to read.
    """
    words = [text.split() for text in texts]
    if not any(words):
        raise ValueError("no words to read")
    list(extractor.stream(texts[:batch_size], batch_size))
    with _stopwatch() as seconds:
        for _ in extractor.stream(texts, batch_size):
            pass
    stages = _by_stage(extractor, texts, batch_size)
    windows = [
        ids for start in range(0, len(texts), batch_size) for ids in extractor.windows(texts[start:][:batch_size])
    ]
    with _stopwatch() as bare:
        for start in range(0, len(windows), batch_size):
            extractor.backend.encode(windows[start : start + batch_size])
    short = " ".join([word for text in words for word in text][:_LATENCY_WORDS])
    latencies = []
    for _ in range(_LATENCY_RUNS):
        with _stopwatch() as one:
            extractor.extract(short)
        latencies.append(one[0])
    return Speed(
        documents=len(texts), words=sum(map(len, words)), pieces=sum(map(len, windows)), seconds=seconds[0],
        bare_seconds=bare[0], stages=stages, latency=median(latencies),
    )  # fmt: skip


def load_seconds(model: str | Path | None = None) -> float:
    """How long a fresh process takes to import the package and load a model."""
    code = (
        "import sys, time; began = time.perf_counter(); import sobujang; sobujang.load(*sys.argv[1:]); "
        "print(time.perf_counter() - began)"
    )
    arguments = [] if model is None else [str(model)]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return float(done.stdout)


def peak_memory() -> int | None:
    """The most bytes that this process has held so far; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _by_stage(extractor: Extractor, texts: Sequence[str], batch_size: int) -> dict[str, float]:
    spent = dict.fromkeys(_STAGES.values(), 0.0)

    def watched(method: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def run(*arguments: object) -> Any:  # noqa: ANN401 - whatever the method gives
            with _stopwatch() as seconds:
                result = method(*arguments)
            spent[stage] += seconds[0]
            return result

        return run

    for name, stage in _STAGES.items():
        setattr(extractor, name, watched(getattr(extractor, name), stage))  # on this one only, not on the class
    try:
        for _ in extractor.stream(texts, batch_size):
            pass
    finally:
        for name in _STAGES:
            delattr(extractor, name)
    return spent


@contextmanager
def _stopwatch() -> Iterator[list[float]]:
    """Seconds that the block took, in a list that is filled when it ends."""
    seconds: list[float] = []
    began = time.perf_counter()
    yield seconds
    seconds.append(time.perf_counter() - began)
