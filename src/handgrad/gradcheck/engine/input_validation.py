"""Validates the inputs of a check, and what forward gives for them."""

from __future__ import annotations

import numpy as np

from handgrad.errors import CheckError
from handgrad.gradcheck.engine.code_under_test import Array, CodeUnderTest
from handgrad.gradcheck.engine.runs import OutputLayout
from handgrad.gradcheck.engine.sentences import output_place
from handgrad.languages import Text


def require_finite_inputs(subject: CodeUnderTest) -> None:
    """Require at least one entry to vary, and only finite numbers.

    Raises:
        CheckError: there is nothing to vary, or a number is not finite.
    """
    varied = {name: subject.point[name] for name in subject.gradient_names}
    if not varied:
        raise CheckError(_NOTHING_VARIED.format(name=subject.name))
    if not any(array.size for array in varied.values()):
        shapes = ", ".join(f"{name} {array.shape}" for name, array in varied.items())
        raise CheckError(_NO_ENTRIES.format(shapes=shapes))
    for name, array in subject.point.items():
        finite = np.isfinite(array)
        if not finite.all():
            index = [int(i) for i in np.argwhere(~finite)[0]]
            value = array[tuple(index)]
            raise CheckError(_INPUT_NOT_FINITE.format(name=name, index=index, value=value))


def require_outputs(base: Array, layout: OutputLayout) -> None:
    """Require an output that has entries.

    Raises:
        CheckError: the output is empty.
    """
    if not base.size:
        raise CheckError(_NO_OUTPUT.format(shapes=", ".join(map(str, layout.shapes))))


def not_finite_reason(base: Array, layout: OutputLayout) -> Text | None:
    """How many outputs are not finite, as a sentence; None if all are finite."""
    finite = np.isfinite(base)
    if finite.all():
        return None
    number, index = layout.place(int(np.argmin(finite)))
    return _OUTPUT_NOT_FINITE.format(
        count=int(np.count_nonzero(~finite)),
        outputs=len(base),
        place=output_place(number, index),
    )


_NOTHING_VARIED = Text(
    zh="{name} 没有可以求导的输入：至少要有一个浮点数组，或一个参数。整数数组请先转成浮点："
    "np.asarray(x, dtype=np.float64)。",
    en="{name} has nothing to differentiate with respect to: at least one input or parameter must be an "
    "array of floats. Convert integers first: np.asarray(x, dtype=np.float64).",
)
_NO_ENTRIES = Text(
    zh="输入没有元素，无法求导：{shapes}。每个轴至少要有一个元素。",
    en="The inputs must have entries; got {shapes}. Give every axis at least one entry.",
)
_INPUT_NOT_FINITE = Text(
    zh="输入必须是有限数；{name}{index} 是 {value}。",
    en="Inputs must be finite numbers; {name}{index} is {value}.",
)
_NO_OUTPUT = Text(
    zh="forward 的输出没有元素（形状 {shapes}），无法求导。请换一组输入。",
    en="The output of forward must have entries; got shape {shapes}. Use other inputs.",
)
_OUTPUT_NOT_FINITE = Text(
    zh="forward 在这一点的 {outputs} 个输出中有 {count} 个不是有限数（第一个是输出{place}），"
    "这里没有导数。请换一组输入。",
    en="{count} of {outputs} outputs of forward are not finite at this input point (first: "
    "output{place}), so there is no derivative. Use other inputs.",
)
