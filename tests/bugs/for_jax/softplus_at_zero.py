"""The derivative of softplus as its stable formula is differentiated piece by piece: 0 at 0."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from bugs.bug import Bug, gaussian

from handgrad.languages import Text


def softplus(x):
    """y = log(1 + exp x), without overflow."""
    return jnp.maximum(x, 0.0) + jnp.log1p(jnp.exp(-jnp.abs(x)))


def with_backward(backward):
    f = jax.custom_vjp(softplus)
    f.defvjp(lambda x: (softplus(x), x), backward)
    return f


def piece_by_piece(x, dout):
    return (dout * (jnp.where(x > 0, 1.0, 0.0) - jnp.sign(x) * jax.nn.sigmoid(-jnp.abs(x))),)


def with_a_zero(rng):
    x = rng.normal(size=(3, 4))
    x[1, 2] = 0.0
    return (x,)


BUG = Bug(
    thread="https://github.com/jax-ml/jax/issues/2107",
    what=Text(
        zh="softplus 的导数由 max 和 abs 的导数拼成：x = 0 处得 0，正确的是 0.5。",
        en="The derivative of softplus is put together from those of max and abs: 0 at x = 0, where it is 0.5.",
    ),
    kind="special-point",
    place="jax",
    wrong=lambda: with_backward(piece_by_piece),
    right=lambda: with_backward(lambda x, dout: (dout * jax.nn.sigmoid(x),)),
    ordinary=gaussian((3, 4)),
    at=with_a_zero,
)
