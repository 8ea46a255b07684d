"""A rebuilt bug as plain functions of arrays, whatever it was built in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from bugs.bug import Array, Bug, Pair


@dataclass(frozen=True)
class Functions:
    """The code under test as NumPy functions.

    Attributes:
        forward: ``forward(*inputs) -> y``.
        backward: ``backward(dout, *inputs) -> gradients``; runs forward first where the code needs it.
        inputs: the point; a layer's parameters stand after its inputs.
        backward_alone: ``backward(dout)`` through the latest forward, for a layer.
    """

    forward: Callable[..., Array]
    backward: Callable[..., tuple[Array, ...]]
    inputs: tuple[Array, ...]
    backward_alone: Callable[[Array], tuple[Array, ...]] | None = None


def functions(bug: Bug, subject: Any, inputs: tuple[Array, ...]) -> Functions:
    """`subject` as ``bug.wrong()`` or ``bug.right()`` makes it."""
    if bug.place == "torch":
        return of_torch(subject, inputs)
    if bug.place == "jax":
        return of_jax(subject, inputs)
    return of_pair(subject, inputs) if isinstance(subject, Pair) else of_layer(subject, inputs)


def of_pair(pair: Pair, inputs: tuple[Array, ...]) -> Functions:
    return Functions(
        lambda *x: np.asarray(pair.forward(*x)),
        lambda dout, *x: tupled(pair.backward(dout, *x)),
        inputs,
    )


def of_torch(function: Any, inputs: tuple[Array, ...]) -> Functions:
    import torch  # noqa: PLC0415 - only where the bug is torch's

    def forward(*x: Array) -> Array:
        with torch.no_grad():
            return function(*(torch.from_numpy(a) for a in x)).numpy()

    def backward(dout: Array, *x: Array) -> tuple[Array, ...]:
        tensors = [torch.from_numpy(a).requires_grad_() for a in x]
        given = torch.from_numpy(np.asarray(dout))
        return tuple(g.numpy() for g in torch.autograd.grad(function(*tensors), tensors, given))

    return Functions(forward, backward, inputs)


def of_jax(function: Any, inputs: tuple[Array, ...]) -> Functions:
    import jax  # noqa: PLC0415 - only where the bug is JAX's

    def backward(dout: Array, *x: Array) -> tuple[Array, ...]:
        return tuple(np.array(g) for g in jax.vjp(function, *x)[1](jax.numpy.asarray(dout)))

    return Functions(lambda *x: np.asarray(function(*x)), backward, inputs)


def of_layer(layer: Any, inputs: tuple[Array, ...]) -> Functions:
    """P is a parameter if backward sets dP."""
    trial = type(layer)()
    trial.backward(np.zeros_like(trial.forward(*inputs)))
    names = [name for name in vars(trial) if f"d{name}" in vars(trial)]
    count = len(inputs)

    def forward(*values: Array) -> Array:
        for name, value in zip(names, values[count:], strict=True):
            setattr(layer, name, value)
        return np.array(layer.forward(*values[:count]))

    def backward_alone(dout: Array) -> tuple[Array, ...]:
        gradients = tupled(layer.backward(dout))
        return gradients + tuple(getattr(layer, f"d{name}") for name in names)

    def backward(dout: Array, *values: Array) -> tuple[Array, ...]:
        forward(*values)
        return backward_alone(dout)

    parameters = tuple(np.array(getattr(layer, name)) for name in names)
    return Functions(forward, backward, inputs + parameters, backward_alone)


def tupled(gradients: Any) -> tuple[Array, ...]:
    """One gradient or several, as several."""
    return gradients if isinstance(gradients, tuple) else (gradients,)
