"""A trimmed vocabulary cuts and embeds as the whole one did."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer, models
from transformers import AutoModel

from sobujang.errors import RecipeError
from sobujang.training import vocabulary as module
from sobujang.training.vocabulary import trim_vocabulary

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
KEPT = ["▁", "▁the", "▁price", "s", "t", "h", "e", "가", "격", "▁가격", "ㄱ", "1", "▁30", "%", "…", "μ", "価", "℃"]
DROPPED = ["▁prix", "▁цена", "ц", "ена", "▁precio", "🦆🦆x", "ไทย", "価格"]
NORMAL = "embeddings.word_embeddings.weight"


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(
        module.wordfreq, "top_n_list", lambda language, n: ["the", "prices"] if language == "en" else ["가격"]
    )
    folder = tmp_path / "whole"
    folder.mkdir()
    # In turn, so that what is kept does not stand together.
    pieces = [*SPECIAL]
    for number, piece in enumerate(KEPT):
        pieces += [piece, *DROPPED[number : number + 1]]
    vocabulary = [(piece, 0.0 if i < 4 else -3.0 - 1 / (i + len(piece))) for i, piece in enumerate(pieces)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3))
    tokenizer.add_special_tokens([*SPECIAL, "<mask>"])
    tokenizer.save(str(folder / "tokenizer.json"))
    random = np.random.default_rng(0)
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "vocab_size": len(pieces), "hidden_size": 8}))
    tensors = {NORMAL: random.normal(size=(len(pieces), 8)).astype(np.float32), "other": np.ones(3, dtype=np.float32)}
    save_file(tensors, folder / "model.safetensors")
    return folder


def test_kept_pieces_cut_and_embed_as_before(whole: Path, tmp_path: Path) -> None:
    out = trim_vocabulary(whole, tmp_path / "out")
    before, after = (Tokenizer.from_file(str(f / "tokenizer.json")) for f in (whole, out))
    rows_before, rows_after = (load_file(f / "model.safetensors") for f in (whole, out))
    pieces = sorted(after.get_vocab().items(), key=lambda item: item[1])
    assert [p for p, _ in pieces] == [*SPECIAL, *KEPT]
    assert json.loads((out / "config.json").read_text())["vocab_size"] == len(pieces) == len(rows_after[NORMAL])
    for piece, index in pieces:
        np.testing.assert_array_equal(rows_after[NORMAL][index], rows_before[NORMAL][before.token_to_id(piece)])
    np.testing.assert_array_equal(rows_after["other"], rows_before["other"])
    for word in ["▁the", "▁prices", "▁가격", "가격", "▁30%", "these", "▁the…", "℃", "격"]:
        assert [p.value for p in after.model.tokenize(word)] == [p.value for p in before.model.tokenize(word)]
    assert after.token_to_id("<mask>") is None
    assert [p.id for p in after.model.tokenize("ц")] == [3]


def test_a_whole_copy_is_taken_as_it_is(whole: Path, tmp_path: Path) -> None:
    out = trim_vocabulary(whole, tmp_path / "out")
    stamp = (out / "model.safetensors").stat().st_mtime_ns
    (whole / "tokenizer.json").unlink()
    assert trim_vocabulary(whole, out) == out
    assert (out / "model.safetensors").stat().st_mtime_ns == stamp


def test_only_the_most_frequent_hanja_stay(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer = Tokenizer.from_file(str(whole / "tokenizer.json"))
    vocabulary = json.loads((whole / "tokenizer.json").read_text())["model"]["vocab"]
    monkeypatch.setattr(module, "_HANJA", 0)
    kept = {vocabulary[i][0] for i in module.kept_pieces(tokenizer, vocabulary)}
    assert "価" not in kept
    assert kept == {*SPECIAL, *KEPT} - {"価"}


def test_other_tokenizers_are_refused(whole: Path, tmp_path: Path) -> None:
    Tokenizer(models.BPE()).save(str(whole / "tokenizer.json"))
    with pytest.raises(RecipeError, match="trim_vocabulary = false"):
        trim_vocabulary(whole, tmp_path / "out")


@pytest.mark.parametrize("name", ["tokenizer.json", "config.json", "model.safetensors"])
def test_a_folder_that_is_not_whole_is_named(whole: Path, tmp_path: Path, name: str) -> None:
    (whole / name).unlink()
    with pytest.raises(RecipeError, match=name):
        trim_vocabulary(whole, tmp_path / "out")
    assert not (tmp_path / "out" / "model.safetensors").exists()


def test_a_tiny_encoder_still_loads(encoder_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.wordfreq, "top_n_list", lambda language, n: ["the", "wafers"])
    out = trim_vocabulary(encoder_folder, tmp_path / "out")
    size = Tokenizer.from_file(str(out / "tokenizer.json")).get_vocab_size()
    assert AutoModel.from_pretrained(out).get_input_embeddings().weight.shape[0] == size
