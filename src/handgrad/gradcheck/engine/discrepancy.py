"""The discrepancy of the two sides of ``⟨u, J v⟩ = ⟨Jᵀu, v⟩``, and the part that rounding explains."""

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
"""The standard deviation of the last operation's rounding alone, in units of ε·|y|."""
TRUNCATIONS = 3.0
"""How many root mean squares of the truncation error are granted."""

SATURATED = 4.0
"""The error of a slope that is computed from numbers of order one, in units of ε·|u|."""


@dataclass(frozen=True)
class Discrepancy:
    """The difference of the two sides along a direction of unit scale, and its error bound.

    Attributes:
        error: the difference.
        bound: the part that rounding and truncation explain.
        saturated: the further part that rounding of numbers of order one explains: a slope computed
            as 1 − y² has an error of ε however small it is. From outside it is not visible whether
            a small slope was computed in this way.
        truncation: the part of the bound that is due to truncation.
    """

    error: float
    bound: float
    saturated: float = 0.0
    truncation: float = 0.0

    @property
    def is_wrong(self) -> bool:
        """Whether only a wrong gradient explains the difference."""
        return abs(self.error) > self.bound + self.saturated

    @property
    def is_doubtful(self) -> bool:
        """Whether only rounding of numbers of order one explains the difference."""
        return self.bound < abs(self.error) <= self.bound + self.saturated

    @property
    def excess(self) -> float:
        """The error as a multiple of its bound."""
        allowed = self.bound + self.saturated
        return abs(self.error) / allowed if allowed else math.inf * abs(self.error)


@dataclass(frozen=True, eq=False)
class RoundingEstimate:
    """Estimates of rounding, made before the two sides are compared.

    Attributes:
        forward_rounding: the standard deviation of forward's rounding in units of ε·|y|.
        gradient_noise: for each entry, the change of the gradient when every input changes in its
            last digit.
        epsilon: the relative distance of neighbouring numbers.
    """

    forward_rounding: float
    gradient_noise: Array
    epsilon: float


def rounding_of(base: Array, again: Array, epsilon: float) -> float:
    """Forward's rounding in units of ``ε·|y|``, from a run whose inputs differ in the last digit.

    It includes the amplification of input rounding by an ill-conditioned forward, and the effect of
    the order of operations. A change by ε is three standard deviations of rounding, so half of its
    effect is still more than that of rounding. If there are few outputs the sample is small, and more
    is granted.
    """
    unit = epsilon * root_mean_square(np.maximum(np.abs(base), np.abs(again)))
    with np.errstate(invalid="ignore"):  # infinite outputs are reported elsewhere
        seen = root_mean_square(again - base) / unit if unit > 0 else 0.0
    return max(0.5 * seen, LEAST_ROUNDING) * few(len(base))


def few(samples: int) -> float:
    """The factor by which more rounding is granted if it was sampled in few numbers.

    >>> few(1), round(few(10_000), 2)
    (9.0, 1.08)
    """
    return 1 + 8 / math.sqrt(max(1, samples))


def discrepancy(slope: Slope, u: Array, gradient: Array, estimate: RoundingEstimate) -> Discrepancy:
    """Compare the two sides along a measured slope.

    Args:
        slope: J v, output by output.
        u: the upstream gradient, zero for outputs without a measured slope.
        gradient: the gradient that backward gave for u.
        estimate: of rounding.
    """
    used = u != 0
    weighted = u[used] * slope.values[used]
    left = _sum(weighted)
    right = _sum((gradient * slope.direction).ravel())
    rounding = estimate.forward_rounding * _norm(u[used] * slope.rounding[used])
    rounding = max(rounding, _norm(u[used] * slope.samples[used]))
    seen = _norm(estimate.gradient_noise * slope.direction)
    least = LEAST_ROUNDING * estimate.epsilon * _norm(gradient * slope.direction)
    # A change by ε has twice the effect of rounding, as for forward. A complex step is as precise as the
    # gradient itself, so there the gradient's own rounding is all that shows.
    is_complex = slope.method == "complex-step"
    of_gradient = 2 * max(seen, least) if is_complex else max(0.5 * seen, least)
    of_gradient *= few(int(np.count_nonzero(used)))
    truncation = TRUNCATIONS * _norm(u[used] * slope.truncation[used])
    bound = SIGMAS * math.hypot(rounding, of_gradient) + truncation
    tiny = 1e-290  # for a gradient of zeros that is measured as zeros
    saturated = SATURATED * estimate.epsilon * _norm(u[used])
    if slope.method == "affine":  # an affine function does not saturate
        saturated = 0.0
    return Discrepancy(
        (left - right) / slope.scale,
        bound / slope.scale + tiny,
        saturated,
        truncation / slope.scale,
    )


def _sum(values: Array) -> float:
    """The sum in extended precision, where the machine has it."""
    return float(np.sum(values, dtype=np.longdouble))


def _norm(values: Array) -> float:
    return root_mean_square(values) * math.sqrt(values.size)
