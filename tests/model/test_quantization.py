"""Integer products and spelt-out layer norms give what the graph gave before."""

import numpy as np
import onnxruntime as ort
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from sobujang.model.quantization import quantise_products, spell_out_layer_norms


def model_of(nodes, constants, inputs, output="y"):
    graph = helper.make_graph(
        nodes, "test", [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in inputs],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(value, dtype=np.float32), name) for name, value in constants.items()],
    )  # fmt: skip
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def run(model, **inputs):
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {name: value.astype(np.float32) for name, value in inputs.items()})[0]


def relative_error(found, right):
    return np.abs(found - right).mean() / np.abs(right).mean()


@given(
    seed=st.integers(0, 1000), rows=st.integers(1, 9), inner=st.integers(1, 70), columns=st.integers(1, 9),
    size=st.sampled_from([1e-3, 1.0, 1e3]),
)  # fmt: skip
def test_a_product_stays_close_whatever_its_rows_reach(seed, rows, inner, columns, size):
    random = np.random.default_rng(seed)
    weight = random.normal(size=(inner, columns)) * size
    # Each row has its own reach: one scale for all would wipe out the small ones.
    x = random.normal(size=(2, rows, inner)) * 10.0 ** random.integers(-3, 4, size=(2, rows, 1))
    model = model_of([helper.make_node("MatMul", ["x", "w"], ["y"])], {"w": weight}, ["x"])
    quantise_products(model)
    assert [node.op_type for node in model.graph.node].count("MatMul") == 0
    # Rounding is by steps of a row's or a column's largest element, however small the element beside it.
    rows_reach, columns_reach = np.abs(x).max(axis=-1, keepdims=True), np.abs(weight).max(axis=0)
    totals = np.abs(x).sum(axis=-1, keepdims=True) * columns_reach + rows_reach * np.abs(weight).sum(axis=0)
    bound = 0.01 * totals
    assert (np.abs(run(model, x=x) - x @ weight) <= bound + 1e-6).all()


def test_a_row_of_zeros(tmp_path):
    model = model_of([helper.make_node("MatMul", ["x", "w"], ["y"])], {"w": np.ones((4, 3))}, ["x"])
    quantise_products(model)
    assert (run(model, x=np.zeros((2, 4))) == 0).all()


@given(seed=st.integers(0, 1000), inner=st.integers(1, 40))
def test_no_two_neighbouring_products_overflow_sixteen_bits(seed, inner):
    weight = np.random.default_rng(seed).standard_t(2, size=(inner, 5))  # a few far larger than the rest
    model = model_of([helper.make_node("MatMul", ["x", "w"], ["y"])], {"w": weight}, ["x"])
    quantise_products(model)
    rounded = next(numpy_helper.to_array(c) for c in model.graph.initializer if c.name == "w_rounded").astype(int)
    for first in range(0, inner, 2):
        pair = rounded[first : first + 2]
        for sums in (np.maximum(pair, 0).sum(axis=0), np.maximum(-pair, 0).sum(axis=0)):
            assert (255 * sums < 2**15).all()


def test_shared_activations_are_rounded_once_and_attention_is_left_alone():
    nodes = [
        helper.make_node("MatMul", ["x", "q"], ["queries"]),
        helper.make_node("MatMul", ["x", "k"], ["keys"]),
        helper.make_node("Transpose", ["keys"], ["turned"], perm=[1, 0]),
        helper.make_node("MatMul", ["queries", "turned"], ["y"]),
    ]
    random = np.random.default_rng(1)
    weights = {"q": random.normal(size=(8, 4)), "k": random.normal(size=(8, 4))}
    model, x = model_of(nodes, weights, ["x"]), random.normal(size=(5, 8))
    before = run(model, x=x)
    quantise_products(model)
    kinds = [node.op_type for node in model.graph.node]
    assert (kinds.count("MatMulInteger"), kinds.count("ReduceMax"), kinds.count("MatMul")) == (2, 1, 1)
    assert relative_error(run(model, x=x), before) < 0.03


@pytest.mark.parametrize("inputs", [3, 4, 5])
def test_layer_norms_give_the_same(inputs):
    random = np.random.default_rng(2)
    constants = {"gain": random.normal(size=6), "bias": random.normal(size=6), "own": random.normal(size=6)}
    x, before = random.normal(size=(1, 3, 6)), random.normal(size=(1, 3, 6))
    if inputs == 3:
        node = helper.make_node("LayerNormalization", ["x", "gain", "bias"], ["y"], epsilon=1e-12)
        feed = {"x": x}
    else:
        names = ["x", "before", "gain", "bias", "own"][:inputs]
        node = helper.make_node("SkipLayerNormalization", names, ["y"], domain="com.microsoft", epsilon=1e-12)
        feed = {"x": x, "before": before}
    model = model_of([node], constants, list(feed))
    right = run(model, **feed)
    spell_out_layer_norms(model)
    assert {node.op_type for node in model.graph.node}.isdisjoint({"LayerNormalization", "SkipLayerNormalization"})
    np.testing.assert_allclose(run(model, **feed), right, rtol=1e-4, atol=1e-5)
