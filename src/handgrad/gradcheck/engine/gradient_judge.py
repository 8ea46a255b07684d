"""The verdict on the values: every gradient against slopes measured by forward alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from handgrad.gradcheck.engine import sentences
from handgrad.gradcheck.engine.code_under_test import Array, Instance
from handgrad.gradcheck.engine.complementary_gaussian import complementary
from handgrad.gradcheck.engine.discrepancy import (
    Discrepancy,
    RoundingEstimate,
    discrepancy,
    rounding_of,
)
from handgrad.gradcheck.engine.gradient_defects import GradientDefect, defect_of
from handgrad.gradcheck.engine.remeasurement import Remeasurement
from handgrad.gradcheck.engine.root_mean_square import root_mean_square
from handgrad.gradcheck.engine.runs import EPSILON, Runs, copies, rounded_to
from handgrad.gradcheck.engine.slope_measurement import ArraySlopes, SlopeMeasurer
from handgrad.gradcheck.engine.slopes import Slope
from handgrad.gradcheck.findings import ArrayReport, GradientVerdict
from handgrad.languages import Text

COARSEST = {True: 1e-3, False: 1e-2}
"""The bound, in proportion to the gradient, up to which *right* means something (float64, coarser)."""
SCALED_BY = -0.5
"""How dout is scaled the second time: backward is linear in it."""
SAMPLES = 6
"""More runs in which rounding is seen before a gradient is called wrong."""


def hidden_type(outputs: Array) -> str:
    """The type in which forward computes inside, where its numbers give it away; else nothing.

    Numbers that are all exact in a narrower type, and not all whole, are no accident where the inputs
    were changed in their last digit.

    >>> hidden_type(np.tanh(np.array([0.1, 3.0], np.float32)).astype(np.float64))
    'float32'
    >>> hidden_type(np.array([0.1, 3.0])), hidden_type(np.array([1.0, 0.0]))
    ('', '')
    """
    if (outputs == np.round(outputs)).all():
        return ""
    with np.errstate(over="ignore", invalid="ignore"):
        for dtype in ("float16", "float32"):
            if (outputs.astype(dtype).astype(np.float64) == outputs).all():
                return dtype
    return ""


@dataclass(frozen=True, eq=False)
class BackwardResult:
    """What backward claims, and what was learned by running it twice.

    Attributes:
        u: the upstream gradient as one vector; zero where an output is next to a kink.
        given: gradients for u, just as they came.
        noise: by how much each entry changes when all inputs change in their last digit.
        defects: what is wrong with a gradient before its values are looked at.
        nonlinear: gradients that are not linear in dout.
    """

    u: Array
    given: Mapping[str, object]
    noise: Mapping[str, Array]
    defects: Mapping[str, GradientDefect]
    nonlinear: Mapping[str, float]


class GradientJudge:
    """Judges the gradients of one subject at one point.

    Args:
        runs: of the subject.
        rng: where directions and the upstream gradient come from.
        dtype: the type in which the upstream gradient must be a number; by default the subject's.
        tolerance: an error in proportion to the gradient's norm that is still right.
        at_a_glance: one direction, by real differences, whatever the function.
    """

    def __init__(
        self,
        runs: Runs,
        rng: np.random.Generator,
        dtype: str = "",
        tolerance: float = 0.0,
        *,
        at_a_glance: bool = False,
    ) -> None:
        self.runs = runs
        self.rng = rng
        self.dtype = dtype or runs.subject.dtype
        self.tolerance = tolerance
        self._instance, self.base = runs.start()
        self._perturbed_instance, self.again = runs.start(self._perturbed_point())
        hidden = hidden_type(self.again)
        if hidden and runs.epsilon < EPSILON[hidden]:
            runs.epsilon = EPSILON[hidden]
            self._perturbed_instance, self.again = runs.start(self._perturbed_point())
        self.forward_rounding = rounding_of(self.base, self.again, runs.epsilon)
        directions = 1 if at_a_glance or self.dtype != "float64" else 2
        self.measurer = SlopeMeasurer(
            runs, self.base, rng, self.forward_rounding, directions, only_real=at_a_glance
        )
        self.measured: dict[str, ArraySlopes] = {}
        self.results: list[BackwardResult] = []
        self._chosen: dict[str, int] = {}
        self._is_sampled = False
        self._bends_known: set[str] = set()

    def _perturbed_point(self) -> dict[str, Array]:
        """The point with every number changed by one unit of rounding, up or down."""
        point = copies(self.runs.subject.point)
        return {
            name: (a * (1 + self.runs.epsilon * self.rng.choice((-1.0, 1.0), a.shape))).astype(
                a.dtype
            )
            for name, a in point.items()
        }

    def measure(self) -> None:
        """Measure slopes, then choose the upstream gradient and run backward for it."""
        for name, primal in self.runs.subject.point.items():
            if name in self.runs.subject.gradient_names and primal.size:
                self.measured[name] = self.measurer.array_slopes(name)
        self._run_backward()

    def _run_backward(self) -> None:
        """Ask backward about every output that has a slope."""
        u = rounded_to(self.rng.standard_normal(len(self.base)), self.dtype)
        for measured in self.measured.values():
            u[measured.unresolved] = 0.0
        self.results = [self._backward_result(u)]
        self._is_sampled = False
        other = self._second_result(self.results[0])
        if other is not None:
            self.results.append(other)

    @property
    def result(self) -> BackwardResult:
        """What backward claims for the first upstream gradient."""
        return self.results[0]

    def _second_result(self, first: BackwardResult) -> BackwardResult | None:
        """What a second backward claims for another upstream gradient; None where it refuses.

        Not every code allows it without a new forward: what it accuses of is looked at afresh.
        """
        u = rounded_to(complementary(first.u, self.rng), self.dtype)
        u[first.u == 0] = 0.0
        try:
            given = self.runs.backward(self._instance, u)
        except Exception:  # noqa: BLE001  (a second backward may raise anything)
            return None
        point = self.runs.subject.point
        if any(defect_of(given.get(n), point[n]) is not None for n in first.noise):
            return None
        return replace(first, u=u, given=given)

    def _rerun(self, result: BackwardResult) -> BackwardResult:
        """The same claim after a forward of its own."""
        return replace(result, given=self.runs.backward(self.runs.start()[0], result.u))

    def _backward_result(self, u: Array) -> BackwardResult:
        given = self.runs.backward(self._instance, u)
        again = self._perturbed_backward(u, self._perturbed_instance)
        noise, defects, nonlinear = {}, {}, {}
        exact: Mapping[str, object] | None = None
        for name, primal in self.runs.subject.point.items():
            if name not in self.runs.subject.gradient_names:
                continue
            defect = defect_of(given.get(name), primal)
            if defect is not None:
                defects[name] = defect
                continue
            first, second = _wide(given[name]), again.get(name)
            if defect_of(second, primal) is not None:
                nonlinear[name] = np.inf
                continue
            seen = np.abs(_wide(second) / SCALED_BY - first)
            noise[name] = np.maximum(seen, 0.5 * root_mean_square(seen))  # one sample may be zero
            if root_mean_square(seen) > 1e5 * self.runs.epsilon * root_mean_square(first):
                exact = exact or self.runs.backward(self.runs.start()[0], SCALED_BY * u)
                off = _scaled_back(exact.get(name), primal) - first
                if root_mean_square(off) > 1e5 * self.runs.epsilon * root_mean_square(first):
                    nonlinear[name] = root_mean_square(off) / root_mean_square(first)
                    noise[name] = np.zeros(primal.shape)
        return BackwardResult(u, given, noise, defects, nonlinear)

    def result_for(self, name: str) -> BackwardResult:
        """The claim that decides about an array: the first, unless only the other one is wrong."""
        return self.results[self._chosen.get(name, 0)]

    def gradient(self, name: str) -> Array:
        """A gradient as it was claimed."""
        return _wide(self.result_for(name).given[name])

    def compared(self, name: str, slope: Slope) -> Discrepancy:
        """The claim about one array against one slope."""
        result = self.result_for(name)
        estimate = RoundingEstimate(self.forward_rounding, result.noise[name], self.runs.epsilon)
        gradient = self.gradient(name)
        seen = discrepancy(slope, result.u, gradient, estimate)
        granted = self.tolerance * root_mean_square(gradient) * math.sqrt(gradient.size)
        return replace(seen, bound=seen.bound + granted)

    def verdict(self, name: str) -> ArrayReport:
        """The verdict on one array. A suspicion counts only if another measurement shares it."""
        subject, result = self.runs.subject, self.result
        called, shape = subject.gradient_names[name], subject.point[name].shape
        if name in result.defects:
            reason: Text | None = result.defects[name].text.format(name=called)
            return ArrayReport(called, name, shape, "wrong", "none", reason=reason)
        if name in result.nonlinear:
            reason = sentences.NOT_LINEAR.format(name=called)
            return ArrayReport(called, name, shape, "wrong", "none", reason=reason)
        if name not in self.measured:
            return ArrayReport(called, name, shape, "right", "none", reason=sentences.EMPTY)
        measured = self.measured[name]
        worst = self._weighed(name)
        size = root_mean_square(self.gradient(name)) * np.sqrt(self.gradient(name).size)
        word, reason = self._decided(name, worst, float(size))
        return ArrayReport(
            called,
            name,
            shape,
            word,
            measured.method,
            abs(worst.error),
            worst.bound,
            float(size),
            reason,
            evidence=tuple(self._evidence(measured)),
            undecided=tuple(
                self.runs.layout.place(int(at))
                for at in np.flatnonzero(measured.nondifferentiable)[:10_000]
            ),
        )

    def _weighed(self, name: str) -> Discrepancy:
        """The discrepancy that decides: of all slopes and claims the worst, if a second look agrees."""
        usable = self.measured[name].usable
        all_seen: list[Discrepancy] = []
        for number in range(len(self.results)):
            self._chosen[name] = number
            seen = [self.compared(name, slope) for slope in usable]
            worst = max(seen, key=lambda one: one.excess)
            if worst.is_wrong:
                self._sample_rounding()
                if number > 0:
                    self.results[number] = self._rerun(self.results[number])
                seen = [self.compared(name, slope) for slope in usable]
                worst = max(seen, key=lambda one: one.excess)
            if worst.is_wrong:
                slope = usable[seen.index(worst)]
                u, measured = self.result_for(name).u, self.measured[name]
                again = Remeasurement(
                    self.measurer, name, measured, u, partial(self.compared, name)
                )
                worst = again.at(slope, worst)
                if worst.is_wrong and self._leave_out_bends(name):
                    return self._weighed(name)
                if worst.is_wrong:
                    return worst
                seen = [worst]
            all_seen += seen
        self._chosen[name] = 0
        if self._hides_behind_kinks(name, min(all_seen, key=lambda one: one.bound)):
            return self._weighed(name)
        unsteady = [one for one in all_seen if not math.isfinite(one.error + one.bound)]
        if unsteady:
            return unsteady[0]
        doubtful = [one for one in all_seen if one.is_doubtful]
        if doubtful:
            return max(doubtful, key=lambda one: one.excess)
        return min(all_seen, key=lambda one: one.bound)

    def _hides_behind_kinks(self, name: str, best: Discrepancy) -> bool:
        """Whether more outputs had to be left out before the rest can be told.

        Next to a kink gradients change with the last digit of an input: an output there that shows
        no kink of its own spoils the bound of all the others.
        """
        has_kinks = bool(self.measured[name].nondifferentiable.any())
        size = root_mean_square(self.gradient(name)) * math.sqrt(self.gradient(name).size)
        return has_kinks and self._is_too_coarse(name, best, size) and self._leave_out_bends(name)

    def _leave_out_bends(self, name: str) -> bool:
        """Leave out outputs whose slopes do not add up; whether there are any, looked at once.

        Where three numbers are equal their median goes straight through the point in every
        direction, with no kink to be seen, and yet has no gradient.
        """
        if name in self._bends_known:
            return False
        self._bends_known.add(name)
        measured = self.measured[name]
        bent = self.measurer.nonadditive_outputs(name, measured)
        if not bent.any():
            return False
        measured.slopes = [
            replace(
                one, nondifferentiable=one.nondifferentiable | bent, nonsmooth=one.nonsmooth | bent
            )
            for one in measured.slopes
        ]
        self._run_backward()
        return True

    def _sample_rounding(self) -> None:
        """See rounding in more runs: one sample may be small just where an entry is ill-conditioned."""
        if self._is_sampled:
            return
        self._is_sampled = True
        first, point = self.results[0], self.runs.subject.point
        squares = {name: noise**2 for name, noise in first.noise.items()}
        for _ in range(SAMPLES):
            instance, again = self.runs.start(self._perturbed_point())
            self.forward_rounding = max(
                self.forward_rounding, rounding_of(self.base, again, self.runs.epsilon)
            )
            given = self._perturbed_backward(first.u, instance)
            for name, square in squares.items():
                if defect_of(given.get(name), point[name]) is None:
                    off = _wide(given[name]) / SCALED_BY - _wide(first.given[name])
                    squares[name] = np.maximum(square, off**2)
        noise = {name: np.sqrt(square) for name, square in squares.items()}
        self.results = [replace(result, noise=noise) for result in self.results]

    def _perturbed_backward(self, u: Array, instance: Instance) -> Mapping[str, object]:
        """Backward for u scaled and changed in its last digits."""
        jitter = self.runs.epsilon * self.rng.choice((-1.0, 1.0), u.shape)
        return self.runs.backward(instance, SCALED_BY * u * (1 + jitter))

    def _decided(
        self, name: str, worst: Discrepancy, size: float
    ) -> tuple[GradientVerdict, Text | None]:
        measured = self.measured[name]
        if not np.isfinite(worst.error) or not np.isfinite(worst.bound):
            return "cannot-tell", sentences.NO_SLOPE
        if worst.is_wrong:
            return "wrong", None
        if worst.is_doubtful:
            return "cannot-tell", sentences.SATURATED
        if not self.result.u.any():
            place = self.runs.layout.place(int(np.argmax(measured.unresolved)))
            return "cannot-tell", sentences.nondifferentiable(len(self.base), len(self.base), place)
        kinks = np.flatnonzero(measured.nondifferentiable)
        if len(kinks):
            place = self.runs.layout.place(int(kinks[0]))
            return "cannot-tell", sentences.nondifferentiable(len(kinks), len(self.base), place)
        if self._is_too_coarse(name, worst, size):
            return "cannot-tell", sentences.TOO_COARSE.format(
                bound=f"{worst.bound:.1e}", size=f"{size:.1e}"
            )
        return "right", None

    def _is_too_coarse(self, name: str, worst: Discrepancy, size: float) -> bool:
        """Whether a wrong gradient might well hide below the bound."""
        coarsest = COARSEST[self.runs.epsilon < 1e-10] + 2 * self.tolerance
        if worst.bound <= max(coarsest * size, 1e-200):
            return False
        if size > 2 * worst.bound:
            return True
        # A gradient of zero: then the bound must be small beside what a relative change could do.
        natural = root_mean_square(self.result.u * self.base) * np.sqrt(len(self.base))
        scale = min(slope.scale for slope in self.measured[name].usable)
        return bool(worst.bound > coarsest * natural / scale)

    def _evidence(self, measured: ArraySlopes) -> list[Text]:
        near = int(np.count_nonzero(measured.unresolved & ~measured.nondifferentiable))
        told = [sentences.how_measured(measured.method, len(measured.usable)), *measured.remarks]
        if near:
            told.append(sentences.LEFT_OUT.format(near=near, outputs=len(self.base)))
        return told


def _wide(value: object) -> Array:
    return np.asarray(value, dtype=np.float64)


def _scaled_back(value: object, primal: Array) -> Array:
    if defect_of(value, primal) is not None:
        return np.full(primal.shape, np.inf)
    return _wide(value) / SCALED_BY
