"""Many answers, a third of them hostile: ``python bench/soak.py [--answers N]``.

One judge for all of them. Every honest answer must get its right verdict, no hostile one may pass,
and nothing may be left behind: no process, no descriptor, no memory. Ends with 1 if anything is.
"""

from __future__ import annotations

import argparse
import collections
import ctypes
import gc
import os
import random
import sys
import time
from dataclasses import astuple, dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from attacks.preamble import PREAMBLE
from attacks.tricks import TRICKS

from handgrad.course import load_course
from handgrad.judging import Answer, Judge
from handgrad.sandbox import Limits

LIMITS = Limits(processor_seconds=0.15, wall_seconds=1.0)
"""A hundred times what an honest answer needs: a busy machine makes none of them late."""
WARM_UP = 300
SETTLE_SECONDS = 1.0
LOOKS = 10
MEMORY_SLACK = 8 << 20
NOT_A_PASS = {"wrong", "error", "forbidden", "time-limit", "memory-limit", "output-limit"}

MACHINE = tuple(
    PREAMBLE + "disarm()\n" + code
    for code in (
        "call('fork')", "call('open', b'/etc/passwd', 0)", "call('kill', -1, 9)",
        "call('socket', 2, 1, 0)", "call('unshare', 0x10000000)", "call('memfd_create', b'x', 0)",
        "call('mmap', 0, 4096, 7, 34, -1, 0)", "call('kill', os.getppid(), 9)",
        "call('ptrace', 0, 0, 0, 0)", "call('io_uring_setup', 4, 0)", "os.close(0)",
        "ctypes.string_at(1)", "ctypes.memset(id(os), 0, 4096)", "kept = bytearray(2 << 30)",
        "sys.modules['gc'].freeze(); sys.exit(0)", "os._exit(0)", "raise MemoryError",
    )
)  # fmt: skip


@dataclass
class Tally:
    """What came of the answers so far."""

    verdicts: collections.Counter[str] = field(default_factory=collections.Counter)
    honest: int = 0
    hostile: int = 0
    mistakes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Footprint:
    """What this process and all that it started hold."""

    descriptors: int
    processes: int
    judge_bytes: int
    zygote_bytes: int

    @classmethod
    def now(cls) -> Footprint:
        tree = _descendants(os.getpid())
        return cls(
            descriptors=len(os.listdir("/proc/self/fd")),
            processes=len(tree),
            judge_bytes=_resident(os.getpid()),
            zygote_bytes=max((_resident(number) for number in tree), default=0),
        )


def _resident(number: int) -> int:
    try:
        statm = Path(f"/proc/{number}/statm").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(statm.split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _descendants(root: int) -> set[int]:
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                stat = Path(f"/proc/{name}/stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            parents[int(name)] = int(stat.rpartition(")")[2].split()[1])
    found = {root}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {root}


def judge_one(judge: Judge, level, honest, hostile, draw: random.Random, tally: Tally) -> None:
    if hostile and draw.random() < 1 / 3:
        tally.hostile += 1
        name, source = draw.choice(hostile)
        [verdict] = judge.judge(level, Answer("hostile.py", source.encode()))
        tally.verdicts[f"hostile: {verdict.verdict}"] += 1
        # a forged failure of the judge's own is told as one; it is no pass either
        if verdict.verdict not in NOT_A_PASS | {"judge-error"}:
            tally.mistakes.append(f"{name}: {verdict.verdict}")
        return
    tally.honest += 1
    planted = draw.choice(honest)
    [verdict] = judge.judge(level, Answer(planted.path.name, planted.source))
    tally.verdicts[f"honest: {verdict.verdict}"] += 1
    if verdict.verdict != planted.verdict:
        tally.mistakes.append(f"{planted.path.name}: {verdict.verdict}, not {planted.verdict}")


def settled(judge: Judge, level, honest, draw: random.Random, tally: Tally) -> Footprint:
    """What is held when nothing hostile was judged for a while.

    The last hostile answer may have sent all that one may, and the allocator keeps free memory for
    later use: it is told to hand it back, and the least of several looks is what stays.
    """
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    looks = []
    for _ in range(LOOKS):
        for _ in range(10):
            judge_one(judge, level, honest, [], draw, tally)
        time.sleep(SETTLE_SECONDS / LOOKS)
        looks.append(Footprint.now())
    return Footprint(*(min(values) for values in zip(*map(astuple, looks), strict=True)))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--answers", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**31))
    chosen = options.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    draw, tally = random.Random(chosen.seed), Tally()
    level = load_course().level("fully-connected")
    honest = honest_answers(level)
    hostile = [(t.name, t.source.partition("# ---- second answer\n")[0]) for t in TRICKS]
    passing = {"at-exit", "finalizer-at-the-end", "threads-left-behind", "answer-of-a-friend"}
    hostile = [(name, source) for name, source in hostile if name not in passing]
    hostile += [(f"machine-{number}", source) for number, source in enumerate(MACHINE)]
    started = time.monotonic()
    with Judge(seed=chosen.seed, limits=LIMITS) as judge:
        for _ in range(WARM_UP):
            judge_one(judge, level, honest, hostile, draw, tally)
        before = settled(judge, level, honest, draw, tally)
        for number in range(chosen.answers - WARM_UP):
            judge_one(judge, level, honest, hostile, draw, tally)
            if number % 5000 == 0:
                seconds = time.monotonic() - started
                print(f"{number + WARM_UP} answers, {seconds:.0f} s, {Footprint.now()}", flush=True)
        after = settled(judge, level, honest, draw, tally)
    left = _descendants(os.getpid())
    return told(tally, before, after, left, time.monotonic() - started)


def honest_answers(level):
    """The planted answers that load and run within these limits, with their verdicts."""
    return [
        planted
        for planted in (*level.wrong_answers, *level.right_answers)
        if planted.verdict in ("pass", "wrong")
    ]


def told(tally: Tally, before: Footprint, after: Footprint, left: set[int], seconds: float) -> int:
    grown = {
        "descriptors": after.descriptors - before.descriptors,
        "processes": after.processes - before.processes,
        "judge_bytes": after.judge_bytes - before.judge_bytes,
        "zygote_bytes": after.zygote_bytes - before.zygote_bytes,
    }
    faults = list(tally.mistakes[:20])
    faults += [
        f"{name} grew by {more}"
        for name, more in grown.items()
        if more > (MEMORY_SLACK if name.endswith("bytes") else 0)
    ]
    faults += [f"left running: {sorted(left)}"] if left else []
    total = tally.honest + tally.hostile
    print(f"{total} answers in {seconds:.0f} s: {tally.honest} honest, {tally.hostile} hostile")
    for name, count in sorted(tally.verdicts.items()):
        print(f"  {name}: {count}")
    print(f"before {before}\nafter  {after}\nleft running: {len(left)}")
    print(
        "\n".join(faults)
        if faults
        else "every honest verdict right, nothing hostile passed, nothing left"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
