"""What a model folder says about itself beside its weights: `config.json`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from sobujang.errors import ModelError, SchemaError
from sobujang.schema import Schema

FORMAT = 1


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A monotone map from raw scores to probabilities: its knots, between which it is linear.

    Example:
        >>> Calibration(raw=(0.0, 1.0), probability=(0.1, 0.9))(np.array([0.5]))
        array([0.5])
    """

    raw: tuple[float, ...] = (0.0, 1.0)
    probability: tuple[float, ...] = (0.0, 1.0)

    def __call__(self, scores: NDArray[np.floating]) -> NDArray[np.float64]:
        """Maps scores of any shape."""
        return np.asarray(np.interp(scores, self.raw, self.probability), dtype=np.float64)


class ModelConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that inference needs to know.

    Attributes:
        format: version of the folder's layout.
        name: the model's name, as in its card.
        schema: the declaration that its scores follow, as plain values.
        window: most pieces that the encoder sees at once, its two end marks included.
        overlap: about how many pieces neighbouring windows share.
        thresholds: raw score from which an edge of a kind (`relation`, `coreference`, `role`) is reported.
        calibration: raw score → probability, by kind (`mention`, `relation`, `coreference`, `role`, `comparison`).
    """

    name: str
    schema: dict[str, Any]
    format: int = FORMAT
    window: int = 256
    overlap: int = 64
    thresholds: Mapping[str, float] = {}
    calibration: Mapping[str, Calibration] = {}

    def threshold(self, kind: str) -> float:
        """The least raw score at which an edge of this kind is reported; 0.5 where none was chosen."""
        return self.thresholds.get(kind, 0.5)

    def calibrated(self, kind: str, scores: NDArray[np.floating]) -> NDArray[np.float64]:
        """Raw scores as probabilities; unchanged where the model was not calibrated."""
        calibration = self.calibration.get(kind)
        return np.asarray(scores, dtype=np.float64) if calibration is None else calibration(scores)

    def to_json(self) -> bytes:
        """The text of `config.json`."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1)

    @classmethod
    def from_file(cls, path: Path) -> ModelConfig:
        """Reads `config.json` and checks it.

        Raises:
            ModelError: the file is missing, damaged, or of a layout that this version does not know.
        """
        try:
            config = msgspec.json.decode(path.read_bytes(), type=cls)
            Schema.from_dict(config.schema, str(path))
        except OSError as error:
            raise ModelError(
                f"{path}: cannot read ({error.strerror}); give a folder that `sobujang train` made"
            ) from None
        except (msgspec.DecodeError, UnicodeDecodeError, SchemaError) as error:
            raise ModelError(f"{path}: damaged or of another version: {error}") from None
        if config.format != FORMAT:
            raise ModelError(f"{path}: layout {config.format}, but this version of sobujang reads layout {FORMAT}")
        return config
