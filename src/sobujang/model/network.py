"""The network (torch): one encoder pass, a mention head over pieces, an edge head over pairs of mentions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from sobujang.model.pairs import FEATURE_SIZES

if TYPE_CHECKING:
    from transformers import PreTrainedModel

IGNORED = -100
Window = tuple[slice, slice]
_ATTENTION = 64  # width of the edge head's attention


class EdgeHead(nn.Module):
    """Scores pairs of mentions for every edge of the schema: relations, coreference and roles alike.

    A mention is its first and last piece and its label. A pair is both projections, their product, the pair's features
    (distances, likeness of the surfaces), and its context: what stands between the two, where English has its verb, and
    what follows them in the sentence, where Korean has it, and whatever else of the window both ends look at (after
    localized context pooling, Zhou et al. 2021, with an attention of its own).
    """

    def __init__(self, hidden: int, labels: int, edges: int, width: int = 256, dropout: float = 0.1) -> None:
        super().__init__()
        self.label = nn.Embedding(labels, 64)
        self.mention = nn.Sequential(nn.Linear(2 * hidden + 64, 2 * width), nn.GELU(), nn.Dropout(dropout))
        self.head = nn.Linear(2 * width, width)
        self.tail = nn.Linear(2 * width, width)
        self.features = nn.ModuleList([nn.Embedding(size, width) for size in FEATURE_SIZES])
        self.pair = nn.Sequential(nn.GELU(), nn.Dropout(dropout), nn.Linear(width, width), nn.GELU())
        self.context = nn.Linear(2 * hidden, width)
        self.query = nn.Linear(2 * width, _ATTENTION)
        self.key = nn.Linear(hidden, _ATTENTION)
        self.looked_at = nn.Linear(hidden, width)
        self.product_head = nn.Linear(2 * width, width)
        self.product_tail = nn.Linear(2 * width, width)
        self.score = nn.Linear(2 * width, edges)
        # Few pairs hold an edge. Begun at an even chance, the first hundred steps would go into learning only that.
        nn.init.constant_(self.score.bias, -4.0)

    def forward(
        self, hidden: Tensor, mentions: Tensor, pairs: Tensor, windows: Sequence[Window] | None = None
    ) -> Tensor:
        """Scores pairs.

        Args:
            hidden: encoder output, shape (pieces, hidden); the windows of a batch one below the other.
            mentions: first piece, last piece, label, and the end of its sentence, of each mention; shape (mentions, 4).
            pairs: head mention, tail mention, then the pair's features, shape (pairs, 2 + features).
            windows: where each window has its pieces and its pairs, in order; without it all is one window.

        Returns:
            Logits, shape (pairs, edges).
        """
        first, last, label, sentence_end = mentions.unbind(1)
        ends = [hidden[first], hidden[last], self.label(label)]
        mention = self.mention(torch.cat(ends, dim=-1))
        head, tail = pairs[:, 0], pairs[:, 1]
        added = self.head(mention)[head] + self.tail(mention)[tail]
        for column, embedding in enumerate(self.features):
            added = added + embedding(pairs[:, 2 + column])
        earlier, later = torch.minimum(last[head], last[tail]) + 1, torch.maximum(first[head], first[tail])
        behind = torch.maximum(last[head], last[tail]) + 1
        until = torch.maximum(behind, torch.maximum(sentence_end[head], sentence_end[tail]))
        # Means of any stretch from running sums; these need single precision, whatever the layers run in.
        sums = nn.functional.pad(hidden.float(), (0, 0, 1, 0)).cumsum(0)
        between = _mean(sums, earlier, torch.maximum(earlier, later))
        context = torch.cat([between, _mean(sums, behind, until)], dim=-1)
        added = added + self.context(context.to(added.dtype))
        query, key = self.query(mention) / _ATTENTION**0.5, self.key(hidden)
        looked_at = []
        for pieces, its_pairs in windows or [(slice(None), slice(None))]:
            looks = query @ key[pieces].T
            # Logits of a pair are the sum of its ends': what counts is what both look at.
            shared = (looks[head[its_pairs]] + looks[tail[its_pairs]]).softmax(dim=-1)
            looked_at.append(shared.to(hidden.dtype) @ hidden[pieces])
        added = added + self.looked_at(torch.cat(looked_at))
        product = self.product_head(mention)[head] * self.product_tail(mention)[tail]
        scores: Tensor = self.score(torch.cat([self.pair(added), product], dim=-1))
        return scores


def _mean(sums: Tensor, start: Tensor, end: Tensor) -> Tensor:
    """Means over stretches of pieces; 0 for an empty one.

    Args:
        sums: running sums with a zero in front, shape (pieces + 1, hidden).
        start: first piece of each stretch, shape (stretches,).
        end: the piece after its last, likewise.
    """
    return (sums[end] - sums[start]) / (end - start).clamp_min(1)[:, None]


def _windows(attention_mask: Tensor, pieces_of_pairs: Tensor) -> list[Window]:
    """Where each window has its pieces and pairs, when the windows of a batch stand one below the other.

    Args:
        attention_mask: 0 where a piece only fills the batch, shape (windows, pieces).
        pieces_of_pairs: a piece of each pair's window, shape (pairs,); pairs of one window stand together.
    """
    count, longest = attention_mask.shape
    ends = (pieces_of_pairs // longest).bincount(minlength=count).cumsum(0).tolist()
    lengths = attention_mask.sum(dim=1).tolist()
    return [
        (slice(longest * i, longest * i + length), slice(start, end))
        for i, (length, start, end) in enumerate(zip(lengths, [0, *ends], ends, strict=False))
    ]


class LayerMix(nn.Module):
    """A weighted mean of the encoder's layers, learnt: words are told apart lower down, their use higher up."""

    def __init__(self, layers: int) -> None:
        """Begins near the last layer, which was trained to be read."""
        super().__init__()
        self.weights = nn.Parameter(torch.zeros(layers))
        nn.init.constant_(self.weights[-1:], 3.0)

    def forward(self, layers: Tensor) -> Tensor:
        """Mixes `layers`, shape (layers, windows, pieces, hidden), into shape (windows, pieces, hidden)."""
        return torch.einsum("l,lwph->wph", self.weights.softmax(0).to(layers.dtype), layers)


class Network(nn.Module):
    """Encoder and heads; with labels, `forward` returns the loss that `transformers.Trainer` minimises."""

    def __init__(
        self, encoder: PreTrainedModel, labels: int, edges: int, dropout: float = 0.1, edge_weight: float = 1.0
    ) -> None:
        """Puts heads on an encoder.

        Args:
            encoder: a transformers encoder; called with `input_ids` and `attention_mask`.
            labels: number of mention labels.
            edges: number of edge labels; without any there is no edge head.
            dropout: in the heads.
            edge_weight: weight of the edge loss beside the mention loss.
        """
        super().__init__()
        hidden = encoder.config.hidden_size
        self.encoder: PreTrainedModel = encoder
        self.hidden_size = int(hidden)
        self.dropout = nn.Dropout(dropout)
        layers = encoder.config.num_hidden_layers + 1
        self.tagger_mix, self.edge_mix = LayerMix(layers), LayerMix(layers)
        self.tagger = nn.Linear(hidden, 1 + 2 * labels)
        self.edges = EdgeHead(hidden, labels, edges, dropout=dropout) if edges else None
        self.edge_weight = edge_weight

    def encode(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """One pass: hidden states (windows, pieces, hidden) and tag logits (windows, pieces, tags).

        Without a mask every piece counts: one window, nothing padded.
        """
        layers = torch.stack(self._layers(input_ids=input_ids, attention_mask=attention_mask))
        return self.edge_mix(layers), self.tagger(self.dropout(self.tagger_mix(layers)))

    def _layers(self, **inputs: Tensor | None) -> tuple[Tensor, ...]:
        """The encoder's output, layer by layer.

        Under autocast, which casts to and fro around each operation, a copy of the weights is cast once instead and all
        of the encoder runs in the lower precision: on a CPU a step takes a quarter less time. The weights that are
        trained stay in single precision.
        """
        kind = self.tagger.weight.device.type
        if not torch.is_autocast_enabled(kind):
            return tuple(self.encoder(**inputs, output_hidden_states=True).hidden_states)
        lower = torch.get_autocast_dtype(kind)
        weights = {name: weight.to(lower) for name, weight in self.encoder.named_parameters()}
        with torch.autocast(kind, enabled=False):
            return tuple(
                functional_call(self.encoder, weights, kwargs={**inputs, "output_hidden_states": True}).hidden_states
            )

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        tags: Tensor,
        mentions: Tensor,
        pairs: Tensor,
        allowed: Tensor,
        targets: Tensor,
        **_: Any,  # noqa: ANN401 - Trainer may pass num_items_in_batch
    ) -> dict[str, Tensor]:
        """The loss of a batch.

        Args:
            input_ids: piece indices, shape (windows, pieces).
            attention_mask: 0 where a piece only fills the batch, shape (windows, pieces).
            tags: tag indices, `IGNORED` where a piece is not scored, shape (windows, pieces).
            mentions: as `EdgeHead.forward` takes them.
            pairs: likewise.
            allowed: which edges the schema admits, shape (pairs, edges).
            targets: which edges hold, shape (pairs, edges).
        """
        hidden, logits = self.encode(input_ids, attention_mask)
        # Both losses are counted by the mention, of which each has one stretch of tags and about one edge, however many
        # pieces and pairs there are: so neither drowns the other in the encoder that they share.
        count = max(1, len(mentions))
        loss = (
            nn.functional.cross_entropy(logits.float().transpose(1, 2), tags, ignore_index=IGNORED, reduction="sum")
            / count
        )
        if self.edges is not None and len(pairs):
            windows = _windows(attention_mask, mentions[pairs[:, 0], 0])
            scores = self.edges(self.dropout(hidden).flatten(0, 1), mentions, pairs, windows).float()
            each = nn.functional.binary_cross_entropy_with_logits(scores, targets, reduction="none")
            loss = loss + self.edge_weight * (each * allowed).sum() / count
        return {"loss": loss}
