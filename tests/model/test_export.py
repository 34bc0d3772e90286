"""Exported graphs compute what the network computes."""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sobujang.document import Document
from sobujang.extractor import Extractor
from sobujang.model.backend import OnnxBackend
from sobujang.model.config import ModelConfig
from sobujang.model.export import export_network
from sobujang.model.folder import CONFIG_FILE, EDGES_FILE, ENCODER_FILE, TOKENIZER_FILE
from sobujang.model.network import Network
from sobujang.model.pairs import FEATURE_SIZES
from sobujang.model.subwords import Subwords
from sobujang.schema import Schema
from sobujang.training.backend import TorchBackend

TEXTS = [
    "한빛정밀은 황동으로 만든 커넥터를 일본산의 절반 가격에 납품했다. 이 회사 웨이퍼는 30% 저렴하다.",
    "the wafers are 30 percent cheaper than the valves.\nthe firm sells wafers, valves and films. " * 4,
    "the",
    "",
]


def inputs(*lengths: int) -> list[NDArray[np.int64]]:
    random = np.random.default_rng(0)
    return [np.concatenate([[0], random.integers(4, 90, n), [2]]).astype(np.int64) for n in lengths]


def closeness(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float((a * b).sum() / (np.linalg.norm(a) * np.linalg.norm(b)))


@pytest.fixture(scope="module")
def torch_backend(make_network: Callable[..., Network], schema: Schema) -> TorchBackend:
    return TorchBackend(make_network(schema))


def test_plain_graphs_equal_torch(plain_model_folder: Path, torch_backend: TorchBackend) -> None:
    # From a window of one piece to one that fills all positions.
    windows = inputs(1, 2, 5, 30, 62, 64)
    for ours, theirs in zip(
        OnnxBackend(plain_model_folder).encode(windows), torch_backend.encode(windows), strict=True
    ):
        np.testing.assert_allclose(ours.hidden, theirs.hidden, atol=1e-4)
        np.testing.assert_allclose(ours.tags, theirs.tags, atol=1e-4)


def test_int8_graphs_are_close(model_folder: Path, torch_backend: TorchBackend) -> None:
    windows = inputs(1, 5, 30, 62)
    for ours, theirs in zip(OnnxBackend(model_folder).encode(windows), torch_backend.encode(windows), strict=True):
        assert closeness(ours.hidden, theirs.hidden) > 0.99
        assert closeness(ours.tags, theirs.tags) > 0.98


@pytest.mark.parametrize("count", [0, 1, 2, 3, 9, 500])
def test_edges_for_any_number_of_pairs(plain_model_folder: Path, torch_backend: TorchBackend, count: int) -> None:
    random = np.random.default_rng(count)
    hidden = random.normal(size=(20, 32)).astype(np.float32)
    firsts = np.sort(random.integers(0, 20, max(2, count // 2)))
    lasts = np.minimum(firsts + 1, 19)
    ends = random.integers(lasts + 1, 21)
    mentions = np.stack([firsts, lasts, random.integers(0, 13, len(firsts)), ends], axis=1)
    pairs = random.integers(0, [len(firsts), len(firsts), *FEATURE_SIZES], (count, 2 + len(FEATURE_SIZES)))
    ours = OnnxBackend(plain_model_folder).edges(hidden, mentions, pairs)
    np.testing.assert_allclose(ours, torch_backend.edges(hidden, mentions, pairs), atol=1e-4)
    assert ours.shape == (count, 13)


def test_order_is_kept(model_folder: Path) -> None:
    """Windows run in threads and differ in length, so that short ones are done first."""
    windows = inputs(62, 1, 40, 2, 62, 3, 1, 50) * 3
    for threads in (1, 4):
        backend = OnnxBackend(model_folder, threads)
        together = backend.encode(windows)
        assert [len(e.hidden) for e in together] == [len(w) for w in windows]
        for window, encoded in zip(windows, together, strict=True):
            (alone,) = backend.encode([window])
            np.testing.assert_array_equal(alone.hidden, encoded.hidden)
    assert OnnxBackend(model_folder).encode([]) == []


def test_an_exported_model_finds_what_torch_finds(
    plain_model_folder: Path, torch_backend: TorchBackend, subwords: Subwords
) -> None:
    exported = Extractor.load(plain_model_folder)
    inside = Extractor(exported.config, subwords, torch_backend)
    found = list(exported.stream(TEXTS))
    assert [spanned(d) for d in found] == [spanned(d) for d in inside.stream(TEXTS)]
    assert sum(len(d.spans) for d in found) > 20
    assert sum(len(d.relations) for d in found) > 5
    assert sum(len(d.comparisons) for d in found) > 0


def spanned(document: Document) -> tuple[object, ...]:
    spans = [(s.start, s.end, s.label) for s in document.spans]
    edges = {(r.head, r.tail, r.label) for r in document.relations}
    frames = [(c.cue, c.direction, c.roles) for c in document.comparisons]
    scores = [round(s.score or 0, 2) for s in document.spans]
    return spans, edges, frames, scores


def test_a_schema_without_edges_has_no_edge_graph(
    make_network: Callable[..., Network], tokenizer: Tokenizer, tmp_path: Path
) -> None:
    schema = Schema.from_dict({"name": "flat", "mentions": {"A": {}, "B": {}}})
    network = make_network(schema)
    names = [name for name, _ in network.named_parameters()]
    before = TorchBackend(network).encode(inputs(9))[0]
    (tmp_path / EDGES_FILE).write_bytes(b"of another model")
    export_network(network.train(), tmp_path)
    assert not (tmp_path / EDGES_FILE).exists()
    # The network itself was not changed by being exported.
    assert [name for name, _ in network.named_parameters()] == names
    assert network.encoder.config._attn_implementation == "sdpa"
    assert not network.training
    np.testing.assert_array_equal(TorchBackend(network).encode(inputs(9))[0].hidden, before.hidden)
    (tmp_path / CONFIG_FILE).write_bytes(
        ModelConfig(name="flat", schema=schema.to_dict(), window=64, overlap=16).to_json()
    )
    tokenizer.save(str(tmp_path / TOKENIZER_FILE))
    document = Extractor.load(tmp_path).extract(TEXTS[0])
    assert document.spans
    assert {s.label for s in document.spans} <= {"A", "B"}
    assert document.relations == document.comparisons == document.entities == ()


@pytest.mark.usefixtures("socket_disabled")
def test_a_folder_loads_without_network(model_folder: Path) -> None:
    assert Extractor.load(model_folder).extract(TEXTS[0]).spans


def test_a_folder_holds_no_pickle(model_folder: Path) -> None:
    names = {path.name for path in model_folder.rglob("*")}
    assert names == {CONFIG_FILE, TOKENIZER_FILE, ENCODER_FILE, EDGES_FILE}
    for path in model_folder.iterdir():
        with pytest.raises(ValueError, match=r".*"):
            list(pickletools.genops(path.read_bytes()))
