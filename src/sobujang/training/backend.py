"""The torch side of `sobujang.model.backend.Backend`: what scores a network while it is still being trained."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from sobujang.model.backend import Encoded
from sobujang.model.network import Network


class TorchBackend:
    """Runs a network in full precision, one window at a time, as the exported graphs will be run."""

    def __init__(self, network: Network) -> None:
        """Wraps a network; the caller sets it to evaluation mode."""
        self._network = network

    @torch.inference_mode()
    def encode(self, windows: Sequence[NDArray[np.int64]]) -> list[Encoded]:
        """See `sobujang.model.backend.Backend.encode`."""
        found = []
        for window in windows:
            ids = self._tensor(window)[None]
            hidden, tags = self._network.encode(ids, torch.ones_like(ids))
            found.append(Encoded(hidden[0].cpu().numpy(), tags[0].cpu().numpy()))
        return found

    @torch.inference_mode()
    def edges(
        self, hidden: NDArray[np.float32], mentions: NDArray[np.int64], pairs: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """See `sobujang.model.backend.Backend.edges`."""
        if self._network.edges is None:
            return np.zeros((len(pairs), 0), dtype=np.float32)
        scores = self._network.edges(self._tensor(hidden), self._tensor(mentions), self._tensor(pairs))
        return np.asarray(scores.cpu().numpy())

    def _tensor(self, values: NDArray[Any]) -> torch.Tensor:
        # Asked each time: Trainer moves the network to the accelerator.
        return torch.from_numpy(values).to(self._network.tagger.weight.device)


class RememberingBackend:
    """Keeps the scores of each window, so that the same documents can be decoded again and again.

    For choosing thresholds on a development split; memory grows with the number of windows.
    """

    def __init__(self, backend: TorchBackend) -> None:
        """Wraps the backend that does the work."""
        self._backend = backend
        self._known: dict[bytes, Encoded] = {}
        self._edges: dict[tuple[bytes, bytes, bytes], NDArray[np.float32]] = {}

    def encode(self, windows: Sequence[NDArray[np.int64]]) -> list[Encoded]:
        """See `sobujang.model.backend.Backend.encode`."""
        for window in windows:
            if window.tobytes() not in self._known:
                self._known[window.tobytes()] = self._backend.encode([window])[0]
        return [self._known[window.tobytes()] for window in windows]

    def edges(
        self, hidden: NDArray[np.float32], mentions: NDArray[np.int64], pairs: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """See `sobujang.model.backend.Backend.edges`."""
        key = blake2b(hidden.tobytes()).digest(), mentions.tobytes(), pairs.tobytes()
        if key not in self._edges:
            self._edges[key] = self._backend.edges(hidden, mentions, pairs)
        return self._edges[key]
