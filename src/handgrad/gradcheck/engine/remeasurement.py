"""Measures a discrepancy again with other steps: it counts only if both measurements show it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array
from handgrad.gradcheck.engine.discrepancy import Discrepancy
from handgrad.gradcheck.engine.slope_measurement import ArraySlopes, SlopeMeasurer
from handgrad.gradcheck.engine.slopes import Slope

SHORT = 0.25
"""The size of the second steps relative to the first: truncation is 256 times smaller, rounding 4 times
larger."""
SHORTER = 0.71875
"""The size if that is too much rounding: other points, a quarter of the truncation."""
JUMP = 16.0
"""How many units of rounding two slopes of one output may differ by."""
NO_SLOPE = Discrepancy(math.nan, math.nan)
"""The result if steps of different sizes disagree: there is no slope, as for a step function."""


@dataclass(frozen=True, eq=False)
class Remeasurement:
    """A second measurement along the same direction with other steps, so that all rounding differs.

    Attributes:
        measurer: measures slopes.
        name: the array.
        measured: its slopes.
        u: the upstream gradient.
        compare: compares the gradient with one slope.
    """

    measurer: SlopeMeasurer
    name: str
    measured: ArraySlopes
    u: Array
    compare: Callable[[Slope], Discrepancy]

    def at(self, slope: Slope, first: Discrepancy) -> Discrepancy:
        """The smaller of two discrepancies that agree; none if the second does not show the first."""
        if self.measured.method == "real-difference":
            return self._other_steps(slope, first)
        v = slope.direction
        again = self.measurer.measure(self.name, SHORTER * v, self.measured.method, 0.0)
        if again is None:
            again = self.measurer.real(self.name, v, self.measurer.wide)
        return _shared(first, self.compare(again))

    def _other_steps(self, slope: Slope, first: Discrepancy) -> Discrepancy:
        """Measure by real differences with a long step, a short one and a slightly shorter one.

        Each measurement that is precise enough to show the error must show it. A short step has little
        truncation and much rounding. If rounding hides the error from it, a slightly shorter step must
        show it, and truncation must be a small part of the bound.
        """
        v, step = slope.direction, self.measured.step
        far = self.measurer.real(self.name, v, self.measurer.long)
        if self._is_piecewise_constant(slope, far):
            return NO_SLOPE
        long = self.compare(far)
        if _could_show(long, first):
            return first if long.is_wrong and _agree(first, long) else NO_SLOPE
        near = within(slope, self.measurer.real(self.name, v, SHORT * step))
        first = self.compare(with_jumps(slope, near))
        if not first.is_wrong:
            return first
        short = self.compare(near)
        if _could_show(short, first) or first.truncation > 0.5 * first.bound:
            return _shared(first, short)
        again = within(slope, self.measurer.real(self.name, v, SHORTER * step))
        return _shared(first, self.compare(again))

    def _is_piecewise_constant(self, slope: Slope, far: Slope) -> bool:
        """Whether most outputs are constant over a short step and change over a long one."""
        used = self.u != 0
        still = used & (slope.values == 0) & (far.values != 0)
        return int(np.count_nonzero(still)) * 2 > int(np.count_nonzero(used))


def _shared(first: Discrepancy, second: Discrepancy) -> Discrepancy:
    """The smaller of two discrepancies that agree; the second if it shows no error."""
    if second.is_wrong and _agree(first, second):
        return first if first.excess <= second.excess else second
    return NO_SLOPE if second.is_wrong else second


def _could_show(other: Discrepancy, first: Discrepancy) -> bool:
    """Whether the other measurement is precise enough to show the error of the first."""
    return abs(first.error) > other.bound + other.saturated


def _agree(one: Discrepancy, other: Discrepancy) -> bool:
    """Whether two measurements along one direction agree within their bounds."""
    return abs(one.error - other.error) <= one.bound + other.bound + one.saturated


def within(wide: Slope, near: Slope) -> Slope:
    """A slope by small steps, corrected by what wider steps along the same direction have shown.

    An output that is smooth within the wide step is smooth within the small one and has less
    truncation there. If it looks otherwise, that is rounding, which is larger than the size of an output
    suggests when the output is nearly zero by cancellation.
    """
    return replace(
        near,
        nonsmooth=near.nonsmooth & wide.nonsmooth,
        truncation=np.where(
            wide.nonsmooth, near.truncation, np.fmin(near.truncation, wide.truncation)
        ),
    )


def with_jumps(slope: Slope, near: Slope) -> Slope:
    """A slope with the truncation of outputs whose second derivative jumps within the step.

    There (ELU at 0) the even remainder is small, and the error of the slope is as large as the remainder
    instead of smaller by a factor h. A smaller step contains less of the jump, so a difference between
    the two beyond rounding is truncation.
    """
    off = np.abs(slope.values - near.values)
    granted = JUMP * (slope.rounding + near.rounding) + slope.truncation + near.truncation
    with np.errstate(invalid="ignore"):
        jumps = (off > granted) & ~slope.nonsmooth
    return replace(slope, truncation=np.where(jumps, off, slope.truncation))
