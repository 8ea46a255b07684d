"""The conditions under which a JAX gradient is used: compiled, and computed more than once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from handgrad.gradcheck.adapters.jax_code import JaxUnderTest, array_of
from handgrad.gradcheck.conditions.differences import error_scales, largest_difference
from handgrad.gradcheck.engine.runs import EPSILON
from handgrad.gradcheck.findings import Finding
from handgrad.languages import Text

REPETITIONS = 2
"""How often the same gradient is computed again."""


def jax_findings(subject: JaxUnderTest, rng: np.random.Generator) -> Iterator[Finding]:
    """A finding if gradients differ when computed again, or when compiled."""
    point = subject.point
    outputs = subject.outputs(subject.values(point))
    douts = tuple(np.asarray(rng.normal(size=y.shape), dtype=array_of(y).dtype) for y in outputs)
    plain = subject.gradients_at(point, douts)
    scales, epsilon = error_scales(plain), EPSILON.get(subject.dtype, 0.0)
    for _ in range(REPETITIONS):
        again = subject.gradients_at(point, douts)
        off = largest_difference(again, plain, scales, epsilon=epsilon)
        if off is not None:
            text = _DIFFERS_AGAIN.format(name=off[0], error=f"{off[1]:.1g}")
            yield Finding("nondeterministic", "cannot-tell", text, array=off[0])
            return
    compiled = subject.compiled()
    if compiled is None:
        return
    off = largest_difference(compiled.gradients_at(point, douts), plain, scales, epsilon=epsilon)
    if off is not None:
        text = _DIFFERS_COMPILED.format(name=off[0], error=f"{off[1]:.1g}")
        yield Finding("compiled-differs", "wrong", text, array=off[0])


_DIFFERS_AGAIN = Text(
    zh="同样的输入再算一次，{name} 的梯度不同（相对误差 {error}）。函数用了参数以外的东西："
    "请把随机数的 key 作为参数传入。",
    en="For the same inputs, the gradient of {name} differs from run to run (relative error {error}). "
    "The function uses something besides its arguments: pass random keys as arguments.",
)
_DIFFERS_COMPILED = Text(
    zh="用 jax.jit 编译后，{name} 的梯度不同（相对误差 {error}）。"
    "函数有副作用，或者某个值在编译时就固定了。",
    en="Compiled with jax.jit, the gradient of {name} differs (relative error {error}). The function has "
    "a side effect, or uses a value that is fixed at compile time.",
)
