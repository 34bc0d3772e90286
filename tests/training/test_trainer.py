"""One stage through transformers' Trainer: it learns, chooses, goes on, and repeats itself."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import TrainingArguments

from sobujang.corpora.markup import parse_markup
from sobujang.document import Document
from sobujang.errors import RecipeError
from sobujang.model.network import Network
from sobujang.model.subwords import Subwords
from sobujang.schema import Schema
from sobujang.training.recipe import Recipe, Stage
from sobujang.training.trainer import DevScorer, ExtractionTrainer, build_network, train_stage

SCHEMA = Schema.from_dict(
    {
        "name": "small",
        "mentions": {"A": {}, "B": {}},
        "relations": {"R": {"head": ["A"], "tail": ["B"]}},
    }
)
GOLD = [
    document
    for number in range(6)
    for document in parse_markup(
        f"id: d{number}\n\n[Hanbit]{{A a}} sells {'the ' * number}[wafers]{{B b}} and the rest.\n----\nR a -> b\n",
        SCHEMA,
    )
]


def stage(**changes: Any) -> Stage:
    values = {
        "corpus": "gold", "epochs": 3, "batch_size": 2, "learning_rate": 3e-3, "head_learning_rate": 1e-2,
        "embeddings": True, "dropout": 0.1,
    }  # fmt: skip
    return Stage(**{**values, **changes})


def recipe(**changes: Any) -> Recipe:
    values = {"name": "tiny", "training": stage(), "window": 64, "overlap": 16, "bfloat16": False}
    return Recipe(**{**values, **changes})


def run(
    encoder: Path,
    subwords: Subwords,
    folder: Path,
    *,
    dev: list[Document] | None = None,
    seed: int = 1,
    bfloat16: bool = False,
    **changes: Any,
) -> Network:
    chosen = stage(**changes)
    network = build_network(str(encoder), SCHEMA, chosen, seed)
    return train_stage(network, subwords, SCHEMA, GOLD, dev or [], chosen, recipe(seed=seed, bfloat16=bfloat16), folder)


def weights(network: Network) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in network.parameters()])


def checkpoints(folder: Path) -> list[int]:
    return sorted(int(path.name.split("-")[1]) for path in folder.glob("checkpoint-*"))


def test_the_best_epoch_is_chosen_on_dev(
    encoder_folder: Path, subwords: Subwords, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dev scores rise and fall: the weights returned are those of the second epoch, not of the last."""
    seen = []

    def score(self: DevScorer, network: Network) -> dict[str, float]:
        assert not network.training
        seen.append(weights(network))
        return {"score": [0.1, 0.9, 0.3, 0.2][len(seen) - 1]}

    monkeypatch.setattr(DevScorer, "__call__", score)
    network = run(encoder_folder, subwords, tmp_path, dev=GOLD[:1], epochs=4)
    assert len(seen) == 4
    assert torch.equal(weights(network), seen[1])
    assert not torch.equal(weights(network), seen[3])
    assert not network.training
    # It is kept beside the last, and nothing else is.
    assert checkpoints(tmp_path) == [6, 12]


def test_patience_stops_early(
    encoder_folder: Path, subwords: Subwords, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = iter([0.5, 0.9, 0.3, 0.2, 0.1, 0.1, 0.1])
    monkeypatch.setattr(DevScorer, "__call__", lambda self, network: {"score": next(scores)})
    run(encoder_folder, subwords, tmp_path, dev=GOLD[:1], epochs=7, patience=2)
    assert next(scores) == 0.1
    assert checkpoints(tmp_path)[-1] == 12


@pytest.mark.parametrize("bfloat16", [False, True])
def test_training_learns(encoder_folder: Path, subwords: Subwords, tmp_path: Path, bfloat16: bool) -> None:
    network = run(encoder_folder, subwords, tmp_path, epochs=25, dropout=0.0, bfloat16=bfloat16)
    assert {p.dtype for p in network.parameters()} == {torch.float32}
    scores = DevScorer(subwords, SCHEMA, recipe(), GOLD)(network)
    assert scores["mentions_f1"] == scores["relations_f1"] == scores["score"] == 1.0


def test_the_score_is_the_mean_over_the_schemas_tasks(make_network: Callable[..., Network], subwords: Subwords) -> None:
    scores = DevScorer(subwords, SCHEMA, recipe(), GOLD)(make_network(SCHEMA))
    assert scores["score"] == pytest.approx((scores["mentions_f1"] + scores["relations_f1"]) / 2)


def test_the_same_seed_gives_the_same_weights(encoder_folder: Path, subwords: Subwords, tmp_path: Path) -> None:
    first = run(encoder_folder, subwords, tmp_path / "a", epochs=2)
    torch.manual_seed(99)  # what ran before must not matter
    again = run(encoder_folder, subwords, tmp_path / "b", epochs=2)
    other = run(encoder_folder, subwords, tmp_path / "c", epochs=2, seed=2)
    assert torch.equal(weights(first), weights(again))
    assert not torch.allclose(weights(first), weights(other))


def test_heads_begin_by_the_seed(encoder_folder: Path) -> None:
    heads = [build_network(str(encoder_folder), SCHEMA, stage(), seed).tagger.weight for seed in (1, 1, 2)]
    assert torch.equal(heads[0], heads[1])
    assert not torch.equal(heads[0], heads[2])


def test_a_run_goes_on_from_its_last_whole_checkpoint(
    encoder_folder: Path, subwords: Subwords, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = run(encoder_folder, subwords, tmp_path / "whole", epochs=4)
    cut = tmp_path / "cut"
    shutil.copytree(tmp_path / "whole" / "checkpoint-9", cut / "checkpoint-9")
    # Killed while it wrote the next one: the weights are there, the state is not, or not all of it.
    shutil.copytree(tmp_path / "whole" / "checkpoint-12", cut / "checkpoint-12")
    state = cut / "checkpoint-12" / "trainer_state.json"
    state.write_bytes(state.read_bytes()[:50])
    (cut / "checkpoint-15").mkdir()
    with caplog.at_level(logging.INFO, logger="sobujang"):
        resumed = run(encoder_folder, subwords, cut, epochs=4)
    assert "checkpoint-9" in caplog.text
    assert json.loads(state.read_bytes())["global_step"] == 12
    torch.testing.assert_close(weights(resumed), weights(whole), rtol=0, atol=1e-6)


def test_a_finished_run_is_not_repeated(
    encoder_folder: Path, subwords: Subwords, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = iter([0.9, 0.1])
    monkeypatch.setattr(DevScorer, "__call__", lambda self, network: {"score": next(scores)})
    first = run(encoder_folder, subwords, tmp_path, dev=GOLD[:1], epochs=2)
    monkeypatch.setattr(DevScorer, "__call__", lambda self, network: pytest.fail("it trained again"))
    assert torch.equal(weights(run(encoder_folder, subwords, tmp_path, dev=GOLD[:1], epochs=2)), weights(first))


def test_word_embeddings_stay_unless_asked(encoder_folder: Path, subwords: Subwords, tmp_path: Path) -> None:
    for embeddings in (False, True):
        before = build_network(str(encoder_folder), SCHEMA, stage()).encoder.get_input_embeddings().weight
        network = run(encoder_folder, subwords, tmp_path / str(embeddings), epochs=1, embeddings=embeddings)
        assert torch.equal(network.encoder.get_input_embeddings().weight, before) != embeddings
        assert not torch.equal(network.encoder.encoder.layer[0].output.dense.weight, _start(encoder_folder))


def _start(encoder: Path) -> torch.Tensor:
    weight: torch.Tensor = build_network(str(encoder), SCHEMA, stage()).encoder.encoder.layer[0].output.dense.weight
    return weight


def test_heads_learn_at_their_own_rate(encoder_folder: Path, subwords: Subwords, tmp_path: Path) -> None:
    fresh = build_network(str(encoder_folder), SCHEMA, stage())
    network = run(
        encoder_folder, subwords, tmp_path, epochs=1, learning_rate=1e-9, head_learning_rate=1e-2, weight_decay=0.0
    )
    torch.testing.assert_close(network.encoder.encoder.layer[0].output.dense.weight, _start(encoder_folder))
    assert (network.tagger.weight - fresh.tagger.weight).abs().max() > 1e-3


def test_layers_further_down_learn_less(encoder_folder: Path, subwords: Subwords, tmp_path: Path) -> None:
    network = build_network(str(encoder_folder), SCHEMA, stage())
    trainer = ExtractionTrainer(
        model=network, args=TrainingArguments(output_dir=str(tmp_path), learning_rate=1e-2, report_to="none"),
        head_learning_rate=0.5, layer_decay=0.1, scorer=None,
    )  # fmt: skip
    rates = {}
    for group in trainer.create_optimizer().param_groups:
        rates |= {id(parameter): group["lr"] for parameter in group["params"]}
    body = network.encoder
    assert rates[id(network.tagger.weight)] == 0.5
    assert rates[id(body.encoder.layer[0].output.dense.weight)] == pytest.approx(1e-2)
    assert rates[id(body.embeddings.LayerNorm.weight)] == pytest.approx(1e-3)


def test_what_cannot_be_trained(encoder_folder: Path, subwords: Subwords, tmp_path: Path) -> None:
    network = build_network(str(encoder_folder), SCHEMA, stage())
    wide = recipe(window=512, overlap=16)
    with pytest.raises(RecipeError, match=r"window = 512.*66 positions"):
        train_stage(network, subwords, SCHEMA, GOLD, [], stage(), wide, tmp_path)
    with pytest.raises(RecipeError, match="'train' holds no text"):
        train_stage(network, subwords, SCHEMA, [Document(id="e", text=" ")], [], stage(), recipe(), tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(RecipeError, match="empty: not a whole encoder"):
        build_network(str(tmp_path / "empty"), SCHEMA, stage())
