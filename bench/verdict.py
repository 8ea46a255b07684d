"""How long a verdict takes: ``python bench/verdict.py [--rounds N] [--json]``.

Everything is measured interleaved in one run, so that a machine whose speed drifts slows all rows
alike; quote the ratios. Targets stand beside the figures.

* cold: the whole command ``handgrad judge`` on one file, from start to exit.
* further: what one more answer adds to a command that judges many, over the time of a process that
  imports NumPy.
* watch: from a save to the verdict on the screen.
* warm: one answer within a judge whose child is ready. *walled*: as this machine isolates it;
  *bare*: the same forked child without any wall; *started*: a process started ahead for itself.
* fresh: a process started when the answer comes, as it is and in bubblewrap.

Last, what naming, searching and shrinking add to the verdicts of all held-out answers
(``bench/diagnosis.py`` measures that alone).
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import platform
import queue
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import diagnosis
import numpy as np

from handgrad.course import load_course
from handgrad.judging import Answer, Judge
from handgrad.sandbox import Ended, Limits, Pool
from handgrad.sandbox.child.isolation import LAYERS
from handgrad.sandbox.isolation import ONLY_A_PROCESS
from handgrad.sandbox.spawned_child import SpawnedChild
from handgrad.sandbox.zygote import IS_POSSIBLE, Zygote

LEVEL = load_course().level("fully-connected")
MANY = 20
RIGHT = LEVEL.solution
WRONG = LEVEL.solution.replace("np.sum(dout, axis=0)", "dout")
EVERY = 10**6
BUBBLEWRAP = [
    "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/", "/",
    "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--cap-drop", "ALL",
]  # fmt: skip


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

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


class FreshChildren:
    """In a pool's place: each child is started when it is asked for."""

    isolation = ONLY_A_PROCESS

    def __init__(self, wrapper: list[str]) -> None:
        self.wrapper = wrapper

    def take(self) -> SpawnedChild:
        return SpawnedChild(self.wrapper)

    def refill(self) -> None:
        pass

    def close(self) -> None:
        pass


class Started(Pool):
    """A pool of children that each load Python and NumPy for themselves."""

    def __init__(self) -> None:
        super().__init__(ahead=1, expected=0)
        self._zygotes = None
        self._expected = None
        self.refill()


def bare_pool() -> Pool:
    return Pool(zygote=Zygote(without=LAYERS, namespaces=False))


class Warm:
    """A judge whose child is ready before the clock starts; so many of the level's cases."""

    def __init__(self, pool: Any, cases: int, source: str = RIGHT, pause: float = 0.02) -> None:
        self.judge = Judge(seed=1, pool=pool)
        self.judge.judge(LEVEL, Answer("first.py", RIGHT.encode()))
        self.cut_to(cases)
        self.answer = Answer("answer.py", source.encode())
        self.pause = pause
        self.judge.judge(LEVEL, self.answer)

    def cut_to(self, cases: int) -> None:
        prepared = self.judge.prepare(LEVEL)
        fewer = dataclasses.replace(
            prepared,
            classes=tuple(
                dataclasses.replace(one, cases=one.cases[:cases], expected=one.expected[:cases])
                for one in prepared.classes
            ),
        )
        kept = self.judge._prepared_runs._runs
        [key] = kept
        kept[key] = fewer

    def measure(self) -> float:
        time.sleep(self.pause)
        started = time.perf_counter()
        self.judge.judge(LEVEL, self.answer)
        return (time.perf_counter() - started) * 1e3

    def measure_each_of(self, many: int) -> float:
        """Milliseconds a verdict when they follow each other without a pause."""
        started = time.perf_counter()
        for _ in range(many):
            self.judge.judge(LEVEL, self.answer)
        return (time.perf_counter() - started) * 1e3 / many

    def close(self) -> None:
        self.judge.close()


def zygote_restart() -> float:
    started = time.perf_counter()
    with Zygote() as zygote:
        zygote.start().wait_until_ready()
        return (time.perf_counter() - started) * 1e3


class Deadline:
    """How long after its deadline a child that ignores everything is gone."""

    SECONDS = 0.1

    def __init__(self) -> None:
        self.zygote = Zygote()
        with Judge(seed=1, expected_answers=0) as judge:
            spin = (
                b"while True:\n    try:\n        while True: pass\n    except BaseException: pass\n"
            )
            self.job = judge.prepare(LEVEL).job("spin.py", spin)

    def measure(self) -> float:
        child = self.zygote.start()
        process_id = child.process_id
        status = Path(f"/proc/{process_id}/stat")
        time.sleep(0.02)
        started = time.perf_counter()
        for arrived in child.ask(self.job, Limits(wall_seconds=self.SECONDS)):
            assert isinstance(arrived, Ended)
        child.end()
        with contextlib.suppress(OSError):
            while status.read_bytes().rpartition(b")")[2].split()[0] not in b"ZX":
                pass
        return (time.perf_counter() - started - self.SECONDS) * 1e3

    def private_mebibytes(self) -> float:
        """Memory that a waiting child does not share."""
        child = self.zygote.start()
        child.wait_until_ready()
        time.sleep(0.1)
        rollup = Path(f"/proc/{child.process_id}/smaps_rollup").read_text(encoding="ascii")
        child.end()
        return sum(int(kib) for kib in re.findall(r"Private_\w+:\s+(\d+)", rollup)) / 1024

    def close(self) -> None:
        self.zygote.close()


def measured(rounds: int, folder: Path) -> tuple[list[Row], dict[str, float]]:
    files = [folder / f"answer{i}.py" for i in range(MANY + 1)]
    for file in files:
        file.write_text(RIGHT, encoding="utf-8")
    with contextlib.ExitStack() as stack:

        def kept(closable: Any) -> Any:
            stack.callback(closable.close)
            return closable

        watched = kept(Watched(folder))
        started = kept(Warm(Started(), EVERY, pause=0.4))
        fresh = kept(Warm(FreshChildren([]), EVERY))
        rows = [
            Row("import numpy", lambda: seconds_of(sys.executable, "-c", "import numpy")),
            Row("cold: one file", lambda: judging(files[:1]), 1000.0),
            Row(f"many: {MANY + 1} files", lambda: judging(files)),
            Row("watch: save to verdict", watched.measure, 150.0),
            Row("fresh process, every case", fresh.measure),
        ]
        if shutil.which("bwrap"):
            wrapped = kept(Warm(FreshChildren(BUBBLEWRAP), EVERY))
            rows.append(Row("fresh bubblewrap, every case", wrapped.measure))
        rows.append(Row("started, every case", started.measure))
        facts = {}
        if IS_POSSIBLE:
            for cases, target in ((1, 1.5), (4, None), (EVERY, 8.0)):
                name = "every case" if cases == EVERY else f"{cases} case" + "s" * (cases > 1)
                walled, bare = kept(Warm(Pool(), cases)), kept(Warm(bare_pool(), cases))
                rows.append(Row(f"walled, {name}", walled.measure, target))
                rows.append(Row(f"bare, {name}", bare.measure))
                if cases == 4:
                    name = "walled, 4 cases, one after another"
                    rows.append(Row(name, partial(walled.measure_each_of, 40), 4.0))
            wrong = kept(Warm(Pool(), EVERY, WRONG))
            deadline = kept(Deadline())
            facts["private_mebibytes"] = deadline.private_mebibytes()
            rows += [
                Row("walled, every case, a wrong answer", wrong.measure),
                Row("after the deadline, gone in", deadline.measure, 10.0),
                Row("zygote restart", zygote_restart, 300.0),
            ]
        for row in rows:
            row.measure()  # warm-up, not counted
        for _ in range(rounds):
            for row in rows:
                quick = row.name.startswith(("walled", "bare"))
                for _ in range(4 if quick else 1):
                    row.times.append(row.measure())
    return rows, facts


def ratios(rows: list[Row]) -> dict[str, tuple[float, float | None]]:
    """The figures that hold on any machine, with their targets."""
    by_name = {row.name: row for row in rows}
    base = by_name["import numpy"].median
    further = (by_name[f"many: {MANY + 1} files"].median - by_name["cold: one file"].median) / MANY
    told: dict[str, tuple[float, float | None]] = {
        "each further answer / import numpy": (further / base, 0.1)
    }
    for name in ("1 case", "4 cases", "every case"):
        if f"walled, {name}" in by_name:
            ratio = by_name[f"walled, {name}"].median / by_name[f"bare, {name}"].median
            told[f"walled / bare, {name}"] = (ratio, 1.1)
    if "walled, every case" in by_name:
        walled = by_name["walled, every case"].median
        for name in ("fresh process, every case", "fresh bubblewrap, every case"):
            if name in by_name:
                told[f"{name} / walled"] = (by_name[name].median / walled, None)
        each = by_name["walled, 4 cases, one after another"].median
        told["verdicts a second, 4 cases"] = (1e3 / each, 250.0)
    return told


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows, facts = measured(chosen.rounds, Path(folder))
    machine = {
        "processors": os.cpu_count(),
        "machine": platform.machine(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "rounds": chosen.rounds,
    }
    if chosen.json:
        figures = {
            r.name: {"median_ms": r.median, "p99_ms": r.p99, "target_ms": r.target_ms} for r in rows
        }
        print(json.dumps({"machine": machine, "rows": figures, "ratios": ratios(rows)} | facts))
        return
    print(machine)
    print(f"{'':38}{'best':>10}{'median':>10}{'p99':>10}{'target':>10}")
    for row in rows:
        target = f"{row.target_ms:8.1f}" if row.target_ms else ""
        print(f"{row.name:38}{min(row.times):8.2f}ms{row.median:8.2f}ms{row.p99:8.2f}ms{target:>8}")
    for name, (value, target) in ratios(rows).items():
        print(f"{name:38}{value:10.2f}" + (f"   (target {target:g})" if target else ""))
    for name, value in facts.items():
        print(f"{name:38}{value:10.2f}   (target 4)")
    diagnosis.report(rounds=min(3, chosen.rounds))


if __name__ == "__main__":
    main()
