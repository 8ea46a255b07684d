"""Compares code in any type with a reference in float64; the error bound is what that type loses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from handgrad.errors import CheckError
from handgrad.gradcheck.engine import sentences
from handgrad.gradcheck.engine.backward_results import SCALED_BY
from handgrad.gradcheck.engine.code_under_test import Array, CodeUnderTest, Point
from handgrad.gradcheck.engine.discrepancy import LEAST_ROUNDING
from handgrad.gradcheck.engine.entrywise_comparison import (
    compared_entrywise,
    entry_tolerance,
    perturbed_pass,
)
from handgrad.gradcheck.engine.low_precision import rounding_seen, saturated
from handgrad.gradcheck.engine.root_mean_square import root_mean_square
from handgrad.gradcheck.engine.runs import Runs, perturbed, rounded_to
from handgrad.gradcheck.findings import ArrayReport
from handgrad.languages import Text

SAMPLES = 12
"""How often the errors of a whole array are sampled."""
LOSSY = 3.0
"""How many times larger than the reference's errors in the same type they may be: nine roundings instead
of one."""
SHARED = 0.25
"""The part of the whole array's loss that each entry is granted, as its own samples are few."""
LEAST_LOST = 0.2
"""The root mean square of a single rounding, in units of ε·|entry|."""


@dataclass(frozen=True, eq=False)
class ErrorSample:
    """The errors of one array in one run.

    Attributes:
        given: the code's gradient.
        right: the reference's gradient in float64.
        lost: the error of the reference in the code's own type.
    """

    given: object
    right: Array
    lost: Array

    @property
    def error(self) -> Array:
        """The error of the code's gradient."""
        return distance(self.given, self.right)


class ReferenceComparison:
    """Compares outputs and gradients of one subject with those of another that is assumed to be right.

    The error bound is what the reference itself loses in the code's type. If the reference cannot
    compute in that type, it is the effect of a change of the last digit on the code.
    """

    def __init__(self, runs: Runs, reference: CodeUnderTest, rng: np.random.Generator) -> None:
        self.runs = runs
        self.rng = rng
        self.subject = runs.subject
        wide = reference.computing_in("float64") or reference
        self.exact_runs = Runs(wide)
        self.names = _paired(self.subject, wide)
        coarse = (
            None if self.subject.dtype == "float64" else reference.computing_in(self.subject.dtype)
        )
        self.coarse_runs = None if coarse is None else Runs(coarse)
        self.u: Array = np.zeros(0)
        self.outputs: Array = np.zeros(0)

    def reports(self) -> tuple[ArrayReport, ...]:
        """The verdict on forward's output, then on every gradient."""
        instance, outputs = self.runs.start()
        self.u = rounded_to(self.rng.standard_normal(len(outputs)), self.subject.dtype)
        given = self.runs.backward(instance, self.u)
        exact_instance, exact = self.exact_runs.start(self._for(self.exact_runs.subject))
        if len(exact) != len(outputs):
            raise CheckError(
                _OTHER_SHAPE.format(
                    shapes=", ".join(map(str, self.runs.layout.shapes)),
                    expected=", ".join(map(str, self.exact_runs.layout.shapes)),
                )
            )
        self.outputs = exact
        right = self.exact_runs.backward(exact_instance, self.u)
        rounding, of_outputs = self._rounding(outputs, exact, given, right)
        epsilon = self.runs.epsilon
        why = sentences.NOT_AS_REFERENCE
        reports = [
            compared_entrywise(
                "y", "y", outputs, exact, entry_tolerance(exact, of_outputs, epsilon), why
            )
        ]
        for name, other in self.names.items():
            called = self.subject.gradient_names[name]
            value = np.asarray(right[other], dtype=np.float64)
            tolerance = entry_tolerance(value, rounding[name], epsilon)
            off = saturated(self.u, epsilon)
            reports.append(
                compared_entrywise(name, called, given.get(name), value, tolerance, why, off)
            )
        if self.coarse_runs is not None and all(one.verdict != "wrong" for one in reports):
            reports[1:] = self._all_together(reports[1:], self.coarse_runs)
        return tuple(reports)

    def _all_together(self, reports: list[ArrayReport], coarse: Runs) -> list[ArrayReport]:
        """Compare the errors of several runs, all entries together, with those of the reference.

        The bound of a single entry must allow for the worst of them. The mean of many is known much
        more precisely, and shows whether the code loses more than its type explains.
        """
        samples = [self._sample(coarse, number) for number in range(SAMPLES)]
        off = saturated(self.u, self.runs.epsilon)
        compared = []
        for report in reports:
            taken = [sample[report.of] for sample in samples]
            alike = [taken[0::2], taken[1::2]]
            lossy = [of for of in alike if self._times_the_loss(of, off) > LOSSY]
            if not lossy:
                compared.append(report)
                continue
            worst = max(lossy[0], key=lambda one: float(one.error.max()))
            limit = LOSSY * self._unavoidable(lossy[0])
            compared.append(
                compared_entrywise(
                    report.of,
                    report.name,
                    worst.given,
                    worst.right,
                    limit,
                    sentences.LOSES_MORE,
                    off,
                )
            )
        return compared

    def _times_the_loss(self, samples: list[ErrorSample], off: float) -> float:
        """The ratio of the errors to those that are unavoidable in this type, root mean square."""
        errors = np.array([np.maximum(one.error - off, 0) for one in samples])
        loss = self._unavoidable(samples)
        ratio = np.divide(
            np.sqrt(np.mean(errors**2, axis=0)), loss, out=np.zeros(loss.shape), where=loss > 0
        )
        return root_mean_square(ratio)

    def _unavoidable(self, samples: list[ErrorSample]) -> Array:
        """The typical error of each entry: what the reference loses, and one rounding of the result."""
        lost = np.array([one.lost for one in samples])
        rounding = LEAST_LOST * self.runs.epsilon * np.array([one.right for one in samples])
        of_all = SHARED * root_mean_square(lost)
        return np.sqrt(np.mean(lost**2 + rounding**2, axis=0) + of_all**2)

    def _sample(self, coarse: Runs, number: int) -> dict[str, ErrorSample]:
        """Another run of the code, of the reference in its type, and of the reference in float64.

        Every second upstream gradient is Gaussian. The others are the outputs themselves, as a squared
        loss gives them: then all terms of a sum have one sign, and it loses the most.
        """
        u = self.outputs / (root_mean_square(self.outputs) or 1.0)
        if number % 2:
            u = self.rng.standard_normal(len(u))
        u = rounded_to(u, self.subject.dtype)
        point = perturbed(self.subject.point, self.runs.epsilon, self.rng)
        _, given = self.runs.forward_and_backward(point, u)
        _, lost = coarse.forward_and_backward(self._for(coarse.subject, point), u)
        _, right = self.exact_runs.forward_and_backward(
            self._for(self.exact_runs.subject, point), u
        )
        return {
            name: ErrorSample(
                given.get(name), np.asarray(right[its]), distance(lost.get(its), right[its])
            )
            for name, its in self.names.items()
        }

    def _for(self, other: CodeUnderTest, at: Point | None = None) -> dict[str, Array]:
        """The code's own input point or another, under the names of the other subject."""
        point = {name: np.array(array) for name, array in other.point.items()}
        for name, its in self.names.items():
            mine = (self.subject.point if at is None else at)[name]
            point[its] = mine.astype(other.point[its].dtype)
        return point

    def _rounding(
        self, outputs: Array, exact: Array, given: Mapping[str, object], right: Mapping[str, object]
    ) -> tuple[dict[str, Array], Array]:
        if self.coarse_runs is not None:
            coarse, lost = self.coarse_runs.forward_and_backward(
                self._for(self.coarse_runs.subject), self.u
            )
            return {
                name: distance(lost.get(its), right[its]) for name, its in self.names.items()
            }, np.abs(coarse - exact)
        epsilon = self.runs.epsilon
        again, their = perturbed_pass(self.runs, self.subject.point, SCALED_BY * self.u, self.rng)
        floor = LEAST_ROUNDING * epsilon
        return {
            name: rounding_seen(given.get(name), their.get(name), np.asarray(right[its]))
            + floor * root_mean_square(np.asarray(right[its]))
            for name, its in self.names.items()
        }, np.abs(again - outputs)


def distance(value: object, right: object) -> Array:
    """The error of each entry; zero where the shape is wrong or the entry is not finite."""
    exact = np.asarray(right, dtype=np.float64)
    if not isinstance(value, np.ndarray) or value.shape != exact.shape:
        return np.zeros(exact.shape)
    off = np.abs(np.asarray(value, dtype=np.float64) - exact)
    return np.where(np.isfinite(off), off, 0.0)


def _paired(subject: CodeUnderTest, reference: CodeUnderTest) -> dict[str, str]:
    """Which array corresponds to which: inputs in order; parameters by name, else in order.

    Raises:
        CheckError: the numbers of arrays differ, or their shapes.
    """
    pairs: dict[str, str] = {}
    for own in (False, True):
        mine = [n for n in subject.gradient_names if (n in subject.parameters) == own]
        theirs = [n for n in reference.gradient_names if (n in reference.parameters) == own]
        same = set(mine) == set(theirs)
        pairs |= {a: (a if same else b) for a, b in zip(mine, theirs, strict=False)}
    for name in subject.gradient_names:
        its = pairs.get(name, "")
        if not its or reference.point[its].shape != subject.point[name].shape:
            raise CheckError(
                _UNPAIRED.format(
                    name=name,
                    shape=subject.point[name].shape,
                    others={n: reference.point[n].shape for n in reference.gradient_names},
                )
            )
    return pairs


_OTHER_SHAPE = Text(
    zh="forward 的输出形状是 {shapes}，参考实现的是 {expected}；两者必须计算同一个函数。",
    en="The output of forward has shape {shapes}, that of the reference {expected}. Both must compute the "
    "same function.",
)
_UNPAIRED = Text(
    zh="参考实现里没有与 {name}（形状 {shape}）对应的数组；它有：{others}。",
    en="The reference must have an array that corresponds to {name} of shape {shape}; it has {others}.",
)
