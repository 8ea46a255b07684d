"""What naming, searching and shrinking add to a verdict: ``python bench/diagnosis.py [--rounds N]``.

Every held-out answer is judged, and once more by a judge that compares and does nothing else, in
turn. What is added is the difference of the two; a first round warms the judge up, as a server's is.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import numpy as np

from handgrad.course import load_course
from handgrad.diagnosis import diagnose
from handgrad.diagnosis.diagnose import Diagnosis
from handgrad.judging import Answer, Judge
from handgrad.judging.class_verdict import ClassJudging
from handgrad.judging.verdict_details import NO_DETAILS

PAUSE = 0.01
"""Seconds in which the next child gets ready, as between two learners."""
HELD_OUT = Path(__file__).parent.parent / "tests" / "heldout"


def milliseconds(judge: Judge, level: object, answer: Answer, names: list[str]) -> float:
    started = time.perf_counter()
    judge.judge(level, answer, names)  # type: ignore[arg-type]
    return (time.perf_counter() - started) * 1e3


@contextlib.contextmanager
def only_comparing() -> Iterator[None]:
    """The judge as it would be if it only compared."""
    with (
        mock.patch.object(diagnose, "match_mistakes", return_value=[]),
        mock.patch.object(diagnose, "_computed", return_value={}),
        mock.patch.object(ClassJudging, "_started_small_cases", return_value=None),
        mock.patch.object(ClassJudging, "_details", return_value=NO_DETAILS),
        mock.patch.object(
            ClassJudging,
            "_with_style_warnings",
            lambda *given: next(g for g in given if isinstance(g, Diagnosis)),
        ),
    ):
        yield


@dataclass
class Added:
    """What diagnosis adds to the verdict of one answer, in milliseconds."""

    name: str
    is_right: bool
    has_loops: bool
    full: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.full) - statistics.median(self.bare)


def has_loops(source: bytes) -> bool:
    """Whether the code loops: only then a pass is run again, on a large case, to see if it is slow."""
    loops = (ast.For, ast.While, ast.comprehension)
    return any(isinstance(node, loops) for node in ast.walk(ast.parse(source)))


def measured(rounds: int) -> list[Added]:
    """Every held-out answer with and without diagnosis, in turn."""
    course = load_course()
    rows: list[Added] = []
    with Judge(seed=1) as judge:
        for notes in sorted(HELD_OUT.glob("*/notes.json")):
            for note in json.loads(notes.read_text(encoding="utf-8")):
                path = notes.parent / note["file"]
                level, names = course.level(note["level"]), [note["class"]]
                answer = Answer(path.name, path.read_bytes())
                loops = has_loops(path.read_bytes())
                row = Added(f"{path.parent.name}/{path.name}", note["right"], loops)
                milliseconds(judge, level, answer, names)
                for _ in range(rounds):
                    time.sleep(PAUSE)
                    row.full.append(milliseconds(judge, level, answer, names))
                    time.sleep(PAUSE)
                    with only_comparing():
                        row.bare.append(milliseconds(judge, level, answer, names))
                rows.append(row)
    return rows


def report(rounds: int) -> None:
    """Measure, and print the figures beside their targets."""
    rows = measured(rounds)
    wrong, right = ([r for r in rows if r.is_right is which] for which in (False, True))
    loops, arrays = ([r for r in right if r.has_loops is which] for which in (True, False))
    diagnosis_text("wrong verdicts", wrong, "targets: median 5, worst 50")
    diagnosis_text("passes", right, "target: 0.2")
    diagnosis_text("passes without a loop", arrays)
    diagnosis_text("passes with loops, run again on a large case", loops)


def diagnosis_text(what: str, rows: list[Added], targets: str = "") -> None:
    """A line of figures, and the five slowest."""
    some = sorted(rows, key=lambda r: -r.median)
    times = [row.median for row in some]
    print(
        f"added to {len(times)} {what}: median {statistics.median(times):.2f} ms, "
        f"90 % {np.percentile(times, 90):.1f} ms, worst {max(times):.1f} ms {targets}"
    )
    for row in some[:5]:
        print(f"  {row.median:6.1f} ms  {row.name}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    report(parser.parse_args().rounds)


if __name__ == "__main__":
    main()
