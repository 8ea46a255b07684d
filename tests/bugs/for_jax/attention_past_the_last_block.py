"""Attention in blocks: where the last block is not full, backward reads past the end."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from bugs.bug import Bug, gaussian

from handgrad.languages import Text

BLOCK = 8


def probabilities(q, k):
    return jax.nn.softmax(q @ k.T / q.shape[1] ** 0.5, axis=1)


def attention(q, k, v):
    """y = softmax(q kᵀ / √d) v; q, k, v (T, d)."""
    return probabilities(q, k) @ v


def in_blocks(past_the_end):
    """Backward over blocks of rows, the last one filled up with what a load past the end gives."""

    def backward(kept, dout):
        q, k, v = kept
        missing = -len(q) % BLOCK
        p = jnp.pad(probabilities(q, k), ((0, missing), (0, 0)))
        d = jnp.pad(dout, ((0, missing), (0, 0)), constant_values=past_the_end)
        q_padded = jnp.pad(q, ((0, missing), (0, 0)))
        dq, dk, dv = [], jnp.zeros_like(k), jnp.zeros_like(v)
        for start in range(0, len(p), BLOCK):
            rows = slice(start, start + BLOCK)
            dp = d[rows] @ v.T
            ds = p[rows] * (dp - (dp * p[rows]).sum(axis=1, keepdims=True)) / q.shape[1] ** 0.5
            dq.append(ds @ k)
            dk = dk + ds.T @ q_padded[rows]
            dv = dv + p[rows].T @ d[rows]
        return jnp.concatenate([*dq, jnp.zeros_like(q[:0])])[: len(q)], dk, dv

    f = jax.custom_vjp(attention)
    f.defvjp(lambda q, k, v: (attention(q, k, v), (q, k, v)), backward)
    return f


BUG = Bug(
    thread="https://github.com/openxla/tokamax/issues/316",
    what=Text(
        zh="分块的注意力反向核没有边界检查：序列长度不是块的整数倍时，读到末尾之外，得到 NaN。",
        en="A blockwise attention backward has no bounds check: a sequence that is no multiple of the block makes it read past the end, and gives NaN.",
    ),
    kind="memory",
    place="jax",
    wrong=lambda: in_blocks(float("nan")),
    right=lambda: in_blocks(0.0),
    ordinary=gaussian((16, 4), (16, 4), (16, 4)),
    at=gaussian((13, 4), (13, 4), (13, 4)),
)
