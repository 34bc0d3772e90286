"""What computes scores: a protocol, and its implementation on ONNX Runtime."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from sobujang.errors import ModelError
from sobujang.model.folder import EDGES_FILE, ENCODER_FILE


class Encoded(NamedTuple):
    """One window after the encoder: hidden states (pieces, hidden) and tag logits (pieces, tags)."""

    hidden: NDArray[np.float32]
    tags: NDArray[np.float32]


class Backend(Protocol):
    """Computes the network's scores; each window by itself, so that no result depends on its neighbours in a batch."""

    def encode(self, windows: Sequence[NDArray[np.int64]]) -> list[Encoded]:
        """Runs the encoder and the mention head on windows of piece ids, end marks included."""
        ...

    def edges(
        self, hidden: NDArray[np.float32], mentions: NDArray[np.int64], pairs: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Scores pairs of one window.

        Args:
            hidden: shape (pieces, hidden).
            mentions: first piece, last piece, label, end of the sentence; shape (mentions, 4).
            pairs: head, tail, features; shape (pairs, 2 + features).

        Returns:
            Logits, shape (pairs, edges).
        """
        ...


class OnnxBackend:
    """Runs `encoder.onnx` and `edges.onnx` on the CPU.

    Windows go through one at a time, one thread each: nothing is padded, and int8 activations, whose scale ONNX Runtime
    takes from the whole input, cannot leak from one text into another.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Loads the two graphs.

        Args:
            folder: the model folder.
            threads: windows computed at the same time; by default the cores this process may use.

        Raises:
            ModelError: a graph is missing or damaged.
        """
        self._encoder = _session(folder / ENCODER_FILE)
        # A schema without relations and frames has no edge head.
        self._edges = _session(folder / EDGES_FILE) if (folder / EDGES_FILE).exists() else None
        self._pool = ThreadPoolExecutor(threads or _usable_cores(), thread_name_prefix="sobujang")

    def encode(self, windows: Sequence[NDArray[np.int64]]) -> list[Encoded]:
        """See `Backend.encode`."""
        return list(self._pool.map(self._encode_one, windows))

    def _encode_one(self, window: NDArray[np.int64]) -> Encoded:
        hidden, tags = self._encoder.run(None, {"input_ids": window[None]})
        return Encoded(hidden[0], tags[0])

    def edges(
        self, hidden: NDArray[np.float32], mentions: NDArray[np.int64], pairs: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """See `Backend.edges`."""
        if self._edges is None:
            return np.zeros((len(pairs), 0), dtype=np.float32)
        feed = {"hidden": hidden, "mentions": mentions, "pairs": pairs}
        return np.asarray(self._edges.run(None, feed)[0])


def _usable_cores() -> int:
    # Not every system can limit a process to some cores.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _session(path: Path) -> ort.InferenceSession:
    if not path.exists():
        raise ModelError(f"{path}: missing; copy the model folder again")
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own classes, which share no public base
        first_line = str(error).splitlines()[0]
        raise ModelError(f"{path}: truncated or damaged ({first_line}); copy the model folder again") from None
