"""Finds in-place writes into arrays of the caller, and the line that writes."""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType

import numpy as np

from handgrad.gradcheck.engine.code_under_test import Array, Instance, Outputs
from handgrad.gradcheck.engine.runs import Runs, copies
from handgrad.gradcheck.findings import Finding
from handgrad.languages import Text


def writes(runs: Runs, u: Array) -> list[Finding]:
    """Compare every byte before and after one pass; for each array that changed, the line that writes."""
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
    where = "forward" if in_forward else "backward"
    message = (_INPUT if kind == "input-changed" else _PARAMETER).format(name=name, where=where)
    return _located(runs, u, name, Finding(kind, "wrong", message, name))


def _located(runs: Runs, u: Array, name: str | None, finding: Finding) -> Finding:
    """The finding with the line at which NumPy refuses to write; unchanged if no line does."""
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
            source = linecache.getline(file, line).strip()
            return replace(finding, file=file, line=line, source=source)
    return finding


def _place(trace: TracebackType | None, own: tuple[str, ...]) -> tuple[str, int] | None:
    """The innermost line in the code's own files, else the innermost of all."""
    frames = [(f.filename, f.lineno or 0) for f in traceback.extract_tb(trace)]
    mine = [frame for frame in frames if frame[0] in own]
    seen = mine or frames
    return seen[-1] if seen else None


_INPUT = Text(
    zh="{where} 改写了 {name}，而它属于调用者。请先复制（{name} = {name}.copy()），或改用非原地运算。",
    en="{where} writes into {name}, which belongs to the caller. Copy it first ({name} = {name}.copy()), "
    "or avoid the in-place operation.",
)
_PARAMETER = Text(
    zh="{where} 改写了参数 {name}。参数由优化器更新，forward 和 backward 不应改动它。",
    en="{where} changes the parameter {name}. Parameters are updated by the optimizer; forward and "
    "backward must not change them.",
)
_DOUT = Text(
    zh="backward 改写了调用者的 dout（例如 dout[mask] = 0）。其他地方（残差连接、另一个分支）再用 dout 就会算错。"
    '请先复制；如果是有意为之，请加 allow=["dout-changed"]。',
    en="backward writes into the caller's dout (for example dout[mask] = 0). Code that uses dout again, "
    "such as a residual connection or another branch, gets wrong numbers. Copy it first. If this is "
    'intended, pass allow=["dout-changed"].',
)
_OUTPUT = Text(
    zh="注意：backward 改写了 forward 返回的数组；如果下一层保存了这个数组，就会算错。",
    en="Note: backward overwrites the array that forward returned. A layer that stored it gets wrong "
    "numbers.",
)
