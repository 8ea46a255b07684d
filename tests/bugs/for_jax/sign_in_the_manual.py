"""The manual's example of a rule: a sign that should not be there."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from bugs.bug import Bug, gaussian

from handgrad.languages import Text


def function(x, y):
    """sin(x) · y."""
    return jnp.sin(x) * y


def with_sign(sign):
    f = jax.custom_vjp(function)
    f.defvjp(
        lambda x, y: (function(x, y), (x, y)),
        lambda kept, dout: (
            jnp.cos(kept[0]) * dout * kept[1],
            sign * jnp.sin(kept[0]) * dout,
        ),
    )
    return f


BUG = Bug(
    thread="https://github.com/jax-ml/jax/issues/3213",
    what=Text(
        zh="手册里自定义规则的例子 sin(x)·y：对 y 的导数多了一个负号。",
        en="The manual's own example of a custom rule, sin(x)·y, had a minus too many in the derivative for y.",
    ),
    kind="formula",
    place="jax",
    wrong=lambda: with_sign(-1.0),
    right=lambda: with_sign(1.0),
    ordinary=gaussian((3, 4), (3, 4)),
)
