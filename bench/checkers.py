"""Gradient checkers side by side: ``python bench/checkers.py PART… [--seconds S] [--write]``.

Parts: ``costs`` (evaluations and seconds from 10² to 10⁶ parameters), ``sensitivity`` (the smallest
relative error of a single entry that is seen at least 99.9 % of the time), ``alarms`` (how often a
right layer is called wrong), ``words`` (what each one says of the same mistake). All checkers look
at the same layers, points and errors, one after the other in one process. ``--write`` puts the
tables into ``docs/bench/checkers.md`` and ``.zh.md``, between the part's markers. Counts do not depend on the
hour: ``--cells FILE`` keeps those that were taken, and takes them again only for ``--again NAME``.
Costs are always measured together.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import time
from collections.abc import Callable, Iterable
from functools import partial
from importlib import metadata
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from peers.cells import Cells
from peers.everybody import peers
from peers.handgrad_check import HandgradCheck
from peers.layers import task
from peers.task import Outcome, Peer, run
from peers.torch_gradcheck import Gradcheck

PAGES = [
    Path(__file__).parent.parent / "docs" / "bench" / name
    for name in ("checkers.md", "checkers.zh.md")
]
WIDTHS = (10, 32, 100, 316, 1000)
"""Of an affine layer, for about 10², 10³, … 10⁶ parameters."""
TRIALS = 1000
LEVELS = range(13)
"""Relative errors 10⁻⁰ … 10⁻¹²."""
SHOWN = (0, 2, 4, 6, 9)
"""The levels whose share is shown."""
SHARE = 200
"""Trials for a share."""
LONGEST = 20.0
"""Seconds that a single check may take in the table of costs."""
ENTRYWISE = {"torch gradcheck, slow", "numdifftools Gradient", "central-difference loop"}
"""Those that run forward for every entry; both runs and entries grow."""
VALUES = {"state": False, "layouts": False, "sizes": False, "locate": False}
"""Ours without what it looks at beside the values."""


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *([str(c) for c in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def costs(_: float, __: Cells) -> str:
    """Forwards + backwards, and seconds, for one check of a right layer."""
    parts = []
    for layer in ("affine", "tanh(affine)"):
        rows = []
        for peer in [HandgradCheck("handgrad.check, values alone", **VALUES), *peers()]:
            row: list[str] = [peer.name]
            predicted = 0.0
            for width in WIDTHS:
                if predicted > LONGEST:
                    row.append(f"over {LONGEST:.0f} s")
                    continue
                outcome = best(peer, layer, width, repeats=3 if predicted < 1 else 1)
                predicted = outcome.seconds * (100 if peer.name in ENTRYWISE else 12)
                row.append(cost(outcome))
            rows.append(row)
        head = ["checker", *(f"{w * w:,} weights" for w in WIDTHS)]
        parts.append(f"`{layer}`, B = 8:\n\n{table(head, rows)}")
    return "\n\n".join(parts)


def best(peer: Peer, layer: str, width: int, repeats: int) -> Outcome:
    outcomes = [run(peer, task(layer, seed, batch=8, width=width)) for seed in range(repeats)]
    return min(outcomes, key=lambda outcome: outcome.seconds)


def cost(outcome: Outcome) -> str:
    verdict = "" if outcome.said == "right" else f" ({outcome.said}!)"
    return f"{outcome.forwards:,} + {outcome.backwards:,}; {outcome.seconds:.2g} s{verdict}"


def sensitivity(seconds: float, cells: Cells) -> str:
    """How often one wrong entry is seen, and the smallest error seen at least 99.9 % of the time."""
    parts = []
    for layer, width in itertools.product(("affine", "tanh(affine)", "ReLU(affine)"), (8, 256)):
        rows = []
        for peer in values_only():
            key = f"sensitivity|{peer.name}|{layer} {width}"
            shares = cells.get(key, partial(seen, peer, layer, width, seconds))
            rows.append([peer.name, *shares])
        head = ["checker", *(f"1e-{level}" if level else "1" for level in SHOWN), "≥ 99.9 % from"]
        parts.append(f"`{layer}`, {width * width:,} weights:\n\n{table(head, rows)}")
    return "\n\n".join(parts)


def values_only() -> list[Peer]:
    """Every peer, ours without what it looks at beside the values."""
    ours, *others = peers()
    return [
        HandgradCheck(ours.name, **VALUES),
        *others,
    ]


def seen(peer: Peer, layer: str, width: int, seconds: float) -> list[str]:
    """The share of trials in which an error of each size is seen, and the smallest sure one."""
    once = min(run(peer, task(layer, 0, width=width)).seconds for _ in range(2))
    if once * SHARE > 6 * seconds:
        return ["too slow"] * (len(SHOWN) + 1)
    false = count(lambda seed: run(peer, task(layer, seed, width=width)).said == "wrong", SHARE)
    hits = {
        level: SHARE - misses(peer, layer, width, 10.0**-level, SHARE, SHARE) for level in SHOWN
    }
    sure = "not tried"
    if once * TRIALS <= 20 * seconds:
        sure = surely_seen(peer, layer, width, hits)
    if false:
        sure += f"; {false} of {SHARE} right layers called wrong"
    return [*(f"{100 * hit / SHARE:.1f} %" for hit in hits.values()), sure]


def surely_seen(peer: Peer, layer: str, width: int, hits: dict[int, int]) -> str:
    """The smallest power of ten that at most one trial in a thousand misses, by bisection.

    The shares say where to look; what they say is sure is confirmed.
    """

    def holds(level: int) -> bool:
        enough = TRIALS // 1000
        return misses(peer, layer, width, 10.0**-level, TRIALS, enough) <= enough

    high = min((level for level, hit in hits.items() if hit < SHARE - 1), default=len(LEVELS))
    low = max((level for level, hit in hits.items() if hit == SHARE and level < high), default=-1)
    confirmed = -1  # 10^-low is seen, 10^-high is not
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            low = confirmed = middle
        else:
            high = middle
    while low >= 0 and low != confirmed and not holds(low):
        low -= 1
    return f"1e-{low}" if low > 0 else "1" if low == 0 else "none"


def misses(peer: Peer, layer: str, width: int, off_by: float, trials: int, enough: int) -> int:
    """In how many trials the error is not seen; counting ends once there are more than `enough`."""
    missed = 0
    for seed in range(trials):
        missed += run(peer, task(layer, seed, width=width, off_by=off_by)).said != "wrong"
        if missed > enough:
            break
    return missed


def count(happens: Callable[[int], bool], trials: int) -> int:
    return sum(happens(seed) for seed in range(trials))


def alarms(seconds: float, cells: Cells) -> str:
    """Right layers called wrong, of as many as `seconds` allow (at least 1, at most 1,000)."""
    rows = []
    cases = [
        *(("ReLU", 16, width, 1.0, "float64") for width in (256, 1024, 4096)),
        *(("ReLU(affine)", 4, width, 1.0, "float64") for width in (256, 1024, 4096)),
        *(("ReLU(affine)", 4, 256, scale, "float64") for scale in (1e6, 1e-6)),
        *(("sigmoid", 16, 256, scale, "float64") for scale in (1.0, 1e6, 1e-6)),
        *(("affine", 4, 256, scale, "float64") for scale in (1.0, 1e6, 1e-6)),
        *(("affine", 4, width, 1.0, "float32") for width in (256, 1024)),
        ("ReLU(affine)", 4, 256, 1.0, "float32"),
        ("tanh(affine)", 4, 256, 1.0, "float32"),
    ]
    tuned = Gradcheck(fast=True, eps=1e-3, atol=1e-2, rtol=1e-2)
    everybody = [*values_only(), tuned]
    for layer, batch, width, scale, dtype in cases:
        row = [f"{layer} ({batch}, {width})", f"{scale:.0e}" if scale != 1 else "1", dtype]
        for peer in everybody:
            key = f"alarms|{peer.name}|{' '.join(row[:3])}"
            sizes = {"batch": batch, "width": width, "scale": scale, "dtype": dtype}
            row.append(cells.get(key, partial(alarm_cell, peer, seconds, layer=layer, **sizes)))
        rows.append(row)
    return table(["right layer", "scale", "dtype", *(peer.name for peer in everybody)], rows)


def alarm_cell(peer: Peer, seconds: float, *, layer: str, **sizes: object) -> str:
    entries = int(np.prod([x.size for x in task(layer, 0, **sizes).inputs[:2]]))  # type: ignore[arg-type]
    if peer.name in ENTRYWISE and entries > 20_000:
        return "too slow"
    wrong = unsure = trials = 0
    started = time.perf_counter()
    while trials < TRIALS and (trials == 0 or time.perf_counter() - started < seconds):
        said = run(peer, task(layer, 10_000 + trials, **sizes)).said  # type: ignore[arg-type]
        wrong += said == "wrong"
        unsure += said == "cannot-tell"
        trials += 1
    return f"{wrong} / {trials}" + (f" ({unsure} cannot tell)" if unsure else "")


def words(_: float, __: Cells) -> str:
    """One entry of dW is 1 % too large; the first lines of what each checker says."""
    parts = []
    for peer in peers():
        outcome = run(peer, task("affine", 3, batch=2, width=3, off_by=0.01))
        lines = [line.rstrip() for line in outcome.text.splitlines() if line.strip()]
        shown = "\n".join(line[:160] for line in lines[:14])
        parts.append(f"**{peer.name}**: {outcome.said}\n\n```text\n{shown}\n```")
    return "\n\n".join(parts)


PARTS = {"costs": costs, "sensitivity": sensitivity, "alarms": alarms, "words": words}


def machine() -> str:
    """What the figures hold for, without naming any machine of ours."""
    names = ("numpy", "torch", "jax", "autograd", "numdifftools")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    return f"{os.cpu_count()} cores shared with other work, {platform.machine()}, Python {platform.python_version()}, {versions}."


def write(part: str, text: str) -> None:
    """Puts a table between its markers in both pages."""
    begin, end = f"<!-- {part} -->", f"<!-- end of {part} -->"
    for page in PAGES:
        head, found, rest = page.read_text(encoding="utf-8").partition(begin)
        _, ended, tail = rest.partition(end)
        if not (found and ended):
            raise SystemExit(f"{page.name} must have the markers {begin} and {end}")
        page.write_text(f"{head}{begin}\n{text}\n{end}{tail}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("parts", nargs="*", choices=[*PARTS, "all"], default="all")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long one cell may take")
    parser.add_argument("--write", action="store_true", help="put the tables into the page")
    parser.add_argument("--cells", type=Path, help="keeps counts between runs")
    parser.add_argument("--again", nargs="*", default=[], help="checkers whose counts are stale")
    arguments = parser.parse_args()
    cells = Cells(arguments.cells, arguments.again)
    for part in list(PARTS) if "all" in arguments.parts else arguments.parts:
        text = PARTS[part](arguments.seconds, cells)
        print(f"\n{part}\n\n{text}\n", flush=True)
        if arguments.write:
            write(part, text)
    if arguments.write:
        write("machine", machine())


if __name__ == "__main__":
    main()
