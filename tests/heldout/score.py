"""What is said of the held-out answers: ``python -m heldout.score [AUTHOR...]`` (in ``tests``).

`labels.json` says, for every array whose mistake the catalogue held when the answers were frozen,
which one it is; it was written from the authors' notes before the first run. What is not in it is a
mistake that the catalogue does not hold: there any name is a false accusation.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from handgrad.course import load_course
from handgrad.judging import Answer, Judge

HERE = Path(__file__).parent
DISPUTED = {
    "bo/060": "keeps dW and db as lists; the level asks for arrays, as every optimizer does"
}
"""Answers that their author took for right and the level's own statement does not."""
FACTS = ("wrong-shape", "not-finite", "integer-result", "not-an-array", "low-precision")
"""Names that only state what anybody can see of the array: no accusation of any formula."""


@dataclass
class Outcome:
    """One held-out answer, and its verdict."""

    name: str
    note: dict[str, Any]
    label: dict[str, list[str]]
    verdict: dict[str, Any] = field(repr=False)

    @property
    def is_wrong(self) -> bool:
        return not self.note["right"]

    @cached_property
    def named(self) -> dict[str, list[str]]:
        """What was named, array by array."""
        found: dict[str, list[str]] = {}
        for mistake in self.verdict["mistakes"]:
            found.setdefault(mistake["array"] or "", []).append(mistake["mistake"])
        return found

    @property
    def is_known(self) -> bool:
        return bool(self.label)

    @property
    def is_named_rightly(self) -> bool:
        """Every array of the label has just the names of the label; a side effect may be told of no array."""
        said = [name for names in self.named.values() for name in names]
        return all(
            sorted(self.named.get(array, [])) == sorted(names)
            or (array not in self.named and set(names) <= set(said))
            for array, names in self.label.items()
        )

    @property
    def false_accusations(self) -> list[str]:
        """Names that the label does not have, but for plain facts and what also was labelled."""
        labelled = {name for names in self.label.values() for name in names}
        return [
            f"{array}: {name}"
            for array, names in self.named.items()
            for name in names
            if name not in FACTS and name not in labelled
        ]

    @property
    def is_computed(self) -> bool:
        return bool(self.verdict["computed"])

    @property
    def entries_of_x(self) -> int | None:
        one = self.verdict["counterexample"]
        return None if one is None else int(np.size(one["inputs"]["x"]))


def outcomes(authors: Iterable[str] = (), seed: int = 1) -> Iterator[Outcome]:
    """Judge every held-out answer."""
    course = load_course()
    labels = json.loads((HERE / "labels.json").read_text(encoding="utf-8"))
    chosen = list(authors) or sorted(path.parent.name for path in HERE.glob("*/notes.json"))
    with Judge(seed=seed) as judge:
        for author in chosen:
            notes = json.loads((HERE / author / "notes.json").read_text(encoding="utf-8"))
            for note in notes:
                if f"{author}/{Path(note['file']).stem}" in DISPUTED:
                    continue
                path = HERE / author / note["file"]
                [verdict] = judge.judge(
                    course.level(note["level"]),
                    Answer(path.name, path.read_bytes()),
                    [note["class"]],
                )
                name = f"{author}/{path.stem}"
                yield Outcome(name, note, labels.get(name, {}), verdict.to_json())


def main(authors: list[str]) -> None:
    """Print the score, and every answer that was not named rightly."""
    seen = list(outcomes(authors))
    wrong = [one for one in seen if one.is_wrong]
    known = [one for one in wrong if one.is_known]
    right = [one for one in seen if not one.is_wrong]
    unknown = [one for one in wrong if not one.is_known]
    for one in known:
        if not one.is_named_rightly:
            print(f"NOT NAMED {one.name} {one.label} -> {one.named or one.verdict['verdict']}")
    for one in wrong:
        if one.false_accusations:
            print(f"FALSE     {one.name} {one.false_accusations} {one.note['what']}")
    for one in unknown:
        print(
            f"unknown   {one.name} {one.verdict['verdict']} {one.verdict['computed']} {one.note['formula']}"
        )
    for one in wrong:
        if one.verdict["verdict"] not in ("wrong", "error"):
            print(f"PASSED    {one.name} {one.verdict['verdict']} {one.note['what']}")
        elif one.entries_of_x is None:
            print(f"NO COUNTEREXAMPLE {one.name} {one.verdict['verdict']}")
    for one in right:
        if one.verdict["verdict"] != "pass" or one.named:
            print(f"RIGHT, AND {one.verdict['verdict']} {one.name} {one.verdict['message']['en']}")
    sizes = [one.entries_of_x for one in wrong if one.entries_of_x is not None]
    named = sum(one.is_named_rightly for one in known)
    accused = sum(bool(one.false_accusations) for one in wrong)
    print(
        f"{len(wrong)} wrong: {len(known)} known, {named} named rightly; {accused} accused falsely;"
    )
    print(f"{len(unknown)} unknown, {sum(one.is_computed for one in unknown)} of them computed;")
    print(f"{len(sizes)} counterexamples, median of entries in x {median(sizes or [0])};")
    print(f"{len(right)} right, {sum(one.verdict['verdict'] == 'pass' for one in right)} passed")


if __name__ == "__main__":
    main(sys.argv[1:])
