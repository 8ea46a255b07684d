"""Every attack on the machine: stopped behind all layers, stopped by each of its layers alone, and
seen from outside to succeed when all of its layers are away."""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import Callable, Iterator

import pytest
from attacks.arena import Arena
from attacks.attack import Attack
from attacks.catalogue import ATTACKS

from handgrad.sandbox import Pool
from handgrad.sandbox.zygote import IS_POSSIBLE

pytestmark = [
    pytest.mark.skipif(not IS_POSSIBLE, reason="there are no walls here"),
    pytest.mark.skipif(platform.machine() != "x86_64", reason="the attacks speak x86-64"),
]


CASES = [
    pytest.param(level, attack, id=f"{level}-{attack.name}")
    for level in (3, 2)
    for attack in ATTACKS
    # at level 2 there are no rights inside namespaces that could be taken away
    if level == 3 or not attack.namespaces_only
]


@pytest.fixture(scope="module")
def arenas() -> Iterator[Callable[[int], Arena]]:
    with contextlib.ExitStack() as stack:
        made: dict[int, Arena] = {}

        def arena(level: int) -> Arena:
            if level not in made:
                with Pool(expected=0) as pool:
                    if pool.isolation.level < level:
                        pytest.skip(f"this machine has not level {level}")
                made[level] = stack.enter_context(Arena(level))
            return made[level]

        yield arena


@pytest.mark.parametrize(("level", "attack"), CASES)
def test_attack(arenas: Callable[[int], Arena], level: int, attack: Attack):
    arena = arenas(level)
    layers = attack.layers_at(level)
    away = {*layers, *attack.also_away}
    assert not arena.succeeds(attack), f"NOT STOPPED: {arena.last.printed}"
    for layer in layers:
        assert not arena.succeeds(attack, away - {layer}), f"{layer} alone does not stop it"
    if attack.control is None and (os.geteuid() == 0 or not attack.root_only):
        assert arena.succeeds(attack, away), f"no positive control: {arena.last.printed[-600:]}"


def test_every_attack_is_told_apart():
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
