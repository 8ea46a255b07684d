"""What `handgrad.check` costs, sees and gets wrong: ``python bench/gradient_check.py [part …]``.

Parts: ``cost``, ``location``, ``sensitivity``, ``false-alarms`` (all by default; ``--quick`` takes a
twentieth of the repetitions). Every number comes from a seed that is printed.

The last two take long. With ``--tally FILE --minutes M`` a run ends after M minutes and the next one
goes on with the seeds that follow; what is printed is the sum of all of them.
"""

from __future__ import annotations

import argparse
import collections
import math
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from support.planted import planted
from support.right_layers import NAMES, BatchNorm, TwoLayers, draw
from tally import Outcome, Tally

from handgrad import FullyConnected, Relu, check

KINDS = {"affine": 1e-9, "complex": 1e-9, "real": 1e-6}
"""How a function can be measured, and the relative error of one entry that is to be seen."""
ENTRIES = 65_536
VALUES = {"state": False, "layouts": False, "sizes": False}
"""Options of a check that looks at the values alone."""


def cost(given: argparse.Namespace) -> None:
    seed = given.seed
    print("\n## Cost of a verdict, by entries of the largest array")
    print("| layer | entries | forwards an array | backwards an array | ms | verdict |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    rng = np.random.default_rng(seed)
    for exponent in range(2, 6 if given.quick else 7):
        n = 10**exponent
        side = round(math.sqrt(n))
        normal = rng.standard_normal
        layers = {
            **{f"elementwise, {kind}": planted(kind, rng, n, {}) for kind in KINDS},
            "rectifier": (Relu(), normal(n)),
            "fully connected": (
                FullyConnected(normal((side, side)), normal(side)),
                normal((8, side)),
            ),
            "batch norm": (BatchNorm(normal(side), normal(side)), normal((side, side))),
            "two layers": (
                TwoLayers(normal((side, side)) / math.sqrt(side), normal((side, 4))),
                normal((8, side)),
            ),
        }
        for name, (f, x) in layers.items():
            started = time.perf_counter()
            report = check(f, x, seed=seed, **VALUES)
            spent = (time.perf_counter() - started) * 1e3
            arrays = len(report.arrays)
            print(
                f"| {name} | {n:,} | {report.forwards / arrays:.1f} | {report.backwards} in all "
                f"| {spent:.0f} | {report.verdict} |"
            )


def location(given: argparse.Namespace) -> None:
    """Of 65,536 entries, so and so many wrong; and of any number, in any places."""
    print("\n## Wrong entries found, against 4·s·log₂(2n/s) forwards")
    print(
        "| measured by | n | s | runs | found | wrongly accused | most forwards, of those allowed |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for kind in KINDS:
        rng = np.random.default_rng([given.seed, 1])
        for wrong in (1, 2, 4, 8, 16, 32):
            cases = [(ENTRIES, anywhere(rng, ENTRIES, wrong)) for _ in range(given.runs)]
            located(kind, f"{ENTRIES:,}", str(wrong), cases, rng)
        sizes = [int(2 ** rng.uniform(0, 13)) for _ in range(100 * given.runs)]
        cases = [(n, anywhere(rng, n, min(n, int(2 ** rng.uniform(0, 6))))) for n in sizes]
        located(kind, "1 … 8,191", "1 … 63", cases, rng)


def anywhere(rng: np.random.Generator, size: int, wrong: int) -> set[int]:
    """Places of wrong entries: at random, far from each other, side by side, at the end."""
    start = int(rng.integers(size - wrong + 1))
    places = (
        rng.choice(size, wrong, replace=False),
        np.linspace(0, size - 1, wrong),
        np.arange(start, start + wrong),
        np.arange(size - wrong, size),
    )
    return {int(at) for at in places[rng.integers(4)]}


def located(
    kind: str, n: str, s: str, cases: list[tuple[int, set[int]]], rng: np.random.Generator
) -> None:
    found = accused = there = 0
    worst = 0.0
    for size, places in cases:
        f, x = planted(kind, rng, size, dict.fromkeys(places, 1.5))
        report = check(f, x, seed=int(rng.integers(2**31)), **VALUES)
        seen = {entry.index[0] for entry in report.arrays[0].wrong_entries}
        there += len(places)
        found += len(seen & places)
        accused += len(seen - places)
        allowed = 4 * len(places) * math.log2(2 * size / len(places))
        worst = max(worst, report.locating_forwards / allowed)
    print(
        f"| {kind} | {n} | {s} | {len(cases):,} | {found:,} of {there:,} | {accused} "
        f"| {100 * worst:.1f} % |",
        flush=True,
    )


def sensitivity(given: argparse.Namespace) -> None:
    print(f"\n## One wrong entry of {ENTRIES:,}: how often it is seen")
    print("The error is relative to the entry itself, however small that one is.")
    print(
        "| measured by | relative error | seen | of | missed entries, in units of the rms entry |"
    )
    print("| --- | ---: | ---: | ---: | --- |")
    for kind, error in KINDS.items():
        tally = Tally(f"sensitivity, {kind}", given.seed, given.tally)
        tally.go_on(given.trials, partial(one_entry, kind, error), given.until)
        share = 100 * tally.counts["seen"] / max(1, tally.trials)
        missed = ", ".join(tally.notes)
        print(f"| {kind} | {error:g} | {share:.2f} % | {tally.trials:,} | {missed} |", flush=True)


def one_entry(kind: str, error: float, seed: int) -> Outcome:
    """Whether an error in one entry is seen; of a missed one its size."""
    rng = np.random.default_rng([seed, ENTRIES])
    at = int(rng.integers(ENTRIES))
    f, x = planted(kind, rng, ENTRIES, {at: 1 + error})
    report = check(f, x, seed=seed, locate=False, **VALUES)
    if report.verdict == "wrong":
        return "seen", ""
    slope = abs(f.backward(np.ones(ENTRIES), x))
    return report.verdict, f"{slope[at] / math.sqrt(float((slope**2).mean())):.1g}"


def false_alarms(given: argparse.Namespace) -> None:
    """Of the values alone; and, a hundredth as often, of everything that is looked at by default."""
    alarms("the values alone", given.checks, VALUES, given)
    alarms("everything", max(1, given.checks // 100), {}, given)


def alarms(what: str, checks: int, options: dict[str, bool], given: argparse.Namespace) -> None:
    tally = Tally(f"false alarms, {what}", given.seed, given.tally)
    tally.go_on(checks, partial(one_layer, options), given.until)
    print(
        f"\n## {tally.trials:,} checks of right layers of {len(NAMES)} kinds, float64 and float32: "
        f"{what} (seeds {given.seed} … {tally.next_seed - 1}, code {tally.code})"
    )
    print(dict(tally.counts))
    undecided = collections.Counter(n for n in tally.notes if not n.startswith("FALSE ALARM"))
    print("cannot tell:", ", ".join(f"{n} × {layer}" for layer, n in undecided.most_common(12)))
    print(*(note for note in tally.notes if note.startswith("FALSE ALARM")), sep="\n", flush=True)


def one_layer(options: dict[str, bool], seed: int) -> Outcome:
    """The verdict on one right layer."""
    layer = draw(np.random.default_rng(seed), most=64)
    report = check(layer.f, *layer.inputs, seed=seed, locate=False, **options)
    what = f"{layer.name}, {layer.dtype}, at {layer.scale:g}"
    if report.verdict == "wrong":
        print(f"FALSE ALARM: seed {seed}, {what}\n{report}", file=sys.stderr, flush=True)
        return "wrong", f"FALSE ALARM: seed {seed}, {what}"
    return report.verdict, what if report.verdict == "cannot-tell" else ""


PARTS = {
    "cost": cost,
    "location": location,
    "sensitivity": sensitivity,
    "false-alarms": false_alarms,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("parts", nargs="*", help=", ".join(PARTS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="a twentieth of the repetitions")
    parser.add_argument("--checks", type=int, default=100_000, help="of right layers")
    parser.add_argument("--trials", type=int, default=3_000, help="of one wrong entry, each way")
    parser.add_argument("--tally", type=Path, help="where counts are kept between runs")
    parser.add_argument("--minutes", type=float, default=math.inf, help="after which a run ends")
    given = parser.parse_args()
    share = 20 if given.quick else 1
    given.checks, given.trials = given.checks // share, given.trials // share
    given.runs = 2 if given.quick else 10
    given.until = time.monotonic() + 60 * given.minutes
    print(f"seed {given.seed}, NumPy {np.__version__}")
    for part in given.parts or PARTS:
        PARTS[part](given)


if __name__ == "__main__":
    main()
