"""Measures the derivative of forward along one direction for every output, with its uncertainty.

Every measurement is a weighted sum of outputs at displaced points, ``d = Σ_k w_k φ(P + e_k)`` with
``Σ_k w_k = 0``. The displacements ``e_k`` are those that floating-point addition actually made. The
measured slope is therefore exactly along ``v = Σ_k w_k e_k``, and the rounding of ``P + e_k`` does not
matter.

Three methods, from the most precise to the most general:

- *affine*: if a second difference vanishes to rounding, steps may be as long as P itself;
- *complex step*: ``Im φ(P + iεv) / ε``, free of cancellation and truncation where every operation
  of forward is analytic. If one is not (``abs``, ``norm``, a cast), the result is silently wrong;
- *real differences* of fourth order, whose even part shows non-differentiable points.

Sources: J. N. Lyness, C. B. Moler, *Numerical Differentiation of Analytic Functions*, SIAM J.
Numer. Anal. 4 (1967); W. Squire, G. Trapp, *Using Complex Variables to Estimate Derivatives of Real
Functions*, SIAM Review 40 (1998); L. F. Richardson's extrapolation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array
from handgrad.gradcheck.engine.root_mean_square import root_mean_square
from handgrad.gradcheck.engine.runs import Runs
from handgrad.gradcheck.findings import Method

IMAGINARY = 2.0**-100
"""The size of a complex step, in units of the array's size; its square is negligible beside 1."""
BACK = -0.6
"""The second point of the affine test. At −1 every odd function would look affine."""
AFFINE_ROUNDING = 256.0
"""A second difference of at most so many units (root mean square) counts as rounding."""
LARGEST_REMAINDER = 0.05
"""The largest even remainder of a smooth function, relative to the terms before it."""
SHARPEST = 64.0
"""How much faster than powers of the step size the derivatives of a smooth function may grow."""
LOST = 1e-10
"""The difference to a real step that is accepted, relative to the slopes of all outputs."""
LARGEST_CORRECTION = 1e-3
"""The largest correction by extrapolation, relative to the slope, that is trusted."""


@dataclass(frozen=True, eq=False)
class Slope:
    """The slope of every output along one direction.

    Attributes:
        method: how it was measured.
        values: one number for each output entry.
        direction: the direction, in the primal's shape.
        rounding: the change of each value by one unit of rounding in forward.
        samples: observed rounding: residuals that would vanish in exact arithmetic.
        truncation: the error of each value from higher derivatives, or from a non-differentiable
            point within the step.
        nonsmooth: outputs with a non-differentiable point within the step.
        nondifferentiable: outputs that are not differentiable at the input point itself.
        maybe_nondifferentiable: outputs that may not be; a smaller step decides.
    """

    method: Method
    values: Array
    direction: Array
    rounding: Array
    samples: Array
    truncation: Array
    nonsmooth: Array
    nondifferentiable: Array
    maybe_nondifferentiable: Array

    @property
    def scale(self) -> float:
        """The root mean square of the direction; slopes are proportional to it."""
        return root_mean_square(self.direction) or 1.0


def affine(runs: Runs, name: str, v: Array, base: Array) -> Slope | None:
    """The slope along v if forward is affine along it up to rounding, else None. Two forwards."""
    return affine_from(runs, name, v, base, *runs.displaced_outputs(name, [v, BACK * v]))


def affine_from(
    runs: Runs, name: str, v: Array, base: Array, ahead: Array, behind: Array
) -> Slope | None:
    """The same, from the outputs at v and at −0.6·v."""
    one, other = (_displacement(runs, name, d) for d in (v, BACK * v))
    largest = np.maximum(np.maximum(np.abs(ahead), np.abs(behind)), np.abs(base))
    rounding = runs.epsilon * largest
    residual = BACK * (ahead - base) - (behind - base)
    # The points are not exactly on a line, because P + v is rounded. That counts as rounding too.
    if not _is_rounding(residual, rounding):
        return None
    return _without_truncation(
        "affine",
        (ahead - behind) / (1 - BACK),
        (one - other) / (1 - BACK),
        rounding * math.sqrt(2) / (1 - BACK),
        samples=residual / 2,  # of variance 1 + 0.6² + 1.6² = 3.9 units
    )


def affine_step(runs: Runs, name: str, v: Array, base: Array) -> Slope:
    """The slope along v where forward is known to be affine. One forward."""
    [ahead] = runs.displaced_outputs(name, [v])
    unit = runs.epsilon * np.maximum(np.abs(ahead), np.abs(base))
    way = _displacement(runs, name, v)
    return _without_truncation("affine", ahead - base, way, unit * math.sqrt(2))


def _is_rounding(residual: Array, rounding: Array) -> bool:
    if not np.isfinite(residual).all():
        return False
    unit = root_mean_square(rounding)
    return (
        root_mean_square(residual) <= AFFINE_ROUNDING * unit
        and float(np.abs(residual).max(initial=0.0)) <= 16 * AFFINE_ROUNDING * unit
    )


def complex_step(runs: Runs, name: str, v: Array, base: Array) -> Slope | None:
    """The slope along v by a complex step; None if forward does not support it. One forward."""
    there = runs.along_imaginary(name, IMAGINARY * v)
    if there is None or not np.isfinite(there).all():
        return None
    off = np.abs(there.real - base)
    if (off > 1e-9 * (np.abs(base) + root_mean_square(base))).any():
        return None  # complex numbers took another branch of the code
    slope = there.imag / IMAGINARY
    rounding = runs.epsilon * (np.abs(slope) + 0.5 * root_mean_square(slope))
    return _without_truncation("complex-step", slope, v, rounding)


def _without_truncation(
    method: Method, values: Array, direction: Array, rounding: Array, samples: Array | None = None
) -> Slope:
    """A slope that is exact up to rounding, by a method that sees no non-differentiable points."""
    zeros, nothing = np.zeros(len(values)), np.zeros(len(values), dtype=bool)
    seen = zeros if samples is None else samples
    return Slope(method, values, direction, rounding, seen, zeros, nothing, nothing, nothing)


def agrees(complex_slope: Slope, real: Slope) -> bool:
    """Whether a real difference along the same direction confirms a complex step, for every output.

    Outputs near a non-differentiable point are not compared. An operation that is not analytic
    (``abs``, ``norm``, ``var``) loses a large part of the slope. A difference below `LOST` is the error
    of the real difference, which is known only roughly. No gradient is called wrong by a complex step
    alone.
    """
    tolerance = 64 * (real.rounding + np.abs(real.samples)) + 4 * real.truncation
    tolerance += LOST * root_mean_square(real.values)
    with np.errstate(invalid="ignore"):
        off = np.abs(complex_slope.values - real.values) > tolerance
    return not bool((off & ~real.nonsmooth).any())


def steps(epsilon: float) -> tuple[float, float, float]:
    """Three real step sizes, in units of the array's size, from wide to narrow.

    The wide one is for smooth functions and balances truncation ``h⁴`` and rounding ``ε / h``; the
    others are for inputs near non-differentiable points.

    >>> [round(math.log2(h)) for h in steps(2.0**-52)]
    [-11, -20, -27]
    """
    wide = 0.75 * epsilon**0.2
    narrow, narrower = epsilon**0.385, epsilon**0.52
    return tuple(2.0 ** round(math.log2(h)) for h in (wide, narrow, narrower))  # type: ignore[return-value]


def real_difference(
    runs: Runs, name: str, v: Array, base: Array, h: float, rounding: float = 1.0
) -> Slope:
    """The slope along v by a real difference of fourth order. Four forwards, at ±h and ±h/2.

    `rounding` is that of forward in units of ε·|y|; a smaller remainder is not significant.

    With ``d(t) = (φ(t) − φ(−t)) / 2t`` and ``s(t) = φ(t) + φ(−t) − 2 φ(0)``::

        d(h)   = φ' + h²/6 φ''' + h⁴/120 φ⁽⁵⁾ + …
        d(h/2) = φ' + h²/24 φ''' + …                  so  d = (4 d(h/2) − d(h)) / 3 = φ' + O(h⁴)
        s(h) − 4 s(h/2) = h⁴/16 φ⁽⁴⁾ + …              but of order h if φ is not smooth within h

    A non-differentiable point at distance τ < h changes ``d(h)`` and the even remainder
    ``q = |s(h) − 4 s(h/2)| / 2h`` by the same amount. For a smooth function q is of third order,
    ``h³/32 φ⁽⁴⁾``: smaller by a factor h than the correction of d (second order), and by h² than
    ``s(h) / 2h`` (first order). So q shows for each output whether it is smooth within the step.
    """
    lengths = (h, -h, h / 2, -h / 2)
    a, b, c, d = runs.displaced_outputs(name, [t * v for t in lengths])
    e = [_displacement(runs, name, t * v) for t in lengths]
    with np.errstate(all="ignore"):
        wide, narrow = (a - b) / (2 * h), (c - d) / h
        even, even_half = a + b - 2 * base, c + d - 2 * base
        largest = np.max(np.abs([base, a, b, c, d]), axis=0)
        unit = runs.epsilon * largest
        noise = 40 * max(1.0, rounding) * unit
        one_sided = (np.abs(even) + 2 * np.abs(even_half)) / (2 * h)
        odd, q = np.abs(wide - narrow), np.abs(even - 4 * even_half) / (2 * h)
        values = (4 * narrow - wide) / 3
        size = np.abs(values) + root_mean_square(values[np.isfinite(values)])
        smooth = [min(LARGEST_REMAINDER, SHARPEST * h**k) for k in (1, 2, 3)]
        bent = (
            smooth[0] * odd
            + smooth[1] * np.abs(even) / (2 * h)
            + smooth[2] * LARGEST_REMAINDER * size
        )
        near = q > bent + noise / (2 * h)
        near |= (odd > LARGEST_CORRECTION * size + noise / (2 * h)) | ~np.isfinite(values)
        # Not differentiable at the input point itself: the even part is proportional to the step.
        off, is_bent = np.abs(even - 2 * even_half), np.abs(even) > 2 * noise
        is_bent &= near & (np.abs(even) > 2 * h * LARGEST_CORRECTION * size)
        at = is_bent & (off <= 1e-7 * np.abs(even) + noise)
        close = is_bent & ~at & (off <= 0.01 * np.abs(even) + noise)
        truncation = odd**2 / np.where(size > 0, size, 1.0) + h * q
        # Rounding alone gives a fourth difference of √70 units; at wide steps it shows a derivative instead.
        fourth = (a + b - 4 * (c + d) + 6 * base) * (1.9 / math.sqrt(70) / h)
        is_rounding = h**4 < 16 * runs.epsilon
    return Slope(
        "real-difference",
        values,
        (4 * (e[2] - e[3]) / h - (e[0] - e[1]) / (2 * h)) / 3,
        unit * 1.9 / h,
        np.where(near, 0.0, fourth) if is_rounding else np.zeros(len(base)),
        np.where(near, odd + q + one_sided, truncation),
        near,
        at,
        close,
    )


def _displacement(runs: Runs, name: str, d: Array) -> Array:
    """The displacement that adding d actually makes in floating point."""
    return runs.displaced_array(name, d).astype(np.float64) - runs.subject.point[name].astype(
        np.float64
    )
