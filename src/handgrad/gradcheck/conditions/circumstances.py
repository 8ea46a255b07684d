"""A backward pass whose arrays lie in memory as those of its own tests never do.

Nothing is differentiated here: the same numbers must give the same gradients however they lie.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from handgrad.gradcheck.conditions.agreement import difference, furthest, largest, scales
from handgrad.gradcheck.conditions.layouts import SLIDING_WINDOW, Layout, laid_out
from handgrad.gradcheck.conditions.poison import numpy_memory_poisoned
from handgrad.gradcheck.engine.runs import copies
from handgrad.gradcheck.engine.subject import Array, Live, Outputs, Point, Subject
from handgrad.gradcheck.report.report import Finding
from handgrad.languages import Text

Placed = Mapping[str, tuple[Array, Array]]
"""Name → an array in some layout, and its contiguous twin."""


class Refusal(Exception):
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
        outputs, gradients = run_at(subject, point, douts)
        return cls(subject, douts, outputs, gradients)

    def disagreement(self, one: Result, other: Result) -> tuple[str, float] | None:
        """What is furthest off between two runs: an output, or a gradient."""
        among = [array.dtype for array in self.subject.point.values()]
        for number, (got, want) in enumerate(zip(one[0], other[0], strict=True), 1):
            off = difference(got, want, largest(self.outputs[number - 1]), among)
            if off is not None:
                return (f"output {number}" if len(one[0]) > 1 else "y"), off
        found = furthest(one[1], other[1], scales(self.gradients), among=among)
        return None if found is None else (self.subject.gradient_names[found[0]], found[1])


Result = tuple[Outputs, Mapping[str, Array | None]]


def run_at(subject: Subject, point: Point, douts: Outputs) -> Result:
    """Forward and backward on a fresh instance, warnings unheard.

    Raises:
        Refusal: the code under check raised.
    """
    with quietly():
        return _run_as_it_is(subject, point, douts)


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """No warning is heard: here they are about our own doings."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _run_as_it_is(subject: Subject, point: Point, douts: Outputs) -> Result:
    live: Live = subject.live()
    try:
        outputs = tuple(np.array(y) for y in live.forward(point))
    except Exception as error:
        raise Refusal(error, in_forward=True) from error
    try:
        found = live.backward(douts)
        return outputs, {n: None if g is None else np.array(g) for n, g in found.items()}
    except Exception as error:
        raise Refusal(error, in_forward=False) from error


def layout_findings(subject: Subject, rng: np.random.Generator) -> Iterator[Finding]:
    """Upstream gradients and inputs that are not contiguous must change nothing."""
    plain = _Plain.of(subject, rng)
    upstream = {f"dout {i}": dout for i, dout in enumerate(plain.douts, 1)}
    names = {"dout 1": "dout"} if len(upstream) == 1 else {name: name for name in upstream}

    def with_upstream(arrays: Mapping[str, Array]) -> Result:
        douts = tuple((upstream | dict(arrays)).values())
        return run_at(subject, copies(subject.point), douts)

    def with_inputs(arrays: Mapping[str, Array]) -> Result:
        return run_at(subject, copies(subject.point) | dict(arrays), plain.douts)

    inputs = {name: subject.point[name] for name in subject.gradient_names}
    by_upstream, by_input = _by_layout(upstream), _by_layout(inputs)
    clean = set()
    for layout in by_upstream.keys() & by_input.keys():
        if layout.keeps_values:  # both at once: the same numbers, so the same gradients
            douts = {name: placed for name, (placed, _) in by_upstream[layout].items()}
            point = {name: placed for name, (placed, _) in by_input[layout].items()}
            if _is_same(plain, tuple((upstream | douts).values()), point):
                clean.add(layout)
    for by_layout, run, called in (
        (by_upstream, with_upstream, names),
        (by_input, with_inputs, {}),
    ):
        found = [
            finding
            for layout, placed in by_layout.items()
            if layout not in clean
            for finding in _layout_finding(plain, layout, placed, run, called)
        ]
        # One layout is enough to show it; the others say the same again.
        yield from sorted(found, key=lambda one: one.severity != "wrong")[:1]


def _is_same(plain: _Plain, douts: Outputs, arrays: Mapping[str, Array]) -> bool:
    """Whether arrays laid out otherwise give what the plain run gave."""
    try:
        came = run_at(plain.subject, copies(plain.subject.point) | dict(arrays), douts)
    except Refusal:
        return False
    return plain.disagreement(came, (plain.outputs, plain.gradients)) is None


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
    run: Callable[[Mapping[str, Array]], Result],
    names: Mapping[str, str],
) -> Iterator[Finding]:
    """All arrays at once; only where that shows something, one by one."""
    together: tuple[str, float] | Refusal | None = None
    for several in ([*placed], *([name] for name in placed)):
        try:
            expected = run({name: placed[name][1] for name in several})
        except Refusal:
            return  # these values are refused contiguous, too
        found = _compared(plain, run, {name: placed[name][0] for name in several}, expected)
        if found is None:
            if len(several) == len(placed):
                return
            continue
        if len(several) == 1:
            yield _told(layout, names.get(several[0], several[0]), found)
            return
        together = found  # alone none may show it: the code differs between runs, say
    yield _told(layout, ", ".join(names.get(name, name) for name in placed), together)


def _compared(
    plain: _Plain,
    run: Callable[[Mapping[str, Array]], Result],
    arrays: Mapping[str, Array],
    expected: Result,
) -> tuple[str, float] | Refusal | None:
    try:
        return plain.disagreement(run(arrays), expected)
    except Refusal as refusal:
        return None if refusal.is_read_only else refusal


def _told(layout: Layout, name: str, found: tuple[str, float] | Refusal | None) -> Finding:
    kind = "dout-layout" if name.startswith("dout") else "input-layout"
    if isinstance(found, Refusal):
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
        found = run_at(subject, copies(subject.point), plain.douts)
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
