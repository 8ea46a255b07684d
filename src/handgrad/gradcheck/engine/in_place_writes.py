"""Arrays that the code writes into though they are not its own, and the line that does it."""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Mapping
from types import TracebackType

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array, Instance, Outputs
from handgrad.gradcheck.engine.runs import Runs, copies
from handgrad.gradcheck.findings import Finding
from handgrad.languages import Text


def writes(runs: Runs, u: Array) -> list[Finding]:
    """One pass with every byte compared before and after; for what changed, the guilty line."""
    point = copies(runs.subject.point)
    dout = tuple(np.array(p, dtype=runs.dout_dtype) for p in runs.layout.split(u))
    instance = runs.subject.new_instance()
    with np.errstate(all="ignore"):
        outputs = instance.forward(point)
        runs.forwards += 1
        kept = tuple(np.array(y) for y in outputs)
        in_forward = _changed(point, runs.subject.point)
        before = copies(point)
        instance.backward(dout)
        runs.backwards += 1
    in_backward = _changed(point, before)
    found = [_of_input(runs, u, name, in_forward=True) for name in in_forward]
    found += [_of_input(runs, u, name, in_forward=False) for name in in_backward]
    expected = runs.layout.split(u)
    if any(not _same(a, b.astype(a.dtype)) for a, b in zip(dout, expected, strict=True)):
        found.append(_located(runs, u, None, Finding("dout-changed", "wrong", _DOUT, "dout")))
    if any(not _same(a, b) for a, b in zip(outputs, kept, strict=True)):
        found.append(Finding("output-changed", "note", _OUTPUT))
    return found


def _changed(after: Mapping[str, Array], before: Mapping[str, Array]) -> list[str]:
    return [name for name, array in after.items() if not _same(array, before[name])]


def _same(one: Array, other: Array) -> bool:
    return one.shape == other.shape and one.tobytes() == other.tobytes()


def _of_input(runs: Runs, u: Array, name: str, *, in_forward: bool) -> Finding:
    kind = "parameters-changed" if name in runs.subject.parameters else "input-changed"
    where = _FORWARD if in_forward else _BACKWARD
    told = (_INPUT if kind == "input-changed" else _PARAMETER).format(name=name, where=where)
    return _located(runs, u, name, Finding(kind, "wrong", told, name))


def _located(runs: Runs, u: Array, name: str | None, finding: Finding) -> Finding:
    """The finding with the line at which NumPy refuses to write; as it was where none does."""
    point = copies(runs.subject.point)
    dout: Outputs = tuple(np.array(p, dtype=runs.dout_dtype) for p in runs.layout.split(u))
    for array in dout if name is None else (point[name],):
        array.flags.writeable = False
    instance: Instance = runs.subject.new_instance()
    try:
        with np.errstate(all="ignore"):
            instance.forward(point)
            runs.forwards += 1
            instance.backward(dout)
            runs.backwards += 1
    except ValueError as error:  # "assignment destination is read-only"
        place = _place(error.__traceback__, runs.subject.source_files)
        if place is not None:
            file, line = place
            return Finding(
                finding.kind,
                finding.severity,
                finding.message,
                finding.array,
                file,
                line,
                linecache.getline(file, line).strip(),
            )
    return finding


def _place(trace: TracebackType | None, own: tuple[str, ...]) -> tuple[str, int] | None:
    """The innermost line of the author's own; else the innermost of all."""
    frames = [(f.filename, f.lineno or 0) for f in traceback.extract_tb(trace)]
    mine = [frame for frame in frames if frame[0] in own]
    seen = mine or frames
    return seen[-1] if seen else None


_FORWARD = Text(zh="forward", en="forward")
_BACKWARD = Text(zh="backward", en="backward")
_INPUT = Text(
    zh="{where} 改写了 {name}。它不属于这段代码：请先复制（{name} = {name}.copy()），或不用原地运算。",
    en="{where} writes into {name}, which is not its own: copy it first ({name} = {name}.copy()), or "
    "do without the in-place operation.",
)
_PARAMETER = Text(
    zh="{where} 改写了参数 {name}。更新参数是优化器的事：在 forward 和 backward 里请不要动它。",
    en="{where} changes the parameter {name}. Parameters are updated by an optimizer, outside forward "
    "and backward.",
)
_DOUT = Text(
    zh="backward 改写了调用者的 dout（例如 dout[mask] = 0）。谁还要再用 dout（残差连接、另一个分支），就会出错。"
    '请先复制；若是有意为之，请加 allow=["dout-changed"]。',
    en="backward writes into the caller's dout (like dout[mask] = 0). Whoever uses dout again, a "
    "residual connection or another branch, computes with wrong numbers. Copy it first; if it is "
    'meant so, pass allow=["dout-changed"].',
)
_OUTPUT = Text(
    zh="注意：backward 覆盖了 forward 返回的数组；下一层若保存着它，就会算错。",
    en="Note: backward overwrote the array that forward had returned; a layer that kept it would "
    "compute with wrong numbers.",
)
