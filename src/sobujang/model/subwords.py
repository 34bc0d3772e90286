"""Sub-word pieces of tokens, each with the characters it stands for.

The encoder's vocabulary is an XLM-R unigram model. It is asked token by token, so that no piece crosses a morpheme
boundary; a token that begins a word carries the usual `▁`. Tokens repeat, so their pieces are remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sobujang.errors import ModelError

_WORD_START = "▁"
_MEMORY = 200_000


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of one text.

    Attributes:
        ids: vocabulary indices, shape (pieces,).
        spans: half-open character offsets of each piece, shape (pieces, 2).
        token_starts: index of each token's first piece, shape (tokens + 1,); the last entry is the number of pieces.
    """

    ids: NDArray[np.int32]
    spans: NDArray[np.int32]
    token_starts: NDArray[np.int32]


class Subwords:
    """Cuts tokens into the pieces of a vocabulary."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Takes a unigram tokenizer as the `tokenizers` library reads it from `tokenizer.json`."""
        self._tokenizer = tokenizer
        self._known: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {}

    @classmethod
    def from_file(cls, path: str | Path) -> Subwords:
        """Reads `tokenizer.json`.

        Raises:
            ModelError: the file is missing or damaged.
        """
        try:
            return cls(Tokenizer.from_file(str(path)))
        except Exception as error:  # the library raises bare Exception for every fault
            raise ModelError(f"{path}: not a readable tokenizer ({error}); copy the model folder again") from None

    @property
    def bos_id(self) -> int:
        """The piece that opens a window."""
        return self._special("<s>")

    @property
    def eos_id(self) -> int:
        """The piece that closes a window."""
        return self._special("</s>")

    @property
    def pad_id(self) -> int:
        """The piece that fills a batch."""
        return self._special("<pad>")

    @property
    def unknown_id(self) -> int:
        """The piece that stands for what the vocabulary lacks."""
        return self._special("<unk>")

    def _special(self, piece: str) -> int:
        found = self._tokenizer.token_to_id(piece)
        if found is None:
            raise ModelError(f"the tokenizer has no piece {piece}; it is not of the XLM-R family")
        return int(found)

    def __call__(self, text: str, tokens: Sequence[tuple[int, int]]) -> Pieces:
        """Cuts each token.

        Args:
            text: the text that the offsets refer to.
            tokens: half-open character spans, as `sobujang.text.tokens.tokenize` gives them.
        """
        ids: list[int] = []
        ends: list[int] = []
        starts: list[int] = []
        token_starts = [0]
        known = self._known
        after = -1
        for start, end in tokens:
            word = text[start:end] if start == after else _WORD_START + text[start:end]
            found = known.get(word)
            if found is None:
                found = self._cut(word, end - start)
            ids += found[0]
            at = start
            for length in found[1]:
                starts.append(at)
                at = min(at + length, end)
                ends.append(at)
            token_starts.append(len(ids))
            after = end
        return Pieces(
            np.array(ids, dtype=np.int32),
            np.array([starts, ends], dtype=np.int32).T.reshape(-1, 2),
            np.array(token_starts, dtype=np.int32),
        )

    def _cut(self, word: str, length: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Piece ids and how many characters each stands for; one unknown piece where nothing is left to cut."""
        prefix = len(word) - length
        normalizer = self._tokenizer.normalizer
        # The normaliser would turn the word mark into a space, so it sees the bare token.
        bare = normalizer.normalize_str(word[prefix:]) if normalizer is not None else word[prefix:]
        pieces = self._tokenizer.model.tokenize(word[:prefix] + bare) if bare.strip() else []
        ids = tuple(piece.id for piece in pieces) or (self.unknown_id,)
        ends = np.cumsum([len(piece.value) for piece in pieces]) - prefix
        if pieces and len(bare) == length == ends[-1]:
            lengths = tuple(int(n) for n in np.diff(np.clip(ends, 0, length), prepend=0))
        else:  # normalisation moved the characters (㈜ → (주)): the pieces share the token's whole span
            lengths = (length,) + (0,) * (len(ids) - 1)
        if len(self._known) >= _MEMORY:
            self._known.clear()
        self._known[word] = ids, lengths
        return ids, lengths
