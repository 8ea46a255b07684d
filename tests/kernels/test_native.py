from __future__ import annotations

import ctypes

import numpy as np
import pytest

from handgrad import kernels
from handgrad.arrays import seeded
from handgrad.errors import EngineError
from handgrad.kernels import native, numpy_in_place
from handgrad.kernels.activations import ACTIVATIONS
from handgrad.kernels.native_library import LibraryMissing, native_library, threads
from handgrad.languages import Text

TINY = float(np.finfo(np.float32).tiny)


@pytest.mark.usefixtures("engine")
def test_sigmoid_of_float32_is_right_to_4e_7_wherever_the_result_is_normal():
    """Against float64, over the whole line, both tails included."""
    x = np.concatenate([np.linspace(-88, 20, 400_001), seeded(1).normal(size=100_000)])
    x = x.astype(np.float32)
    exact = kernels.activation(x.astype(np.float64), "sigmoid")
    normal = exact >= TINY
    received = kernels.activation(x, "sigmoid").astype(np.float64)
    assert np.abs(received / exact - 1)[normal].max() <= 4e-7
    assert (received[~normal] <= 1.0001 * TINY).all()


@pytest.mark.usefixtures("engine")
def test_sigmoid_of_float64_is_right_to_a_few_units_in_the_last_place():
    x = np.linspace(-700, 40, 200_001)
    wide = x.astype(np.longdouble)
    exact = 1 / (1 + np.exp(-wide))
    assert float(np.abs(kernels.activation(x, "sigmoid") / exact - 1).max()) <= 1e-15


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_ends_of_the_line(dtype):
    x = np.array([-np.inf, -2000, -0.0, 0.0, 2000, np.inf, np.nan], dtype)
    out = kernels.activation(x, "sigmoid")
    assert out[:-1].tolist() == [0, 0, 0.5, 0.5, 1, 1]
    assert np.isnan(out[-1])


@pytest.fixture(params=[1, 2, 5])
def shared_out(request):
    """The compiled engine has so many threads."""
    found = native_library()
    if isinstance(found, LibraryMissing):
        pytest.skip(found.reason.en)
    found.handgrad_use_threads(ctypes.c_int64(request.param))
    yield
    found.handgrad_use_threads(ctypes.c_int64(threads()))


@pytest.mark.usefixtures("engine", "shared_out")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_arrays_that_are_shared_out_over_threads(rng, dtype):
    x, dout = (rng.normal(size=(700, 301)).astype(dtype) for _ in range(2))
    out, closed = kernels.rectify_and_gate(x)
    assert (out == np.maximum(x, 0)).all()
    assert (closed == (x <= 0)).all()
    assert (kernels.gated(dout, closed) == np.where(closed, 0, dout)).all()
    s = kernels.activation(x, "sigmoid")
    np.testing.assert_allclose(
        kernels.activation_backward(dout, s, "sigmoid"), dout * s * (1 - s), rtol=1e-5, atol=1e-7
    )
    for activation in ACTIVATIONS:
        y, b, db = x.copy(), x[0].copy(), np.empty(301, dtype)
        kernels.bias_activation(y, b, activation)
        again = x.copy()
        numpy_in_place.bias_activation(again, b, activation)
        np.testing.assert_allclose(y, again, rtol=1e-5, atol=1e-7)
        d = dout.copy()
        kernels.activation_gradient(d, y, activation, db)
        np.testing.assert_allclose(db, d.astype(np.float64).sum(axis=0), rtol=1e-3, atol=1e-4)


@pytest.mark.skipif(not native.compiled, reason="no compiled library here")
def test_a_name_that_one_engine_lacks_is_an_error():
    what = Text(zh="激活函数", en="activation")
    for names, words in (
        ([*ACTIVATIONS, "swish"], "swish is in the engine numpy and missing in the engine native"),
        (["none", "relu"], "sigmoid is in the engine native and missing in the engine numpy"),
    ):
        with pytest.raises(EngineError, match=words):
            native._numbers(what, names, "handgrad_activations")


def test_the_address_of_any_array_is_that_of_its_first_number(rng):
    whole = rng.normal(size=(7, 5))
    still = whole.copy()
    still.flags.writeable = False
    for array in (whole, still, whole[::2, ::-1], whole.T, whole[2:], whole[:0], whole > 0):
        assert native.address(array) == array.__array_interface__["data"][0]
    assert native.address(None) is None
