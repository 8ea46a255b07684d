"""Small cases in which the right gradient is measured whole, entry by entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array, CodeUnderTest, Point
from handgrad.gradcheck.engine.code_wrappers import AtOtherPoint
from handgrad.gradcheck.engine.gradient_defects import defect_of
from handgrad.gradcheck.engine.root_mean_square import root_mean_square
from handgrad.gradcheck.engine.runs import Runs
from handgrad.gradcheck.engine.slopes import real_difference, steps

MOST_ENTRIES = 64
"""The largest number of entries, of all arrays together, that are measured one by one."""
WRONG = 1e-6
"""A larger error, relative to the size of the measured gradient, is wrong."""


@dataclass(frozen=True, eq=False)
class SmallCase:
    """One small case.

    Attributes:
        point: the inputs.
        dout: the upstream gradient.
        output: what forward gave.
        received: the gradients that backward gave.
        right: the measured gradients.
    """

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


def axis_lengths(point: Point) -> list[int]:
    """The different lengths of axes, in order of appearance.

    >>> axis_lengths({"x": np.zeros((4, 5)), "W": np.zeros((5, 3))})
    [4, 5, 3]
    """
    return list(dict.fromkeys(n for array in point.values() for n in array.shape if n > 0))


def gaussian_point(
    point: Point, lengths: Mapping[int, int], rng: np.random.Generator
) -> dict[str, Array]:
    """Gaussian numbers in arrays whose axes have the given new lengths."""
    return {
        name: rng.standard_normal(tuple(lengths.get(n, n) for n in array.shape))
        for name, array in point.items()
    }


def digit_point(
    point: Point, lengths: Mapping[int, int], rng: np.random.Generator
) -> dict[str, Array]:
    """Small whole numbers, none of them zero; up to five in a row are all different."""
    drawn = {}
    for name, array in point.items():
        shape = tuple(lengths.get(n, n) for n in array.shape)
        size = int(np.prod(shape))
        numbers = np.resize(rng.permutation(np.arange(1, 6)), size)
        signs = np.where(np.arange(size) % 3 == 2, -1, 1)
        drawn[name] = np.asarray(numbers * signs, dtype=np.float64).reshape(shape)
    return drawn


def small_case(
    subject: CodeUnderTest,
    point: Point,
    wrong: list[str],
    rng: np.random.Generator,
    *,
    has_plain_dout: bool = False,
) -> SmallCase | None:
    """What backward gives at a small input point, and what is right.

    None if the code does not run there, has several outputs, or is not differentiable.

    Args:
        subject: the code.
        point: the inputs.
        wrong: the primals whose gradients are measured.
        rng: draws the upstream gradient.
        has_plain_dout: use the upstream gradient 1, 2, 3, … instead.
    """
    if sum(point[name].size for name in wrong) > MOST_ENTRIES:
        return None
    runs = Runs(AtOtherPoint(subject, point))
    try:
        instance, base = runs.start()
        dout = np.arange(1.0, len(base) + 1) if has_plain_dout else rng.standard_normal(len(base))
        given = runs.backward(instance, dout)
        right = {name: _without_rounding(_gradient(runs, name, base, dout)) for name in wrong}
    except Exception:  # noqa: BLE001  (the code may raise anything at sizes it does not support)
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


def _without_rounding(gradient: Array) -> Array:
    """The gradient without the rounding errors in what should be zeros and whole numbers."""
    size = float(np.abs(gradient).max(initial=0.0)) or 1.0
    return np.asarray(np.round(gradient / size, 10) * size)


def _gradient(runs: Runs, name: str, base: Array, dout: Array) -> Array:
    """A whole gradient, entry by entry; NaN where an output is not differentiable."""
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
