"""The message for an answer that raised: the exception, where, and what it usually means."""

from __future__ import annotations

from collections.abc import Callable

from handgrad.diagnosis.case import Raised, Trial
from handgrad.diagnosis.text.exception_hints import hint_for
from handgrad.languages import Text, joined, printable

NOTHING = Text(zh="", en="")
SPACE = Text(zh="", en=" ")
LONGEST_MESSAGE = 400
"""Characters of an exception's own words that are shown."""


def exception_text(raised: Raised, class_name: str, trial: Trial | None = None) -> Text:
    """What happened, on which line, in which case, and what it usually means."""
    told = [_happened(raised)(class_name, raised, trial)]
    hint = hint_for(raised, trial)
    if hint is not None:
        told.append(hint)
    return joined(told, SPACE)


def _happened(raised: Raised) -> Callable[[str, Raised, Trial | None], Text]:
    if raised.refused:
        template = Text(
            zh="{name} 做了评测时不允许的事（读写文件、联网或启动进程）：{what}请删去这一行。",
            en="{name} tried what is not allowed here (files, the network, other processes): {what} "
            "Remove that line.",
        )
    elif raised.out_of_memory:
        template = Text(
            zh="{name} 用的内存超过了限制：{what}正确答案只需要很小的数组。",
            en="{name} asked for more memory than there is: {what} A right answer needs small arrays "
            "only.",
        )
    elif raised.ended_process:
        template = Text(
            zh="{name} 结束了程序（exit 或 sys.exit）：{what}请删去这一行。",
            en="{name} ended the program (exit or sys.exit): {what} Remove that line.",
        )
    else:
        template = Text(zh="{name} 运行时出错：{what}", en="{name} raised an exception: {what}")
    return lambda name, error, trial: template.format(name=name, what=_what(error, trial))


def _what(raised: Raised, trial: Trial | None) -> Text:
    """Line, case, type and message of an exception, as one sentence."""
    place = []
    if raised.line is not None:
        place.append(Text(zh="第 {line} 行", en="line {line}").format(line=raised.line))
    if trial is not None:
        place.append(
            Text(zh="第 {number} 个测试（{title}）", en="case {number} ({title})").format(
                number=trial.number, title=trial.case.title
            )
        )
    where = joined(place, Text(zh="，", en=", "))
    colon = Text(zh="：", en=": ") if place else NOTHING
    message = printable(" ".join(raised.message.split())).rstrip(" .。")
    if len(message) > LONGEST_MESSAGE:
        message = message[:LONGEST_MESSAGE] + "…"
    error = f"{raised.type_name}: {message}" if message else raised.type_name
    return where + colon + Text(zh=f"{error}。", en=f"{error}.")
