"""A suspicion counts only if another measurement shares it."""

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
"""Steps of a second look, in proportion to the first: truncation is 256 times smaller, rounding 4 times
larger."""
SHORTER = 0.71875
"""And where that is too much rounding: other points, a quarter of the truncation."""
JUMP = 16.0
"""How many units of rounding two slopes of one output may differ by."""
NO_SLOPE = Discrepancy(math.nan, math.nan)
"""What steps of different lengths do not agree on: no slope. Forward climbs in stairs."""


@dataclass(frozen=True, eq=False)
class Remeasurement:
    """The same direction measured anew with other steps, so that all rounding is other, too.

    Attributes:
        prober: measures.
        name: the array.
        probed: what was measured of it.
        u: the upstream gradient of the claim.
        compare: the claim against one slope.
    """

    measurer: SlopeMeasurer
    name: str
    measured: ArraySlopes
    u: Array
    compare: Callable[[Slope], Discrepancy]

    def at(self, slope: Slope, first: Discrepancy) -> Discrepancy:
        """What is left of a suspicion: the smaller of two that agree; two that disagree are none."""
        if self.measured.method == "real-difference":
            return self._other_steps(slope, first)
        v = slope.direction
        again = self.measurer.measure(self.name, SHORTER * v, self.measured.method, 0.0)
        if again is None:
            again = self.measurer.real(self.name, v, self.measurer.wide)
        return _shared(first, self.compare(again))

    def _other_steps(self, slope: Slope, first: Discrepancy) -> Discrepancy:
        """By real differences with a long step, a short one and a slightly shorter one.

        Those that are fine enough to show such an error must show it. A short step has little
        truncation and much rounding: where rounding hides the error from it, a slightly shorter step
        must show it, and truncation must be a small part of what explains it.
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
        """Whether most outputs stand still over a short step and move over a long one: stairs."""
        used = self.u != 0
        still = used & (slope.values == 0) & (far.values != 0)
        return int(np.count_nonzero(still)) * 2 > int(np.count_nonzero(used))


def _shared(first: Discrepancy, second: Discrepancy) -> Discrepancy:
    """The smaller of two suspicions that agree; what a second look left of the first."""
    if second.is_wrong and _agree(first, second):
        return first if first.excess <= second.excess else second
    return NO_SLOPE if second.is_wrong else second


def _could_show(other: Discrepancy, first: Discrepancy) -> bool:
    """Whether another measurement is fine enough to show the error that the first saw."""
    return abs(first.error) > other.bound + other.saturated


def _agree(one: Discrepancy, other: Discrepancy) -> bool:
    """Whether two measurements along one direction see the same, within their bounds."""
    return abs(one.error - other.error) <= one.bound + other.bound + one.saturated


def within(wide: Slope, near: Slope) -> Slope:
    """A slope by nearer steps, told what the wider ones along the same direction have shown.

    No kink lies within the nearer steps where none lies within the wider, and a smooth function
    leaves less there. What looks like one is rounding, of which an output that is nearly zero by
    cancellation has more than its size tells.
    """
    return replace(
        near,
        nonsmooth=near.nonsmooth & wide.nonsmooth,
        truncation=np.where(
            wide.nonsmooth, near.truncation, np.fmin(near.truncation, wide.truncation)
        ),
    )


def with_jumps(slope: Slope, near: Slope) -> Slope:
    """A slope of whose outputs some are not as smooth as they seem.

    Where the second derivative jumps within the step (ELU at 0), the even remainder is small and the
    slope errs as much as that, not by a factor h less. A nearer step misses the jump, or meets less of
    it: what the two differ by, beyond rounding, is left by truncation.
    """
    off = np.abs(slope.values - near.values)
    granted = JUMP * (slope.rounding + near.rounding) + slope.truncation + near.truncation
    with np.errstate(invalid="ignore"):
        jumps = (off > granted) & ~slope.nonsmooth
    return replace(slope, truncation=np.where(jumps, off, slope.truncation))
