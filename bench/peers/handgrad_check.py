"""handgrad.check, as it comes and with options."""

from __future__ import annotations

from collections.abc import Callable

import handgrad
from peers.task import Array, Said, Task


class HandgradCheck:
    """handgrad.check(f, *inputs, seed=…), with further options or none."""

    def __init__(self, name: str = "handgrad.check", **options: bool) -> None:
        self.name, self.options = name, options

    def check(self, task: Task) -> tuple[Said, str]:
        report = handgrad.check(
            *subject_and_inputs(task), seed=task.seed, reference=task.reference, **self.options
        )
        return report.verdict, report.text("en")


def subject_and_inputs(task: Task) -> tuple[object, ...]:
    """What a user would write: the object itself with arrays of its own kind."""
    if task.place == "torch":
        import torch

        return task.native, *(torch.from_numpy(x) for x in task.inputs)
    if task.place == "jax":
        import jax.numpy as jnp

        return task.native, *(jnp.asarray(x) for x in task.inputs)
    if task.subject is not None:
        return task.subject, *task.own_inputs
    return handgrad.Vjp(task.counted_forward, one_alone(task)), *task.inputs


def one_alone(task: Task) -> Callable[..., object]:
    """Backward as it is written for a function of one input: the gradient and not a tuple of one."""

    def backward(dout: Array, *inputs: Array) -> object:
        gradients = task.counted_backward(dout, *inputs)
        return gradients if len(gradients) > 1 else gradients[0]

    return backward
