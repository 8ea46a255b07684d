"""How much processor time and memory a process has used, seen from outside it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process has used since it started.

    Attributes:
        processor_seconds: time of all its threads, in user and kernel mode.
        memory_bytes: resident memory now.
    """

    processor_seconds: float
    memory_bytes: int


NOTHING = Usage(0.0, 0)


def proc_usage(process_id: int) -> Usage:
    """From Linux's ``/proc``: fields 14, 15 and 24 of ``stat`` (see proc_pid_stat(5))."""
    try:
        stat = Path(f"/proc/{process_id}/stat").read_bytes()
    except OSError:  # it has ended
        return NOTHING
    # The second field is the command's name in brackets, and may itself hold brackets and spaces.
    fields = stat.rpartition(b")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return Usage(ticks / os.sysconf("SC_CLK_TCK"), int(fields[21]) * os.sysconf("SC_PAGE_SIZE"))


def psutil_usage(process_id: int) -> Usage:
    """From psutil, which knows every other system."""
    import psutil  # noqa: PLC0415 -- not installed on Linux, where /proc tells the same

    try:
        process = psutil.Process(process_id)
        with process.oneshot():
            times = process.cpu_times()
            return Usage(times.user + times.system, process.memory_info().rss)
    except psutil.Error:  # it has ended
        return NOTHING


usage_of: Callable[[int], Usage] = proc_usage if sys.platform == "linux" else psutil_usage
"""What a process has used, as this system tells it; nothing when it has ended."""
