"""The plain run that runs under other conditions are compared with."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from handgrad.gradcheck.conditions.differences import (
    error_scales,
    largest_difference,
    largest_magnitude,
    relative_difference,
)
from handgrad.gradcheck.engine.code_under_test import Array, CodeUnderTest, Outputs, Point
from handgrad.gradcheck.engine.runs import EPSILON

Result = tuple[Outputs, Mapping[str, Array | None]]
"""The outputs of forward, and the gradients of backward by name."""


class CodeRaised(Exception):
    """The code under check raised.

    Attributes:
        in_forward: whether forward raised; backward otherwise.
        is_read_only: whether it tried to write into a read-only array. In-place writes have a finding
            of their own.
    """

    def __init__(self, error: Exception, *, in_forward: bool) -> None:
        super().__init__(f"{type(error).__name__}: {error}")
        self.in_forward = in_forward
        self.is_read_only = isinstance(error, ValueError) and "read-only" in str(error)


@dataclass(frozen=True)
class BaselineRun:
    """One run on contiguous arrays, with Gaussian upstream gradients.

    Attributes:
        subject: the code.
        douts: the upstream gradient of each output.
        outputs: what forward gave.
        gradients: what backward gave, by name.
    """

    subject: CodeUnderTest
    douts: Outputs
    outputs: Outputs
    gradients: Mapping[str, Array | None]

    @classmethod
    def of(cls, subject: CodeUnderTest, rng: np.random.Generator) -> BaselineRun:
        """Run the code once at its own input point."""
        point = {name: np.array(array, order="C") for name, array in subject.point.items()}
        first = subject.new_instance().forward(point)
        douts = tuple(np.asarray(rng.normal(size=y.shape), dtype=y.dtype) for y in first)
        outputs, gradients = run_at(subject, point, douts)
        return cls(subject, douts, outputs, gradients)

    def disagreement(self, one: Result, other: Result) -> tuple[str, float] | None:
        """The output or gradient in which two runs differ most, and by how much; None if they agree."""
        epsilon = EPSILON.get(self.subject.dtype, 0.0)
        for number, (got, want) in enumerate(zip(one[0], other[0], strict=True), 1):
            scale = largest_magnitude(self.outputs[number - 1])
            off = relative_difference(got, want, scale, epsilon)
            if off is not None:
                return (f"output {number}" if len(one[0]) > 1 else "y"), off
        found = largest_difference(one[1], other[1], error_scales(self.gradients), epsilon=epsilon)
        return None if found is None else (self.subject.gradient_names[found[0]], found[1])


def run_at(subject: CodeUnderTest, point: Point, douts: Outputs) -> Result:
    """Forward and backward on a fresh instance, without warnings.

    Raises:
        CodeRaised: the code under check raised.
    """
    with without_warnings():
        instance = subject.new_instance()
        try:
            outputs = tuple(np.array(y) for y in instance.forward(point))
        except Exception as error:
            raise CodeRaised(error, in_forward=True) from error
        try:
            found = instance.backward(douts)
            return outputs, {n: None if g is None else np.array(g) for n, g in found.items()}
        except Exception as error:
            raise CodeRaised(error, in_forward=False) from error


@contextlib.contextmanager
def without_warnings() -> Iterator[None]:
    """Suppress warnings: under these conditions the check itself causes them."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
