from __future__ import annotations

import numpy as np
import pytest

jax = pytest.importorskip("jax")

from support.messages import raises

from handgrad.errors import CheckError
from handgrad.gradcheck.adapters.jax_function import JaxSubject, conditions

jnp = jax.numpy


@jax.custom_vjp
def product(x, W):
    return x @ W


product.defvjp(
    lambda x, W: (x @ W, (x, W)), lambda kept, dout: (dout @ kept[1].T, kept[0].T @ dout)
)


def gaussian(rng, *shape, dtype=np.float32):
    return jnp.asarray(rng.normal(size=shape), dtype=dtype)


def test_a_function_with_a_vjp_of_its_own(rng):
    x, W = gaussian(rng, 4, 5), gaussian(rng, 5, 3)
    subject = JaxSubject.of(product, (x, W))
    assert subject.name == "product"
    assert subject.gradient_names == {"x": "dx", "W": "dW"}
    assert subject.dtype == "float32"
    live = subject.live()
    (y,) = live.forward(subject.point)
    dout = rng.normal(size=y.shape).astype(np.float32)
    gradients = live.backward((dout,))
    np.testing.assert_allclose(gradients["W"], np.asarray(x).T @ dout, rtol=1e-4, atol=1e-5)
    assert list(conditions(subject, rng)) == []


def test_several_outputs_and_arguments_that_are_no_arrays(rng):
    subject = JaxSubject.of(
        lambda x, n, scale: (x * n, {"y": x * scale}), (gaussian(rng, 3), 2, 3.0)
    )
    live = subject.live()
    outputs = live.forward(subject.point)
    assert len(outputs) == 2
    ones = tuple(np.ones_like(y) for y in outputs)
    np.testing.assert_allclose(live.backward(ones)["x"], np.full(3, 5.0))


def test_types_that_jax_has(rng):
    subject = JaxSubject.of(jnp.tanh, (gaussian(rng, 3, dtype=jnp.bfloat16),))
    assert subject.dtype == "bfloat16"
    assert subject.computing_in("float32").dtype == "float32"
    assert subject.computing_in("float64") is None  # unless jax_enable_x64 is set
    assert subject.computing_in("complex64") is not None
    with jax.enable_x64(True):
        assert subject.computing_in("float64").dtype == "float64"


calls = []


@jax.custom_vjp
def unsteady(x):
    return 2 * x


def _unsteady_back(kept, dout):
    calls.append(1)
    return ((2 + 0.1 * len(calls)) * dout,)


unsteady.defvjp(lambda x: (2 * x, None), _unsteady_back)


def test_a_gradient_that_changes_from_call_to_call(rng):
    found = list(conditions(JaxSubject.of(unsteady, (gaussian(rng, 3),)), rng))
    assert [(one.kind, one.severity) for one in found] == [("nondeterministic", "cannot-tell")]


@jax.custom_vjp
def traced(x):
    return 2 * x


def _traced_back(kept, dout):
    return ((2 if isinstance(dout, jax.core.Tracer) else 3) * dout,)


traced.defvjp(lambda x: (2 * x, None), _traced_back)


def test_a_gradient_that_compiling_changes(rng):
    found = [one.kind for one in conditions(JaxSubject.of(traced, (gaussian(rng, 3),)), rng)]
    assert found in (["compiled-differs"], [])  # a release may trace the plain call, too


def test_bad_input(rng):
    with raises(CheckError, "int"):
        JaxSubject.of(jnp.tanh, (3,))
    with raises(CheckError, "int"):
        JaxSubject.of(3, (gaussian(rng, 2),))
    with raises(CheckError, "bool"):
        JaxSubject.of(lambda x: True, (gaussian(rng, 2),)).live().forward({"x": np.ones(2)})
