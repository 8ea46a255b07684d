"""Checks gradients at other axis lengths: around the edges of tiles, 1 and 0.

Each group of axes is first changed alone, to one length. Those that may change are then changed
together, each to a different length, so that few runs cover all of them. Only if that finds something
is each changed alone again, to report which array is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
from handgrad.gradcheck.findings import ArrayReport, Finding, Severity
from handgrad.languages import Text

MOST_ENTRIES = 1 << 14
"""Larger inputs are not checked at other sizes, as that may take long."""

JointCheck = Callable[[CodeUnderTest, Sequence[str], float], bool]
"""Whether a cheap check of a subject's named arrays finds no error above a share of the gradient."""
WhatIsWrong = tuple[Severity, Text, str | None]
"""Severity, a sentence, and the array."""


@dataclass(frozen=True, eq=False)
class ResizedRun:
    """One run at other sizes.

    Attributes:
        subject: the code at those sizes.
        outputs: of forward.
        gradients: of backward, by name.
        error: what backward raised.
    """

    subject: AtOtherPoint
    outputs: Outputs
    gradients: Mapping[str, Array | None] = field(default_factory=dict)
    error: CodeRaised | None = None


def size_findings(
    subject: CodeUnderTest,
    rng: np.random.Generator,
    values_of: Callable[[CodeUnderTest], Sequence[ArrayReport]],
    *,
    joint_check: JointCheck = lambda subject, names, share: False,
    may_change: Callable[[AxisGroup], bool] = lambda group: True,
) -> Iterator[Finding]:
    """At most one finding for axes of one length.

    Args:
        subject: code that is right at its own input point.
        rng: draws the inputs of other sizes.
        values_of: the verdicts on the values at another input point.
        joint_check: a cheap check that misses no error, and may report one that does not exist.
        may_change: which axes may change their length.
    """
    if sum(array.size for array in subject.point.values()) > MOST_ENTRIES:
        return
    yield from SizeCheck(subject, rng, values_of, joint_check).findings(may_change)


class SizeCheck:
    """Runs one subject at other sizes; arguments as for `size_findings`."""

    def __init__(
        self,
        subject: CodeUnderTest,
        rng: np.random.Generator,
        values_of: Callable[[CodeUnderTest], Sequence[ArrayReport]],
        joint_check: JointCheck,
    ) -> None:
        self.subject = subject
        self.rng = rng
        self.values_of = values_of
        self.joint_check = joint_check
        self.arrays = {**subject.fixed_arrays, **subject.point}
        self.shapes = {name: array.shape for name, array in self.arrays.items()}
        with without_warnings():
            outputs = subject.new_instance().forward(copies(subject.point))
        self.usual = [y.shape for y in outputs]

    def findings(self, may_change: Callable[[AxisGroup], bool]) -> Iterator[Finding]:
        """At most one finding for axes of one length."""
        free: list[AxisGroup] = []
        for group in axis_groups(self.shapes):
            if not self._may_be_redrawn(group) or not may_change(group):
                continue
            found, is_free = self._alone(group, (PROBE_LENGTH,))
            if found is not None:
                yield found
            elif is_free:
                free.append(group)
        others = [length for length in TILE_EDGES if length != PROBE_LENGTH]
        if len(free) < 2 or not self._is_clean_mixed(free, others):
            for group in list(free):
                found, _ = self._alone(group, others)
                if found is not None:
                    yield found
                    free.remove(group)
        for group in free:
            found, _ = self._alone(group, (EMPTY,))
            if found is not None:
                yield found

    def _may_be_redrawn(self, group: AxisGroup) -> bool:
        """Whether fixed arrays may get other entries: a permutation or offsets would become invalid."""
        fixed_arrays = {name for name, _ in group.axes} & set(self.subject.fixed_arrays)
        whole = (self.arrays[n] for n in fixed_arrays if self.arrays[n].dtype.kind in "iu")
        return not any(a.size > 1 and len(np.unique(a)) == a.size for a in whole)

    def _is_clean_mixed(self, free: Sequence[AxisGroup], others: Sequence[int]) -> bool:
        """Whether no error shows while several axes change together."""
        for lengths in length_combinations(self.shapes, [group.length for group in free], others):
            tried = self._tried(lengths)
            if tried is None or self._what_is_wrong(tried) is not None:
                return False
        return True

    def _alone(self, group: AxisGroup, lengths: Sequence[int]) -> tuple[Finding | None, bool]:
        """The first finding while one group changes, and whether forward accepts any of the lengths."""
        is_free = False
        for length in lengths:
            tried = None if length == group.length else self._tried({group.length: length})
            if length == group.length or tried is None:
                is_free |= length == group.length
                continue
            is_free = True
            what = self._what_is_wrong(tried)
            if what is not None:
                return _finding(group, length, what), True
        return None, is_free

    def _tried(self, lengths: Mapping[int, int]) -> ResizedRun | None:
        """One forward and backward at other sizes; None if forward does not accept them."""
        changed = resized(self.shapes, lengths)
        if not is_small(changed):
            return None
        drawn = {name: redrawn(self.arrays[name], changed[name], self.rng) for name in changed}
        point = {name: drawn[name] for name in self.subject.point}
        fixed_arrays = {name: drawn[name] for name in self.subject.fixed_arrays}
        code = self.subject.with_arrays(point, fixed_arrays)
        resized_code = AtOtherPoint(code, point)
        instance = code.new_instance()
        try:
            with without_warnings():
                outputs = tuple(np.array(y) for y in instance.forward(copies(point)))
        except Exception:  # noqa: BLE001 -- the code may raise anything if the length is part of the function
            return None
        if not _follows_lengths(self.usual, [y.shape for y in outputs], lengths):
            return None  # something else has the old length, and the arrays were broadcast to it
        douts = tuple(np.asarray(self.rng.normal(size=y.shape), dtype=y.dtype) for y in outputs)
        try:
            with without_warnings():
                given = instance.backward(douts)
                gradients = {n: None if g is None else np.array(g) for n, g in given.items()}
        except Exception as error:  # noqa: BLE001 -- reported, whatever it is
            return ResizedRun(resized_code, outputs, error=CodeRaised(error, in_forward=False))
        return ResizedRun(resized_code, outputs, gradients)

    def _what_is_wrong(self, tried: ResizedRun) -> WhatIsWrong | None:
        """What is wrong in a run, or None.

        Code that was not made for another size may raise or broadcast: that is a note. Only wrong
        numbers are wrong.
        """
        subject, point = tried.subject, tried.subject.point
        if tried.error is not None:
            what = Text(zh="backward 抛出异常：{error}", en="backward raises: {error}")
            return "note", what.format(error=tried.error), None
        for name, gradient in tried.gradients.items():
            if gradient is not None and gradient.shape != point[name].shape:
                what = Text(
                    zh="{name} 的形状必须是 {expected}，收到的是 {received}。",
                    en="{name} must have shape {expected}; got {received}.",
                ).format(
                    name=subject.gradient_names[name],
                    expected=point[name].shape,
                    received=gradient.shape,
                )
                return "note", what, name
        if _is_empty(tried):
            return None  # nothing to measure
        return self._wrong_values(tried)

    def _wrong_values(self, tried: ResizedRun) -> WhatIsWrong | None:
        """The first array that is wrong, if the joint check does not show that all are right."""
        # Mistakes at the edges of tiles are not rounding errors, so half of the digits are enough.
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
                    for array in self.values_of(tried.subject)
                    if array.verdict == "wrong" and not array.error <= share * array.size
                ),
                None,
            )
        if wrong is None:
            return None
        if not finite and not any(y.any() for y in tried.outputs):
            what = Text(
                zh="{name} 不是有限数；那里的输出全是 0（如单个数的标准差）。",
                en="{name} is not finite; every output is 0 there (like the standard deviation of one number).",
            ).format(name=wrong.name)
            return "note", what, wrong.name
        plain = Text(zh="{name} 不对。", en="{name} is wrong.").format(name=wrong.name)
        return "wrong", wrong.reason or plain, wrong.name


def _is_empty(tried: ResizedRun) -> bool:
    return any(array.size == 0 for array in (*tried.subject.point.values(), *tried.outputs))


def _finding(group: AxisGroup, length: int, what: WhatIsWrong) -> Finding:
    axes = ", ".join(f"{name}.shape[{axis}]" for name, axis in group.axes)
    text = Text(zh="当 {axes} = {length} 时：{what}", en="With {axes} = {length}: {what}")
    message = text.format(axes=axes, length=length, what=what[1])
    return Finding("size", what[0], message, array=what[2])


def _follows_lengths(
    usual: Sequence[tuple[int, ...]], now: Sequence[tuple[int, ...]], lengths: Mapping[int, int]
) -> bool:
    """Whether the shapes of outputs changed as they do if they depend only on the given axes.

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
