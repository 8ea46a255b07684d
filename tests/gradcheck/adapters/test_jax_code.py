from __future__ import annotations

import numpy as np
import pytest

jax = pytest.importorskip("jax")

from support.messages import raises

from handgrad.errors import CheckError
from handgrad.gradcheck.adapters.jax_code import JaxUnderTest
from handgrad.gradcheck.adapters.jax_conditions import jax_findings

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
    subject = JaxUnderTest.of(product, (x, W))
    assert subject.name == "product"
    assert subject.gradient_names == {"x": "dx", "W": "dW"}
    assert subject.dtype == "float32"
    instance = subject.new_instance()
    (y,) = instance.forward(subject.point)
    dout = rng.normal(size=y.shape).astype(np.float32)
    gradients = instance.backward((dout,))
    np.testing.assert_allclose(gradients["W"], np.asarray(x).T @ dout, rtol=1e-4, atol=1e-5)
    assert list(jax_findings(subject, rng)) == []


def test_several_outputs_and_arguments_that_are_no_arrays(rng):
    subject = JaxUnderTest.of(
        lambda x, n, scale: (x * n, {"y": x * scale}), (gaussian(rng, 3), 2, 3.0)
    )
    instance = subject.new_instance()
    outputs = instance.forward(subject.point)
    assert len(outputs) == 2
    ones = tuple(np.ones_like(y) for y in outputs)
    np.testing.assert_allclose(instance.backward(ones)["x"], np.full(3, 5.0))


def test_types_that_jax_has(rng):
    subject = JaxUnderTest.of(jnp.tanh, (gaussian(rng, 3, dtype=jnp.bfloat16),))
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
    found = list(jax_findings(JaxUnderTest.of(unsteady, (gaussian(rng, 3),)), rng))
    assert [(one.kind, one.severity) for one in found] == [("nondeterministic", "cannot-tell")]


@jax.custom_vjp
def traced(x):
    return 2 * x


def _traced_back(kept, dout):
    return ((2 if isinstance(dout, jax.core.Tracer) else 3) * dout,)


traced.defvjp(lambda x: (2 * x, None), _traced_back)


def test_a_gradient_that_compiling_changes(rng):
    found = [one.kind for one in jax_findings(JaxUnderTest.of(traced, (gaussian(rng, 3),)), rng)]
    assert found in (["compiled-differs"], [])  # a release may trace the plain call, too


def test_bad_input(rng):
    with raises(CheckError, "int"):
        JaxUnderTest.of(jnp.tanh, (3,))
    with raises(CheckError, "int"):
        JaxUnderTest.of(3, (gaussian(rng, 2),))
    with raises(CheckError, "bool"):
        JaxUnderTest.of(lambda x: True, (gaussian(rng, 2),)).new_instance().forward(
            {"x": np.ones(2)}
        )
