"""Explains wrong gradients: the expression that the code computes instead, and a counterexample.

Both need the right gradient, whole, so they work at small sizes. Sizes are reduced where the arrays
allow it: axes of equal length are taken to be the same axis (B, N and M of a layer).
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
from handgrad.gradcheck.engine.code_under_test import CodeUnderTest
from handgrad.gradcheck.engine.small_cases import (
    SmallCase,
    axis_lengths,
    digit_point,
    gaussian_point,
    small_case,
)
from handgrad.languages import Text

MOST_SIZES = 4
"""Sizes are reduced only if the arrays have at most so many different ones."""
MOST_CASES = 24
SEARCH_SIZES = ((4, 3, 2, 5), (3, 5, 4, 2), (5, 2, 3, 4))
"""The lengths of axes in the cases of the search: all different, so that no two axes are confused."""


@dataclass(frozen=True, eq=False)
class GradientExplanation:
    """What is known about wrong gradients.

    Attributes:
        computed: gradient → the expression that gives it in every small case.
        counterexample: the smallest case that fails, as JSON.
    """

    computed: Mapping[str, str] = field(default_factory=dict)
    counterexample: Mapping[str, Any] | None = None


def explain_gradients(
    subject: CodeUnderTest, wrong: list[str], rng: np.random.Generator
) -> GradientExplanation:
    """The expressions that wrong gradients compute, and the smallest case in which they are wrong.

    Args:
        subject: the code; only code that computes in float64 is explained.
        wrong: the primals whose gradients are wrong.
        rng: draws the cases.
    """
    if not wrong or subject.dtype != "float64":
        return GradientExplanation()
    lengths = axis_lengths(subject.point)
    cases = _search_cases(subject, lengths, wrong, rng)
    computed = {}
    for name in wrong:
        text = _expression(subject, cases, name)
        if text is not None:
            computed[subject.gradient_names[name]] = text
    return GradientExplanation(computed, _counterexample(subject, lengths, wrong, rng))


def _search_cases(
    subject: CodeUnderTest, lengths: list[int], wrong: list[str], rng: np.random.Generator
) -> list[SmallCase]:
    """Cases at reduced sizes; at the given sizes if the code does not run at others."""
    cases: list[SmallCase] = []
    for sizes in SEARCH_SIZES:
        if len(lengths) <= MOST_SIZES:
            chosen = dict(zip(lengths, sizes, strict=False))
            case = small_case(subject, gaussian_point(subject.point, chosen, rng), wrong, rng)
            if case is not None:
                cases.append(case)
    if cases:
        return cases
    tried = (small_case(subject, gaussian_point(subject.point, {}, rng), wrong, rng) for _ in "12")
    return [case for case in tried if case is not None]


def _expression(subject: CodeUnderTest, cases: list[SmallCase], name: str) -> str | None:
    """The expression that gives a wrong gradient in every case, of which there must be two."""
    if len(cases) < 2 or name not in cases[0].right:
        return None
    called = subject.gradient_names[name]
    compared = [_compared(subject, case, name, number) for number, case in enumerate(cases, 1)]
    found = find_expression(compared)
    return None if found is None or found.text == called else found.text


def _compared(subject: CodeUnderTest, case: SmallCase, name: str, number: int) -> ComparedArray:
    trial = _trial(subject, case, number)
    called = subject.gradient_names[name]
    received = Received.of(case.received[name])
    return ComparedArray(called, trial, received, compare(received, case.right[name]))


def _trial(subject: CodeUnderTest, case: SmallCase, number: int = 1) -> Trial:
    """A small case as a trial of the diagnosis, whose search and counterexample are used here."""
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


def _counterexample(
    subject: CodeUnderTest, lengths: list[int], wrong: list[str], rng: np.random.Generator
) -> Mapping[str, Any] | None:
    """The smallest case in which all these gradients are wrong, else the first in which one is."""
    first = None
    for chosen in itertools.islice(_small_sizes(lengths), MOST_CASES):
        point = digit_point(subject.point, chosen, rng)
        case = small_case(subject, point, wrong, rng, has_plain_dout=True)
        if case is not None and case.wrong:
            first = first or case
            if len(case.wrong) == len(wrong):
                return _case_json(subject, case)
    return None if first is None else _case_json(subject, first)


def _small_sizes(lengths: list[int]) -> Iterator[dict[int, int]]:
    """Growing lengths for the axes, then the lengths as they are."""
    if len(lengths) <= MOST_SIZES:
        tried = itertools.product((1, 2), repeat=len(lengths))
        for sizes in sorted(tried, key=lambda sizes: (sum(sizes), sizes)):
            yield {n: min(n, k) for n, k in zip(lengths, sizes, strict=True)}
    yield {n: n for n in lengths}


def _case_json(subject: CodeUnderTest, case: SmallCase) -> Mapping[str, Any]:
    trial = _trial(subject, case)
    compared = tuple(_compared(subject, case, name, 1) for name in case.wrong)
    if "x" in case.point:
        fields = as_json(Counterexample(trial, compared).fields())
        return {key: fields[key] for key in ("sizes", "inputs", "received", "expected")}
    return {
        "sizes": {name: list(array.shape) for name, array in case.point.items()},
        "inputs": {name: as_plain(value) for name, value in trial.case.inputs.items()},
        "received": {one.array: as_plain(one.received.array) for one in compared},
        "expected": {one.array: as_plain(trial.expected[one.array]) for one in compared},
    }
