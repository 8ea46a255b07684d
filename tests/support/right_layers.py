"""Layers whose backward is right, with the inputs to check them on: smooth, with kinks, mixed.

Each is drawn with sizes, a scale and a type of its own. A checker that calls one of them wrong cries
wolf; what it may say is that it cannot tell.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from handgrad import FullyConnected, Relu, Sigmoid, Vjp

Draw = np.random.Generator


@dataclass(frozen=True)
class Right:
    """A right layer at a point."""

    name: str
    f: Any
    inputs: tuple[Any, ...]
    scale: float
    dtype: str


def elementwise(f: Callable[..., Any], slope: Callable[..., Any]) -> Vjp:
    return Vjp(f, lambda dout, x: dout * slope(x))


def hard_tanh(x):
    return np.clip(x, -1, 1)


def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def logistic(x):
    return 1 / (1 + np.exp(-x))


def gelu(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def gelu_slope(x):
    c = math.sqrt(2 / math.pi)
    t = np.tanh(c * (x + 0.044715 * x**3))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * c * (1 + 3 * 0.044715 * x**2)


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_back(dout, x):
    y = softmax(x)
    return y * (dout - (dout * y).sum(axis=1, keepdims=True))


def cross_entropy(x):
    shifted = x - x.max(axis=1, keepdims=True)
    return float((np.log(np.exp(shifted).sum(axis=1)) - shifted[:, 0]).mean())


def cross_entropy_back(dout, x):
    p = softmax(x)
    p[:, 0] -= 1
    return (dout * p / len(x)).astype(x.dtype)


def layer_norm(x, g):
    m, v = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return g * (x - m) / np.sqrt(v + 1e-5)


def layer_norm_back(dout, x, g):
    m, v = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    s = np.sqrt(v + 1e-5)
    h, d = (x - m) / s, dout * g
    dx = (d - d.mean(axis=1, keepdims=True) - h * (d * h).mean(axis=1, keepdims=True)) / s
    return dx, (dout * h).sum(axis=0)


class BatchNorm:
    """y = γ x̂ + β, normalised over the batch."""

    def __init__(self, gamma, beta):
        self.gamma, self.beta = gamma, beta

    def forward(self, x):
        centred = x - x.mean(axis=0)
        self.deviation = np.sqrt((centred * centred).mean(axis=0) + 1e-7)
        self.normal = centred / self.deviation
        return self.gamma * self.normal + self.beta

    def backward(self, dout):
        self.dbeta, self.dgamma = dout.sum(axis=0), (dout * self.normal).sum(axis=0)
        d = dout * self.gamma
        inner = d - d.mean(axis=0) - self.normal * (d * self.normal).mean(axis=0)
        return inner / self.deviation


def max_pool(x):
    return x.reshape(len(x), -1, 2).max(axis=2)


def max_pool_back(dout, x):
    pairs = x.reshape(len(x), -1, 2)
    first = pairs[..., 0] >= pairs[..., 1]
    return np.stack([dout * first, dout * ~first], axis=2).reshape(x.shape)


class TwoLayers:
    """A hidden layer of rectifiers and a squared loss: every kink reaches the one output."""

    def __init__(self, V, W):
        self.V, self.W = V, W

    def forward(self, x):
        self.x = x
        self.h = np.maximum(x @ self.V, 0)
        self.y = self.h @ self.W
        return 0.5 * (self.y * self.y).mean()

    def backward(self, dout):
        dy = (dout * self.y / self.y.size).astype(self.y.dtype)
        self.dW = self.h.T @ dy
        dh = (dy @ self.W.T) * (self.h > 0)
        self.dV = self.x.T @ dh
        return dh @ self.V.T


def huber(x):
    return np.where(np.abs(x) < 1, 0.5 * x * x, np.abs(x) - 0.5)


def row_norm(x):
    return np.sqrt((x * x).sum(axis=1))


ELEMENTWISE = {
    "tanh": elementwise(np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "softplus": elementwise(softplus, logistic),
    "gelu": elementwise(gelu, gelu_slope),
    "square": elementwise(lambda x: x * x, lambda x: 2 * x),
    "sine": elementwise(np.sin, np.cos),
    "abs": elementwise(np.abs, np.sign),
    "leaky": elementwise(
        lambda x: np.where(x > 0, x, 0.01 * x), lambda x: np.where(x > 0, 1.0, 0.01).astype(x.dtype)
    ),
    "hard-tanh": elementwise(hard_tanh, lambda x: (np.abs(x) < 1).astype(x.dtype)),
    "huber": elementwise(huber, hard_tanh),
    "elu": elementwise(
        lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
        lambda x: np.where(x > 0, 1.0, np.exp(np.minimum(x, 0))).astype(x.dtype),
    ),
    "relu-squared": elementwise(lambda x: np.maximum(x, 0) ** 2, lambda x: 2 * np.maximum(x, 0)),
}
ROWS = {
    "softmax": Vjp(softmax, softmax_back),
    "cross-entropy": Vjp(cross_entropy, cross_entropy_back),
    "max-pool": Vjp(max_pool, max_pool_back),
    "norm": Vjp(row_norm, lambda dout, x: (dout / row_norm(x))[:, None] * x),
    "variance": Vjp(
        lambda x: x.var(axis=1),
        lambda dout, x: (dout * 2 / x.shape[1])[:, None] * (x - x.mean(axis=1, keepdims=True)),
    ),
    "row-max": Vjp(
        lambda x: x.max(axis=1),
        lambda dout, x: dout[:, None] * (x == x.max(axis=1, keepdims=True)),
    ),
    "running-sum": Vjp(
        lambda x: np.cumsum(x, axis=1),
        lambda dout, x: np.cumsum(dout[:, ::-1], axis=1)[:, ::-1],
    ),
}
OWN = ("fully-connected", "relu", "sigmoid", "batch-norm", "layer-norm", "two-layers", "product")
NAMES = (*ELEMENTWISE, *ROWS, *OWN)
SCALES = (1e-6, 1e-3, 1.0, 1.0, 1.0, 1e3, 1e6)


def draw(
    rng: Draw, *, most: int = 64, name: str = "", dtype: str = "", scale: float = 0.0
) -> Right:
    """A right layer with sizes up to `most`, at a random scale, in float64 or float32."""
    name = name or str(rng.choice(NAMES))
    dtype = dtype or str(rng.choice(("float64", "float64", "float32")))
    scale = scale or float(rng.choice(SCALES))
    B, N, M = (int(k) for k in rng.integers(1, most + 1, 3))
    N += N % 2

    def normal(*shape: int, by: float = 1.0) -> Any:
        return (by * rng.standard_normal(shape)).astype(dtype)

    x = normal(B, N, by=scale)
    if name in ELEMENTWISE:
        return Right(name, ELEMENTWISE[name], (x,), scale, dtype)
    if name in ROWS:
        return Right(name, ROWS[name], (x,), scale, dtype)
    f, inputs = {
        "fully-connected": lambda: (FullyConnected(normal(N, M), normal(M)), (x,)),
        "relu": lambda: (Relu(), (x,)),
        "sigmoid": lambda: (Sigmoid(), (x,)),
        "batch-norm": lambda: (BatchNorm(normal(N), normal(N)), (x,)),
        "layer-norm": lambda: (Vjp(layer_norm, layer_norm_back), (x, normal(N))),
        "two-layers": lambda: (
            TwoLayers(normal(N, M, by=1 / math.sqrt(N)), normal(M, 3, by=1 / math.sqrt(M))),
            (x,),
        ),
        "product": lambda: (
            Vjp(lambda x, z: x * z, lambda dout, x, z: (dout * z, dout * x)),
            (x, normal(B, N, by=scale)),
        ),
    }[name]()
    return Right(name, f, inputs, scale, dtype)
