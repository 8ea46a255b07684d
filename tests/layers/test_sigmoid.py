from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest
from support.layouts import LAYOUTS, stride_zero
from support.messages import raises
from support.oracles import assert_gradient, torch_or_skip

from handgrad import Sigmoid
from handgrad.errors import DtypeError, OrderError, ShapeError

EXTREMES = [-np.inf, -1e308, -1000.0, -745.0, -1e-320, 0.0, 1e-320, 745.0, 1000.0, 1e308, np.inf]


def drawn(rng, *shape):
    shape = shape or tuple(rng.integers(1, 6, rng.integers(1, 5)))
    return 3 * rng.normal(size=shape), rng.normal(size=shape)


def computed(x, dout):
    layer = Sigmoid()
    return layer.forward(x), layer.backward(dout)


def exact_sigmoid(x):
    """To forty digits."""
    with localcontext(prec=40):
        return 1 / (1 + (-Decimal(float(x))).exp())


def test_gradient_agrees_with_numerical_differentiation(rng):
    for _ in range(5):
        x, dout = drawn(rng)
        _, dx = computed(x, dout)
        assert_gradient(lambda v, d=dout: float(np.sum(Sigmoid().forward(v) * d)), x, dx, rng)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 2e-6), (np.float64, 1e-13)])
def test_agrees_with_pytorch(rng, dtype, tolerance):
    torch = torch_or_skip()
    x, dout = (v.astype(dtype) for v in drawn(rng))
    y, dx = computed(x, dout)
    tx = torch.tensor(x, requires_grad=True)
    ty = torch.sigmoid(tx)
    ty.backward(torch.tensor(dout))
    np.testing.assert_allclose(y, ty.detach().numpy(), rtol=tolerance)
    np.testing.assert_allclose(dx, tx.grad.numpy(), rtol=tolerance, atol=tolerance)


def test_agrees_with_scipy(rng):
    special = pytest.importorskip(
        "scipy.special", reason="SciPy is not installed: pip install scipy"
    )
    x = np.concatenate([100 * rng.normal(size=1000), [-700.0, -36.0, 36.0, 700.0]])
    np.testing.assert_allclose(Sigmoid().forward(x), special.expit(x), rtol=2e-15)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 4e-7), (np.float64, 1e-15)])
def test_accurate_in_both_tails_wherever_the_result_is_normal(rng, dtype, tolerance):
    smallest = np.finfo(dtype).smallest_normal
    left = float(np.log(np.float64(smallest)))
    points = np.concatenate([rng.uniform(left, 40, 1500), np.linspace(left, left + 1, 100)])
    x = np.append(points, [-1e-3, 0, 1e-3, 100]).astype(dtype)
    errors = {}
    for point, received in zip(x, Sigmoid().forward(x), strict=True):
        if received >= smallest:
            exact = exact_sigmoid(point)
            errors[float(point)] = float(abs(Decimal(float(received)) - exact) / exact)
    assert len(errors) > 1500
    worst = max(errors, key=errors.__getitem__)
    assert errors[worst] <= tolerance, (worst, errors[worst])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_derivative_is_accurate_in_the_left_tail_and_small_beside_one_in_the_right(rng, dtype):
    x = rng.uniform(-80, 80, 300).astype(dtype)
    _, dx = computed(x, np.ones_like(x))
    for point, received in zip(x, dx, strict=True):
        s = exact_sigmoid(point)
        exact = float(s * (1 - s))
        allowed = 4 * np.finfo(dtype).eps * (exact if point < 0 else 1)
        assert abs(float(received) - exact) <= allowed, point


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_never_warns_even_where_numpy_was_told_to_raise(dtype):
    largest = np.finfo(dtype).max
    x = np.clip(EXTREMES, -largest, largest).astype(dtype)
    x = np.append(x, np.array([np.nan, np.inf, -np.inf], dtype))
    layer = Sigmoid()
    with np.errstate(all="raise"):
        layer.forward(x)
        for dout in (1.0, largest, np.finfo(dtype).smallest_normal, np.inf, np.nan):
            layer.backward(np.full_like(x, dout))


def test_extremes_give_what_they_tend_to():
    y, dx = computed(np.array(EXTREMES), np.ones(len(EXTREMES)))
    assert y[:3].tolist() == [0, 0, 0]
    assert 0 < y[3] < 1e-320  # still more than nothing
    assert y[4:7].tolist() == [0.5, 0.5, 0.5]
    assert y[7:].tolist() == [1, 1, 1, 1]
    np.testing.assert_allclose(dx, [0, 0, 0, 0, 0.25, 0.25, 0.25, 0, 0, 0, 0], atol=1e-320)


def test_rises_and_is_symmetric_about_one_half(rng):
    x = np.sort(10 * rng.normal(size=1000))
    y = Sigmoid().forward(x)
    assert (np.diff(y) >= 0).all()
    np.testing.assert_allclose(y + Sigmoid().forward(-x), 1, rtol=1e-15)


def test_nan_passes_through_forward_and_backward():
    y, dx = computed(np.array([np.nan, 1.0]), np.array([1.0, 1.0]))
    assert np.isnan(y).tolist() == np.isnan(dx).tolist() == [True, False]
    for x in (0.0, 1000.0, -1000.0):  # where the derivative is 0 as well
        _, dx = computed(np.array([x, x]), np.array([1.0, np.nan]))
        assert np.isnan(dx).tolist() == [False, True]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_that_comes_in_goes_out(rng, dtype):
    x, dout = (v.astype(dtype) for v in drawn(rng))
    y, dx = computed(x, dout)
    assert y.dtype == dx.dtype == dtype


def test_different_dtypes_are_promoted_and_integers_become_float64(rng):
    x, dout = drawn(rng)
    assert computed(x.astype(np.float32), dout)[1].dtype == np.float64
    assert computed(x, dout.astype(np.float32))[1].dtype == np.float64
    y, dx = computed(np.array([0, 0]), [4, 8])
    assert y.dtype == dx.dtype == np.float64
    assert (y.tolist(), dx.tolist()) == ([0.5, 0.5], [1, 2])


def test_keeps_out_which_is_what_forward_returned(rng):
    x, _ = drawn(rng)
    layer = Sigmoid()
    assert layer.out is None
    assert layer.forward(x) is layer.out


@pytest.mark.parametrize("shape", [(), (1,), (0,), (0, 3), (2, 0, 4)])
def test_any_shape_down_to_none_at_all(shape):
    y, dx = computed(np.zeros(shape), np.full(shape, 4.0))
    for array, value in ((y, 0.5), (dx, 1.0)):
        assert isinstance(array, np.ndarray)
        assert array.shape == shape
        assert (array == value).all()


def assert_same(one, other):
    """To the last digits. Two ways to out may differ in its last one, of which 1 − out keeps all."""
    (y, dx), (other_y, other_dx) = one, other
    np.testing.assert_allclose(y, other_y, rtol=1e-15)
    np.testing.assert_allclose(dx, other_dx, rtol=1e-15, atol=1e-15)  # dout is of order one


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("which", [0, 1])
def test_arrays_of_every_layout_give_the_same(rng, layout, which):
    given = drawn(rng, 4, 6)
    laid_out = [LAYOUTS[layout](v) if i == which else v for i, v in enumerate(given)]
    assert_same(computed(*laid_out), computed(*given))


@pytest.mark.parametrize("which", [0, 1])
def test_arrays_of_stride_zero_give_the_same_in_memory_of_their_own(rng, which):
    given = list(drawn(rng, 4, 6))
    given[which] = stride_zero(given[which])
    assert given[which].strides[0] == 0
    results = computed(*given)
    assert_same(results, computed(*(v.copy() for v in given)))
    for array in results:
        assert array.flags.writeable
        assert 0 not in array.strides


def test_nothing_that_is_given_or_kept_changes(rng):
    x, dout = drawn(rng, 4, 6)
    before = x.tobytes(), dout.tobytes()
    layer = Sigmoid()
    y = layer.forward(x)
    out = y.tobytes()
    dx = layer.backward(dout)
    assert (x.tobytes(), dout.tobytes(), y.tobytes()) == (*before, out)
    assert not np.shares_memory(y, x)
    assert not np.shares_memory(dx, dout)
    assert not np.shares_memory(dx, y)


def test_results_are_not_overwritten_by_the_next_call(rng):
    x, dout = drawn(rng, 4, 6)
    layer = Sigmoid()
    held = layer.forward(x), layer.backward(dout)
    copies = [v.copy() for v in held]
    layer.forward(-x)
    layer.backward(2 * dout)
    np.testing.assert_array_equal(held, copies)


def test_another_shape_two_instances_and_a_repeated_backward(rng):
    (x, dout), (other_x, _) = drawn(rng, 4, 6), drawn(rng, 2, 3)
    layer, other = Sigmoid(), Sigmoid()
    layer.forward(other_x)
    layer.forward(x)
    other.forward(x + 1)
    _, expected = computed(x, dout)
    assert layer.backward(dout).tolist() == layer.backward(dout).tolist() == expected.tolist()


def test_backward_before_forward():
    with raises(OrderError, "Sigmoid.backward()", "forward(x)"):
        Sigmoid().backward(np.zeros(3))


@pytest.mark.parametrize("shape", [(6,), (3, 2), (1, 3), (2, 1), ()])
def test_an_upstream_gradient_that_does_not_fit_names_both_shapes(shape):
    layer = Sigmoid()
    layer.forward(np.zeros((2, 3)))
    with raises(ShapeError, "(2, 3)", str(shape)):
        layer.backward(np.zeros(shape))


def test_other_dtypes_are_refused_by_name():
    layer = Sigmoid()
    with raises(DtypeError, "x ", "float16"):
        layer.forward(np.zeros(3, np.float16))
    layer.forward(np.zeros(3))
    with raises(DtypeError, "dout ", "complex128"):
        layer.backward(np.zeros(3, complex))
