"""Pytrees, and rules that JAX itself refuses: told in the words of whoever wrote them."""

from __future__ import annotations

import numpy as np
import pytest

jax = pytest.importorskip("jax")

from support.messages import raises

import handgrad
from handgrad.errors import CheckError

jnp = jax.numpy


def affine_with(backward, forward=lambda p, x: (x @ p["W"] + p["b"], (p, x))):
    f = jax.custom_vjp(lambda p, x: x @ p["W"] + p["b"])
    f.defvjp(forward, backward)
    return f


def right(kept, dout):
    p, x = kept
    return {"W": x.T @ dout, "b": dout.sum(0)}, dout @ p["W"].T


@pytest.fixture
def point(rng):
    m, n, k = (int(one) for one in rng.permutation([2, 3, 4, 5])[:3])
    draw = lambda *shape: jnp.asarray(rng.normal(size=shape), jnp.float32)  # noqa: E731
    return {"W": draw(n, k), "b": draw(k)}, draw(m, n)


def checked(backward, point, **options):
    return handgrad.check(affine_with(backward), *point, seed=1, sizes=False, **options)


def test_every_leaf_of_a_pytree_has_a_gradient_of_its_own(point):
    report = checked(right, point)
    assert [array.name for array in report.arrays] == ["dp['W']", "dp['b']", "dx"]
    assert report.verdict == "right"


def test_a_wrong_leaf_is_named(point):
    report = checked(lambda k, d: ({"W": k[1].T @ d, "b": d.mean(0)}, d @ k[0]["W"].T), point)
    assert [array.name for array in report.arrays if array.verdict == "wrong"] == ["dp['b']"]


def test_lists_and_arguments_that_are_not_there(rng):
    # Not near zero: a gradient that is small beside the sum cannot be told in float32.
    layers = [jnp.asarray(rng.uniform(1, 2, size=n), jnp.float32) for n in (2, 5)]
    report = handgrad.check(lambda ws, mask: sum((w**2).sum() for w in ws), layers, None, seed=1)
    assert [array.name for array in report.arrays] == ["dws[0]", "dws[1]"]
    assert report.verdict == "right"


def test_numpy_arrays_are_welcome_in_functions_of_jax(rng):
    p = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)}
    assert checked(right, (p, rng.normal(size=(4, 3)))).verdict == "right"
    assert handgrad.check(jax.jit(jnp.sin), rng.normal(size=3), seed=1).verdict == "right"


def test_a_gradient_of_another_shape_is_wrong_and_the_others_are_judged(point):
    report = checked(lambda k, d: ({"W": d.T @ k[1], "b": d.sum(0)}, d @ k[0]["W"].T), point)
    shape = point[0]["W"].shape
    assert report.verdict == "wrong"
    assert [array.verdict for array in report.arrays] == ["wrong", "right", "right"]
    assert (
        f"must have the shape of the array it belongs to, {shape}; got {shape[::-1]}"
        in report.text("en")
    )


@pytest.mark.parametrize(
    ("backward", "words"),
    [
        (lambda k, d: right(k, d)[:1], ("p, x", "({'W': array", "None")),
        (lambda k, d: d, ("p, x", "array (")),
        (lambda k, d: ({"W": d}, d), ("'b': array", "{'W': array")),
    ],
)
def test_what_is_not_one_gradient_for_each_argument(point, backward, words):
    with raises(CheckError, *words):
        checked(backward, point)


def test_a_function_of_one_argument_returns_a_tuple_of_one(rng):
    f = jax.custom_vjp(jnp.square)
    f.defvjp(lambda x: (x**2, x), lambda x, dout: 2 * x * dout)
    with raises(CheckError, "return (dx,)"):
        handgrad.check(f, rng.normal(size=3), seed=1)


def test_no_rule_and_no_pair(rng):
    x = jnp.ones(3)
    with raises(CheckError, "tanh.defvjp(forward, backward)"):
        handgrad.check(jax.custom_vjp(jnp.tanh), x)
    f = jax.custom_vjp(jnp.square)
    f.defvjp(jnp.square, lambda kept, dout: (dout,))
    with raises(CheckError, "defvjp", "array (3,) of float32"):
        handgrad.check(f, x)


def test_a_rule_within_another_function(point):
    inner = affine_with(lambda k, d: (k[0], d))
    with raises(CheckError, "<lambda>", "custom_vjp", "JAX"):
        handgrad.check(lambda p, x: 2 * inner(p, x), *point)


def test_arguments_that_are_not_differentiated(rng):
    power = jax.custom_vjp(lambda n, x: x**n, nondiff_argnums=(0,))
    power.defvjp(lambda n, x: (x**n, x), lambda n, x, dout: ((n * x ** (n - 1) * dout)[None],))
    report = handgrad.check(power, 3, jnp.asarray(rng.normal(size=4), jnp.float32), seed=1)
    assert "must have the shape of the array it belongs to, (4,); got (1, 4)" in report.text("en")


def test_what_a_rule_raises_is_its_authors_own(rng):
    f = jax.custom_vjp(jnp.square)
    f.defvjp(lambda x: (x**2, x), lambda x, dout: (np.zeros((9, 9)) @ dout,))
    with pytest.raises(TypeError, match="contracting"):
        handgrad.check(f, rng.normal(size=3), seed=1)
