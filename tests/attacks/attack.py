"""What an attack is, and the layers that may stop one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from handgrad.sandbox import Limits

if TYPE_CHECKING:
    from attacks.effects import Effect

NAMESPACES = ("user-namespace", "empty-root", "network", "processes", "ipc")
KERNEL_LAYERS = (*NAMESPACES, "privileges", "landlock", "resource-limits", "seccomp", "audit-hooks")
"""Walls of the child, each of which the arena can take away. Without a user namespace there is none
of the other namespaces either."""

QUICK = Limits(processor_seconds=1.0, wall_seconds=1.5, memory_bytes=256 << 20)


@dataclass(frozen=True)
class Attack:
    """An attack on the machine, from inside a child.

    Attributes:
        name: in the table and in test names.
        aim: what the attacker gets.
        source: the answer; it runs after the preamble (`attacks.preamble`), with ``$name`` filled in
            by the effect.
        effect: how success is seen from outside.
        layers: each of these alone stops it; with all of them away it succeeds.
        limits: what the judge allows the answer.
        also_away: layers that only get in the way of seeing it, taken away in every try but the full one.
        control: why there is no positive control, where there is none.
        namespaces_only: it can be tried only from inside namespaces (its rights are theirs).
    """

    name: str
    aim: str
    source: str
    effect: Effect
    layers: tuple[str, ...]
    limits: Limits = field(default=QUICK)
    also_away: tuple[str, ...] = ()
    control: str | None = None
    namespaces_only: bool = False

    def __post_init__(self) -> None:
        assert set(self.layers) | set(self.also_away) <= set(KERNEL_LAYERS), self.name

    def layers_at(self, level: int) -> tuple[str, ...]:
        """The layers that stand at an isolation level."""
        return tuple(layer for layer in self.layers if level == 3 or layer not in NAMESPACES)
