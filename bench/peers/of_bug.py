"""A rebuilt bug as a task for every peer: those written for the place it was built in get it as it is."""

from __future__ import annotations

from typing import Any

from bugs.bug import Array, Bug, Pair
from bugs.functions import functions

from peers.task import Task


def task_of(bug: Bug, subject: Any, inputs: tuple[Array, ...], seed: int) -> Task:
    """`subject` as ``bug.wrong()`` or ``bug.right()`` makes it."""
    plain = functions(bug, subject, inputs)
    return Task(
        plain.forward,
        plain.backward,
        plain.inputs,
        native=None if bug.place == "numpy" else subject,
        place=bug.place,
        subject=None if isinstance(subject, Pair) else subject,
        own_inputs=inputs,
        reference=bug.right() if bug.needs_reference else None,
        backward_alone=plain.backward_alone,
        seed=seed,
    )
