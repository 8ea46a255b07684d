"""Processor time and memory that a process has used, measured from outside."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ResourceUsage:
    """Processor time and memory of a process.

    Attributes:
        processor_seconds: of all its threads since it started, in user and kernel mode.
        memory_bytes: resident memory now.
    """

    processor_seconds: float
    memory_bytes: int


NOTHING = ResourceUsage(0.0, 0)
CLOCK_OF_PROCESS = 2  # CPUCLOCK_SCHED in the kernel's numbering of clocks


def proc_usage(process_id: int) -> ResourceUsage:
    """From Linux: the process's own clock (clock_getcpuclockid(3)) and ``/proc/PID/statm``."""
    try:
        statm = Path(f"/proc/{process_id}/statm").read_bytes()
        seconds = time.clock_gettime(~process_id << 3 | CLOCK_OF_PROCESS)
    except OSError:  # it has ended
        return NOTHING
    return ResourceUsage(seconds, int(statm.split()[1]) * os.sysconf("SC_PAGE_SIZE"))


def psutil_usage(process_id: int) -> ResourceUsage:
    """From psutil, on every other system."""
    import psutil  # noqa: PLC0415 -- not installed on Linux, which has /proc

    try:
        process = psutil.Process(process_id)
        with process.oneshot():
            times = process.cpu_times()
            return ResourceUsage(times.user + times.system, process.memory_info().rss)
    except psutil.Error:  # it has ended
        return NOTHING


usage_of: Callable[[int], ResourceUsage] = proc_usage if sys.platform == "linux" else psutil_usage
"""The usage of a process on this system; zero when it has ended."""
