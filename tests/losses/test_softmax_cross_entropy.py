from __future__ import annotations

import numpy as np
import pytest
from support.oracles import assert_gradient, torch_or_skip

from handgrad import SoftmaxCrossEntropy
from handgrad.errors import LabelError, OrderError, ShapeError


def drawn(rng):
    B, C = rng.integers(1, 7, 2)
    return 2 * rng.normal(size=(B, C)), rng.integers(C, size=B)


def test_gradient_agrees_with_numerical_differentiation(rng):
    for _ in range(5):
        z, t = drawn(rng)
        soft = rng.dirichlet(np.ones(z.shape[1]), size=len(z))
        for targets in (t, soft, 3 * soft):
            loss = SoftmaxCrossEntropy()
            loss.forward(z, targets)
            assert_gradient(
                lambda v, t=targets: SoftmaxCrossEntropy().forward(v, t), z, loss.backward(), rng
            )


def test_agrees_with_pytorch(rng):
    torch = torch_or_skip()
    z, t = drawn(rng)
    loss = SoftmaxCrossEntropy()
    value = loss.forward(z, t)
    tz = torch.tensor(z, requires_grad=True)
    theirs = torch.nn.functional.cross_entropy(tz, torch.tensor(t))
    theirs.backward()
    assert abs(value - theirs.item()) <= 1e-12
    np.testing.assert_allclose(loss.backward(), tz.grad.numpy(), atol=1e-12)


def test_labels_and_one_hot_rows_give_the_same(rng):
    z, t = drawn(rng)
    a, b = SoftmaxCrossEntropy(), SoftmaxCrossEntropy()
    rows = np.eye(z.shape[1])[t]
    assert a.forward(z, t) == pytest.approx(b.forward(z, rows), abs=1e-12)
    np.testing.assert_allclose(a.backward(), b.backward(), atol=1e-15)


def test_scores_of_any_size_neither_overflow_nor_warn():
    loss = SoftmaxCrossEntropy()
    assert loss.forward(np.array([[1e4, -1e4]]), np.array([0])) == 0.0
    assert loss.forward(np.array([[1e4, -1e4]]), np.array([1])) == 2e4
    assert np.isfinite(loss.backward()).all()


def test_float32_stays_and_nan_is_seen():
    loss = SoftmaxCrossEntropy()
    loss.forward(np.zeros((2, 3), np.float32), np.array([0, 1]))
    assert loss.backward().dtype == np.float32
    assert np.isnan(loss.forward(np.array([[np.nan, 0.0]]), np.array([0])))


def test_an_empty_batch():
    loss = SoftmaxCrossEntropy()
    assert loss.forward(np.zeros((0, 3)), np.zeros(0, int)) == 0.0
    assert loss.backward().shape == (0, 3)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([0, 3], "row 1 is 3"),
        ([-1, 0], "row 0 is -1"),
        ([0, 0.5], "row 1 is 0.5"),
        ([0, np.nan], "row 1 is nan"),
    ],
)
def test_a_label_that_is_no_class_names_its_row(labels, words):
    with pytest.raises(LabelError, match=words):
        SoftmaxCrossEntropy().forward(np.zeros((2, 3)), np.array(labels))


def test_other_errors():
    with pytest.raises(ShapeError, match=r"\(2,\).*\(2, 3\).*\(3,\)"):
        SoftmaxCrossEntropy().forward(np.zeros((2, 3)), np.zeros(3, int))
    with pytest.raises(ShapeError, match=r"\(6,\)"):
        SoftmaxCrossEntropy().forward(np.zeros(6), np.zeros(6, int))
    with pytest.raises(OrderError, match=r"forward\(z, t\)"):
        SoftmaxCrossEntropy().backward()
