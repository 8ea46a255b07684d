"""How long a verdict takes: ``python bench/verdict.py [--rounds N] [--json]``.

Everything is measured interleaved in one run, so that a machine whose speed drifts slows all rows
alike; quote the ratios. Targets stand beside the figures.

* cold: the whole command ``handgrad judge`` on one file, from start to exit.
* further: what one more answer adds to a command that judges many, over the time of a process that
  imports NumPy.
* watch: from a save to the verdict on the screen.
* warm: one answer within a judge whose child is ready, all cases of the level.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from handgrad.course import load_course
from handgrad.judging import Answer, Judge
from handgrad.sandbox import Pool

LEVEL = load_course().level("fully-connected")
MANY = 20


@dataclass
class Row:
    """One thing measured: its times in milliseconds, and the target for their median."""

    name: str
    measure: Callable[[], float]
    target_ms: float | None = None
    times: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p99(self) -> float:
        return float(np.percentile(self.times, 99))


def seconds_of(*command: str) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - started) * 1e3


def judging(files: list[Path]) -> float:
    return seconds_of(sys.executable, "-m", "handgrad", "judge", LEVEL.name, *map(str, files))


class Watched:
    """A running ``handgrad watch``, and the time from a save to its verdict."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "watched.py"
        self.saves = 0
        self._save()
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-u",
                "-m",
                "handgrad",
                "watch",
                LEVEL.name,
                str(self.path),
                "--lang",
                "en",
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self._verdict()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def _verdict(self) -> None:
        while "Waiting" not in self.lines.get(timeout=30):
            pass

    def _save(self) -> None:
        self.saves += 1
        wrong = LEVEL.solution.replace("axis=0", "axis=1")  # a pass would go on to the next level
        self.path.write_text(f"{wrong}# {self.saves}\n", encoding="utf-8")

    def measure(self) -> float:
        time.sleep(0.4)  # the next child is ready, as it is when a person types
        started = time.perf_counter()
        self._save()
        self._verdict()
        return (time.perf_counter() - started) * 1e3

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


class Warm:
    """A judge whose child is ready before the clock starts."""

    def __init__(self, source: str) -> None:
        self.judge = Judge(seed=1, pool=Pool(ahead=1))
        self.judge.judge(LEVEL, Answer("first.py", source.encode()))
        self.answer = Answer("answer.py", source.encode())
        self.judge.prepare(LEVEL)

    def measure(self) -> float:
        time.sleep(0.4)  # its next child is ready
        started = time.perf_counter()
        self.judge.judge(LEVEL, self.answer)
        return (time.perf_counter() - started) * 1e3


def measured(rounds: int, folder: Path) -> list[Row]:
    files = [folder / f"answer{i}.py" for i in range(MANY + 1)]
    for file in files:
        file.write_text(LEVEL.solution, encoding="utf-8")
    watched = Watched(folder)
    right = Warm(LEVEL.solution)
    wrong = Warm(LEVEL.solution.replace("np.sum(dout, axis=0)", "dout"))
    rows = [
        Row("import numpy", lambda: seconds_of(sys.executable, "-c", "import numpy")),
        Row("cold: one file", lambda: judging(files[:1]), 1000.0),
        Row(f"many: {MANY + 1} files", lambda: judging(files)),
        Row("watch: save to verdict", watched.measure, 150.0),
        Row("warm: a right answer, every case", right.measure),
        Row("warm: a wrong answer, every case", wrong.measure),
    ]
    try:
        for row in rows:
            row.measure()  # warm-up, not counted
        for _ in range(rounds):
            for row in rows:
                row.times.append(row.measure())
    finally:
        watched.end()
        right.judge.close()
        wrong.judge.close()
    return rows


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measured(chosen.rounds, Path(folder))
    by_name = {row.name: row for row in rows}
    baseline, cold = by_name["import numpy"], by_name["cold: one file"]
    further = [
        (many - one) / MANY / base
        for many, one, base in zip(
            by_name[f"many: {MANY + 1} files"].times, cold.times, baseline.times, strict=True
        )
    ]
    machine = {
        "processors": os.cpu_count(),
        "machine": platform.machine(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "rounds": chosen.rounds,
    }
    ratio = statistics.median(further)
    if chosen.json:
        figures = {
            r.name: {"median_ms": r.median, "p99_ms": r.p99, "target_ms": r.target_ms} for r in rows
        }
        print(json.dumps({"machine": machine, "rows": figures, "further_over_import": ratio}))
        return
    print(machine)
    print(f"{'':36}{'median':>10}{'p99':>10}{'target':>10}")
    for row in rows:
        target = f"{row.target_ms:8.0f}" if row.target_ms else ""
        print(f"{row.name:36}{row.median:8.1f}ms{row.p99:8.1f}ms{target:>8}")
    print(
        f"each further answer / import numpy: median {ratio:.2f}, "
        f"from {min(further):.2f} to {max(further):.2f}   (target 0.6)"
    )


if __name__ == "__main__":
    main()
