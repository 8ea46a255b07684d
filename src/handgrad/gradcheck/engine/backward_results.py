"""What backward gives for an upstream gradient, and how rounding changes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array, Instance
from handgrad.gradcheck.engine.complementary_gaussian import complementary
from handgrad.gradcheck.engine.discrepancy import rounding_of
from handgrad.gradcheck.engine.gradient_defects import defect_of
from handgrad.gradcheck.engine.root_mean_square import root_mean_square
from handgrad.gradcheck.engine.runs import EPSILON, Runs, perturbed, rounded_to
from handgrad.languages import Text

SCALED_BY = -0.5
"""The factor of dout in the second backward: backward is linear in dout."""
SAMPLES = 6
"""Further runs that sample rounding before a gradient is called wrong."""
NONLINEAR = 1e5
"""A difference of more units of rounding is not rounding: the gradient is not linear in dout."""


def hidden_type(outputs: Array) -> str:
    """The narrower type in which forward computes internally, if its outputs show one; else empty.

    Outputs that are all exact in a narrower type, and not all whole numbers, are no coincidence after
    the inputs were changed in their last digit.

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
    """What backward gave for one upstream gradient, and what a second run showed about it.

    Attributes:
        u: the upstream gradient as one vector; zero for outputs near a non-differentiable point.
        given: the gradients for u, exactly as backward gave them.
        noise: by how much each entry changes when every input changes in its last digit.
        defects: gradients that are missing, or of a wrong shape or type.
        nonlinear: gradients that are not linear in dout.
    """

    u: Array
    given: Mapping[str, object]
    noise: Mapping[str, Array]
    defects: Mapping[str, Text]
    nonlinear: Mapping[str, float]


class BackwardResults:
    """Runs forward and backward at the input point, and nearby to estimate their rounding.

    Args:
        runs: of the code under test.
        rng: draws upstream gradients and perturbations.
        dtype: the type in which the upstream gradient must be exact.

    Attributes:
        base: the outputs of forward at the input point.
        again: the outputs after every input changed in its last digit.
        forward_rounding: the rounding of forward in units of ε·|y|.
        results: for each upstream gradient, what backward gave.
    """

    def __init__(self, runs: Runs, rng: np.random.Generator, dtype: str) -> None:
        self.runs = runs
        self.rng = rng
        self.dtype = dtype
        self._instance, self.base = runs.start()
        self._perturbed_instance, self.again = runs.start(self._perturbed_point())
        hidden = hidden_type(self.again)
        if hidden and runs.epsilon < EPSILON[hidden]:
            runs.epsilon = EPSILON[hidden]
            self._perturbed_instance, self.again = runs.start(self._perturbed_point())
        self.forward_rounding = rounding_of(self.base, self.again, runs.epsilon)
        self.results: list[BackwardResult] = []
        self._is_sampled = False

    def run(self, unresolved: Iterable[Array]) -> None:
        """Run backward for two Gaussian upstream gradients.

        Args:
            unresolved: masks of outputs without a measured slope; the upstream gradient is zero there.
        """
        u = rounded_to(self.rng.standard_normal(len(self.base)), self.dtype)
        for mask in unresolved:
            u[mask] = 0.0
        first = self._first_result(u)
        self.results = [first]
        self._is_sampled = False
        second = self._second_result(first)
        if second is not None:
            self.results.append(second)

    def rerun(self, number: int) -> None:
        """Replace a result by one from a fresh instance."""
        result = self.results[number]
        given = self.runs.backward(self.runs.start()[0], result.u)
        self.results[number] = replace(result, given=given)

    def sample_rounding(self) -> None:
        """Estimate rounding from more runs: one sample may be small where an entry is ill-conditioned."""
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
                    off = as_float64(given[name]) / SCALED_BY - as_float64(first.given[name])
                    squares[name] = np.maximum(square, off**2)
        noise = {name: np.sqrt(square) for name, square in squares.items()}
        self.results = [replace(result, noise=noise) for result in self.results]

    def _first_result(self, u: Array) -> BackwardResult:
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
            first, second = as_float64(given[name]), again.get(name)
            if defect_of(second, primal) is not None:
                nonlinear[name] = np.inf
                continue
            seen = np.abs(as_float64(second) / SCALED_BY - first)
            noise[name] = np.maximum(seen, 0.5 * root_mean_square(seen))  # one sample may be zero
            if self._is_nonlinear(seen, first):
                exact = exact or self.runs.backward(self.runs.start()[0], SCALED_BY * u)
                off = _unscaled(exact.get(name), primal) - first
                if self._is_nonlinear(off, first):
                    nonlinear[name] = root_mean_square(off) / root_mean_square(first)
                    noise[name] = np.zeros(primal.shape)
        return BackwardResult(u, given, noise, defects, nonlinear)

    def _is_nonlinear(self, off: Array, gradient: Array) -> bool:
        limit = NONLINEAR * self.runs.epsilon * root_mean_square(gradient)
        return root_mean_square(off) > limit

    def _second_result(self, first: BackwardResult) -> BackwardResult | None:
        """The result for another upstream gradient on the same instance; None if backward refuses.

        Not all code allows a second backward without a new forward, so whatever this result shows to
        be wrong is measured again on a fresh instance.
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

    def _perturbed_point(self) -> dict[str, Array]:
        """The input point with every number changed by one unit of rounding, up or down."""
        return perturbed(self.runs.subject.point, self.runs.epsilon, self.rng)

    def _perturbed_backward(self, u: Array, instance: Instance) -> Mapping[str, object]:
        """Backward for u times `SCALED_BY`, changed in its last digits."""
        jitter = self.runs.epsilon * self.rng.choice((-1.0, 1.0), u.shape)
        return self.runs.backward(instance, SCALED_BY * u * (1 + jitter))


def as_float64(value: object) -> Array:
    """A gradient as an array of float64."""
    return np.asarray(value, dtype=np.float64)


def _unscaled(value: object, primal: Array) -> Array:
    """A gradient for ``SCALED_BY * u``, divided by that factor; infinite where it has a defect."""
    if defect_of(value, primal) is not None:
        return np.full(primal.shape, np.inf)
    return as_float64(value) / SCALED_BY
