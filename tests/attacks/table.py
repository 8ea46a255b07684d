"""The table of attacks, from running them.

    python -m attacks.table run --level 3 [--user] > figures.json     # as root
    python -m attacks.table write figures.json … > docs/security/attacks.md   # level 3 first

`run` tries every attack on the machine at one level, and (at level 3) every attack on the verdict and
every hostile draft; it ends with 1 if any is not stopped or any control fails to be seen.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attacks.arena import Arena, Ground
from attacks.attack import Attack
from attacks.catalogue import GROUPS as ON_THE_MACHINE
from attacks.drafts import HOSTILE, MEANINGS, followed, layer_of
from attacks.naive import is_fooled
from attacks.trick import LAYERS, Trick
from attacks.tricks import CANARY
from attacks.tricks import GROUPS as ON_THE_VERDICT

from handgrad.course import load_course
from handgrad.judging import Answer, Judge
from handgrad.sandbox import Limits, Pool

DRAFTS = "live shapes"
HEAD = """# The attacks

Written by `python -m attacks.table` (in `tests/`), which ran every line: {runs}.

**Attacks on the machine** run in a child with Python's own hooks disarmed and raw system calls at hand. *Stopped* was seen with all layers in place. Each layer named was then seen to stop the attack **alone**, with all the others of its line taken away; and with all of them away the attack was seen **from outside** to succeed (the *control*).

**Attacks on the verdict** are handed in as answers. The control is a judge as one would first write it, without the layer, in a process that is thrown away: it was seen to be fooled, hung or brought down.

Layers that only level 3 has (`user-namespace`, `empty-root`, `network`, `processes`, `ipc`) are not there at level 2; the others of the line stop the attack there. A dash: at level 2 there are no rights inside a namespace that the attack could use.
"""

ON_LIVE_SHAPES = """
## On live shapes

Drafts are run at each pause in typing, with the isolation of answers, so that the results of all attacks on the machine hold for them as well. These attack the tracer, its frames and its time limits. *Stopped*: the picture came within its limits, every text of it is printable, and the draft after it got its own picture whole. No layer was taken away here (no control); that forged frames reach the reader, and that a judge that shares the children gives the same verdicts, is in `tests/attacks/test_drafts.py`.
"""


def run_machine(level: int, ground: Ground | None) -> Iterator[dict[str, Any]]:
    with Arena(level, ground) as arena:
        for group, attacks in ON_THE_MACHINE.items():
            for attack in attacks:
                if level == 3 or not attack.namespaces_only:
                    yield {"group": group} | of_attack(arena, attack)


def of_attack(arena: Arena, attack: Attack) -> dict[str, Any]:
    layers = attack.layers_at(arena.level)
    away = {*layers, *attack.also_away}
    stopped = not arena.succeeds(attack)
    alone = [layer for layer in layers if not arena.succeeds(attack, away - {layer})]
    control = arena.succeeds(attack, away, is_control=True) if attack.control is None else None
    return {
        "name": attack.name, "aim": attack.aim, "layers": layers, "alone": alone,
        "stopped": stopped, "control": control,
    }  # fmt: skip


def run_verdicts() -> Iterator[dict[str, Any]]:
    os.environ["CANARY"] = CANARY
    level = load_course().level("fully-connected")
    limits = Limits(processor_seconds=0.4, wall_seconds=0.8)
    with Judge(limits=limits, pool=Pool(ahead=1)) as judge:
        for group, tricks in ON_THE_VERDICT.items():
            for trick in tricks:
                yield {"group": group} | of_trick(judge, level, trick)


def of_trick(judge: Judge, level: Any, trick: Trick) -> dict[str, Any]:
    for part in trick.source.split("# ---- second answer\n"):
        [verdict] = judge.judge(level, Answer("attack.py", part.encode()))
    layers = [layer for layer in (trick.layer, trick.second) if layer]
    return {
        "name": trick.name, "aim": trick.aim, "layers": layers, "alone": [trick.layer],
        "stopped": trick.is_stopped(verdict) and CANARY not in verdict.printed,
        "control": is_fooled(trick.naive, trick.for_the_naive, CANARY),
    }  # fmt: skip


def run_drafts() -> Iterator[dict[str, Any]]:
    level = load_course().level("fully-connected")
    with Pool() as pool:
        for name, source in HOSTILE.items():
            seen, wrong = followed(level, source, pool)
            yield {
                "group": DRAFTS, "name": name, "layers": [layer_of(name)], "alone": [],
                "stopped": not wrong, "control": None, "aim": "",
                "seen": "all of its lines" if seen.stopped is None else seen.stopped.message.en,
            }  # fmt: skip


def run(level: int, as_user: bool) -> int:
    ground = Ground.find() if as_user else None
    with Pool(expected=0) as pool:
        has = pool.isolation.level
    if has < level or (as_user and ground is None) or os.geteuid() != 0:
        print(f"needs root, level {level} (here: {has}), and HANDGRAD_USER_PYTHON", file=sys.stderr)
        return 2
    told = list(run_machine(level, ground))
    if level == 3 and not as_user:
        told += [*run_verdicts(), *run_drafts()]
    user = "an ordinary user" if as_user else "root"
    print(json.dumps({"run": f"level {level} as {user}", "attacks": told}))
    bad = [one["name"] for one in told if is_bad(one)]
    if bad:
        print(f"NOT AS IT SHOULD BE: {', '.join(bad)}", file=sys.stderr)
    return 1 if bad else 0


def is_bad(one: dict[str, Any]) -> bool:
    is_weak = one["group"] in ON_THE_MACHINE and set(one["alone"]) != set(one["layers"])
    return not one["stopped"] or one["control"] is False or is_weak


MARKS = {True: "control seen", False: "**CONTROL NOT SEEN**", None: "no control"}


def write(files: list[str]) -> None:
    runs = [json.loads(Path(file).read_text(encoding="utf-8")) for file in files]
    print(HEAD.format(runs="; ".join(map(_counted, runs))))
    names: dict[str, dict[str, Any]] = {}
    for attack in (attack for one in runs for attack in one["attacks"]):
        names.setdefault(attack["name"], attack)
    by_run = [{attack["name"]: attack for attack in one["attacks"]} for one in runs]
    for title, groups in (("On the machine", ON_THE_MACHINE), ("On the verdict", ON_THE_VERDICT)):
        print(f"\n## {title}")
        for group in groups:
            print(f"\n### {group.capitalize()}\n")
            columns = [one["run"] for one in runs]
            if groups is ON_THE_VERDICT:
                columns = [c for c, b in zip(columns, by_run, strict=True) if _has(b, group)]
            print(
                "| attack | what it is after | stopped by | also by | " + " | ".join(columns) + " |"
            )
            print("| --- " * (4 + len(columns)) + "|")
            for name, attack in names.items():
                if attack["group"] == group:
                    print(_line(name, attack, [b for b in by_run if _has(b, group)]))
    print("\n## The layers of the verdict\n")
    for name, meaning in LAYERS.items():
        print(f"- `{name}`: {meaning}")
    write_drafts([attack for attack in names.values() if attack["group"] == DRAFTS])


def _counted(run: dict[str, Any]) -> str:
    drafts = sum(one["group"] == DRAFTS for one in run["attacks"])
    also = f" and {drafts} hostile drafts" if drafts else ""
    return f"{len(run['attacks']) - drafts} attacks{also} at {run['run']}"


def write_drafts(drafts: list[dict[str, Any]]) -> None:
    print(ON_LIVE_SHAPES)
    print("| draft | stopped by | what its author sees | |\n| --- | --- | --- | --- |")
    for one in drafts:
        cells = (_cell(one["name"]), f"`{one['layers'][0]}`", _cell(one["seen"][:120]))
        is_stopped = "stopped" if one["stopped"] else "**NOT STOPPED**"
        print(f"| {' | '.join(cells)} | {is_stopped} |")
    print()
    for name, meaning in MEANINGS.items():
        print(f"- `{name}`: {meaning}")


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _has(run: dict[str, Any], group: str) -> bool:
    return any(attack["group"] == group for attack in run.values())


def _line(name: str, attack: dict[str, Any], by_run: list[dict[str, Any]]) -> str:
    first, *others = attack["layers"]
    cells = []
    for run in by_run:
        seen = run.get(name)
        if seen is None:
            cells.append("–")
        else:
            stopped = "stopped" if seen["stopped"] else "**NOT STOPPED**"
            cells.append(f"{stopped}, {MARKS[seen['control']]}")
    aim = attack["aim"].replace("|", "\\|")
    also = ", ".join(f"`{layer}`" for layer in others) or "–"
    return f"| {name} | {aim} | `{first}` | {also} | " + " | ".join(cells) + " |"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    commands = options.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run")
    running.add_argument("--level", type=int, choices=(2, 3), default=3)
    running.add_argument("--user", action="store_true", help="the zygote is an ordinary user's")
    writing = commands.add_parser("write")
    writing.add_argument("files", nargs="+")
    chosen = options.parse_args()
    if chosen.command == "run":
        return run(chosen.level, chosen.user)
    write(chosen.files)
    return 0


if __name__ == "__main__":
    sys.exit(main())
