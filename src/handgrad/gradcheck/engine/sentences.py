"""The sentences with which the engine explains its verdicts, in both languages."""

from __future__ import annotations

from handgrad.gradcheck.findings import METHOD_NAMES, Method
from handgrad.languages import Text

NOT_LINEAR = Text(
    zh="{name} 不是 dout 的线性函数：把 dout 乘以 −0.5，{name} 并没有乘以 −0.5。"
    "backward 里有对 dout 的判断（如 dout > 0），或者漏乘了 dout，都会这样。",
    en="{name} is not linear in dout: multiplying dout by −0.5 does not multiply {name} by −0.5. Check "
    "backward for a condition on dout (dout > 0), or for a missing factor dout.",
)
EMPTY = Text(
    zh="这个数组没有元素，只检查了形状。",
    en="This array has no entries; only its shape was checked.",
)
NO_SLOPE = Text(
    zh="在这一点测不出导数：换一个步长，结果就不同，或者输出不是有限数。"
    "forward 内部的精度可能比看上去低（float32、取整、没有收敛的迭代）。"
    "请换一组输入，或用 tolerance= 指定容许的相对误差。",
    en="No slope can be measured at this input point: steps of different sizes disagree, or outputs are "
    "not finite. Forward may lose precision inside (float32, rounding, an iteration that stops early). "
    "Try other inputs, or pass the relative error to accept as tolerance=.",
)
TOO_COARSE = Text(
    zh="测量的误差界 {bound} 相对于梯度的大小 {size} 太大。请用 float64 检查，或换一组大小适中的输入。",
    en="The error bound of the measurement, {bound}, is too large compared with the gradient's size, "
    "{size}. Check in float64, or use inputs of moderate size.",
)
UNSTEADY = Text(
    zh="同样的输入，输出每次都不同，无法测量导数。",
    en="The output differs from run to run for the same inputs, so no slope can be measured.",
)
FEWER_DIGITS = Text(
    zh="同样的代码在 {wider} 下正确，在 {dtype} 下的误差超出了舍入误差的范围。",
    en="The same code is right in {wider}; in {dtype} its error exceeds what rounding explains.",
)
NOT_AS_REFERENCE = Text(
    zh="与参考实现的差超出了舍入误差的范围。",
    en="The difference from the reference exceeds what rounding explains.",
)
LOSES_MORE = Text(
    zh="误差是参考实现在同一类型下的数倍：中间结果的精度不够（例如用半精度累加）。",
    en="The errors are several times those of the reference in the same type: an intermediate result "
    "has too little precision (for example a sum accumulated in half precision).",
)
SATURATED = Text(
    zh="梯度太小（饱和）：差异与量级为 1 的数的舍入误差相当，可能只是舍入。请换一组大小适中的输入。",
    en="The gradient is so small (saturated) that rounding of numbers of order one can explain the "
    "difference. Use inputs of moderate size.",
)
COMPLEX_ALONE = Text(
    zh="只有复数步长法测出了差异，实数差分的精度不足以确认：差异可能来自 forward 中不适用于复数的运算。",
    en="Only the complex step shows a difference, and real differences are not precise enough to "
    "confirm it. It may come from an operation in forward that is not valid for complex numbers.",
)
COMPLEX_STEP_INVALID = Text(
    zh="forward 接受复数，但复数步长法在这里给出错误的导数（例如用了 abs、norm、var），因此改用实数差分。",
    en="Forward accepts complex numbers, but a complex step gives wrong derivatives here (through abs, "
    "norm, var or the like), so real differences were used.",
)
LEFT_OUT = Text(
    zh="{outputs} 个输出中有 {near} 个离不可导点太近，没有计入。",
    en="{near} of {outputs} outputs are too close to a non-differentiable point and were left out.",
)
NONDIFFERENTIABLE = Text(
    zh="{outputs} 个输出中有 {count} 个在这一点不可导（第一个是输出{place}）：不同方向的斜率互相矛盾，"
    "任何次梯度都可能是对的。其余输出都已检查。请换一组避开不可导点的输入。",
    en="{count} of {outputs} outputs are not differentiable at this input point (first: output{place}): "
    "slopes in different directions contradict each other, and any subgradient may be right. All other "
    "outputs were checked. Use inputs away from non-differentiable points.",
)
DIRECTIONS = Text(zh="{method}；{count} 个高斯方向。", en="{method}; {count} Gaussian directions.")


def how_measured(method: Method, directions: int) -> Text:
    """The method, and the number of directions."""
    return DIRECTIONS.format(method=METHOD_NAMES[method], count=directions)


def nondifferentiable(count: int, outputs: int, place: tuple[int, tuple[int, ...]]) -> Text:
    """How many outputs are not differentiable at the input point, and the place of the first."""
    return NONDIFFERENTIABLE.format(count=count, outputs=outputs, place=output_place(*place))


def output_place(number: int, index: tuple[int, ...]) -> str:
    """The place of an output entry, to follow the word *output*.

    >>> output_place(0, (2, 3)), output_place(1, ())
    (' [2, 3]', ' 1')
    """
    return (f" {number}" if number else "") + (f" {list(index)}" if index else "")
