"""Initial weights, whose variance keeps activations and gradients the same size across layers.

With x of variance v in every entry and W of variance s², ``y = x W`` has variance ``D_in s² v``, and
``dx = dout Wᵀ`` has ``D_out s²`` times that of dout. LeCun keeps the first constant (s² = 1/D_in), Glorot
balances the two (s² = 2/(D_in + D_out)), and He compensates for the half that ReLU sets to zero
(s² = 2/D_in). A uniform distribution on [−a, a] has variance a²/3, so its ``a = s √3``.

Every function takes the sizes and a generator, and gives W ``(D_in, D_out)`` of float64. A size of
zero counts as one.

>>> from handgrad.arrays import seeded
>>> he_normal(1000, 500, seeded(0)).std().round(3), (2 / 1000) ** 0.5
(np.float64(0.045), 0.044721359549995794)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from handgrad.arrays import Weights

Initializer: TypeAlias = Callable[[int, int, np.random.Generator], Weights]
"""Makes weights ``(D_in, D_out)`` from the two sizes and a generator."""


def he_normal(d_in: int, d_out: int, rng: np.random.Generator) -> Weights:
    """``W ~ N(0, 2 / D_in)``, for layers followed by ReLU.

    Source: K. He, X. Zhang, S. Ren, J. Sun, *Delving Deep into Rectifiers*, ICCV 2015, section 2.2.

    >>> from handgrad.arrays import seeded
    >>> W = he_normal(400, 300, seeded(1))
    >>> W.shape, bool(abs(W.var() * 400 / 2 - 1) < 0.02)
    ((400, 300), True)
    """
    return _normal(2 / max(1, d_in), d_in, d_out, rng)


def he_uniform(d_in: int, d_out: int, rng: np.random.Generator) -> Weights:
    """``W ~ U(−a, a)`` with ``a = √(6 / D_in)``: He's variance ``2 / D_in``, bounded.

    Source: as `he_normal`.

    >>> from handgrad.arrays import seeded
    >>> W = he_uniform(400, 300, seeded(1))
    >>> bool(abs(W).max() <= (6 / 400) ** 0.5), bool(abs(W.var() * 400 / 2 - 1) < 0.02)
    (True, True)
    """
    return _uniform(2 / max(1, d_in), d_in, d_out, rng)


def glorot_normal(d_in: int, d_out: int, rng: np.random.Generator) -> Weights:
    """``W ~ N(0, 2 / (D_in + D_out))``, also named after Xavier Glorot; for sigmoids and outputs.

    Source: X. Glorot, Y. Bengio, *Understanding the Difficulty of Training Deep Feedforward Neural
    Networks*, AISTATS 2010, equation 12.

    >>> from handgrad.arrays import seeded
    >>> W = glorot_normal(400, 300, seeded(1))
    >>> bool(abs(W.var() * (400 + 300) / 2 - 1) < 0.02)
    True
    """
    return _normal(2 / max(1, d_in + d_out), d_in, d_out, rng)


def glorot_uniform(d_in: int, d_out: int, rng: np.random.Generator) -> Weights:
    """``W ~ U(−a, a)`` with ``a = √(6 / (D_in + D_out))``: the normalized initialization.

    Source: X. Glorot, Y. Bengio, as `glorot_normal`, equation 16.

    >>> from handgrad.arrays import seeded
    >>> W = glorot_uniform(400, 300, seeded(1))
    >>> bool(abs(W).max() <= (6 / 700) ** 0.5), bool(abs(W.var() * 700 / 2 - 1) < 0.02)
    (True, True)
    """
    return _uniform(2 / max(1, d_in + d_out), d_in, d_out, rng)


def lecun_normal(d_in: int, d_out: int, rng: np.random.Generator) -> Weights:
    """``W ~ N(0, 1 / D_in)``: inputs of variance 1 give outputs of variance 1.

    Source: Y. LeCun, L. Bottou, G. B. Orr, K.-R. Müller, *Efficient BackProp*, in Neural Networks:
    Tricks of the Trade, Springer 1998, section 4.6.

    >>> from handgrad.arrays import seeded
    >>> W = lecun_normal(400, 300, seeded(1))
    >>> bool(abs(W.var() * 400 - 1) < 0.02)
    True
    """
    return _normal(1 / max(1, d_in), d_in, d_out, rng)


def lecun_uniform(d_in: int, d_out: int, rng: np.random.Generator) -> Weights:
    """``W ~ U(−a, a)`` with ``a = √(3 / D_in)``: LeCun's variance ``1 / D_in``, bounded.

    Source: as `lecun_normal`.

    >>> from handgrad.arrays import seeded
    >>> W = lecun_uniform(400, 300, seeded(1))
    >>> bool(abs(W).max() <= (3 / 400) ** 0.5), bool(abs(W.var() * 400 - 1) < 0.02)
    (True, True)
    """
    return _uniform(1 / max(1, d_in), d_in, d_out, rng)


INITIALIZERS: dict[str, Initializer] = {
    "he-normal": he_normal,
    "he-uniform": he_uniform,
    "glorot-normal": glorot_normal,
    "glorot-uniform": glorot_uniform,
    "lecun-normal": lecun_normal,
    "lecun-uniform": lecun_uniform,
}
"""The initializers by name, as the command line and the estimators take them."""


def _normal(variance: float, d_in: int, d_out: int, rng: np.random.Generator) -> Weights:
    return rng.normal(0.0, math.sqrt(variance), (d_in, d_out))


def _uniform(variance: float, d_in: int, d_out: int, rng: np.random.Generator) -> Weights:
    a = math.sqrt(3 * variance)
    return rng.uniform(-a, a, (d_in, d_out))
