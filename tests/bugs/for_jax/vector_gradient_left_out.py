"""A matrix-vector product whose rule has a gradient for the matrix only: a chain of two trains one."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from bugs.bug import Bug, gaussian

from handgrad.languages import Text


def with_backward(backward):
    f = jax.custom_vjp(jnp.matmul)
    f.defvjp(lambda M, v: (M @ v, (M, v)), backward)
    return f


def matrix_only(kept, dout):
    _, v = kept
    return jnp.outer(dout, v), jnp.zeros_like(v)


def both(kept, dout):
    M, v = kept
    return jnp.outer(dout, v), M.T @ dout


BUG = Bug(
    thread="https://github.com/jax-ml/jax/issues/17496",
    what=Text(
        zh="矩阵乘向量的规则只给了矩阵的梯度，向量的是 0：两层相连，前一层学不到东西。",
        en="The rule of a matrix-vector product gives a gradient for the matrix and 0 for the vector: in a chain of two the first learns nothing.",
    ),
    kind="formula",
    place="jax",
    wrong=lambda: with_backward(matrix_only),
    right=lambda: with_backward(both),
    ordinary=gaussian((4, 3), (3,)),
)
