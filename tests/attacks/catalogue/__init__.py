"""Every attack on the machine, by goal."""

from __future__ import annotations

from attacks.attack import Attack
from attacks.catalogue import files, kernel, memory, network, processes

GROUPS: dict[str, tuple[Attack, ...]] = {
    "files": files.ATTACKS,
    "network": network.ATTACKS,
    "processes": processes.ATTACKS,
    "memory": memory.ATTACKS,
    "kernel": kernel.ATTACKS,
}
ATTACKS = tuple(attack for group in GROUPS.values() for attack in group)
