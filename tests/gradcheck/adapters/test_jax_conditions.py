"""A JAX gradient is the same when it is compiled, up to the rounding of the dtype it is computed in."""

from __future__ import annotations

import pytest

jax = pytest.importorskip("jax")

from handgrad import check

jnp = jax.numpy


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_rounding_of_the_dtype_is_no_difference(rng, dtype):
    for _ in range(3):
        x, W = (jnp.asarray(rng.normal(size=s), dtype=dtype) for s in ((6, 7), (7, 3)))
        report = check(
            lambda x, W: jnp.tanh(x @ W), x, W, seed=int(rng.integers(2**31)), sizes=False
        )
        assert report.verdict != "wrong", report.text("en")


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_a_gradient_that_compiling_changes_is_found(rng, dtype):
    @jax.custom_vjp
    def f(x):
        return x * x

    def backward(x, dout):
        is_compiled = isinstance(x, jax.core.Tracer)
        return ((2.2 if is_compiled else 2.0) * x * dout,)

    f.defvjp(lambda x: (f(x), x), backward)
    x = jnp.asarray(rng.normal(size=(4, 5)), dtype=dtype)
    assert check(f, x, seed=1).verdict == "wrong"
