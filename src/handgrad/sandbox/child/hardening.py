"""What the child does to itself before a job: limits the operating system enforces, where it can."""

from __future__ import annotations

import math
from typing import Any

try:
    import resource
except ImportError:  # Windows: the parent watches time and memory from outside, as it always does
    HAS_RESOURCE = False
else:
    HAS_RESOURCE = True


SPARE_SECONDS = 5


def limit_resources(limits: dict[str, Any]) -> None:
    """Cap memory, time, files and core dumps of this process. The parent's own watch stays in force."""
    if not HAS_RESOURCE:
        return
    taken = _address_space()
    if taken is not None:
        _cap(resource.RLIMIT_AS, taken + limits["memory_bytes"])
    # Far beyond the limit that the parent keeps: for a loop whose parent is gone.
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = used.ru_utime + used.ru_stime + limits["processor_seconds"]
    _cap(resource.RLIMIT_CPU, math.ceil(seconds) + SPARE_SECONDS)
    _cap(resource.RLIMIT_CORE, 0)
    _cap(resource.RLIMIT_FSIZE, 0)


def _cap(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def _address_space() -> int | None:
    """Bytes of address space now in use, or None where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as statm:
            pages = int(statm.read().split()[0])
    except OSError:
        return None
    return pages * resource.getpagesize()
