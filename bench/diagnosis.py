"""What naming, searching and shrinking add to a verdict: ``python bench/diagnosis.py [--rounds N]``.

Every held-out wrong answer is judged in turn with the level's own solution, and once more by a judge
that compares and names nothing. What is added is the difference of the two; a first round warms the
judge up, as a server's is.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import numpy as np

from handgrad.checking import examine
from handgrad.course import load_course
from handgrad.judging import Answer, Judge
from handgrad.judging.closer_look import NOTHING
from handgrad.judging.judge import _OneAnswer

HELD_OUT = Path(__file__).parent.parent / "tests" / "heldout"


def milliseconds(judge: Judge, level: object, answer: Answer, names: list[str]) -> float:
    started = time.perf_counter()
    judge.judge(level, answer, names)  # type: ignore[arg-type]
    return (time.perf_counter() - started) * 1e3


@contextlib.contextmanager
def only_comparing() -> Iterator[None]:
    """The judge as it would be if it only compared."""
    with (
        mock.patch.object(examine, "diagnose", return_value=[]),
        mock.patch.object(examine, "_computed", return_value={}),
        mock.patch.object(_OneAnswer, "_closer_look", return_value=NOTHING),
    ):
        yield


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    course = load_course()
    added: list[tuple[float, str]] = []
    with Judge(seed=1) as judge:
        for notes in sorted(HELD_OUT.glob("*/notes.json")):
            for note in json.loads(notes.read_text(encoding="utf-8")):
                if note["right"]:
                    continue
                path = notes.parent / note["file"]
                level, names = course.level(note["level"]), [note["class"]]
                answer = Answer(path.name, path.read_bytes())
                milliseconds(judge, level, answer, names)
                full, bare = [], []
                for _ in range(rounds):
                    time.sleep(0.01)  # the next child is ready, as between two learners
                    full.append(milliseconds(judge, level, answer, names))
                    time.sleep(0.01)
                    with only_comparing():
                        bare.append(milliseconds(judge, level, answer, names))
                name = f"{path.parent.name}/{path.name}"
                added.append((statistics.median(full) - statistics.median(bare), name))
    times = [time for time, _ in added]
    print(
        f"added to {len(times)} wrong verdicts: median {statistics.median(times):.1f} ms (target 5),"
    )
    print(f"90 % {np.percentile(times, 90):.1f} ms, worst {max(times):.1f} ms (target 50)")
    for one, name in sorted(added, reverse=True)[:8]:
        print(f"  {one:6.1f} ms  {name}")


if __name__ == "__main__":
    main()
