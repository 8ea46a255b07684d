from __future__ import annotations

import numpy as np
import pytest
from support.layouts import LAYOUTS, stride_zero
from support.messages import raises
from support.oracles import assert_gradient, torch_or_skip

from handgrad import MeanSquaredError
from handgrad.errors import DtypeError, OrderError, ShapeError


def drawn(rng, *shape):
    shape = shape or tuple(rng.integers(1, 6, rng.integers(1, 4)))
    return rng.normal(size=shape), rng.normal(size=shape)


def computed(z, t):
    loss = MeanSquaredError()
    return loss.forward(z, t), loss.backward()


def test_gradient_agrees_with_numerical_differentiation(rng):
    for _ in range(5):
        z, t = drawn(rng)
        _, dz = computed(z, t)
        assert_gradient(lambda v, t=t: MeanSquaredError().forward(v, t), z, dz, rng)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-6), (np.float64, 1e-14)])
def test_agrees_with_pytorch(rng, dtype, tolerance):
    torch = torch_or_skip()
    z, t = (v.astype(dtype) for v in drawn(rng))
    value, dz = computed(z, t)
    tz = torch.tensor(z, requires_grad=True)
    theirs = torch.nn.functional.mse_loss(tz, torch.tensor(t))
    theirs.backward()
    assert value == pytest.approx(theirs.item(), rel=tolerance)
    np.testing.assert_allclose(dz, tz.grad.numpy(), rtol=tolerance, atol=tolerance)


def test_the_mean_is_over_batch_and_outputs_alike():
    value, dz = computed(np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([[0.0, 0.0], [0.0, 0.0]]))
    assert value == (1 + 4 + 9) / 4
    assert dz.tolist() == [[0.5, 1], [1.5, 0]]


def test_the_loss_is_a_python_float(rng):
    for dtype in (np.float32, np.float64):
        assert type(computed(*(v.astype(dtype) for v in drawn(rng)))[0]) is float


@pytest.mark.parametrize("shape", [(0,), (0, 2), (3, 0)])
def test_without_entries_the_loss_is_zero(shape):
    value, dz = computed(np.zeros(shape), np.zeros(shape))
    assert (value, dz.shape) == (0.0, shape)


def test_a_single_number():
    value, dz = computed(np.array(3.0), np.array(1.0))
    assert (value, dz.shape, dz.tolist()) == (4.0, (), 4.0)


@pytest.mark.parametrize("which", [0, 1])
def test_nan_is_seen_in_the_value_and_where_it_stands(which):
    given = [np.zeros((2, 2)), np.ones((2, 2))]
    given[which][0, 1] = np.nan
    value, dz = computed(*given)
    assert np.isnan(value)
    assert np.isnan(dz).tolist() == [[False, True], [False, False]]


@pytest.mark.parametrize("z_dtype", [np.float32, np.float64])
@pytest.mark.parametrize("t_dtype", [np.float32, np.float64, np.int64, np.bool_])
def test_the_gradient_has_the_dtype_of_z(rng, z_dtype, t_dtype):
    z, t = drawn(rng)
    assert computed(z.astype(z_dtype), t.astype(t_dtype))[1].dtype == z_dtype


@pytest.mark.parametrize("layout", [*LAYOUTS, "stride-zero"])
@pytest.mark.parametrize("which", [0, 1])
def test_arrays_of_every_layout_give_the_same(rng, layout, which):
    lay_out = LAYOUTS.get(layout, stride_zero)
    given = list(drawn(rng, 4, 3))
    given[which] = lay_out(given[which])
    value, dz = computed(*given)
    expected_value, expected_dz = computed(*(v.copy() for v in given))
    assert value == pytest.approx(expected_value, rel=1e-14)
    np.testing.assert_array_equal(dz, expected_dz)


def test_nothing_that_is_given_changes_and_gradients_are_not_overwritten(rng):
    z, t = drawn(rng, 4, 3)
    before = z.tobytes(), t.tobytes()
    loss = MeanSquaredError()
    loss.forward(z, t)
    dz = loss.backward()
    held = dz.copy()
    assert loss.backward().tolist() == dz.tolist()
    loss.forward(2 * z, t)
    loss.backward()
    assert dz.tobytes() == held.tobytes()
    assert (z.tobytes(), t.tobytes()) == before


def test_targets_changed_after_forward_do_not_matter(rng):
    z, t = drawn(rng, 4, 3)
    _, expected = computed(z, t)
    loss = MeanSquaredError()
    loss.forward(z, t)
    t += 1
    assert loss.backward().tolist() == expected.tolist()


@pytest.mark.parametrize("shape", [(2, 1), (3,), (6,), (), (3, 2)])
def test_shapes_are_not_broadcast_and_the_error_names_both(shape):
    with raises(ShapeError, "(2, 3)", str(shape), "t.reshape"):
        MeanSquaredError().forward(np.zeros((2, 3)), np.zeros(shape))


def test_backward_before_forward():
    with raises(OrderError, "MeanSquaredError.backward()", "forward(z, t)"):
        MeanSquaredError().backward()


@pytest.mark.parametrize(("which", "name"), [(0, "z"), (1, "t")])
def test_other_dtypes_are_refused_by_name(which, name):
    given = [np.zeros(2), np.zeros(2)]
    given[which] = given[which].astype(complex)
    with raises(DtypeError, f"{name} ", "complex128"):
        MeanSquaredError().forward(*given)
