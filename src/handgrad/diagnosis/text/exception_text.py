"""The message for an answer that raised: the exception, where, and what it usually means."""

from __future__ import annotations

from handgrad.diagnosis.case import Raised, Trial
from handgrad.diagnosis.text.exception_hints import hint_for
from handgrad.languages import Text, joined, printable

NOTHING = Text(zh="", en="")
SPACE = Text(zh="", en=" ")
LONGEST_MESSAGE = 400
"""Characters of an exception's own words that are shown."""


def exception_text(raised: Raised, class_name: str, trial: Trial | None = None) -> Text:
    """What happened, on which line, in which case, and what it usually means."""
    place, error = _place(raised, trial), _error(raised)
    sentence = _sentence_for(raised).format(name=class_name, place=place, error=error)
    hint = hint_for(raised, trial)
    return sentence if hint is None else sentence + SPACE + hint


def _sentence_for(raised: Raised) -> Text:
    if raised.refused:
        return REFUSED
    if raised.out_of_memory:
        return OUT_OF_MEMORY
    return ENDED_PROCESS if raised.ended_process else RAISED


REFUSED = Text(
    zh="评测时不允许读写文件、联网或启动进程，而 {name} 这样做了{place}：{error}。请删去这一行。",
    en="{name} tried something that is not allowed here, such as using files, the network or other "
    "processes{place}: {error}. Remove that line.",
)
OUT_OF_MEMORY = Text(
    zh="{name} 申请的内存超过了限制{place}：{error}。正确答案只需要很小的数组。",
    en="{name} requested more memory than the limit allows{place}: {error}. A correct answer needs "
    "only small arrays.",
)
ENDED_PROCESS = Text(
    zh="{name} 结束了程序（exit 或 sys.exit）{place}：{error}。请删去这一行。",
    en="{name} ended the program with exit or sys.exit{place}: {error}. Remove that line.",
)
RAISED = Text(
    zh="{name} 运行时出错{place}：{error}。", en="{name} raised an exception{place}: {error}."
)


def _place(raised: Raised, trial: Trial | None) -> Text:
    """The line and the case in parentheses, as far as they are known."""
    parts = []
    if raised.line is not None:
        parts.append(Text(zh="第 {line} 行", en="line {line}").format(line=raised.line))
    if trial is not None:
        case = Text(zh="第 {number} 个测试：{title}", en="case {number}: {title}")
        parts.append(case.format(number=trial.number, title=trial.case.title))
    if not parts:
        return NOTHING
    inside = joined(parts, Text(zh="，", en=", "))
    return Text(zh="（{inside}）", en=" ({inside})").format(inside=inside)


def _error(raised: Raised) -> str:
    """The exception's type and its message, on one line and not too long."""
    message = printable(" ".join(raised.message.split())).rstrip(" .。")
    if len(message) > LONGEST_MESSAGE:
        message = message[:LONGEST_MESSAGE] + "…"
    return f"{raised.type_name}: {message}" if message else raised.type_name
