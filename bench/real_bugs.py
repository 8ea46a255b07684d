"""Which checker finds which real bug: ``python bench/real_bugs.py [--seeds N] [--write]``.

Every bug of ``tests/bugs`` is given to every checker, several times, each time with new inputs;
first drawn as the author of a test would draw them, then as in the thread that reported it. The
right twin goes through the same, and a checker that calls it wrong has found nothing. ``--write``
puts the table into ``docs/bench/real-bugs.md`` and ``.zh.md``.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from functools import partial
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import numpy as np
from bugs.bug import Bug, Draw
from bugs.catalogue import bugs
from peers.cells import Cells
from peers.everybody import peers
from peers.handgrad_check import HandgradCheck
from peers.of_bug import task_of
from peers.task import Peer, Said, run

from handgrad.languages import LANGUAGES, Language, Text

PAGES = {"en": "real-bugs.md", "zh": "real-bugs.zh.md"}
MARKS = {
    "found": Text(zh="✓", en="✓"),
    "sometimes": Text(zh="✓ 有时", en="✓ at times"),
    "at the point": Text(zh="(✓)", en="(✓)"),
    "missed": Text(zh="—", en="—"),
    "false alarm": Text(zh="✗ 误报", en="✗ false alarm"),
}
KINDS = {
    "formula": Text(zh="公式", en="formula"),
    "shape": Text(zh="形状", en="shape"),
    "special-point": Text(zh="特殊点", en="special point"),
    "layout": Text(zh="内存布局", en="layout"),
    "memory": Text(zh="内存内容", en="memory"),
    "side-effect": Text(zh="副作用", en="side effect"),
    "state": Text(zh="状态", en="state"),
    "race": Text(zh="竞争", en="race"),
    "precision": Text(zh="精度", en="precision"),
}


def checkers() -> list[Peer]:
    """Every peer, and ours once more with the option that looks at special points."""
    ours, *others = peers()
    return [ours, HandgradCheck("handgrad.check, corners=True", corners=True), *others]


def said(peer: Peer, bug: Bug, draw: Draw, *, right: bool, seed: int) -> Said:
    inputs = draw(np.random.default_rng([seed, 7]))
    subject = bug.right() if right else bug.wrong()
    return run(peer, task_of(bug, subject, inputs, seed)).said


def verdict(peer: Peer, bug: Bug, seeds: int) -> str:
    """A key of MARKS. A bug counts as found only where its right twin is never called wrong."""
    if isinstance(peer, HandgradCheck) and bug.place == "jax":
        seeds = min(seeds, 2)  # seconds each: every other size is compiled anew
    draws = [draw for draw in (bug.ordinary, bug.at) if draw is not None]
    for draw in draws:
        if any(said(peer, bug, draw, right=True, seed=seed) == "wrong" for seed in range(seeds)):
            return "false alarm"
    for draw, mark in zip(draws, ("found", "at the point"), strict=False):
        hits = sum(
            said(peer, bug, draw, right=False, seed=seed) == "wrong" for seed in range(seeds)
        )
        if hits == seeds:
            return mark
        if hits:
            return "sometimes"
    return "missed"


def row(name: str, bug: Bug, verdicts: list[str], language: Language) -> str:
    thread = re.sub(r"https://github.com/([^/]+/[^/]+)/(issues|pull)/(\d+)", r"\1#\3", bug.thread)
    cells = [
        f"`{name}`",
        f"[{thread}]({bug.thread})",
        bug.what[language],
        KINDS[bug.kind][language],
        bug.place,
        *(MARKS[v][language] for v in verdicts),
    ]
    return "| " + " | ".join(cells) + " |"


def page(results: dict[str, list[str]], language: Language) -> str:
    """The table, and how many each checker found."""
    names = [peer.name for peer in checkers()]
    heads = Text(
        zh="名字 | 讨论 | 错在哪里 | 藏在 | 重建于",
        en="name | thread | what it did | hides in | built in",
    )
    head = [*heads[language].split(" | "), *names]
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join(["---"] * len(head)) + " |"]
    lines += [row(name, bugs()[name], verdicts, language) for name, verdicts in results.items()]
    found = ["found", "at the point"]
    sums = {
        key: [sum(v[i] == key for v in results.values()) for i in range(len(names))]
        for key in found
    }
    label = Text(zh=f"**{len(results)} 个中找到**", en=f"**found, of {len(results)}**")
    totals = [f"**{a} + {b}**" for a, b in zip(sums["found"], sums["at the point"], strict=True)]
    lines.append("| " + " | ".join([label[language], "", "", "", "", *totals]) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--cells", type=Path, help="keeps verdicts between runs")
    parser.add_argument("--again", nargs="*", default=[], help="checkers whose verdicts are stale")
    parser.add_argument("--only", help="one bug, and every checker's words")
    parser.add_argument("--write", action="store_true", help="put the table into the pages")
    arguments = parser.parse_args()
    if arguments.only:
        bug = bugs()[arguments.only]
        for draw in filter(None, (bug.ordinary, bug.at)):
            for peer in checkers():
                inputs = draw(np.random.default_rng(1))
                outcome = run(peer, task_of(bug, bug.wrong(), inputs, 1))
                print(f"--- {peer.name}: {outcome.said}\n{outcome.text}")
        return
    cells = Cells(arguments.cells, arguments.again)
    results = {
        name: [
            cells.get(f"bug|{peer.name}|{name}", partial(verdict, peer, bug, arguments.seeds))
            for peer in checkers()
        ]
        for name, bug in bugs().items()
    }
    print(page(results, "en"))
    for language in LANGUAGES if arguments.write else ():
        write(ROOT / "docs" / "bench" / PAGES[language], page(results, language))


def write(path: Path, table: str) -> None:
    """Puts the table between the page's markers."""
    head, begin, rest = path.read_text(encoding="utf-8").partition("<!-- table -->")
    _, end, tail = rest.partition("<!-- end of table -->")
    path.write_text(f"{head}{begin}\n{table}\n{end}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
