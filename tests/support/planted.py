"""Layers with one mistake each, and errors planted in single entries of a right gradient."""

from __future__ import annotations

import numpy as np

from handgrad import Vjp


class Affine:
    """y = x W + b, right."""

    def __init__(self, W, b):
        self.W, self.b = W, b

    @classmethod
    def drawn(cls, rng, n=5, m=3):
        return cls(rng.standard_normal((n, m)), rng.standard_normal(m))

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T


class Accumulates(Affine):
    def __init__(self, W, b):
        super().__init__(W, b)
        self.dW, self.db = np.zeros_like(W), np.zeros_like(b)

    def backward(self, dout):
        self.dW += self.x.T @ dout
        self.db += dout.sum(axis=0)
        return dout @ self.W.T


class KeepsFirst(Affine):
    def forward(self, x):
        if not hasattr(self, "x"):
            self.x = x
        return x @ self.W + self.b


class Shares(Affine):
    kept: dict[str, np.ndarray] = {}  # noqa: RUF012

    def forward(self, x):
        Shares.kept["x"] = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = Shares.kept["x"].T @ dout, dout.sum(axis=0)
        return dout @ self.W.T


class Updates(Affine):
    def backward(self, dout):
        dx = super().backward(dout)
        self.W -= 0.1 * self.dW
        return dx


class WritesDout:
    def forward(self, x):
        self.mask = x <= 0
        return np.where(self.mask, 0, x)

    def backward(self, dout):
        dout[self.mask] = 0
        return dout


class WritesInput:
    def forward(self, x):
        self.mask = x <= 0
        x[self.mask] = 0
        return x

    def backward(self, dout):
        return dout * ~self.mask


class WritesOutput:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        self.out *= -self.out
        self.out += 1
        self.out *= dout
        return self.out


def planted(kind: str, rng: np.random.Generator, size: int, wrong: dict[int, float]) -> tuple:
    """An elementwise function at a point, its gradient multiplied in some entries.

    `kind` says which way can measure it: ``affine``, ``complex`` or ``real`` (it refuses complex
    numbers, as compiled code does).
    """
    x, a = rng.standard_normal(size), rng.standard_normal(size)
    places = list(
        wrong
    )  # where the right gradient is not close to zero, so that a factor changes it
    for values in (x, a):
        values[places] = rng.uniform(0.5, 1.5, len(places)) * rng.choice([-1, 1], len(places))

    def off(gradient):
        for at, factor in wrong.items():
            gradient[at] *= factor
        return gradient

    def tanh(x):
        if kind == "real" and x.dtype.kind == "c":
            raise TypeError("real numbers only")
        return np.tanh(x)

    if kind == "affine":
        return Vjp(lambda x: a * x, lambda dout, x: off(a * dout)), x
    return Vjp(tanh, lambda dout, x: off((1 - np.tanh(x) ** 2) * dout)), x
