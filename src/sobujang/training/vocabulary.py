"""Trimming a multilingual vocabulary to the pieces that Korean and English need.

Of the 250,000 pieces of an XLM-R vocabulary about 45,000 serve our languages; the others are two thirds of the model's
parameters. Which to keep does not depend on any corpus of ours: every Hangul piece, every piece that frequent English
and Korean words (wordfreq) are cut into, digits, punctuation and symbols, and the most frequent Chinese characters.
"""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import wordfreq
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from sobujang.errors import RecipeError

_WORD_EMBEDDINGS = "embeddings.word_embeddings.weight"
_HANGUL = re.compile(r"▁?[\uac00-\ud7a3\u3131-\u318e]+")
_NUMBER = re.compile(r"▁?[\d.,%$€£¥₩~:/()'\"+-]+")
_FREQUENT_WORDS = {"en": 60_000, "ko": 60_000}
_HANJA = 1_500


def trim_vocabulary(folder: str | Path, out: str | Path) -> Path:
    """Writes a copy of an encoder folder with a smaller vocabulary.

    Args:
        folder: an encoder in Hugging Face's layout with a unigram `tokenizer.json` and `model.safetensors`.
        out: folder to write; taken as it is when it is already whole.

    Returns:
        The folder written.

    Raises:
        RecipeError: a file is missing, or the tokenizer is not a unigram model.
    """
    folder, out = Path(folder), Path(out)
    if (out / "model.safetensors").exists():
        return out
    for name in ("tokenizer.json", "config.json", "model.safetensors"):
        if not (folder / name).is_file():
            raise RecipeError(
                f"{folder}: {name} is missing, so its vocabulary cannot be trimmed; fetch the encoder again"
            )
    out.mkdir(parents=True, exist_ok=True)
    declared: dict[str, Any] = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    if declared["model"].get("type") != "Unigram":
        raise RecipeError(f"{folder}: only unigram vocabularies can be trimmed; set trim_vocabulary = false")
    kept = kept_pieces(Tokenizer.from_file(str(folder / "tokenizer.json")), declared["model"]["vocab"])
    declared["model"]["vocab"] = [declared["model"]["vocab"][i] for i in kept]
    declared["added_tokens"] = [token for token in declared["added_tokens"] if token["id"] < 4]
    (out / "tokenizer.json").write_text(json.dumps(declared, ensure_ascii=False), encoding="utf-8")

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["vocab_size"] = len(kept)
    (out / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    tensors = load_file(folder / "model.safetensors")
    tensors[_WORD_EMBEDDINGS] = np.ascontiguousarray(tensors[_WORD_EMBEDDINGS][kept])
    save_file(tensors, out / "model.safetensors.part", metadata={"format": "pt"})
    (out / "model.safetensors.part").replace(out / "model.safetensors")
    return out


def kept_pieces(tokenizer: Tokenizer, vocabulary: list[tuple[str, float]]) -> list[int]:
    """Indices of the pieces to keep, ascending; the first four (`<s> <pad> </s> <unk>`) always stay."""
    kept = set(range(4))
    for language, count in _FREQUENT_WORDS.items():
        for word in wordfreq.top_n_list(language, count):
            for form in {word, word.capitalize(), word.upper()} if len(word) < 6 else {word, word.capitalize()}:
                # A word may also stand after a cut, where it carries no word mark.
                kept.update(piece.id for mark in ("▁", "") for piece in tokenizer.model.tokenize(mark + form))
    hanja = []
    for index, (piece, score) in enumerate(vocabulary):
        bare = piece.removeprefix("▁")
        if _HANGUL.fullmatch(piece) or _NUMBER.fullmatch(piece) or bare == "":
            kept.add(index)
        elif all(unicodedata.category(c)[0] in "PSN" for c in bare):
            kept.add(index)
        elif len(bare) == 1 and "\u4e00" <= bare <= "\u9fff":
            hanja.append((-score, index))
        elif len(bare) == 1 and bare < "\u0400":  # Latin and Greek letters: units, symbols, foreign names
            kept.add(index)
    kept.update(index for _, index in sorted(hanja)[:_HANJA])
    return sorted(kept)
