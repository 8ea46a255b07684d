"""Chooses how the slopes of one array are measured: by which method, along how many directions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from handgrad.gradcheck.engine import sentences, slopes
from handgrad.gradcheck.engine.code_under_test import Array
from handgrad.gradcheck.engine.complementary_gaussian import complementary
from handgrad.gradcheck.engine.root_mean_square import root_mean_square
from handgrad.gradcheck.engine.runs import Runs
from handgrad.gradcheck.engine.slopes import Slope
from handgrad.gradcheck.findings import Method
from handgrad.languages import Text

MeasureSlope = Callable[[Runs, str, Array, Array], Slope | None]
AFFINE_DIRECTIONS = 4
COMPLEX_DIRECTIONS = 3
ADDITIVITY_TRIALS = 6
"""How many sums of directions are tried before a gradient is called wrong."""
ADDITIVITY_TOLERANCE = 1e-3
"""A larger difference, relative to the slopes, means that they do not add up."""


@dataclass(eq=False)
class ArraySlopes:
    """The measured slopes of one array.

    Attributes:
        method: the method used.
        slopes: the slopes, each along its own direction.
        step: the size of the real steps, if real differences were used.
        remarks: sentences for the report.
    """

    method: Method
    slopes: list[Slope]
    step: float = 0.0
    remarks: list[Text] = field(default_factory=list)

    @property
    def unresolved(self) -> Array:
        """Outputs for which one of the usable slopes has no value."""
        masks = [slope.nonsmooth for slope in self.usable]
        return np.logical_or.reduce(masks)

    @property
    def nondifferentiable(self) -> Array:
        """Outputs that are not differentiable at the input point, in any direction."""
        return np.logical_and.reduce([slope.nondifferentiable for slope in self.usable])

    @property
    def usable(self) -> list[Slope]:
        """The slopes that are smooth for most outputs; if there are none, the last, of the smallest step."""
        return [slope for slope in self.slopes if _is_usable(slope)] or self.slopes[-1:]


def _is_usable(slope: Slope) -> bool:
    near = slope.nonsmooth & ~slope.nondifferentiable
    return int(np.count_nonzero(near)) * 4 <= len(slope.values)


class SlopeMeasurer:
    """Measures the slopes of the arrays of one subject, and remembers whether it accepts complex numbers.

    Args:
        runs: of the subject.
        base: the outputs at the input point.
        rng: draws directions.
        rounding: of forward, in units of ε·|y|.
        real_directions: how many directions are measured by real differences.
        only_real: use real differences only.
    """

    def __init__(
        self,
        runs: Runs,
        base: Array,
        rng: np.random.Generator,
        rounding: float = 1.0,
        real_directions: int = 2,
        *,
        only_real: bool = False,
    ) -> None:
        self.runs = runs
        self.base = base
        self.rounding = rounding
        self.real_directions = real_directions
        self.only_real = only_real
        self.rng = rng
        self.refuses_complex = False
        self._last: dict[str, Array] = {}
        self.wide, self.narrow, self.narrower = slopes.steps(runs.epsilon)
        self.long = min(64 * self.wide, 2.0**-4)

    def array_slopes(self, name: str) -> ArraySlopes:
        """The slopes along a few directions by the most precise valid method; ten forwards at most.

        If too many outputs are not smooth even within the narrow step, a narrower one takes four more.
        """
        v = self._direction(name)
        if self.only_real:
            return self._real(name, self.real(name, v, self.wide))
        [ahead] = self.runs.displaced_outputs(name, [v])
        imaginary, before = None, self.runs.forwards
        if not self.refuses_complex:
            imaginary = slopes.complex_step(self.runs, name, v, self.base)
            self.refuses_complex = imaginary is None
        loses_complex = imaginary is None and self.runs.forwards > before
        if not loses_complex and (imaginary is None or self._may_be_affine(imaginary, ahead)):
            [behind] = self.runs.displaced_outputs(name, [slopes.BACK * v])
            first = slopes.affine_from(self.runs, name, v, self.base, ahead, behind)
            if first is not None:
                found = self._affine(name, first)
                if found is not None:
                    return found
        real = self.real(name, v, self.wide)
        if imaginary is not None and slopes.agrees(imaginary, real):
            found = self._complex(name, imaginary, real)
            if found is not None:
                return found
        measured = self._real(name, real)
        if imaginary is not None or loses_complex:
            measured.remarks.append(sentences.COMPLEX_STEP_INVALID)
        return measured

    def measure(self, name: str, v: Array, method: Method, step: float) -> Slope | None:
        """One more slope, along a given direction, by the method that is valid for the array."""
        if method == "affine":
            return slopes.affine_step(self.runs, name, v, self.base)
        if method == "complex-step":
            return slopes.complex_step(self.runs, name, v, self.base)
        return self.real(name, v, step)

    def real(self, name: str, v: Array, step: float) -> Slope:
        """A slope by real differences; a smaller step decides which outputs are not differentiable."""
        slope = slopes.real_difference(self.runs, name, v, self.base, step, self.rounding)
        close, near = (
            int(np.count_nonzero(m)) for m in (slope.maybe_nondifferentiable, slope.nonsmooth)
        )
        # Of outputs that are not smooth within the step, one in a hundred looks so by chance: left out.
        if step == self.narrower or close * 20 <= near:
            return slope
        nearer = slopes.real_difference(self.runs, name, v, self.base, self.narrower, self.rounding)
        at = nearer.nondifferentiable | nearer.maybe_nondifferentiable
        return replace(
            slope, nondifferentiable=slope.nondifferentiable | (slope.maybe_nondifferentiable & at)
        )

    def nonadditive_outputs(self, name: str, measured: ArraySlopes) -> Array:
        """Outputs whose slope along a sum of two directions is not the sum of their slopes.

        Among a few equal numbers, both directions and their sum may select the same one by chance, so
        several pairs are tried.
        """
        bent = np.zeros(len(self.base), dtype=bool)
        first = measured.usable[0]
        for _ in range(ADDITIVITY_TRIALS):
            second = self.measure(name, self._direction(name), measured.method, measured.step)
            if second is None:
                break
            along = first.direction + second.direction
            both = self.measure(name, along, measured.method, measured.step)
            if both is None:
                break
            three = (first, second, both)
            with np.errstate(invalid="ignore"):
                off = np.abs(both.values - first.values - second.values)
                size = np.sum([np.abs(one.values) for one in three], axis=0)
                granted = np.sum([64 * one.rounding + 4 * one.truncation for one in three], axis=0)
                bent |= (off > ADDITIVITY_TOLERANCE * size) & (off > granted)
        return bent

    def _direction(self, name: str) -> Array:
        """A Gaussian direction of the array's own size (of size 1 if it is all zeros).

        Every second direction of an array is large where the previous one is small.
        """
        origin = self.runs.subject.point[name]
        size = root_mean_square(origin.astype(np.float64)) or 1.0
        before = self._last.pop(name, None)
        if before is None:
            drawn = self._last[name] = self.rng.standard_normal(origin.shape)
        else:
            drawn = complementary(before, self.rng)
        return drawn * 2.0 ** round(float(np.log2(size)))

    def _may_be_affine(self, imaginary: Slope, ahead: Array) -> bool:
        """Whether a step as long as the array gives the same slope, and precisely enough.

        If outputs change little relative to their size, a difference is mostly rounding, and a complex
        step is more precise.
        """
        difference = ahead - self.base
        unit = root_mean_square(self.base) + root_mean_square(ahead)
        moved = root_mean_square(imaginary.values)
        with np.errstate(invalid="ignore"):
            off = root_mean_square(difference - imaginary.values)
        return bool(off <= 1e-9 * unit and (moved == 0 or unit <= 1e4 * moved))

    def _affine(self, name: str, first: Slope) -> ArraySlopes | None:
        found = self._more(slopes.affine, name, AFFINE_DIRECTIONS - 1)
        return None if found is None else ArraySlopes("affine", [first, *found])

    def _complex(self, name: str, first: Slope, real: Slope) -> ArraySlopes | None:
        """Complex steps; they do not show non-differentiable points, which are taken from a real step."""
        found = self._more(slopes.complex_step, name, COMPLEX_DIRECTIONS - 1)
        if found is None:
            return None
        marked = [
            replace(slope, nonsmooth=real.nonsmooth, nondifferentiable=real.nondifferentiable)
            for slope in (first, *found)
        ]
        return ArraySlopes("complex-step", marked) if _is_usable(marked[0]) else None

    def _more(self, measure: MeasureSlope, name: str, count: int) -> list[Slope] | None:
        """Slopes along further directions; None if the method fails along one."""
        found = []
        for _ in range(count):
            slope = measure(self.runs, name, self._direction(name), self.base)
            if slope is None:
                return None
            found.append(slope)
        return found

    def _real(self, name: str, first: Slope) -> ArraySlopes:
        found = [first]
        step = self.wide if _is_usable(first) else self.narrow
        if step == self.wide and self.real_directions == 1:
            return ArraySlopes("real-difference", found, step)
        for h in (step, self.narrower):
            v = self._direction(name)
            found.append(self.real(name, v, h))
            step = h
            if _is_usable(found[-1]):
                break
        return ArraySlopes("real-difference", found, step)
