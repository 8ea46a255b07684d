"""The verdict of one class. These fields are the only definition: to_json, the JSON schema, the lab's
replies, the types of its pages and the guide's tables follow from them (``tools/verdict_reference.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from handgrad.diagnosis.json_fields import JsonName, NestedNumbers, Omitted, Rounded, as_json
from handgrad.diagnosis.verdict_names import VERDICTS, ErrorKind, VerdictName, WarningName
from handgrad.languages import Text


@dataclass(frozen=True)
class NamedMistake:
    """A known mistake that explains an array: proved, or one of several that look the same here."""

    mistake: Annotated[
        str, Text(zh="错误的名字，见[错误列表](mistakes.zh.md)", en="Its name in the [list of mistakes](mistakes.md)")
    ]  # fmt: skip
    array: Annotated[
        str | None,
        Text(
            zh="出错的数组；与某个数组无关时为 null", en="The array; null when it is not about one"
        ),
    ]
    certainty: Annotated[
        Literal["proved", "one-of"],
        Text(
            zh="`proved`（已证实），或 `one-of`（这些数据分不开几种错误）",
            en="`proved`, or `one-of` when these inputs cannot tell several mistakes apart",
        ),
    ] = "proved"
    alternatives: Annotated[
        tuple[str, ...], JsonName("or"), Text(zh="分不开的其他错误", en="Those other mistakes")
    ] = ()
    factor: Annotated[
        float | None, Text(zh="拟合出的常数", en="A fitted constant, where the mistake has one")
    ] = None


@dataclass(frozen=True)
class FirstDifference:
    """Where the answer first differs from the reference: array, case, position, size of error."""

    array: Annotated[str, Text(zh="数组", en="The array")]
    case: Annotated[int, Text(zh="测试的编号，从 1 数起", en="The number of the case, from 1")]
    index: Annotated[
        tuple[int, ...] | None,
        Text(
            zh="第一个不对的数的位置，从 0 数起", en="The position of the first wrong entry, from 0"
        ),
    ]
    expected_shape: Annotated[
        tuple[int, ...] | None, Text(zh="应有的形状", en="The shape it should have")
    ]
    received_shape: Annotated[tuple[int, ...] | None, Text(zh="实际的形状", en="The shape it has")]
    error: Annotated[
        float | None,
        Text(zh="最大误差；没有可比的数时为 null", en="The largest error; null where there is none to state"),
    ]  # fmt: skip


@dataclass(frozen=True)
class CaseOutcome:
    """One case of a class: what it tests, and whether it holds."""

    number: Annotated[int, JsonName("case"), Text(zh="编号，从 1 数起", en="Its number, from 1")]
    shows: Annotated[Text, Text(zh="测试什么，`zh` 和 `en`", en="What it tests, in `zh` and `en`")]
    holds: Annotated[bool, Text(zh="是否正确", en="Whether everything is right")]
    wrong: Annotated[tuple[str, ...], Text(zh="其中不对的数组", en="The arrays that are wrong")]
    raised: Annotated[bool, Text(zh="代码是否抛出异常", en="Whether the code raised")]


@dataclass(frozen=True)
class ErrorMap:
    """How far each entry of a wrong array is off, in the first case in which it is wrong."""

    array: Annotated[str, Text(zh="数组", en="The array")]
    case: Annotated[int, Text(zh="测试的编号，从 1 数起", en="The number of the case, from 1")]
    expected_shape: Annotated[tuple[int, ...], Text(zh="应有的形状", en="The shape it should have")]
    received_shape: Annotated[
        tuple[int, ...] | None,
        Text(zh="实际的形状；不是数组时为 null", en="The shape it has; null when it is no array"),
    ]
    error: Annotated[
        float | None,
        Text(zh="最大误差；没有可比的数时为 null", en="The largest error; null where there is none to state"),
    ]  # fmt: skip
    rows: Annotated[
        int,
        Text(
            zh="原数组写成矩阵时的行数：第一个轴的长度，只有一个轴时为 1",
            en="Rows of the whole array as a matrix: its first axis; 1 where it has one axis only",
        ),
    ]
    columns: Annotated[
        int,
        Text(
            zh="原数组写成矩阵时的列数：其余各轴并排",
            en="Columns of the whole array as a matrix: all other axes side by side",
        ),
    ]
    matrix: Annotated[
        tuple[tuple[float | None, ...], ...],
        JsonName("map"),
        Text(
            zh="每个数的误差，最多 16×16；更大的数组分块，取每块的最大误差。不是有限数的地方为 null，形状不同时为空。"
            "用 `--graded` 时只写 1（错）和 0（对）",
            en="The error of each entry, at most 16 by 16; of a larger array, the largest error of each "
            "block. Null where an entry is not finite, empty when the shapes differ. With `--graded` only "
            "1 for wrong and 0 for right",
        ),
    ]


@dataclass(frozen=True)
class CaseCounts:
    """How many cases were run, and in how many something is wrong."""

    run: Annotated[int, Text(zh="运行了多少个测试", en="How many cases were run")] = 0
    failed: Annotated[int, Text(zh="其中多少个未通过", en="How many of them fail")] = 0


@dataclass(frozen=True)
class Exclusions:
    """The known mistakes that a pass excludes."""

    known: Annotated[int, Text(zh="已知的错误有多少种", en="How many mistakes are known")]
    exposed: Annotated[
        int, Text(zh="这些测试能抓住多少种", en="How many of them these cases would expose")
    ]
    not_exposed: Annotated[
        tuple[str, ...], Text(zh="抓不住的那些", en="The names of those they would not")
    ]


@dataclass(frozen=True)
class CounterexampleFields:
    """The smallest case that fails in the same way, with numbers for pencil and paper."""

    sizes: Annotated[
        Mapping[str, int], Text(zh="批大小和维数", en="The batch size and the other dimensions")
    ]
    inputs: Annotated[Mapping[str, NestedNumbers], Text(zh="输入", en="The inputs")]
    layouts: Annotated[
        Mapping[str, str],
        Text(
            zh="在内存中不按行连续存放的输入，以及存放方式",
            en="Inputs that are not contiguous row by row in memory, and how they lie",
        ),
    ]
    received: Annotated[
        Mapping[str, NestedNumbers],
        Text(zh="不对的数组，你的代码给出的", en="The wrong arrays, as your code gives them"),
    ]
    expected: Annotated[
        Mapping[str, NestedNumbers] | None,
        Omitted(),
        Text(
            zh="这些数组的正确值；用 `--graded` 时没有这个字段",
            en="The right values of these arrays; left out with `--graded`",
        ),
    ] = None
    dtypes: Annotated[
        Mapping[str, str],
        Text(
            zh="类型不对的数组，以及它们的 dtype",
            en="Arrays of an unsuitable dtype, and that dtype",
        ),
    ] = field(default_factory=dict)
    changed: Annotated[
        Mapping[str, NestedNumbers],
        Text(
            zh="被改动的输入和参数，改动之后的值",
            en="Inputs and parameters that were changed, as they are afterwards",
        ),
    ] = field(default_factory=dict)
    steps: Annotated[
        tuple[str, ...], Text(zh="依次运行的语句", en="The lines that were run, in order")
    ] = ()
    raised: Annotated[
        str | None, Text(zh="抛出的异常", en="The exception, where the code raised")
    ] = None
    by_hand: Annotated[
        tuple[str, ...], Text(zh="手算其中一个数", en="One entry of each array, worked out")
    ] = ()
    script: Annotated[
        str,
        Text(
            zh="只用 NumPy 就能重现的程序：`python script.py answer.py`"
            "（`handgrad judge … --counterexample script.py` 会写出它）",
            en="A program that reproduces it with NumPy alone: `python script.py answer.py` "
            "(`handgrad judge … --counterexample script.py` writes it)",
        ),
    ] = ""


@dataclass(frozen=True)
class Verdict:
    """The verdict of one class of one answer. Field for field the JSON object users read.

    A field added after version 0.1.0 has a default: verdicts stored earlier are read with it.
    """

    file: Annotated[str, Text(zh="答案的文件名", en="The answer's file name")]
    level: Annotated[str, Text(zh="关卡", en="The level")]
    level_revision: Annotated[
        str,
        Text(
            zh="关卡的版本：关卡里凡是影响结果的内容有变动，它就会变",
            en="Changes with anything in the level that a verdict depends on",
        ),
    ]
    class_name: Annotated[str, JsonName("class"), Text(zh="被评测的类", en="The class judged")]
    verdict: Annotated[VerdictName, Text(zh="结果，见上面的表", en="The verdict, as above")]
    kind: Annotated[
        ErrorKind | None,
        Text(zh="`error` 的种类，见上面的表", en="The kind of an `error`, as above"),
    ] = None
    line: Annotated[
        int | None, Text(zh="要看的那一行，从 1 数起", en="The line to look at, from 1")
    ] = None
    column: Annotated[int | None, Text(zh="那一列，从 1 数起", en="Its column, from 1")] = None
    mistakes: Annotated[
        tuple[NamedMistake, ...],
        Text(
            zh="能解释出错数组的已知错误；没有时为空",
            en="The known mistakes that explain the wrong arrays; empty when none does",
        ),
    ] = ()
    computed: Annotated[
        Mapping[str, str],
        Text(
            zh="已知错误解释不了的数组：在每个测试里都与它相等的最短 NumPy 表达式（如果找到）",
            en="For an array that no known mistake explains: the shortest NumPy expression over the "
            "level's arrays that gives it in every case, where one was found",
        ),
    ] = field(default_factory=dict)
    counterexample: Annotated[
        CounterexampleFields | None,
        Text(zh="以同样方式出错的最小例子", en="The smallest case that fails in the same way"),
    ] = None
    first_difference: Annotated[
        FirstDifference | None,
        Text(
            zh="第一处与正确答案不同的地方", en="Where the answer first differs from the right one"
        ),
    ] = None
    warnings: Annotated[
        tuple[WarningName, ...], Text(zh="提醒，见上面的表", en="The warnings, as above")
    ] = ()
    cases: Annotated[CaseCounts, Text(zh="测试的数目", en="The number of cases")] = CaseCounts()
    seed: Annotated[
        int, Text(zh="随机种子，用来重现这次评测", en="The seed that repeats this verdict")
    ] = 0
    excludes: Annotated[
        Exclusions | None,
        Text(
            zh="通过时：这些测试排除了哪些错误", en="On a pass: which mistakes these cases exclude"
        ),
    ] = None
    printed: Annotated[str, Text(zh="代码打印的内容", en="What the code printed")] = ""
    milliseconds: Annotated[
        float, Rounded(1), Text(zh="评测用的时间（毫秒）", en="How long judging took")
    ] = 0.0
    isolation: Annotated[
        int,
        Text(
            zh="[隔离级别](isolation.zh.md)：1、2 或 3；没能启动进程时为 0",
            en="The [isolation level](isolation.md): 1, 2 or 3; 0 when no process could be started",
        ),
    ] = 1
    handgrad: Annotated[str, Text(zh="handgrad 的版本", en="The version of handgrad")] = ""
    message: Annotated[
        Text, Text(zh="文字说明，`zh` 和 `en`", en="What to tell the learner, in `zh` and `en`")
    ] = field(kw_only=True)
    source_line: Annotated[str | None, Text(zh="`line` 那一行的内容", en="The text of `line`")] = (
        None
    )
    case_list: Annotated[
        tuple[CaseOutcome, ...], Text(zh="运行过的每一个测试", en="Every case that was run")
    ] = ()
    error_maps: Annotated[
        tuple[ErrorMap, ...],
        Text(
            zh="每个出错的数组的误差分布，取它第一次出错的测试",
            en="How far each entry of a wrong array is off, in the first case in which it is wrong",
        ),
    ] = ()

    @property
    def exit_code(self) -> int:
        """0 for a pass, 3 for a fault of the judge, else 1."""
        return VERDICTS[self.verdict].exit_code

    def to_json(self) -> dict[str, Any]:
        """Every field, always: what does not apply is null or empty."""
        written: dict[str, Any] = as_json(self)
        return written
