"""One stage of training: transformers' Trainer on windows of gold documents, choosing by the score on dev."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from torch import nn
from transformers import AutoConfig, AutoModel, EarlyStoppingCallback, Trainer, TrainingArguments, set_seed
from transformers.trainer import TRAINER_STATE_NAME
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR

from sobujang.document import Document
from sobujang.errors import RecipeError
from sobujang.evaluation import evaluate
from sobujang.extractor import Extractor
from sobujang.model.config import ModelConfig
from sobujang.model.network import Network
from sobujang.model.subwords import Subwords
from sobujang.schema import Schema
from sobujang.training.backend import TorchBackend
from sobujang.training.examples import Collator, build_dataset
from sobujang.training.recipe import Recipe, Stage

logger = logging.getLogger(__name__)

_SCORE = "eval_score"
_LAYER = re.compile(r"\.layer\.(\d+)\.")


def build_network(encoder: str, schema: Schema, stage: Stage, seed: int = 1) -> Network:
    """Puts fresh heads for a schema on an encoder; the seed decides how they begin.

    Raises:
        RecipeError: the encoder's folder is not whole.
    """
    set_seed(seed)
    try:
        config = AutoConfig.from_pretrained(encoder)
        config.hidden_dropout_prob = stage.encoder_dropout
        config.attention_probs_dropout_prob = 0.0
        # On a CPU torch's fused attention trains at half the speed of the plain one.
        body = AutoModel.from_pretrained(encoder, config=config, attn_implementation="eager", dtype=torch.float32)
    except (OSError, ValueError) as error:
        first_line = str(error).splitlines()[0]
        raise RecipeError(f"encoder {encoder}: not a whole encoder folder ({first_line})") from None
    body.pooler = None
    body.get_input_embeddings().weight.requires_grad_(stage.embeddings)
    return Network(body, len(schema.labels), len(schema.edges), stage.dropout, stage.edge_weight)


def train_stage(
    network: Network,
    subwords: Subwords,
    schema: Schema,
    train: Sequence[Document],
    dev: Sequence[Document],
    stage: Stage,
    recipe: Recipe,
    folder: Path,
) -> Network:
    """Trains a network; goes on from the last checkpoint in `folder` if there is one.

    Args:
        network: changed in place.
        subwords: its vocabulary.
        schema: what its heads stand for.
        train: gold documents to learn from.
        dev: gold documents to choose the best epoch on; without any the last one is taken.
        stage: epochs, rates and the like.
        recipe: windows, seed, precision.
        folder: checkpoints go here.

    Returns:
        The same network, in evaluation mode, with the weights of the best epoch.

    Raises:
        RecipeError: the window is longer than the encoder allows, or there is nothing to learn from.
    """
    positions = network.encoder.config.max_position_embeddings
    if recipe.window > positions:
        raise RecipeError(f"window = {recipe.window}, but the encoder has only {positions} positions; lower window")
    set_seed(recipe.seed)
    dataset = build_dataset(train, schema, subwords, recipe.window, recipe.overlap)
    if not len(dataset):
        raise RecipeError(f"corpus {stage.corpus}: split {stage.train!r} holds no text to learn from")
    logger.info("%d documents, %d windows, %d pieces", len(train), len(dataset), sum(dataset["length"]))
    steps = -(-len(dataset) // stage.batch_size) * stage.epochs
    arguments = TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=stage.epochs,
        per_device_train_batch_size=stage.batch_size,
        learning_rate=stage.learning_rate,
        weight_decay=stage.weight_decay,
        warmup_steps=round(stage.warmup * steps),
        lr_scheduler_type="linear",
        train_sampling_strategy="group_by_length",
        length_column_name="length",
        save_strategy="epoch",
        save_total_limit=2,
        logging_steps=max(1, min(50, steps // 20)),
        seed=recipe.seed,
        bf16=recipe.bfloat16,
        use_cpu=not torch.cuda.is_available(),
        dataloader_pin_memory=torch.cuda.is_available(),
        remove_unused_columns=False,
        report_to="none",
        eval_strategy="epoch" if dev else "no",
        load_best_model_at_end=bool(dev),
        metric_for_best_model=_SCORE if dev else None,
    )
    trainer = ExtractionTrainer(
        model=network,
        args=arguments,
        train_dataset=dataset,
        data_collator=Collator(schema, subwords, stage.word_dropout),
        head_learning_rate=stage.head_learning_rate,
        layer_decay=stage.layer_decay,
        scorer=DevScorer(subwords, schema, recipe, dev) if dev else None,
    )
    if dev and stage.patience:
        trainer.add_callback(EarlyStoppingCallback(stage.patience))
    last = _last_checkpoint(folder)
    if last:
        logger.info("going on from %s", last)
    trainer.train(resume_from_checkpoint=last)
    return network.eval()


def _last_checkpoint(folder: Path) -> str | None:
    """The last checkpoint that is whole: Trainer writes its state last, so a killed run may leave one without."""
    whole = [path for path in folder.glob(f"{PREFIX_CHECKPOINT_DIR}-*") if _is_whole(path / TRAINER_STATE_NAME)]
    return str(max(whole, key=lambda path: int(path.name.rpartition("-")[2]))) if whole else None


def _is_whole(state: Path) -> bool:
    try:
        json.loads(state.read_bytes())
    except (OSError, ValueError):
        return False
    return True


class DevScorer:
    """Scores a network on gold documents through the extractor: what is chosen by is what users get."""

    def __init__(self, subwords: Subwords, schema: Schema, recipe: Recipe, gold: Sequence[Document]) -> None:
        """Takes the documents and how to cut them."""
        self._subwords = subwords
        self._schema = schema
        self._gold = gold
        self._config = ModelConfig(
            name=recipe.name, schema=schema.to_dict(), window=recipe.window, overlap=recipe.overlap
        )

    def __call__(self, network: Network) -> dict[str, float]:
        """F1 by task, and `score`: the mean over the tasks that the gold has."""
        extractor = Extractor(self._config, self._subwords, TorchBackend(network))
        summary = evaluate(self._gold, list(extractor.stream(self._gold)), self._schema).summary()
        tasks = [value for key, value in summary.items() if key in self._tasks()]
        return {**summary, "score": sum(tasks) / len(tasks)}

    def _tasks(self) -> set[str]:
        kinds = {edge.kind for edge in self._schema.edges}
        names = {"relation": "relations_f1", "coreference": "coreference_f1", "role": "comparisons_f1"}
        return {"mentions_f1"} | {names[kind] for kind in kinds}


class ExtractionTrainer(Trainer):
    """Trainer with learning rates by depth and with evaluation through the extractor."""

    def __init__(
        self,
        *,
        head_learning_rate: float,
        scorer: DevScorer | None,
        layer_decay: float = 1.0,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Takes what `Trainer` takes, by name, and what is ours."""
        self._head_learning_rate = head_learning_rate
        self._layer_decay = layer_decay
        self._scorer = scorer
        self._network: Network = kwargs["model"]
        # Trainer wants an evaluation set before it evaluates; ours lives in the scorer.
        super().__init__(eval_dataset=Dataset.from_dict({}) if scorer else None, **kwargs)

    def create_optimizer(self, model: nn.Module | None = None) -> torch.optim.Optimizer:
        """AdamW: the encoder at the stage's rate, less further down, the heads at their own; biases do not decay."""
        if self.optimizer is None:
            network = model or self._network
            decayed = set(self.get_decay_parameter_names(network))
            groups: dict[tuple[float, bool], list[nn.Parameter]] = {}
            for name, parameter in network.named_parameters():
                if parameter.requires_grad:
                    groups.setdefault((self._rate(name), name in decayed), []).append(parameter)
            self.optimizer = torch.optim.AdamW(
                [
                    {"params": parameters, "lr": rate, "weight_decay": self.args.weight_decay if decays else 0.0}
                    for (rate, decays), parameters in sorted(groups.items(), key=lambda item: item[0])
                ],
                lr=self.args.learning_rate,
                fused=True,  # one pass over the weights; a twentieth of a step on a CPU
            )
        return self.optimizer

    def _rate(self, name: str) -> float:
        """The learning rate of a parameter."""
        if not name.startswith("encoder."):
            return self._head_learning_rate
        depth = self._network.encoder.config.num_hidden_layers
        found = _LAYER.search(name)
        above = depth - 1 - int(found[1]) if found else depth  # embeddings lie below all layers
        return float(self.args.learning_rate * self._layer_decay**above)

    def evaluate(self, *_: Any, metric_key_prefix: str = "eval", **__: Any) -> dict[str, float]:  # noqa: ANN401
        """Runs the extractor over the dev documents."""
        assert self._scorer is not None  # Trainer only comes here with an evaluation set
        self._network.eval()
        metrics = {f"{metric_key_prefix}_{key}": value for key, value in self._scorer(self._network).items()}
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics
