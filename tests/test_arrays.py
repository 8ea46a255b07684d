from __future__ import annotations

import numpy as np
import pytest
from support.messages import raises

from handgrad.arrays import real, require_forward, seeded, upstream
from handgrad.errors import DtypeError, OrderError, ShapeError


def test_seeded_repeats():
    assert seeded(3).normal(size=4).tolist() == seeded(3).normal(size=4).tolist()
    assert seeded(3).normal(size=4).tolist() != seeded(4).normal(size=4).tolist()


def test_seeded_without_a_seed_differs_every_time():
    assert seeded().normal(size=4).tolist() != seeded().normal(size=4).tolist()


def test_the_bits_of_a_seed_are_the_same_on_every_platform():
    bits = seeded(20260101).bit_generator.random_raw(2)
    assert bits.tolist() == [4285179866339403946, 15275854281187292848]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_stay_themselves(dtype):
    values = np.zeros(3, dtype)
    assert real("x", values) is values


@pytest.mark.parametrize(
    "values", [[1, 2], [True], np.arange(3, dtype=np.uint8), np.arange(3, dtype=np.int64)]
)
def test_integers_become_float64_as_numpy_s_promotion_makes_them(values):
    array = real("x", values)
    assert array.dtype == (np.asarray(values) + 1.0).dtype == np.float64
    assert array.tolist() == np.asarray(values).tolist()


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (["a"], "<U1"),
        ([1j], "complex128"),
        (np.zeros(2, np.float16), "float16"),
        ([None], "object"),
        (np.zeros(2, "M8[s]"), "datetime64"),
        (np.zeros(2, np.dtype(np.float64).newbyteorder()), "f8"),
    ],
)
def test_anything_else_is_refused_in_both_languages(values, dtype):
    advice = "np.asarray(dout, dtype=np.float64)"
    with raises(DtypeError, "dout ", "float32", "float64", dtype, advice):
        real("dout", values)


def test_the_conversion_that_the_message_names_is_accepted():
    for refused in (np.zeros(2, np.float16), np.zeros(2, ">f8"), np.array([1, 2], object)):
        assert real("x", np.asarray(refused, dtype=np.float64)).dtype == np.float64


def test_none_is_told_from_other_objects():
    with raises(DtypeError, "x ", "None", "return"):
        real("x", None)


def test_upstream_is_the_array_itself_when_it_fits():
    dout = np.zeros((2, 3))
    assert upstream(dout, (2, 3)) is dout


@pytest.mark.parametrize("shape", [(3, 2), (6,), (1, 3), (), (2, 3, 1)])
def test_upstream_of_another_shape_names_both_and_what_to_try(shape):
    with raises(ShapeError, "dout", "(2, 3)", str(shape), "forward"):
        upstream(np.zeros(shape), (2, 3))


def test_upstream_is_checked_for_its_dtype_too():
    with raises(DtypeError, "dout", "complex128"):
        upstream(np.zeros(2, complex), (2,))


def test_require_forward_gives_what_was_kept_even_when_it_counts_as_false():
    for kept in (0, 0.0, False, ()):
        assert require_forward(kept, "Relu") is kept


def test_require_forward_says_what_to_call():
    with raises(OrderError, "Network.backward()", "loss_of(x, t)"):
        require_forward(None, "Network", "loss_of(x, t)")
