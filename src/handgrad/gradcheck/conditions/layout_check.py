"""Checks that gradients do not depend on the memory layout of inputs and upstream gradients.

Nothing is differentiated here: the same numbers must give the same gradients in every layout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from handgrad.gradcheck.conditions.baseline_run import BaselineRun, CodeRaised, Result, run_at
from handgrad.gradcheck.conditions.memory_layouts import SLIDING_WINDOW, MemoryLayout, laid_out
from handgrad.gradcheck.engine.code_under_test import Array, CodeUnderTest, Outputs
from handgrad.gradcheck.engine.runs import copies
from handgrad.gradcheck.findings import Finding
from handgrad.languages import Text

Placed = Mapping[str, tuple[Array, Array]]
"""Name → an array in some layout, and a contiguous copy of it."""
RunWith = Callable[[Mapping[str, Array]], Result]
"""Runs the code with these arrays in place of the contiguous ones."""


def layout_findings(subject: CodeUnderTest, rng: np.random.Generator) -> Iterator[Finding]:
    """At most one finding about upstream gradients and one about inputs that are not contiguous."""
    baseline = BaselineRun.of(subject, rng)
    upstream = {f"dout {i}": dout for i, dout in enumerate(baseline.douts, 1)}
    names = {"dout 1": "dout"} if len(upstream) == 1 else {name: name for name in upstream}

    def with_upstream(arrays: Mapping[str, Array]) -> Result:
        douts = tuple((upstream | dict(arrays)).values())
        return run_at(subject, copies(subject.point), douts)

    def with_inputs(arrays: Mapping[str, Array]) -> Result:
        return run_at(subject, copies(subject.point) | dict(arrays), baseline.douts)

    inputs = {name: subject.point[name] for name in subject.gradient_names}
    by_upstream, by_input = _by_layout(upstream), _by_layout(inputs)
    agreeing = set()
    for layout in by_upstream.keys() & by_input.keys():
        if layout.keeps_values:  # both at once: the same numbers, so the same gradients
            douts = {name: placed for name, (placed, _) in by_upstream[layout].items()}
            point = {name: placed for name, (placed, _) in by_input[layout].items()}
            if _agrees(baseline, tuple((upstream | douts).values()), point):
                agreeing.add(layout)
    for by_layout, run, called in (
        (by_upstream, with_upstream, names),
        (by_input, with_inputs, {}),
    ):
        found = [
            finding
            for layout, placed in by_layout.items()
            if layout not in agreeing
            for finding in _findings_of_layout(baseline, layout, placed, run, called)
        ]
        # One layout is enough to show the mistake; the others show the same.
        yield from sorted(found, key=lambda one: one.severity != "wrong")[:1]


def _agrees(baseline: BaselineRun, douts: Outputs, arrays: Mapping[str, Array]) -> bool:
    """Whether arrays in another layout give the results of the baseline run."""
    point = copies(baseline.subject.point) | dict(arrays)
    try:
        result = run_at(baseline.subject, point, douts)
    except CodeRaised:
        return False
    return baseline.disagreement(result, (baseline.outputs, baseline.gradients)) is None


def _by_layout(
    arrays: Mapping[str, Array],
) -> dict[MemoryLayout, dict[str, tuple[Array, Array]]]:
    found: dict[MemoryLayout, dict[str, tuple[Array, Array]]] = {}
    for name, array in arrays.items():
        for layout, placed, contiguous in laid_out(array):
            found.setdefault(layout, {})[name] = (placed, contiguous)
    return found


def _findings_of_layout(
    baseline: BaselineRun,
    layout: MemoryLayout,
    placed: Placed,
    run: RunWith,
    names: Mapping[str, str],
) -> Iterator[Finding]:
    """Try all arrays in the layout at once, and only if that shows a difference each alone."""
    together: tuple[str, float] | CodeRaised | None = None
    for chosen in ([*placed], *([name] for name in placed)):
        try:
            expected = run({name: placed[name][1] for name in chosen})
        except CodeRaised:
            return  # these values are refused in contiguous arrays too
        found = _difference(baseline, run, {name: placed[name][0] for name in chosen}, expected)
        if found is None:
            if len(chosen) == len(placed):
                return
            continue
        if len(chosen) == 1:
            yield _finding(layout, names.get(chosen[0], chosen[0]), found)
            return
        together = found  # no single array may show it, for example if results differ between runs
    assert together is not None
    yield _finding(layout, ", ".join(names.get(name, name) for name in placed), together)


def _difference(
    baseline: BaselineRun, run: RunWith, arrays: Mapping[str, Array], expected: Result
) -> tuple[str, float] | CodeRaised | None:
    """The largest difference between a run with these arrays and the expected result, or its error."""
    try:
        return baseline.disagreement(run(arrays), expected)
    except CodeRaised as error:
        return None if error.is_read_only else error


def _finding(layout: MemoryLayout, name: str, found: tuple[str, float] | CodeRaised) -> Finding:
    kind = "dout-layout" if name.startswith("dout") else "input-layout"
    if isinstance(found, CodeRaised):
        text = _RAISES.format(
            name=name,
            layout=layout.text,
            where="forward" if found.in_forward else "backward",
            error=found,
        )
        # A forward that refuses an input fails at once; a backward that refuses dout fails in training.
        # Overlapping rows are rare in practice, so that backward refuses them is only a note.
        is_note = found.in_forward or layout is SLIDING_WINDOW
        return Finding(kind, "note" if is_note else "wrong", text, array=name)
    array, error = found
    text = _DIFFERS.format(name=name, layout=layout.text, array=array, error=f"{error:.1g}")
    return Finding(kind, "wrong", text, array=name)


_RAISES = Text(
    zh="当 {name} 是{layout}数组时，{where} 抛出异常：{error}。请先用 np.ascontiguousarray 或 "
    ".contiguous() 整理成连续数组，或按步幅读取。",
    en="When {name} is an array {layout}, {where} raises: {error}. Make it contiguous first "
    "(np.ascontiguousarray, .contiguous()), or read it by its strides.",
)
_DIFFERS = Text(
    zh="当 {name} 是{layout}数组时，{array} 与连续数组的结果不同（相对误差 {error}）。"
    "请按步幅读取，或先整理成连续数组（np.ascontiguousarray、.contiguous()）。",
    en="When {name} is an array {layout}, {array} differs from the result for the same numbers in a "
    "contiguous array (relative error {error}). Read the array by its strides, or make it contiguous "
    "first (np.ascontiguousarray, .contiguous()).",
)
