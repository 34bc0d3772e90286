"""Training: the base encoder, examples, the recipe, the trainer, calibration. Needs the extra `train`."""

from importlib.util import find_spec

from sobujang.errors import MissingExtraError

if any(find_spec(package) is None for package in ("torch", "transformers", "accelerate")):
    raise MissingExtraError("training", "train")
