"""Right layers of any size, and the same with one entry of one gradient off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from peers.task import Array, Task

Backward = Callable[..., tuple[Array, ...]]


@dataclass(frozen=True)
class Layer:
    """A layer as functions of its inputs and parameters.

    Attributes:
        forward: ``forward(*inputs) -> y``.
        backward: ``backward(dout, *inputs) -> gradients``.
        draw: inputs of a batch of B samples and a width, times a scale, as float64.
        weight: which of the inputs is the large one: there an error is planted.
    """

    forward: Callable[..., Array]
    backward: Backward
    draw: Callable[[np.random.Generator, int, int, float], tuple[Array, ...]]
    weight: int


def affine(x: Array, W: Array, b: Array) -> Array:
    return x @ W + b


def affine_backward(dout: Array, x: Array, W: Array, b: Array) -> tuple[Array, ...]:
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def tanh_backward(dout: Array, x: Array, W: Array, b: Array) -> tuple[Array, ...]:
    return affine_backward(dout * (1 - np.tanh(affine(x, W, b)) ** 2), x, W, b)


def relu_backward(dout: Array, x: Array, W: Array, b: Array) -> tuple[Array, ...]:
    return affine_backward(dout * (affine(x, W, b) > 0), x, W, b)


def sigmoid(x: Array) -> Array:
    """Accurate on both sides and without overflow: exp of nothing positive."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e)).astype(x.dtype)


def sigmoid_backward(dout: Array, x: Array) -> tuple[Array, ...]:
    s = sigmoid(x)
    return (dout * s * (1 - s),)


def with_weights(
    rng: np.random.Generator, batch: int, width: int, scale: float
) -> tuple[Array, ...]:
    """x (B, width), W (width, width) so that x W is about as large as x, b (width,)."""
    x = scale * rng.normal(size=(batch, width))
    return x, rng.normal(size=(width, width)) / np.sqrt(width), scale * rng.normal(size=width)


def entries(rng: np.random.Generator, batch: int, width: int, scale: float) -> tuple[Array, ...]:
    return (scale * rng.normal(size=(batch, width)),)


LAYERS = {
    "affine": Layer(affine, affine_backward, with_weights, 1),
    "tanh(affine)": Layer(lambda *a: np.tanh(affine(*a)), tanh_backward, with_weights, 1),
    "ReLU(affine)": Layer(lambda *a: np.maximum(affine(*a), 0), relu_backward, with_weights, 1),
    "ReLU": Layer(lambda x: np.maximum(x, 0), lambda dout, x: (dout * (x > 0),), entries, 0),
    "sigmoid": Layer(sigmoid, sigmoid_backward, entries, 0),
}


def planted_entry(
    layer: Layer, inputs: tuple[Array, ...], rng: np.random.Generator
) -> tuple[int, ...]:
    """A random entry whose gradient is not zero: a relative error of zero would be none."""
    dout = rng.normal(size=layer.forward(*inputs).shape)
    there = np.flatnonzero(layer.backward(dout, *inputs)[layer.weight])
    shape = inputs[layer.weight].shape
    return tuple(int(i) for i in np.unravel_index(rng.choice(there), shape))


def task(
    name: str,
    seed: int,
    *,
    batch: int = 4,
    width: int = 16,
    scale: float = 1.0,
    dtype: str = "float64",
    off_by: float = 0.0,
) -> Task:
    """The named layer at a random point; with `off_by`, a random entry of one gradient is off.

    Args:
        name: of LAYERS.
        seed: of the point and of the entry.
        batch: samples.
        width: features, in and out.
        scale: of the input.
        dtype: of everything.
        off_by: the relative error of the one entry.
    """
    layer, rng = LAYERS[name], np.random.default_rng([seed, width])
    inputs = tuple(a.astype(dtype) for a in layer.draw(rng, batch, width, scale))
    entry = planted_entry(layer, inputs, rng) if off_by else ()

    def backward(dout: Array, *at: Array) -> tuple[Array, ...]:
        gradients = layer.backward(dout, *at)
        if off_by:
            gradients[layer.weight][entry] *= 1 + off_by
        return gradients

    return Task(layer.forward, backward, inputs, seed=seed)
