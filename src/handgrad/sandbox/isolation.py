"""How strongly an answer is walled off on this machine, and what that allows."""

from __future__ import annotations

from dataclasses import dataclass

from handgrad.languages import Text


@dataclass(frozen=True)
class Isolation:
    """What stands between an answer and the machine.

    Attributes:
        level: 1: a process of its own, limits, a kill timer; 2 and 3: walls of the kernel.
        reason: why it is this level.
        remedy: what to do for a higher one.
    """

    level: int
    reason: Text
    remedy: Text


LEVEL_1 = Isolation(
    level=1,
    reason=Text(
        zh="每份答案在自己的进程里运行，有时间、内存和输出限制；文件、网络和新进程由 Python 的审计钩子拒绝，"
        "这能防住失误，防不住存心的攻击。",
        en="Every answer runs in a process of its own with limits on time, memory and output. Files, "
        "the network and new processes are refused by Python's audit hooks, which stops accidents "
        "and does not stop an attacker.",
    ),
    remedy=Text(
        zh="只评测自己的代码。评测陌生人的代码需要内核隔离（2 级或 3 级），这个版本还没有。",
        en="Judge only your own code. Judging strangers' code needs the walls of the kernel "
        "(level 2 or 3), which this version does not have yet.",
    ),
)


def probe() -> Isolation:
    """The isolation that this version gives on this machine: level 1, on every platform."""
    return LEVEL_1
