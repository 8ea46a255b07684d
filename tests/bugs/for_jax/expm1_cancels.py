"""The derivative of expm1 from its output: (e^x − 1) + 1 is 0 where e^x is small."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from bugs.bug import Bug, gaussian

from handgrad.languages import Text


def with_backward(backward):
    f = jax.custom_vjp(jnp.expm1)
    f.defvjp(lambda x: (jnp.expm1(x), x), backward)
    return f


BUG = Bug(
    thread="https://github.com/jax-ml/jax/issues/39794",
    what=Text(
        zh="expm1 的导数由输出加 1 得到：x = −40 时相消成 0，正确的是 4.2e-18。",
        en="The derivative of expm1 is its output plus 1, which cancels to 0 at x = −40, where it is 4.2e-18.",
    ),
    kind="special-point",
    place="jax",
    wrong=lambda: with_backward(lambda x, dout: (dout * (jnp.expm1(x) + 1),)),
    right=lambda: with_backward(lambda x, dout: (dout * jnp.exp(x),)),
    ordinary=gaussian((3, 4)),
    at=lambda rng: (np.array([-40.0, -40.5]),),
)
