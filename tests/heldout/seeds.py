"""Right answers in odd styles over many seeds: ``python -m heldout.seeds [--seeds N] [--first N]`` (in ``tests``).

None may be judged wrong, none accused. Prints what was, and ends with 1 if anything was.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from heldout.score import DISPUTED

from handgrad.course import Level, load_course
from handgrad.judging import Answer, Judge

HERE = Path(__file__).parent


def right_answers() -> Iterator[tuple[str, Level, str, Answer]]:
    """Name, level, class and answer of each held-out right answer."""
    course = load_course()
    for notes in sorted(HERE.glob("*/notes.json")):
        for note in json.loads(notes.read_text(encoding="utf-8")):
            path = notes.parent / note["file"]
            name = f"{path.parent.name}/{path.stem}"
            if note["right"] and name not in DISPUTED:
                answer = Answer(path.name, path.read_bytes())
                yield name, course.level(note["level"]), note["class"], answer


def faults(seeds: Iterator[int] | range) -> Iterator[str]:
    """Every verdict on a right answer that is not a plain pass."""
    answers = list(right_answers())
    with Judge() as judge:
        for seed in seeds:
            judge.seed = seed  # one zygote for all seeds
            judge._prepared.clear()
            for name, level, class_name, answer in answers:
                [verdict] = judge.judge(level, answer, [class_name])
                if verdict.verdict != "pass" or verdict.mistakes:
                    yield f"seed {seed}: {name}: {verdict.verdict}: {verdict.message.en}"
            if seed % 50 == 49:
                print(f"… seed {seed}", flush=True)


def main() -> int:
    """Judge them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    chosen = parser.parse_args()
    found = list(faults(range(chosen.first, chosen.first + chosen.seeds)))
    print("\n".join(found))
    count = len(list(right_answers()))
    print(f"{count} right answers, {chosen.seeds} seeds, {len(found)} not passed or accused")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
