"""`jax.test_util.check_grads` in reverse mode, with its default tolerances."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.test_util import check_grads

from peers.task import Said, Task

jax.config.update("jax_enable_x64", True)


def bridge(task: Task) -> Any:
    """A NumPy pair as a function with a `custom_vjp` that calls back into Python."""
    shapes = [jax.ShapeDtypeStruct(x.shape, x.dtype) for x in task.inputs]

    def call(*inputs: Any) -> Any:
        y = task.forward(*(np.asarray(x) for x in task.inputs))  # only for its shape
        out = jax.ShapeDtypeStruct(np.shape(y), np.asarray(y).dtype)
        return jax.pure_callback(
            lambda *a: task.counted_forward(*(np.asarray(x) for x in a)), out, *inputs
        )

    def backward(inputs: Any, dout: Any) -> Any:
        return jax.pure_callback(
            lambda d, *a: tuple(
                np.asarray(g) for g in task.counted_backward(np.array(d), *map(np.asarray, a))
            ),
            tuple(shapes),
            dout,
            *inputs,
        )

    f = jax.custom_vjp(call)
    f.defvjp(lambda *inputs: (call(*inputs), inputs), backward)
    return f


class CheckGrads:
    """check_grads(f, args, order=1, modes=["rev"]): one direction, the same at every call."""

    name = "jax check_grads"

    def check(self, task: Task) -> tuple[Said, str]:
        f = task.native if task.place == "jax" else bridge(task)
        try:
            check_grads(f, tuple(map(jnp.asarray, task.inputs)), order=1, modes=["rev"])
        except Exception as error:  # noqa: BLE001 - a checker's "no" is whatever it raises
            return "wrong", str(error)
        return "right", "None"
