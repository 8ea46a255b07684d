"""Are the two sides of ``⟨u, J v⟩ = ⟨Jᵀu, v⟩`` as near to each other as rounding leaves them?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array
from handgrad.gradcheck.engine.root_mean_square import root_mean_square
from handgrad.gradcheck.engine.slopes import Slope

SIGMAS = 6.0
"""Standard deviations of rounding that count as rounding."""
LEAST_ROUNDING = 0.35
"""Standard deviation of the last operation's rounding alone, in units of ε·|y|."""
TRUNCATIONS = 3.0
"""How many root mean squares of what truncation left are granted."""

SATURATED = 4.0
"""Units of ε·|u| that a slope formed from numbers of order one may err by."""


@dataclass(frozen=True)
class Discrepancy:
    """The difference of the two sides along a direction of unit scale, and what explains it.

    Attributes:
        error: the difference.
        bound: what rounding and truncation explain.
        saturated: what the rounding of numbers of order one explains besides: a slope formed as
            1 − y² errs by ε however small it is. Whether a slope that small was formed so, nobody
            can tell from outside.
        truncation: the part of the bound that is truncation's.
    """

    error: float
    bound: float
    saturated: float = 0.0
    truncation: float = 0.0

    @property
    def is_wrong(self) -> bool:
        """Whether nothing but a wrong gradient explains it."""
        return abs(self.error) > self.bound + self.saturated

    @property
    def is_doubtful(self) -> bool:
        """Whether only the rounding of numbers of order one explains it."""
        return self.bound < abs(self.error) <= self.bound + self.saturated

    @property
    def excess(self) -> float:
        """The error as a multiple of its bound."""
        allowed = self.bound + self.saturated
        return abs(self.error) / allowed if allowed else math.inf * abs(self.error)


@dataclass(frozen=True, eq=False)
class RoundingEstimate:
    """What was learned about rounding before two sides are compared.

    Attributes:
        forward_rounding: standard deviation of forward's rounding in units of ε·|y|.
        gradient_noise: entry by entry, how a gradient changes when every input is changed in its
            last digit.
        epsilon: relative distance of neighbouring numbers.
    """

    forward_rounding: float
    gradient_noise: Array
    epsilon: float


def rounding_of(base: Array, again: Array, epsilon: float) -> float:
    """Forward's rounding in units of ``ε·|y|``, from a run whose inputs differ in the last digit.

    It holds what an ill-conditioned forward makes of the rounding of its inputs, and what the order
    of its operations does. A change by ε is three standard deviations of a rounding: half of what
    it does is still more than rounding does. Of few outputs the sample is small: more is granted.
    """
    unit = epsilon * root_mean_square(np.maximum(np.abs(base), np.abs(again)))
    with np.errstate(invalid="ignore"):  # infinite outputs are told elsewhere
        seen = root_mean_square(again - base) / unit if unit > 0 else 0.0
    return max(0.5 * seen, LEAST_ROUNDING) * few(len(base))


def few(samples: int) -> float:
    """How much more is granted where rounding was seen in few numbers.

    >>> few(1), round(few(10_000), 2)
    (9.0, 1.08)
    """
    return 1 + 8 / math.sqrt(max(1, samples))


def discrepancy(slope: Slope, u: Array, gradient: Array, estimate: RoundingEstimate) -> Discrepancy:
    """The two sides compared along a measured slope.

    Args:
        slope: J v, output by output.
        u: the upstream gradient, zero where the slope is not resolved.
        gradient: what backward gave for u.
        conditions: what is known about rounding.
    """
    used = u != 0
    weighted = u[used] * slope.values[used]
    left = _sum(weighted)
    right = _sum((gradient * slope.direction).ravel())
    rounding = estimate.forward_rounding * _norm(u[used] * slope.rounding[used])
    rounding = max(rounding, _norm(u[used] * slope.samples[used]))
    seen = _norm(estimate.gradient_noise * slope.direction)
    least = LEAST_ROUNDING * estimate.epsilon * _norm(gradient * slope.direction)
    # A change by ε shows twice what rounding does, as for forward; and a complex step is computed
    # along with forward, as finely as a gradient, of which nothing else is seen.
    is_complex = slope.method == "complex-step"
    of_gradient = 2 * max(seen, least) if is_complex else max(0.5 * seen, least)
    of_gradient *= few(int(np.count_nonzero(used)))
    truncation = TRUNCATIONS * _norm(u[used] * slope.truncation[used])
    bound = SIGMAS * math.hypot(rounding, of_gradient) + truncation
    tiny = 1e-290  # a gradient of zeros, measured as zeros
    saturated = SATURATED * estimate.epsilon * _norm(u[used])
    if slope.method == "affine":  # nothing saturates, and forward shows what cancels
        saturated = 0.0
    return Discrepancy(
        (left - right) / slope.scale,
        bound / slope.scale + tiny,
        saturated,
        truncation / slope.scale,
    )


def _sum(values: Array) -> float:
    """The sum with more digits than the terms have, where the machine has such numbers."""
    return float(np.sum(values, dtype=np.longdouble))


def _norm(values: Array) -> float:
    return root_mean_square(values) * math.sqrt(values.size)
