"""A JAX function from end to end in the types that JAX has without ``jax_enable_x64``."""

from __future__ import annotations

import pytest

jax = pytest.importorskip("jax")

from handgrad import check

jnp = jax.numpy


def swish(off):
    @jax.custom_vjp
    def f(x):
        return x * jax.nn.sigmoid(x)

    def backward(x, dout):
        s = jax.nn.sigmoid(x)
        return ((dout * (s + x * s * (1 - s)) * off).astype(x.dtype),)

    f.defvjp(lambda x: (f(x), x), backward)
    return f


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_a_right_function_is_right_and_a_wrong_one_wrong(rng, dtype):
    x = jnp.asarray(rng.normal(size=(6, 7)), dtype=dtype)
    report = check(swish(1.0), x, seed=int(rng.integers(2**31)), sizes=False)
    assert report.verdict == "right", report.text("en")
    assert report.dtype == dtype
    assert check(swish(1.1), x, seed=int(rng.integers(2**31))).verdict == "wrong"


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_a_product(rng, dtype):
    x, W = (jnp.asarray(rng.normal(size=s), dtype=dtype) for s in ((6, 7), (7, 3)))
    report = check(lambda x, W: jnp.tanh(x @ W), x, W, seed=int(rng.integers(2**31)), sizes=False)
    assert report.verdict != "wrong", report.text("en")


def test_labels_change_their_length_with_the_batch(rng):
    def loss(x, labels):
        return -jnp.take_along_axis(jax.nn.log_softmax(x), labels[:, None], 1).mean()

    x = jnp.asarray(rng.normal(size=(6, 5)), dtype="float32")
    labels = jnp.asarray(rng.integers(2, size=6))
    assert check(loss, x, labels, seed=1).verdict == "right"


def test_a_function_that_cannot_be_compiled_is_checked_as_it_is(rng):
    def f(x):
        return x * x if x.sum() > 0 else -x * x

    x = abs(rng.normal(size=(4, 5)))  # far from where the sum changes its sign
    report = check(f, jnp.asarray(x, dtype="float32"), seed=1, sizes=False)
    assert report.verdict == "right", report.text("en")
