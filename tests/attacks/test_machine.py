"""Every attack on the machine: stopped behind all layers, stopped by each of its layers alone, and
seen from outside to succeed when all of its layers are away."""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attacks.arena import Arena, Ground
from attacks.attack import Attack
from attacks.catalogue import ATTACKS
from attacks.drafts import HOSTILE
from attacks.tricks import TRICKS

from handgrad.sandbox import Pool
from handgrad.sandbox.zygote import IS_POSSIBLE

pytestmark = [
    pytest.mark.skipif(not IS_POSSIBLE, reason="there is no isolation here"),
    pytest.mark.skipif(platform.machine() != "x86_64", reason="the attacks speak x86-64"),
    pytest.mark.skipif(
        IS_POSSIBLE and os.geteuid() != 0,
        reason="only root sees what happens in a process that may not be looked into",
    ),
]


USERS = ("root", "user")
CASES = [
    pytest.param(user, level, attack, id=f"{user}-{level}-{attack.name}")
    for user in USERS
    for level in (3, 2)
    for attack in ATTACKS
    # at level 2 there are no rights inside namespaces that could be taken away
    if level == 3 or not attack.namespaces_only
]


@pytest.fixture(scope="module")
def arenas() -> Iterator[Callable[[str, int], Arena]]:
    with contextlib.ExitStack() as stack:
        made: dict[tuple[str, int], Arena] = {}
        grounds: list[Ground] = []

        def ground() -> Ground:
            if not grounds:
                found = Ground.find()
                if found is None:
                    pytest.skip("no Python with NumPy that an ordinary user can run")
                stack.callback(found.clear)
                grounds.append(found)
            return grounds[0]

        def arena(user: str, level: int) -> Arena:
            if (user, level) not in made:
                with Pool(expected=0) as pool:
                    if pool.isolation.level < level:
                        pytest.skip(f"this machine has not level {level}")
                for other in made.values():  # their zygotes are not needed any more
                    other.close()
                one = Arena(level, ground() if user == "user" else None)
                made[user, level] = stack.enter_context(one)
            return made[user, level]

        yield arena


@pytest.mark.parametrize(("user", "level", "attack"), CASES)
def test_attack(arenas: Callable[[str, int], Arena], user: str, level: int, attack: Attack):
    arena = arenas(user, level)
    layers = attack.layers_at(level)
    away = {*layers, *attack.also_away}
    assert not arena.succeeds(attack), f"NOT STOPPED: {arena.last.printed}"
    for layer in layers:
        assert not arena.succeeds(attack, away - {layer}), f"{layer} alone does not stop it"
    if attack.control is None:
        is_seen = arena.succeeds(attack, away, is_control=True)
        report = f"{arena.last.status} {arena.last.printed[-600:]}"
        assert is_seen, f"no positive control: {report}"


def test_names_of_attacks_are_distinct():
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


def test_the_published_table_has_every_attack():
    table = Path(__file__).parents[2] / "docs" / "security" / "attacks.md"
    rows = {
        line.split("|")[1].strip() for line in table.read_text("utf-8").splitlines() if "|" in line
    }
    assert {attack.name for attack in ATTACKS} | {trick.name for trick in TRICKS} | {
        *HOSTILE
    } <= rows
