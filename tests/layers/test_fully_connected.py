from __future__ import annotations

import itertools

import numpy as np
import pytest
from support.layouts import LAYOUTS, stride_zero
from support.messages import raises
from support.oracles import assert_gradient, torch_or_skip

from handgrad import FullyConnected
from handgrad.errors import DtypeError, OrderError, ShapeError

RESULTS = ("y", "dx", "dW", "db")


def drawn(rng, *trailing):
    """x, W, b and a random upstream gradient, in random shapes."""
    B, M = rng.integers(1, 7, 2)
    trailing = trailing or tuple(rng.integers(1, 6, rng.integers(1, 4)))
    N = int(np.prod(trailing))
    return (
        rng.normal(size=(B, *trailing)),
        rng.normal(size=(N, M)),
        rng.normal(size=M),
        rng.normal(size=(B, M)),
    )


def computed(x, W, b, dout):
    layer = FullyConnected(W, b)
    return dict(zip(RESULTS, (layer.forward(x), layer.backward(dout)), strict=False)) | {
        "dW": layer.dW,
        "db": layer.db,
    }


def assert_close(received, expected, tolerance=1e-12):
    assert received.keys() == expected.keys()
    for name, array in received.items():
        assert array.shape == expected[name].shape, name
        np.testing.assert_allclose(
            array, expected[name], rtol=tolerance, atol=tolerance, err_msg=name
        )


def test_gradients_agree_with_numerical_differentiation(rng):
    for _ in range(5):
        x, W, b, dout = drawn(rng)
        gradients = computed(x, W, b, dout)

        def loss(x=x, W=W, b=b, dout=dout):
            return float(np.sum(FullyConnected(W, b).forward(x) * dout))

        assert_gradient(lambda v, f=loss: f(x=v), x, gradients["dx"], rng)
        assert_gradient(lambda v, f=loss: f(W=v), W, gradients["dW"], rng)
        assert_gradient(lambda v, f=loss: f(b=v), b, gradients["db"], rng)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-4), (np.float64, 1e-12)])
def test_agrees_with_pytorch(rng, dtype, tolerance):
    torch = torch_or_skip()
    x, W, b, dout = (v.astype(dtype) for v in drawn(rng))
    tx, tW, tb = (torch.tensor(v, requires_grad=True) for v in (x, W, b))
    ty = torch.nn.functional.linear(tx.flatten(1), tW.T, tb)
    ty.backward(torch.tensor(dout))
    theirs = dict(zip(RESULTS, (ty.detach(), tx.grad, tW.grad, tb.grad), strict=True))
    assert_close(
        computed(x, W, b, dout), {name: v.numpy() for name, v in theirs.items()}, tolerance
    )


def test_the_statement_s_example():
    layer = FullyConnected(np.array([[1.0, 0, -1], [2, 1, 0]]), np.array([0.5, -0.5, 1]))
    y = layer.forward(np.array([[1.0, 2], [3, 4]]))
    assert y.tolist() == [[5.5, 1.5, 0], [11.5, 3.5, -2]]
    assert layer.backward(np.array([[1.0, 0, 2], [0, 3, -1]])).tolist() == [[-1, 2], [1, 3]]
    assert layer.dW.tolist() == [[1, 9, -1], [2, 12, 0]]
    assert layer.db.tolist() == [1, 3, 1]


def test_holds_the_very_parameters_that_it_was_given(rng):
    _, W, b, _ = drawn(rng)
    layer = FullyConnected(W, b)
    assert layer.W is W
    assert layer.b is b


@pytest.mark.parametrize("trailing", [(6,), (2, 3), (1, 2, 3), (6, 1, 1, 1)])
def test_keeps_the_flattened_input_and_gives_dx_in_the_original_shape(rng, trailing):
    x, W, b, dout = drawn(rng, *trailing)
    layer = FullyConnected(W, b)
    layer.forward(x)
    assert layer.original_x_shape == x.shape
    assert layer.x.tolist() == x.reshape(len(x), 6).tolist()
    assert layer.backward(dout).shape == x.shape


def test_one_number_a_sample_needs_no_second_axis(rng):
    x, W, b, dout = rng.normal(size=5), rng.normal(size=(1, 3)), np.zeros(3), np.ones((5, 3))
    results = computed(x, W, b, dout)
    assert results["y"].tolist() == (x[:, None] * W).tolist()
    assert results["dx"].shape == (5,)


def test_gradients_are_sums_over_the_batch_and_are_set_not_added_to(rng):
    x, W, b, dout = drawn(rng)
    once = computed(x, W, b, dout)
    twice = computed(np.concatenate([x, x]), W, b, np.concatenate([dout, dout]))
    np.testing.assert_allclose(twice["dW"], 2 * once["dW"], rtol=1e-12)
    np.testing.assert_allclose(twice["db"], 2 * once["db"], rtol=1e-12)
    layer = FullyConnected(W, b)
    layer.forward(x)
    layer.backward(dout)
    layer.backward(dout)
    np.testing.assert_array_equal(layer.dW, once["dW"])
    np.testing.assert_array_equal(layer.db, once["db"])


def test_nothing_is_there_before_it_was_computed(rng):
    _, W, b, _ = drawn(rng)
    layer = FullyConnected(W, b)
    assert (layer.x, layer.original_x_shape, layer.dW, layer.db) == (None,) * 4


@pytest.mark.parametrize("dtypes", list(itertools.product("fd", repeat=4)))
def test_the_dtype_that_comes_in_goes_out_or_numpy_promotes(rng, dtypes):
    x, W, b, dout = (v.astype(dtype) for v, dtype in zip(drawn(rng), dtypes, strict=True))
    results = computed(x, W, b, dout)
    assert results["y"].dtype == np.result_type(x, W, b)
    assert results["dx"].dtype == np.result_type(dout, W)
    assert results["dW"].dtype == np.result_type(x, dout)
    assert results["db"].dtype == dout.dtype


def test_float64_is_not_lost_in_a_float32_bias(rng):
    x, W, b, dout = drawn(rng)
    mixed = computed(x.astype(np.float32), W.astype(np.float32), b, dout)
    np.testing.assert_array_equal(mixed["y"] - b, (mixed["y"] - b).astype(np.float64))
    assert mixed["y"].dtype == np.float64


def test_integers_count_as_float64():
    results = computed(np.array([[3]]), np.array([[1, 2]]), np.array([0, 1]), np.array([[1, 1]]))
    assert {array.dtype for array in results.values()} == {np.dtype(np.float64)}
    assert results["y"].tolist() == [[3, 7]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_empty_batch(rng, dtype):
    W, b = rng.normal(size=(6, 4)).astype(dtype), np.ones(4, dtype)
    results = computed(np.zeros((0, 2, 3), dtype), W, b, np.zeros((0, 4), dtype))
    assert results["y"].shape == (0, 4)
    assert results["dx"].shape == (0, 2, 3)
    assert results["dW"].tolist() == np.zeros((6, 4)).tolist()
    assert results["db"].tolist() == [0] * 4
    assert {array.dtype for array in results.values()} == {np.dtype(dtype)}


def test_no_inputs_and_no_outputs():
    results = computed(np.zeros((5, 0, 2)), np.zeros((0, 3)), np.arange(3.0), np.ones((5, 3)))
    assert results["y"].tolist() == [[0, 1, 2]] * 5
    assert results["dx"].shape == (5, 0, 2)
    assert results["dW"].shape == (0, 3)
    assert (
        computed(np.ones((5, 2)), np.zeros((2, 0)), np.zeros(0), np.zeros((5, 0)))["dx"].tolist()
        == [[0, 0]] * 5
    )


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("which", range(4))
def test_arrays_of_every_layout_give_the_same(rng, layout, which):
    given = drawn(rng, 3, 2)
    laid_out = [LAYOUTS[layout](v) if i == which else v for i, v in enumerate(given)]
    assert_close(computed(*laid_out), computed(*given))


@pytest.mark.parametrize("which", range(4))
def test_arrays_of_stride_zero_give_the_same(rng, which):
    given = list(drawn(rng, 3, 2))
    given[which] = stride_zero(given[which])
    assert given[which].strides[0] == 0
    assert_close(computed(*given), computed(*(v.copy() for v in given)))


def test_nothing_that_is_given_changes_and_read_only_arrays_work(rng):
    given = drawn(rng)
    copies = [v.copy() for v in given]
    computed(*given)
    for v in given:
        v.flags.writeable = False
    computed(*given)
    for v, copy in zip(given, copies, strict=True):
        assert v.tobytes() == copy.tobytes()


def test_nan_passes_through_zero_weights_and_zero_inputs_too():
    layer = FullyConnected(np.zeros((2, 3)), np.zeros(3))
    y = layer.forward(np.array([[np.nan, 1.0], [0.0, 0.0]]))
    assert np.isnan(y).tolist() == [[True] * 3, [False] * 3]
    dx = layer.backward(np.array([[0.0, 0.0, 0.0], [np.nan, 0.0, 0.0]]))
    assert np.isnan(dx).tolist() == [[False] * 2, [True] * 2]
    assert np.isnan(layer.dW).tolist() == [[True, True, True], [True, False, False]]
    assert np.isnan(layer.db).tolist() == [True, False, False]


@pytest.mark.parametrize("which", [1, 2])
def test_nan_in_the_parameters_is_seen(rng, which):
    given = list(drawn(rng))
    given[which] = np.full_like(given[which], np.nan)
    assert np.isnan(computed(*given)["y"]).all()


def test_results_are_not_overwritten_by_the_next_call(rng):
    x, W, b, dout = drawn(rng)
    layer = FullyConnected(W, b)
    held = [layer.forward(x), layer.backward(dout), layer.dW, layer.db]
    copies = [v.copy() for v in held]
    layer.forward(2 * x)
    layer.backward(3 * dout)
    for v, copy in zip(held, copies, strict=True):
        assert v.tobytes() == copy.tobytes()


def test_results_share_no_memory_with_what_was_given_or_kept(rng):
    given = drawn(rng)
    layer = FullyConnected(*given[1:3])
    y = layer.forward(given[0])
    dx = layer.backward(given[3])
    for result, other in itertools.product(
        (y, dx, layer.dW, layer.db), (*given, layer.x, layer.W, layer.b)
    ):
        assert not np.shares_memory(result, other)


def test_another_batch_size_and_two_instances(rng):
    first, second = drawn(rng, 4), drawn(rng, 4)
    one, other = FullyConnected(*first[1:3]), FullyConnected(*second[1:3])
    one.forward(second[0])
    one.forward(first[0])
    other.forward(second[0])
    dx = one.backward(first[3])
    assert_close(
        {"dx": dx, "dW": one.dW, "db": one.db},
        {name: computed(*first)[name] for name in ("dx", "dW", "db")},
    )


@pytest.mark.parametrize(
    ("W", "b"), [((3, 2), (3,)), ((3, 2), (1, 2)), ((3,), (3,)), ((3, 2, 1), (2, 1)), ((), ())]
)
def test_parameters_that_do_not_fit_name_both_shapes(W, b):
    with raises(ShapeError, f"W {W}", f"b {b}"):
        FullyConnected(np.zeros(W), np.zeros(b))


@pytest.mark.parametrize("shape", [(5, 4), (5, 3, 3), (5,), (3,), (), (0, 2)])
def test_an_input_that_does_not_fit_names_both_shapes_and_what_to_try(shape):
    layer = FullyConnected(np.zeros((3, 2)), np.zeros(2))
    with raises(ShapeError, "(3, 2)", str(shape), "x[np.newaxis]"):
        layer.forward(np.zeros(shape))


def test_a_number_without_a_batch_is_refused_even_where_its_size_would_fit():
    with raises(ShapeError, "(1, 2)", "()"):
        FullyConnected(np.zeros((1, 2)), np.zeros(2)).forward(np.array(3.0))


def test_the_advice_for_a_single_sample_works():
    layer = FullyConnected(np.ones((3, 2)), np.zeros(2))
    assert layer.forward(np.ones(3)[np.newaxis]).tolist() == [[3, 3]]


@pytest.mark.parametrize("shape", [(2, 5), (5, 3), (5,), (1, 2), (10,)])
def test_an_upstream_gradient_that_does_not_fit_names_both_shapes(shape):
    layer = FullyConnected(np.zeros((3, 2)), np.zeros(2))
    layer.forward(np.zeros((5, 3)))
    with raises(ShapeError, "(5, 2)", str(shape)):
        layer.backward(np.zeros(shape))


def test_a_refused_input_leaves_the_last_forward_in_place(rng):
    x, W, b, dout = drawn(rng, 4)
    layer = FullyConnected(W, b)
    layer.forward(x)
    with raises(ShapeError):
        layer.forward(np.zeros((2, 5)))
    np.testing.assert_array_equal(layer.backward(dout), computed(x, W, b, dout)["dx"])


def test_backward_before_forward(rng):
    _, W, b, dout = drawn(rng)
    with raises(OrderError, "FullyConnected.backward()", "forward(x)"):
        FullyConnected(W, b).backward(dout)


@pytest.mark.parametrize("which", range(4))
def test_other_dtypes_are_refused_by_name(rng, which):
    given = [v.astype(complex) if i == which else v for i, v in enumerate(drawn(rng))]
    with raises(DtypeError, ("x", "W", "b", "dout")[which], "complex128"):
        computed(*given)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_create_draws_he_weights(rng, dtype):
    layer = FullyConnected.create(2000, 50, rng, dtype=dtype)
    assert layer.W.shape == (2000, 50)
    assert layer.b.tolist() == [0] * 50
    assert layer.W.dtype == layer.b.dtype == dtype
    spread = np.sqrt(2 / 2000)  # 100 000 draws: its standard error is 0.2 %
    assert abs(layer.W.std() - spread) < 0.02 * spread
    assert abs(layer.W.mean()) < 0.02 * spread


def test_create_repeats_with_the_generator_s_seed():
    one, other = (FullyConnected.create(3, 2, np.random.default_rng(5)) for _ in range(2))
    assert one.W.tolist() == other.W.tolist()


def test_create_refuses_a_dtype_that_the_layer_does_not_compute_with(rng):
    with raises(DtypeError, "float16"):
        FullyConnected.create(3, 2, rng, dtype=np.float16)


def test_create_without_inputs(rng):
    assert FullyConnected.create(0, 2, rng).W.shape == (0, 2)
