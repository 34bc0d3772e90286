"""Training examples: one window of a gold document each, and how a batch of them becomes tensors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from datasets import Dataset, Features, List, Value

from sobujang.coreference import clusters
from sobujang.corpora.markup import role_edges
from sobujang.document import Document
from sobujang.errors import SchemaError
from sobujang.extractor import locate_spans
from sobujang.model.network import IGNORED
from sobujang.model.pairs import FEATURE_SIZES, PairFinder
from sobujang.model.subwords import Subwords
from sobujang.model.tags import encode_tags
from sobujang.schema import Schema
from sobujang.text.tokens import tokenize
from sobujang.text.windows import windows

_FEATURES = Features(
    {
        "input_ids": List(Value("int32")),
        "tags": List(Value("int32")),
        # first piece, last piece, label, end of the sentence (or of the window), sentence
        "mentions": List(List(Value("int32"))),
        "surfaces": List(Value("string")),
        # head mention, tail mention, edge
        "edges": List(List(Value("int32"))),
        "length": Value("int32"),
    }
)


def build_dataset(
    documents: Sequence[Document], schema: Schema, subwords: Subwords, window: int, overlap: int
) -> Dataset:
    """Cuts gold documents into windows.

    Args:
        documents: gold records under `schema`.
        schema: labels and edges; a label that it lacks is an error.
        subwords: the vocabulary.
        window: most pieces of a window, its end marks included.
        overlap: pieces that neighbouring windows share.

    Returns:
        One row a window, with columns input_ids, tags, mentions, surfaces, edges, length.

    Raises:
        SchemaError: a document uses a label that the schema does not declare.
    """
    rows = list(_examples(documents, schema, subwords, window, overlap))
    columns = {name: [row[name] for row in rows] for name in _FEATURES}
    return Dataset.from_dict(columns, features=_FEATURES)


def _examples(
    documents: Sequence[Document], schema: Schema, subwords: Subwords, window: int, overlap: int
) -> Iterator[dict[str, Any]]:
    edge_index = {edge.label: number for number, edge in enumerate(schema.edges)}
    for document, tokens in zip(documents, tokenize(d.text for d in documents), strict=True):
        pieces = subwords(document.text, tokens.spans)
        starts = pieces.token_starts[[first for first, _ in tokens.sentences] + [len(tokens.spans)]]
        mentions = list(locate_spans(document.spans, pieces))
        for _, _, span in mentions:
            if span.label not in schema.mentions:
                raise SchemaError(
                    f"document {document.id!r}: mention label {span.label!r} is not in schema {schema.name!r} "
                    f"({', '.join(schema.labels)}); declare it or mend the document"
                )
        number_of = {span.id: number for number, (_, _, span) in enumerate(mentions)}
        edges = _gold_edges(document, schema, number_of, edge_index)
        sentence_of = np.searchsorted(starts, [first for first, _, _ in mentions], side="right")
        for part in windows(starts.tolist(), pieces.token_starts.tolist(), window - 2, overlap):
            inside = [i for i, (first, end, _) in enumerate(mentions) if first >= part.start and end <= part.end]
            place = {mention: row for row, mention in enumerate(inside)}
            shift = 1 - part.start  # the opening mark
            located = [
                (mentions[i][0] + shift, mentions[i][1] - 1 + shift, schema.labels.index(mentions[i][2].label))
                for i in inside
            ]
            ids = [subwords.bos_id, *pieces.ids[part.start : part.end].tolist(), subwords.eos_id]
            tags = encode_tags(len(ids), [(first, last + 1, label) for first, last, label in located])
            yield {
                "input_ids": ids,
                "tags": tags.tolist(),
                "mentions": [
                    [*row, min(int(starts[sentence_of[i]]), part.end) + shift, int(sentence_of[i])]
                    for row, i in zip(located, inside, strict=True)
                ],
                "surfaces": [document.text[mentions[i][2].start : mentions[i][2].end] for i in inside],
                "edges": [[place[a], place[b], edge] for a, b, edge in edges if a in place and b in place],
                "length": len(ids),
            }


def _gold_edges(
    document: Document, schema: Schema, number_of: Mapping[str, int], edge_index: Mapping[str, int]
) -> list[tuple[int, int, int]]:
    """Edges between mention numbers; a symmetric one from the later mention, an equivalence between all its members."""
    found = set()
    links: list[tuple[int, int]] = []
    for edge in [*document.relations, *role_edges(document, schema)]:
        if edge.label in schema.no_relation:
            continue
        if edge.label not in edge_index:
            raise SchemaError(
                f"document {document.id!r}: edge label {edge.label!r} is not in schema {schema.name!r} "
                f"({', '.join(edge_index)}); declare it or mend the document"
            )
        if edge.head not in number_of or edge.tail not in number_of:
            continue  # a span without any piece, such as a lone control character
        head, tail = number_of[edge.head], number_of[edge.tail]
        if edge.label == schema.coreference:
            links.append((head, tail))
        elif schema.edges[edge_index[edge.label]].symmetric:
            found.add((max(head, tail), min(head, tail), edge_index[edge.label]))
        else:
            found.add((head, tail, edge_index[edge.label]))
    if schema.coreference is not None:
        column = edge_index[schema.coreference]
        for cluster in map(sorted, clusters(links)):
            found |= {(b, a, column) for i, a in enumerate(cluster) for b in cluster[i + 1 :]}
    return sorted(found)


class Collator:
    """Pads windows and lists their candidate pairs.

    The tensors are those that `sobujang.model.network.Network.forward` takes.
    """

    def __init__(self, schema: Schema, subwords: Subwords, word_dropout: float = 0.0) -> None:
        """Prepares for a schema, whose signatures limit the pairs, and a vocabulary.

        Args:
            schema: labels and edges.
            subwords: for the pieces that fill up and that stand for unknown ones.
            word_dropout: share of pieces that are hidden from the network, so that it learns from the words around.
        """
        self._pad_id = subwords.pad_id
        self._unknown_id = subwords.unknown_id
        self._ends = [subwords.bos_id, subwords.eos_id]
        self._word_dropout = word_dropout
        self._edges = len(schema.edges)
        self._find_pairs = PairFinder(schema)

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, torch.Tensor]:
        """Joins rows of `build_dataset` into a batch."""
        longest = max(len(row["input_ids"]) for row in rows)
        input_ids = torch.full((len(rows), longest), self._pad_id)
        tags = torch.full((len(rows), longest), IGNORED)
        mentions, pairs, allowed, targets = [], [], [], []
        before = 0
        for number, row in enumerate(rows):
            length = len(row["input_ids"])
            input_ids[number, :length] = torch.as_tensor(row["input_ids"])
            tags[number, :length] = torch.as_tensor(row["tags"])
            if not row["mentions"]:
                continue
            located = np.asarray(row["mentions"], dtype=np.int64)
            found = self._find_pairs(located[:, 2], located[:, 4], row["surfaces"])
            target = np.zeros((len(found.heads), self._edges), dtype=np.float32)
            place = {pair: i for i, pair in enumerate(zip(found.heads.tolist(), found.tails.tolist(), strict=True))}
            for head, tail, edge in row["edges"]:
                if (head, tail) in place:  # the audit reports gold edges that break a signature
                    target[place[head, tail], edge] = 1
            down = number * longest
            below = [down, down, 0, down]  # the network sees the windows as one long run of pieces
            mentions.append(located[:, :4] + below)
            ends = np.stack([found.heads, found.tails], axis=1) + before
            pairs.append(np.concatenate([ends, found.features], axis=1))
            allowed.append(found.allowed)
            targets.append(target)
            before += len(located)
        filled = input_ids != self._pad_id
        if self._word_dropout:
            hidden = torch.rand(input_ids.shape) < self._word_dropout
            for end in self._ends:
                hidden &= input_ids != end
            input_ids = input_ids.masked_fill(hidden & filled, self._unknown_id)
        return {
            "input_ids": input_ids,
            "attention_mask": filled.long(),
            "tags": tags,
            "mentions": _joined(mentions, (0, 4), torch.int64),
            "pairs": _joined(pairs, (0, 2 + len(FEATURE_SIZES)), torch.int64),
            "allowed": _joined(allowed, (0, self._edges), torch.bool),
            "targets": _joined(targets, (0, self._edges), torch.float32),
        }


def _joined(parts: list[Any], empty: tuple[int, int], kind: torch.dtype) -> torch.Tensor:
    return torch.as_tensor(np.concatenate(parts), dtype=kind) if parts else torch.zeros(empty, dtype=kind)
