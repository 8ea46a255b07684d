"""The engine's verdict where axes have other lengths: around the edges of tiles, one, none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import numpy as np

from handgrad.checking.numeric.report import ArrayReport, Finding
from handgrad.checking.numeric.runs import copies
from handgrad.checking.numeric.subject import Outputs, Subject
from handgrad.checking.numeric.wrapped import Elsewhere
from handgrad.checking.stress.agreement import allowed
from handgrad.checking.stress.circumstances import Refusal, quietly, run_at
from handgrad.checking.stress.sizes import Family, other_sizes, redrawn
from handgrad.languages import Text

MOST_ENTRIES = 1 << 14
"""A larger point is not examined at other sizes: what runs long there is its author's to choose."""

Severity = Literal["wrong", "cannot-tell", "note"]


def size_findings(
    subject: Subject,
    rng: np.random.Generator,
    examine: Callable[[Subject], Sequence[ArrayReport]],
    *,
    may_change: Callable[[Family], bool] = lambda family: True,
) -> Iterator[Finding]:
    """The engine's verdict where axes have lengths around the edges of tiles, one, or none.

    Args:
        subject: what was found right at its own point.
        rng: draws the points of other sizes.
        examine: the engine, values only.
        may_change: which axes may change their length.
    """
    shapes = {name: array.shape for name, array in subject.point.items()}
    if sum(array.size for array in subject.point.values()) > MOST_ENTRIES:
        return
    told: set[int] = set()
    with quietly():
        usual = [y.shape for y in subject.live().forward(copies(subject.point))]
    for family, length, changed in other_sizes(shapes):
        if family.length in told or not may_change(family):
            continue  # one finding for a family of axes
        point = {name: redrawn(subject.point[name], changed[name], rng) for name in shapes}
        elsewhere = Elsewhere(subject, point)
        try:
            with quietly():
                outputs = subject.live().forward(point)
        except Exception:  # noqa: BLE001 -- the axis is part of the function, and it may say so in any way
            continue
        if not _follow(usual, [y.shape for y in outputs], family.length, length):
            continue  # something beside the arrays has the old length, and they were broadcast to it
        with quietly():
            finding = _at_another_size(elsewhere, outputs, rng, examine)
        if finding is not None:
            told.add(family.length)
            axes = ", ".join(f"{name}.shape[{axis}]" for name, axis in family.axes)
            yield Finding(
                "size",
                finding[0],
                Text(
                    zh="当 {axes} = {length} 时：{what}", en="With {axes} = {length}: {what}"
                ).format(axes=axes, length=length, what=finding[1]),
                array=finding[2],
            )


def _follow(
    usual: Sequence[tuple[int, ...]], now: Sequence[tuple[int, ...]], before: int, after: int
) -> bool:
    """Whether outputs changed as they do where nothing but the given axes decides about their shape.

    >>> _follow([(4, 3)], [(1, 3)], 4, 1), _follow([(4, 3)], [(4, 3)], 4, 1)
    (True, False)
    """
    if not any(before in shape for shape in usual):
        return [*now] == [*usual]
    return any(
        len(old) == len(new)
        and all(b in (a, after if a == before else a) for a, b in zip(old, new, strict=True))
        and old != new
        for old, new in zip(usual, now, strict=True)
    )


def _at_another_size(
    subject: Elsewhere,
    outputs: Outputs,
    rng: np.random.Generator,
    examine: Callable[[Subject], Sequence[ArrayReport]],
) -> tuple[Severity, Text, str | None] | None:
    """What is wrong there: severity, words, the array.

    Code that was never meant for another size may raise there, or broadcast to a shape of its own:
    that is worth a note. Numbers that are wrong are wrong.
    """
    douts = tuple(np.asarray(rng.normal(size=y.shape), dtype=y.dtype) for y in outputs)
    try:
        _, gradients = run_at(subject, subject.point, douts)
    except Refusal as refusal:
        what = Text(zh="{where} 抛出异常：{error}", en="{where} raises: {error}")
        where = "forward" if refusal.in_forward else "backward"
        return "note", what.format(where=where, error=refusal), None
    for name, primal in subject.point.items():
        gradient = gradients.get(name)
        if gradient is not None and gradient.shape != primal.shape:
            what = Text(
                zh="{name} 的形状应为 {expected}，收到的是 {received}。",
                en="{name} must have shape {expected}; got {received}.",
            ).format(
                name=subject.gradient_names[name],
                expected=primal.shape,
                received=gradient.shape,
            )
            return "note", what, name
    if any(array.size == 0 for array in (*subject.point.values(), *outputs)):
        return None  # nothing to measure
    # What tiles get wrong is not a rounding error: half of the digits are asked for, no more.
    share = allowed(*(array.dtype for array in subject.point.values()))
    wrong = next(
        (a for a in examine(subject) if a.verdict == "wrong" and not a.error <= share * a.size),
        None,
    )
    if wrong is None:
        return None
    plain = Text(zh="{name} 不对。", en="{name} is wrong.").format(name=wrong.name)
    return "wrong", wrong.reason or plain, wrong.name
