"""The words for an answer that raised: the exception, and what it usually means."""

from __future__ import annotations

import re

from handgrad.checking.case import Raised, Trial
from handgrad.languages import Text

NO_HINT = Text(zh="", en="")

HINTS: tuple[tuple[str, str, Text], ...] = (
    (
        "ValueError",
        r"matmul: .*?size (?P<a>\d+) is different from (?P<b>\d+)",
        Text(
            zh="矩阵相乘的两个数组内侧维数不同（{a} 和 {b}）：看看哪一个需要转置，或两者的顺序。",
            en="The inner sizes of a matrix product differ ({a} and {b}): look at which factor needs "
            "its transpose, and at their order.",
        ),
    ),
    (
        "ValueError",
        r"shapes (?P<a>\([\d,]*\)) and (?P<b>\([\d,]*\)) not aligned",
        Text(
            zh="形状 {a} 与 {b} 不能相乘：看看哪一个需要转置，或两者的顺序。",
            en="Shapes {a} and {b} cannot be multiplied: look at which factor needs its transpose, "
            "and at their order.",
        ),
    ),
    (
        "ValueError",
        r"operands could not be broadcast together with (?:remapped )?shapes (?P<a>\([\d,]*\)) (?P<b>\([\d,]*\))",
        Text(
            zh="形状 {a} 与 {b} 不能逐元素运算：看看是不是该用矩阵乘法，或形状没有变回来。",
            en="Shapes {a} and {b} do not fit entry by entry: should this be a matrix product, or is "
            "a shape not yet brought back?",
        ),
    ),
    (
        "ValueError",
        r"cannot reshape array of size (?P<a>\d+) into shape (?P<b>\([\d,]*\))",
        Text(zh="{a} 个数放不进形状 {b}。", en="{a} numbers do not fill shape {b}."),
    ),
    (
        "NameError",
        r"name 'np' is not defined",
        Text(
            zh="文件开头缺少 import numpy as np。",
            en="The line `import numpy as np` is missing at the top of the file.",
        ),
    ),
    (
        "NameError",
        r"name '(?P<a>\w+)' is not defined",
        Text(
            zh="{a} 没有定义：是拼写不同，还是少写了 self.？",
            en="{a} is not defined: is it spelled otherwise, or does `self.` stand before it?",
        ),
    ),
    (
        "UnboundLocalError",
        r"variable '(?P<a>\w+)'",
        Text(
            zh="{a} 在赋值之前就被使用了：看看它是否每条路径上都被赋值。",
            en="{a} is used before it has a value: look whether every way through the method sets it.",
        ),
    ),
    (
        "AttributeError",
        r"'NoneType' object has no attribute",
        Text(
            zh="用到的某个对象是 None：看看 forward 是否把它保存了下来。",
            en="Something used here is None: look whether forward keeps it.",
        ),
    ),
    (
        "AttributeError",
        r"'(?P<b>\w+)' object has no attribute '(?P<a>\w+)'",
        Text(
            zh="{b} 没有属性 {a}：看看 __init__ 和 forward 里用的是什么名字。",
            en="{b} has no attribute {a}: look which name __init__ and forward use.",
        ),
    ),
    (
        "TypeError",
        r"unsupported operand type.*NoneType",
        Text(
            zh="参与运算的某个值是 None：看看 forward 是否把它保存了下来。",
            en="One of the values computed with is None: look whether forward keeps it.",
        ),
    ),
    (
        "RecursionError",
        r"",
        Text(zh="函数一直在调用自己。", en="A function calls itself without end."),
    ),
    (
        "EOFError",
        r"",
        Text(
            zh="评测时没有人在键盘前：请去掉 input()。",
            en="Nobody is at the keyboard while this is judged: remove input().",
        ),
    ),
)


def hint_for(raised: Raised) -> Text:
    """What an exception usually means, or an empty text."""
    for type_name, pattern, text in HINTS:
        match = re.search(pattern, raised.message) if raised.type_name == type_name else None
        if match:
            return text.format(**match.groupdict())
    return NO_HINT


def exception_text(raised: Raised, class_name: str, trial: Trial | None = None) -> Text:
    """What happened, on which line, in which case, and what it usually means."""
    where = (
        Text(zh="第 {line} 行：", en="line {line}: ").format(line=raised.line)
        if raised.line is not None
        else NO_HINT
    )
    case = (
        Text(zh="（第 {number} 个测试：{title}）", en=" (case {number}: {title})").format(
            number=trial.number, title=trial.case.title
        )
        if trial is not None
        else NO_HINT
    )
    what = f"{raised.type_name}: {raised.message}" if raised.message else raised.type_name
    words = _kind(raised).format(name=class_name, where=where, what=what, case=case)
    hint = hint_for(raised)
    return words + Text(zh="", en=" ") + hint if hint.en else words


def _kind(raised: Raised) -> Text:
    if raised.refused:
        return Text(
            zh="{name} 做了评测时不允许的事（读写文件、联网或启动进程）：{where}{what}{case}。请删去这一行。",
            en="{name} tried what is not allowed here (files, the network, other processes): "
            "{where}{what}{case}. Remove that line.",
        )
    if raised.out_of_memory:
        return Text(
            zh="{name} 用的内存超过了限制：{where}{what}{case}。正确答案只需要很小的数组。",
            en="{name} asked for more memory than there is: {where}{what}{case}. A right answer needs "
            "small arrays only.",
        )
    if raised.ended_process:
        return Text(
            zh="{name} 结束了程序（exit 或 sys.exit）：{where}{what}{case}。请删去这一行。",
            en="{name} ended the program (exit or sys.exit): {where}{what}{case}. Remove that line.",
        )
    return Text(
        zh="{name} 运行时出错，{where}{what}{case}。",
        en="{name} raised an exception, {where}{what}{case}.",
    )
