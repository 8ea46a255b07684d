"""Gradients by differences, compared entry by entry as one writes it in a test: numdifftools, a loop."""

from __future__ import annotations

from collections.abc import Callable

import numdifftools
import numpy as np

from peers.task import Array, Said, Task

STEP = 1e-5
LARGEST = 1e-5
"""The relative error |a − b| / max(1e-8, |a| + |b|) up to which courses call a gradient right."""


def analytic(task: Task) -> tuple[Array, tuple[Array, ...]]:
    """A random upstream gradient and what the backward under test makes of it."""
    y = task.counted_forward(*task.inputs)
    dout = np.random.default_rng(task.seed).normal(size=np.shape(y)).astype(np.asarray(y).dtype)
    return dout, task.counted_backward(np.array(dout), *task.inputs)


def scalar(task: Task, dout: Array, number: int) -> Callable[[Array], float]:
    """⟨dout, f⟩ as a function of input `number`."""

    def loss(x: Array) -> float:
        inputs = list(task.inputs)
        inputs[number] = np.asarray(x, inputs[number].dtype).reshape(inputs[number].shape)
        return float((task.counted_forward(*inputs) * dout).sum(dtype=np.float64))

    return loss


class Numdifftools:
    """nd.Gradient(⟨dout, f⟩)(x), then assert_allclose(dx, …, rtol=1e-6, atol=1e-8)."""

    name = "numdifftools Gradient"

    def check(self, task: Task) -> tuple[Said, str]:
        try:
            dout, gradients = analytic(task)
            for number, (x, got) in enumerate(zip(task.inputs, gradients, strict=True)):
                gradient = numdifftools.Gradient(scalar(task, dout, number))
                expected = np.reshape(gradient(x.ravel()), x.shape)
                np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-8, strict=False)
        except Exception as error:  # noqa: BLE001 - a checker's "no" is whatever it raises
            return "wrong", str(error)
        return "right", "None"


class CentralDifferenceLoop:
    """The loop of every course: (f(x + h) − f(x − h)) / 2h for one entry after the other."""

    name = "central-difference loop"

    def check(self, task: Task) -> tuple[Said, str]:
        try:
            dout, gradients = analytic(task)
            for number, (x, got) in enumerate(zip(task.inputs, gradients, strict=True)):
                loss, worst = scalar(task, dout, number), 0.0
                moved = np.array(x)
                expected = np.empty_like(x)
                for index in np.ndindex(x.shape):
                    moved[index] = x[index] + STEP
                    above = loss(moved)
                    moved[index] = x[index] - STEP
                    expected[index] = (above - loss(moved)) / (2 * STEP)
                    moved[index] = x[index]
                error = np.abs(got - expected)
                error /= np.maximum(1e-8, np.abs(got) + np.abs(expected))
                worst = float(error.max(initial=0.0))
                if not worst <= LARGEST:
                    return "wrong", f"input {number}: maximum relative error {worst:.1e}"
        except Exception as error:  # noqa: BLE001 - code under test that raises is not right
            return "wrong", f"{type(error).__name__}: {error}"
        return "right", f"maximum relative error below {LARGEST:.0e}"
