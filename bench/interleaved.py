"""Competitors measured in processes of their own, a few calls at a time, in turn.

A pool of threads that spins after its work disturbs whatever runs next in the same process, so each
competitor has a process; the turns are short, so that what else the machine does hits all alike.
"""

from __future__ import annotations

import multiprocessing
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

SLEEP = 0.02
"""Seconds between turns, in which pools of threads go to sleep."""


def _serve(pipe: Any, make: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
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

    def turn(self, count: int) -> None:
        time.sleep(SLEEP)
        self.pipe.send(count)
        times = self.pipe.recv()
        self.rounds.append(min(times))
        self.times += times

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
            "peak_mib": c.close(),
        }
        for name, c in competitors.items()
    ]


def tell(title: str, results: list[dict[str, Any]], limit: str) -> None:
    print(f"\n{title}")
    print(
        f"{'':20}{'min ms':>10}{'median ms':>11}{'min /':>9}{'median /':>10}{'peak MiB':>10}   / {limit}"
    )
    for r in results:
        print(
            f"{r['name']:20}{r['ms_min']:10.3f}{r['ms_median']:11.3f}{r['ratio_min']:9.2f}"
            f"{r['ratio_median']:10.2f}{r['peak_mib']:10.0f}",
            flush=True,
        )


def threads_of(count: int) -> dict[str, str]:
    """The environment that gives every competitor so many threads."""
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
