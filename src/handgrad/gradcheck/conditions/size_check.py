"""The engine's verdict where axes have other lengths: around the edges of tiles, one, none.

Each axis is tried alone at one length; those that may change then change together, each to another
length, so that few runs see them all. Only where something is found each is tried alone again, and
the engine says which array is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from handgrad.gradcheck.conditions.axis_lengths import (
    EMPTY,
    PROBE_LENGTH,
    TILE_EDGES,
    AxisGroup,
    axis_groups,
    is_small,
    length_combinations,
    redrawn,
    resized,
)
from handgrad.gradcheck.conditions.baseline_run import CodeRaised, without_warnings
from handgrad.gradcheck.conditions.differences import rounding_tolerance
from handgrad.gradcheck.engine.code_under_test import Array, CodeUnderTest, Outputs
from handgrad.gradcheck.engine.code_wrappers import AtOtherPoint
from handgrad.gradcheck.engine.runs import copies
from handgrad.gradcheck.findings import ArrayReport, Finding
from handgrad.languages import Text

MOST_ENTRIES = 1 << 14
"""A larger point is not examined at other sizes: what runs long there is its author's to choose."""

Severity = Literal["wrong", "cannot-tell", "note"]
JointCheck = Callable[[CodeUnderTest, Sequence[str], float], bool]
"""Whether nothing is suspicious in a subject's named arrays, errors below a share of them let be."""


@dataclass(frozen=True, eq=False)
class ResizedRun:
    """The code run at other sizes.

    Attributes:
        subject: at those sizes.
        outputs: of forward.
        gradients: of backward.
        refusal: what backward raised.
    """

    subject: AtOtherPoint
    outputs: Outputs
    gradients: Mapping[str, Array | None] = field(default_factory=dict)
    rejection_error: CodeRaised | None = None


def size_findings(
    subject: CodeUnderTest,
    rng: np.random.Generator,
    examine: Callable[[CodeUnderTest], Sequence[ArrayReport]],
    *,
    joint_check: JointCheck = lambda subject, names, share: False,
    may_change: Callable[[AxisGroup], bool] = lambda family: True,
) -> Iterator[Finding]:
    """The engine's verdict where axes have lengths around the edges of tiles, one, or none.

    Args:
        subject: what was found right at its own point.
        rng: draws the points of other sizes.
        examine: the engine, values only.
        glance: a cheaper look, which may be wrong in its suspicions only.
        may_change: which axes may change their length.
    """
    if sum(array.size for array in subject.point.values()) > MOST_ENTRIES:
        return
    yield from SizeCheck(subject, rng, examine, joint_check).findings(may_change)


class SizeCheck:
    """Tries one subject at other sizes; arguments as for `size_findings`."""

    def __init__(
        self,
        subject: CodeUnderTest,
        rng: np.random.Generator,
        examine: Callable[[CodeUnderTest], Sequence[ArrayReport]],
        joint_check: JointCheck,
    ) -> None:
        self.subject = subject
        self.rng = rng
        self.examine = examine
        self.joint_check = joint_check
        self.arrays = {**subject.fixed_arrays, **subject.point}
        self.shapes = {name: array.shape for name, array in self.arrays.items()}
        with without_warnings():
            outputs = subject.new_instance().forward(copies(subject.point))
        self.usual = [y.shape for y in outputs]

    def findings(self, may_change: Callable[[AxisGroup], bool]) -> Iterator[Finding]:
        """At most one finding for axes of one length."""
        free: list[AxisGroup] = []
        for family in axis_groups(self.shapes):
            if not self._may_be_redrawn(family) or not may_change(family):
                continue
            found, is_free = self._alone(family, (PROBE_LENGTH,))
            if found is not None:
                yield found
            elif is_free:
                free.append(family)
        others = [length for length in TILE_EDGES if length != PROBE_LENGTH]
        if len(free) < 2 or not self._is_clean_mixed(free, others):
            for family in list(free):
                found, _ = self._alone(family, others)
                if found is not None:
                    yield found
                    free.remove(family)
        for family in free:
            found, _ = self._alone(family, (EMPTY,))
            if found is not None:
                yield found

    def _may_be_redrawn(self, family: AxisGroup) -> bool:
        """Whether arrays beside may have other entries: a permutation or offsets would be none then."""
        fixed_arrays = {name for name, _ in family.axes} & set(self.subject.fixed_arrays)
        whole = (self.arrays[n] for n in fixed_arrays if self.arrays[n].dtype.kind in "iu")
        return not any(a.size > 1 and len(np.unique(a)) == a.size for a in whole)

    def _is_clean_mixed(self, free: Sequence[AxisGroup], others: Sequence[int]) -> bool:
        """Whether nothing is suspicious where several axes change together."""
        for lengths in length_combinations(self.shapes, [family.length for family in free], others):
            tried = self._tried(lengths)
            if tried is None or self._what(tried) is not None:
                return False
        return True

    def _alone(self, family: AxisGroup, lengths: Sequence[int]) -> tuple[Finding | None, bool]:
        """The first finding where one family's length changes; and whether forward takes any."""
        is_free = False
        for length in lengths:
            tried = None if length == family.length else self._tried({family.length: length})
            if length == family.length or tried is None:
                is_free |= length == family.length
                continue
            is_free = True
            what = self._what(tried)
            if what is not None:
                return _finding(family, length, what), True
        return None, is_free

    def _tried(self, lengths: Mapping[int, int]) -> ResizedRun | None:
        """One forward and backward at other sizes; None where forward does not take them."""
        changed = resized(self.shapes, lengths)
        if not is_small(changed):
            return None
        drawn = {name: redrawn(self.arrays[name], changed[name], self.rng) for name in changed}
        point = {name: drawn[name] for name in self.subject.point}
        fixed_arrays = {name: drawn[name] for name in self.subject.fixed_arrays}
        code = self.subject.with_arrays(point, fixed_arrays)
        elsewhere = AtOtherPoint(code, point)
        instance = code.new_instance()
        try:
            with without_warnings():
                outputs = tuple(np.array(y) for y in instance.forward(copies(point)))
        except Exception:  # noqa: BLE001 -- the axis is part of the function, and it may say so in any way
            return None
        if not _follows_lengths(self.usual, [y.shape for y in outputs], lengths):
            return None  # something beside the arrays has the old length, and they were broadcast to it
        douts = tuple(np.asarray(self.rng.normal(size=y.shape), dtype=y.dtype) for y in outputs)
        try:
            with without_warnings():
                given = instance.backward(douts)
                gradients = {n: None if g is None else np.array(g) for n, g in given.items()}
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is told
            return ResizedRun(
                elsewhere, outputs, rejection_error=CodeRaised(error, in_forward=False)
            )
        return ResizedRun(elsewhere, outputs, gradients)

    def _what(self, tried: ResizedRun) -> tuple[Severity, Text, str | None] | None:
        """What is wrong there: severity, words, the array.

        Code that was never meant for another size may raise there, or broadcast to a shape of its own:
        that is worth a note. Numbers that are wrong are wrong.
        """
        subject, point = tried.subject, tried.subject.point
        if tried.rejection_error is not None:
            what = Text(zh="backward 抛出异常：{error}", en="backward raises: {error}")
            return "note", what.format(error=tried.rejection_error), None
        for name, gradient in tried.gradients.items():
            if gradient is not None and gradient.shape != point[name].shape:
                what = Text(
                    zh="{name} 的形状应为 {expected}，收到的是 {received}。",
                    en="{name} must have shape {expected}; got {received}.",
                ).format(
                    name=subject.gradient_names[name],
                    expected=point[name].shape,
                    received=gradient.shape,
                )
                return "note", what, name
        if _is_empty(tried):
            return None  # nothing to measure
        return self._wrong(tried)

    def _wrong(self, tried: ResizedRun) -> tuple[Severity, Text, str | None] | None:
        """What the engine says, where a glance does not find everything in order."""
        # What tiles get wrong is not a rounding error: half of the digits are asked for, no more.
        share = rounding_tolerance(*(array.dtype for array in tried.subject.point.values()))
        gradients = {name: g for name, g in tried.gradients.items() if g is not None}
        given = list(gradients)
        with without_warnings():
            finite = all(np.isfinite(gradient).all() for gradient in gradients.values())
            if given and finite and self.joint_check(tried.subject, given, share):
                return None
            wrong = next(
                (
                    array
                    for array in self.examine(tried.subject)
                    if array.verdict == "wrong" and not array.error <= share * array.size
                ),
                None,
            )
        if wrong is None:
            return None
        if not finite and not any(y.any() for y in tried.outputs):
            what = Text(
                zh="{name} 不是有限数；那里的输出全是 0（如单个数的标准差）。",
                en="{name} is not finite; every output is 0 there (as a deviation of one number is).",
            ).format(name=wrong.name)
            return "note", what, wrong.name
        plain = Text(zh="{name} 不对。", en="{name} is wrong.").format(name=wrong.name)
        return "wrong", wrong.reason or plain, wrong.name


def _is_empty(tried: ResizedRun) -> bool:
    return any(array.size == 0 for array in (*tried.subject.point.values(), *tried.outputs))


def _finding(family: AxisGroup, length: int, what: tuple[Severity, Text, str | None]) -> Finding:
    axes = ", ".join(f"{name}.shape[{axis}]" for name, axis in family.axes)
    text = Text(zh="当 {axes} = {length} 时：{what}", en="With {axes} = {length}: {what}")
    told = text.format(axes=axes, length=length, what=what[1])
    return Finding("size", what[0], told, array=what[2])


def _follows_lengths(
    usual: Sequence[tuple[int, ...]], now: Sequence[tuple[int, ...]], lengths: Mapping[int, int]
) -> bool:
    """Whether outputs changed as they do where nothing but the given axes decides about their shape.

    >>> _follows_lengths([(4, 3)], [(1, 3)], {4: 1}), _follows_lengths([(4, 3)], [(4, 3)], {4: 1})
    (True, False)
    """
    if not any(length in shape for length in lengths for shape in usual):
        return [*now] == [*usual]
    return any(
        len(old) == len(new)
        and all(b in (a, lengths.get(a, a)) for a, b in zip(old, new, strict=True))
        and old != new
        for old, new in zip(usual, now, strict=True)
    )
