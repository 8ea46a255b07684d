"""The derivative of tanh from exponentials, which overflow where tanh is 1."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from bugs.bug import Bug, gaussian

from handgrad.languages import Text


def with_backward(backward):
    f = jax.custom_vjp(jnp.tanh)
    f.defvjp(lambda x: (jnp.tanh(x), x), backward)
    return f


def from_exponentials(x, dout):
    e = jnp.exp(2 * x)
    return (dout * 4 * e / jnp.square(e + 1),)


def large(rng):
    return (rng.uniform(190, 200, size=4).astype(np.float32),)


BUG = Bug(
    thread="https://github.com/jax-ml/jax/issues/764",
    what=Text(
        zh="tanh 的导数由指数函数算出：x 较大时（float32，190 以上）溢出成 NaN。",
        en="The derivative of tanh is computed from exponentials, which overflow to NaN for large x (float32, from 190 on).",
    ),
    kind="special-point",
    place="jax",
    wrong=lambda: with_backward(from_exponentials),
    right=lambda: with_backward(lambda x, dout: (dout * (1 - jnp.square(jnp.tanh(x))),)),
    ordinary=gaussian((3, 4)),
    at=large,
)
