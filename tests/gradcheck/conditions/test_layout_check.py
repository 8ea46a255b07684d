from __future__ import annotations

import numpy as np
import pytest

from handgrad import FullyConnected, Relu, Sigmoid, Vjp, check
from handgrad.gradcheck.adapters.adapter_selection import subject_of
from handgrad.gradcheck.conditions.layout_check import layout_findings
from handgrad.gradcheck.conditions.size_check import size_findings
from handgrad.gradcheck.conditions.uninitialised_memory import memory_findings, numpy_memory_filled
from handgrad.gradcheck.engine.joint_check import passes_joint_check
from handgrad.gradcheck.findings import ArrayReport


def in_memory_order(array):
    """What a kernel sees that takes a pointer and counts on: the memory itself, whatever the strides."""
    start = np.asarray(array)
    while start.base is not None and isinstance(start.base, np.ndarray):
        start = start.base
    flat = np.resize(start.reshape(-1, order="A"), array.size)
    return flat.reshape(array.shape)


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_backward(dout, x):
    s = softmax(x)
    return s * (dout - (s * dout).sum(axis=1, keepdims=True))


RIGHT = {
    "square": Vjp(lambda x: x * x, lambda dout, x: 2 * x * dout),
    "softmax": Vjp(softmax, softmax_backward),
    "sum": Vjp(lambda x: x.sum(axis=0), lambda dout, x: np.broadcast_to(dout, x.shape)),
    "several": Vjp(lambda x: (x + 1, 2 * x), lambda douts, x: douts[0] + 2 * douts[1]),
    "a number": Vjp(lambda x: (x * x).sum(), lambda dout, x: 2 * x * dout),
}


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_right_functions_have_no_finding(rng, name, dtype):
    x = rng.normal(size=rng.integers(2, 9, size=2)).astype(dtype)
    subject = subject_of(RIGHT[name], (x,))
    assert list(layout_findings(subject, rng)) == []
    assert list(memory_findings(subject, rng)) == []


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_our_own_layers_have_no_finding(rng, dtype):
    x, W, b = (rng.normal(size=s).astype(dtype) for s in ((4, 5), (5, 3), (3,)))
    for layer in (FullyConnected(W, b), Relu(), Sigmoid()):
        subject = subject_of(layer, (x,))
        assert list(layout_findings(subject, rng)) == []
        assert list(memory_findings(subject, rng)) == []


def test_dout_read_in_memory_order(rng):
    f = Vjp(lambda x: x * x, lambda dout, x: 2 * x * in_memory_order(dout))
    found = list(layout_findings(subject_of(f, (rng.normal(size=(4, 5)),)), rng))
    assert {one.kind for one in found} == {"dout-layout"}
    assert {one.severity for one in found} == {"wrong"}
    assert found[0].array == "dout"
    assert "dx" in found[0].message.en
    assert "dx" in found[0].message.zh


def test_input_read_in_memory_order(rng):
    f = Vjp(lambda x: x * x, lambda dout, x: 2 * in_memory_order(x) * dout)
    found = list(layout_findings(subject_of(f, (rng.normal(size=(4, 5)),)), rng))
    assert {(one.kind, one.array) for one in found} == {("input-layout", "x")}


def test_the_one_input_of_two_is_named(rng):
    f = Vjp(
        lambda x, y: x * y, lambda dout, x, y: (y * dout, in_memory_order(x) * dout), name="product"
    )
    x, y = rng.normal(size=(2, 4, 5))
    found = list(layout_findings(subject_of(f, (x, y)), rng))
    assert {one.array for one in found} == {"x"}


def test_a_backward_that_refuses_a_layout_is_wrong_and_a_forward_is_noted(rng):
    def strict(array):
        if not array.flags.c_contiguous:
            raise ValueError("must be contiguous")
        return array

    x = rng.normal(size=(4, 5))
    backward = Vjp(lambda x: x * x, lambda dout, x: 2 * x * strict(dout))
    forward = Vjp(lambda x: strict(x) ** 2, lambda dout, x: 2 * x * dout)
    for f, severity in ((backward, "wrong"), (forward, "note")):
        found = list(layout_findings(subject_of(f, (x,)), rng))
        assert {one.severity for one in found} == {severity}
        assert "must be contiguous" in found[0].message.en


def test_memory_that_was_never_written(rng):
    def backward(dout, x):
        dx = np.empty_like(x)
        dx[x > 0] = dout[x > 0]
        return dx

    f = Vjp(lambda x: np.maximum(x, 0), backward)
    found = list(memory_findings(subject_of(f, (rng.normal(size=(4, 5)),)), rng))
    assert [(one.kind, one.severity) for one in found] == [("uninitialised-memory", "wrong")]


def test_numpy_is_left_as_it_was():
    empty = np.empty
    with numpy_memory_filled():
        assert np.isnan(np.empty((2, 3))).all()
        assert np.empty_like(np.array([True])).all()
    with pytest.raises(ZeroDivisionError), numpy_memory_filled():
        _ = 1 / 0
    assert np.empty is empty


def nothing_is_wrong(subject):
    return ()


def dx_is_compared(subject):
    """An engine for tests: the gradient of a square."""
    x = subject.point["x"]
    instance = subject.new_instance()
    instance.forward(subject.point)
    right = np.allclose(instance.backward((np.ones_like(x),))["x"], 2 * x)
    word = "right" if right else "wrong"
    return (ArrayReport("dx", "x", x.shape, word, "real-difference"),)


def test_a_tile_that_forgets_the_rest(rng):
    def backward(dout, x):
        dx = np.zeros_like(x)
        whole = max(len(x) // 32 * 32, min(len(x), 8))  # the last, partial tile is forgotten
        dx[:whole] = (2 * x * dout)[:whole]
        return dx

    f = Vjp(lambda x: x * x, backward)
    found = list(size_findings(subject_of(f, (rng.normal(size=(4, 5)),)), rng, dx_is_compared))
    assert [(one.kind, one.array) for one in found] == [("size", "dx")]
    assert "x.shape[0] = 33" in found[0].message.en


def test_an_axis_that_is_part_of_the_function_is_left_alone(rng):
    W = rng.normal(size=(5, 3))
    f = Vjp(lambda x: x @ W, lambda dout, x: dout @ W.T)
    assert (
        list(size_findings(subject_of(f, (rng.normal(size=(4, 5)),)), rng, nothing_is_wrong)) == []
    )


def test_backward_of_an_empty_batch(rng):
    f = Vjp(lambda x: x * x, lambda dout, x: 2 * x * dout / (1 / len(x)) / len(x))
    found = list(size_findings(subject_of(f, (rng.normal(size=(4, 5)),)), rng, nothing_is_wrong))
    assert len(found) == 1
    assert "ZeroDivisionError" in found[0].message.en


def glances(subject, names, share):
    return passes_joint_check(subject, names, np.random.default_rng(1), share)


def test_a_glance_sees_a_tile_that_forgets_the_rest_and_spares_the_engine(rng):
    asked = []

    def engine(subject):
        asked.append(subject.point["x"].shape)
        return dx_is_compared(subject)

    def forgets(dout, x):
        dx = 2 * x * dout
        dx[32:] = 0
        return dx

    x = rng.normal(size=(4, 5))
    right = Vjp(lambda x: x * x, lambda dout, x: 2 * x * dout)
    assert list(size_findings(subject_of(right, (x,)), rng, engine, joint_check=glances)) == []
    assert asked == []
    subject = subject_of(Vjp(lambda x: x * x, forgets), (x,))
    assert [f.severity for f in size_findings(subject, rng, engine, joint_check=glances)] == [
        "wrong"
    ]
    assert asked == [(33, 5)]


def cross_entropy(x, labels):
    return -np.log(softmax(x)[np.arange(len(x)), labels]).mean()


def cross_entropy_backward(dout, x, labels):
    dx = softmax(x)
    dx[np.arange(len(x)), labels] -= 1
    return dout * dx / len(x), None


def test_labels_change_their_length_with_the_batch(rng):
    x, labels = rng.normal(size=(6, 5)), rng.integers(3, size=6)
    f = Vjp(cross_entropy, cross_entropy_backward)
    shapes = []

    def engine(subject):
        shapes.append((subject.point["x"].shape, subject.fixed_arrays["labels"].shape))
        return ()

    assert list(size_findings(subject_of(f, (x, labels)), rng, engine)) == []
    assert ((33, 5), (33,)) in shapes


def test_a_permutation_is_never_redrawn(rng):
    order = rng.permutation(6)
    f = Vjp(lambda x, order: x[order], lambda dout, x, order: (dout[np.argsort(order)], None))
    subject = subject_of(f, (rng.normal(size=(6, 2)), order))
    shapes = []
    list(size_findings(subject, rng, lambda s: shapes.append(s.point["x"].shape) or ()))
    assert {shape[0] for shape in shapes} == {6}


def test_a_deviation_of_one_number_is_noted(rng):
    def backward(dout, x):
        centred = x - x.mean(axis=1, keepdims=True)
        return dout[:, None] * centred / (x.shape[1] * x.std(axis=1, keepdims=True))

    report = check(Vjp(lambda x: x.std(axis=1), backward), rng.normal(size=(4, 9)), seed=1)
    assert report.verdict == "right", report.text("en")
    assert [(one.kind, one.severity) for one in report.findings] == [("size", "note")]
