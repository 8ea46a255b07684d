"""A backward pass in circumstances that its own tests never show: other memory, other sizes.

Nothing is differentiated for the layouts: the same numbers must give the same gradients however
they lie. At another size the engine itself is asked again.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from handgrad.checking.numeric.report import ArrayReport, Finding
from handgrad.checking.numeric.subject import Array, Live, Outputs, Point, Subject
from handgrad.checking.stress.agreement import allowed, difference, furthest, largest, scales
from handgrad.checking.stress.elsewhere import Elsewhere
from handgrad.checking.stress.layouts import SLIDING_WINDOW, Layout, laid_out
from handgrad.checking.stress.poison import numpy_memory_poisoned
from handgrad.checking.stress.sizes import other_sizes, redrawn
from handgrad.languages import Text

MOST_ENTRIES_FOR_SIZES = 1 << 14
"""A larger point is not examined at other sizes: what runs long there is its author's to choose."""

Severity = Literal["wrong", "cannot-tell", "note"]
Placed = Mapping[str, tuple[Array, Array]]
"""Name → an array in some layout, and its contiguous twin."""


class _Refusal(Exception):
    """The code under check raised."""

    def __init__(self, error: Exception, *, in_forward: bool) -> None:
        super().__init__(f"{type(error).__name__}: {error}")
        self.in_forward = in_forward
        # NumPy's read-only arrays tell of writes in place, which have a finding of their own.
        self.is_read_only = isinstance(error, ValueError) and "read-only" in str(error)


@dataclass(frozen=True)
class _Plain:
    """The run that every other is compared with."""

    subject: Subject
    douts: Outputs
    outputs: Outputs
    gradients: Mapping[str, Array | None]

    @classmethod
    def of(cls, subject: Subject, rng: np.random.Generator) -> _Plain:
        point = {name: np.array(array, order="C") for name, array in subject.point.items()}
        first = subject.live().forward(point)
        douts = tuple(np.asarray(rng.normal(size=y.shape), dtype=y.dtype) for y in first)
        outputs, gradients = _run(subject, point, douts)
        return cls(subject, douts, outputs, gradients)

    def disagreement(self, one: _Result, other: _Result) -> tuple[str, float] | None:
        """What is furthest off between two runs: an output, or a gradient."""
        for number, (got, want) in enumerate(zip(one[0], other[0], strict=True), 1):
            off = difference(got, want, largest(self.outputs[number - 1]))
            if off is not None:
                return (f"output {number}" if len(one[0]) > 1 else "y"), off
        found = furthest(one[1], other[1], scales(self.gradients))
        return None if found is None else (self.subject.gradient_names[found[0]], found[1])


_Result = tuple[Outputs, Mapping[str, Array | None]]


def _run(subject: Subject, point: Point, douts: Outputs) -> _Result:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # a warning here is about our own doings
        return _run_as_it_is(subject, point, douts)


def _run_as_it_is(subject: Subject, point: Point, douts: Outputs) -> _Result:
    live: Live = subject.live()
    try:
        outputs = tuple(np.array(y) for y in live.forward(point))
    except Exception as error:
        raise _Refusal(error, in_forward=True) from error
    try:
        found = live.backward(douts)
        return outputs, {n: None if g is None else np.array(g) for n, g in found.items()}
    except Exception as error:
        raise _Refusal(error, in_forward=False) from error


def layout_findings(subject: Subject, rng: np.random.Generator) -> Iterator[Finding]:
    """Upstream gradients and inputs that are not contiguous must change nothing."""
    plain = _Plain.of(subject, rng)
    upstream = {f"dout {i}": dout for i, dout in enumerate(plain.douts, 1)}
    names = {"dout 1": "dout"} if len(upstream) == 1 else {name: name for name in upstream}

    def with_upstream(arrays: Mapping[str, Array]) -> _Result:
        return _run(subject, subject.point, tuple((upstream | dict(arrays)).values()))

    def with_inputs(arrays: Mapping[str, Array]) -> _Result:
        return _run(subject, {**subject.point, **arrays}, plain.douts)

    inputs = {name: subject.point[name] for name in subject.gradient_names}
    for arrays, run, called in (
        (upstream, with_upstream, names),
        (inputs, with_inputs, {}),
    ):
        found = [
            finding
            for layout, placed in _by_layout(arrays).items()
            for finding in _layout_finding(plain, layout, placed, run, called)
        ]
        # One layout is enough to show it; the others say the same again.
        yield from sorted(found, key=lambda one: one.severity != "wrong")[:1]


def _by_layout(arrays: Mapping[str, Array]) -> dict[Layout, dict[str, tuple[Array, Array]]]:
    found: dict[Layout, dict[str, tuple[Array, Array]]] = {}
    for name, array in arrays.items():
        for layout, placed, twin in laid_out(array):
            found.setdefault(layout, {})[name] = (placed, twin)
    return found


def _layout_finding(
    plain: _Plain,
    layout: Layout,
    placed: Placed,
    run: Callable[[Mapping[str, Array]], _Result],
    names: Mapping[str, str],
) -> Iterator[Finding]:
    """All arrays at once; only where that shows something, one by one."""
    for several in ([*placed], *([name] for name in placed)):
        try:
            expected = run({name: placed[name][1] for name in several})
        except _Refusal:
            return  # these values are refused contiguous, too
        found = _compared(plain, run, {name: placed[name][0] for name in several}, expected)
        if found is None:
            if len(several) == len(placed):
                return
            continue
        if len(several) == 1:
            yield _told(layout, names.get(several[0], several[0]), found)
            return
    yield _told(layout, ", ".join(names.get(name, name) for name in placed), found)


def _compared(
    plain: _Plain,
    run: Callable[[Mapping[str, Array]], _Result],
    arrays: Mapping[str, Array],
    expected: _Result,
) -> tuple[str, float] | _Refusal | None:
    try:
        return plain.disagreement(run(arrays), expected)
    except _Refusal as refusal:
        return None if refusal.is_read_only else refusal


def _told(layout: Layout, name: str, found: tuple[str, float] | _Refusal | None) -> Finding:
    kind = "dout-layout" if name.startswith("dout") else "input-layout"
    if isinstance(found, _Refusal):
        # A forward that refuses an input says so at once; a backward that does is met in training.
        message = Text(
            zh="当 {name} 是{layout}数组时，{where} 抛出异常：{error}。请用 np.ascontiguousarray 或 "
            ".contiguous() 先整理，或按步长读取。",
            en="When {name} is an array {layout}, {where} raises: {error}. Make it contiguous first "
            "(np.ascontiguousarray, .contiguous()), or read it by its strides.",
        )
        where = "forward" if found.in_forward else "backward"
        text = message.format(name=name, layout=layout.text, where=where, error=found)
        # Rows that overlap are a view's business; that a backward cannot take them is said, no more.
        is_noted = found.in_forward or layout is SLIDING_WINDOW
        return Finding(kind, "note" if is_noted else "wrong", text, array=name)
    assert found is not None
    return Finding(
        kind,
        "wrong",
        Text(
            zh="当 {name} 是{layout}数组时，{array} 与连续数组时不同（相对误差 {error}）。"
            "请按步长读取，或先整理成连续的（np.ascontiguousarray、.contiguous()）。",
            en="When {name} is an array {layout}, {array} differs from what the same numbers give in a "
            "contiguous one (relative error {error}). Read it by its strides, or make it contiguous "
            "first (np.ascontiguousarray, .contiguous()).",
        ).format(name=name, layout=layout.text, array=found[0], error=f"{found[1]:.1g}"),
        array=name,
    )


def memory_findings(subject: Subject, rng: np.random.Generator) -> Iterator[Finding]:
    """Memory of ``np.empty`` holds NaN: a gradient that changes read what was never written."""
    plain = _Plain.of(subject, rng)
    with numpy_memory_poisoned():
        found = _run(subject, subject.point, plain.douts)
    off = plain.disagreement(found, (plain.outputs, plain.gradients))
    if off is not None:
        yield Finding(
            "uninitialised-memory",
            "wrong",
            Text(
                zh="{name} 读了没有写过的内存（np.empty）：内存里填 NaN 后它就变了。"
                "请用 np.zeros，或写满每一个元素。",
                en="{name} reads memory that was never written (np.empty): it changes when that memory "
                "holds NaN. Use np.zeros, or write every entry.",
            ).format(name=off[0]),
            array=off[0],
        )


def size_findings(
    subject: Subject,
    rng: np.random.Generator,
    examine: Callable[[Subject], Sequence[ArrayReport]],
) -> Iterator[Finding]:
    """The engine's verdict where axes have lengths around the edges of tiles, one, or none.

    Args:
        subject: what was found right at its own point.
        rng: draws the points of other sizes.
        examine: the engine, values only.
    """
    shapes = {name: array.shape for name, array in subject.point.items()}
    if sum(array.size for array in subject.point.values()) > MOST_ENTRIES_FOR_SIZES:
        return
    told: set[int] = set()
    for family, length, changed in other_sizes(shapes):
        if family.length in told:
            continue  # one finding for a family of axes
        point = {name: redrawn(subject.point[name], changed[name], rng) for name in shapes}
        elsewhere = Elsewhere(subject, point)
        try:
            outputs = subject.live().forward(point)
        except Exception:  # noqa: BLE001 -- the axis is part of the function, and it may say so in any way
            continue
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


def _at_another_size(
    subject: Elsewhere,
    outputs: Outputs,
    rng: np.random.Generator,
    examine: Callable[[Subject], Sequence[ArrayReport]],
) -> tuple[Severity, Text, str | None] | None:
    """What is wrong there: severity, words, the array."""
    douts = tuple(np.asarray(rng.normal(size=y.shape), dtype=y.dtype) for y in outputs)
    try:
        _, gradients = _run(subject, subject.point, douts)
    except _Refusal as refusal:
        what = Text(zh="{where} 抛出异常：{error}", en="{where} raises: {error}")
        where = "forward" if refusal.in_forward else "backward"
        return "wrong", what.format(where=where, error=refusal), None
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
            return "wrong", what, name
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
