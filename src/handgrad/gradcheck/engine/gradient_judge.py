"""The verdict on the values: every gradient is compared with slopes measured by forward alone."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import numpy as np

from handgrad.gradcheck.engine import sentences
from handgrad.gradcheck.engine.backward_results import (
    BackwardResult,
    BackwardResults,
    as_float64,
)
from handgrad.gradcheck.engine.code_under_test import Array
from handgrad.gradcheck.engine.discrepancy import Discrepancy, RoundingEstimate, discrepancy
from handgrad.gradcheck.engine.remeasurement import Remeasurement
from handgrad.gradcheck.engine.root_mean_square import root_mean_square
from handgrad.gradcheck.engine.runs import Runs
from handgrad.gradcheck.engine.slope_measurement import ArraySlopes, SlopeMeasurer
from handgrad.gradcheck.engine.slopes import Slope
from handgrad.gradcheck.findings import ArrayReport, GradientVerdict
from handgrad.languages import Text

COARSEST = {True: 1e-3, False: 1e-2}
"""The largest error bound, relative to the gradient, at which *right* means something (float64, coarser)."""
MOST_LISTED = 10_000
"""Outputs that are not differentiable which a report lists."""


class GradientJudge:
    """Judges the gradients of one subject at one input point.

    Args:
        runs: of the subject.
        rng: draws directions and upstream gradients.
        dtype: the type in which the upstream gradient must be exact; by default the subject's.
        tolerance: an error, relative to the gradient's norm, that is still right.
        is_joint: measure one direction by real differences only, for a first look at all arrays.
    """

    def __init__(
        self,
        runs: Runs,
        rng: np.random.Generator,
        dtype: str = "",
        tolerance: float = 0.0,
        *,
        is_joint: bool = False,
    ) -> None:
        self.runs = runs
        self.rng = rng
        self.tolerance = tolerance
        dtype = dtype or runs.subject.dtype
        self.backward = BackwardResults(runs, rng, dtype)
        self.base = self.backward.base
        directions = 1 if is_joint or dtype != "float64" else 2
        self.measurer = SlopeMeasurer(
            runs, self.base, rng, self.backward.forward_rounding, directions, only_real=is_joint
        )
        self.measured: dict[str, ArraySlopes] = {}
        self._chosen: dict[str, int] = {}
        self._tested_for_additivity: set[str] = set()

    def measure(self) -> None:
        """Measure slopes, then choose the upstream gradients and run backward for them."""
        for name, primal in self.runs.subject.point.items():
            if name in self.runs.subject.gradient_names and primal.size:
                self.measured[name] = self.measurer.array_slopes(name)
        self._run_backward()

    def _run_backward(self) -> None:
        self.backward.run(measured.unresolved for measured in self.measured.values())

    @property
    def result(self) -> BackwardResult:
        """What backward gave for the first upstream gradient."""
        return self.backward.results[0]

    def result_for(self, name: str) -> BackwardResult:
        """The result that decides about an array: the first, unless only the second is wrong."""
        return self.backward.results[self._chosen.get(name, 0)]

    def gradient(self, name: str) -> Array:
        """A gradient as backward gave it."""
        return as_float64(self.result_for(name).given[name])

    def norm(self, name: str) -> float:
        """The Euclidean norm of a gradient."""
        gradient = self.gradient(name)
        return root_mean_square(gradient) * math.sqrt(gradient.size)

    def compared(self, name: str, slope: Slope) -> Discrepancy:
        """The gradient of one array compared with one slope."""
        result = self.result_for(name)
        estimate = RoundingEstimate(
            self.backward.forward_rounding, result.noise[name], self.runs.epsilon
        )
        seen = discrepancy(slope, result.u, self.gradient(name), estimate)
        return replace(seen, bound=seen.bound + self.tolerance * self.norm(name))

    def verdict(self, name: str) -> ArrayReport:
        """The verdict on one array: wrong only if a second measurement confirms it."""
        subject, result = self.runs.subject, self.result
        called, shape = subject.gradient_names[name], subject.point[name].shape
        if name in result.defects:
            reason: Text | None = result.defects[name].format(name=called)
            return ArrayReport(called, name, shape, "wrong", "none", reason=reason)
        if name in result.nonlinear:
            reason = sentences.NOT_LINEAR.format(name=called)
            return ArrayReport(called, name, shape, "wrong", "none", reason=reason)
        if name not in self.measured:
            return ArrayReport(called, name, shape, "right", "none", reason=sentences.EMPTY)
        measured = self.measured[name]
        decisive = self._decisive_discrepancy(name)
        size = self.norm(name)
        verdict, reason = self._decided(name, decisive, size)
        places = np.flatnonzero(measured.nondifferentiable)[:MOST_LISTED]
        return ArrayReport(
            called,
            name,
            shape,
            verdict,
            measured.method,
            abs(decisive.error),
            decisive.bound,
            size,
            reason,
            evidence=tuple(self._evidence(measured)),
            undecided=tuple(self.runs.layout.place(int(at)) for at in places),
        )

    def _decisive_discrepancy(self, name: str) -> Discrepancy:
        """The largest discrepancy of all slopes and results, if a second measurement confirms it."""
        usable = self.measured[name].usable
        all_seen: list[Discrepancy] = []
        for number in range(len(self.backward.results)):
            self._chosen[name] = number
            seen = self._compared_with_all(name, usable)
            worst = max(seen, key=lambda one: one.excess)
            if worst.is_wrong:
                self.backward.sample_rounding()
                if number > 0:
                    self.backward.rerun(number)
                seen = self._compared_with_all(name, usable)
                worst = max(seen, key=lambda one: one.excess)
            if worst.is_wrong:
                worst = self._confirmed(name, usable[seen.index(worst)], worst)
                if worst.is_wrong and self._leave_out_nonadditive(name):
                    return self._decisive_discrepancy(name)
                if worst.is_wrong:
                    return worst
                seen = [worst]
            all_seen += seen
        self._chosen[name] = 0
        if self._is_spoiled_by_neighbours(name, min(all_seen, key=lambda one: one.bound)):
            return self._decisive_discrepancy(name)
        unmeasured = [one for one in all_seen if not math.isfinite(one.error + one.bound)]
        if unmeasured:
            return unmeasured[0]
        doubtful = [one for one in all_seen if one.is_doubtful]
        if doubtful:
            return max(doubtful, key=lambda one: one.excess)
        return min(all_seen, key=lambda one: one.bound)

    def _compared_with_all(self, name: str, slopes: list[Slope]) -> list[Discrepancy]:
        return [self.compared(name, slope) for slope in slopes]

    def _confirmed(self, name: str, slope: Slope, first: Discrepancy) -> Discrepancy:
        """What a second measurement along the same direction leaves of a discrepancy."""
        u, measured = self.result_for(name).u, self.measured[name]
        compare = partial(self.compared, name)
        return Remeasurement(self.measurer, name, measured, u, compare).at(slope, first)

    def _is_spoiled_by_neighbours(self, name: str, best: Discrepancy) -> bool:
        """Whether more outputs had to be left out before the rest can be judged.

        Near a non-differentiable point gradients change with the last digit of an input. An output
        there that does not show it makes the error bound of all others too large.
        """
        if not self.measured[name].nondifferentiable.any():
            return False
        too_coarse = self._is_too_coarse(name, best, self.norm(name))
        return too_coarse and self._leave_out_nonadditive(name)

    def _leave_out_nonadditive(self, name: str) -> bool:
        """Leave out outputs whose slopes do not add up; False if there are none. Tested once.

        Where three numbers are equal, their median is smooth in every single direction and still has
        no gradient.
        """
        if name in self._tested_for_additivity:
            return False
        self._tested_for_additivity.add(name)
        measured = self.measured[name]
        mask = self.measurer.nonadditive_outputs(name, measured)
        if not mask.any():
            return False
        measured.slopes = [
            replace(
                one,
                nondifferentiable=one.nondifferentiable | mask,
                nonsmooth=one.nonsmooth | mask,
            )
            for one in measured.slopes
        ]
        self._run_backward()
        return True

    def _decided(
        self, name: str, decisive: Discrepancy, size: float
    ) -> tuple[GradientVerdict, Text | None]:
        measured, layout, outputs = self.measured[name], self.runs.layout, len(self.base)
        if not np.isfinite(decisive.error) or not np.isfinite(decisive.bound):
            return "cannot-tell", sentences.NO_SLOPE
        if decisive.is_wrong:
            return "wrong", None
        if decisive.is_doubtful:
            return "cannot-tell", sentences.SATURATED
        if not self.result.u.any():
            place = layout.place(int(np.argmax(measured.unresolved)))
            return "cannot-tell", sentences.nondifferentiable(outputs, outputs, place)
        left_out = np.flatnonzero(measured.nondifferentiable)
        if len(left_out):
            place = layout.place(int(left_out[0]))
            return "cannot-tell", sentences.nondifferentiable(len(left_out), outputs, place)
        if self._is_too_coarse(name, decisive, size):
            return "cannot-tell", sentences.TOO_COARSE.format(
                bound=f"{decisive.bound:.1e}", size=f"{size:.1e}"
            )
        return "right", None

    def _is_too_coarse(self, name: str, seen: Discrepancy, size: float) -> bool:
        """Whether a wrong gradient could stay below the error bound."""
        coarsest = COARSEST[self.runs.epsilon < 1e-10] + 2 * self.tolerance
        if seen.bound <= max(coarsest * size, 1e-200):
            return False
        if size > 2 * seen.bound:
            return True
        # For a gradient of zero, the bound must be small beside the effect of a relative change.
        natural = root_mean_square(self.result.u * self.base) * np.sqrt(len(self.base))
        scale = min(slope.scale for slope in self.measured[name].usable)
        return bool(seen.bound > coarsest * natural / scale)

    def _evidence(self, measured: ArraySlopes) -> list[Text]:
        evidence = [
            sentences.how_measured(measured.method, len(measured.usable)),
            *measured.remarks,
        ]
        near = int(np.count_nonzero(measured.unresolved & ~measured.nondifferentiable))
        if near:
            evidence.append(sentences.LEFT_OUT.format(near=near, outputs=len(self.base)))
        return evidence
