"""Int8 arithmetic for an encoder graph (ONNX): each row of activations and each column of weights has its own scale.

ONNX Runtime has two ways of its own. Dynamic quantisation has one scale for all activations of a layer: a few large
ones in the feed-forward layers then cost two points of F1. `MatMulNBits` has scales by the block and loses nothing, but
its int8 products are no faster than single precision. With a scale for each row nothing is lost either, and products
run on the processor's int8 instructions (measured in `tests/benchmarks/LOG.md`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

_LARGEST = 127
_ZERO_POINT = 128
_SMALLEST = 1e-8
_LAYER_NORMS = ("SkipLayerNormalization", "LayerNormalization")


def quantise_products(model: onnx.ModelProto) -> None:
    """Replaces, in place, each product of activations and constant weights by one of integers.

    Args:
        model: a graph in single precision. Products of two computed matrices, such as attention has, stay as they are.
    """
    graph = model.graph
    matrices = {constant.name: constant for constant in graph.initializer if len(constant.dims) == 2}
    nodes: list[onnx.NodeProto] = []
    added = _shared_constants()
    rounded: set[str] = set()
    for node in graph.node:
        if node.op_type != "MatMul" or node.input[1] not in matrices:
            nodes.append(node)
            continue
        activations, weight = node.input
        if activations not in rounded:  # queries, keys and values read the same ones
            nodes += _round_rows(activations)
        if weight not in rounded:
            added += _round_columns(weight, numpy_helper.to_array(matrices[weight]))
        rounded |= {activations, weight}
        nodes += _integer_product(activations, weight, node.output[0])
    _replace(graph, nodes, [constant for constant in graph.initializer if constant.name not in rounded] + added)


def spell_out_layer_norms(model: onnx.ModelProto) -> None:
    """Replaces, in place, layer normalisation by the steps that it consists of, which ONNX Runtime computes faster.

    The last of them is a product with a reciprocal: were it a division, the runtime would join the steps again.
    """
    graph = model.graph
    nodes: list[onnx.NodeProto] = []
    added = {"layer_norm_axis": _constant("layer_norm_axis", [-1], np.int64)}
    for node in graph.node:
        if node.op_type in _LAYER_NORMS:
            epsilon = next((attribute.f for attribute in node.attribute if attribute.name == "epsilon"), 1e-5)
            name = f"layer_norm_epsilon_{epsilon:g}"
            added[name] = _constant(name, epsilon)
            nodes += _layer_norm(node, name)
        else:
            nodes.append(node)
    _replace(graph, nodes, [*graph.initializer, *added.values()])


def _replace(
    graph: onnx.GraphProto, nodes: Collection[onnx.NodeProto], constants: Collection[onnx.TensorProto]
) -> None:
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(constants)


def _constant(name: str, value: object, kind: type[np.generic] = np.float32) -> onnx.TensorProto:
    return numpy_helper.from_array(np.array(value, dtype=kind), name)


def _shared_constants() -> list[onnx.TensorProto]:
    return [
        _constant("int8_axis", [-1], np.int64),
        _constant("int8_smallest", _SMALLEST),
        _constant("int8_step", 1 / _LARGEST),
        _constant("int8_shift", _ZERO_POINT + 0.5),  # the cast cuts off what stands behind the point
        _constant("int8_zero_point", _ZERO_POINT, np.uint8),
    ]


def _round_rows(name: str) -> list[onnx.NodeProto]:
    """Nodes that make `<name>_rounded`, bytes around the zero point, and `<name>_scale`, one a row."""
    return [
        helper.make_node("ReduceMax", [name, "int8_axis"], [f"{name}_highest"], keepdims=1),
        helper.make_node("ReduceMin", [name, "int8_axis"], [f"{name}_lowest"], keepdims=1),
        helper.make_node("Neg", [f"{name}_lowest"], [f"{name}_depth"]),
        helper.make_node("Max", [f"{name}_highest", f"{name}_depth", "int8_smallest"], [f"{name}_largest"]),
        helper.make_node("Mul", [f"{name}_largest", "int8_step"], [f"{name}_scale"]),
        helper.make_node("Div", [name, f"{name}_scale"], [f"{name}_scaled"]),
        helper.make_node("Add", [f"{name}_scaled", "int8_shift"], [f"{name}_shifted"]),
        helper.make_node("Cast", [f"{name}_shifted"], [f"{name}_rounded"], to=TensorProto.UINT8),
    ]


def _round_columns(name: str, weight: NDArray[np.float32]) -> Iterator[onnx.TensorProto]:
    """The weights as int8, and a scale for each column.

    A processor without VNNI adds the products of two neighbouring rows in sixteen bits. The scale is so large that two
    neighbours of one sign sum up to 128 at most, their products to 255 · 128: every processor computes the same.
    """
    rows = np.pad(weight, ((0, len(weight) % 2), (0, 0)))
    sums = [np.maximum(sign * rows, 0).reshape(-1, 2, rows.shape[1]).sum(axis=1) for sign in (1, -1)]
    scale = np.maximum(np.max(sums, axis=(0, 1)), _SMALLEST) / _LARGEST
    yield _constant(f"{name}_rounded", np.round(weight / scale), np.int8)
    yield _constant(f"{name}_scale", scale)


def _integer_product(activations: str, weight: str, output: str) -> list[onnx.NodeProto]:
    factors = [f"{activations}_rounded", f"{weight}_rounded", "int8_zero_point"]
    return [
        helper.make_node("MatMulInteger", factors, [f"{output}_integers"]),
        helper.make_node("Cast", [f"{output}_integers"], [f"{output}_floats"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{output}_floats", f"{weight}_scale"], [f"{output}_columns"]),
        helper.make_node("Mul", [f"{output}_columns", f"{activations}_scale"], [output]),
    ]


def _layer_norm(node: onnx.NodeProto, epsilon: str) -> Iterator[onnx.NodeProto]:
    output = node.output[0]

    def step(name: str) -> str:
        return f"{output}_{name}"

    if node.op_type == "SkipLayerNormalization":
        added, before, gain, bias, *more = node.input  # what a layer adds to what was before it, and maybe its own bias
        total = node.output[3] if len(node.output) > 3 and node.output[3] else step("total")
        if more:
            yield helper.make_node("Add", [added, more[0]], [step("added")])
            added = step("added")
        yield helper.make_node("Add", [added, before], [total])
    else:
        total, gain, bias = node.input
    yield helper.make_node("ReduceMean", [total, "layer_norm_axis"], [step("mean")], keepdims=1)
    yield helper.make_node("Sub", [total, step("mean")], [step("centred")])
    yield helper.make_node("Mul", [step("centred"), step("centred")], [step("squares")])
    yield helper.make_node("ReduceMean", [step("squares"), "layer_norm_axis"], [step("variance")], keepdims=1)
    yield helper.make_node("Add", [step("variance"), epsilon], [step("raised")])
    yield helper.make_node("Sqrt", [step("raised")], [step("deviation")])
    yield helper.make_node("Reciprocal", [step("deviation")], [step("inverse")])
    yield helper.make_node("Mul", [step("centred"), step("inverse")], [step("unit")])
    yield helper.make_node("Mul", [step("unit"), gain], [step("gained")])
    yield helper.make_node("Add", [step("gained"), bias], [output])
