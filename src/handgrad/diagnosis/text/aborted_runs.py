"""The message for a run that ended early: a limit was reached, the process ended, or the judge failed."""

from __future__ import annotations

from typing import Literal

from handgrad.diagnosis.text.syntax_and_encoding import NOTHING, place_in_file
from handgrad.languages import Text, printable


def exited_text(class_name: str, status: str = "", line: int | None = None) -> Text:
    """The process ended in the middle: the code ended it, or crashed it."""
    code = Text(zh="（退出码 {status}）", en=" (exit status {status})")
    return Text(
        zh="运行 {name} 时程序中途结束了{place}{code}。请删去 exit、quit、sys.exit 这类语句。",
        en="The program ended while {name} was running{place}{code}. Remove exit, quit, sys.exit "
        "and the like.",
    ).format(
        name=class_name,
        place=place_in_file(line),
        code=code.format(status=printable(status)) if status else NOTHING,
    )


def time_limit_text(class_name: str, which: Literal["processor", "wall"], seconds: float) -> Text:
    """The answer ran for too long."""
    if which == "wall":
        return Text(
            zh="{name} 超时：等了 {seconds:g} 秒还没有结束。看看有没有等待输入、sleep，或停不下来的循环。",
            en="{name} took too long: it had not finished after {seconds:g} s. Look for something "
            "that waits (input, sleep) or an endless loop.",
        ).format(name=class_name, seconds=seconds)
    return Text(
        zh="{name} 超时：用了 {seconds:g} 秒处理器时间还没有算完。看看有没有停不下来的循环（while 的条件、递归）。",
        en="{name} took too long: it had used {seconds:g} s of processor time and had not "
        "finished. Look for an endless loop (the condition of a while, a recursion).",
    ).format(name=class_name, seconds=seconds)


def memory_limit_text(class_name: str, limit_bytes: int) -> Text:
    """The answer used too much memory."""
    return Text(
        zh="{name} 用的内存超过了 {mebibytes} MiB。正确答案只需要很小的数组：检查哪个数组的形状大得反常，或哪个列表一直在变长。",
        en="{name} used more than {mebibytes} MiB of memory. A correct answer needs only small "
        "arrays: look for an array with an unexpected shape, or a list that keeps growing.",
    ).format(name=class_name, mebibytes=limit_bytes >> 20)


def output_limit_text(class_name: str, limit_bytes: int) -> Text:
    """The answer printed too much."""
    return Text(
        zh="{name} 打印的内容超过了 {kibibytes} KiB。看看循环里的 print。",
        en="{name} printed more than {kibibytes} KiB. Look for a print inside a loop.",
    ).format(name=class_name, kibibytes=limit_bytes >> 10)


def judge_error_text(detail: str = "") -> Text:
    """Our own fault."""
    words = printable(detail).strip().rpartition("\n")[2]
    detail_text = Text(zh="（{words}）", en=" ({words})").format(words=words) if words else NOTHING
    return Text(
        zh="评测程序自己出了问题{detail}，与你的答案无关，也不会记在你头上。请再试一次；如果还是这样，请运行 handgrad doctor，并把这条消息告诉我们。",
        en="The judge itself failed{detail}. This is not about your answer and does not count against "
        "it. Try again; if it happens again, run `handgrad doctor` and report this message.",
    ).format(detail=detail_text)
