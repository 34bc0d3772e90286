"""The context that the edge head sees, against plain slices."""

from __future__ import annotations

import torch

from sobujang.model.network import _mean


def test_means_of_stretches_are_those_of_slices() -> None:
    torch.manual_seed(0)
    hidden = torch.randn(30, 8)
    sums = torch.nn.functional.pad(hidden, (0, 0, 1, 0)).cumsum(0)
    starts, ends = torch.randint(0, 31, (2, 200)).sort(dim=0).values
    found = _mean(sums, starts, ends)
    for start, end, mean in zip(starts.tolist(), ends.tolist(), found, strict=True):
        expected = hidden[start:end].mean(0) if end > start else torch.zeros(8)
        torch.testing.assert_close(mean, expected, atol=1e-5, rtol=1e-4)
