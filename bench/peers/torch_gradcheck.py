"""`torch.autograd.gradcheck`, slow and fast, with its default tolerances."""

from __future__ import annotations

import contextlib
from typing import Any
from unittest import mock

import numpy as np
import torch
from torch.autograd import gradcheck

from peers.task import Said, Task


def bridge(task: Task) -> Any:
    """A NumPy pair as a `torch.autograd.Function`, sharing its memory with torch."""

    class Bridge(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *inputs: torch.Tensor) -> torch.Tensor:
            ctx.save_for_backward(*inputs)
            y = task.counted_forward(*(x.detach().numpy() for x in inputs))
            return torch.from_numpy(np.array(y))

        @staticmethod
        def backward(ctx: Any, dout: torch.Tensor) -> Any:
            arrays = [x.detach().numpy() for x in ctx.saved_tensors]
            given = dout.detach().numpy()
            if task.backward_alone is not None:
                gradients = task.backward_alone(given)
            else:
                gradients = task.counted_backward(given, *arrays)
            return tuple(torch.from_numpy(np.array(g)) for g in gradients)

    return Bridge.apply


LARGEST_EXPLANATION = 1 << 20
"""Entries of the Jacobian that fast mode may compute to explain a failure."""


def without_explanation(task: Task) -> contextlib.AbstractContextManager[object]:
    """A failure in fast mode computes the whole Jacobian for its message: gigabytes for a wide layer."""
    entries = max(x.size for x in task.inputs) * np.size(task.forward(*task.inputs))
    if entries <= LARGEST_EXPLANATION:
        return contextlib.nullcontext()
    return mock.patch(
        "torch.autograd.gradcheck._run_slow_mode_and_get_error", return_value="(left out)"
    )


class Gradcheck:
    """gradcheck(f, inputs, fast_mode=…). The whole Jacobian, or one random direction."""

    def __init__(self, fast: bool, **tolerances: float) -> None:
        self.fast, self.tolerances = fast, tolerances
        self.name = f"torch gradcheck, {'fast' if fast else 'slow'}"
        if tolerances:
            self.name += " (tolerances for float32)"

    def check(self, task: Task) -> tuple[Said, str]:
        torch.manual_seed(task.seed)
        f = task.native if task.place == "torch" else bridge(task)
        inputs = [torch.from_numpy(x).clone().requires_grad_() for x in task.inputs]
        inputs = [  # clone() would make a permuted input contiguous
            x if torch.from_numpy(raw).is_contiguous() else torch.from_numpy(raw).requires_grad_()
            for x, raw in zip(inputs, task.inputs, strict=True)
        ]
        try:
            with without_explanation(task):
                gradcheck(f, inputs, fast_mode=self.fast, **self.tolerances)
        except Exception as error:  # noqa: BLE001 - a checker's "no" is whatever it raises
            return "wrong", str(error)
        return "right", "True"
