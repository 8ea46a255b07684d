"""Checks inputs of exactly zero, and inputs so large that an exponential overflows.

A gradient that divides by its input is right for all Gaussian inputs and fails at 0, which no
distribution draws. Points at which the function is not differentiable (a jump of the slope, an infinite
slope) or at which forward is not finite are skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array, CodeUnderTest, Outputs, Point
from handgrad.gradcheck.engine.code_wrappers import AtOtherPoint
from handgrad.gradcheck.findings import ArrayReport, Finding
from handgrad.languages import Text

LARGE = 1000.0
"""exp overflows above 710 in float64 and above 89 in float32."""
SHARE_OF_ZEROS = 0.25
STEPS = (0.4, 0.5)
"""Exponents: differences over ε^0.4 and ε^0.5 times max(1, largest entry) show whether there is a
derivative. Smaller steps are dominated by rounding, larger ones by curvature."""
AGREE = 1e-2
"""The accepted difference of two measurements of one slope, relative to the largest slope."""
NOTHING = 1e-10
"""A smaller error is rounding: at special points the terms that cancel may be of any size."""


@dataclass(frozen=True)
class SpecialPoint:
    """An input point that ordinary draws never reach.

    Attributes:
        condition: how its inputs differ from those given, as a clause.
        point: the inputs.
    """

    condition: Text
    point: Point


def special_points(point: Point, rng: np.random.Generator) -> Iterator[SpecialPoint]:
    """The special points for an input point; every number keeps its sign or becomes zero.

    >>> near = special_points({"x": np.array([2.0, -3.0])}, np.random.default_rng(0))
    >>> [int((special.point["x"] == 0).sum()) for special in near]
    [1, 1, 0]
    """
    zero = Text(zh="每个数组有一个元素恰好为 0", en="one entry of every array is exactly 0")
    yield SpecialPoint(zero, {name: _with_zeros(x, 0.0, rng) for name, x in point.items()})
    zeros = Text(zh="四分之一的元素恰好为 0", en="a quarter of the entries are exactly 0")
    yield SpecialPoint(
        zeros, {name: _with_zeros(x, SHARE_OF_ZEROS, rng) for name, x in point.items()}
    )
    large = Text(zh="元素的绝对值在 1000 左右", en="entries are about ±1000")
    yield SpecialPoint(large, {name: _large(x, rng) for name, x in point.items()})


def special_point_findings(
    subject: CodeUnderTest,
    rng: np.random.Generator,
    values_of: Callable[[CodeUnderTest], tuple[ArrayReport, ...]],
) -> Iterator[Finding]:
    """At most one finding for each array that is wrong at a special point.

    Args:
        subject: code that is right at its own input point.
        rng: draws the special points.
        values_of: the verdicts on the values at another input point.
    """
    found: set[str] = set()
    for special in special_points(subject.point, rng):
        there = AtOtherPoint(subject, special.point)
        with np.errstate(all="ignore"):  # overflow is expected here
            if not _is_defined(there):
                continue
            for array in values_of(there):
                if array.name not in found and _is_wrong(there, array, rng):
                    found.add(array.name)
                    yield _finding(special, array)


def _is_wrong(subject: CodeUnderTest, array: ArrayReport, rng: np.random.Generator) -> bool:
    """Whether a gradient is wrong at a point where the derivative exists."""
    if array.verdict != "wrong" or array.error <= NOTHING:
        return False
    return _is_linear(subject, array.of, rng)


def _is_defined(subject: CodeUnderTest) -> bool:
    outputs = _outputs(subject, subject.point)
    return outputs is not None and all(np.isfinite(y).all() for y in outputs)


def _outputs(subject: CodeUnderTest, point: Point) -> Outputs | None:
    try:
        return subject.new_instance().forward({name: np.array(x) for name, x in point.items()})
    except Exception:  # noqa: BLE001 -- a function may raise anything outside its domain
        return None


def _is_linear(subject: CodeUnderTest, name: str, rng: np.random.Generator) -> bool:
    """Whether the outputs are locally linear in one array, so that a derivative exists.

    Slopes along v, w and v + w, on both sides and for two step sizes, must agree. Where the slope
    jumps, the sides differ; where it is infinite, the step sizes do. Where three entries are equal,
    their median has the same slope on both sides in every direction, but the slopes do not add up.
    """
    outputs = _outputs(subject, subject.point)
    shape = subject.point[name].shape
    v, w = rng.standard_normal(shape), rng.standard_normal(shape)
    if outputs is None:
        return False
    precision = max(
        float(np.finfo(np.result_type(y, np.float16)).eps) for y in (subject.point[name], *outputs)
    )
    measured = [
        [_slopes(subject, name, step, direction, outputs) for direction in (v, w, v + w)]
        for step in (sign * precision**exponent for exponent in STEPS for sign in (1, -1))
    ]
    if any(not np.isfinite(slope).all() for slopes in measured for slope in slopes):
        return False
    stacked: Array = np.array(measured)  # (step and side, direction, output)
    largest = np.abs(stacked).max(initial=0.0)
    spread = np.ptp(stacked, axis=0).max(initial=0.0)
    excess = np.abs(stacked[:, 0] + stacked[:, 1] - stacked[:, 2]).max(initial=0.0)
    return bool(max(spread, excess) <= AGREE * largest)


def _slopes(
    subject: CodeUnderTest, name: str, step: float, direction: Array, outputs: Outputs
) -> Array:
    """The slope of every output along a direction, on one side; NaN if forward raises."""
    given = subject.point[name]
    size = step * max(1.0, float(np.abs(given).max(initial=0.0)))
    moved = _outputs(
        subject, {**subject.point, name: (given + size * direction).astype(given.dtype)}
    )
    if moved is None:
        return np.array([np.nan])
    pairs = zip(moved, outputs, strict=True)
    return np.concatenate([np.ravel(b - a) / size for b, a in pairs]).astype(np.float64)


def _finding(special: SpecialPoint, array: ArrayReport) -> Finding:
    plain = Text(zh="{name} 不对。", en="{name} is wrong.").format(name=array.name)
    sentence = array.reason or plain
    if array.wrong_entries:
        entry = array.wrong_entries[0]
        sentence = Text(
            zh="{name}[{index}] 应为 {expected:.6g}，收到的是 {received:.6g}。",
            en="{name}[{index}] should be {expected:.6g}; got {received:.6g}.",
        ).format(
            name=array.name,
            index=", ".join(map(str, entry.index)),
            expected=entry.expected,
            received=entry.received,
        )
    message = Text(zh="当{condition}时：{sentence}", en="Where {condition}: {sentence}")
    return Finding(
        "corner",
        "wrong",
        message.format(condition=special.condition, sentence=sentence),
        array=array.name,
    )


def _with_zeros(array: Array, share: float, rng: np.random.Generator) -> Array:
    if array.dtype.kind != "f" or not array.size:
        return array
    chosen = rng.random(array.shape) < share
    chosen.flat[rng.integers(array.size)] = True
    return np.where(chosen, 0, array).astype(array.dtype)


def _large(array: Array, rng: np.random.Generator) -> Array:
    if array.dtype.kind != "f":
        return array
    sizes = LARGE * rng.uniform(0.8, 1.2, size=array.shape)
    return (np.sign(array) * sizes).astype(array.dtype)
