"""What `handgrad.check` costs, sees and gets wrong: ``python bench/gradient_check.py [part …]``.

Parts: ``cost``, ``location``, ``sensitivity``, ``false-alarms`` (all by default; ``--quick`` takes a
twentieth of the repetitions). Every number comes from a seed that is printed.
"""

from __future__ import annotations

import argparse
import collections
import math
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from support.planted import planted
from support.right_layers import NAMES, BatchNorm, TwoLayers, draw

from handgrad import FullyConnected, Relu, check

KINDS = {"affine": 1e-9, "complex": 1e-9, "real": 1e-6}
"""How a function can be measured, and the relative error of one entry that is to be seen."""
ENTRIES = 65_536
VALUES = {"state": False, "layouts": False, "sizes": False}
"""Options of a check that looks at the values alone."""


def cost(seed: int, quick: bool, _: int) -> None:
    print("\n## Cost of a verdict, by entries of the largest array")
    print("| layer | entries | forwards an array | backwards an array | ms | verdict |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    rng = np.random.default_rng(seed)
    for exponent in range(2, 6 if quick else 7):
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


def location(seed: int, quick: bool, _: int) -> None:
    print(f"\n## Wrong entries of {ENTRIES:,} found, against 4·s·log₂(2n/s) forwards")
    print("| measured by | s | found | wrongly accused | forwards (worst) | allowed |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    rng = np.random.default_rng(seed)
    for kind in KINDS:
        for wrong in (1, 2, 4, 8, 16, 32):
            found = accused = worst = 0
            runs = 2 if quick else 10
            for _ in range(runs):
                places = {int(k) for k in rng.choice(ENTRIES, wrong, replace=False)}
                f, x = planted(kind, rng, ENTRIES, dict.fromkeys(places, 1.5))
                report = check(f, x, seed=int(rng.integers(2**31)), state=False)
                seen = {entry.index[0] for entry in report.arrays[0].wrong_entries}
                found += len(seen & places)
                accused += len(seen - places)
                worst = max(worst, report.locating_forwards)
            allowed = 4 * wrong * math.log2(2 * ENTRIES / wrong)
            print(
                f"| {kind} | {wrong} | {found} of {runs * wrong} | {accused} | {worst} | {allowed:.0f} |"
            )


def sensitivity(seed: int, quick: bool, _: int) -> None:
    print(f"\n## One wrong entry of {ENTRIES:,}: how often it is seen")
    print("The error is relative to the entry itself, however small that one is.")
    print(
        "| measured by | relative error | seen | of | missed entries, in units of the rms entry |"
    )
    print("| --- | ---: | ---: | ---: | --- |")
    rng = np.random.default_rng(seed)
    for kind, error in KINDS.items():
        repeats, seen, missed = (150 if quick else 3000), 0, []
        for _ in range(repeats):
            at = int(rng.integers(ENTRIES))
            f, x = planted(kind, rng, ENTRIES, {at: 1 + error})
            report = check(f, x, seed=int(rng.integers(2**31)), state=False, locate=False)
            if report.verdict == "wrong":
                seen += 1
            else:
                slope = abs(f.backward(np.ones(ENTRIES), x))
                missed.append(slope[at] / math.sqrt(float((slope**2).mean())))
        print(
            f"| {kind} | {error:g} | {100 * seen / repeats:.2f} % | {repeats} "
            f"| {', '.join(f'{m:.1g}' for m in sorted(missed))} |"
        )


def false_alarms(seed: int, quick: bool, checks: int) -> None:
    """Of the values alone; and, a hundredth as often, of everything that is looked at by default."""
    checks = 5_000 if quick else checks
    alarms(seed, checks, "the values alone", VALUES)
    alarms(seed, max(1, checks // 100), "everything", {})


def alarms(seed: int, checks: int, what: str, options: dict[str, bool]) -> None:
    print(
        f"\n## {checks:,} checks of right layers of {len(NAMES)} kinds, float64 and float32: {what}"
    )
    verdicts: collections.Counter[str] = collections.Counter()
    undecided: collections.Counter[tuple[str, float]] = collections.Counter()
    for number in range(seed, seed + checks):
        layer = draw(np.random.default_rng(number), most=64)
        report = check(layer.f, *layer.inputs, seed=number, locate=False, **options)
        verdicts[report.verdict] += 1
        if (number - seed) % 5_000 == 4_999:
            print(number - seed + 1, dict(verdicts), file=sys.stderr, flush=True)
        if report.verdict == "cannot-tell":
            undecided[(layer.name, layer.scale)] += 1
        if report.verdict == "wrong":
            print(f"FALSE ALARM: seed {number}, {layer.name}, {layer.dtype}, {layer.scale:g}")
            print(report, flush=True)
    print(dict(verdicts))
    print(
        "cannot tell:", ", ".join(f"{n} × {k} at {s:g}" for (k, s), n in undecided.most_common(12))
    )


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
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--checks", type=int, default=100_000, help="of right layers")
    given = parser.parse_args()
    print(f"seed {given.seed}, NumPy {np.__version__}")
    for part in given.parts or PARTS:
        PARTS[part](given.seed, given.quick, given.checks)


if __name__ == "__main__":
    main()
