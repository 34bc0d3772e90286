"""From a trained network (torch) to the graphs that inference runs (ONNX, int8)."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.transformers.optimizer import optimize_model
from torch import Tensor, nn

from sobujang.model.folder import EDGES_FILE, ENCODER_FILE
from sobujang.model.network import Network
from sobujang.model.pairs import FEATURE_SIZES
from sobujang.model.quantization import quantise_products, spell_out_layer_norms

_OPSET = 18


class Int8Embedding(nn.Module):
    """A word embedding with one scale a row.

    ONNX Runtime's own quantisation has one scale for the whole table, which a few large rows would spoil.
    """

    def __init__(self, embedding: nn.Embedding) -> None:
        """Rounds the weights of an embedding."""
        super().__init__()
        weight = embedding.weight.detach().float()
        scale = weight.abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127
        self.weight: Tensor
        self.scale: Tensor
        self.register_buffer("weight", torch.round(weight / scale).to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        """Vectors of pieces, in single precision."""
        rows = nn.functional.embedding(ids, self.weight)
        return rows.float() * nn.functional.embedding(ids, self.scale)


class _EncoderGraph(nn.Module):
    """What `encoder.onnx` computes: one window, nothing padded, so no mask."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor) -> tuple[Tensor, Tensor]:
        return self.network.encode(input_ids)


def export_network(network: Network, folder: Path, quantise: bool = True) -> None:
    """Writes `encoder.onnx` and, where there are edges, `edges.onnx`.

    Args:
        network: left as it is, but on the CPU and in evaluation mode.
        folder: an existing folder.
        quantise: int8 weights for the encoder (a quarter of the size); the edge head stays fp32.
    """
    network.cpu().eval()
    body = network.encoder
    words = body.get_input_embeddings()
    assert isinstance(words, nn.Embedding)
    attention = body.config._attn_implementation
    try:
        # The graph optimiser knows attention as it is spelt out, not torch's fused operator.
        body.set_attn_implementation("eager")
        if quantise:
            body.set_input_embeddings(Int8Embedding(words))
        with tempfile.TemporaryDirectory() as temporary:
            plain = Path(temporary) / "plain.onnx"
            ids = torch.tensor([[0, 5, 6, 7, 2]])
            length = torch.export.Dim("pieces", min=2, max=body.config.max_position_embeddings - 2)
            _export(_EncoderGraph(network), (ids,), plain, ["input_ids"], ["hidden", "tags"], ({1: length},))
            fused = optimize_model(
                str(plain), model_type="bert", num_heads=body.config.num_attention_heads,
                hidden_size=body.config.hidden_size,
            )  # fmt: skip
            model = fused.model
            if quantise:
                quantise_products(model)
            spell_out_layer_norms(model)
            onnx.save(model, folder / ENCODER_FILE)
    finally:
        body.set_input_embeddings(words)
        body.set_attn_implementation(attention)
    if network.edges is not None:
        _export_edges(network, folder / EDGES_FILE)
    else:
        (folder / EDGES_FILE).unlink(missing_ok=True)  # of a model that stood here before


def _export_edges(network: Network, path: Path) -> None:
    assert network.edges is not None
    hidden = torch.zeros(7, network.hidden_size)
    mentions = torch.tensor([[1, 2, 0, 6], [3, 3, 0, 6], [4, 5, 0, 6]])
    pairs = torch.tensor([[a, b, *[0] * len(FEATURE_SIZES)] for a in range(3) for b in range(3) if a != b])
    pieces, count, many = (torch.export.Dim(name, min=2) for name in ("pieces", "mentions", "pairs"))
    _export(
        network.edges, (hidden, mentions, pairs), path, ["hidden", "mentions", "pairs"], ["scores"],
        ({0: pieces}, {0: count}, {0: many}),
    )  # fmt: skip


def _export(
    module: nn.Module,
    example: tuple[Tensor, ...],
    path: Path,
    inputs: list[str],
    outputs: list[str],
    dynamic: tuple[dict[int, object], ...],
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own deprecations
        torch.onnx.export(
            module.eval(), example, str(path), input_names=inputs, output_names=outputs, dynamic_shapes=dynamic,
            opset_version=_OPSET, dynamo=True, verbose=False, external_data=False,
        )  # fmt: skip
    onnx.checker.check_model(str(path))
