from __future__ import annotations

import numpy as np
import pytest
from support.layouts import LAYOUTS, stride_zero
from support.messages import raises
from support.oracles import assert_gradient, torch_or_skip

from handgrad import SoftmaxCrossEntropy
from handgrad.errors import DtypeError, LabelError, OrderError, ShapeError


def drawn(rng, *shape):
    """Scores (B, C) and class numbers (B,)."""
    B, C = shape or rng.integers(1, 7, 2)
    return 2 * rng.normal(size=(B, C)), rng.integers(C, size=B)


def computed(z, t):
    loss = SoftmaxCrossEntropy()
    return loss.forward(z, t), loss.backward()


def test_gradient_agrees_with_numerical_differentiation(rng):
    for _ in range(5):
        z, t = drawn(rng)
        soft = rng.dirichlet(np.ones(z.shape[1]), size=len(z))
        for targets in (t, soft, 3 * soft, rng.normal(size=z.shape)):
            _, dz = computed(z, targets)
            assert_gradient(lambda v, t=targets: SoftmaxCrossEntropy().forward(v, t), z, dz, rng)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 2e-6), (np.float64, 1e-13)])
@pytest.mark.parametrize("form", ["labels", "rows"])
def test_agrees_with_pytorch(rng, dtype, tolerance, form):
    torch = torch_or_skip()
    z, t = drawn(rng)
    z = z.astype(dtype)
    if form == "rows":
        t = rng.dirichlet(np.ones(z.shape[1]), size=len(z)).astype(dtype)
    value, dz = computed(z, t)
    tz = torch.tensor(z, requires_grad=True)
    theirs = torch.nn.functional.cross_entropy(tz, torch.tensor(t))
    theirs.backward()
    assert value == pytest.approx(theirs.item(), rel=tolerance, abs=tolerance)
    np.testing.assert_allclose(dz, tz.grad.numpy(), rtol=tolerance, atol=tolerance)


def test_by_hand():
    value, dz = computed(np.log([[1.0, 3.0], [4.0, 1.0]]), np.array([1, 1]))
    assert value == pytest.approx(-(np.log(3 / 4) + np.log(1 / 5)) / 2, rel=1e-15)
    np.testing.assert_allclose(dz, [[1 / 8, -1 / 8], [2 / 5, -2 / 5]], rtol=1e-15)


def test_labels_and_one_hot_rows_give_the_same(rng):
    z, t = drawn(rng)
    for rows in (np.eye(z.shape[1]), np.eye(z.shape[1], dtype=int), np.eye(z.shape[1]) == 1):
        value, dz = computed(z, rows[t])
        assert value == computed(z, t)[0]
        assert dz.tolist() == computed(z, t)[1].tolist()


@pytest.mark.parametrize("dtype", [np.int8, np.uint64, np.int64, np.float32, np.float64])
def test_whole_numbers_of_any_dtype_are_labels(rng, dtype):
    z, t = drawn(rng)
    assert computed(z, t.astype(dtype))[0] == computed(z, t)[0]


def test_truth_values_are_the_labels_zero_and_one(rng):
    z, t = drawn(rng, 5, 2)
    assert computed(z, t == 1)[0] == computed(z, t)[0]
    assert computed(z, list(t))[0] == computed(z, t)[0]


def test_rows_of_zeros_count_for_nothing(rng):
    z, t = drawn(rng, 4, 3)
    rows = np.eye(3)[t]
    rows[1] = 0
    value, dz = computed(z, rows)
    others = [0, 2, 3]
    assert value == pytest.approx(computed(z[others], t[others])[0] * 3 / 4, rel=1e-14)
    assert dz[1].tolist() == [0, 0, 0]


def test_probabilities_are_kept(rng):
    z, t = drawn(rng)
    loss = SoftmaxCrossEntropy()
    assert loss.p is None
    value = loss.forward(z, t)
    np.testing.assert_allclose(loss.p, np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), rtol=1e-14)
    assert value == pytest.approx(
        -np.log(loss.p[np.arange(len(t)), t]).mean(), rel=1e-12, abs=1e-14
    )


def test_a_constant_added_to_every_score_of_a_row_changes_nothing(rng):
    z, t = drawn(rng)
    value, dz = computed(z + 1e3 * rng.normal(size=(len(z), 1)), t)
    assert value == pytest.approx(computed(z, t)[0], rel=1e-10, abs=1e-10)
    np.testing.assert_allclose(dz, computed(z, t)[1], atol=1e-10)


def test_the_loss_of_a_certain_and_right_prediction_is_zero_without_a_sign():
    value, _ = computed(np.array([[1e4, -1e4]]), np.array([0]))
    assert str(value) == "0.0"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scores_of_any_size_neither_overflow_nor_warn(dtype):
    largest = np.finfo(dtype).max
    with np.errstate(all="raise"):
        value, _ = computed(np.array([[1e4, -1e4]], dtype), np.array([1]))
        assert value == 2e4
        for z in ([[largest, -largest, 0]], [[-largest] * 3], [[0, -200, -1e4]]):
            for t in (np.array([0]), np.array([1])):
                _, dz = computed(np.array(z, dtype), t)
                assert np.isfinite(dz).all()
                assert abs(dz.sum()) <= 1e-6


def test_a_masked_class_has_no_probability_and_costs_nothing():
    z = np.array([[0.0, -np.inf, 0.0]])
    value, dz = computed(z, np.array([0]))
    assert value == pytest.approx(np.log(2), rel=1e-15)
    np.testing.assert_allclose(dz, [[-0.5, 0, 0.5]], rtol=1e-15)
    assert computed(z, np.array([1]))[0] == np.inf


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_z_goes_out(rng, dtype):
    z, t = drawn(rng)
    for targets in (t, np.eye(z.shape[1])[t]):
        loss = SoftmaxCrossEntropy()
        assert type(loss.forward(z.astype(dtype), targets)) is float
        assert loss.p.dtype == loss.backward().dtype == dtype


def test_integer_scores_become_float64():
    assert computed([[0, 0]], [1])[1].dtype == np.float64


def test_nan_is_seen_in_the_value_and_in_its_row():
    value, dz = computed(np.array([[np.nan, 0.0], [0.0, 0.0]]), np.array([1, 1]))
    assert np.isnan(value)
    assert np.isnan(dz).tolist() == [[True, True], [False, False]]
    value, dz = computed(np.zeros((2, 2)), np.array([[np.nan, 0.0], [1.0, 0.0]]))
    assert np.isnan(value)
    assert np.isnan(dz).tolist() == [[True, True], [False, False]]


@pytest.mark.parametrize("t", [np.zeros(0, int), np.zeros((0, 3)), []])
def test_an_empty_batch_has_loss_zero(t):
    value, dz = computed(np.zeros((0, 3)), t)
    assert (value, dz.shape) == (0.0, (0, 3))


@pytest.mark.parametrize("layout", [*LAYOUTS, "stride-zero"])
@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("form", ["labels", "rows"])
def test_arrays_of_every_layout_give_the_same(rng, layout, which, form):
    lay_out = LAYOUTS.get(layout, stride_zero)
    z, t = drawn(rng, 4, 3)
    given = [z, t if form == "labels" else np.eye(3)[t]]
    given[which] = lay_out(given[which])
    value, dz = computed(*given)
    expected_value, expected_dz = computed(*(v.copy() for v in given))
    assert value == pytest.approx(expected_value, rel=1e-14)
    np.testing.assert_allclose(dz, expected_dz, rtol=1e-14)


@pytest.mark.parametrize("form", ["labels", "rows"])
def test_nothing_that_is_given_changes_and_gradients_are_not_overwritten(rng, form):
    z, t = drawn(rng, 4, 3)
    t = t if form == "labels" else np.eye(3)[t]
    before = z.tobytes(), t.tobytes()
    loss = SoftmaxCrossEntropy()
    loss.forward(z, t)
    dz = loss.backward()
    held = dz.copy()
    assert loss.backward().tolist() == dz.tolist()
    loss.forward(-z, t)
    loss.backward()
    assert dz.tobytes() == held.tobytes()
    assert (z.tobytes(), t.tobytes()) == before


def test_targets_changed_after_forward_do_not_matter(rng):
    z, t = drawn(rng, 4, 3)
    rows = np.eye(3)[t]
    _, expected = computed(z, rows)
    loss = SoftmaxCrossEntropy()
    loss.forward(z, rows)
    rows += 1
    assert loss.backward().tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("labels", "row", "label"),
    [
        ([0, 3], 1, "3"),
        ([-1, 0], 0, "-1"),
        ([0, 0.5], 1, "0.5"),
        ([0, np.nan], 1, "nan"),
        ([np.inf, 0], 0, "inf"),
        ([3, 4], 0, "3"),
        (np.array([0, 2**64 - 1], np.uint64), 1, "18446744073709551615"),
    ],
)
def test_a_label_that_is_no_class_names_its_row_and_what_to_try(labels, row, label):
    with pytest.raises(LabelError) as caught:
        SoftmaxCrossEntropy().forward(np.zeros((2, 3)), np.array(labels))
    en, zh = caught.value.text.en, caught.value.text.zh
    assert f"row {row} (counted from 0) is {label}." in en
    assert f"第 {row} 行（从 0 数起）的标签是 {label}。" in zh
    assert "integers from 0 to 2" in en
    assert "0 到 2 的整数" in zh
    assert "subtract 1" in en
    assert "减去 1" in zh


@pytest.mark.parametrize("labels", [["cat", "dog"], [0, 1j], [0, None]])
def test_labels_that_are_no_numbers_name_their_dtype_and_what_to_try(labels):
    t = np.array(labels)
    with raises(DtypeError, str(t.dtype), "np.asarray(t, dtype=int)", "np.unique"):
        SoftmaxCrossEntropy().forward(np.zeros((2, 3)), t)


def test_the_advice_for_words_works():
    t = np.unique(["cat", "dog", "cat"], return_inverse=True)[1]
    assert computed(np.zeros((3, 2)), t)[0] == pytest.approx(np.log(2))


@pytest.mark.parametrize("shape", [(3,), (2, 1), (2, 4), (), (6,), (1, 2, 3)])
def test_targets_that_do_not_fit_name_all_shapes(shape):
    with raises(ShapeError, "(2,)", "(2, 3)", str(shape), "t.ravel()"):
        SoftmaxCrossEntropy().forward(np.zeros((2, 3)), np.zeros(shape))


@pytest.mark.parametrize("shape", [(6,), (), (2, 0), (2, 3, 1)])
def test_scores_that_are_no_rows_name_their_shape(shape):
    with raises(ShapeError, "(B, C)", str(shape)):
        SoftmaxCrossEntropy().forward(np.zeros(shape), np.zeros(2, int))


def test_a_refused_label_leaves_the_last_forward_in_place(rng):
    z, t = drawn(rng, 4, 3)
    loss = SoftmaxCrossEntropy()
    loss.forward(z, t)
    with raises(LabelError):
        loss.forward(np.zeros((2, 3)), np.array([0, 3]))
    assert loss.backward().tolist() == computed(z, t)[1].tolist()


def test_backward_before_forward():
    with raises(OrderError, "SoftmaxCrossEntropy.backward()", "forward(z, t)"):
        SoftmaxCrossEntropy().backward()


def test_other_dtypes_are_refused_by_name():
    with raises(DtypeError, "z ", "float16"):
        SoftmaxCrossEntropy().forward(np.zeros((2, 3), np.float16), np.zeros(2, int))
    with raises(DtypeError, "t ", "complex128"):
        SoftmaxCrossEntropy().forward(np.zeros((2, 3)), np.zeros((2, 3), complex))
