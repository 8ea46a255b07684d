"""How much processor time and memory a process has used, seen from outside it."""

from __future__ import annotations

import os
import sys
import time
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
CLOCK_OF_PROCESS = 2  # CPUCLOCK_SCHED in the kernel's numbering of clocks


def proc_usage(process_id: int) -> Usage:
    """From Linux: the process's own clock (clock_getcpuclockid(3)) and ``/proc/PID/statm``."""
    try:
        statm = Path(f"/proc/{process_id}/statm").read_bytes()
        seconds = time.clock_gettime(~process_id << 3 | CLOCK_OF_PROCESS)
    except OSError:  # it has ended
        return NOTHING
    return Usage(seconds, int(statm.split()[1]) * os.sysconf("SC_PAGE_SIZE"))


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
