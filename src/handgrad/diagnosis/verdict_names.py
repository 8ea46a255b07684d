"""The names a verdict is made of: verdicts, kinds of error, warnings, each with its words in both languages.

Everything that lists or chooses by one of these names takes it from here: the exit codes, the command
line, the pages, the guide's tables (``python tools/verdict_reference.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from handgrad.languages import Text

VerdictName = Literal[
    "judge-error",
    "forbidden",
    "time-limit",
    "memory-limit",
    "output-limit",
    "error",
    "wrong",
    "pass",
]
ErrorKind = Literal[
    "syntax-error",
    "encoding-error",
    "missing-class",
    "missing-method",
    "bad-signature",
    "import-error",
    "exception",
    "exited",
    "unanswered",
]
WarningName = Literal[
    "dout-changed",
    "output-changed",
    "second-backward-differs",
    "not-finite-at-extremes",
    "overflow-warning",
    "slow",
    "numerical",
]
PRECEDENCE: tuple[VerdictName, ...] = get_args(VerdictName)
"""When several verdicts apply, the first of them is given."""
WARNINGS: tuple[WarningName, ...] = get_args(WarningName)
"""Names of findings that do not make a verdict wrong, in the order in which they are listed."""


@dataclass(frozen=True)
class VerdictWords:
    """What a verdict is called and means.

    Attributes:
        word: a word or two.
        meaning: a sentence.
        advice: what the learner can do.
        exit_code: of ``handgrad judge``, when no other file is worse.
    """

    word: Text
    meaning: Text
    advice: Text
    exit_code: Literal[0, 1, 3] = 1


@dataclass(frozen=True)
class KindWords:
    """What a kind of error is called and means."""

    word: Text
    meaning: Text


@dataclass(frozen=True)
class WarningWords:
    """What a warning means: in a sentence, and as the paragraph that a verdict's message gets."""

    meaning: Text
    paragraph: Text


def require_each(names: Any, table: Iterable[str]) -> None:
    """A table has one entry for each name of a ``Literal``, in the same order.

    Raises:
        TypeError: an entry is missing, too many or out of order.
    """
    wanted, found = get_args(names), tuple(table)
    if wanted != found:
        raise TypeError(f"A table must have the entries {wanted}; it has {found}")


VERDICTS: dict[VerdictName, VerdictWords] = {
    "judge-error": VerdictWords(
        word=Text(zh="评测系统出错", en="judge error"),
        meaning=Text(
            zh="评测系统、沙箱或关卡本身出了错，绝不算在你头上。",
            en="The judge, the sandbox or the level failed. It is never held against you.",
        ),
        advice=Text(
            zh="再运行一次；如果还是这样，运行 `handgrad doctor`。",
            en="Run it again; if it happens again, run `handgrad doctor`.",
        ),
        exit_code=3,
    ),
    "forbidden": VerdictWords(
        word=Text(zh="不允许的操作", en="forbidden"),
        meaning=Text(
            zh="代码做了沙箱不允许的事（读写文件、访问网络、启动进程），并且没有处理被拒绝的情况。",
            en="The code tried what the sandbox refuses (files, the network, processes) and did not "
            "handle the refusal.",
        ),
        advice=Text(zh="删去指出的那一行。", en="Remove the line that is shown."),
    ),
    "time-limit": VerdictWords(
        word=Text(zh="超时", en="time limit"),
        meaning=Text(
            zh="处理器时间超过 2 秒，或者总共超过 5 秒。",
            en="It took more than 2 s of processor time, or more than 5 s in all.",
        ),
        advice=Text(zh="找一找停不下来的循环。", en="Look for a loop that does not end."),
    ),
    "memory-limit": VerdictWords(
        word=Text(zh="内存超限", en="memory limit"),
        meaning=Text(zh="使用的内存超过 512 MiB。", en="It used more than 512 MiB of memory."),
        advice=Text(
            zh="找一找形状大得出奇的数组。",
            en="Look for an array that is far larger than intended.",
        ),
    ),
    "output-limit": VerdictWords(
        word=Text(zh="输出超限", en="output limit"),
        meaning=Text(zh="打印的内容超过 64 KiB。", en="It printed more than 64 KiB."),
        advice=Text(zh="检查循环里的 print。", en="Look for a print inside a loop."),
    ),
    "error": VerdictWords(
        word=Text(zh="出错", en="error"),
        meaning=Text(
            zh="代码无法加载，或者运行时抛出了异常；`kind` 说明是哪一种。",
            en="The code does not load, or it raises; `kind` says which.",
        ),
        advice=Text(zh="见下面的表。", en="See the table below."),
    ),
    "wrong": VerdictWords(
        word=Text(zh="答案错误", en="wrong"),
        meaning=Text(
            zh="代码能运行，但有数组不对，或者改动了不该改的东西。",
            en="The code runs, and an array or a side effect is wrong.",
        ),
        advice=Text(zh="看说明。", en="Read the message."),
    ),
    "pass": VerdictWords(
        word=Text(zh="通过", en="pass"),
        meaning=Text(
            zh="所有测试都正确，可能带有提醒。", en="Every case is right. There may be warnings."
        ),
        advice=Text(zh="继续下一关。", en="Go on to the next level."),
        exit_code=0,
    ),
}
require_each(VerdictName, VERDICTS)

ERROR_KINDS: dict[ErrorKind, KindWords] = {
    "syntax-error": KindWords(
        word=Text(zh="语法错误", en="syntax error"),
        meaning=Text(
            zh="不是合法的 Python。说明里给出行和列；如果问题出在某个字符（全角逗号、混在空格里的制表符），也会指出。",
            en="This is not Python. The message gives line and column, and the character if one is to "
            "blame (a full-width comma, a tab among spaces).",
        ),
    ),
    "encoding-error": KindWords(
        word=Text(zh="编码错误", en="encoding error"),
        meaning=Text(
            zh="文件不是 UTF-8，也无法确定是哪种编码。请存成 UTF-8。",
            en="The file is not UTF-8, and its encoding cannot be determined. Save it as UTF-8.",
        ),
    ),
    "missing-class": KindWords(
        word=Text(zh="缺少类", en="missing class"),
        meaning=Text(
            zh="没有关卡要求的那个类。说明里列出找到的类。",
            en="There is no class of the name that the level asks for. The message lists the classes "
            "that were found.",
        ),
    ),
    "missing-method": KindWords(
        word=Text(zh="缺少方法", en="missing method"),
        meaning=Text(
            zh="类里没有 `forward` 或 `backward`。",
            en="The class has no `forward` or no `backward`.",
        ),
    ),
    "bad-signature": KindWords(
        word=Text(zh="参数不对", en="bad signature"),
        meaning=Text(
            zh="方法不能用关卡给出的参数调用，例如漏写了 `self`。",
            en="A method cannot be called with the arguments that the level gives, for example because "
            "`self` is missing.",
        ),
    ),
    "import-error": KindWords(
        word=Text(zh="导入错误", en="import error"),
        meaning=Text(
            zh="导入了评测时没有的模块。说明里列出可以导入的模块。",
            en="An imported module is not available while judging. The message lists those that are.",
        ),
    ),
    "exception": KindWords(
        word=Text(zh="抛出异常", en="exception"),
        meaning=Text(
            zh="运行时抛出了异常。说明里给出你的那一行。",
            en="The code raised an exception. The message shows your line.",
        ),
    ),
    "exited": KindWords(
        word=Text(zh="程序提前结束", en="exited"),
        meaning=Text(zh="代码结束了进程。", en="The code ended its process."),
    ),
    "unanswered": KindWords(
        word=Text(zh="未作答", en="unanswered"),
        meaning=Text(
            zh="Begin 和 End 之间没有代码。", en="There is no code between Begin and End."
        ),
    ),
}
require_each(ErrorKind, ERROR_KINDS)

WARNING_WORDS: dict[WarningName, WarningWords] = {
    "dout-changed": WarningWords(
        meaning=Text(
            zh="backward 改写了调用者的 dout；调用者再用 dout 就会出错。",
            en="backward wrote into the caller's dout; a caller that uses dout again gets wrong numbers.",
        ),
        paragraph=Text(
            zh="注意：backward 改写了调用者的 dout（例如 dout[mask] = 0）。在这里不算错，但调用者再用 dout 就会出错。",
            en="Note: backward wrote into the caller's dout (like dout[mask] = 0). That is allowed here, "
            "but a caller that uses dout again gets wrong numbers.",
        ),
    ),
    "output-changed": WarningWords(
        meaning=Text(
            zh="backward 覆盖了 forward 返回的数组。",
            en="backward overwrote the array that forward returned.",
        ),
        paragraph=Text(
            zh="注意：backward 覆盖了 forward 返回的数组；如果下一层保存了它，就会算错。",
            en="Note: backward overwrote the array that forward returned; a layer that kept it would "
            "compute with wrong numbers.",
        ),
    ),
    "second-backward-differs": WarningWords(
        meaning=Text(
            zh="不重新 forward、再做一次 backward，结果不同或者报错。",
            en="A second backward without a new forward gives another result, or raises.",
        ),
        paragraph=Text(
            zh="注意：不重新 forward、再做一次 backward，结果不同或者报错。",
            en="Note: a second backward without a new forward gives another result, or raises.",
        ),
    ),
    "not-finite-at-extremes": WarningWords(
        meaning=Text(
            zh="|x| 达到几百时出现 NaN、无穷大或很大的误差。",
            en="Where |x| is in the hundreds, the result is NaN, infinite or far off.",
        ),
        paragraph=Text(
            zh="注意：|x| 达到几百时，结果出现 NaN、无穷大或很大的误差；一般大小的输入没有问题。",
            en="Note: where |x| is in the hundreds, the result is NaN, infinite or far off; ordinary "
            "inputs are fine.",
        ),
    ),
    "overflow-warning": WarningWords(
        meaning=Text(
            zh="你的某一行触发了 NumPy 的警告；结果仍然正确。",
            en="One of your lines made NumPy warn; the result is right.",
        ),
        paragraph=Text(
            zh="注意：你的某一行触发了 NumPy 的数值警告（溢出、除以零等），结果仍然正确。",
            en="Note: one of your lines made NumPy warn (overflow, division by zero or the like); the "
            "result is still right.",
        ),
    ),
    "slow": WarningWords(
        meaning=Text(
            zh="结果正确，但在几千个数上比数组运算慢 20 倍以上：代码在用 Python 循环逐个处理元素。",
            en="The result is right, but on a few thousand numbers more than 20 times slower than array "
            "arithmetic: a Python loop goes over the entries.",
        ),
        paragraph=Text(
            zh="注意：结果正确，但比数组运算慢几十倍：代码在用 Python 循环逐个处理元素，可以改成一个数组表达式。",
            en="Note: the result is right, but dozens of times slower than array arithmetic. Replace the "
            "Python loop over the entries with one expression over whole arrays.",
        ),
    ),
    "numerical": WarningWords(
        meaning=Text(
            zh="backward 把输入稍作改动、反复调用 forward：误差在 1e-5 以内，但这不是反向传播。",
            en="backward calls forward with shifted inputs: right to 1e-5, but not backpropagation.",
        ),
        paragraph=Text(
            zh="注意：backward 把输入稍作改动、反复调用 forward。这是数值微分：误差在 1e-5 以内，但不是反向传播；"
            "每个数要调用两次 forward，用来训练就太慢了。",
            en="Note: backward calls forward again and again with shifted inputs. That is numerical "
            "differentiation: right to 1e-5, but not backpropagation. It needs two forward passes for "
            "every number, which is far too slow for training.",
        ),
    ),
}
require_each(WarningName, WARNING_WORDS)
