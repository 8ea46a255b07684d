"""The message for a run that ended early: the process ended, or the judge failed.

Messages about limits are in `handgrad.sandbox.limits`.
"""

from __future__ import annotations

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


def judge_error_text(detail: str = "") -> Text:
    """Our own fault."""
    words = printable(detail).strip().rpartition("\n")[2]
    detail_text = Text(zh="（{words}）", en=" ({words})").format(words=words) if words else NOTHING
    return Text(
        zh="评测系统自己出了错{detail}，与你的答案无关，也不会算在你头上。请再试一次；如果还是这样，请运行 handgrad doctor，并把这条消息告诉我们。",
        en="The judge itself failed{detail}. This is not about your answer and does not count against "
        "it. Try again; if it happens again, run `handgrad doctor` and report this message.",
    ).format(detail=detail_text)
