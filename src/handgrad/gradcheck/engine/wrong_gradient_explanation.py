"""What a wrong gradient is instead, and the smallest case that shows it.

Both need the right gradient, whole. It is measured entry by entry where that is cheap: at small sizes.
Sizes are cut where the arrays allow it: axes of equal length are taken to be the same axis (the B,
N and M of a layer), and the code is tried at the smaller ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from handgrad.diagnosis.array_difference import compare
from handgrad.diagnosis.case import Case, Observation, Received, Trial
from handgrad.diagnosis.compared_array import ComparedArray
from handgrad.diagnosis.counterexample.counterexample import Counterexample, as_plain
from handgrad.diagnosis.json_fields import as_json
from handgrad.diagnosis.search import find_expression
from handgrad.gradcheck.engine.code_under_test import Array, CodeUnderTest, Point
from handgrad.gradcheck.engine.code_wrappers import AtOtherPoint
from handgrad.gradcheck.engine.gradient_defects import defect_of
from handgrad.gradcheck.engine.root_mean_square import root_mean_square
from handgrad.gradcheck.engine.runs import Runs
from handgrad.gradcheck.engine.slopes import real_difference, steps
from handgrad.languages import Text

MOST_ENTRIES = 64
"""Of all arrays of a case in which every gradient is measured entry by entry."""
MOST_SIZES = 4
MOST_CASES = 24
WRONG = 1e-6
"""What counts as wrong where the right gradient is measured, in proportion to its size."""
SEARCHED = ((4, 3, 2, 5), (3, 5, 4, 2), (5, 2, 3, 4))
"""Lengths of axes in the cases of a search: all different, so that no two are confused."""


@dataclass(frozen=True, eq=False)
class GradientExplanation:
    """What was found out about wrong gradients.

    Attributes:
        computed: gradient → the expression that gives it in every case tried.
        counterexample: the smallest case that fails, as JSON.
    """

    computed: Mapping[str, str] = field(default_factory=dict)
    counterexample: Mapping[str, Any] | None = None


@dataclass(frozen=True, eq=False)
class SmallCase:
    """One small case: what came and what is right."""

    point: Point
    dout: Array
    output: Array
    received: Mapping[str, Array]
    right: Mapping[str, Array]

    @property
    def wrong(self) -> list[str]:
        """The primals whose gradients are wrong."""
        return [name for name in self.right if not self._is_right(name)]

    def _is_right(self, name: str) -> bool:
        right, received = self.right[name], self.received[name]
        size = max(1.0, float(np.abs(right).max(initial=0.0)))
        return received.shape == right.shape and bool(
            (np.abs(received - right) <= WRONG * size).all()
        )


def explain_gradients(
    subject: CodeUnderTest, wrong: list[str], rng: np.random.Generator
) -> GradientExplanation:
    """What wrong gradients are, and the smallest case in which they are wrong.

    Args:
        subject: the code; it must compute in float64.
        wrong: the primals whose gradients are wrong.
        rng: where the numbers come from.
    """
    if not wrong or subject.dtype != "float64":
        return GradientExplanation()
    lengths = _lengths(subject.point)
    cases: list[SmallCase] = []
    for sizes in SEARCHED:
        chosen = dict(zip(lengths, sizes, strict=False))
        point = _drawn(subject.point, chosen, rng) if len(lengths) <= MOST_SIZES else None
        case = None if point is None else _measured(subject, point, wrong, rng)
        if case is not None:
            cases.append(case)
    if not cases:  # the sizes cannot be cut
        same = {length: length for length in lengths}
        tried = (_measured(subject, _drawn(subject.point, same, rng), wrong, rng) for _ in "12")
        cases = [case for case in tried if case is not None]
    computed = {}
    for name in wrong:
        text = _searched(subject, cases, name)
        if text is not None:
            computed[subject.gradient_names[name]] = text
    return GradientExplanation(computed, _smallest(subject, lengths, wrong, rng))


def _lengths(point: Point) -> list[int]:
    """The different lengths of axes, in the order in which they appear."""
    return list(dict.fromkeys(n for array in point.values() for n in array.shape if n > 0))


def _drawn(point: Point, lengths: Mapping[int, int], rng: np.random.Generator) -> dict[str, Array]:
    """Gaussian numbers in arrays whose axes have other lengths."""
    return {
        name: rng.standard_normal(tuple(lengths.get(n, n) for n in array.shape))
        for name, array in point.items()
    }


def _digits(point: Point, lengths: Mapping[int, int], rng: np.random.Generator) -> dict[str, Array]:
    """Small whole numbers, none of them zero, the first ones all different."""
    drawn = {}
    for name, array in point.items():
        shape = tuple(lengths.get(n, n) for n in array.shape)
        size = int(np.prod(shape))
        numbers = np.resize(rng.permutation(np.arange(1, 6)), size)
        signs = np.where(np.arange(size) % 3 == 2, -1, 1)
        drawn[name] = np.asarray(numbers * signs, dtype=np.float64).reshape(shape)
    return drawn


def _measured(
    subject: CodeUnderTest,
    point: Point,
    wrong: list[str],
    rng: np.random.Generator,
    *,
    plain: bool = False,
) -> SmallCase | None:
    """What backward gives at a small point, and what is right; None where it does not run there."""
    if sum(point[name].size for name in wrong) > MOST_ENTRIES:
        return None
    runs = Runs(AtOtherPoint(subject, point))
    try:
        instance, base = runs.start()
        dout = np.arange(1.0, len(base) + 1) if plain else rng.standard_normal(len(base))
        given = runs.backward(instance, dout)
        right = {name: _to_digits(_gradient(runs, name, base, dout)) for name in wrong}
    except Exception:  # noqa: BLE001  (the code was not written for these sizes: anything may come)
        return None
    if any(defect_of(given.get(n), point[n]) is not None for n in wrong) or len(base) == 0:
        return None
    if not all(np.isfinite(array).all() for array in right.values()):
        return None
    received = {name: np.asarray(given[name], dtype=np.float64) for name in wrong}
    [shape, *others] = runs.layout.shapes
    if others:
        return None
    return SmallCase(point, dout.reshape(shape), base.reshape(shape), received, right)


def _to_digits(gradient: Array) -> Array:
    """Without what rounding left where zeros and whole numbers should be."""
    size = float(np.abs(gradient).max(initial=0.0)) or 1.0
    return np.asarray(np.round(gradient / size, 10) * size)


def _gradient(runs: Runs, name: str, base: Array, dout: Array) -> Array:
    """A whole gradient, entry by entry; NaN where an output has a kink."""
    primal = runs.subject.point[name]
    size = root_mean_square(primal) or 1.0
    gradient = np.zeros(primal.size)
    for at in range(primal.size):
        v = np.zeros(primal.size)
        v[at] = size
        slope = real_difference(
            runs, name, v.reshape(primal.shape), base, steps(runs.epsilon)[0], 8
        )
        moved = slope.direction.ravel()[at]
        gradient[at] = np.nan if slope.nonsmooth.any() else float(dout @ slope.values) / moved
    return gradient.reshape(primal.shape)


def _searched(subject: CodeUnderTest, cases: list[SmallCase], name: str) -> str | None:
    """The expression that gives a wrong gradient in every case; at least two must be there."""
    if len(cases) < 2 or name not in cases[0].right:
        return None
    called = subject.gradient_names[name]
    found = find_expression([_sighting(subject, case, name, k) for k, case in enumerate(cases, 1)])
    return None if found is None or found.text == called else found.text


def _sighting(subject: CodeUnderTest, case: SmallCase, name: str, number: int) -> ComparedArray:
    trial = _trial(subject, case, number)
    called = subject.gradient_names[name]
    received = Received.of(case.received[name])
    return ComparedArray(called, trial, received, compare(received, case.right[name]))


def _trial(subject: CodeUnderTest, case: SmallCase, number: int = 1) -> Trial:
    """A case in the terms of the judge, whose search and counterexample serve here."""
    called = {name: subject.gradient_names[name] for name in case.right}
    as_case = Case(
        kind="different-sizes",
        title=Text(zh="小例子", en="a small case"),
        inputs={**case.point, "dout": case.dout},
        script="",
        compared=tuple(called.values()),
        outputs=("y",),
    )
    expected = {called[name]: array for name, array in case.right.items()}
    received = {called[name]: Received.of(array) for name, array in case.received.items()}
    return Trial(as_case, number, {**expected, "y": case.output}, Observation(received))


def _smallest(
    subject: CodeUnderTest, lengths: list[int], wrong: list[str], rng: np.random.Generator
) -> Mapping[str, Any] | None:
    """The smallest of the small cases in which the same gradients are wrong, else any of them."""
    first = None
    for chosen in itertools.islice(_small_sizes(lengths), MOST_CASES):
        point = _digits(subject.point, chosen, rng)
        case = _measured(subject, point, wrong, rng, plain=True)
        if case is not None and case.wrong:
            first = first or case
            if len(case.wrong) == len(wrong):
                return _told(subject, case)
    return None if first is None else _told(subject, first)


def _small_sizes(lengths: list[int]) -> Iterator[dict[int, int]]:
    """Ever larger lengths for the axes, then the lengths as they are."""
    if len(lengths) <= MOST_SIZES:
        tried = itertools.product((1, 2), repeat=len(lengths))
        for sizes in sorted(tried, key=lambda sizes: (sum(sizes), sizes)):
            yield {n: min(n, k) for n, k in zip(lengths, sizes, strict=True)}
    yield {n: n for n in lengths}


def _told(subject: CodeUnderTest, case: SmallCase) -> Mapping[str, Any]:
    trial = _trial(subject, case)
    compared_arrays = tuple(_sighting(subject, case, name, 1) for name in case.wrong)
    if "x" in case.point:
        told = as_json(Counterexample(trial, compared_arrays).fields())
        return {key: told[key] for key in ("sizes", "inputs", "received", "expected")}
    return {
        "sizes": {name: list(array.shape) for name, array in case.point.items()},
        "inputs": {name: as_plain(value) for name, value in trial.case.inputs.items()},
        "received": {s.array: as_plain(s.received.array) for s in compared_arrays},
        "expected": {s.array: as_plain(trial.expected[s.array]) for s in compared_arrays},
    }
