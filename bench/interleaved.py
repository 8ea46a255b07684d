"""Competitors measured in processes of their own, a few calls at a time, in turn.

A pool of threads that spins after its work disturbs whatever runs next in the same process, so each
competitor has a process; the turns are short, so that what else the machine does hits all alike. A turn in which
other processes used the processors as well is taken again, whoever's turn it was.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

SLEEP = 0.02
"""Seconds between turns, in which pools of threads go to sleep."""
DISTURBED = 0.03
"""A turn is disturbed when others used more than this share of one processor during it."""
PATIENCE = 20
"""How often a disturbed turn is taken again before it counts as it is."""


def processor_seconds() -> dict[int, float]:
    """What every process on this machine has used; empty where Linux's clocks of others are missing."""
    used: dict[int, float] = {}
    if sys.platform == "linux":
        for pid in (int(name) for name in os.listdir("/proc") if name.isdecimal()):
            with contextlib.suppress(OSError):  # it has ended
                used[pid] = time.clock_gettime(~pid << 3 | 2)  # as clock_getcpuclockid(3) has it
    return used


def _serve(pipe: Any, make: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    # JAX has a thread for each processor that it is given, whatever the environment says.
    threads = int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1))
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    call = make(*arguments)
    for _ in range(3):
        call()
    pipe.send(None)
    while (count := pipe.recv()) is not None:
        call()
        times = []
        for _ in range(count):
            started = time.perf_counter()
            call()
            times.append(time.perf_counter() - started)
        pipe.send(times)
    pipe.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


class Competitor:
    """A process that makes its calls when it is its turn."""

    def __init__(
        self, make: Callable[..., Any], arguments: tuple[Any, ...], environment: dict[str, str]
    ) -> None:
        before = {name: os.environ.get(name) for name in environment}
        os.environ.update(environment)
        try:
            context = multiprocessing.get_context("spawn")
            self.pipe, theirs = context.Pipe()
            self.process = context.Process(target=_serve, args=(theirs, make, arguments))
            self.process.start()
            theirs.close()
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
        self.pipe.recv()
        self.rounds: list[float] = []
        self.times: list[float] = []
        self.disturbed = 0

    def turn(self, count: int) -> None:
        """So many calls, again and again until nobody else used the processors meanwhile."""
        for left in reversed(range(PATIENCE)):
            time.sleep(SLEEP)
            before, began = processor_seconds(), time.perf_counter()
            self.pipe.send(count)
            times = self.pipe.recv()
            seconds = time.perf_counter() - began
            if self._others(before) <= DISTURBED * seconds or not left:
                break
        self.disturbed += not left
        self.rounds.append(min(times))
        self.times += times

    def _others(self, before: dict[int, float]) -> float:
        """Processor seconds since `before` of all processes but this one and the one that asks."""
        ours = {os.getpid(), self.process.pid}
        return sum(
            seconds - before.get(pid, 0.0)
            for pid, seconds in processor_seconds().items()
            if pid not in ours
        )

    def close(self) -> float:
        """The process's peak memory in MiB."""
        self.pipe.send(None)
        peak = float(self.pipe.recv())
        self.process.join()
        return peak


def race(
    competitors: dict[str, Competitor], limit: str, rounds: int, seconds: float
) -> list[dict[str, Any]]:
    """All in turn; each one's time, and its ratio to `limit` in the same rounds."""
    first = competitors[limit]
    first.turn(3)
    count = max(1, int(seconds / first.rounds.pop()))
    first.times.clear()
    first.disturbed = 0
    for _ in range(rounds):
        for competitor in competitors.values():
            competitor.turn(count)
    base = first.rounds
    return [
        {
            "name": name,
            "ms_min": min(c.times) * 1e3,
            "ms_median": statistics.median(c.times) * 1e3,
            "ratio_min": min(c.times) / min(first.times),
            "ratio_median": statistics.median(a / b for a, b in zip(c.rounds, base, strict=True)),
            "disturbed": c.disturbed / rounds,
            "peak_mib": c.close(),
        }
        for name, c in competitors.items()
    ]


def tell(title: str, results: list[dict[str, Any]], limit: str) -> None:
    print(f"\n{title}")
    print(
        f"{'':20}{'min ms':>10}{'median ms':>11}{'min /':>9}{'median /':>10}{'peak MiB':>10}{'disturbed':>11}   / {limit}"
    )
    for r in results:
        print(
            f"{r['name']:20}{r['ms_min']:10.3f}{r['ms_median']:11.3f}{r['ratio_min']:9.2f}"
            f"{r['ratio_median']:10.2f}{r['peak_mib']:10.0f}{r['disturbed']:11.0%}",
            flush=True,
        )


def threads_of(count: int) -> dict[str, str]:
    """The environment that gives every competitor so many threads, and its process the processors."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "HANDGRAD_THREADS")
    flags = "--xla_cpu_multi_thread_eigen=" + ("true" if count > 1 else "false")
    return {name: str(count) for name in names} | {"XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"}


def machine() -> dict[str, Any]:
    load = os.getloadavg()[0]
    busy = "; BUSY: these figures are provisional" if load > 0.5 else ""
    return {
        "processors": os.cpu_count(),
        "machine": platform.machine(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "load before": f"{load:.1f}{busy}",
    }
