"""How long live shapes take: ``python bench/live_shapes.py [--rounds N] [--json]``.

Everything is measured interleaved in one run, so that a machine whose speed drifts slows all rows
alike; quote the ratios. Targets stand beside the figures.

* shapes: from a draft to the shapes of its lines, in a pool whose next child is ready. The solutions of
  every level, a product that does not fit, a half-typed line, a loop of a thousand passes.
* verdict: the same solution judged on all its cases, for comparison.
* endless: a loop without end. How far beyond its limit of processor time it is given up.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from handgrad.course import load_course
from handgrad.judging import Answer, Judge
from handgrad.live_shapes import DRAFT_LIMITS, live_shapes
from handgrad.sandbox import Pool

COURSE = load_course()
LEVEL = COURSE.level("fully-connected")
BEGIN = "        ########## Begin ##########\n"
TARGET_MS = 20.0
ENDLESS_EVERY = 10
PAUSE_SECONDS = 0.02  # the next child is forked and rehearses, as between two pauses in typing


@dataclass
class Row:
    """One thing measured: its times in milliseconds, and the target for their median."""

    name: str
    measure: Callable[[], float]
    target_ms: float | None = None
    every: int = 1
    times: list[float] = field(default_factory=list)

    def told(self) -> dict[str, object]:
        """The figures."""
        return {
            "name": self.name,
            "median_ms": round(statistics.median(self.times), 2),
            "p95_ms": round(float(np.percentile(self.times, 95)), 2),
            "minimum_ms": round(min(self.times), 2),
            "target_ms": self.target_ms,
            "times": len(self.times),
        }


def rows(pool: Pool, judge: Judge) -> list[Row]:
    """Everything that is measured."""

    def shapes(level_name: str, source: str) -> Callable[[], float]:
        level = COURSE.level(level_name)

        def measure() -> float:
            started = time.perf_counter()
            live_shapes(level, source, pool=pool)
            return (time.perf_counter() - started) * 1000

        return measure

    def verdict() -> float:
        started = time.perf_counter()
        [one] = judge.judge(LEVEL, Answer("a.py", LEVEL.solution.encode()))
        assert one.verdict == "pass"
        return (time.perf_counter() - started) * 1000

    solution = LEVEL.solution
    wrong = solution.replace("np.dot(dout, self.W.T)", "np.dot(dout, self.W)")
    typed = solution.replace("np.sum(dout, axis=0)", "np.sum(dout, ")
    loop = "        for i in range(1000):\n            total = dout * i\n"
    long = solution.replace(BEGIN, BEGIN + loop)
    return [
        *(
            Row(f"shapes, {one.name}", shapes(one.name, one.solution), TARGET_MS)
            for one in COURSE.levels
        ),
        Row("shapes, a product that does not fit", shapes(LEVEL.name, wrong), TARGET_MS),
        Row("shapes, a half-typed line", shapes(LEVEL.name, typed), TARGET_MS),
        Row("shapes, a loop of 1,000 passes", shapes(LEVEL.name, long)),
        Row("verdict, fully-connected, all cases", verdict),
        Row(
            f"endless, limit {DRAFT_LIMITS.processor_seconds * 1000:.0f} ms",
            shapes(LEVEL.name, "while True: pass\n"),
            every=ENDLESS_EVERY,
        ),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with Pool() as pool, Judge(seed=1, course=COURSE) as judge:
        measured = rows(pool, judge)
        for row in measured:
            row.measure()
        for number in range(options.rounds):
            for row in measured:
                if number % row.every == 0:
                    time.sleep(PAUSE_SECONDS)
                    row.times.append(row.measure())
        isolation = pool.isolation.level
    told = [row.told() for row in measured]
    if options.json:
        machine = {"python": platform.python_version(), "numpy": np.__version__,
                   "processors": os.cpu_count(), "isolation": isolation}  # fmt: skip
        print(json.dumps({"machine": machine, "rows": told}))
        return
    print(f"{'ms':40}  median     p95     min  target   ({options.rounds} rounds)")
    for one in told:
        target = "" if one["target_ms"] is None else f"{one['target_ms']:.0f}"
        print(
            f"{one['name']:40} {one['median_ms']:7.2f} {one['p95_ms']:7.2f} "
            f"{one['minimum_ms']:7.2f} {target:>7}"
        )


if __name__ == "__main__":
    main()
