"""Tiny models, built in memory in a CPU second, for every test that needs one. They are seeded, but know nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import settings
from tokenizers import Tokenizer, models, normalizers
from transformers import BertConfig, BertModel

from sobujang.extractor import Extractor
from sobujang.model.config import ModelConfig
from sobujang.model.export import export_network
from sobujang.model.folder import CONFIG_FILE, TOKENIZER_FILE
from sobujang.model.network import Network
from sobujang.model.subwords import Subwords
from sobujang.schema import Schema
from sobujang.training.backend import TorchBackend

# The first example of a property may load a model; that is no fault.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")
# Tests share the machine's cores with whatever else runs; a tiny network gains nothing from two threads.
torch.set_num_threads(1)

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,%$()'\"-…"
_SYLLABLES = "가격을낮추다비싸일본산의절반웨이퍼는한빛정밀은커넥터를납품했다이회사저렴하게전기차에들어가만든황동으로"


def tiny_tokenizer() -> Tokenizer:
    """A unigram vocabulary of single characters and a few words, in the layout of XLM-R."""
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", *dict.fromkeys(_LETTERS + _SYLLABLES)]
    pieces += ["▁한빛", "정밀", "▁the", "▁wafers", "▁cheaper", "▁percent"]
    vocabulary = [(piece, 0.0 if i < 4 else -5.0 - len(piece) / 10) for i, piece in enumerate(pieces)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    return tokenizer


def tiny_encoder(pieces: int) -> BertModel:
    config = BertConfig(
        vocab_size=pieces,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=48,
        max_position_embeddings=66,
        pad_token_id=1,
    )
    return BertModel(config, add_pooling_layer=False)


def tiny_network(schema: Schema, seed: int = 0) -> Network:
    """A network whose random scores are spread enough for mentions and edges to come out."""
    torch.manual_seed(seed)
    network = Network(tiny_encoder(tiny_tokenizer().get_vocab_size()), len(schema.labels), len(schema.edges))
    with torch.no_grad():
        for parameter in network.tagger.parameters():
            parameter.mul_(8)
        if network.edges is not None:
            network.edges.score.bias.zero_()  # an untrained network begins by saying no
    return network.eval()


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema.default()


@pytest.fixture(scope="session")
def tiny_extractor(schema: Schema) -> Extractor:
    """An extractor of windows of 64 pieces; one edge in three is reported."""
    config = ModelConfig(
        name="tiny",
        schema=schema.to_dict(),
        window=64,
        overlap=16,
        thresholds={"relation": 0.55, "coreference": 0.55, "role": 0.5},
    )
    return Extractor(config, Subwords(tiny_tokenizer()), TorchBackend(tiny_network(schema)))


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return tiny_tokenizer()


@pytest.fixture(scope="session")
def subwords() -> Subwords:
    return Subwords(tiny_tokenizer())


@pytest.fixture(scope="session")
def make_network() -> Callable[..., Network]:
    """Builds `tiny_network(schema, seed)`; tests cannot import from conftest."""
    return tiny_network


@pytest.fixture(scope="session")
def write_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Exports a tiny network for a schema into a new model folder."""

    def write(schema: Schema, quantise: bool = True, seed: int = 0) -> Path:
        folder = tmp_path_factory.mktemp("model")
        config = ModelConfig(
            name="tiny", schema=schema.to_dict(), window=64, overlap=16,
            thresholds={"relation": 0.55, "coreference": 0.55, "role": 0.5},
        )  # fmt: skip
        export_network(tiny_network(schema, seed), folder, quantise=quantise)
        tiny_tokenizer().save(str(folder / TOKENIZER_FILE))
        (folder / CONFIG_FILE).write_bytes(config.to_json())
        return folder

    return write


@pytest.fixture(scope="session")
def model_folder(write_model: Callable[..., Path], schema: Schema) -> Path:
    """An int8 model folder under the default schema. Tests that change files work on a copy."""
    return write_model(schema)


@pytest.fixture(scope="session")
def plain_model_folder(write_model: Callable[..., Path], schema: Schema) -> Path:
    """The same in full precision."""
    return write_model(schema, quantise=False)


@pytest.fixture(scope="session")
def tiny_recipe() -> str:
    """A recipe for tiny models of the encoder and the corpus `gold` beside it; its stage is left open at the end."""
    return """
name = "tiny"
encoder = "encoder"
trim_vocabulary = false
window = 64
overlap = 16
bfloat16 = false
max_drop = 100.0
seed = 3
[training]
corpus = "gold"
"""


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny encoder in Hugging Face's layout, as training starts from one."""
    folder = tmp_path_factory.mktemp("encoder")
    torch.manual_seed(0)
    tiny_encoder(tiny_tokenizer().get_vocab_size()).save_pretrained(folder)
    tiny_tokenizer().save(str(folder / TOKENIZER_FILE))
    assert json.loads((folder / CONFIG_FILE).read_text())["model_type"] == "bert"
    return folder
