"""What an answer may use: every limit, defined once.

A new limit needs a field of `Limits`, its description in `LIMITS`, its field in
`handgrad.sandbox.protocol.frames.LimitFields`, and the place that enforces it: the child, or the judge
from outside (`child_monitor`). Verdict and message follow from the description; the tests of this module
compare it with the wire, the verdicts and the docs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal, cast

from handgrad.languages import Text

if TYPE_CHECKING:
    from handgrad.sandbox.protocol.frames import LimitFields

KIBIBYTE = 1024
MEBIBYTE = 1024 * KIBIBYTE

LimitVerdict = Literal["time-limit", "memory-limit", "output-limit"]
"""The verdict on an answer that exceeds a limit."""
Unit = Literal["s", "KiB", "MiB"]
UNIT_SIZES: dict[Unit, int] = {"s": 1, "KiB": KIBIBYTE, "MiB": MEBIBYTE}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one answer.

    Attributes:
        processor_seconds: processor time of all its threads.
        wall_seconds: time that the judge waits, from its first read to the answer's last array.
        memory_bytes: memory beyond what Python and NumPy themselves take.
        printed_bytes: printed output that is kept, in UTF-8; one byte more is `output-limit`.
        array_bytes: the largest array that is sent back; of a larger one only the shape.
        carried_bytes: the arrays that are sent back in all; of those beyond it only the shapes.

    Raises:
        ValueError: a limit is outside its range.
    """

    processor_seconds: float = 2.0
    wall_seconds: float = 5.0
    memory_bytes: int = 512 * MEBIBYTE
    printed_bytes: int = 64 * KIBIBYTE
    array_bytes: int = 4 * MEBIBYTE
    carried_bytes: int = 32 * MEBIBYTE

    def __post_init__(self) -> None:
        for limit in LIMITS:
            value = getattr(self, limit.name)
            if not limit.smallest <= value <= limit.largest:
                raise ValueError(
                    f"{limit.name} must be from {limit.smallest} to {limit.largest}; received {value}"
                )

    def for_child(self) -> LimitFields:
        """The limits as they are sent in a job."""
        return cast("LimitFields", {limit.name: getattr(self, limit.name) for limit in LIMITS})


@dataclass(frozen=True)
class Limit:
    """One limit.

    Attributes:
        name: the field of `Limits` and of `LimitFields`.
        unit: in which it is shown.
        smallest: the smallest value allowed.
        largest: the largest.
        verdict: of an answer that exceeds it; None where nothing is exceeded, only less sent back.
        detail: tells limits of the same verdict apart, see `Ended.detail`.
        message: to the author of the answer.
        short_message: the same in a few words, for the line that was running.
    """

    name: str
    unit: Unit
    smallest: float
    largest: float
    verdict: LimitVerdict | None = None
    detail: str = ""
    message: Text | None = None
    short_message: Text | None = None

    def shown(self, limits: Limits) -> Text:
        """Its value in its unit: ``512 MiB``."""
        value = f"{getattr(limits, self.name) / UNIT_SIZES[self.unit]:g}"
        return Text(
            zh=f"{value} {'秒' if self.unit == 's' else self.unit}", en=f"{value} {self.unit}"
        )

    def message_for(self, class_name: str, limits: Limits) -> Text:
        """The message about a class that exceeded it."""
        assert self.message is not None, self.name
        return self.message.format(name=class_name, limit=self.shown(limits))

    def short_message_for(self, limits: Limits) -> Text | None:
        """The same in a few words; None where the limit has none."""
        message = self.short_message
        return None if message is None else message.format(limit=self.shown(limits))


LIMITS: tuple[Limit, ...] = (
    Limit(
        "processor_seconds",
        "s",
        smallest=0.001,
        largest=3600,
        verdict="time-limit",
        detail="processor",
        message=Text(
            zh="{name} 超时：用了 {limit}处理器时间还没有算完。看看有没有停不下来的循环（while 的条件、递归）。",
            en="{name} took too long: it was still running after {limit} of processor time. Look for "
            "an endless loop (the condition of a while, a recursion).",
        ),
        short_message=Text(zh="运行超过 {limit}", en="still running after {limit}"),
    ),
    Limit(
        "wall_seconds",
        "s",
        smallest=0.001,
        largest=3600,
        verdict="time-limit",
        detail="wall",
        message=Text(
            zh="{name} 超时：等了 {limit}还没有结束。看看有没有等待输入、sleep，或停不下来的循环。",
            en="{name} took too long: it was still running after {limit}. Look for something that waits "
            "(input, sleep) or an endless loop.",
        ),
        short_message=Text(zh="运行超过 {limit}", en="still running after {limit}"),
    ),
    Limit(
        "memory_bytes",
        "MiB",
        smallest=MEBIBYTE,
        largest=math.inf,
        verdict="memory-limit",
        message=Text(
            zh="{name} 用的内存超过了 {limit}。正确答案只需要很小的数组：检查哪个数组的形状大得反常，或哪个列表一直在变长。",
            en="{name} used more than {limit} of memory. A correct answer needs only small arrays: look "
            "for an array with an unexpected shape, or a list that keeps growing.",
        ),
        short_message=Text(zh="内存超过 {limit}", en="uses more than {limit} of memory"),
    ),
    Limit(
        "printed_bytes",
        "KiB",
        smallest=0,
        largest=MEBIBYTE,
        verdict="output-limit",
        message=Text(
            zh="{name} 打印的内容超过了 {limit}。看看循环里的 print。",
            en="{name} printed more than {limit}. Look for a print inside a loop.",
        ),
    ),
    Limit("array_bytes", "MiB", smallest=0, largest=32 * MEBIBYTE),
    Limit("carried_bytes", "MiB", smallest=0, largest=32 * MEBIBYTE),
)
"""Every limit, in the order of the fields of `Limits`."""

if [limit.name for limit in LIMITS] != [field.name for field in fields(Limits)]:
    raise TypeError("LIMITS must describe the fields of Limits, in their order")


def exceeded_limit(verdict: LimitVerdict, detail: str) -> Limit:
    """The limit that an answer with this verdict exceeded."""
    of_verdict = [limit for limit in LIMITS if limit.verdict == verdict]
    return next((limit for limit in of_verdict if limit.detail == detail), of_verdict[0])


DEFAULT_LIMITS = Limits()

MAX_SOURCE_BYTES = MEBIBYTE
"""The longest answer that is judged: a thousand times what a level needs."""
