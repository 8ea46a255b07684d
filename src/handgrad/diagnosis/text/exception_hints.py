"""What an exception usually means: a hint for each message that Python and NumPy give learners."""

from __future__ import annotations

import numpy as np

from handgrad.diagnosis.case import Raised, Trial
from handgrad.diagnosis.text.message_patterns import matching_text
from handgrad.languages import Text

SPACE = Text(zh="", en=" ")
SHAPE = r"\([\d,]*\)"

ANY = ""
"""Any exception."""

SHAPE_HINTS: dict[str, dict[str, Text]] = {
    "ValueError": {
        r"matmul: .*?size (?P<b>\d+) is different from (?P<a>\d+)": Text(
            zh="矩阵相乘时，左边的列数 {a} 与右边的行数 {b} 不同：检查哪一个需要转置，以及两者的顺序。",
            en="In a matrix product the left factor has {a} columns and the right one {b} rows: "
            "check which of them must be transposed, and their order.",
        ),
        rf"shapes (?P<a>{SHAPE}) and (?P<b>{SHAPE}) not aligned": Text(
            zh="形状为 {a} 与 {b} 的矩阵不能相乘：检查哪一个需要转置，以及两者的顺序。",
            en="Matrices of shapes {a} and {b} cannot be multiplied: check which of them must be "
            "transposed, and their order.",
        ),
        (
            rf"operands could not be broadcast together with (?:remapped )?shapes.*?(?P<a>{SHAPE})"
            rf".*?(?P<b>{SHAPE})"
        ): Text(
            zh="形状为 {a} 与 {b} 的数组不能逐元素运算：是不是该用矩阵乘法，或者有一个要先 reshape？",
            en="Arrays of shapes {a} and {b} cannot be combined entry by entry: should this be a "
            "matrix product, or must one of them be reshaped first?",
        ),
        rf"non-broadcastable output operand with shape (?P<a>{SHAPE}) .*?(?P<b>{SHAPE})": Text(
            zh="原地修改（+=、*= 等）不能改变形状：左边的形状是 {a}，结果的形状是 {b}。",
            en="An in-place assignment (`+=`, `*=`) cannot change the shape: the left side has "
            "shape {a}, the result {b}.",
        ),
        rf"could not broadcast input array from shape (?P<a>{SHAPE}) into shape (?P<b>{SHAPE})": Text(
            zh="形状为 {a} 的数组不能赋值给形状为 {b} 的部分。",
            en="An array of shape {a} cannot be assigned to a part of shape {b}.",
        ),
        rf"cannot reshape array of size (?P<a>\d+) into shape (?P<b>{SHAPE})": Text(
            zh="{a} 个数不能 reshape 成 {b}：检查保存的是不是这一次调用的形状。",
            en="{a} numbers cannot be reshaped to {b}: check that the stored shape belongs to this "
            "call.",
        ),
        r"(?:too many|not enough) values to unpack \(expected (?:at least )?(?P<a>\d+)": Text(
            zh="等号左边有 {a} 个名字，右边的个数却不同。x.shape 有几个数，取决于 x 有几个轴。",
            en="There are {a} names on the left of the assignment and a different number of values "
            "on the right. x.shape has as many numbers as x has axes.",
        ),
        r"axes don't match array": Text(
            zh="transpose 里写的轴数与数组的轴数不同。",
            en="transpose is given a different number of axes than the array has.",
        ),
    },
    "AxisError": {
        r"axis (?P<a>-?\d+) is out of bounds for array of dimension (?P<b>\d+)": Text(
            zh="没有 axis = {a}：这个数组只有 {b} 个轴，编号从 0 开始。",
            en="There is no axis {a}: this array has {b}, numbered from 0.",
        ),
    },
    "IndexError": {
        r"tuple index out of range": Text(
            zh="下标超出了范围：shape 里有几个数，取决于数组有几个轴。",
            en="A tuple index is out of range: a shape has as many numbers as the array has axes.",
        ),
        r"index (?P<a>-?\d+) is out of bounds for axis (?P<b>\d+) with size (?P<c>\d+)": Text(
            zh="下标 {a} 超出了范围：第 {b} 个轴的长度是 {c}（轴从 0 开始编号）。",
            en="Index {a} is out of range: axis {b} has length {c} (axes are numbered from 0).",
        ),
        r"too many indices for array: array is (?P<a>\d+)-dimensional": Text(
            zh="下标太多：这个数组只有 {a} 个轴。",
            en="There are too many indices: this array has only {a} axes.",
        ),
        r"boolean index did not match": Text(
            zh="掩码（mask）与数组的形状不同：mask 可能是另一次调用留下的，或者其中一个的形状被改过。",
            en="The mask and the array have different shapes: the mask may come from another call, "
            "or one of the two was reshaped.",
        ),
    },
}
"""Hints that the shapes of the case's inputs make clearer: by exception, what its message matches."""

HINTS: dict[str, dict[str, Text]] = {
    "ValueError": {
        r"matmul: Input operand \d does not have enough dimensions": Text(
            zh="矩阵乘法的一个因子只是一个数：乘以一个数用 *。",
            en="One factor of a matrix product is a single number: use `*` to multiply by a "
            "number.",
        ),
        r"truth value of an array": Text(
            zh="if、and、or 不能直接用于数组：逐元素的选择用掩码（mask）或 np.where。",
            en="`if`, `and` and `or` do not work on arrays: to choose entry by entry, use a mask "
            "or np.where.",
        ),
        r"setting an array element with a sequence": Text(
            zh="数组的一个元素只能是一个数，这里却赋了一串数。",
            en="An entry of an array holds one number; here several are assigned to it.",
        ),
    },
    "NameError": {
        r"name 'np' is not defined": Text(
            zh="文件开头缺少 import numpy as np。",
            en="The line `import numpy as np` is missing at the top of the file.",
        ),
        r"name 'dx' is not defined": Text(
            zh="模板最后会 return dx：请在 Begin 和 End 之间给 dx 赋值。",
            en="The template's last line returns dx: assign dx between Begin and End.",
        ),
        r"name '(?P<a>\w+)' is not defined": Text(
            zh="没有名为 {a} 的变量：是拼写错了，还是前面少了 self.？",
            en="There is no variable {a}: is it misspelled, or is `self.` missing before it?",
        ),
    },
    "UnboundLocalError": {
        r"variable '(?P<a>\w+)'": Text(
            zh="{a} 在赋值之前就被用到了：检查是不是每个分支都给它赋了值。",
            en="{a} is used before it is assigned: check that every branch of the method assigns "
            "it.",
        ),
    },
    "AttributeError": {
        r"'NoneType' object has no attribute '(?P<a>\w+)'": Text(
            zh=".{a} 前面的值是 None：检查 forward 是否保存了它，以及有没有方法忘了 return。",
            en="The value before `.{a}` is None: check that forward stores it, and that every "
            "method has its return.",
        ),
        r"module 'numpy' has no attribute '(?P<a>\w+)'": Text(
            zh="NumPy 里没有 {a}：检查拼写。", en="NumPy has no {a}: check the spelling."
        ),
        r"'numpy\.ndarray' object has no attribute '(?P<a>\w+)'": Text(
            zh="NumPy 数组没有 .{a}：检查拼写，以及它是不是别的库的写法。",
            en="A NumPy array has no `.{a}`: check the spelling, and whether it belongs to another "
            "library.",
        ),
        r"'(?P<b>[\w.]+)' object has no attribute '(?P<a>\w+)'": Text(
            zh="{b} 没有属性 {a}：检查 __init__ 和 forward 里用的是什么名字。",
            en="{b} has no attribute {a}: check which name __init__ and forward use.",
        ),
    },
    "TypeError": {
        (
            r"unsupported operand type.*NoneType|'NoneType' object (?:is not|cannot be|does not)"
            r"|object of type 'NoneType'|got <class 'NoneType'>"
        ): Text(
            zh="参与运算的某个值是 None：检查 forward 是否保存了它，以及有没有方法忘了 return。",
            en="One of the values is None: check that forward stores it, and that every method has its "
            "return.",
        ),
        r"numpy boolean (?:negative|subtract)": Text(
            zh="布尔数组不能用减号：取反用 ~mask，或写 1 - mask。",
            en="The minus sign does not work on booleans: write `~mask` or `1 - mask` for the "
            "inverse of a mask.",
        ),
        r"(?P<a>[\w.]+)\(\) takes (?P<b>\d+) positional arguments? but (?P<c>\d+) ": Text(
            zh="{a} 收到的参数比声明的多：方法的第一个参数应当是 self。",
            en="{a} receives more arguments than it declares: is `self` its first parameter?",
        ),
        r"(?P<b>[\w.]+)\(\) missing \d+ required positional arguments?: (?P<a>.+)": Text(
            zh="调用 {b} 时少给了参数 {a}。", en="A call of {b} is missing the argument {a}."
        ),
        r"'(?P<a>[\w.]+)' object is not callable": Text(
            zh="圆括号表示调用函数，而这里是一个 {a}：下标用方括号，相乘要写 *。",
            en="Parentheses call a function, but this is a {a}: use square brackets for an index "
            "and `*` for a product.",
        ),
    },
    ANY: {
        r"Cannot cast ufunc '\w+' output from": Text(
            zh="原地修改（+=、*= 等）不能把小数存进整数或布尔数组：写成 a = a * b，而不是 a *= b。",
            en="An in-place assignment (`+=`, `*=`) cannot store fractions in an array of integers "
            "or booleans: write `a = a * b`, not `a *= b`.",
        ),
        r"(?:output array|assignment destination) is read-only": Text(
            zh="这个数组是只读的，它属于调用者：请先复制一份。",
            en="This array is read-only because it belongs to the caller: make a copy first.",
        ),
    },
    "RecursionError": {
        r"": Text(
            zh="一个函数在不停地调用自己：检查 backward 里是否又调用了 backward。",
            en="A function calls itself endlessly: does backward call backward?",
        ),
    },
    "EOFError": {
        r"": Text(
            zh="评测时没有键盘输入：请去掉 input()。",
            en="There is no keyboard input while your code is judged: remove input().",
        ),
    },
}
"""The other hints."""


def hint_for(raised: Raised, trial: Trial | None = None) -> Text | None:
    """What an exception usually means, with the shapes of its case where these help; or None."""
    about_shapes = matching_text(SHAPE_HINTS.get(raised.type_name, {}), raised.message)
    if about_shapes is not None:
        shapes = None if trial is None else _shapes(trial)
        return about_shapes if shapes is None else about_shapes + SPACE + shapes
    hints = HINTS.get(raised.type_name, {}) | HINTS[ANY]
    return matching_text(hints, raised.message)


def _shapes(trial: Trial) -> Text | None:
    """The shapes of what the case's script was given; of its second batch or instance not."""
    shapes = {
        name: np.shape(value)
        for name, value in trial.case.inputs.items()
        if np.ndim(value) and "_" not in name
    }
    if not shapes:
        return None
    return Text(
        zh="在这个测试里，"
        + "，".join(f"{name} 的形状是 {shape}" for name, shape in shapes.items())
        + "。",
        en="In this case "
        + ", ".join(f"{name} has shape {shape}" for name, shape in shapes.items())
        + ".",
    )
