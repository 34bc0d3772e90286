"""A recipe from beginning to end: encoder, stages, thresholds, export, card."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from sobujang.corpora.corpus import load_corpus
from sobujang.corpora.glossary import read_glossary
from sobujang.corpora.standoff import read_standoff
from sobujang.document import Document
from sobujang.errors import RecipeError
from sobujang.evaluation import evaluate
from sobujang.extractor import Extractor
from sobujang.model.config import ModelConfig
from sobujang.model.export import export_network
from sobujang.model.folder import CONFIG_FILE, TOKENIZER_FILE
from sobujang.model.network import Network
from sobujang.model.subwords import Subwords
from sobujang.schema import Schema
from sobujang.training.augmentation import Swapper, swapped_copies
from sobujang.training.backend import RememberingBackend, TorchBackend
from sobujang.training.base_encoder import WHEEL_PREFIX, base_encoder, cache_folder
from sobujang.training.calibration import calibrate
from sobujang.training.card import write_card
from sobujang.training.recipe import Recipe, Stage, read_recipe
from sobujang.training.trainer import build_network, train_stage
from sobujang.training.vocabulary import trim_vocabulary

logger = logging.getLogger(__name__)

_RECIPE_FILE = "recipe.toml"
_TASKS = ("mentions_f1", "relations_f1", "coreference_f1", "comparisons_f1")


def train(recipe_path: str | Path, out: str | Path, work: str | Path, seed: int | None = None) -> Path:
    """Makes a model folder from a recipe; a run that was killed goes on from its last checkpoint.

    Args:
        recipe_path: TOML file, see `sobujang.training.recipe`.
        out: model folder to write.
        work: folder for checkpoints and prepared encoders; one for each recipe and seed.
        seed: takes the place of the recipe's.

    Returns:
        The model folder.

    Raises:
        RecipeError: the recipe or one of its paths is wrong, or the export lost more than the recipe allows.
        SchemaError: a corpus uses a label that its schema lacks.
    """
    recipe_path, out, work = Path(recipe_path), Path(out), Path(work)
    recipe = read_recipe(recipe_path)
    if seed is not None:
        recipe = recipe.__replace__(seed=seed)
    stage = recipe.training
    schema, corpus = load_stage(stage, recipe_path.parent)
    encoder = prepare_encoder(recipe, recipe_path.parent, work)
    subwords = Subwords.from_file(Path(encoder) / TOKENIZER_FILE)
    network = build_network(encoder, schema, stage, recipe.seed)
    learnt = _learnt_documents(corpus, schema, stage, recipe_path.parent, recipe.seed)
    train_stage(network, subwords, schema, learnt, corpus["dev"], stage, recipe, work / "training")
    config = ModelConfig(name=recipe.name, schema=schema.to_dict(), window=recipe.window, overlap=recipe.overlap)
    backend = RememberingBackend(TorchBackend(network))
    if corpus["dev"]:
        config = calibrate(config, subwords, backend, corpus["dev"])
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(encoder) / TOKENIZER_FILE, out / TOKENIZER_FILE)
    if out.resolve() != recipe_path.parent.resolve():
        shutil.copyfile(recipe_path, out / _RECIPE_FILE)
    drops = _export(network, config, subwords, corpus["dev"], recipe, out)
    parameters = sum(parameter.numel() for parameter in network.parameters())
    write_card(out, recipe, corpus, drops, parameters)
    return out


def prepare_encoder(recipe: Recipe, base: Path, work: Path) -> str:
    """The encoder that the training stage begins with: after all stages before it, those that are done not repeated.

    Args:
        recipe: names the encoder and the stages.
        base: the recipe's folder.
        work: where prepared encoders are kept.

    Returns:
        A transformers folder.

    Raises:
        RecipeError: a corpus of a stage that is still to be trained is not there.
    """
    encoder = _encoder(recipe, base, work)
    subwords = Subwords.from_file(Path(encoder) / TOKENIZER_FILE)
    prepared = [work / f"before-{number}" / "encoder" for number in range(1, len(recipe.before) + 1)]
    # All at once, so that what is missing is told before hours of training.
    loaded = {
        folder: load_stage(stage, base)
        for folder, stage in zip(prepared, recipe.before, strict=True)
        if not folder.exists()
    }
    for folder, stage in zip(prepared, recipe.before, strict=True):
        if folder in loaded:
            schema, corpus = loaded[folder]
            network = build_network(encoder, schema, stage, recipe.seed)
            learnt = _learnt_documents(corpus, schema, stage, base, recipe.seed)
            train_stage(network, subwords, schema, learnt, corpus["dev"], stage, recipe, folder.parent)
            _save_encoder(network, Path(encoder), folder)
        encoder = str(folder)
    return encoder


def _encoder(recipe: Recipe, base: Path, work: Path) -> str:
    local = base / recipe.encoder
    encoder = base_encoder(str(local) if local.is_dir() else recipe.encoder)
    if not recipe.trim_vocabulary:
        return encoder
    # Wheels never change, so theirs is trimmed once for all recipes.
    home = cache_folder() if recipe.encoder.startswith(WHEEL_PREFIX) else work
    return str(trim_vocabulary(encoder, home / f"{Path(encoder).name}-ko-en"))


def load_stage(stage: Stage, base: Path) -> tuple[Schema, dict[str, list[Document]]]:
    """The schema and the splits of a stage's corpus; `base` is the recipe's folder.

    Raises:
        RecipeError: the corpus is not there.
    """
    schema = Schema.from_toml(base / stage.schema) if stage.schema else Schema.default()
    path = _there(base / stage.corpus, stage.source)
    corpus = load_corpus(path, schema)
    splits = {
        "train": (corpus.split(stage.train) if corpus.splits else list(corpus.documents))[: stage.max_documents],
        "dev": corpus.split(stage.dev) if stage.dev and corpus.splits else [],
        "test": corpus.split(stage.test) if stage.test and corpus.splits else [],
    }
    for more in stage.also:
        splits["train"] += read_standoff(_there(base / more.annotations, ""), _there(base / more.texts, more.source))
    return schema, splits


def _there(path: Path, source: str) -> Path:
    if path.exists():
        return path
    where = f" ({source})" if source else ""
    raise RecipeError(f"corpus {path} of the recipe is not there{where}; fetch it, or take it out of the recipe")


def _learnt_documents(
    corpus: Mapping[str, list[Document]], schema: Schema, stage: Stage, base: Path, seed: int
) -> list[Document]:
    """The training split and the copies that the stage asks for."""
    return corpus["train"] + copied_documents(corpus["train"], schema, stage, base, seed)


def copied_documents(
    documents: Sequence[Document], schema: Schema, stage: Stage, base: Path, seed: int
) -> list[Document]:
    """The copies that a stage asks for, with other names and things in them; none where it asks for none.

    Raises:
        RecipeError: the stage names a label that the schema lacks.
        FormatError: its glossary cannot be read.
    """
    if not stage.copies:
        return []
    if unknown := sorted(set(stage.swapped) - set(schema.labels)):
        raise RecipeError(f"swapped: {', '.join(unknown)} is no label of the schema ({', '.join(schema.labels)})")
    glossary = read_glossary(base / stage.glossary) if stage.glossary else ()
    swapper = Swapper(documents, schema, stage.swapped, glossary)
    return list(swapped_copies(swapper, documents, stage.copies, stage.copied_share, seed))


def _save_encoder(network: Network, source: Path, folder: Path) -> None:
    """Keeps a prepared encoder; moved into place when it is whole."""
    part = folder.with_name(folder.name + ".part")
    network.encoder.save_pretrained(part)
    shutil.copyfile(source / TOKENIZER_FILE, part / TOKENIZER_FILE)
    part.replace(folder)


def _export(
    network: Network,
    config: ModelConfig,
    subwords: Subwords,
    dev: Sequence[Document],
    recipe: Recipe,
    out: Path,
) -> dict[str, float]:
    """Writes the int8 graphs and scores them again; a model that lost too much is refused.

    Returns:
        Points of F1 on dev that full precision has and int8 has not, by task.
    """
    schema = Schema.from_dict(config.schema)
    export_network(network, out)
    (out / CONFIG_FILE).write_bytes(config.to_json())
    if not dev:
        return {}
    full = _summary(Extractor(config, subwords, TorchBackend(network)), dev, schema)
    small = _summary(Extractor.load(out), dev, schema)
    drops = {task: 100 * (full[task] - small[task]) for task in _TASKS if task in full}
    for task, drop in drops.items():
        logger.info("%s: int8 is %.2f points below full precision", task, drop)
        if drop > recipe.max_drop:
            (out / CONFIG_FILE).unlink()  # without it the folder is no model
            raise RecipeError(
                f"{out}: int8 lost {drop:.2f} points of {task} on dev, more than max_drop = {recipe.max_drop}; "
                "the model was not saved"
            )
    return drops


def _summary(extractor: Extractor, gold: Sequence[Document], schema: Schema) -> dict[str, float]:
    return evaluate(gold, list(extractor.stream(gold)), schema).summary()
