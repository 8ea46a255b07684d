"""Limits that the operating system enforces for a process: memory, time, files, processes.

See getrlimit(2). Also used where there are no other layers (macOS); limits that a system lacks are
skipped.
"""

from __future__ import annotations

import contextlib
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...protocol.frames import LimitFields

try:
    import resource
except ImportError:  # Windows: only the judge limits time and memory, from outside
    HAS_RESOURCE = False
else:
    HAS_RESOURCE = True

SPARE_SECONDS = 5
NOTHING_OF = (
    "RLIMIT_CORE",
    "RLIMIT_FSIZE",
    "RLIMIT_MEMLOCK",
    "RLIMIT_MSGQUEUE",
    "RLIMIT_RTPRIO",
    "RLIMIT_SIGPENDING",
)
NOTHING_NEW = ("RLIMIT_NOFILE", "RLIMIT_NPROC")


def allow_nothing_new() -> None:
    """No new descriptor of any kind, no new process or thread, no file that grows, no dump."""
    for name in (*NOTHING_OF, *NOTHING_NEW):
        _cap(name, 0)


def limit_job(limits: LimitFields, address_space: int | None = None) -> None:
    """Limit memory and time for one job. The judge limits both from outside as well.

    `address_space`: bytes in use before the job, where already measured.
    """
    if not HAS_RESOURCE:
        return
    taken = address_space_in_use() if address_space is None else address_space
    if taken is not None:
        _cap("RLIMIT_AS", taken + limits["memory_bytes"])
    # Far above the limit that the judge enforces: for a loop whose judge is gone.
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = used.ru_utime + used.ru_stime + limits["processor_seconds"]
    _cap("RLIMIT_CPU", math.ceil(seconds) + SPARE_SECONDS)
    _cap("RLIMIT_CORE", 0)
    _cap("RLIMIT_FSIZE", 0)


def _cap(name: str, value: int) -> None:
    kind = getattr(resource, name, None)
    if kind is None:
        return
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def address_space_in_use() -> int | None:
    """Bytes of address space in use, or None where the system does not report it."""
    with contextlib.suppress(OSError), open("/proc/self/statm", "rb") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()
    return None
