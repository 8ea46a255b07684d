from __future__ import annotations

import numpy as np
import pytest
from support.layouts import LAYOUTS, stride_zero
from support.messages import raises
from support.oracles import assert_gradient, torch_or_skip

from handgrad import Relu
from handgrad.errors import DtypeError, OrderError, ShapeError


def drawn(rng, *shape):
    """x away from the kink, further than any step of a difference quotient, and a dout."""
    shape = shape or tuple(rng.integers(1, 6, rng.integers(1, 5)))
    x = rng.choice([-1.0, 1.0], shape) * rng.uniform(0.1, 2, shape)
    return x, rng.normal(size=shape)


def computed(x, dout):
    layer = Relu()
    return layer.forward(x), layer.backward(dout)


def test_gradient_agrees_with_numerical_differentiation(rng):
    for _ in range(5):
        x, dout = drawn(rng)
        _, dx = computed(x, dout)
        assert_gradient(lambda v, d=dout: float(np.sum(Relu().forward(v) * d)), x, dx, rng)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_agrees_with_pytorch_at_zero_too(rng, dtype):
    torch = torch_or_skip()
    x, dout = (v.astype(dtype) for v in drawn(rng, 4, 6))
    x[0, :4] = 0.0, -0.0, np.nan, np.inf
    y, dx = computed(x, dout)
    tx = torch.tensor(x, requires_grad=True)
    ty = torch.relu(tx)
    ty.backward(torch.tensor(dout))
    np.testing.assert_array_equal(y, ty.detach().numpy())
    np.testing.assert_array_equal(dx, tx.grad.numpy())


def test_the_statement_s_example():
    layer = Relu()
    assert layer.forward(np.array([-2, 0, 3, 0.5])).tolist() == [0, 0, 3, 0.5]
    assert layer.mask.tolist() == [True, True, False, False]
    assert layer.backward(np.array([5.0, 7, -1, 2])).tolist() == [0, 0, -1, 2]


def test_keeps_the_mask_where_x_is_not_positive(rng):
    x, _ = drawn(rng)
    x.flat[0] = 0.0
    layer = Relu()
    assert layer.mask is None
    layer.forward(x)
    assert layer.mask.dtype == np.bool_
    assert layer.mask.tolist() == (x <= 0).tolist()


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_the_gradient_at_zero_is_zero(zero):
    y, dx = computed(np.array([zero]), np.array([7.0]))
    assert y.tolist() == dx.tolist() == [0]


def test_the_smallest_numbers_are_on_their_side_of_the_kink():
    tiny = np.nextafter(0.0, 1)
    assert computed(np.array([tiny, -tiny]), np.ones(2))[1].tolist() == [1, 0]


def test_nan_in_x_passes_through_forward_and_opens_the_gate_of_backward():
    y, dx = computed(np.array([np.nan, -1.0, 2.0]), np.array([3.0, 3.0, 3.0]))
    assert np.isnan(y).tolist() == [True, False, False]
    assert dx.tolist() == [3, 0, 3]


def test_nan_in_dout_passes_through_backward_wherever_it_stands():
    _, dx = computed(np.array([-1.0, 0.0, 2.0, np.nan]), np.full(4, np.nan))
    assert np.isnan(dx).all()


def test_infinities_pass_where_the_gate_is_open_and_make_no_nan_where_it_is_closed():
    x = np.array([-1.0, 2.0, np.inf, -np.inf])
    y, dx = computed(x, np.array([np.inf, np.inf, -np.inf, -np.inf]))
    assert y.tolist() == [0, 2, np.inf, 0]
    assert dx.tolist() == [0, np.inf, -np.inf, 0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_that_comes_in_goes_out(rng, dtype):
    x, dout = (v.astype(dtype) for v in drawn(rng))
    y, dx = computed(x, dout)
    assert y.dtype == dx.dtype == dtype


def test_integers_become_float64():
    y, dx = computed(np.array([-1, 2]), [3, 4])
    assert y.dtype == dx.dtype == np.float64
    assert (y.tolist(), dx.tolist()) == ([0, 2], [0, 4])


@pytest.mark.parametrize("shape", [(), (1,), (0,), (0, 3), (2, 0, 4)])
def test_any_shape_down_to_none_at_all(shape):
    x, dout = np.full(shape, 2.0), np.full(shape, 3.0)
    y, dx = computed(x, dout)
    for array, expected in ((y, x), (dx, dout)):
        assert isinstance(array, np.ndarray)
        assert array.shape == shape
        assert array.tolist() == expected.tolist()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("which", [0, 1])
def test_arrays_of_every_layout_give_the_same(rng, layout, which):
    given = drawn(rng, 4, 6)
    laid_out = [LAYOUTS[layout](v) if i == which else v for i, v in enumerate(given)]
    np.testing.assert_array_equal(computed(*laid_out), computed(*given))


@pytest.mark.parametrize("which", [0, 1])
def test_arrays_of_stride_zero_give_the_same_in_memory_of_their_own(rng, which):
    given = list(drawn(rng, 4, 6))
    given[which] = stride_zero(given[which])
    assert given[which].strides[0] == 0
    results = computed(*given)
    np.testing.assert_array_equal(results, computed(*(v.copy() for v in given)))
    for array in results:
        assert array.flags.writeable
        assert 0 not in array.strides


def test_nothing_that_is_given_changes_or_is_given_back(rng):
    x, dout = drawn(rng, 4, 6)
    x = abs(x)  # every gate open: the layer is the identity
    before = x.tobytes(), dout.tobytes()
    y, dx = computed(x, dout)
    assert (x.tobytes(), dout.tobytes()) == before
    assert not np.shares_memory(y, x)
    assert not np.shares_memory(dx, dout)


def test_results_are_not_overwritten_by_the_next_call(rng):
    x, dout = drawn(rng, 4, 6)
    layer = Relu()
    held = layer.forward(x), layer.backward(dout)
    copies = [v.copy() for v in held]
    layer.forward(-x)
    layer.backward(2 * dout)
    np.testing.assert_array_equal(held, copies)


def test_another_shape_two_instances_and_a_repeated_backward(rng):
    (x, dout), (other_x, _) = drawn(rng, 4, 6), drawn(rng, 2, 3)
    layer, other = Relu(), Relu()
    layer.forward(other_x)
    layer.forward(x)
    other.forward(-x)
    expected = np.where(x > 0, dout, 0)
    assert layer.backward(dout).tolist() == layer.backward(dout).tolist() == expected.tolist()


def test_backward_before_forward():
    with raises(OrderError, "Relu.backward()", "forward(x)"):
        Relu().backward(np.zeros(3))


@pytest.mark.parametrize("shape", [(6,), (3, 2), (1, 3), (2, 1), ()])
def test_an_upstream_gradient_that_does_not_fit_names_both_shapes(shape):
    layer = Relu()
    layer.forward(np.zeros((2, 3)))
    with raises(ShapeError, "(2, 3)", str(shape)):
        layer.backward(np.zeros(shape))


def test_other_dtypes_are_refused_by_name():
    layer = Relu()
    with raises(DtypeError, "x ", "complex128"):
        layer.forward(np.zeros(3, complex))
    layer.forward(np.zeros(3))
    with raises(DtypeError, "dout ", "float16"):
        layer.backward(np.zeros(3, np.float16))
