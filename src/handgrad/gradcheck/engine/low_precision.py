"""Code that computes in lower precision than float64 is compared with itself in float64."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from handgrad.gradcheck.engine import sentences
from handgrad.gradcheck.engine.backward_results import SCALED_BY
from handgrad.gradcheck.engine.code_under_test import Array, CodeUnderTest, Point
from handgrad.gradcheck.engine.discrepancy import SATURATED
from handgrad.gradcheck.engine.entrywise_comparison import (
    compared_entrywise,
    entry_tolerance,
    perturbed_pass,
)
from handgrad.gradcheck.engine.gradient_judge import GradientJudge
from handgrad.gradcheck.engine.root_mean_square import root_mean_square
from handgrad.gradcheck.engine.runs import EPSILON, Runs, perturbed, rounded_to
from handgrad.gradcheck.findings import ArrayReport

NEARBY = 2.0**-9
"""How far the input point moves for a second comparison, away from a non-differentiable point."""
MOST_SATURATED = 64.0
"""Units of ε·|u| by which a slope may be wrong if its errors do not persist nearby."""
AROUND, POINTS_AROUND = 0.25, 16
"""How far each number moves, in proportion, to test whether errors persist; and how often."""
SAMPLES = 8
"""How often rounding is sampled, entry by entry, before a gradient is called wrong."""


def higher_precision_version(subject: CodeUnderTest) -> CodeUnderTest | None:
    """The same code in float64, or float32 where there is no float64 (JAX has none by default).

    None if it computes in that type already, or cannot.
    """
    for dtype in ("float64", "float32"):
        if EPSILON.get(subject.dtype, 0.0) <= EPSILON[dtype]:
            return None
        twin = subject.computing_in(dtype)
        if twin is not None and _computes_in(twin, dtype):
            return twin
    return None


def _computes_in(twin: CodeUnderTest, dtype: str) -> bool:
    try:
        outputs = twin.new_instance().forward({n: np.array(a) for n, a in twin.point.items()})
    except Exception:  # noqa: BLE001  (code that was not written for a type may raise anything)
        return False
    return all(str(y.dtype) == dtype for y in outputs)


def agree_to_half_the_digits(
    subject: CodeUnderTest, twin: CodeUnderTest, names: Sequence[str], rng: np.random.Generator
) -> bool:
    """Whether half of the digits of the gradients in the code's own type are right."""
    runs, exact = Runs(subject), Runs(twin)
    instance, outputs = runs.start()
    u = rounded_to(rng.standard_normal(len(outputs)), subject.dtype)
    given = runs.backward(instance, u)
    _, right = exact.forward_and_backward(None, u)
    share = math.sqrt(runs.epsilon)
    return all(
        root_mean_square(np.asarray(given[n], np.float64) - np.asarray(right[n]))
        <= share * root_mean_square(np.asarray(right[n]))
        for n in names
    )


class LowPrecisionCheck:
    """Compares gradients in the code's own type with those of the same code in float64.

    Args:
        native: runs in the code's own type.
        judge: of the same code in float64, after `measure`.
    """

    def __init__(self, native: Runs, judge: GradientJudge) -> None:
        self.native = native
        self.judge = judge
        self.exact: Mapping[str, object] = judge.result.given
        self.at_point = self._reports(native.subject.point, self.exact, 1)

    def verdict(self, fine: ArrayReport) -> ArrayReport:
        """The verdict on an array that was judged in float64: wrong only if it is wrong twice."""
        if fine.verdict == "wrong" or fine.of not in self.at_point:
            return fine
        here = self.at_point[fine.of]
        if here.verdict == "right":
            return fine
        # One sample of rounding may be too small for an ill-conditioned entry.
        again = self._reports(self.native.subject.point, self.exact, SAMPLES)
        here = again.get(fine.of, fine)
        if here.verdict == "right":
            return fine
        if here.verdict == "wrong":  # rounding may have crossed a non-differentiable point
            moved = perturbed(self.native.subject.point, NEARBY, self.judge.rng)
            there = self._reports(moved, self._exact_at(moved), SAMPLES).get(fine.of)
            if there is not None and there.verdict != "wrong":
                return fine
            if self._does_not_persist(here):
                undecided = replace(here, verdict="cannot-tell", reason=sentences.SATURATED)
                return replace(undecided, wrong_entries=(), wrong_count=None)
        return here

    def _does_not_persist(self, array: ArrayReport) -> bool:
        """Whether the errors are small, and different at most points nearby.

        A saturated slope is the difference of numbers that nearly cancel, times a factor: x·(1 − y²) at
        x = −5 is wrong by several units of rounding. That error stays the same when the last digit
        of x changes, because y does not change, and even a little further away. A mistake in the
        code stays everywhere.
        """
        if not array.wrong_entries:
            return False
        u, places = self.judge.result.u, [entry.index for entry in array.wrong_entries]
        off = np.array([entry.received - entry.expected for entry in array.wrong_entries])
        if np.abs(off).max() > MOST_SATURATED * self.native.epsilon * np.abs(u).max():
            return False
        same = np.zeros(len(off))
        for _ in range(POINTS_AROUND):
            point = {
                name: (a * (1 + self.judge.rng.uniform(-AROUND, AROUND, a.shape))).astype(a.dtype)
                for name, a in self.native.subject.point.items()
            }
            (_, came), exact = self.native.forward_and_backward(point, u), self._exact_at(point)
            there = _errors(came[array.of], exact[array.of], places)
            same += there * np.sign(off) > np.abs(off) / 4
        return bool((same < 0.75 * POINTS_AROUND).all())

    def _reports(
        self, point: Point, exact: Mapping[str, object], samples: int
    ) -> dict[str, ArrayReport]:
        u, result = self.judge.result.u, self.judge.result
        _, came = self.native.forward_and_backward(point, u)
        epsilon = self.native.epsilon
        again = [
            perturbed_pass(self.native, point, SCALED_BY * u, self.judge.rng)[1]
            for _ in range(samples)
        ]
        reports = {}
        why = sentences.FEWER_DIGITS.format(
            dtype=self.native.subject.dtype, wider=self.judge.runs.subject.dtype
        )
        for name, called in self.native.subject.gradient_names.items():
            if name in result.defects or name in result.nonlinear or not _is_array(exact, name):
                continue
            right = np.asarray(exact[name], dtype=np.float64)
            seen = [rounding_seen(came.get(name), one.get(name), right) for one in again]
            rounding = np.sqrt(np.mean(np.square(seen), axis=0))
            tolerance = entry_tolerance(right, rounding, epsilon, samples)
            value, off = came.get(name), saturated(u, epsilon)
            reports[name] = compared_entrywise(name, called, value, right, tolerance, why, off)
        return reports

    def _exact_at(self, point: Point) -> Mapping[str, object]:
        wide = {n: a.astype(np.float64) for n, a in point.items()}
        return self.judge.runs.forward_and_backward(wide, self.judge.result.u)[1]


def saturated(u: Array, epsilon: float) -> float:
    """The rounding error of a slope that is computed from numbers of order one, for the largest u."""
    return SATURATED * epsilon * float(np.abs(u).max(initial=0.0))


def _errors(came: object, exact: object, places: Sequence[tuple[int, ...]]) -> Array:
    off = np.asarray(came, np.float64) - np.asarray(exact, np.float64)
    return np.array([off[index] for index in places])


def _is_array(given: Mapping[str, object], name: str) -> bool:
    return isinstance(given.get(name), (np.ndarray, np.generic, float))


def rounding_seen(came: object, again: object, right: Array) -> Array:
    """The effect of a change of the last digit on a gradient; zero if one of them is missing."""
    if not all(isinstance(one, np.ndarray) and one.shape == right.shape for one in (came, again)):
        return np.zeros(right.shape)
    with np.errstate(invalid="ignore"):
        seen = np.abs(np.asarray(again, np.float64) / SCALED_BY - np.asarray(came, np.float64))
    return np.where(np.isfinite(seen), seen, 0.0)
